"""All branches of a cycle at once, for the committee's tables. A fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.ballots.models import Result
from apps.branches.models import Organization
from apps.evaluations.models import (
    BranchEvaluation,
    Cycle,
    CycleStandard,
    FinalMark,
    Objection,
    ResultProblem,
)
from apps.evaluations.policies import visible_evaluations
from apps.evaluations.policies_review import TOLD, visible_results
from apps.evaluations.queries_cycles import for_pages, grade_names, share_words, weight_shares
from apps.rules.kinds_evaluations import CycleState, EvaluationState
from apps.tasks.models import TaskState


@dataclass(frozen=True, kw_only=True)
class BranchLine:
    """One branch in the committee's table. `marks`: by standard, once the branch has been told."""

    evaluation: BranchEvaluation
    grade: str
    marks: Mapping[int, str]
    shares: str
    problems: Sequence[ResultProblem]

    @property
    def put_right(self) -> int:
        return sum(one.task is not None and one.task.state == TaskState.DONE for one in self.problems)


@dataclass(frozen=True, kw_only=True)
class CycleTable:
    cycle: Cycle
    standards: Sequence[CycleStandard]
    lines: Sequence[BranchLine]


def table_of(cycle: Cycle, evaluations: QuerySet[BranchEvaluation]) -> CycleTable:
    """Sorted by name. Five queries."""
    rows = list(for_pages(evaluations.filter(cycle=cycle)).order_by("branch__name", "pk"))
    grades = grade_names([cycle.pk])[cycle.pk]
    standards = list(CycleStandard.objects.filter(cycle=cycle).order_by("position"))
    marks, problems = _marks(rows), _problems(rows)
    lines = []
    for one in rows:
        told = marks[one.pk] if one.state in TOLD else {}
        is_out = one.state == EvaluationState.PUBLISHED and one.grade is not None
        shares = weight_shares(told, standards=standards, grades=grades) if cycle.weighted else []
        lines.append(
            BranchLine(
                evaluation=one,
                grade=grades[one.grade] if is_out and one.grade is not None else "",
                marks={standard: grades[grade] for standard, grade in told.items()},
                shares=share_words(shares),
                problems=problems[one.pk] if is_out else (),
            )
        )
    return CycleTable(cycle=cycle, standards=standards, lines=lines)


def _marks(rows: Sequence[BranchEvaluation]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    finals = FinalMark.objects.filter(evaluation__in=rows)
    for evaluation_id, standard_id, grade in finals.values_list("evaluation_id", "standard_id", "grade"):
        found[evaluation_id][standard_id] = grade
    return found


def _problems(rows: Sequence[BranchEvaluation]) -> dict[int, list[ResultProblem]]:
    found: dict[int, list[ResultProblem]] = defaultdict(list)
    problems = ResultProblem.objects.filter(evaluation__in=rows).select_related("task")
    for one in problems.order_by("position", "pk"):
        found[one.evaluation_id].append(one)
    return found


def evaluation_in(branch: Organization, *, year: int, reader: User) -> BranchEvaluation | None:
    """The branch's evaluation of a year, as far as it is seen."""
    rows = for_pages(visible_evaluations(reader).filter(branch=branch, cycle__year=year))
    taking_part = rows.exclude(state=EvaluationState.LEFT_OUT)
    found: BranchEvaluation | None = (
        taking_part.exclude(cycle__state__in=[CycleState.DRAFT, CycleState.WITHDRAWN]).order_by("-pk").first()
    )
    return found


def has_objections(evaluation: BranchEvaluation) -> bool:
    return Objection.objects.filter(evaluation=evaluation).exists()


def is_counted(evaluation: BranchEvaluation) -> bool:
    """Whether one of the two appraisals has a result."""
    polls = [pk for pk in (evaluation.members_poll_id, evaluation.committee_poll_id) if pk]
    return Result.objects.filter(poll__in=polls).exists()


def result_in(branch: Organization, *, year: int, reader: User) -> BranchEvaluation | None:
    """What came of the evaluation of a year, as far as the reader is told."""
    rows = for_pages(visible_results(reader).filter(branch=branch, cycle__year=year))
    found: BranchEvaluation | None = rows.order_by("-pk").first()
    return found
