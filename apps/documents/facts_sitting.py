"""The papers of one sitting: notice, agenda, sign-in sheet and minutes, in the words of the page.

`meeting` comes from `meetings.queries.whole`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from apps.documents.queries import NONE, TO_FILL_IN, Paper
from apps.documents.template_fields import TemplateKind
from apps.meetings import closing, minutes
from apps.meetings.models import Meeting, MeetingState, Motion, MotionState
from apps.meetings.queries import called_to, kinds_of
from apps.meetings.queries_roll import Expected
from apps.rules.kinds import MeetingKind, MemberStatus
from apps.rules.periods import day_words
from apps.ui.docx import Block, Grid, Heading, Text, chinese, prose

#: Lines of the discussion, which run over pages and so stand outside of the tables.
SPOKEN = ("讨论情况", "发言", "不同意见")
FORM = (1, 3)
#: Spare lines below the names of a sign-in sheet; fewer where all of it then stands on one page.
SPARE_LINES, LEAST_SPARE, LINES_OF_A_PAGE = 5, 2, 15
ROW_TO_SIGN = 560
DATE_TO_FILL_IN = "　　年　　月　　日"


def minutes_paper(meeting: Meeting) -> Paper:
    """The record with every field that a unit's ledger asks for (documents.md 2 and 3)."""
    return Paper(
        label="会议记录",
        title=minutes.heading(kinds_of(meeting)),
        blocks=_minutes(meeting),
        file_name=f"{meeting.held_on} {meeting.title}记录",
        form=TemplateKind.MINUTES,
        source=meeting,
    )


def _minutes(meeting: Meeting) -> Iterator[Block]:
    yield Text(meeting.title, style="Subtitle")
    if meeting.state == MeetingState.CANCELLED:
        yield Text(f"（已取消：{meeting.cancel_reason}）", style="BodyText")
    elif meeting.state != MeetingState.CLOSED:
        yield Text(f"（{meeting.get_state_display()}，尚未归档）", style="BodyText")
    yield _form(minutes.head_lines(meeting) + minutes.roll_lines(meeting))
    if shortfall := closing.quorum_words(meeting):
        yield Text(shortfall, style="BodyText")
    records, summary = minutes.item_records(meeting), _written(meeting, "summary")
    if summary or not records:
        yield Heading(minutes.summary_label(kinds_of(meeting)))
        yield from prose(summary or NONE)
    for record in records:
        yield from _item(record)
    yield Heading("附件及登记情况")
    yield _form(_closing_lines(meeting))
    yield Text("主持人（签字）：　　　　　　记录人（签字）：", style="Flush")


def _form(lines: minutes.Lines) -> Grid:
    return Grid([(label, value or NONE) for label, value in lines], widths=FORM)


def _written(meeting: Meeting, name: str) -> str:
    """One of the long texts; a sitting without any has no row for them."""
    return str(getattr(getattr(meeting, "minutes", None), name, ""))


def _item(record: minutes.ItemRecord) -> Iterator[Block]:
    yield Heading(f"议题{chinese(record.number)}　{record.title}")
    yield _form([line for line in record.before if line[0] not in SPOKEN])
    yield Heading("（一）讨论发言", level=2)
    for label, value in record.before:
        if label in SPOKEN:
            yield from prose(_spoken(label, value))
    yield Heading("（二）表决", level=2)
    for number, motion in enumerate(record.motions):
        if number:
            # Two tables without a line between them are one to Word.
            yield Text("", style="Cell")
        yield _form(motion_lines(motion))
    if not record.motions:
        yield Text(NONE, style="BodyText")
    yield Heading("（三）决议及落实", level=2)
    for label, value in record.after:
        yield from prose(f"{label}：{value or NONE}")


def _spoken(label: str, value: str) -> str:
    if label == "讨论情况":
        return value or NONE
    return f"（不同意见）{value}" if label == "不同意见" else value


def motion_lines(motion: Motion) -> minutes.Lines:
    """One vote: what, how, by how many of how many, and what came of it."""
    about = f"（{motion.subject_name}）" if motion.subject_name else ""
    again = f"（第 {motion.round} 次投票）" if motion.round > 1 else ""
    right = "有表决权" if motion.seats is None else "有选举权"
    lines = [
        ("表决内容", motion.text + again),
        ("事项", motion.get_matter_display() + about),
        ("方式", motion.get_method_display()),
        (right, f"应到 {motion.entitled} 人，实到 {motion.present} 人"),
    ]
    lines += _votes(motion) if motion.seats is None else _election(motion)
    if motion.ballots_issued is not None:
        ballots = (motion.ballots_issued, motion.ballots_returned or 0, motion.ballots_invalid)
        lines.append(("选票", "发出 {} 张，收回 {} 张，无效 {} 张".format(*ballots)))
        lines.append(("监票人", motion.scrutineers))
        lines.append(("计票人", motion.tellers))
    return [*lines, ("结果", f"{motion.get_state_display()}。{motion.explanation}")]


def _votes(motion: Motion) -> minutes.Lines:
    written = (motion.written_for, motion.written_against, motion.written_abstain)
    return [
        ("票数", _counts(motion.votes_for, motion.votes_against, motion.votes_abstain)),
        ("书面意见", _counts(*written) if any(written) else ""),
    ]


def _counts(*votes: int) -> str:
    return "赞成 {}，反对 {}，弃权 {}".format(*votes)


