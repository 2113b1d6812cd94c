"""The lines of a plan: written on one page, reported on one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.changes import in_words
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.plans.models import AnnualPlan, PlanItem
from apps.plans.services import AlreadyFiled, NoReason, adjust, bump, locked_plan
from apps.rules.branch_year import month_words
from apps.rules.kinds import MeetingKind, PlanState, Progress
from apps.ui.refusals import Refusal, Stale

WORDS = {
    "months": "月份",
    "title": "事项",
    "form": "形式",
    "meeting_kind": "对应会议活动",
    "owner": "责任人",
    "due_on": "期限",
}


class NotFiledYet(Refusal):
    default = "计划还在起草，定稿后再记进展。"


class ReasonMissing(Refusal):
    default = "推迟或取消须写明原因。"


class NotYet(Refusal):
    default = "完成日期不能晚于今天。"


@dataclass(frozen=True, kw_only=True)
class ItemDraft:
    """One line as it was typed. `pk` None is a new one; `removed` strikes it from a draft."""

    pk: int | None
    months: int
    title: str
    form: str = ""
    meeting_kind: str = ""
    owner: User | None = None
    due_on: date | None = None
    removed: bool = False

    @property
    def values(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name in WORDS}


@transaction.atomic
def save_items(
    *,
    plan: AnnualPlan,
    version: int,
    drafts: Sequence[ItemDraft],
    actor: User,
    now: datetime,
    reason: str = "",
) -> list[str]:
    """Write the lines that changed and say what was done. A filed plan wants a reason and loses no line."""
    locked = locked_plan(plan)
    if locked.version != version:
        raise Stale
    is_filed = locked.state == PlanState.FILED
    if is_filed and any(draft.removed for draft in drafts):
        raise AlreadyFiled("已定稿的计划不删事项，请在这一项的“进展”里登记取消和原因。")
    known = {item.pk: item for item in locked.items.select_related("owner")}
    lines = [line for draft in drafts if (line := _written(locked, draft, known=known))]
    if is_filed and lines and not reason:
        raise NoReason(field="reason")
    if lines:
        bump(plan=locked)
        adjust(plan=locked, lines=lines, reason=reason, actor=actor, now=now)
        branch_changed(locked.branch_id)
        action = "plan.adjusted" if is_filed else "plan.updated"
        words = reason or f"共 {len(lines)} 处"
        record(actor=actor, action=action, target=locked, path=locked.path, reason=words)
    return lines


def _written(plan: AnnualPlan, draft: ItemDraft, *, known: dict[int, PlanItem]) -> str:
    """What was done, in words; empty when nothing was."""
    if draft.pk is None:
        if draft.removed:
            return ""
        PlanItem.objects.create(plan=plan, **draft.values)
        return f"新增：{draft.title}（{month_words(draft.months)}）"
    item = known.get(draft.pk)
    if item is None:
        raise Stale
    if draft.removed:
        item.delete()
        return f"删除：{item.title}"
    return _changed(item, draft)


def _changed(item: PlanItem, draft: ItemDraft) -> str:
    before, title = {name: getattr(item, name) for name in WORDS}, item.title
    parts = [
        f"{WORDS[name]}由“{_in_words(name, before[name])}”改为“{_in_words(name, value)}”"
        for name, value in draft.values.items()
        if value != before[name]
    ]
    if not parts:
        return ""
    for name, value in draft.values.items():
        setattr(item, name, value)
    item.save()
    return f"{title}：" + "，".join(parts)


def _in_words(name: str, value: Any) -> str:
    if name == "months":
        return month_words(value)
    if name == "meeting_kind":
        return MeetingKind(value).label if value else "无"
    return in_words(value) or "无"


@transaction.atomic
def report_progress(
    *,
    item: PlanItem,
    state: str,
    actor: User,
    today: date,
    state_reason: str = "",
    done_on: date | None = None,
    note: str = "",
) -> PlanItem:
    """A done item has the day, today's where none is named; a postponed or cancelled one has its reason."""
    plan = locked_plan(item.plan)
    if plan.state != PlanState.FILED:
        raise NotFiledYet
    if state in (Progress.POSTPONED, Progress.CANCELLED) and not state_reason:
        raise ReasonMissing(field="state_reason")
    if state == Progress.DONE and done_on and done_on > today:
        raise NotYet(field="done_on")
    locked = PlanItem.objects.select_for_update().get(pk=item.pk)
    locked.state, locked.note = state, note
    locked.state_reason = state_reason if state in (Progress.POSTPONED, Progress.CANCELLED) else ""
    locked.done_on = (done_on or today) if state == Progress.DONE else None
    locked.save()
    branch_changed(plan.branch_id)
    words = f"{locked.title}：{Progress(state).label}"
    record(actor=actor, action="plan.reported", target=plan, path=plan.path, reason=words)
    return locked
