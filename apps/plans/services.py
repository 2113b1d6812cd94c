"""Making an annual plan, wording it, filing it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.plans.models import AnnualPlan, PlanAdjustment, PlanItem, TermGoal
from apps.plans.queries import Offers, offers_for
from apps.rules.branch_year import bits
from apps.rules.kinds import PlanState
from apps.ui.refusals import Refusal, Stale

register(
    {
        "plan.created": "起草年度计划",
        "plan.taken_over": "从模板加入计划事项",
        "plan.updated": "修改年度计划",
        "plan.adjusted": "调整已定稿的年度计划",
        "plan.filed": "年度计划定稿",
        "plan.reported": "记录计划事项进展",
    }
)
TEXTS = ("guiding", "goals", "safeguards")
LABELS = labels_of(AnnualPlan, TEXTS)


class YearTaken(Refusal):
    default = "这个年度的计划已经有了，请直接打开修改。"


class AlreadyFiled(Refusal):
    default = "这份计划已经定稿。"


class NothingPlanned(Refusal):
    default = "计划里还没有事项，请先加入事项再定稿。"


class NoReason(Refusal):
    default = "计划已经定稿，修改须写明调整原因。"


class NothingChosen(Refusal):
    default = "请至少勾选一项。"


@transaction.atomic
def create_plan(
    *,
    branch: Organization,
    year: int,
    chosen: Collection[str],
    texts: dict[str, str],
    actor: User,
    today: date,
    now: datetime,
    idempotency_key: uuid.UUID,
) -> AnnualPlan:
    """A draft with the ticked lines (see `take_over`). Raises YearTaken where the year has its plan."""
    Organization.objects.select_for_update().get(pk=branch.pk)
    known = AnnualPlan.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if AnnualPlan.objects.filter(branch=branch, year=year).exists():
        raise YearTaken(field="year")
    plan = AnnualPlan.objects.create(
        branch=branch,
        path=branch.path,
        year=year,
        created_by=actor,
        created_at=now,
        idempotency_key=idempotency_key,
        **{name: texts.get(name, "") for name in TEXTS},
    )
    PlanItem.objects.bulk_create(_items_of(plan, chosen=chosen, today=today))
    branch_changed(branch.pk)
    record(actor=actor, action="plan.created", target=plan, path=plan.path)
    return plan


@transaction.atomic
def take_over(*, plan: AnnualPlan, chosen: Collection[str], actor: User, today: date) -> int:
    """Add ticked lines to a draft and say how many; what the plan has already is not added twice."""
    locked = locked_plan(plan)
    if locked.state != PlanState.DRAFT:
        raise AlreadyFiled
    made = PlanItem.objects.bulk_create(_items_of(locked, chosen=chosen, today=today))
    if not made:
        raise NothingChosen(field="lines")
    bump(plan=locked)
    branch_changed(locked.branch_id)
    record(
        actor=actor,
        action="plan.taken_over",
        target=locked,
        path=locked.path,
        reason=f"加入 {len(made)} 项",
    )
    return len(made)


def _items_of(plan: AnnualPlan, *, chosen: Collection[str], today: date) -> list[PlanItem]:
    offers = offers_for(plan.branch, year=plan.year, today=today, plan=plan)
    rows = [*_from_template(plan, offers), *_from_last_year(plan, offers), *_from_goals(plan, offers.goals)]
    return [row for key, row in rows if key in chosen]


def _from_template(plan: AnnualPlan, offers: Offers) -> list[tuple[str, PlanItem]]:
    return [
        (
            f"line:{offer.line.code}",
            PlanItem(
                plan=plan,
                months=offer.line.months,
                title=offer.line.title,
                form=offer.line.form,
                meeting_kind=offer.line.meeting_kind or "",
                owner=offer.owner,
                code=offer.line.code,
            ),
        )
        for offer in offers.lines
    ]


def _from_last_year(plan: AnnualPlan, offers: Offers) -> list[tuple[str, PlanItem]]:
    return [
        (
            f"item:{old.pk}",
            PlanItem(
                plan=plan,
                months=bits(3),
                title=old.title,
                form=old.form,
                meeting_kind=old.meeting_kind,
                owner=old.owner,
                carried_from=old,
            ),
        )
        for old in offers.unfinished
    ]


def _from_goals(plan: AnnualPlan, goals: list[TermGoal]) -> list[tuple[str, PlanItem]]:
    return [
        (
            f"goal:{goal.pk}",
            PlanItem(plan=plan, months=bits(12), title=goal.title[:100], form="任期目标"),
        )
        for goal in goals
    ]


def locked_plan(plan: AnnualPlan) -> AnnualPlan:
    rows = AnnualPlan.objects.select_for_update(of=("self",)).select_related("branch")
    return rows.get(pk=plan.pk)


def bump(*, plan: AnnualPlan) -> None:
    plan.version += 1
    plan.save(update_fields=["version"])


@transaction.atomic
def update_texts(
    *,
    plan: AnnualPlan,
    version: int,
    guiding: str,
    goals: str,
    safeguards: str,
    actor: User,
    now: datetime,
    reason: str = "",
) -> AnnualPlan:
    """Raises NoReason for a filed plan, whose changes are kept as adjustments."""
    locked = locked_plan(plan)
    if locked.version != version:
        raise Stale
    if locked.state == PlanState.FILED and not reason:
        raise NoReason(field="reason")
    before = snapshot(locked, TEXTS)
    locked.guiding, locked.goals, locked.safeguards = guiding, goals, safeguards
    locked.version += 1
    locked.save()
    changes = changed_fields(before, snapshot(locked, TEXTS), labels=LABELS)
    adjust(
        plan=locked,
        lines=[f"修改{change['label']}" for change in changes],
        reason=reason,
        actor=actor,
        now=now,
    )
    action = "plan.adjusted" if locked.state == PlanState.FILED else "plan.updated"
    record(actor=actor, action=action, target=locked, path=locked.path, reason=reason, changes=changes)
    return locked


def adjust(*, plan: AnnualPlan, lines: list[str], reason: str, actor: User, now: datetime) -> None:
    """Keep what was changed in a filed plan; a draft is simply written on."""
    if plan.state == PlanState.FILED and lines:
        PlanAdjustment.objects.create(
            plan=plan, reason=reason, text="\n".join(lines), made_by=actor, made_at=now
        )


@transaction.atomic
def file_plan(*, plan: AnnualPlan, actor: User, today: date) -> AnnualPlan:
    locked = locked_plan(plan)
    if locked.state != PlanState.DRAFT:
        raise AlreadyFiled
    if not locked.items.exists():
        raise NothingPlanned
    locked.state, locked.filed_on = PlanState.FILED, today
    locked.version += 1
    locked.save(update_fields=["state", "filed_on", "version"])
    branch_changed(locked.branch_id)
    record(actor=actor, action="plan.filed", target=locked, path=locked.path)
    return locked
