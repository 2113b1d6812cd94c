"""Filed sittings with their rolls, and tasks, of generated branches, some hundred branches at a time."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.branches.models import Organization
from apps.meetings.models import Attendance, Meeting, MeetingPurpose, MeetingState, Minutes
from apps.meetings.titles import suggested_title
from apps.members.models import Member
from apps.rules.kinds import AttendanceStatus, MeetingKind, MemberStatus, TaskKind
from apps.rules.periods import add_months
from apps.tasks.models import Task, TaskState
from apps.workbench.services_demo_people import SEATS
from apps.workbench.services_generate_people import AT_ONCE, Plot

SUMMARY = "学习上级文件一篇，通报本月党费收缴情况；三名党员发言，议定下月到村里办一件实事，由组织委员牵头。"
STATUSES = [AttendanceStatus.PRESENT] * 18 + [AttendanceStatus.PERSONAL_LEAVE, AttendanceStatus.ABSENT]
#: A branch that is silent has held no assembly for so many months.
SILENT_MONTHS = 8


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One sitting before its rows are written."""

    plot: Plot
    held_on: date
    kinds: tuple[MeetingKind, ...]
    members: Sequence[Member]
    group: Organization | None = None
    for_year: int | None = None


def write_records(
    *, plots: Sequence[Plot], years: int, rng: random.Random, today: date, now: datetime
) -> int:
    """Returns the number of sittings."""
    drafts = [draft for plot in plots for draft in _drafts(plot, years=years, today=today)]
    meetings = Meeting.objects.bulk_create([_meeting(draft, rng=rng) for draft in drafts], batch_size=AT_ONCE)
    pairs = list(zip(meetings, drafts, strict=True))
    Minutes.objects.bulk_create(
        [Minutes(meeting=meeting, summary=SUMMARY) for meeting in meetings], batch_size=AT_ONCE
    )
    purposes = [
        MeetingPurpose(meeting=meeting, kind=kind) for meeting, draft in pairs for kind in draft.kinds
    ]
    MeetingPurpose.objects.bulk_create(purposes, batch_size=AT_ONCE)
    roll = [line for meeting, draft in pairs for line in _roll(meeting, draft=draft, rng=rng)]
    Attendance.objects.bulk_create(roll, batch_size=AT_ONCE)
    tasks = [task for plot in plots for task in _tasks(plot, rng=rng, today=today, now=now)]
    Task.objects.bulk_create(tasks, batch_size=AT_ONCE)
    return len(meetings)


def _drafts(plot: Plot, *, years: int, today: date) -> Iterator[Draft]:
    for ago in range(12 * years):
        month = add_months(today.replace(day=1), -ago)
        for draft in _month(plot, month=month, ago=ago):
            if draft.held_on <= today:
                yield draft


def _month(plot: Plot, *, month: date, ago: int) -> Iterator[Draft]:
    kinds = [MeetingKind.THEMED_DAY]
    if month.month % 3 == 1 and not (plot.trouble == "silent" and ago <= SILENT_MONTHS):
        kinds.append(MeetingKind.GENERAL)
    if month.month % 3 == 0:
        kinds.append(MeetingKind.LECTURE)
    day = month + timedelta(days=4 + plot.number % 20)
    for_year = None
    if month.month == 1:
        kinds.append(MeetingKind.ORG_LIFE_MEETING)
        for_year = month.year - 1
    yield Draft(plot=plot, held_on=day, kinds=tuple(kinds), members=plot.members, for_year=for_year)
    if plot.with_committee:
        seats = plot.members[: len(SEATS)]
        yield Draft(
            plot=plot, held_on=month + timedelta(days=2), kinds=(MeetingKind.COMMITTEE,), members=seats
        )
    for group in plot.groups:
        members = [member for member in plot.members if member.group_id == group.pk]
        held_on = month + timedelta(days=12)
        yield Draft(plot=plot, held_on=held_on, kinds=(MeetingKind.GROUP,), members=members, group=group)


def _meeting(draft: Draft, *, rng: random.Random) -> Meeting:
    branch, keeper = draft.plot.organization, draft.plot.members[0]
    closed = timezone.make_aware(datetime.combine(draft.held_on, time(17, 0)))
    return Meeting(
        branch=branch,
        group=draft.group,
        path=(draft.group or branch).path,
        title=suggested_title(
            kinds=draft.kinds, held_on=draft.held_on, for_year=draft.for_year, group=str(draft.group or "")
        ),
        state=MeetingState.CLOSED,
        held_on=draft.held_on,
        starts_at=time(14, 30),
        ends_at=time(16, 0),
        for_year=draft.for_year,
        place="支部活动室",
        chair=keeper,
        recorded_at=closed,
        recorded_by=keeper.person,
        closed_at=closed,
        closed_by=keeper.person,
        idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
    )


def _roll(meeting: Meeting, *, draft: Draft, rng: random.Random) -> Iterator[Attendance]:
    seated = len(SEATS) if draft.plot.with_committee else 1
    seats = {member.pk for member in draft.plot.members[:seated]}
    for member in draft.members:
        if member.joined_on and member.joined_on > draft.held_on:
            continue
        is_full = member.status == MemberStatus.FULL
        reason = "" if is_full else "预备党员"
        yield Attendance(
            meeting=meeting,
            member=member,
            status=rng.choice(STATUSES),
            standing=member.status,
            on_committee=member.pk in seats,
            has_vote=is_full,
            no_vote_reason=reason,
            counts_in_election=is_full,
            exclusion_reason=reason,
        )


def _tasks(plot: Plot, *, rng: random.Random, today: date, now: datetime) -> Iterator[Task]:
    """One that is done and one that is open."""
    secretary = plot.members[0].person
    due_in = -12 if plot.trouble == "late" else 9 + plot.number % 20
    for title, is_done, due_on in (
        ("更新公开栏", True, today - timedelta(days=30)),
        ("整理上季度会议记录", False, today + timedelta(days=due_in)),
    ):
        yield Task(
            organization=plot.organization,
            path=plot.organization.path,
            kind=TaskKind.OWN,
            title=title,
            owner=secretary,
            due_on=due_on,
            state=TaskState.DONE if is_done else TaskState.OPEN,
            closed_on=due_on if is_done else None,
            result="已办结。" if is_done else "",
            created_by=secretary,
            created_at=now - timedelta(days=60),
            idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
        )
