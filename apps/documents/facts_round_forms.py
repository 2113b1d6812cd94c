"""The papers with which a round is begun and its meeting is led: notice, and words for the chair."""

from __future__ import annotations

from collections.abc import Iterator

from apps.documents.facts_round import round_paper, signed
from apps.documents.queries import TO_SIGN, NothingThere, Paper, to_write
from apps.documents.queries_rounds import OfRound, contents_of, presence_at
from apps.evaluations.queries_roll import on_roll
from apps.evaluations.queries_round import RoundStand, opinions_of, problems_of, reported_from_last_year
from apps.rules.cadences import CADENCES
from apps.rules.kinds_evaluations import MemberGrade, RoundPart
from apps.rules.member_evaluation import WHY, Stand
from apps.rules.periods import day_words
from apps.rules.regulations import REGULATIONS
from apps.tasks.models import TaskState
from apps.ui.docx import Block, Grid, Heading, Text, chinese

BLANK = "【　　】"
#: By which rule the meeting is held, and the members are evaluated.
BASIS = {one.code: REGULATIONS[one.regulation].title for one in CADENCES}
GRADES = "、".join(grade.label for grade in MemberGrade)


def plan_paper(of: OfRound) -> Paper:
    """方案 and 通知 in one: what is done until when, and by which rule."""
    title = f"关于开好{of.row.year}年度组织生活会的通知"
    return round_paper(of, label="组织生活会方案", title=title, blocks=_plan(of))


def _plan(of: OfRound) -> Iterator[Block]:
    stand = of.stand
    basis = "、".join(BASIS[code] for code in ("OL-1", "EV-1")[: 1 + of.row.with_grades])
    also = "，同时民主评议党员" if of.row.with_grades else ""
    yield Text("全体党员：", style="Flush")
    yield Text(
        f"根据{basis}的规定和上级要求，支部决定召开{of.row.year}年度组织生活会{also}，现将有关事项通知如下。",
        style="BodyText",
    )
    yield Heading("一、会议主题")
    yield Text(of.row.theme, style="BodyText") if of.row.theme else to_write("按上级通知确定的主题")
    yield Heading("二、时间安排")
    yield Grid(
        [
            ("会前学习、谈心谈话、征求意见", f"{day_words(of.row.starts_on)}起"),
            ("个人自评、问题清单交齐", f"{day_words(of.row.self_by)}前"),
            ("召开组织生活会", f"{day_words(of.row.meeting_by)}前，具体时间和地点另行通知"),
        ],
        header=("事项", "时间"),
        widths=(2, 3),
    )
    yield Heading("三、步骤和要求")
    yield from _steps(stand.parts)
    if of.row.with_grades:
        yield Heading("四、民主评议党员")
        yield from _steps(stand.steps)
        yield Text(_grades_words(of, stand), style="BodyText")
    yield from signed(of)


def _steps(stands: tuple[Stand, ...]) -> Iterator[Text]:
    for number, one in enumerate(stands, start=1):
        yield Text(f"{number}．{one.label}。{WHY[one.step][0]}", style="BodyText")


def _grades_words(of: OfRound, stand: RoundStand) -> str:
    lower = f"上级规定不超过{of.row.cap_percent}%，" if of.row.cap_percent else ""
    return (
        f"评议等次为{GRADES}。优秀等次一般不超过参加评议的正式党员的三分之一，{lower}"
        f"按现在的名单最多{stand.cap}名。预备党员参加评议，不定等次。"
    )


def script_paper(of: OfRound) -> Paper:
    """主持词: the data are filled in, what the chair says in his own words is left open."""
    title = f"{of.row.year}年度组织生活会主持词"
    return round_paper(of, label="组织生活会主持词", title=title, blocks=_script(of))


def _script(of: OfRound) -> Iterator[Block]:
    yield Text("（草稿。带【】的地方由主持人填写，填好后删去本行。）", style="BodyText")
    yield Text("同志们：", style="Flush")
    yield from _opening(of)
    parts = [_last_year(of), _opinions(of), _committee(of), MEMBERS]
    if of.row.with_grades:
        parts.append(_ballot(of))
    parts.append(("支部书记讲整改和下一步打算", _measures_words(of)))
    parts.append(("上级党组织同志讲话", f"请{BLANK}同志讲话，大家欢迎。"))
    for number, (title, words) in enumerate(parts, start=1):
        yield Heading(f"{chinese(number)}、{title}")
        yield Text(words, style="BodyText")
    yield Heading(f"{chinese(len(parts) + 1)}、小结")
    yield to_write("对会议作小结，提出要求")
    yield Text("会议到此结束。散会。", style="BodyText")
    yield Text(f"主持人：{BLANK}", style="Signature")
    yield Text(TO_SIGN, style="Signature")


