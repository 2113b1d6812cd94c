"""The table of a branch's review: a reviewer's own, and the committee's with all reviewers side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from apps.documents.facts_evaluation import evaluation_paper, parts
from apps.documents.facts_papers import dotted
from apps.documents.queries import NONE, TO_FILL_IN, TO_SIGN, NothingThere, Paper
from apps.evaluations.models import VisitNote
from apps.evaluations.queries_review import FigureLine, Review, StandardLine
from apps.evaluations.queries_settle import SettleLine, Settlement
from apps.rules.periods import day_words
from apps.standards.figure_words import STATES, value_words
from apps.ui.docx import Block, Grid, Heading, Text, chinese, prose

OWN = ("标准", "记录和测评", "支部自评", "评定", "理由")
OWN_WIDTHS = (18, 32, 17, 11, 22)
SIDE_BY_SIDE = ("标准", "评审意见", "研究确定", "理由")
LABEL = "党支部考核评审表"


def seat_paper(review: Review, *, visits: Sequence[VisitNote]) -> Paper:
    """What one reviewer has there to judge by, and what he gave; empty cells are for a pen."""
    return evaluation_paper(review.seat.evaluation, label=LABEL, blocks=_seat(review, visits=visits))


def _seat(review: Review, *, visits: Sequence[VisitNote]) -> Iterator[Block]:
    seat = review.seat
    yield Text(seat.evaluation.branch.name, style="Subtitle")
    if seat.handed_in_on is None:
        yield Text("（还没有提交）", style="Flush")
    yield from parts(
        ("上年度反馈问题的整改", _last_year(review)),
        ("逐条评定", _standards(review)),
        ("实地了解", visit_blocks(visits)),
        ("总体意见", prose(seat.summary) if seat.summary else [Text(TO_FILL_IN, style="BodyText")]),
        ("建议等次", [Text(_suggested(review.grades, seat.suggested_grade), style="BodyText")]),
    )
    yield Text(f"评审人（签字）：{seat.reviewer.person.name}{TO_FILL_IN * 6}", style="Signature")
    yield Text(day_words(seat.handed_in_on) if seat.handed_in_on else TO_SIGN, style="Signature")


def _suggested(grades: Mapping[int, str], suggested: int | None) -> str:
    return TO_FILL_IN if suggested is None else grades[suggested]


def _last_year(review: Review) -> Iterator[Block]:
    if review.last_year.problems:
        rows = [
            (number, one.problem.text, one.problem.demand, one.badge[0])
            for number, one in enumerate(review.last_year.problems, start=1)
        ]
        yield Grid(rows, header=("序号", "问题", "整改要求", "情况"), widths=(8, 30, 40, 22))


def _standards(review: Review) -> Iterator[Block]:
    for number, (aspect, lines, _) in enumerate(review.aspects, start=1):
        yield Heading(f"（{chinese(number)}）{aspect.label}", level=2)
        yield Grid([_line(line) for line in lines], header=OWN, widths=OWN_WIDTHS)
    yield Text(f"记录情况截至{day_words(review.as_of)}。", style="Cell")


def _line(line: StandardLine) -> Sequence[str]:
    told = [figure_words(one) for one in line.figures]
    told += [f"{one.part.label}“{one.name}”：{one.words}" for one in line.appraised]
    own = "\n".join(word for word in (line.own.grade, line.own.reason) if word) if line.own else ""
    reason = line.mark.reason if line.mark else ""
    name = f"{line.row.code} {line.row.title}"
    return name, "\n".join(told) or "由人评议", own or "—", line.grade or TO_FILL_IN, reason or TO_FILL_IN


def figure_words(one: FigureLine) -> str:
    then = f"（自评时{one.then}）" if one.then else ""
    return f"{one.figure.title}：{value_words(one.figure)}{then}，{STATES[one.figure.state][0]}"


def visit_blocks(visits: Sequence[VisitNote]) -> Iterator[Block]:
    rows = [(dotted(one.visited_on), one.text, one.written_by.name) for one in visits]
    if rows:
        yield Grid(rows, header=("日期", "了解到的情况", "记录人"), widths=(18, 67, 15))


def review_paper(found: Settlement, *, visits: Sequence[VisitNote]) -> Paper:
    """For the committee that settles the marks; until all have handed in, it reads none."""
    if not found.complete:
        raise NothingThere("评审人还没有全部提交，提交以后才能并列看到评定。")
    return evaluation_paper(found.evaluation, label=LABEL, blocks=_review(found, visits=visits))


def _review(found: Settlement, *, visits: Sequence[VisitNote]) -> Iterator[Block]:
    yield Text(found.evaluation.branch.name, style="Subtitle")
    yield from parts(
        ("评审人总体意见", _reviewers(found)),
        ("逐条评定", _side_by_side(found)),
        ("实地了解", visit_blocks(visits)),
    )
    yield Text(found.evaluation.cycle.organization.name, style="Signature")
    yield Text(TO_SIGN, style="Signature")


def _reviewers(found: Settlement) -> Iterator[Block]:
    rows = [
        (
            seat.reviewer.person.name,
            _suggested(found.grades, seat.suggested_grade),
            seat.summary or NONE,
            dotted(seat.handed_in_on),
        )
        for seat in found.seats
    ]
    yield Grid(rows, header=("评审人", "建议等次", "总体意见", "提交日期"), widths=(6, 6, 18, 8))
    for seat in found.recused:
        yield Text(f"{seat.reviewer.person.name}已退出评审：{seat.recusal_reason}", style="Cell")


def _side_by_side(found: Settlement) -> Iterator[Block]:
    yield Grid([_settled(line) for line in found.lines], header=SIDE_BY_SIDE, widths=(11, 19, 7, 14))
    differing = len(found.differing)
    yield Text(f"共{len(found.lines)}条，评审人意见不同的{differing}条，由党组织研究确定。", style="Cell")


def _settled(line: SettleLine) -> Sequence[str]:
    given = "\n".join(f"{one.by}：{one.grade}{f'，{one.reason}' if one.reason else ''}" for one in line.given)
    final = line.final.reason if line.final else ""
    return f"{line.row.code} {line.row.title}", given, line.grade or TO_FILL_IN, final or "—"
