"""What a round gathers of the branch: opinions, its problems with their measures, and tasks out of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.evaluations.models import BranchProblem, Opinion, Round
from apps.evaluations.queries_round import stand_of
from apps.evaluations.services_round import NotYet, locked_round
from apps.rules.kinds import ProblemSource
from apps.tasks.queries import people_of
from apps.tasks.services_kinds import create_rectification
from apps.ui.refusals import Refusal, Stale

register(
    {
        "round.opinion_added": "登记征求的意见",
        "round.opinion_removed": "撤回征求的意见",
        "round.problem_added": "列出支部班子问题",
        "round.problem_updated": "修改支部班子问题",
        "round.problem_removed": "删去支部班子问题",
        "round.rectified": "按问题清单建整改任务",
    }
)


class AlreadyTask(Refusal):
    default = "这个问题已经建成整改任务，请在任务里修改。"


class NothingReady(Refusal):
    default = "没有可以建任务的问题：先把措施、责任人和期限填齐。"


class NotOfThisBranch(Refusal):
    default = "责任人须是本支部的党员。"


@transaction.atomic
def add_opinion(
    *, row: Round, received_on: date, actor: User, today: date, idempotency_key: uuid.UUID, **fields: Any
) -> Opinion:
    """From which side it came, never from whom."""
    locked = locked_round(row)
    known = Opinion.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if received_on > today:
        raise NotYet(field="received_on")
    made = {"entered_by": actor, "idempotency_key": idempotency_key}
    opinion = Opinion(round=locked, received_on=received_on, **made, **fields)
    opinion.full_clean()
    opinion.save()
    record(actor=actor, action="round.opinion_added", target=locked, path=locked.path)
    return opinion


@transaction.atomic
def remove_opinion(*, opinion: Opinion, actor: User) -> None:
    locked = locked_round(opinion.round)
    Opinion.objects.filter(pk=opinion.pk).delete()
    record(actor=actor, action="round.opinion_removed", target=locked, path=locked.path)


@transaction.atomic
def add_problem(
    *, row: Round, actor: User, today: date, idempotency_key: uuid.UUID, **fields: Any
) -> BranchProblem:
    locked = locked_round(row)
    known = BranchProblem.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    problem = BranchProblem(round=locked, idempotency_key=idempotency_key, **fields)
    _check_owner(problem, row=locked, today=today)
    problem.full_clean(exclude=["task"])
    problem.save()
    record(actor=actor, action="round.problem_added", target=locked, path=locked.path)
    return problem


def _check_owner(problem: BranchProblem, *, row: Round, today: date) -> None:
    """Whoever looks after a problem belongs to the branch."""
    people = people_of(row.branch, today=today)
    if problem.owner_id and not people.filter(pk=problem.owner_id).exists():
        raise NotOfThisBranch(field="owner")


@transaction.atomic
def update_problem(
    *, problem: BranchProblem, version: int, actor: User, today: date, **fields: Any
) -> BranchProblem:
    row = locked_round(problem.round)
    locked = _open_problem(problem)
    if locked.version != version:
        raise Stale
    for name, value in fields.items():
        setattr(locked, name, value)
    _check_owner(locked, row=row, today=today)
    locked.version += 1
    locked.full_clean(exclude=["task"])
    locked.save()
    record(actor=actor, action="round.problem_updated", target=row, path=row.path)
    return locked


def _open_problem(problem: BranchProblem) -> BranchProblem:
    locked = BranchProblem.objects.select_for_update().get(pk=problem.pk)
    if locked.task_id:
        raise AlreadyTask
    return locked


@transaction.atomic
def remove_problem(*, problem: BranchProblem, actor: User) -> None:
    row = locked_round(problem.round)
    locked = _open_problem(problem)
    BranchProblem.objects.filter(pk=locked.pk).delete()
    record(actor=actor, action="round.problem_removed", target=row, path=row.path)


@transaction.atomic
def make_rectifications(*, row: Round, actor: User, now: datetime) -> int:
    """A rectification task of each problem with measure, owner and day; returns how many were made."""
    locked = locked_round(row)
    waiting = BranchProblem.objects.select_for_update().filter(round=locked, task__isnull=True)
    ready = waiting.exclude(measure="").filter(owner__isnull=False, due_on__isnull=False)
    problems = list(ready.select_related("owner").order_by("pk"))
    if not problems:
        raise NothingReady
    today = timezone.localtime(now).date()
    met = stand_of(locked, today=today).met
    found_on = min([today, *(sitting.held_on for sitting in met)])
    for problem in problems:
        problem.task = create_rectification(
            organization=locked.branch,
            title=problem.text,
            detail="\n".join(words for words in (problem.shown_by, problem.cause) if words),
            owner=problem.owner,
            due_on=problem.due_on,
            source=ProblemSource.ORG_LIFE_MEETING,
            found_on=found_on,
            measure=problem.measure,
            actor=actor,
            now=now,
            idempotency_key=problem.idempotency_key,
        )
        problem.save(update_fields=["task"])
    record(actor=actor, action="round.rectified", target=locked, path=locked.path)
    return len(problems)
