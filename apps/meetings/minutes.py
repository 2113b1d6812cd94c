"""The written record of a sitting as labelled lines, with every field that a unit's ledger asks for.

Reads only what `queries.whole` loaded. Where nothing was entered the record says 「无」, not a blank.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from apps.meetings.models import AgendaItem, Attendance, Meeting, Motion
from apps.meetings.queries import kinds_of
from apps.meetings.queries_roll import counts_of
from apps.meetings.titles import late_words, words_of
from apps.rules.kinds import AttendanceStatus, MeetingKind, MemberStatus
from apps.rules.periods import day_words
from apps.tasks.models import Task

NONE = "无"
Lines = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """One agenda item of the record: what came before the votes, the votes, what came of them."""

    number: int
    title: str
    before: Lines
    motions: list[Motion]
    after: Lines


def joined(words: Iterable[object], *, mark: str = "、") -> str:
    return mark.join(str(word) for word in words)


def when(meeting: Meeting) -> str:
    """Day and hours, to the minute."""
    day = f"{meeting.held_on.year}年{meeting.held_on.month}月{meeting.held_on.day}日"
    start = f"{meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    end = f"—{meeting.ends_at:%H:%M}" if meeting.ends_at else ""
    return f"{day} {start}{end}".strip()


def term_words(meeting: Meeting) -> str:
    """The term of office that the day fell into: 「第3届」; empty where none is entered."""
    begun = [term for term in meeting.branch.terms.all() if term.starts_on <= meeting.held_on]
    term = max(begun, key=lambda term: term.starts_on, default=None)
    return f"第{term.number}届" if term else ""


def head_lines(meeting: Meeting) -> Lines:
    """What stands above the agenda, empty values included."""
    kinds = kinds_of(meeting)
    lines = [
        ("召开单位", str(meeting.branch.name)),
        ("类别", words_of(kinds, form=meeting.form)),
        ("时间", when(meeting)),
        ("地点", meeting.place),
        ("主持人", joined([meeting.chair] if meeting.chair else [])),
        ("记录人", joined([meeting.recorder] if meeting.recorder else [])),
    ]
    lines.insert(1, ("党小组", str(meeting.group.name)) if meeting.group else ("届次", term_words(meeting)))
    if meeting.for_year:
        lines.append(("所属年度", f"{meeting.for_year} 年"))
    if {MeetingKind.THEMED_DAY, MeetingKind.OTHER} & set(kinds) or meeting.form:
        lines.append(("活动形式", meeting.get_form_display()))
    lines.append(("主题", joined(topic.get_topic_display() for topic in meeting.topics.all())))
    if MeetingKind.LECTURE in kinds:
        lines += _lecture_lines(meeting)
    elif meeting.class_hours:
        lines.append(("学时", f"{meeting.class_hours.normalize():f}"))
    partners = [f"{partner.name}（{partner.get_kind_display()}）" for partner in meeting.partners.all()]
    if partners:
        lines.append(("共建单位", joined(partners)))
    if meeting.public_participants:
        lines.append(("参加的群众", f"{meeting.public_participants} 人"))
    return lines


def _lecture_lines(meeting: Meeting) -> Lines:
    present = counts_of(meeting.roll.all()).present
    speakers = [name for name in (str(meeting.lecturer or ""), meeting.lecturer_name) if name]
    return [
        ("主讲人", joined(speakers)),
        ("党课题目", meeting.lecture_title),
        ("学时", f"{meeting.class_hours.normalize():f}" if meeting.class_hours else ""),
        ("听课人数", f"{present + meeting.public_participants} 人"),
    ]


def roll_lines(meeting: Meeting) -> Lines:
    """Figures first, then the names: who came, who did not and why, who sat in."""
    roll = list(meeting.roll.all())
    counts = counts_of(roll)
    called = "应到委员" if {row.on_committee for row in roll} == {True} else "应到"
    lines = [
        (called, f"{counts.expected} 人"),
        ("实到", f"{counts.present} 人"),
        ("有表决权", f"应到 {counts.entitled} 人，实到 {counts.entitled_present} 人"),
        ("出席", joined(_name(row) for row in roll if row.status == AttendanceStatus.PRESENT)),
        ("缺席及原因", joined(_absence(row) for row in roll if _is_missing(row))),
    ]
    if counts.exempt:
        exempt = [row for row in roll if row.status == AttendanceStatus.EXEMPT]
        lines.append(("不作出席要求", joined(_name(row) for row in exempt)))
    observers = [f"{one.name}（{one.post}）" if one.post else one.name for one in meeting.observers.all()]
    lines.append(("列席", joined(observers)))
    return lines


def _name(row: Attendance) -> str:
    return f"{row.member}（预备）" if row.standing == MemberStatus.PROBATIONARY else str(row.member)


def _is_missing(row: Attendance) -> bool:
    return row.status not in (AttendanceStatus.PRESENT, AttendanceStatus.EXEMPT)


def _absence(row: Attendance) -> str:
    reason = f"，{row.reason}" if row.reason else ""
    return f"{_name(row)}（{row.get_status_display()}{reason}）"


def item_records(meeting: Meeting) -> list[ItemRecord]:
    return [
        ItemRecord(
            number=number,
            title=item.title,
            before=talked_lines(item),
            motions=list(item.motions.all()),
            after=decided_lines(item),
        )
        for number, item in enumerate(meeting.items.all(), start=1)
    ]


def talked_lines(item: AgendaItem) -> Lines:
    """Reporter, talks beforehand, discussion, and opinions as they were voiced, differing ones included."""
    lines = [("性质", item.get_nature_display()), ("汇报人", item.reporter)]
    for talk in item.consultations.all():
        names = joined(talk.members.all()) or NONE
        words = f"{day_words(talk.held_on)}{talk.get_kind_display()}，对象：{names}。{talk.brief}"
        lines.append(("会前通气", words))
    lines.append(("讨论情况", item.discussion))
    for opinion in item.opinions.all():
        label = "不同意见" if opinion.differs else "发言"
        lines.append((label, f"{opinion.member}：{opinion.text}"))
    return lines


def decided_lines(item: AgendaItem) -> Lines:
    """The resolution, and who carries it out by when: as it stood when the record was filed."""
    carried = [("落实", link.filed_as or task_words(link.task)) for link in item.resolution_tasks.all()]
    return [("决议", item.resolution), *(carried or [("落实", "")])]


def task_words(task: Task) -> str:
    return f"{task.title}；责任人：{task.owner or NONE}；期限：{task.due_on or NONE}"


def late_entry(meeting: Meeting) -> str:
    return late_words(held_on=meeting.held_on, recorded_at=meeting.recorded_at)


def heading(kinds: Collection[str]) -> str:
    """「党员大会暨主题党日记录」, 「支委会会议记录」."""
    meetings_only = not {MeetingKind.LECTURE, MeetingKind.THEMED_DAY, MeetingKind.OTHER} & set(kinds)
    return f"{words_of(kinds)}{'会议' if meetings_only else ''}记录"


def summary_label(kinds: Collection[str]) -> str:
    if MeetingKind.THEMED_DAY in kinds:
        return "活动内容（学习、议事、志愿服务、党费等）"
    return "授课和讨论情况" if MeetingKind.LECTURE in kinds else "会议（活动）情况"


def blank_labels(kind: MeetingKind) -> list[str]:
    """The lines of the paper form above the agenda, in the order of the printed minutes."""
    body = "党小组" if kind == MeetingKind.GROUP else "届次"
    labels = ["会议（活动）名称", "召开单位", body, "时间", "地点", "主持人", "记录人"]
    if kind == MeetingKind.LECTURE:
        labels += ["主讲人", "党课题目", "学时", "听课人数"]
    if kind in (MeetingKind.THEMED_DAY, MeetingKind.OTHER):
        labels += ["主题", "活动形式"]
    called = "应到委员" if kind == MeetingKind.COMMITTEE else "应到"
    return [*labels, called, "实到", "有表决权应到／实到", "出席", "缺席及原因", "列席"]
