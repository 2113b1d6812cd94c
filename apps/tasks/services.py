"""Entering, reporting on, closing and reopening tasks."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.rules.kinds import NoteKind, TaskKind
from apps.tasks.models import Assignment, Concern, Directive, Task, TaskNote, TaskState
from apps.ui.refusals import Refusal, Stale

register(
    {
        "task.created": "登记任务",
        "task.updated": "修改任务",
        "task.noted": "记录进展",
        "task.closed": "办结任务",
        "task.reopened": "重新办理任务",
        "task.cancelled": "取消任务",
        "task.assigned": "向下交办任务",
    }
)
FIELDS = ("title", "detail", "owner_id", "due_on")
LABELS = {**labels_of(Task, ("title", "detail", "due_on")), "owner_id": "责任人"}


#: Kinds that are closed with more than a result: see `services_kinds`.
CLOSED_ELSEWHERE = frozenset({TaskKind.CONCERN, TaskKind.RECTIFICATION})


class NotOpen(Refusal):
    default = "这项任务已经报告、办结或取消，请先重新办理。"


class OtherWay(Refusal):
    default = "上级交办的任务请报告办结，诉求和问题整改请在各自的页面办结。"


class StillOpen(Refusal):
    default = "这项任务还在办理中。"


class NoBranches(Refusal):
    default = "请至少选择一个党支部。"


class Untimely(Refusal):
    default = "日期不对，请检查。"


@transaction.atomic
def create_task(
    *,
    organization: Organization,
    title: str,
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
    detail: str = "",
    owner: User | None = None,
    due_on: date | None = None,
    kind: str = TaskKind.OWN,
    directive: Directive | None = None,
) -> Task:
    """The same key gives the task that it made the first time. (Concern, rectification: `services_kinds`.)"""
    Organization.objects.select_for_update().get(pk=organization.pk)
    known = Task.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    task = Task(
        organization=organization,
        path=organization.path,
        kind=kind,
        title=title,
        detail=detail,
        owner=owner,
        due_on=due_on,
        directive=directive,
        created_by=actor,
        created_at=now,
        idempotency_key=idempotency_key,
    )
    task.full_clean(exclude=["path"])
    task.save()
    branch_changed(organization.pk)
    record(actor=actor, action="task.created", target=task, path=task.path)
    return task


@transaction.atomic
def assign_tasks(
    *,
    organization: Organization,
    branches: Collection[Organization],
    title: str,
    detail: str,
    due_on: date,
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
    minutes: int | None = None,
) -> Assignment:
    """One assignment from above, one task for each branch. Raises NoBranches when there is none.

    `minutes` is what the one who assigns thinks that it takes each branch.
    """
    if not branches:
        raise NoBranches(field="branches")
    Organization.objects.select_for_update().get(pk=organization.pk)
    known = Assignment.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    assignment = Assignment.objects.create(
        organization=organization,
        path=organization.path,
        title=title,
        detail=detail,
        due_on=due_on,
        minutes=minutes,
        created_by=actor,
        created_at=now,
        idempotency_key=idempotency_key,
    )
    Task.objects.bulk_create([_task_of(assignment, branch=branch) for branch in branches])
    branch_changed(*[branch.pk for branch in branches])
    record(
        actor=actor,
        action="task.assigned",
        target=assignment,
        path=assignment.path,
        reason=f"交办给 {len(branches)} 个党支部",
    )
    return assignment


def _task_of(assignment: Assignment, *, branch: Organization) -> Task:
    return Task(
        organization=branch,
        path=branch.path,
        kind=TaskKind.ASSIGNED,
        title=assignment.title,
        detail=assignment.detail,
        due_on=assignment.due_on,
        assignment=assignment,
        created_by=assignment.created_by,
        created_at=assignment.created_at,
        idempotency_key=uuid.uuid5(assignment.idempotency_key, str(branch.pk)),
    )


def locked_task(task: Task) -> Task:
    """The row as it is now, held until the end of the transaction."""
    return (
        Task.objects.select_for_update(of=("self",)).select_related("organization", "owner").get(pk=task.pk)
    )


def locked_open(task: Task) -> Task:
    """The same, of a task that somebody still has to do. Raises NotOpen."""
    locked = locked_task(task)
    if locked.state != TaskState.OPEN:
        raise NotOpen
    return locked


@transaction.atomic
def update_task(
    *,
    task: Task,
    version: int,
    title: str,
    detail: str,
    owner: User | None,
    due_on: date | None,
    actor: User,
) -> Task:
    locked = locked_open(task)
    if locked.version != version:
        raise Stale
    before = snapshot(locked, FIELDS)
    locked.title, locked.detail, locked.owner, locked.due_on = title, detail, owner, due_on
    locked.version += 1
    locked.full_clean(exclude=["path"])
    locked.save()
    branch_changed(locked.organization_id)
    changes = changed_fields(before, snapshot(locked, FIELDS), labels=LABELS)
    record(actor=actor, action="task.updated", target=locked, path=locked.path, changes=changes)
    return locked


@transaction.atomic
def add_note(*, task: Task, text: str, actor: User, now: datetime) -> TaskNote:
    locked = locked_open(task)
    note = tell(task=locked, kind=NoteKind.PROGRESS, text=text, actor=actor, now=now)
    record(actor=actor, action="task.noted", target=locked, path=locked.path)
    return note


@transaction.atomic
def close_task(*, task: Task, result: str, closed_on: date, actor: User, today: date) -> Task:
    """Raises Untimely for a day to come, and OtherWay for what is closed with more than a result."""
    locked = locked_open(task)
    if locked.assignment_id or locked.kind in CLOSED_ELSEWHERE:
        raise OtherWay
    settle(locked=locked, result=result, closed_on=closed_on, today=today)
    branch_changed(locked.organization_id)
    record(actor=actor, action="task.closed", target=locked, path=locked.path)
    return locked


def settle(*, locked: Task, result: str, closed_on: date, today: date) -> None:
    """Write that the task is done. Raises Untimely for a day that is still to come."""
    if closed_on > today:
        raise Untimely("办结日期不能晚于今天。", field="closed_on")
    locked.state, locked.result, locked.closed_on = TaskState.DONE, result, closed_on
    locked.return_reason = ""
    locked.version += 1
    locked.save(update_fields=["state", "result", "closed_on", "return_reason", "version"])


@transaction.atomic
def reopen_task(*, task: Task, reason: str, actor: User, now: datetime) -> Task:
    """Takes back what was closed, cancelled or reported; the reason stands under the task."""
    locked = locked_task(task)
    if locked.state == TaskState.OPEN:
        raise StillOpen
    locked.state, locked.closed_on, locked.reported_on = TaskState.OPEN, None, None
    locked.reopened_on = timezone.localtime(now).date()
    locked.version += 1
    locked.save(update_fields=["state", "closed_on", "reported_on", "reopened_on", "version"])
    Concern.objects.filter(task=locked).update(told_on=None)
    tell(task=locked, kind=NoteKind.REOPENED, text=reason, actor=actor, now=now)
    branch_changed(locked.organization_id)
    record(actor=actor, action="task.reopened", target=locked, path=locked.path, reason=reason)
    return locked


def tell(*, task: Task, kind: str, text: str, actor: User, now: datetime) -> TaskNote:
    """A line under the task."""
    return TaskNote.objects.create(task=task, kind=kind, written_by=actor, written_at=now, text=text[:500])


@transaction.atomic
def cancel_task(*, task: Task, reason: str, actor: User) -> Task:
    locked = locked_open(task)
    locked.state, locked.result = TaskState.CANCELLED, reason
    locked.version += 1
    locked.save(update_fields=["state", "result", "version"])
    branch_changed(locked.organization_id)
    record(actor=actor, action="task.cancelled", target=locked, path=locked.path, reason=reason)
    return locked
