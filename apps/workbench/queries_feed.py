"""What stands in a person's calendar feed today, by the posts he holds today.

Whoever stands above many branches gets his own committee's tasks, not every branch's sittings. Of a talk only
its date is told: a partner's name must not leave the system.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from apps.accounts.models import User
from apps.branches.policies import COMMITTEE, paths_of, within
from apps.evaluations.policies_round import own_evaluations
from apps.meetings.models import MeetingState
from apps.meetings.policies import LEADER, visible_meetings
from apps.members.own_page import Days, registered_shares
from apps.plans.models import PlanItem
from apps.plans.policies import own_branch_ids, visible_plans
from apps.rules.kinds import DutyState, PlanState, PostKind, Progress
from apps.rules.kinds_evaluations import RoundState
from apps.rules.periods import add_months
from apps.tasks.models import TaskState
from apps.tasks.policies import visible_tasks
from apps.ui.logs import mask_personal_numbers
from apps.workbench.policies import own_branches
from apps.workbench.queries import judged
from apps.workbench.queries_evaluations import days_due

MONTHS_BACK, MONTHS_AHEAD = 3, 14
#: Sittings, tasks and items in one feed; a calendar with more is not read.
MOST = 1000
FINISHED = (Progress.DONE, Progress.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the calendar. `start` is a day, or a moment with its `end`."""

    key: str
    title: str
    start: date | datetime
    end: date | datetime
    url: str
    place: str = ""


def events_of(user: User, *, today: date) -> list[Entry]:
    """Every sort of entry is one function."""
    window = (add_months(today, -MONTHS_BACK), add_months(today, MONTHS_AHEAD))
    sorts = (
        _sittings(user, window=window),
        _tasks(user, window=window),
        _duties(user, today=today),
        _evaluations(user, window=window),
        _plan_items(user, today=today),
        _own_days(user, days=Days(*window)),
        _self_assessments(user, window=window),
    )
    return list(chain.from_iterable(islice(entries, MOST) for entries in sorts))


def _sittings(user: User, *, window: tuple[date, date]) -> Iterator[Entry]:
    own = within(user, COMMITTEE | LEADER) | Q(branch_id__in=own_branch_ids(user))
    rows = visible_meetings(user).filter(own, held_on__gte=window[0], held_on__lt=window[1])
    for row in rows.exclude(state=MeetingState.CANCELLED).order_by("held_on", "pk"):
        start, end = _span(row.held_on, starts_at=row.starts_at, ends_at=row.ends_at)
        url = reverse("meetings:detail", args=[row.pk])
        yield Entry(key=f"sitting-{row.pk}", title=row.title, start=start, end=end, url=url, place=row.place)


def _span(
    day: date, *, starts_at: time | None, ends_at: time | None
) -> tuple[date | datetime, date | datetime]:
    """The whole day where no time is entered; two hours where only the beginning is."""
    if starts_at is None:
        return day, day + timedelta(days=1)
    local = timezone.get_default_timezone()
    start = datetime.combine(day, starts_at, tzinfo=local).astimezone(UTC)
    end = datetime.combine(day, ends_at, tzinfo=local).astimezone(UTC) if ends_at else start
    return start, end if end > start else start + timedelta(hours=2)


def _tasks(user: User, *, window: tuple[date, date]) -> Iterator[Entry]:
    own = within(user, COMMITTEE | LEADER) | Q(owner_id=user.pk)
    own |= Q(path__in=paths_of(user, {PostKind.ORGANIZER}))
    rows = visible_tasks(user).filter(own, state=TaskState.OPEN, due_on__gte=window[0], due_on__lt=window[1])
    for row in rows.order_by("due_on", "pk"):
        url = reverse("tasks:detail", args=[row.pk])
        yield _whole_day(f"task-{row.pk}", row.due_on, title=f"任务到期：{row.title}", url=url)  # type: ignore[arg-type] # the filter asks for a day


def _duties(user: User, *, today: date) -> Iterator[Entry]:
    for branch in own_branches(user):
        for duty in judged(branch, today=today).duties:
            if duty.state == DutyState.DUE:
                group = f"（{duty.group_name}）" if duty.group_name else ""
                key = f"duty-{branch.pk}-{duty.group_id or 0}-{duty.code}-{duty.period_start:%Y%m%d}"
                title = f"最迟今天：{duty.title}{group}"
                yield _whole_day(key, duty.due_on, title=title, url=reverse("workbench:home"))


def _evaluations(user: User, *, window: tuple[date, date]) -> Iterator[Entry]:
    """Last days of the annual evaluation of the person's own branches."""
    own = [branch.pk for branch in own_branches(user)]
    for due in days_due(own, first=window[0], until=window[1]) if own else ():
        yield _whole_day(f"evaluation-{due.key}", due.day, title=f"最迟今天：{due.words}", url=due.url)


def _plan_items(user: User, *, today: date) -> Iterator[Entry]:
    """Items of filed plans of the person's own branches that are still open, on their last day."""
    plans = visible_plans(user).filter(
        within(user, COMMITTEE) | Q(branch_id__in=own_branch_ids(user)),
        state=PlanState.FILED,
        year__gte=today.year,
    )
    rows = PlanItem.objects.filter(plan__in=plans).exclude(state__in=FINISHED).select_related("plan")
    for row in rows.order_by("pk"):
        url = reverse("workbench:plan_detail", args=[row.plan_id])
        title = f"计划（{row.month_words}）：{row.title}"
        yield _whole_day(f"item-{row.pk}", row.last_day(row.plan.year), title=title, url=url)


def _own_days(user: User, *, days: Days) -> Iterator[Entry]:
    """What apps that none above may import have for this person's calendar."""
    for _, share in sorted(registered_shares(), key=lambda ranked: ranked[0]):
        for own in share.days(user, days) if share.days else ():
            yield _whole_day(own.key, own.day, title=own.title, url=own.url)


def _self_assessments(user: User, *, window: tuple[date, date]) -> Iterator[Entry]:
    """The last day to write of oneself in an open round, until it is written."""
    rows = own_evaluations(user).filter(round__state=RoundState.OPEN, self_on__isnull=True)
    days = rows.filter(round__self_by__gte=window[0], round__self_by__lt=window[1])
    for row in days.select_related("round").order_by("pk"):
        url = reverse("evaluations:round_member", args=[row.pk])
        title = "最迟今天：写个人自评和问题清单"
        yield _whole_day(f"self-{row.pk}", row.round.self_by, title=title, url=url)


def _whole_day(key: str, day: date, *, title: str, url: str) -> Entry:
    return Entry(key=key, title=title, start=day, end=day + timedelta(days=1), url=url)


def as_calendar(entries: list[Entry], *, root: str, host: str, now: datetime) -> bytes:
    """RFC 5545. The library folds by octets, escapes, and ends lines with CRLF; times are given in UTC."""
    calendar = Calendar()
    calendar.add("prodid", "-//branchsys//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "支部工作")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_event(entry, root=root, host=host, now=now))
    return calendar.to_ical()


def _event(entry: Entry, *, root: str, host: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{host}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("summary", mask_personal_numbers(entry.title))
    if entry.place:
        event.add("location", mask_personal_numbers(entry.place))
    event.add("url", root + entry.url)
    if not isinstance(entry.start, datetime):
        event.add("transp", "TRANSPARENT")
    return event
