"""Workbooks of a branch's year: sittings, attendance, talks, members away, basics. Each is one sheet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from apps.documents.queries import Book, NothingThere, Wanted
from apps.documents.queries_branch import basics_of
from apps.ledger.facts_talks import talks_in_year
from apps.meetings.minutes import joined
from apps.meetings.models import Attendance, Meeting, MeetingState
from apps.meetings.policies import visible_meetings
from apps.meetings.queries import kinds_of, whole
from apps.meetings.queries_roll import counts_of
from apps.meetings.titles import words_of
from apps.members.models import Member
from apps.members.roster_changes import secret_mask
from apps.rules.kinds import AttendanceStatus
from apps.rules.talks import TalkFacts
from apps.standards.policies import reader_of
from apps.ui.export import Sheet

MONTHS = range(1, 13)
#: What a member's month says of one sitting.
MARKS = {
    AttendanceStatus.PRESENT: "出席",
    AttendanceStatus.PERSONAL_LEAVE: "请假",
    AttendanceStatus.SICK_LEAVE: "请假",
    AttendanceStatus.OFFICIAL_LEAVE: "请假",
    AttendanceStatus.ABSENT: "缺席",
}
SORTS = ("出席", "请假", "缺席")
MissedBy = dict[int, dict[int, Counter[str]]]


def meeting_book(wanted: Wanted) -> Book:
    """The filed sittings of the year, one a line."""
    seen = visible_meetings(wanted.reader).filter(
        branch=wanted.branch,
        state=MeetingState.CLOSED,
        held_on__gte=wanted.first,
        held_on__lt=wanted.until,
    )
    sittings = list(whole(seen.order_by("held_on", "pk")))
    if not sittings:
        raise NothingThere(f"{wanted.year} 年还没有归档的会议记录。")
    return _book(
        wanted,
        label="会议台账",
        columns=[
            ("序号", 6), ("日期", 12), ("时间", 14), ("类别", 20), ("名称", 26), ("召开单位", 20),
            ("地点", 16), ("主持人", 10), ("记录人", 10), ("应到", 8), ("实到", 8),
            ("缺席人员及原因", 30), ("议题", 40),
        ],
        rows=[(number, *_sitting(one)) for number, one in enumerate(sittings, start=1)],
        note=f"共 {len(sittings)} 次，只列已归档的会议活动。",
    )  # fmt: skip


def _sitting(meeting: Meeting) -> Sequence[Any]:
    roll = list(meeting.roll.all())
    counts = counts_of(roll)
    missing = [row for row in roll if row.status in MARKS and row.status != AttendanceStatus.PRESENT]
    hours = [f"{moment:%H:%M}" for moment in (meeting.starts_at, meeting.ends_at) if moment]
    return (
        meeting.held_on,
        "—".join(hours),
        words_of(kinds_of(meeting), form=meeting.form),
        meeting.title,
        meeting.organization.name,
        meeting.place,
        str(meeting.chair or ""),
        str(meeting.recorder or ""),
        counts.expected,
        counts.present,
        joined(_absence(row) for row in missing),
        joined((item.title for item in meeting.items.all()), mark="；"),
    )


def _absence(row: Attendance) -> str:
    reason = f"，{row.reason}" if row.reason else ""
    return f"{row.member}（{row.get_status_display()}{reason}）"


def attendance_book(wanted: Wanted) -> Book:
    """Each member's months in plain counts, in the order of names: a ledger, no ranking."""
    rows = Attendance.objects.filter(
        meeting__in=visible_meetings(wanted.reader),
        meeting__branch=wanted.branch,
        meeting__state=MeetingState.CLOSED,
        meeting__held_on__gte=wanted.first,
        meeting__held_on__lt=wanted.until,
        status__in=MARKS,
    )
    months: MissedBy = defaultdict(lambda: defaultdict(Counter))
    for member_id, month, status in rows.values_list("member_id", "meeting__held_on__month", "status"):
        months[member_id][month][MARKS[AttendanceStatus(status)]] += 1
    if not months:
        raise NothingThere(f"{wanted.year} 年还没有归档的会议记录，没有考勤可以汇总。")
    names = _names(months)
    return _book(
        wanted,
        label="考勤台账",
        columns=[
            ("序号", 6), ("姓名", 12), *((f"{month}月", 9) for month in MONTHS),
            ("应到次数", 10), *((f"{sort}次数", 10) for sort in SORTS),
        ],
        rows=[(number, name, *_months(months[pk])) for number, (pk, name) in enumerate(names.items(), 1)],
        note="按已归档会议活动的到会情况汇总，事假、病假、公假合称请假；不作出席要求的不列。",
    )  # fmt: skip


