"""One plan with the sittings beside it: an item that names a kind of sitting is met by the record itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import Any

from apps.meetings.facts import sitting_facts
from apps.plans.models import AnnualPlan, PlanItem
from apps.plans.queries import by_month, items_of
from apps.rules.branch_year import QUARTER_ENDS, months_that_meet
from apps.rules.kinds import MeetingKind, Progress
from apps.rules.periods import months_in

TONES = {
    Progress.NOT_STARTED: "muted",
    Progress.UNDER_WAY: "info",
    Progress.DONE: "ok",
    Progress.POSTPONED: "warn",
    Progress.CANCELLED: "muted",
}


@dataclass(frozen=True)
class Mark:
    """One month (or quarter) of an item: whether a closed sitting of its kind stands there."""

    label: str
    _: KW_ONLY
    held: bool
    past: bool

    @property
    def css(self) -> str:
        return "plan-held" if self.held else "plan-missed" if self.past else "plan-ahead"

    @property
    def words(self) -> str:
        return self.label + ("已开" if self.held else "无记录" if self.past else "未到")


@dataclass(frozen=True, kw_only=True)
class ItemLine:
    item: PlanItem
    badge: tuple[str, str]
    marks: list[Mark] = field(default_factory=list)
    may_report: bool = False

    @property
    def is_done(self) -> bool:
        return self.item.state == Progress.DONE or self.by_records

    @property
    def by_records(self) -> bool:
        return bool(self.marks) and all(mark.held for mark in self.marks)


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    plan: AnnualPlan
    parts: list[tuple[str, list[ItemLine]]]
    done: int
    wanted: int
    adjustments: list[Any]


def plan_page(plan: AnnualPlan, *, today: date, may_report: Any) -> PlanPage:
    """`may_report` says of an item whether the reader notes its progress."""
    held = held_months(plan)
    items = items_of(plan)
    for item in items:
        item.plan = plan
    lines = {
        item.pk: line_of(item, plan=plan, held=held, today=today, may_report=may_report(item))
        for item in items
    }
    standing = [line for line in lines.values() if line.item.state != Progress.CANCELLED]
    return PlanPage(
        plan=plan,
        parts=[(label, [lines[item.pk] for item in found]) for label, found in by_month(items)],
        done=sum(line.is_done for line in standing),
        wanted=len(standing),
        adjustments=list(plan.adjustments.select_related("made_by").order_by("-made_at", "-pk")),
    )


def held_months(plan: AnnualPlan) -> Mapping[str, set[int]]:
    """For each kind of sitting, the months of the year in which one was closed."""
    first, until = date(plan.year, 1, 1), date(plan.year + 1, 1, 1)
    sittings = sitting_facts([plan.branch_id], since=first, until=until).get(plan.branch_id, ())
    found: dict[str, set[int]] = defaultdict(set)
    for sitting in sittings:
        for kind in sitting.kinds if sitting.closed else ():
            found[kind].add(sitting.held_on.month)
    return found


def line_of(
    item: PlanItem, *, plan: AnnualPlan, held: Mapping[str, set[int]], today: date, may_report: bool
) -> ItemLine:
    months = months_in(item.months) if item.meeting_kind else ()
    here = held.get(MeetingKind(item.meeting_kind), set()) if item.meeting_kind else set()
    this_month = (today.year, today.month)
    marks = [
        Mark(
            label_of(item, month),
            held=any(near in here for near in months_that_meet(item.months, month)),
            past=(plan.year, month) < this_month,
        )
        for month in months
    ]
    line = ItemLine(item=item, badge=("", "muted"), marks=marks, may_report=may_report)
    badge = badge_of(line, plan=plan, today=today)
    return ItemLine(item=item, badge=badge, marks=marks, may_report=may_report)


def label_of(item: PlanItem, month: int) -> str:
    return f"{'一二三四'[month // 3 - 1]}季度" if item.months == QUARTER_ENDS else f"{month}月"


def badge_of(line: ItemLine, *, plan: AnnualPlan, today: date) -> tuple[str, str]:
    """What was entered counts first; then the sittings; then whether the day has passed."""
    item = line.item
    state = Progress(item.state)
    if state in (Progress.DONE, Progress.POSTPONED, Progress.CANCELLED):
        return state.label, TONES[state]
    if line.by_records:
        return "会议已开", "ok"
    if any(mark.past and not mark.held for mark in line.marks):
        return "有的没有会议记录", "warn"
    if item.last_day(plan.year) < today and not line.marks:
        return "已过期限", "bad"
    if any(mark.held for mark in line.marks):
        return Progress.UNDER_WAY.label, "info"
    return state.label, TONES[state]
