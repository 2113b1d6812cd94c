"""Parts of the year book that tell of 组织生活会, 民主评议党员 and the annual evaluation.

The committee reads the round, those who read grades its summary, everybody else the numbers; what the branch
was told after the evaluation is read by whoever may see a published result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from apps.documents import facts_round, policies
from apps.documents.facts_evaluation import letter_blocks, rectification_blocks
from apps.documents.facts_member_evaluation import report_blocks as grades_told
from apps.documents.facts_member_evaluation import summary_blocks
from apps.documents.queries import NothingThere, NotShown, Wanted
from apps.documents.queries_evaluations import result_in
from apps.documents.queries_rounds import OfRound, round_in
from apps.evaluations.queries_result import outcome_of
from apps.rules.kinds_evaluations import EvaluationState
from apps.ui.docx import Block, Text
from apps.ui.docx_book import Chapter

Blocks = Callable[[OfRound], Iterable[Block]]
#: The papers of a round in the order of its steps.
PAPERS: tuple[tuple[str, Blocks], ...] = (
    ("征求意见汇总表", facts_round.opinions_blocks),
    ("会前谈心谈话情况", facts_round.talks_blocks),
    ("支部班子问题清单", facts_round.problems_blocks),
    ("上年度整改落实情况通报", facts_round.last_year_blocks),
    ("组织生活会整改清单", facts_round.rectified_blocks),
    ("组织生活会情况报告", facts_round.report_blocks),
)


def _round_of(wanted: Wanted) -> OfRound:
    if not policies.can_read_rounds(wanted.reader, wanted.branch):
        raise NotShown
    row = round_in(wanted.branch, year=wanted.year, reader=wanted.reader)
    if row is None:
        raise NothingThere
    return OfRound(row=row, reader=wanted.reader, today=wanted.today)


def papers(wanted: Wanted) -> Iterator[Block]:
    of = _round_of(wanted)
    yield Text(f"{wanted.year}年度组织生活会，{of.row.get_state_display()}。", style="Flush")
    for label, make in PAPERS:
        try:
            found = list(make(of))
        except NothingThere:
            continue
        yield Chapter(label, level=2, new_page=False)
        yield from found


def evaluated(wanted: Wanted) -> Iterator[Block]:
    """The summary for whoever reads the members' grades, the numbers for the rest of the committee."""
    of = _round_of(wanted)
    if policies.can_take_grades(wanted.reader, wanted.branch):
        yield from summary_blocks(of)
    else:
        yield from grades_told(of)


def result(wanted: Wanted) -> Iterator[Block]:
    """What the branch was told after the evaluation of the year; nothing before it is published."""
    evaluation = result_in(wanted.branch, year=wanted.year, reader=wanted.reader)
    if evaluation is None or evaluation.state != EvaluationState.PUBLISHED:
        raise NothingThere
    found = outcome_of(evaluation, with_marks=False, today=wanted.today)
    yield from letter_blocks(evaluation, found=found)
    try:
        _, *table = rectification_blocks(evaluation, found=found)
    except NothingThere:
        return
    yield Chapter("考核反馈问题整改清单", level=2, new_page=False)
    yield from table
