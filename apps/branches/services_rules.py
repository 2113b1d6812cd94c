"""Local rules of a committee for its subtree, and excused periods."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.facts import override_facts
from apps.branches.models import Excuse, Organization, RuleOverride
from apps.rules.cadences import cadences_in_force
from apps.rules.kinds import OrgKind, Period
from apps.rules.periods import period_of
from apps.ui.refusals import Refusal

register(
    {
        "override.created": "登记本级规则",
        "override.ended": "停止本级规则",
        "excuse.created": "登记免做说明",
        "excuse.withdrawn": "撤回免做说明",
    }
)


class Overlapping(Refusal):
    default = "这一规则在这段时间已有本级规定，请先停止原来的规定。"


class NotForGroups(Refusal):
    default = "本级规则登记在党委、党总支或党支部，不登记在党小组。"


class NotABranch(Refusal):
    default = "免做说明只能登记在党支部。"


@transaction.atomic
def create_override(
    *,
    organization: Organization,
    code: str,
    applies: bool,
    period: str,
    min_count: int | None,
    reason: str,
    valid_from: date,
    valid_to: date | None,
    actor: User,
) -> RuleOverride:
    """Raises Overlapping when the organization already has one for the same rule on one of these days, and
    NotForGroups below a branch."""
    if organization.kind == OrgKind.GROUP:
        raise NotForGroups(field="organization")
    Organization.objects.select_for_update().get(pk=organization.pk)
    others = RuleOverride.objects.filter(organization=organization, code=code)
    for other in others:
        ends_before = other.valid_to is not None and other.valid_to <= valid_from
        starts_after = valid_to is not None and valid_to <= other.valid_from
        if not (ends_before or starts_after):
            raise Overlapping(field="valid_from")
    override = RuleOverride(
        organization=organization,
        path=organization.path,
        code=code,
        applies=applies,
        period=period,
        min_count=min_count,
        reason=reason,
        valid_from=valid_from,
        valid_to=valid_to,
        created_by=actor,
    )
    override.full_clean(exclude=["path"])
    override.save()
    record(actor=actor, action="override.created", target=override, path=override.path, reason=reason)
    return override


@transaction.atomic
def end_override(*, override: RuleOverride, valid_to: date, actor: User) -> RuleOverride:
    locked = RuleOverride.objects.select_for_update().get(pk=override.pk)
    if valid_to <= locked.valid_from:
        raise Overlapping("停止执行的日期应晚于开始日期。", field="valid_to")
    locked.valid_to = valid_to
    locked.version += 1
    locked.save(update_fields=["valid_to", "version"])
    record(actor=actor, action="override.ended", target=locked, path=locked.path)
    return locked


@transaction.atomic
def create_excuse(
    *, organization: Organization, code: str, period_start: date, reason: str, decided_on: date, actor: User
) -> Excuse:
    """Free one branch of one duty for one period; only from above, with the reason.

    `period_start` may be any day of the period; what is kept is its first.
    """
    if organization.kind != OrgKind.BRANCH:
        raise NotABranch
    period_start = _first_day(organization, code=code, day=period_start)
    excuse = Excuse(
        organization=organization,
        path=organization.path,
        code=code,
        period_start=period_start,
        reason=reason,
        decided_by=actor,
        decided_on=decided_on,
    )
    excuse.full_clean(exclude=["path"])
    excuse.save()
    branch_changed(organization.pk, years=[period_start.year])
    record(actor=actor, action="excuse.created", target=excuse, path=excuse.path, reason=reason)
    return excuse


def _first_day(organization: Organization, *, code: str, day: date) -> date:
    """The first day of the period of this rule, as it holds for the branch, in which `day` lies."""
    overrides = override_facts([organization], since=day)[organization.pk]
    cadence = next((item for item in cadences_in_force(day, overrides) if item.code == code), None)
    if cadence is None or cadence.period is Period.TERM:
        return day
    return period_of(cadence.period, day).start


@transaction.atomic
def withdraw_excuse(*, excuse: Excuse, reason: str, actor: User) -> None:
    locked = Excuse.objects.select_for_update().get(pk=excuse.pk)
    record(actor=actor, action="excuse.withdrawn", target=locked, path=locked.path, reason=reason)
    locked.delete()
    branch_changed(locked.organization_id, years=[locked.period_start.year])
