"""The papers around an election that are filled in: lists, ballots, the report of the count, hand-over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from apps.branches.queries import current_posts
from apps.documents.facts_election import (
    ROW_TO_FILL_IN,
    WHEN,
    WHERE,
    blank_rows,
    body,
    election_paper,
    electorate_words,
    notes,
    outlook_for,
    signed,
)
from apps.documents.facts_papers import dotted
from apps.documents.facts_sitting import motion_lines
from apps.documents.queries import NONE, TO_FILL_IN, TO_SIGN, Paper, Wanted
from apps.documents.queries_branch import day_words
from apps.documents.queries_election import Outlook, elections_in, roster_of
from apps.meetings.models import MeetingState
from apps.meetings.policies import visible_meetings
from apps.members.models import Member
from apps.rules.kinds import COMMITTEE_POSTS, ElectionExclusion, PostKind
from apps.tasks.models import TaskState
from apps.tasks.policies import ledger_tasks
from apps.ui.docx import Block, Grid, Heading, Text

SPARE_NOMINATIONS = 6
SPARE_EXCLUSIONS = 4
#: Lines on a ballot for somebody else than the candidates.
OTHERS = 2
SIGNED_BY_TELLERS = "监票人（签字）：　　　　　　计票人（签字）："


def nominations_paper(wanted: Wanted) -> Paper:
    """候选人推荐汇总, blank."""
    return election_paper(
        wanted,
        label="候选人推荐汇总表",
        title=f"{wanted.branch.name}候选人推荐汇总表",
        blocks=_nominations(outlook_for(wanted)),
    )


def _nominations(found: Outlook) -> Iterator[Block]:
    yield Text(f"应参加推荐的党员：{found.members}名　实际参加：　　名", style="Flush")
    number = max(found.candidates, 1) + SPARE_NOMINATIONS
    header = ("序号", "姓名", "性别", "出生年月", "入党时间", "现任职务", "推荐小组数", "推荐人数")
    rows = blank_rows(number, columns=len(header))
    yield Grid(rows, header=header, widths=(9, 15, 9, 15, 15, 17, 14, 12), row_height=ROW_TO_FILL_IN)
    yield Text("统计人（签字）：　　　　　　支部书记（签字）：", style="Flush")
    yield Text(TO_SIGN, style="Signature")


def electorate_paper(wanted: Wanted) -> Paper:
    """党员名册 with who elects, and who counts."""
    return election_paper(
        wanted,
        label="选举人名册",
        title=f"{wanted.branch.name}党员名册（选举用）",
        blocks=_electorate(wanted),
    )


def _electorate(wanted: Wanted) -> Iterator[Block]:
    found = outlook_for(wanted)
    why = {one.id: one.reason for one in (*found.people.left_out, *found.people.pending)}
    entitled = set(found.people.entitled)
    yield from body(electorate_words(found))
    rows = [
        (
            number,
            member.person.name,
            member.get_status_display(),
            dotted(member.admitted_on) or "未登记",
            member.group.name if member.group else "—",
            "计入" if member.pk in entitled else "不计入",
            why.get(member.pk, "—"),
        )
        for number, member in enumerate(roster_of(wanted.branch), start=1)
    ]
    header = ("序号", "姓名", "人员类别", "入党日期", "党小组", "应到会", "说明")
    yield Grid(rows, header=header, widths=(8, 12, 13, 17, 16, 10, 20))
    yield Text(f"截至{day_words(wanted.today)}。开会那天以会议的签到和登记为准。", style="Flush")


def exclusions_paper(wanted: Wanted) -> Paper:
    """不计入应到会请示: those for whom the roster says why."""
    return election_paper(
        wanted,
        label="不计入应到会人数请示",
        title="关于部分党员不计入选举应到会人数的请示",
        blocks=_exclusions(wanted),
    )


def _exclusions(wanted: Wanted) -> Iterator[Block]:
    found = outlook_for(wanted)
    yield Text(f"{found.superior or '【上级党组织】'}：", style="Flush")
    yield from body(
        f"我支部拟于{WHEN}召开党员大会进行选举。下列有选举权的党员因故不能参加，"
        "拟在征得党员大会同意后，不计入本次选举应到会人数：",
    )
    given = [_excluded(number, member) for number, member in enumerate(_to_exclude(wanted), start=1)]
    rows: Sequence[Sequence[object]] = given or blank_rows(SPARE_EXCLUSIONS, columns=4)
    header = ("序号", "姓名", "情形", "具体说明")
    yield Grid(rows, header=header, widths=(9, 15, 35, 35), row_height=ROW_TO_FILL_IN)
    yield from body("妥否，请批示。")
    yield from signed(wanted, contact=True)
    yield from notes(
        f"填写说明：只限于下列情形：{'；'.join(one.label for one in ElectionExclusion)}。",
        "须上级党组织同意，并经党员大会通过；两项都办好以前，仍计入应到会人数。只对选举有效，不影响其他表决。",
    )


def _to_exclude(wanted: Wanted) -> list[Member]:
    return [member for member in roster_of(wanted.branch) if member.election_exclusion]


def _excluded(number: int, member: Member) -> Sequence[object]:
    return number, member.person.name, member.get_election_exclusion_display(), TO_FILL_IN


def ballot_paper(wanted: Wanted) -> Paper:
    """选票, to be typed in and copied once the candidates are approved."""
    return election_paper(
        wanted, label="选票样式", title=_ballot_title(wanted), blocks=_ballot(outlook_for(wanted))
    )


def _ballot_title(wanted: Wanted) -> str:
    found = outlook_for(wanted)
    return f"{found.next_term}支部委员会委员选票" if found.has_committee else "支部书记选票"


def _ballot(found: Outlook) -> Iterator[Block]:
    yield Text(found.branch.name, style="Subtitle")
    candidates, seats = (found.candidates, found.seats) if found.has_committee else (1, 1)
    names = [(TO_FILL_IN,) * 4] * candidates
    header = ("候选人（按姓氏笔画为序）", "赞成", "不赞成", "弃权")
    yield Grid(names, header=header, widths=(8, 3, 3, 3), row_height=ROW_TO_FILL_IN)
    yield Text(TO_FILL_IN, style="Flush")
    yield Grid([(TO_FILL_IN,)] * OTHERS, header=("另选他人姓名",), row_height=ROW_TO_FILL_IN)
    yield from notes(
        "填写说明：",
        f"1．应选{'委员' if found.has_committee else '书记'}【{seats}】名。"
        "赞成的和另选的合计不超过这个数；超过的，选票无效。",
        "2．赞成、不赞成、弃权，三栏里选一栏画“○”。",
        "3．投不赞成票的，可以在“另选他人姓名”里写上要选的人；弃权的不能另选。",
        "4．不写投票人姓名。字迹看不清的，由监票人认定。",
    )
    yield Text("（加盖党支部印章）", style="Signature")


def tellers_paper(wanted: Wanted) -> Paper:
    """监票计票名单, for the assembly to pass."""
    header = ("职责", "姓名", "所在党小组", "备注")
    rows = [(duty, *[TO_FILL_IN] * 3) for duty in ("总监票人", "监票人", "监票人", "计票人", "计票人")]
    return election_paper(
        wanted,
        label="监票人、计票人名单",
        title="监票人、计票人建议名单",
        blocks=[
            Text(f"{wanted.branch.name}　{WHEN}党员大会", style="Subtitle"),
            Grid(rows, header=header, widths=(3, 4, 4, 6), row_height=ROW_TO_FILL_IN),
            *body(
                "监票人由全体党员或者各党小组从不是候选人的党员中推选，经党员大会表决通过。",
                "计票人在监票人监督下工作。人少的支部可以只设监票人、计票人各1名。",
            ),
        ],
    )


def count_paper(wanted: Wanted) -> Paper:
    """计票结果报告单: each round of the filed elections of the year, or the blank form."""
    return election_paper(wanted, label="计票结果报告单", title="选举计票结果报告单", blocks=_count(wanted))


def _count(wanted: Wanted) -> Iterator[Block]:
    yield Text(wanted.branch.name, style="Subtitle")
    votes = elections_in(wanted)
    for vote in votes:
        yield Heading(f"{vote.get_matter_display()}：{vote.text}")
        meeting = vote.item.meeting
        head = [("会议", f"{day_words(meeting.held_on)}　{meeting.title}")]
        lines = [line for line in motion_lines(vote) if line[0] != "表决内容"]
        yield Grid([(label, value or NONE) for label, value in head + lines], widths=(1, 3))
        yield Text(SIGNED_BY_TELLERS, style="Flush")
    if not votes:
        yield from _blank_count(outlook_for(wanted))


def _blank_count(found: Outlook) -> Iterator[Block]:
    told = ("应到会（有选举权）", "实到会（有选举权）", "发出选票", "收回选票", "有效票", "无效票")
    yield Grid([("会议时间、地点", f"{WHEN}　{WHERE}"), *((one, TO_FILL_IN) for one in told)], widths=(1, 2))
    yield Text(TO_FILL_IN, style="Flush")
    header = ("序号", "姓名", "赞成", "不赞成", "弃权", "是否当选")
    number = max(found.candidates, 1) + OTHERS
    rows = blank_rows(number, columns=len(header))
    yield Grid(rows, header=header, widths=(9, 24, 14, 14, 14, 18), row_height=ROW_TO_FILL_IN)
    yield from notes("另选他人的，写在候选人后面。有选举权的到会党员过半数赞成的，始得当选。")
    yield Text(SIGNED_BY_TELLERS, style="Flush")
    yield Text(TO_SIGN, style="Signature")


def posts_paper(wanted: Wanted) -> Paper:
    """支委分工 as the posts stand today."""
    found = current_posts(wanted.branch, today=wanted.today).filter(
        organization=wanted.branch, kind__in=COMMITTEE_POSTS
    )
    held = {kind: [post for post in found if post.kind == kind] for kind in PostKind}
    rows = [
        (post.get_kind_display(), post.person.name, dotted(post.starts_on), TO_FILL_IN)
        for posts in held.values()
        for post in posts
    ]
    header = ("职务", "姓名", "任职时间", "分管工作")
    return election_paper(
        wanted,
        label="支委分工表",
        title=f"{wanted.branch.name}委员分工",
        blocks=[
            Grid(
                rows or blank_rows(SPARE_EXCLUSIONS, columns=4),
                header=header,
                widths=(4, 4, 4, 10),
                row_height=2 * ROW_TO_FILL_IN,
            ),
            *body(f"截至{day_words(wanted.today)}，按系统中的任职登记。分管工作集体研究后填写。"),
            *signed(wanted),
        ],
    )


def handover_paper(wanted: Wanted) -> Paper:
    """移交单 from the old secretary to the new one, with what the system can count."""
    return election_paper(
        wanted,
        label="工作移交单",
        title=f"{wanted.branch.name}工作移交单",
        blocks=_handover(wanted),
    )


def _handover(wanted: Wanted) -> Iterator[Block]:
    given = [
        ("党支部工作手册", "【　】本", "【起止年度】"),
        ("会议记录", f"系统内已归档 {_filed(wanted)} 次", "纸质【　】本"),
        ("党员花名册", f"{len(roster_of(wanted.branch))} 人", f"按{day_words(wanted.today)}登记"),
        ("发展党员材料", "【　】份", TO_FILL_IN),
        ("党费收缴账目和票据", "【　】份", TO_FILL_IN),
        ("上级文件、通知", "【　】份", TO_FILL_IN),
        ("没有办完的任务", f"{_open_tasks(wanted)} 项", "清单在“任务”页面"),
        ("印章、牌匾、设备", "【　】件", TO_FILL_IN),
        ("系统账号", "本人账号不移交", "由组织员登记新任职后自动取得权限"),
        ("其他", TO_FILL_IN, TO_FILL_IN),
    ]
    rows = [(number, *line, TO_FILL_IN) for number, line in enumerate(given, start=1)]
    header = ("序号", "移交内容", "数量", "说明", "核对")
    yield Grid(rows, header=header, widths=(9, 24, 26, 26, 10), row_height=ROW_TO_FILL_IN)
    yield from body("以上内容已当面清点，账实相符。")
    yield Text("移交人（签字）：　　　　　　接收人（签字）：", style="Flush")
    yield Text("监交人（签字）：", style="Flush")
    yield Text(TO_SIGN, style="Signature")


def _filed(wanted: Wanted) -> int:
    mine = visible_meetings(wanted.reader).filter(branch=wanted.branch)
    return mine.filter(state=MeetingState.CLOSED).count()


def _open_tasks(wanted: Wanted) -> int:
    return ledger_tasks(wanted.reader).filter(organization=wanted.branch, state=TaskState.OPEN).count()
