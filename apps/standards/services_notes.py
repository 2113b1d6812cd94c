"""A branch's word to one of its figures: written, changed with its history kept, withdrawn."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.models import Organization
from apps.rules.kinds import OrgKind
from apps.rules.measure_names import MEASURE_NAMES
from apps.standards.models import EarlierText, FigureNote
from apps.standards.services_local import UnknownMeasure
from apps.ui.refusals import Refusal, Stale

register(
    {
        "figure_note.written": "给数字写说明",
        "figure_note.changed": "修改数字说明",
        "figure_note.withdrawn": "撤回数字说明",
    }
)


class AlreadyNoted(Refusal):
    default = "这个数字已有说明，请修改原来的说明。"


class Withdrawn(Refusal):
    default = "这条说明已经撤回。"


class NotABranch(Refusal):
    default = "说明写在党支部的数字上。"


class NotThisYear(Refusal):
    default = "还没有这一年的数字。"


@transaction.atomic
def write_note(
    *,
    organization: Organization,
    year: int,
    measure: str,
    text: str,
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
) -> FigureNote:
    """Raises AlreadyNoted where the figure has one."""
    if organization.kind != OrgKind.BRANCH:
        raise NotABranch(field="organization")
    if measure not in MEASURE_NAMES:
        raise UnknownMeasure(field="measure")
    if year > now.year:
        raise NotThisYear(field="year")
    Organization.objects.select_for_update().get(pk=organization.pk)
    known = FigureNote.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    standing = FigureNote.objects.filter(organization=organization, year=year, measure=measure)
    if standing.filter(withdrawn_at__isnull=True).exists():
        raise AlreadyNoted(field="measure")
    note = FigureNote(
        organization=organization,
        path=organization.path,
        year=year,
        measure=measure,
        text=text,
        written_by=actor,
        written_at=now,
        idempotency_key=idempotency_key,
    )
    note.full_clean(exclude=["path"])
    note.save()
    record(actor=actor, action="figure_note.written", target=note, path=note.path)
    return note


@transaction.atomic
def change_note(*, note: FigureNote, version: int, text: str, actor: User, now: datetime) -> FigureNote:
    """The text before stays readable. Raises Withdrawn, Stale."""
    locked = _locked(note)
    if locked.version != version:
        raise Stale
    EarlierText.objects.create(
        note=locked, text=locked.text, written_by=locked.written_by, written_at=locked.written_at
    )
    locked.text, locked.written_by, locked.written_at = text, actor, now
    locked.version += 1
    locked.full_clean(exclude=["path"])
    locked.save()
    record(actor=actor, action="figure_note.changed", target=locked, path=locked.path)
    return locked


@transaction.atomic
def withdraw_note(*, note: FigureNote, reason: str, actor: User, now: datetime) -> FigureNote:
    locked = _locked(note)
    locked.withdrawn_at, locked.withdrawal_reason = now, reason
    locked.version += 1
    locked.save(update_fields=["withdrawn_at", "withdrawal_reason", "version"])
    record(actor=actor, action="figure_note.withdrawn", target=locked, path=locked.path, reason=reason)
    return locked


def _locked(note: FigureNote) -> FigureNote:
    locked = FigureNote.objects.select_for_update(of=("self",)).select_related("written_by").get(pk=note.pk)
    if locked.withdrawn_at is not None:
        raise Withdrawn
    return locked
