"""Keeping the registers: key posts with their checks, and units in the branch's care."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.ui.refusals import Refusal, Stale
from apps.worklog.models import CareUnit, KeyPost, KeyPostCheck, Noted
from apps.worklog.services import Untimely, Withdrawn

register(
    {
        "key_post.created": "登记重点岗位",
        "key_post.updated": "修改重点岗位",
        "key_post.withdrawn": "撤回重点岗位",
        "key_post.checked": "登记重点岗位检查",
        "key_post_check.updated": "修改重点岗位检查",
        "key_post_check.withdrawn": "撤回重点岗位检查",
        "care_unit.created": "登记联系单位",
        "care_unit.updated": "修改联系单位",
        "care_unit.withdrawn": "撤回联系单位",
    }
)

Kept = TypeVar("Kept", bound=Noted)
POST_FIELDS = ("title", "area", "holder", "holder_name", "since", "until")
CHECK_FIELDS = ("checked_on", "by_name", "finding")
UNIT_FIELDS = ("name", "kind", "coverage", "covered_since", "since", "until", "note")
#: Model → its word in the trail, and the columns that a form writes.
WORDS: dict[type[Noted], tuple[str, tuple[str, ...]]] = {
    KeyPost: ("key_post", POST_FIELDS),
    KeyPostCheck: ("key_post_check", CHECK_FIELDS),
    CareUnit: ("care_unit", UNIT_FIELDS),
}


class NotListed(Refusal):
    default = "这个岗位已不再列入重点岗位，不用登记检查。"


@transaction.atomic
def create_key_post(*, branch: Organization, **given: Any) -> KeyPost:
    return _create(KeyPost, branch=branch, **given)


@transaction.atomic
def create_unit(*, branch: Organization, **given: Any) -> CareUnit:
    return _create(CareUnit, branch=branch, **given)


def _create(
    model: type[Kept],
    *,
    branch: Organization,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    today: date,
    idempotency_key: uuid.UUID,
) -> Kept:
    """The same key gives the row that it made the first time."""
    locked = Organization.objects.select_for_update().get(pk=branch.pk)
    manager = model._default_manager
    known = manager.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    made = {"branch": locked, "path": locked.path, "created_by": actor, "created_at": now}
    row = model(**made, idempotency_key=idempotency_key, **values)
    _check(row, today=today)
    row.full_clean(exclude=["path"])
    row.save()
    branch_changed(locked.pk)
    record(actor=actor, action=f"{WORDS[model][0]}.created", target=row, path=row.path)
    return row


@transaction.atomic
def update_register(*, row: Kept, version: int, values: Mapping[str, Any], actor: User, today: date) -> Kept:
    """A key post, one of its checks, or a unit."""
    locked = _locked(row)
    if locked.version != version:
        raise Stale
    word, fields = WORDS[type(row)]
    before = snapshot(locked, fields)
    for name in fields:
        setattr(locked, name, values[name])
    locked.version += 1
    _check(locked, today=today)
    locked.full_clean(exclude=["path"])
    locked.save()
    branch_changed(locked.branch_id)
    changes = changed_fields(before, snapshot(locked, fields), labels=labels_of(type(row), fields))
    record(actor=actor, action=f"{word}.updated", target=locked, path=locked.path, changes=changes)
    return locked


@transaction.atomic
def withdraw_register(*, row: Kept, reason: str, actor: User, today: date) -> Kept:
    """For what was entered by mistake; what has ended gets a last day instead."""
    locked = _locked(row)
    locked.withdrawn_on, locked.withdraw_reason = today, reason
    locked.version += 1
    locked.save(update_fields=["withdrawn_on", "withdraw_reason", "version"])
    branch_changed(locked.branch_id)
    word = WORDS[type(row)][0]
    record(actor=actor, action=f"{word}.withdrawn", target=locked, path=locked.path, reason=reason)
    return locked


@transaction.atomic
def check_key_post(
    *,
    key_post: KeyPost,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    today: date,
    idempotency_key: uuid.UUID,
) -> KeyPostCheck:
    """Raises NotListed for a post that left the list before that day."""
    post = _locked(key_post)
    known = KeyPostCheck.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if post.until and post.until < values["checked_on"]:
        raise NotListed
    made = {"branch_id": post.branch_id, "path": post.path, "created_by": actor, "created_at": now}
    check = KeyPostCheck(key_post=post, idempotency_key=idempotency_key, **made, **values)
    _check(check, today=today)
    check.full_clean(exclude=["path"])
    check.save()
    branch_changed(post.branch_id)
    record(actor=actor, action="key_post.checked", target=post, path=post.path)
    return check


def _locked(row: Kept) -> Kept:
    locked = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.withdrawn_on:
        raise Withdrawn
    return locked


def _check(row: Noted, *, today: date) -> None:
    """What happened has a day that is past; a register says how things are, not how they will be."""
    for name in ("checked_on", "since", "covered_since", "until"):
        day = getattr(row, name, None)
        if day and day > today:
            raise Untimely(field=name)
