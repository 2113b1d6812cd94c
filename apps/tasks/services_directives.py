"""Documents from above: received by one branch, or entered once by those above and sent to many."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.rules.kinds import TaskKind
from apps.tasks.models import Circular, Directive, Task
from apps.tasks.services import NoBranches, Untimely, create_task
from apps.ui.refusals import Refusal, Stale

register(
    {
        "directive.created": "登记上级来文",
        "directive.updated": "修改上级来文",
        "directive.withdrawn": "作废上级来文",
        "directive.sent": "向下转发文件",
    }
)
PAPER = ("title", "number", "issuer", "requirement", "convey_by", "do_by", "asks_action")
FIELDS = (*PAPER, "received_on")
LABELS = labels_of(Directive, FIELDS)


class Withdrawn(Refusal):
    default = "这份来文已经作废。"


@transaction.atomic
def create_directive(
    *,
    organization: Organization,
    received_on: date,
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
    **paper: Any,
) -> Directive:
    """`paper` holds what `PAPER` names. The same key gives the same row. Raises Untimely."""
    Organization.objects.select_for_update().get(pk=organization.pk)
    known = Directive.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if received_on > timezone.localtime(now).date():
        raise Untimely("收文日期不能晚于今天。", field="received_on")
    directive = Directive(
        organization=organization,
        path=organization.path,
        received_on=received_on,
        created_by=actor,
        created_at=now,
        idempotency_key=idempotency_key,
        **paper,
    )
    _check_days(directive)
    directive.full_clean(exclude=["path"])
    directive.save()
    branch_changed(organization.pk)
    record(actor=actor, action="directive.created", target=directive, path=directive.path)
    return directive


def _check_days(directive: Directive) -> None:
    for field in ("convey_by", "do_by"):
        day = getattr(directive, field)
        if day and day < directive.received_on:
            raise Untimely(f"期限不能早于收文日期 {directive.received_on}。", field=field)


@transaction.atomic
def update_directive(
    *, directive: Directive, version: int, actor: User, now: datetime, **values: Any
) -> Directive:
    """Raises Withdrawn, Stale, Untimely."""
    locked = _locked(directive)
    if locked.version != version:
        raise Stale
    before = snapshot(locked, FIELDS)
    for name in FIELDS:
        setattr(locked, name, values[name])
    if locked.received_on > timezone.localtime(now).date():
        raise Untimely("收文日期不能晚于今天。", field="received_on")
    _check_days(locked)
    locked.version += 1
    locked.full_clean(exclude=["path"])
    locked.save()
    branch_changed(locked.organization_id)
    changes = changed_fields(before, snapshot(locked, FIELDS), labels=LABELS)
    record(actor=actor, action="directive.updated", target=locked, path=locked.path, changes=changes)
    return locked


def _locked(directive: Directive) -> Directive:
    locked = Directive.objects.select_for_update().get(pk=directive.pk)
    if locked.withdrawn_on:
        raise Withdrawn
    return locked


@transaction.atomic
def withdraw_directive(*, directive: Directive, reason: str, actor: User, today: date) -> Directive:
    """Entered by mistake: it asks for nothing any more, and stays readable. Raises Withdrawn."""
    locked = _locked(directive)
    locked.withdrawn_on, locked.withdrawn_reason = today, reason
    locked.version += 1
    locked.save(update_fields=["withdrawn_on", "withdrawn_reason", "version"])
    branch_changed(locked.organization_id)
    record(actor=actor, action="directive.withdrawn", target=locked, path=locked.path, reason=reason)
    return locked


@transaction.atomic
def add_directive_task(*, directive: Directive, actor: User, now: datetime, **task: Any) -> Task:
    """A task that carries the document out; `task` as for `create_task`. Raises Withdrawn."""
    locked = _locked(directive)
    place = Organization.objects.get(pk=locked.organization_id)
    kind = TaskKind.DIRECTIVE
    return create_task(organization=place, kind=kind, directive=locked, actor=actor, now=now, **task)


@transaction.atomic
def send_circular(
    *,
    organization: Organization,
    branches: Collection[Organization],
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
    **paper: Any,
) -> Circular:
    """One document, a received copy for each branch. The same key sends once. Raises NoBranches, Untimely."""
    if not branches:
        raise NoBranches(field="branches")
    Organization.objects.select_for_update().get(pk=organization.pk)
    known = Circular.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    circular = Circular(
        organization=organization,
        path=organization.path,
        created_by=actor,
        created_at=now,
        idempotency_key=idempotency_key,
        **paper,
    )
    circular.full_clean(exclude=["path"])
    copies = [_copy_of(circular, branch=branch) for branch in branches]
    _check_days(copies[0])
    circular.save()
    Directive.objects.bulk_create(copies)
    branch_changed(*[branch.pk for branch in branches])
    words = f"转发给 {len(branches)} 个党支部"
    record(actor=actor, action="directive.sent", target=circular, path=circular.path, reason=words)
    return circular


def _copy_of(circular: Circular, *, branch: Organization) -> Directive:
    return Directive(
        circular=circular,
        organization=branch,
        path=branch.path,
        received_on=timezone.localtime(circular.created_at).date(),
        created_by=circular.created_by,
        created_at=circular.created_at,
        idempotency_key=uuid.uuid5(circular.idempotency_key, str(branch.pk)),
        **{name: getattr(circular, name) for name in PAPER},
    )
