"""Eighteen months of the demo's sittings and tasks, with the gaps that real records have."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.meetings.models import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingPurpose,
    MeetingState,
    MeetingTopic,
    Minutes,
    Motion,
    MotionState,
    Opinion,
)
from apps.meetings.titles import suggested_title
from apps.members.models import Member
from apps.rules.kinds import ActivityForm, AttendanceStatus, Matter, MeetingKind, MemberStatus
from apps.rules.periods import add_months
from apps.rules.voting import Votes, outcome
from apps.tasks.models import Task
from apps.workbench import demo_world as world
from apps.workbench.services_demo_people import MONTHS_OF_RECORDS, Settled, SettledBranch
from apps.workbench.services_demo_tasks import write_tasks


@dataclass
class Draft:
    """One sitting before its rows are written."""

    branch: SettledBranch
    held_on: date
    kinds: tuple[str, ...]
    group: Organization | None = None
    theme: world.Theme | None = None
    items: tuple[world.Decision, ...] = ()
    lecture: str = ""
    state: str = MeetingState.CLOSED
    late_days: int = 0
    for_year: int | None = None


@dataclass
class Rows:
    meetings: list[Meeting] = field(default_factory=list)
    minutes: list[Minutes] = field(default_factory=list)
    purposes: list[MeetingPurpose] = field(default_factory=list)
    topics: list[MeetingTopic] = field(default_factory=list)
    roll: list[Attendance] = field(default_factory=list)
    items: list[AgendaItem] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    motions: list[Motion] = field(default_factory=list)

    def save(self) -> None:
        for name in ("meetings", "minutes", "purposes", "topics", "roll", "items", "opinions", "motions"):
            rows = getattr(self, name)
            if rows:
                type(rows[0]).objects.bulk_create(rows, batch_size=400)


def write_records(*, settled: Settled, rng: random.Random, today: date, now: datetime) -> tuple[int, int]:
    """Returns how many sittings and tasks there are."""
    rows = Rows()
    for branch in settled.branches:
        for draft in _year_and_a_half(branch, rng=rng, today=today):
            _fill(rows, draft, rng=rng, now=now)
    rows.save()
    tasks = write_tasks(settled=settled, rng=rng, today=today, now=now)
    Task.objects.bulk_create(tasks, batch_size=400)
    return len(rows.meetings), len(tasks)


def _year_and_a_half(branch: SettledBranch, *, rng: random.Random, today: date) -> Iterator[Draft]:
    first = add_months(today.replace(day=1), -MONTHS_OF_RECORDS)
    founded = branch.organization.founded_on or first
    for number in range(MONTHS_OF_RECORDS + 1):
        month = add_months(first, number)
        for draft in _month(branch, month=month, rng=rng, today=today):
            if draft.held_on >= founded and draft.held_on <= today:
                yield draft
    if branch.plan.short == "机关一支部":
        yield from _coming(branch, today=today)


def _month(branch: SettledBranch, *, month: date, rng: random.Random, today: date) -> Iterator[Draft]:
    plan, gap = branch.plan, branch.plan.gap
    recent = (today.year - month.year) * 12 + today.month - month.month
    starts_quarter, late = month.month % 3 == 1, rng.choice([0, 0, 0, 1, 2, 6])
    day = timedelta(days=rng.randrange(3, 20))
    skips_assembly = (gap == "general" and recent <= 4) or (gap == "quarter" and recent <= 2)
    themed = not (gap == "themed" and recent <= 2) and rng.random() > 0.04
    assembly = starts_quarter and not skips_assembly
    kinds = [MeetingKind.THEMED_DAY] if themed else []
    if assembly:
        kinds.append(MeetingKind.GENERAL)
    if month.month in (3, 6, 9, 12):
        kinds.append(MeetingKind.LECTURE)
    if kinds:
        yield Draft(
            branch,
            month + day,
            tuple(kinds),
            theme=rng.choice(world.THEMES) if themed else None,
            items=(rng.choice(world.GENERAL_ITEMS),) if assembly else (),
            lecture=rng.choice(world.LECTURES) if MeetingKind.LECTURE in kinds else "",
            late_days=late,
        )
    if plan.with_committee and branch.posts and rng.random() > 0.05:
        yield _committee(branch, month=month, rng=rng)
    if month.month == 1:
        round_kinds = (MeetingKind.ORG_LIFE_MEETING, MeetingKind.MEMBER_EVALUATION)
        yield Draft(branch, month + timedelta(days=22), round_kinds, for_year=month.year - 1)
    for group in branch.groups:
        if rng.random() > 0.12:
            yield Draft(
                branch, month + timedelta(days=rng.randrange(20, 27)), (MeetingKind.GROUP,), group=group
            )


def _committee(branch: SettledBranch, *, month: date, rng: random.Random) -> Draft:
    items = (world.COMMITTEE_ITEMS[0], *rng.sample(world.COMMITTEE_ITEMS[1:], 2))
    return Draft(branch, month + timedelta(days=rng.randrange(0, 9)), (MeetingKind.COMMITTEE,), items=items)


def _coming(branch: SettledBranch, *, today: date) -> Iterator[Draft]:
    """One sitting being recorded and two planned, so that every state can be seen."""
    items = world.COMMITTEE_ITEMS[:2]
    yield Draft(branch, today, (MeetingKind.COMMITTEE,), items=items, state=MeetingState.OPEN)
    soon = today + timedelta(days=5)
    yield Draft(branch, soon, (MeetingKind.THEMED_DAY,), theme=world.THEMES[1], state=MeetingState.PLANNED)
    later = today + timedelta(days=12)
    yield Draft(branch, later, (MeetingKind.GENERAL, MeetingKind.LECTURE), state=MeetingState.PLANNED)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 0)))


def _fill(rows: Rows, draft: Draft, *, rng: random.Random, now: datetime) -> None:
    meeting = _meeting(draft, rng=rng, now=now)
    rows.meetings.append(meeting)
    rows.minutes.append(Minutes(meeting=meeting, summary=_summary(draft)))
    rows.purposes += [MeetingPurpose(meeting=meeting, kind=kind) for kind in draft.kinds]
    if draft.theme:
        rows.topics.append(MeetingTopic(meeting=meeting, topic=draft.theme.topic))
    roll = [] if draft.state == MeetingState.PLANNED else _roll(meeting, draft, rng=rng)
    rows.roll += roll
    is_open = draft.state == MeetingState.OPEN
    for position, decision in enumerate(draft.items, start=1):
        item = AgendaItem(
            meeting=meeting,
            position=position,
            title=decision.title,
            nature=decision.nature,
            reporter=meeting.chair.person.name if meeting.chair else "",
            discussion="" if is_open else decision.discussion,
            resolution="" if is_open else decision.resolution,
        )
        rows.items.append(item)
        if not is_open:
            _decide(rows, item, roll=roll, draft=draft, rng=rng)


def _meeting(draft: Draft, *, rng: random.Random, now: datetime) -> Meeting:
    branch = draft.branch
    chair = branch.leaders.get(draft.group.pk) if draft.group else next(iter(branch.posts.values()), None)
    recorder = list(branch.posts.values())[2:3]
    keeper = (chair or branch.members[0]).person
    held = _at(draft.held_on, 17)
    recorded = min(held + timedelta(days=draft.late_days), now)
    is_closed = draft.state == MeetingState.CLOSED
    return Meeting(
        branch=branch.organization,
        group=draft.group,
        path=(draft.group or branch.organization).path,
        title=suggested_title(
            kinds=draft.kinds, held_on=draft.held_on, for_year=draft.for_year, group=str(draft.group or "")
        ),
        state=draft.state,
        held_on=draft.held_on,
        starts_at=time(14, 30),
        ends_at=time(16, 30) if is_closed else None,
        for_year=draft.for_year,
        place=rng.choice(world.PLACES),
        chair=chair,
        recorder=recorder[0] if recorder else chair,
        form=draft.theme.form if draft.theme else ActivityForm.LECTURE if draft.lecture else "",
        class_hours="2.0" if draft.lecture or draft.theme else None,
        lecturer=chair if draft.lecture else None,
        lecture_title=draft.lecture,
        recorded_at=recorded,
        recorded_by=keeper,
        closed_at=recorded if is_closed else None,
        closed_by=keeper if is_closed else None,
        idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
    )


def _summary(draft: Draft) -> str:
    if draft.state != MeetingState.CLOSED:
        return ""
    if draft.theme:
        return f"主题：{draft.theme.title}。{draft.theme.did}"
    if draft.lecture:
        return f"书记以“{draft.lecture}”为题讲党课，课后讨论。"
    if draft.for_year:
        return f"围绕 {draft.for_year} 年度工作查摆问题，开展批评和自我批评，民主评议党员，逐条列出整改措施。"
    return "学习传达上级要求，组员逐一汇报近期工作和困难，组长归纳后报支委会。" if draft.group else ""


def _roll(meeting: Meeting, draft: Draft, *, rng: random.Random) -> list[Attendance]:
    branch = draft.branch
    seats = {member.pk for member in branch.posts.values()}
    only_committee = draft.kinds == (MeetingKind.COMMITTEE,)
    return [
        _attendance(meeting, member, seats=seats, rng=rng)
        for member in branch.members
        if (member.group_id == draft.group.pk if draft.group else not only_committee or member.pk in seats)
        and (member.joined_on or draft.held_on) <= draft.held_on
    ]


REASONS = {AttendanceStatus.PERSONAL_LEAVE: "外出", AttendanceStatus.OFFICIAL_LEAVE: "到县里开会"}


def _attendance(meeting: Meeting, member: Member, *, seats: set[int], rng: random.Random) -> Attendance:
    chances = [AttendanceStatus.PRESENT] * 17
    chances += [AttendanceStatus.PERSONAL_LEAVE, AttendanceStatus.OFFICIAL_LEAVE, AttendanceStatus.ABSENT]
    status = AttendanceStatus.EXEMPT if member.exempt_reason else rng.choice(chances)
    if member.is_mobile and not member.exempt_reason and rng.random() < 0.5:
        status = AttendanceStatus.PERSONAL_LEAVE
    if member.pk in (meeting.chair_id, meeting.recorder_id):
        status = AttendanceStatus.PRESENT
    is_full = member.status == MemberStatus.FULL
    return Attendance(
        meeting=meeting,
        member=member,
        status=status,
        reason=REASONS.get(status, ""),
        standing=member.status,
        on_committee=member.pk in seats,
        has_vote=is_full,
        no_vote_reason="" if is_full else "预备党员",
        counts_in_election=is_full,
        exclusion_reason="" if is_full else "预备党员",
    )


def _decide(
    rows: Rows, item: AgendaItem, *, roll: list[Attendance], draft: Draft, rng: random.Random
) -> None:
    """Opinions of some of those present, and a show of hands."""
    here = [one for one in roll if one.status == AttendanceStatus.PRESENT]
    for one in rng.sample(here, min(3, len(here))):
        rows.opinions.append(Opinion(item=item, member=one.member, text=rng.choice(world.OPINIONS)))
    is_committee = MeetingKind.COMMITTEE in draft.kinds
    matter = Matter.COMMITTEE_DECISION if is_committee else Matter.ORDINARY
    entitled = [one for one in roll if one.has_vote and (one.on_committee or not is_committee)]
    present = sum(one.status == AttendanceStatus.PRESENT for one in entitled)
    if not present or present * 2 < len(entitled):
        return
    against = 1 if present > 8 and rng.random() < 0.2 else 0
    votes = Votes(votes_for=present - against, against=against)
    result = outcome(matter, entitled=len(entitled), present=present, votes=votes)
    rows.motions.append(
        Motion(
            item=item,
            matter=matter,
            text=item.resolution[:300],
            entitled=len(entitled),
            present=present,
            votes_for=votes.votes_for,
            votes_against=against,
            state=MotionState(result.state.value),
            needed=result.needed,
            rule_code=result.rule_code,
            explanation=result.words,
            idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
        )
    )


def account_of(branch: SettledBranch) -> User:
    """Whoever writes for the branch: its secretary, or its first member where the post is vacant."""
    return next(iter(branch.posts.values()), branch.members[0]).person
