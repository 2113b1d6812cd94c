"""The committee's decision on a branch's grade, and its publication. Nothing here works a grade out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.evaluations.models import BranchEvaluation, Cycle, CycleGrade, Objection, ResultProblem
from apps.evaluations.services_cycles import SETTLED, close_when_all_are_out, locked_cycle
from apps.evaluations.services_freeze import freeze_all, freeze_figures
from apps.evaluations.services_review import WrongDay
from apps.evaluations.services_seats import locked_evaluation
from apps.evaluations.services_settle import ANSWERING, refuse_open_objections
from apps.rules.kinds import ProblemSource
from apps.rules.kinds_evaluations import CycleState, EvaluationState, FrozenStage
from apps.rules.periods import day_words
from apps.tasks.services_kinds import create_rectification
from apps.ui.refusals import Refusal, Stale

register(
    {
        "evaluation.decided": "定考核等次",
        "evaluation.reopened": "重新研究考核等次",
        "evaluation.published": "发布支部考核结果",
    }
)
#: Of the same problem always the same task, however often the publication is tried.
TASKS = uuid.UUID("5f5b2c54-6a5e-4f0c-9b58-0d3a5a0c7a11")


class NotDecided(Refusal):
    default = "这个支部还没有定等次。"


class Undecided(Refusal):
    default = "还有支部没有定等次。"


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenProblem:
    text: str
    demand: str
    due_on: date


@transaction.atomic
def decide(
    *,
    evaluation: BranchEvaluation,
    version: int,
    grade: int,
    grade_reason: str,
    feedback: str,
    decided_on: date,
    problems: Sequence[GivenProblem],
    actor: User,
    today: date,
) -> BranchEvaluation:
    """As the committee's meeting decided. Raises WrongPhase, NotNow, NotComplete, WrongDay, Stale."""
    locked = locked_evaluation(evaluation, *ANSWERING)
    if locked.version != version:
        raise Stale
    refuse_open_objections(locked, today=today)
    if not 0 <= grade < CycleGrade.objects.filter(cycle=locked.cycle_id).count():
        raise NotDecided("请选择本次考核的一个等次。", field="grade")
    if decided_on > today or (locked.told_on and decided_on < locked.told_on):
        raise WrongDay("定等次的日期不能晚于今天，也不能早于告知支部的日期。", field="decided_on")
    _check_days(locked, decided_on=decided_on, problems=problems)
    locked.state, locked.grade, locked.grade_reason = EvaluationState.DECIDED, grade, grade_reason
    locked.feedback, locked.decided_on, locked.decided_by = feedback, decided_on, actor
    locked.version += 1
    locked.save()
    ResultProblem.objects.filter(evaluation=locked).delete()
    ResultProblem.objects.bulk_create(
        [
            ResultProblem(
                evaluation=locked, position=place, text=one.text, demand=one.demand, due_on=one.due_on
            )
            for place, one in enumerate(problems)
        ]
    )
    record(actor=actor, action="evaluation.decided", target=locked, path=locked.path)
    return locked


def _check_days(evaluation: BranchEvaluation, *, decided_on: date, problems: Sequence[GivenProblem]) -> None:
    """The meeting comes after the last answer, and what it asks for after the meeting. Raises WrongDay."""
    answered = Objection.objects.filter(evaluation=evaluation).aggregate(last=Max("answered_on"))["last"]
    if answered and decided_on < answered:
        words = f"最后一条意见是{day_words(answered)}答复的，定等次的日期不能早于这一天。"
        raise WrongDay(words, field="decided_on")
    for one in problems:
        if one.due_on < decided_on:
            raise WrongDay(f"“{one.text}”的整改期限早于定等次的日期，请改正。")


@transaction.atomic
def reopen(*, evaluation: BranchEvaluation, reason: str, actor: User) -> BranchEvaluation:
    """Before it is published the committee may think again; the grade goes, the words stay to be changed."""
    locked = locked_evaluation(evaluation, EvaluationState.DECIDED)
    locked.state, locked.grade, locked.decided_on = EvaluationState.DECISION, None, None
    locked.version += 1
    locked.save(update_fields=["state", "grade", "decided_on", "version"])
    record(actor=actor, action="evaluation.reopened", target=locked, path=locked.path, reason=reason)
    return locked


@transaction.atomic
def publish_branch(
    *, evaluation: BranchEvaluation, actor: User, today: date, now: datetime
) -> BranchEvaluation:
    """The figures are kept as they are today, the problems become tasks of the branch. Raises WrongPhase.

    The cycle is published with the last of its branches.
    """
    cycle = locked_cycle(evaluation.cycle, CycleState.OPEN)
    locked_evaluation(evaluation, EvaluationState.DECIDED)
    freeze_figures(evaluation=evaluation, stage=FrozenStage.RESULT, today=today)
    locked = _publish(evaluation, actor=actor, today=today, now=now)
    close_when_all_are_out(cycle=cycle, actor=actor, today=today)
    return locked


def _publish(evaluation: BranchEvaluation, *, actor: User, today: date, now: datetime) -> BranchEvaluation:
    """Once its figures are kept."""
    locked = locked_evaluation(evaluation, EvaluationState.DECIDED)
    for problem in ResultProblem.objects.filter(evaluation=locked, task__isnull=True).order_by("position"):
        _hand_down(problem, evaluation=locked, actor=actor, now=now)
    locked.state, locked.published_on = EvaluationState.PUBLISHED, today
    locked.version += 1
    locked.save(update_fields=["state", "published_on", "version"])
    record(actor=actor, action="evaluation.published", target=locked, path=locked.path)
    return locked


def _hand_down(problem: ResultProblem, *, evaluation: BranchEvaluation, actor: User, now: datetime) -> None:
    problem.task = create_rectification(
        organization=evaluation.branch,
        source=ProblemSource.WORK_REVIEW,
        found_on=evaluation.decided_on,  # type: ignore[arg-type] # whoever is decided has a day
        measure="",
        title=problem.text,
        detail=f"{evaluation.cycle}反馈的问题。整改要求：{problem.demand}",
        due_on=problem.due_on,
        actor=actor,
        now=now,
        idempotency_key=uuid.uuid5(TASKS, str(problem.pk)),
    )
    problem.save(update_fields=["task"])


@transaction.atomic
def publish_cycle(*, cycle: Cycle, others_later: bool, actor: User, today: date, now: datetime) -> int:
    """Every branch whose grade is decided. Others are named, or left for a later day where that is asked for.

    Raises Undecided with their names. Returns how many were published.
    """
    locked = locked_cycle(cycle, CycleState.OPEN)
    rows = BranchEvaluation.objects.filter(cycle=locked).exclude(state__in=SETTLED)
    waiting = list(rows.select_related("branch").order_by("branch__name"))
    undecided = [one for one in waiting if one.state != EvaluationState.DECIDED]
    if undecided and not others_later:
        names = "、".join(str(one.branch) for one in undecided)
        raise Undecided(f"还有 {len(undecided)} 个支部没有定等次：{names}。", field="others_later")
    decided = [one for one in waiting if one.state == EvaluationState.DECIDED]
    if not decided:
        raise NotDecided("还没有一个支部定了等次。")
    freeze_all(evaluations=decided, stage=FrozenStage.RESULT, today=today)
    for one in decided:
        _publish(one, actor=actor, today=today, now=now)
    close_when_all_are_out(cycle=locked, actor=actor, today=today)
    return len(decided)
