"""A member asks to have his record put right; whoever keeps the record answers, with the reason."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.members.models import CorrectionRequest, CorrectionState, Member
from apps.members.policies import is_own
from apps.members.services import LABELS, lock_member, require_reason, update_member
from apps.rules.periods import weekdays_after
from apps.ui.refusals import Refusal, Stale
from apps.vault.fields import Locked

register(
    {
        "correction.asked": "申请更正档案",
        "correction.accepted": "同意更正档案",
        "correction.refused": "不予更正档案",
        "correction.withdrawn": "撤回更正申请",
    }
)
OTHER = "other"
#: The branch answers within so many working days (security.md 4.7).
ANSWER_DAYS = 15
YES, NO = "yes", "no"
DATES = frozenset(name for name in LABELS if Member._meta.get_field(name).get_internal_type() == "DateField")


class AlreadyAsked(Refusal):
    default = "这一项已有一份等待答复的更正申请。要改写，请先撤回原来的申请。"


class NotOpen(Refusal):
    default = "这份申请已经答复或撤回。"


class OwnRequest(Refusal):
    default = "本人的申请由其他经办人答复；支部没有其他经办人的，由上级组织员答复。"


class AnswerMissing(Refusal):
    default = "请写明是怎样更正的。"


class Unreadable(Refusal):
    default = "申请中的内容暂时无法读取，请联系系统操作员。"


def _text_of(value: Any) -> str:
    """What a form read, as the request keeps it."""
    if isinstance(value, bool):
        return YES if value else NO
    return value.isoformat() if isinstance(value, date) else str(value or "").strip()


def value_of(*, field: str, text: str) -> Any:
    """The other way round: as the service of the record takes it."""
    if field == "is_mobile":
        return text == YES
    if field in DATES:
        return date.fromisoformat(text) if text else None
    return text


@transaction.atomic
def create_correction(
    *,
    member: Member,
    field: str,
    asked: Any,
    wrong: str,
    reason: str,
    actor: User,
    today: date,
    idempotency_key: uuid.UUID,
) -> CorrectionRequest:
    """The same key gives the request that it made the first time. Raises AlreadyAsked."""
    locked = lock_member(member=member)
    known = CorrectionRequest.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    waiting = CorrectionRequest.objects.filter(member=locked, field=field, state=CorrectionState.OPEN)
    if field != OTHER and waiting.exists():
        raise AlreadyAsked(field="asked")
    correction = CorrectionRequest(
        member=locked,
        field=field,
        asked=_text_of(asked),
        wrong=wrong,
        reason=reason,
        asked_on=today,
        due_on=weekdays_after(today, ANSWER_DAYS),
        idempotency_key=idempotency_key,
    )
    correction.full_clean()
    correction.save()
    _record(correction, actor=actor, action="correction.asked")
    return correction


@transaction.atomic
def accept_correction(
    *, correction: CorrectionRequest, version: int, answer: str, actor: User, today: date
) -> CorrectionRequest:
    """Write what was asked for into the record, by the rules of its form; refusals name the field "asked".

    What stands on other pages (field "other") is put right there first; the answer then says how.
    """
    locked = _locked(correction, version=version)
    if is_own(actor, locked.member):
        raise OwnRequest
    if locked.field == OTHER and not answer.strip():
        raise AnswerMissing(field="answer")
    if locked.field != OTHER:
        _apply(locked, actor=actor, today=today)
    return _answer(
        locked,
        state=CorrectionState.ACCEPTED,
        answer=answer,
        action="correction.accepted",
        actor=actor,
        today=today,
    )


def _apply(correction: CorrectionRequest, *, actor: User, today: date) -> None:
    if isinstance(correction.asked, Locked):
        raise Unreadable(field="asked")
    member = lock_member(member=correction.member)
    value = value_of(field=correction.field, text=str(correction.asked))
    recorded = member.person.name if correction.field == "name" else getattr(member, correction.field)
    if recorded == value:
        return
    given: dict[str, Any] = {correction.field: value}
    try:
        update_member(member=member, version=member.version, actor=actor, today=today, **given)
    except Refusal as refusal:
        label = LABELS.get(refusal.field or "", "")
        words = refusal.message if refusal.field == correction.field else f"{label}：{refusal.message}"
        raise Refusal(words.removeprefix("："), field="asked") from refusal


@transaction.atomic
def refuse_correction(
    *, correction: CorrectionRequest, version: int, answer: str, actor: User, today: date
) -> CorrectionRequest:
    locked = _locked(correction, version=version)
    if is_own(actor, locked.member):
        raise OwnRequest
    try:
        answer = require_reason(answer)
    except Refusal as refusal:
        raise Refusal(refusal.message, field="answer") from None
    return _answer(
        locked,
        state=CorrectionState.REFUSED,
        answer=answer,
        action="correction.refused",
        actor=actor,
        today=today,
    )


@transaction.atomic
def withdraw_correction(*, correction: CorrectionRequest, actor: User) -> CorrectionRequest:
    locked = _locked(correction)
    locked.state = CorrectionState.WITHDRAWN
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    _record(locked, actor=actor, action="correction.withdrawn")
    return locked


@transaction.atomic
def reveal_correction(*, correction: CorrectionRequest, actor: User) -> str:
    """The number or address that is asked for, in clear. It stands in the trail of the member's record."""
    member = correction.member
    change = {"field": correction.field, "label": LABELS[correction.field], "before": "", "after": ""}
    record(
        actor=actor,
        action="member.revealed",
        target=member,
        path=member.path,
        reason="办理本人提出的更正申请",
        changes=[change],
    )
    return str(correction.asked)


def _locked(correction: CorrectionRequest, *, version: int | None = None) -> CorrectionRequest:
    rows = CorrectionRequest.objects.select_for_update(of=("self",)).select_related("member__person")
    locked = rows.get(pk=correction.pk)
    if locked.state != CorrectionState.OPEN:
        raise NotOpen
    if version is not None and locked.version != version:
        raise Stale
    return locked


def _answer(
    correction: CorrectionRequest,
    *,
    state: CorrectionState,
    answer: str,
    action: str,
    actor: User,
    today: date,
) -> CorrectionRequest:
    correction.state, correction.answer = state, answer.strip()
    correction.answered_by, correction.answered_on = actor, today
    correction.version += 1
    correction.save()
    _record(correction, actor=actor, action=action)
    return correction


def _record(correction: CorrectionRequest, *, actor: User, action: str) -> None:
    """Which field, never which value: requests hold what the record keeps encrypted."""
    label = correction.field_label
    changes = [{"field": correction.field, "label": label, "before": "", "after": ""}]
    branch_changed(correction.member.branch_id)
    record(actor=actor, action=action, target=correction, path=correction.member.path, changes=changes)
