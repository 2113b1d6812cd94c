"""The roll of an open sitting: who is expected, who came, who asked for leave, who sat in."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.meetings.models import Attendance, Meeting, MeetingState, Observer
from apps.meetings.queries import called_to
from apps.meetings.queries_roll import LEAVE
from apps.rules.kinds import AttendanceStatus
from apps.ui.refusals import Refusal

register(
    {
        "meeting.roll_refreshed": "更新应到名单",
        "meeting.roll_marked": "登记出席情况",
        "meeting.observer_added": "登记列席人员",
        "meeting.observer_removed": "删除列席人员",
    }
)
WHY_NOT_OPEN = {
    MeetingState.PLANNED: "会议还没有开始记录，请先点“开始记录”。",
    MeetingState.CLOSED: "记录已经归档，不能再改。如有差错，请写更正。",
    MeetingState.CANCELLED: "会议已经取消，不能再改。",
}


class NotOpen(Refusal):
    default = "这次会议不在记录中。"


class NotExpected(Refusal):
    default = "名单里没有这个人，请刷新页面。"


class NotExempt(Refusal):
    default = "支部没有决定对这名党员不作出席要求。请先在党员信息里登记，或登记为请假、缺席。"


def locked_in(meeting: Meeting, *states: str) -> Meeting:
    """The row, locked; raises NotOpen unless it is in one of `states`."""
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("branch", "group")
    found = locked.get(pk=meeting.pk)
    if found.state not in states:
        raise NotOpen(WHY_NOT_OPEN.get(MeetingState(found.state)))
    return found


def locked_open(meeting: Meeting) -> Meeting:
    return locked_in(meeting, MeetingState.OPEN)


def make_roll(*, meeting: Meeting) -> tuple[int, int]:
    """Write the roll from the roster as it stood on the day, keeping the marks already made.

    Returns how many came onto it and how many left it. For services that hold the lock on the meeting.
    """
    expected = {one.member.pk: one for one in called_to(meeting)}
    known = {row.member_id: row for row in meeting.roll.all()}
    new = [one for pk, one in expected.items() if pk not in known]
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting,
            member=one.member,
            status=AttendanceStatus.EXEMPT if one.exempt else AttendanceStatus.PRESENT,
            **one.columns(),
        )
        for one in new
    )
    for pk, row in known.items():
        if pk in expected:
            Attendance.objects.filter(pk=row.pk).update(**expected[pk].columns())
    gone = [row.pk for pk, row in known.items() if pk not in expected]
    Attendance.objects.filter(pk__in=gone).delete()
    return len(new), len(gone)


@transaction.atomic
def refresh_roll(*, meeting: Meeting, actor: User) -> tuple[int, int]:
    """Bring the roll in step with the roster while the record is open; returns (came onto it, left it)."""
    locked = locked_open(meeting)
    came, left = make_roll(meeting=locked)
    record(
        actor=actor,
        action="meeting.roll_refreshed",
        target=locked,
        path=locked.path,
        reason=f"增加 {came} 人，移出 {left} 人",
    )
    return came, left


@transaction.atomic
def mark_attendance(*, attendance: Attendance, status: str, actor: User, reason: str = "") -> Attendance:
    """One line of the roll. Raises NotOpen, NotExempt."""
    meeting = locked_open(attendance.meeting)
    return _mark(meeting, {attendance.pk: (status, reason)}, actor=actor)[0]


@transaction.atomic
def mark_many(*, meeting: Meeting, marks: Mapping[int, tuple[str, str]], actor: User) -> list[Attendance]:
    """Several lines at once: {line: (status, reason)}. Raises NotOpen, NotExpected, NotExempt; then nothing
    is written."""
    return _mark(locked_open(meeting), marks, actor=actor)


def _mark(meeting: Meeting, marks: Mapping[int, tuple[str, str]], *, actor: User) -> list[Attendance]:
    rows = list(meeting.roll.filter(pk__in=list(marks)).select_related("member__person"))
    if len(rows) != len(marks):
        raise NotExpected
    changes = [change for row in rows if (change := _put(row, mark=marks[row.pk]))]
    if changes:
        Attendance.objects.bulk_update(rows, ["status", "reason"])
        record(actor=actor, action="meeting.roll_marked", target=meeting, path=meeting.path, changes=changes)
    return rows


def _put(row: Attendance, *, mark: tuple[str, str]) -> dict[str, str] | None:
    """Set one line in memory; returns the change for the audit trail, None where nothing changed."""
    status, reason = AttendanceStatus(mark[0]), mark[1].strip()
    if status == AttendanceStatus.EXEMPT and not row.member.exempt_reason:
        raise NotExempt(f"{row.member}：{NotExempt.default}")
    reason = reason if status in LEAVE or status == AttendanceStatus.ABSENT else ""
    if (row.status, row.reason) == (status, reason):
        return None
    before, row.status, row.reason = AttendanceStatus(row.status), status, reason
    after = f"{status.label}（{reason}）" if reason else status.label
    return {"field": "status", "label": str(row.member), "before": before.label, "after": after}


@transaction.atomic
def add_observer(*, meeting: Meeting, name: str, actor: User, post: str = "") -> Observer:
    """Somebody who sits in without a vote; the same name and post again is the same person."""
    locked = locked_in(meeting, MeetingState.PLANNED, MeetingState.OPEN)
    observer, is_new = Observer.objects.get_or_create(meeting=locked, name=name, post=post)
    if is_new:
        record(actor=actor, action="meeting.observer_added", target=locked, path=locked.path, reason=name)
    return observer


@transaction.atomic
def remove_observer(*, observer: Observer, actor: User) -> None:
    locked = locked_in(observer.meeting, MeetingState.PLANNED, MeetingState.OPEN)
    record(
        actor=actor,
        action="meeting.observer_removed",
        target=locked,
        path=locked.path,
        reason=observer.name,
    )
    observer.delete()