def _election(motion: Motion) -> minutes.Lines:
    candidates = list(motion.candidates.all())
    elected = [row.name for row in candidates if row.elected and motion.state != MotionState.INVALID]
    return [
        ("应选", f"{motion.seats} 名{'（差额选举）' if motion.competitive else ''}"),
        *((f"候选人 {row.name}", _counts(row.votes_for, row.votes_against, row.votes_abstain))
          for row in candidates),
        ("当选", minutes.joined(elected)),
    ]  # fmt: skip


def _closing_lines(meeting: Meeting) -> minutes.Lines:
    lines = [("附件", minutes.joined((file.name for file in meeting.attachments.all()), mark="；"))]
    for row in meeting.addenda.all():
        written_on = day_words(timezone.localtime(row.written_at).date())
        words = f"{row.text}（{row.reason}；{row.written_by}，{written_on}）"
        lines.append(("更正", words))
    if late := minutes.late_entry(meeting):
        lines.append(("登记", late))
    return lines


def notice_paper(meeting: Meeting, *, today: date) -> Paper:
    """Dated today while the sitting is still to come; afterwards the day is left to be written in."""
    return Paper(
        label="会议通知",
        title=f"关于召开{meeting.title}的通知",
        blocks=_notice(meeting, today=today),
        file_name=f"{meeting.held_on} {meeting.title}通知",
        form=TemplateKind.NOTICE,
        source=meeting,
    )


def _notice(meeting: Meeting, *, today: date) -> Iterator[Block]:
    expected = [one for one in called_to(meeting) if not one.exempt]
    yield Text(f"{_whom(meeting)}：", style="Flush")
    yield Text(f"定于{minutes.when(meeting)}召开{meeting.title}，现将有关事项通知如下。", style="BodyText")
    parts = [
        ("时间", minutes.when(meeting)),
        ("地点", meeting.place or "另行通知"),
        ("参加人员", f"{_whom(meeting)}，应到 {len(expected)} 人"),
        ("议题", _agenda_words(meeting)),
        ("列席人员", _written(meeting, "invitees")),
        ("有关要求", _written(meeting, "notice")),
    ]
    given = [(label, words) for label, words in parts if words]
    for number, (label, words) in enumerate(given, start=1):
        yield Heading(f"{chinese(number)}、{label}")
        yield from prose(words)
    ahead = meeting.state == MeetingState.PLANNED
    dated = day_words(today) if ahead else DATE_TO_FILL_IN
    yield Text(meeting.organization.name, style="Signature")
    yield Text(dated, style="Signature")


def _whom(meeting: Meeting) -> str:
    if meeting.group:
        return f"{meeting.group.name}党员"
    return "各位委员" if set(kinds_of(meeting)) == {MeetingKind.COMMITTEE} else "全体党员"


def _agenda_words(meeting: Meeting) -> str:
    items = [item.title for item in meeting.items.all()]
    return "\n".join(f"{number}．{title}" for number, title in enumerate(items, start=1)) or "另行通知"


def agenda_paper(meeting: Meeting) -> Paper:
    return Paper(
        label="会议议程",
        title=f"{meeting.title}议程",
        blocks=_agenda(meeting),
        file_name=f"{meeting.held_on} {meeting.title}议程",
    )


def _agenda(meeting: Meeting) -> Iterator[Block]:
    yield _form(
        [
            ("召开单位", meeting.organization.name),
            ("时间", minutes.when(meeting)),
            ("地点", meeting.place),
            ("主持人", str(meeting.chair or "")),
            ("记录人", str(meeting.recorder or "")),
            ("列席", _written(meeting, "invitees")),
        ]
    )
    yield Heading("议题")
    rows = [
        (number, item.title, item.get_nature_display(), item.reporter or NONE)
        for number, item in enumerate(meeting.items.all(), start=1)
    ]
    if rows:
        yield Grid(rows, header=("序号", "议题", "性质", "汇报人"), widths=(2, 10, 4, 4))
    else:
        yield Text("还没有列出议题。", style="BodyText")


def sign_in_paper(meeting: Meeting) -> Paper:
    return Paper(
        label="签到表",
        title=f"{meeting.title}签到表",
        blocks=_sign_in(meeting),
        file_name=f"{meeting.held_on} {meeting.title}签到表",
        form=TemplateKind.SIGN_IN,
        source=meeting,
    )


def _sign_in(meeting: Meeting) -> Iterator[Block]:
    expected = called_to(meeting)
    called = sum(not one.exempt for one in expected)
    yield Text(meeting.organization.name, style="Subtitle")
    place = meeting.place or "＿＿＿＿＿＿＿＿"
    yield Text(f"时间：{minutes.when(meeting)}　地点：{place}　应到：{called} 人", style="Flush")
    rows = [(n, str(one.member), TO_FILL_IN, _remark(one)) for n, one in enumerate(expected, start=1)]
    spare = min(SPARE_LINES, max(LEAST_SPARE, LINES_OF_A_PAGE - len(rows)))
    first = len(rows) + 1
    rows += [(number, TO_FILL_IN, TO_FILL_IN, TO_FILL_IN) for number in range(first, first + spare)]
    header, widths = ("序号", "姓名", "签名", "备注"), (2, 5, 8, 5)
    yield Grid(rows, header=header, widths=widths, row_height=ROW_TO_SIGN)
    yield Text("列席人员签名：", style="Flush")


def _remark(one: Expected) -> str:
    if one.exempt:
        return "不作出席要求"
    return "预备党员" if one.standing == MemberStatus.PROBATIONARY else TO_FILL_IN
