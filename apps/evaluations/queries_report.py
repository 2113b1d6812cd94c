"""What the branch's own page and its report show beside the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from apps.evaluations.models import BranchEvaluation, CycleStandard, Mark, ResultProblem, SelfAnswer
from apps.rules.kinds_evaluations import EvaluationState
from apps.rules.periods import day_words
from apps.tasks.models import TaskState

#: Step → the words on the line of steps at the top of the page.
STEP_NAMES = ("支部自评", "评审", "听取意见", "定等次", "发布")
STEP_NUMBER = {
    EvaluationState.REPORT: 1,
    EvaluationState.REVIEW: 2,
    EvaluationState.OBJECTION: 3,
    EvaluationState.DECISION: 4,
    EvaluationState.DECIDED: 5,
    EvaluationState.PUBLISHED: 6,
}


@dataclass(frozen=True, slots=True)
class LastProblem:
    """A problem named a year before, and how far the branch is with it."""

    problem: ResultProblem
    badge: tuple[str, str]


def last_problems(evaluation: BranchEvaluation, *, today: date) -> list[LastProblem]:
    """Of the latest result that was published before this cycle's year. Two queries."""
    earlier = BranchEvaluation.objects.filter(
        branch=evaluation.branch_id,
        state=EvaluationState.PUBLISHED,
        cycle__year__lt=evaluation.cycle.year,
    )
    last = earlier.order_by("-cycle__year", "-pk").first()
    return problems_of(last, today=today) if last else []


def problems_of(evaluation: BranchEvaluation, *, today: date) -> list[LastProblem]:
    """What was named with a result, and how far the branch is with it. One query."""
    rows = ResultProblem.objects.filter(evaluation=evaluation).select_related("task")
    return [LastProblem(row, _badge(row, today=today)) for row in rows.order_by("position", "pk")]


def _badge(problem: ResultProblem, *, today: date) -> tuple[str, str]:
    task = problem.task
    if task is None or task.state == TaskState.CANCELLED:
        return ("没有列入任务", "muted")
    if task.state == TaskState.DONE:
        return (f"{day_words(task.closed_on) if task.closed_on else ''}已整改", "ok")
    overdue = task.due_on is not None and task.due_on < today
    return ("已过期限，还没整改完", "bad") if overdue else ("正在整改", "info")


def answers_of(evaluations: Sequence[BranchEvaluation]) -> dict[int, dict[int, SelfAnswer]]:
    """By evaluation and standard of the cycle. One query."""
    found: dict[int, dict[int, SelfAnswer]] = {one.pk: {} for one in evaluations}
    for row in SelfAnswer.objects.filter(evaluation__in=found):
        found[row.evaluation_id][row.standard_id] = row
    return found


def standards_in(evaluation: BranchEvaluation) -> QuerySet[CycleStandard]:
    return CycleStandard.objects.filter(cycle=evaluation.cycle_id).order_by("position")


def review_has_begun(evaluation: BranchEvaluation) -> bool:
    """Marks of whoever stood back since do not count."""
    return Mark.objects.filter(seat__evaluation=evaluation, seat__recused_on__isnull=True).exists()
