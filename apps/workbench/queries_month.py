"""One month of a branch: sittings, tasks due and last days of duties, day by day."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from apps.branches.models import Organization
from apps.meetings.models import Meeting, MeetingState
from apps.rules.duties import Duty
from apps.rules.kinds import DutyState
from apps.rules.periods import add_months
from apps.tasks.models import Task, TaskState
from apps.workbench.queries import judged

#: The Party's first year, and more years to come than any plan has.
YEARS_SHOWN = range(1921, 2200)


@dataclass(frozen=True, kw_only=True)
class Day:
    day: date
    is_today: bool
    in_month: bool
    sittings: list[Meeting] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)

    @property
    def is_busy(self) -> bool:
        return bool(self.sittings or self.tasks or self.duties)


@dataclass(frozen=True, kw_only=True)
class MonthPage:
    first: date
    previous: date
    following: date
    weeks: list[list[Day]]

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


def month_page(branch: Organization, *, first: date, today: date) -> MonthPage:
    following = add_months(first, 1)
    sittings, tasks = defaultdict(list), defaultdict(list)
    for meeting in _sittings(branch, first=first, until=following):
        sittings[meeting.held_on].append(meeting)
    for task in Task.objects.filter(
        organization=branch, state=TaskState.OPEN, due_on__gte=first, due_on__lt=following
    ):
        tasks[task.due_on].append(task)
    duties = _last_days(branch, first=first, until=following, today=today)
    weeks = [
        [
            Day(
                day=day,
                is_today=day == today,
                in_month=day.month == first.month,
                sittings=sittings.get(day, []),
                tasks=tasks.get(day, []),
                duties=duties.get(day, []),
            )
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    return MonthPage(first=first, previous=first - timedelta(days=1), following=following, weeks=weeks)


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
