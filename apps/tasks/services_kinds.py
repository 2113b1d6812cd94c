"""Concerns (诉求) and rectifications (问题整改): entered, changed and closed with their own columns."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.rules.kinds import TaskKind
from apps.tasks.models import Concern, Rectification, Task
from apps.tasks.services import OtherWay, Untimely, create_task, locked_open, settle, update_task

register(
    {
        "task.concern_updated": "修改诉求",
        "task.concern_closed": "办结诉求",
        "task.rectification_updated": "修改问题整改",
        "task.rectification_closed": "整改销号",
    }
)
CONCERN_FIELDS = ("raised_by", "raised_on")
RECTIFICATION_FIELDS = ("source", "found_on", "measure")


@transaction.atomic
def create_concern(
    *,
    organization: Organization,
    raised_by: str,
    raised_on: date,
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
    **task: Any,
) -> Task:
    """What a member or somebody of the public asked for; `task` holds title, detail, owner and due_on.

    Raises Untimely for a day to come.
    """
    _refuse_days_to_come(raised_on, now=now, field="raised_on")
    task |= {"idempotency_key": idempotency_key, "kind": TaskKind.CONCERN}
    made = create_task(organization=organization, actor=actor, now=now, **task)
    Concern.objects.get_or_create(task=made, defaults={"raised_by": raised_by, "raised_on": raised_on})
    branch_changed(organization.pk)
    return made


@transaction.atomic
def create_rectification(
    *,
    organization: Organization,
    source: str,
    found_on: date,
    measure: str,
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
    **task: Any,
) -> Task:
    """A problem with its source and measure; otherwise as `create_concern`."""
    _refuse_days_to_come(found_on, now=now, field="found_on")
    task |= {"idempotency_key": idempotency_key, "kind": TaskKind.RECTIFICATION}
    made = create_task(organization=organization, actor=actor, now=now, **task)
    kept = {"source": source, "found_on": found_on, "measure": measure}
    Rectification.objects.get_or_create(task=made, defaults=kept)
    branch_changed(organization.pk)
    return made


def _refuse_days_to_come(day: date, *, now: datetime, field: str) -> None:
    if day > timezone.localtime(now).date():
        raise Untimely("日期不能晚于今天。", field=field)


@transaction.atomic
def update_concern(
    *, task: Task, raised_by: str, raised_on: date, actor: User, now: datetime, **changes: Any
) -> Task:
    """`changes` are those of `update_task`, the version among them. Raises NotOpen, Stale, Untimely."""
    _refuse_days_to_come(raised_on, now=now, field="raised_on")
    updated = update_task(task=task, actor=actor, **changes)
    concern = Concern.objects.get(task=updated)
    told = _rewrite(concern, CONCERN_FIELDS, raised_by=raised_by, raised_on=raised_on)
    branch_changed(updated.organization_id)
    if told:
        record(actor=actor, action="task.concern_updated", target=updated, path=updated.path, changes=told)
    return updated


@transaction.atomic
def update_rectification(
    *, task: Task, source: str, found_on: date, measure: str, actor: User, now: datetime, **changes: Any
) -> Task:
    """As `update_concern`."""
    _refuse_days_to_come(found_on, now=now, field="found_on")
    updated = update_task(task=task, actor=actor, **changes)
    detail = Rectification.objects.get(task=updated)
    told = _rewrite(detail, RECTIFICATION_FIELDS, source=source, found_on=found_on, measure=measure)
    branch_changed(updated.organization_id)
    if told:
        record(
            actor=actor,
            action="task.rectification_updated",
            target=updated,
            path=updated.path,
            changes=told,
        )
    return updated


def _rewrite(detail: Model, fields: tuple[str, ...], **values: Any) -> Any:
    """Keep the values; what changed, for the deed."""
    before = snapshot(detail, fields)
    for name, value in values.items():
        setattr(detail, name, value)
    detail.full_clean()
    detail.save()
    return changed_fields(before, snapshot(detail, fields), labels=labels_of(type(detail), fields))


@transaction.atomic
def close_concern(
    *, task: Task, result: str, closed_on: date, told_on: date, actor: User, today: date
) -> Task:
    """Settled is a concern when whoever raised it was told what came of it.

    Raises NotOpen, OtherWay for any other task, and Untimely for a day to come or before it was raised.
    """
    locked = locked_open(task)
    concern = Concern.objects.filter(task=locked).first()
    if concern is None:
        raise OtherWay
    if told_on > today:
        raise Untimely("反馈日期不能晚于今天。", field="told_on")
    if min(told_on, closed_on) < concern.raised_on:
        field = "told_on" if told_on < concern.raised_on else "closed_on"
        raise Untimely(f"不能早于提出日期 {concern.raised_on}。", field=field)
    settle(locked=locked, result=result, closed_on=closed_on, today=today)
    concern.told_on = told_on
    concern.save(update_fields=["told_on"])
    branch_changed(locked.organization_id)
    record(actor=actor, action="task.concern_closed", target=locked, path=locked.path)
    return locked


@transaction.atomic
def close_rectification(
    *, task: Task, result: str, evidence: str, closed_on: date, actor: User, today: date
) -> Task:
    """Strike a problem off the list (销号) on evidence. Raises as `close_concern`."""
    locked = locked_open(task)
    detail = Rectification.objects.filter(task=locked).first()
    if detail is None:
        raise OtherWay
    if closed_on < detail.found_on:
        raise Untimely(f"不能早于发现日期 {detail.found_on}。", field="closed_on")
    settle(locked=locked, result=result, closed_on=closed_on, today=today)
    detail.evidence = evidence
    detail.save(update_fields=["evidence"])
    branch_changed(locked.organization_id)
    record(actor=actor, action="task.rectification_closed", target=locked, path=locked.path)
    return locked
