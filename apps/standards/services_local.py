"""What a committee decides for its subtree: a standard switched off, a measure's levels changed."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.models import Organization
from apps.rules.kinds import OrgKind
from apps.rules.measure_names import MEASURE_NAMES, highest, unit_of
from apps.standards.models import Bearing, LevelOverride, Standard, StandardSwitch
from apps.standards.services import NotForGroups, PastDay
from apps.ui.refusals import Refusal

register(
    {
        "standard.switched_off": "停用标准",
        "standard.switched_on": "恢复标准",
        "level.overridden": "调整评议线",
        "level.override_ended": "停止调整评议线",
    }
)
Row = TypeVar("Row", bound=Bearing)


class Overlapping(Refusal):
    default = "这段时间里已有同样的规定，请先停止原来的。"


class NotHeldHere(Refusal):
    default = "这项标准在所选的党组织不执行，不必停用。"


class UnknownMeasure(Refusal):
    default = "没有这项指标，请重新选择。"


class WrongLevels(Refusal):
    default = "提示线不能高于良好线。"


class AlreadyEnded(Refusal):
    default = "已经停止，不必再停。"


@transaction.atomic
def switch_off(
    *,
    standard: Standard,
    organization: Organization,
    reason: str,
    valid_from: date,
    valid_to: date | None,
    actor: User,
    idempotency_key: uuid.UUID,
    today: date,
) -> StandardSwitch:
    """Raises NotHeldHere for a committee's own standard outside its subtree, Overlapping, PastDay."""
    _check_place(organization)
    known = StandardSwitch.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if not organization.path.startswith(standard.path):
        raise NotHeldHere(field="organization")
    if valid_from < today:
        raise PastDay(field="valid_from")
    switch = StandardSwitch(
        standard=standard,
        organization=organization,
        path=organization.path,
        reason=reason,
        valid_from=valid_from,
        valid_to=valid_to,
        created_by=actor,
        idempotency_key=idempotency_key,
    )
    others = StandardSwitch.objects.filter(organization=organization, standard=standard)
    _check_free(others, valid_from=valid_from, valid_to=valid_to)
    switch.full_clean(exclude=["path"])
    switch.save()
    record(actor=actor, action="standard.switched_off", target=switch, path=switch.path, reason=reason)
    return switch


@transaction.atomic
def switch_on(*, switch: StandardSwitch, valid_to: date, actor: User, today: date) -> None:
    """The standard holds again from `valid_to` on."""
    locked = StandardSwitch.objects.select_for_update().get(pk=switch.pk)
    words = _end(locked, valid_to=valid_to, today=today)
    record(actor=actor, action="standard.switched_on", target=switch, path=switch.path, reason=words)


@transaction.atomic
def override_levels(
    *,
    organization: Organization,
    measure: str,
    good: int,
    warn: int,
    reason: str,
    valid_from: date,
    valid_to: date | None,
    actor: User,
    idempotency_key: uuid.UUID,
    today: date,
) -> LevelOverride:
    """Raises WrongLevels, UnknownMeasure, Overlapping, PastDay."""
    _check_place(organization)
    known = LevelOverride.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    _check_levels(measure, good=good, warn=warn)
    if valid_from < today:
        raise PastDay(field="valid_from")
    override = LevelOverride(
        organization=organization,
        path=organization.path,
        measure=measure,
        good=good,
        warn=warn,
        reason=reason,
        valid_from=valid_from,
        valid_to=valid_to,
        created_by=actor,
        idempotency_key=idempotency_key,
    )
    others = LevelOverride.objects.filter(organization=organization, measure=measure)
    _check_free(others, valid_from=valid_from, valid_to=valid_to)
    override.full_clean(exclude=["path"])
    override.save()
    words = f"{MEASURE_NAMES[measure]}：良好线 {good}，提示线 {warn}。{reason}"
    record(actor=actor, action="level.overridden", target=override, path=override.path, reason=words)
    return override


@transaction.atomic
def end_override(*, override: LevelOverride, valid_to: date, actor: User, today: date) -> None:
    """From `valid_to` on the levels of the committee above, or the product's, count again."""
    locked = LevelOverride.objects.select_for_update().get(pk=override.pk)
    words = _end(locked, valid_to=valid_to, today=today)
    record(actor=actor, action="level.override_ended", target=override, path=override.path, reason=words)


def _check_place(organization: Organization) -> None:
    if organization.kind == OrgKind.GROUP:
        raise NotForGroups(field="organization")
    Organization.objects.select_for_update().get(pk=organization.pk)


def _check_levels(measure: str, *, good: int, warn: int) -> None:
    if measure not in MEASURE_NAMES:
        raise UnknownMeasure(field="measure")
    if warn > good:
        raise WrongLevels(field="warn")
    if good > highest(measure):
        raise WrongLevels(f"良好线不能高于 {highest(measure)}{unit_of(measure)}。", field="good")


def _check_free(others: QuerySet[Row], *, valid_from: date, valid_to: date | None) -> None:
    for other in others:
        ends_before = other.valid_to is not None and other.valid_to <= valid_from
        starts_after = valid_to is not None and valid_to <= other.valid_from
        if not (ends_before or starts_after):
            raise Overlapping(field="valid_from")


def _end(locked: Bearing, *, valid_to: date, today: date) -> str:
    """What no day has passed under yet is taken back altogether. Returns what was done in words."""
    if locked.valid_to is not None and locked.valid_to <= today:
        raise AlreadyEnded
    if valid_to < today:
        raise PastDay(field="valid_to")
    if valid_to <= locked.valid_from:
        locked.delete()
        return "尚未生效，撤回"
    locked.valid_to = valid_to
    locked.version += 1
    locked.save(update_fields=["valid_to", "version"])
    return f"从 {valid_to} 起"