def _names(keys: Iterable[int]) -> dict[int, str]:
    people = Member.objects.filter(pk__in=list(keys)).order_by("person__pinyin", "pk")
    return dict(people.values_list("pk", "person__name"))


def _months(own: dict[int, Counter[str]]) -> Iterator[Any]:
    for month in MONTHS:
        marks = own.get(month, Counter())
        yield "\n".join(f"{sort}{marks[sort]}" for sort in SORTS if marks[sort])
    whole_year = sum(own.values(), Counter())
    yield whole_year.total()
    for sort in SORTS:
        yield whole_year[sort]


def talk_book(wanted: Wanted) -> Book:
    """Who talked with whom on which day; never what was said, and reminder talks only for those in charge."""
    told = reader_of(wanted.reader, wanted.branch)
    talks = talks_in_year(wanted.branch, year=wanted.year, with_reminders=told.reminders)
    if not talks or not told.talks:
        raise NothingThere(f"{wanted.year} 年还没有登记谈心谈话。")
    names = _names({member_id for talk in talks for member_id in talk.people})
    return _book(
        wanted,
        label="谈心谈话台账",
        columns=[
            ("序号", 6), ("日期", 12), ("谈话双方", 24), ("双方类别", 14), ("谈话类别", 16), ("跟进日期", 12),
            ("办结日期", 12),
        ],
        rows=[(number, *_talk(talk, names)) for number, talk in enumerate(talks, start=1)],
        note=f"共 {len(talks)} 次，只登记事实，不含谈话内容。",
    )  # fmt: skip


def _talk(talk: TalkFacts, names: dict[int, str]) -> Sequence[Any]:
    people = joined(name for pk, name in names.items() if pk in talk.people)
    return talk.held_on, people, talk.pair.label, talk.occasion.label, talk.follow_up_on, talk.closed_on


def mobile_book(wanted: Wanted) -> Book:
    """Members away from home as the roster says today; numbers masked."""
    away = Member.objects.active().filter(branch=wanted.branch, is_mobile=True)
    people = list(away.select_related("person", "group").order_by("person__pinyin", "pk"))
    if not people:
        raise NothingThere("花名册上现在没有流动党员。")
    return _book(
        wanted,
        label="流动党员台账",
        columns=[
            ("序号", 6), ("姓名", 12), ("身份证号", 22), ("手机", 16), ("党小组", 16), ("外出地点", 26),
            ("外出日期", 12), ("工作单位", 24), ("最近一次联系", 14), ("备注", 24),
        ],
        rows=[(number, *_away(one)) for number, one in enumerate(people, start=1)],
        note="按花名册今天的情况。号码已遮盖，需要全文的请到“党员”导出花名册。",
        of_today=True,
    )  # fmt: skip


def _away(member: Member) -> Sequence[Any]:
    secrets = [
        secret_mask(key, str(getattr(member, key))) if getattr(member, key) else ""
        for key in ("id_number", "mobile_phone")
    ]
    return (
        member.person.name,
        *secrets,
        member.group.name if member.group else "",
        member.mobile_place,
        member.mobile_since,
        member.work_unit,
        member.contact_until,
        member.remark,
    )


def basics_book(wanted: Wanted) -> Book:
    """How the branch stands today (documents.md 14)."""
    return _book(
        wanted,
        label="支部基本情况表",
        columns=[("项目", 22), ("内容", 60)],
        rows=basics_of(wanted.branch, today=wanted.today),
        note="按今天的登记情况。",
        of_today=True,
    )


def _book(
    wanted: Wanted,
    *,
    label: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Any]],
    note: str,
    of_today: bool = False,
) -> Book:
    """`of_today`: the sheet tells of the day, not of a year."""
    name = wanted.branch.name if of_today else wanted.name
    sheet = Sheet(
        name=label,
        title=f"{name}{label}",
        note=f"{wanted.note}　{note}",
        header=[column for column, _ in columns],
        widths=[width for _, width in columns],
        rows=list(rows),
    )
    return Book(
        label=label if of_today else f"{wanted.year} 年{label}", sheets=[sheet], file_name=sheet.title
    )