def _opening(of: OfRound) -> Iterator[Text]:
    stand = of.stand
    presence = presence_at(stand.met)
    counts = presence[stand.met[-1].pk] if stand.met else None
    expected = counts.expected if counts else len(stand.roll)
    present = counts.present if counts else BLANK
    theme = f"会议主题是“{of.row.theme}”。" if of.row.theme else f"会议主题是{BLANK}。"
    yield Text(
        f"现在召开{of.branch.name}{of.row.year}年度组织生活会。应到党员{expected}名，实到{present}名，"
        f"{theme}列席会议的有{BLANK}，我们表示欢迎。",
        style="BodyText",
    )
    study = next(one for one in stand.parts if one.step == RoundPart.STUDY)
    talks = next(one for one in stand.parts if one.step == RoundPart.TALKS)
    done = "，".join(one.found for one in (study, talks) if one.found)
    yield Text(f"会前，支部作了认真准备：{done or BLANK}。下面按议程进行。", style="BodyText")


def _last_year(of: OfRound) -> tuple[str, str]:
    tasks = reported_from_last_year(of.row)
    done = sum(task.state == TaskState.DONE for task in tasks)
    counted = f"共{len(tasks)}项，已销号{done}项，还在整改{len(tasks) - done}项" if tasks else BLANK
    return "通报上年度整改落实情况", f"请{BLANK}同志通报。上年度组织生活会查摆的问题{counted}。"


def _opinions(of: OfRound) -> tuple[str, str]:
    number = len(opinions_of(of.row))
    return "通报征求意见情况", f"会前征求到意见建议{number or BLANK}条，请{BLANK}同志通报。"


def _committee(of: OfRound) -> tuple[str, str]:
    number = len(problems_of(of.row))
    words = f"请支部书记代表支部班子作对照检查。班子查摆问题{number or BLANK}个。请大家提出批评意见。"
    return "支部班子对照检查", words


MEMBERS = (
    "党员对照检查，开展批评和自我批评",
    f"请每名党员先作自我批评，再请其他同志提出批评意见。发言顺序：{BLANK}。有则改之，无则加勉。",
)


def _ballot(of: OfRound) -> tuple[str, str]:
    graded = sum(not one.ungraded for one in on_roll(of.row))
    poll = of.row.poll
    tellers = f"计票人{poll.teller_one}、监票人{poll.teller_two}" if poll else f"计票人{BLANK}、监票人{BLANK}"
    return (
        "民主测评",
        f"下面对{graded}名党员进行无记名测评，等次为{GRADES}。{tellers}。请发放测评表，填好后投入票箱。",
    )


def _measures_words(of: OfRound) -> str:
    if "problems" not in contents_of(of.row):
        return f"请支部书记{BLANK}同志讲话。"
    return "请支部书记就查摆的问题逐条说明整改措施、责任人和期限。整改清单会后在支部公开，改一条销一条。"


def ballot_paper(of: OfRound) -> Paper:
    """测评表, to be printed and filled in by hand (documents.md 7a)."""
    return round_paper(of, label="民主评议党员测评表", title="民主评议党员测评表", blocks=_ballot_sheet(of))


ROW_TO_TICK = 520


def _ballot_sheet(of: OfRound) -> Iterator[Block]:
    everybody = on_roll(of.row)
    graded = [str(one.member) for one in everybody if not one.ungraded]
    if not graded:
        raise NothingThere("名单上没有要定等次的党员。")
    yield Text(f"{of.branch.name}　{of.row.year}年度", style="Subtitle")
    header = ("序号", "姓名", *(grade.label for grade in MemberGrade))
    rows = [(number, name, *["　"] * len(MemberGrade)) for number, name in enumerate(graded, start=1)]
    yield Grid(rows, header=header, widths=(4, 9, 6, 6, 7, 7), row_height=ROW_TO_TICK)
    left_out = "、".join(str(one.member) for one in everybody if one.ungraded)
    if left_out:
        yield Text(f"不定等次的：{left_out}。", style="Cell")
    for words in BALLOT_NOTES:
        yield Text(words, style="Cell")


BALLOT_NOTES = (
    "说明：1．不记名，在同意的等次栏内打“√”，每人只选一个等次，多选、不选的，该人一栏无效。",
    "2．不测评本人，本人一栏空着。",
    "3．由监票人、计票人当场发放、收回、计票。",
)
