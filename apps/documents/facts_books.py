"""Workbooks of a branch's year: sittings, attendance, talks, members away, basics. Each is one sheet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from apps.documents.facts_numbers import study_of
from apps.documents.queries import TO_FILL_IN, Book, NothingThere, Wanted, book_of, closed_sittings
from apps.documents.queries_branch import basics_of
from apps.ledger.facts_talks import talks_in_year
from apps.meetings.minutes import joined
from apps.meetings.models import Attendance, Meeting
from apps.meetings.queries import kinds_of, whole
from apps.meetings.queries_roll import counts_of
from apps.meetings.titles import words_of
from apps.members.models import Member
from apps.members.roster_changes import secret_mask
from apps.rules.kinds import AttendanceStatus
from apps.rules.talks import TalkFacts
from apps.standards.policies import reader_of

MONTHS = range(1, 13)
#: The words of a ledger.
MARKS = {
    AttendanceStatus.PRESENT: "出席",
    AttendanceStatus.PERSONAL_LEAVE: "请假",
    AttendanceStatus.SICK_LEAVE: "请假",
    AttendanceStatus.OFFICIAL_LEAVE: "请假",
    AttendanceStatus.ABSENT: "缺席",
}
SORTS = ("出席", "请假", "缺席")
#: What a member's month says of one sitting, and the reason that was given.
Mark = tuple[str, str]
Months = dict[int, dict[int, list[Mark]]]


def meeting_book(wanted: Wanted) -> Book:
    """The filed sittings of the year, one a line."""
    seen = closed_sittings(wanted)
    sittings = list(whole(seen.order_by("held_on", "pk")))
    if not sittings:
        raise NothingThere(f"{wanted.year} 年还没有归档的会议记录。")
    return book_of(
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
    """Each member's months and hours in plain counts, in the order of names: a ledger, no ranking."""
    rows = Attendance.objects.filter(meeting__in=closed_sittings(wanted), status__in=MARKS)
    months: Months = defaultdict(lambda: defaultdict(list))
    named = ("member_id", "meeting__held_on__month", "status", "reason")
    for member_id, month, status, reason in rows.order_by("meeting__held_on", "pk").values_list(*named):
        months[member_id][month].append((MARKS[AttendanceStatus(status)], reason))
    hours = {account.learner.id: account.total for account in study_of(wanted).accounts}
    names = _names({*months, *(pk for pk, total in hours.items() if total)})
    if not names:
        raise NothingThere(f"{wanted.year} 年还没有归档的会议记录，也没有登记学时，没有考勤可以汇总。")
    return book_of(
        wanted,
        label="学习考勤台账",
        columns=[
            ("序号", 6), ("姓名", 10), *((f"{month}月", 10) for month in MONTHS),
            ("应到次数", 7), *((f"{sort}次数", 7) for sort in SORTS), ("学时累计", 7), ("补学情况", 14),
        ],
        rows=[
            (number, name, *_months(months[pk]), hours.get(pk, ""), TO_FILL_IN)
            for number, (pk, name) in enumerate(names.items(), 1)
        ],
        note="到会按已归档的会议活动，学时按已登记的学习；事假、病假、公假合称请假。补学情况请手工填写。",
    )  # fmt: skip


def _names(keys: Iterable[int]) -> dict[int, str]:
    people = Member.objects.filter(pk__in=list(keys)).order_by("person__pinyin", "pk")
    return dict(people.values_list("pk", "person__name"))


def _months(own: dict[int, list[Mark]]) -> Iterator[Any]:
    for month in MONTHS:
        yield "\n".join(_month(own.get(month, [])))
    whole_year = Counter(sort for marks in own.values() for sort, _ in marks)
    yield whole_year.total()
    for sort in SORTS:
        yield whole_year[sort]


def _month(marks: list[Mark]) -> Iterator[str]:
    """「请假2（感冒、出差）」: the reasons belong to the ledger."""
    for sort in SORTS:
        reasons = [reason for each, reason in marks if each == sort]
        given = list(dict.fromkeys(reason for reason in reasons if reason))
        if reasons:
            yield f"{sort}{len(reasons)}{f'（{joined(given)}）' if given and sort != '出席' else ''}"


def talk_book(wanted: Wanted) -> Book:
    """Who talked with whom on which day; never what was said, and reminder talks only for those in charge."""
    told = reader_of(wanted.reader, wanted.branch)
    talks = talks_in_year(wanted.branch, year=wanted.year, with_reminders=told.reminders)
    if not talks or not told.talks:
        raise NothingThere(f"{wanted.year} 年还没有登记谈心谈话。")
    names = _names({member_id for talk in talks for member_id in talk.people})
    return book_of(
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
    return book_of(
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
    return book_of(
        wanted,
        label="支部基本情况表",
        columns=[("项目", 22), ("内容", 60)],
        rows=basics_of(wanted.branch, today=wanted.today),
        note="按今天的登记情况。",
        of_today=True,
    )
