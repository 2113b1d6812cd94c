"""One month of a branch: sittings, tasks due, last days of duties and the plan, day by day."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from apps.branches.models import Organization
from apps.meetings.facts import sitting_facts
from apps.meetings.models import Meeting, MeetingState
from apps.plans.models import AnnualPlan, PlanItem
from apps.rules.branch_year import bits, months_that_meet
from apps.rules.duties import Duty
from apps.rules.kinds import DutyState, Progress
from apps.rules.periods import add_months
from apps.tasks.models import Task, TaskState
from apps.workbench.queries import judged
from apps.workbench.queries_evaluations import DueDay, days_due

#: The Party's first year, and more years to come than any plan has.
YEARS_SHOWN = range(1921, 2200)
#: What a month shows, each with its word; a reader may leave some out.
SORTS = {"sittings": "会议活动", "tasks": "任务期限", "duties": "最迟日期", "plan": "计划事项"}


@dataclass(frozen=True, kw_only=True)
class Day:
    day: date
    is_today: bool
    in_month: bool
    sittings: list[Meeting] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    plan: list[PlanItem] = field(default_factory=list)
    evaluations: list[DueDay] = field(default_factory=list)

    @property
    def is_busy(self) -> bool:
        return bool(self.sittings or self.tasks or self.duties or self.plan or self.evaluations)


@dataclass(frozen=True, kw_only=True)
class MonthItem:
    """An item of the plan for this month, without a day of its own."""

    item: PlanItem
    done: bool


@dataclass(frozen=True, kw_only=True)
class MonthPage:
    first: date
    previous: date
    following: date
    weeks: list[list[Day]]
    plan: list[MonthItem]
    shown: list[str]

    @property
    def busy_days(self) -> list[Day]:
        """For the phone: only the days of this month on which something stands."""
        return [day for week in self.weeks for day in week if day.in_month and day.is_busy]


def first_day(raw: str, *, today: date) -> date:
    """`2026-11` → its first day; anything else → this month."""
    try:
        first = date.fromisoformat(f"{raw}-01")
    except ValueError:
        return today.replace(day=1)
    return first if first.year in YEARS_SHOWN else today.replace(day=1)


def sorts_in(raw: Collection[str]) -> list[str]:
    """The sorts an address names; all of them where it names none."""
    return [sort for sort in SORTS if sort in raw] or list(SORTS)


def month_page(
    branch: Organization,
    *,
    first: date,
    today: date,
    plans: QuerySet[AnnualPlan],
    shown: Collection[str] = tuple(SORTS),
) -> MonthPage:
    """`plans` are those that the reader may see; `shown` names the sorts that he wants."""
    following = add_months(first, 1)
    span = {"first": first, "until": following}
    sittings = _by_day(_sittings(branch, **span), "held_on") if "sittings" in shown else {}
    tasks = _by_day(_tasks(branch, **span), "due_on") if "tasks" in shown else {}
    duties = _last_days(branch, **span, today=today) if "duties" in shown else {}
    due = _by_day(days_due([branch.pk], **span), "day") if "duties" in shown else {}
    items = _items(plans.filter(branch=branch), first=first) if "plan" in shown else []
    dated = [item for item in items if item.due_on and first <= item.due_on < following]
    plan = _by_day(dated, "due_on")
    parts = {"sittings": sittings, "tasks": tasks, "duties": duties, "plan": plan, "evaluations": due}
    weeks = [
        [_day(day, first=first, today=today, parts=parts) for day in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    return MonthPage(
        first=first,
        previous=first - timedelta(days=1),
        following=following,
        weeks=weeks,
        plan=_with_sittings([item for item in items if item not in dated], branch=branch, **span),
        shown=list(shown),
    )


def _day(day: date, *, first: date, today: date, parts: Mapping[str, Mapping[date, list[Any]]]) -> Day:
    found = {name: by_day.get(day, []) for name, by_day in parts.items()}
    return Day(day=day, is_today=day == today, in_month=day.month == first.month, **found)


def _by_day(rows: Iterable[Any], name: str) -> dict[date, list[Any]]:
    found: dict[date, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _tasks(branch: Organization, *, first: date, until: date) -> QuerySet[Task]:
    rows = Task.objects.filter(organization=branch, state=TaskState.OPEN)
    return rows.filter(due_on__gte=first, due_on__lt=until).order_by("due_on", "pk")


def _items(plans: QuerySet[AnnualPlan], *, first: date) -> list[PlanItem]:
    rows = PlanItem.objects.filter(plan__in=plans, plan__year=first.year)
    rows = rows.exclude(state=Progress.CANCELLED).order_by("pk")
    return [item for item in rows if item.months & bits(first.month)]


def _with_sittings(
    items: list[PlanItem], *, branch: Organization, first: date, until: date
) -> list[MonthItem]:
    """A closed sitting of the kind that an item names meets it for the month, or for the quarter it ends."""
    since = add_months(first, -2)
    sittings = sitting_facts([branch.pk], since=since, until=until).get(branch.pk, ())
    held = {
        (sitting.held_on.year * 12 + sitting.held_on.month, str(kind))
        for sitting in sittings
        if sitting.closed
        for kind in sitting.kinds
    }
    january = first.year * 12
    return [
        MonthItem(
            item=item,
            done=item.state == Progress.DONE
            or any(
                (january + month, item.meeting_kind) in held
                for month in months_that_meet(item.months, first.month)
            ),
        )
        for item in items
    ]


def _sittings(branch: Organization, *, first: date, until: date) -> list[Meeting]:
    rows = Meeting.objects.filter(branch=branch, held_on__gte=first, held_on__lt=until)
    return list(rows.exclude(state=MeetingState.CANCELLED).select_related("group").order_by("held_on", "pk"))


def _last_days(branch: Organization, *, first: date, until: date, today: date) -> dict[date, list[Duty]]:
    """Duties of this very period that are still to be done, on their last day."""
    found: dict[date, list[Duty]] = defaultdict(list)
    for duty in judged(branch, today=today).duties:
        if duty.state == DutyState.DUE and first <= duty.due_on < until:
            found[duty.due_on].append(duty)
    return found
