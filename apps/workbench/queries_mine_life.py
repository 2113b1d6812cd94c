"""A person's part in sittings: attendance, hours, and what he said there, for his own page and export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear
from django.urls import reverse

from apps.meetings.models import (
    Addendum,
    Attachment,
    Attendance,
    Candidate,
    Consultation,
    Meeting,
    MeetingState,
    Motion,
    Opinion,
)
from apps.members.models import Member
from apps.members.own_page import Card, Part, Subject, columns
from apps.rules.kinds import AttendanceStatus

LEAVE = frozenset(
    {AttendanceStatus.PERSONAL_LEAVE, AttendanceStatus.SICK_LEAVE, AttendanceStatus.OFFICIAL_LEAVE}
)


@dataclass
class YearOfLife:
    """How often; never a rate, never a comparison."""

    asked: int = 0
    present: int = 0
    on_leave: int = 0
    hours: Decimal = Decimal(0)

    @property
    def words(self) -> str:
        return f"应参加 {self.asked} 次，出席 {self.present} 次，请假 {self.on_leave} 次"


def own_attendance(member: Member) -> QuerySet[Attendance]:
    """The lines of the roll of sittings that took place: filed ones, and those still being recorded."""
    held = [MeetingState.OPEN, MeetingState.CLOSED]
    return Attendance.objects.filter(member=member, meeting__state__in=held)


def attendance_of(subject: Subject) -> QuerySet[Attendance]:
    if subject.member is None:
        return Attendance.objects.none()
    return own_attendance(subject.member).select_related("meeting")


def life_card(subject: Subject) -> Card | None:
    if subject.member is None:
        return None
    years = years_of(subject.member)
    this_year = years.pop(subject.today.year, YearOfLife())
    facts: list[tuple[str, Any]] = [
        (f"{subject.today.year} 年", this_year.words),
        (f"{subject.today.year} 年会议学时", hours_words(this_year.hours)),
    ]
    for year in sorted(years, reverse=True)[:2]:
        facts.append((f"{year} 年", f"{years[year].words}；会议学时 {hours_words(years[year].hours)}"))
    more = [("逐次查看", reverse("workbench:mine_attendance"))]
    return Card(title="我的出席和学时", icon="journal-text", facts=facts, more=more)


def years_of(member: Member) -> dict[int, YearOfLife]:
    """Filed sittings only, as their rolls are final. One query."""
    rows = own_attendance(member).filter(meeting__state=MeetingState.CLOSED)
    counted = rows.annotate(year=ExtractYear("meeting__held_on")).values("year", "status").order_by("year")
    found: dict[int, YearOfLife] = defaultdict(YearOfLife)
    for row in counted.annotate(times=Count("pk"), hours=Sum("meeting__class_hours")):
        year, status = found[row["year"]], AttendanceStatus(row["status"])
        year.asked += row["times"] if status != AttendanceStatus.EXEMPT else 0
        year.on_leave += row["times"] if status in LEAVE else 0
        if status == AttendanceStatus.PRESENT:
            year.present += row["times"]
            year.hours += row["hours"] or 0
    return dict(found)


def hours_words(hours: Decimal) -> str:
    return f"{hours.normalize():f} 学时" if hours else "0 学时"


def life_parts(subject: Subject) -> Iterator[Part]:
    if subject.member:
        yield _attendance_part(subject.member)
        yield _opinion_part(subject.member)
        yield _matter_part(subject.member)
    yield Part(
        key="sittings",
        title="本人主持、记录、主讲或登记的会议活动",
        columns=columns("held_on 日期", "title 名称", "roles 本人所做"),
        rows=_roles(subject),
    )
    yield Part(
        key="papers",
        title="本人写的更正和上传的附件",
        columns=columns("at 时间", "sitting 会议活动", "kind 类别", "text 内容", "reason 原因"),
        rows=_papers(subject),
    )


def _attendance_part(member: Member) -> Part:
    rows = (
        Attendance.objects.filter(member=member)
        .select_related("meeting")
        .order_by("-meeting__held_on", "-pk")
    )
    return Part(
        key="attendance",
        title="出席和学时",
        columns=columns(
            "held_on 日期",
            "title 会议活动",
            "status 出席情况",
            "reason 事由",
            "standing 当日人员类别",
            "has_vote 有表决权",
            "no_vote_reason 无表决权原因",
            "hours 学时",
        ),
        widths=(15, 22, 10, 12, 10, 8, 9, 7),
        rows=[
            (
                row.meeting.held_on,
                row.meeting.title,
                row.get_status_display(),
                row.reason,
                row.get_standing_display(),
                row.has_vote,
                row.no_vote_reason or row.exclusion_reason,
                row.meeting.class_hours if row.status == AttendanceStatus.PRESENT else None,
            )
            for row in rows
        ],
    )


def _opinion_part(member: Member) -> Part:
    rows = Opinion.objects.filter(member=member).select_related("item__meeting").order_by("pk")
    return Part(
        key="opinions",
        title="本人的发言",
        columns=columns("held_on 日期", "item 议题", "text 要点", "differs 不同意见"),
        rows=[(row.item.meeting.held_on, row.item.title, row.text, row.differs) for row in rows],
    )


def _matter_part(member: Member) -> Part:
    """Votes about him, elections he stood in, matters he was consulted on. Nobody's ballot."""
    motions = Motion.objects.filter(subject=member).select_related("item__meeting").order_by("pk")
    stood = Candidate.objects.filter(member=member).select_related("motion__item__meeting").order_by("pk")
    asked = Consultation.objects.filter(members=member).select_related("item").order_by("pk")
    rows: list[tuple[Any, ...]] = [
        (row.item.meeting.held_on, row.get_matter_display(), row.text, row.get_state_display())
        for row in motions
    ]
    rows += [
        (
            row.motion.item.meeting.held_on,
            "选举",
            row.motion.text,
            f"{'当选' if row.elected else '未当选'}，赞成 {row.votes_for} 票",
        )
        for row in stood
    ]
    rows += [(row.held_on, "会前通气", row.item.title, row.get_kind_display()) for row in asked]
    return Part(
        key="matters",
        title="涉及本人的表决、选举和会前通气",
        columns=columns("on 日期", "kind 类别", "text 内容", "result 结果"),
        rows=rows,
    )


def _roles(subject: Subject) -> list[tuple[Any, ...]]:
    member, person = subject.member, subject.person
    named = Q(recorded_by=person) | Q(closed_by=person)
    if member:
        named |= Q(chair=member) | Q(recorder=member) | Q(lecturer=member)
    found = []
    for row in Meeting.objects.filter(named).order_by("held_on", "pk"):
        did = {
            "主持": member is not None and row.chair_id == member.pk,
            "记录": member is not None and row.recorder_id == member.pk,
            f"主讲{row.lecture_title}": member is not None and row.lecturer_id == member.pk,
            "登记": row.recorded_by_id == person.pk,
            "归档": row.closed_by_id == person.pk,
        }
        found.append((row.held_on, row.title, "、".join(word for word, holds in did.items() if holds)))
    return found


def _papers(subject: Subject) -> list[tuple[Any, ...]]:
    written = Addendum.objects.filter(written_by=subject.person).select_related("meeting").order_by("pk")
    files = Attachment.objects.filter(added_by=subject.person).select_related("meeting").order_by("pk")
    rows: list[tuple[Any, ...]] = [
        (row.written_at, row.meeting.title, "更正", row.text, row.reason) for row in written
    ]
    return rows + [(row.added_at, row.meeting.title, "附件", row.name, "") for row in files]
