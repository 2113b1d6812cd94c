"""The papers around an election that are read: requests, rules, agenda (documents.md 10).

What the records say is filled in; what the branch and those above it decide is left open in 【】.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from apps.documents.queries import TO_FILL_IN, TO_SIGN, Paper, Wanted
from apps.documents.queries_branch import day_words
from apps.documents.queries_election import Outlook, elections_in, outlook_of
from apps.meetings.models import Motion, MotionState
from apps.rules.kinds import Matter
from apps.ui.docx import Block, Grid, Heading, Text, chinese, prose

WHEN, WHERE = "【　　年　　月　　日】", "【地点】"
BASIS = (
    "根据《中国共产党章程》《中国共产党支部工作条例（试行）》和《中国共产党基层组织选举工作条例》的有关规定"
)
PEOPLE = ("序号", "姓名", "性别", "出生年月", "入党时间", "现任职务", "拟任职务")
PEOPLE_WIDTHS = (9, 14, 9, 15, 15, 20, 18)
ROW_TO_FILL_IN = 560
SPARE_ROWS = 2


def election_paper(wanted: Wanted, *, label: str, blocks: Iterable[Block], title: str = "") -> Paper:
    return Paper(label=label, title=title or label, blocks=blocks, file_name=f"{wanted.branch.name}{label}")


def outlook_for(wanted: Wanted) -> Outlook:
    return outlook_of(wanted.branch, today=wanted.today)


def blank_rows(number: int, *, columns: int) -> list[Sequence[object]]:
    """Numbered lines that people write into."""
    return [(line, *[TO_FILL_IN] * (columns - 1)) for line in range(1, number + 1)]


def body(*lines: str) -> list[Text]:
    return [Text(line, style="BodyText") for line in lines if line]


def notes(*lines: str) -> list[Text]:
    """Small, below what is handed in."""
    return [Text(line, style="Cell") for line in lines]


def signed(wanted: Wanted, *, contact: bool = False) -> Iterator[Text]:
    branch = wanted.branch
    if contact:
        name, phone = branch.contact_name or "【姓名】", branch.contact_phone or "【电话】"
        yield Text(f"（联系人：{name}　电话：{phone}）", style="BodyText")
    yield Text(branch.name, style="Signature")
    yield Text(TO_SIGN, style="Signature")


def _to(found: Outlook) -> Text:
    return Text(f"{found.superior or '【上级党组织】'}：", style="Flush")


def request_paper(wanted: Wanted) -> Paper:
    """换届请示."""
    return election_paper(
        wanted,
        label="换届选举请示",
        title="关于召开党员大会进行换届选举的请示",
        blocks=_request(wanted),
    )


def _request(wanted: Wanted) -> Iterator[Block]:
    found = outlook_for(wanted)
    yield _to(found)
    yield from body(
        f"{_term_words(found)}{BASIS}，拟于{WHEN}召开党员大会进行换届选举。现将有关事项请示如下："
    )
    yield Heading("一、党员情况")
    yield from body(electorate_words(found))
    yield Heading("二、拟选名额")
    yield from body(*_seat_words(found))
    yield Heading("三、选举办法")
    yield from body(*_method_words(found))
    yield Heading("四、时间安排")
    yield from body("【请填写：推荐、报人选、开大会的时间】")
    yield from body("妥否，请批示。")
    yield from signed(wanted, contact=True)


def _term_words(found: Outlook) -> str:
    term = found.term
    if term is None:
        return "【请填写：本届产生日期、任期、届满日期】"
    extended = f"（经批准延期至{day_words(term.extended_to)}）" if term.extended_to else ""
    whom = "支部委员会" if term.with_committee else "书记"
    return (
        f"我支部第{term.number}届{whom}于{day_words(term.starts_on)}选举产生，"
        f"任期{term.years}年，{day_words(term.ends_on)}届满{extended}。"
    )


def electorate_words(found: Outlook) -> str:
    return (
        f"现有党员{found.members}名，其中正式党员{found.full}名、预备党员{found.probationary}名。"
        f"按今天的登记，有选举权并计入应到会人数的{found.people.size}名。"
    )


def _seat_words(found: Outlook) -> list[str]:
    if not found.has_committee:
        return [f"{found.advice.words}拟选书记1名【，副书记1名】。"]
    return [
        found.advice.words,
        f"拟设{found.next_term}支部委员会委员【{found.seats}】名，其中书记1名【、副书记1名】。"
        f"委员候选人的差额不少于应选人数的20%，应选{found.seats}名的，候选人不少于{found.candidates}名。",
    ]


def _method_words(found: Outlook) -> list[str]:
    if not found.has_committee:
        return ["书记【、副书记】由党员大会以无记名投票方式选举产生。"]
    return [
        "委员由党员大会以无记名投票、差额选举的方式产生。",
        "书记【、副书记】由新一届支部委员会第一次全体会议选举产生。",
    ]


def candidates_paper(wanted: Wanted) -> Paper:
    """人选请示."""
    return election_paper(
        wanted, label="候选人预备人选请示", title=_about(wanted), blocks=_candidates(wanted)
    )


def _about(wanted: Wanted) -> str:
    whom = "支部委员会委员和书记、副书记" if outlook_for(wanted).has_committee else "书记、副书记"
    return f"关于{whom}候选人预备人选的请示"


def _candidates(wanted: Wanted) -> Iterator[Block]:
    found = outlook_for(wanted)
    yield _to(found)
    yield from body(
        f"根据【批复文号】批复，我支部组织党员推荐候选人。应参加推荐的党员{found.members}名，"
        f"实际参加【　】名。经{'支部委员会' if found.has_committee else '支部'}研究，提出以下预备人选：",
    )
    number = (found.candidates if found.has_committee else 1) + SPARE_ROWS
    rows = blank_rows(number, columns=len(PEOPLE))
    yield Grid(rows, header=PEOPLE, widths=PEOPLE_WIDTHS, row_height=ROW_TO_FILL_IN)
    if found.has_committee:
        yield from body(f"应选委员【{found.seats}】名，候选人不少于{found.candidates}名，按姓氏笔画为序。")
    yield from body("附上推荐汇总表。妥否，请批示。")
    yield from signed(wanted, contact=True)


def rules_paper(wanted: Wanted) -> Paper:
    """选举办法, a draft for the assembly to pass."""
    return election_paper(
        wanted,
        label="选举办法（草案）",
        title=f"{wanted.branch.name}换届选举办法",
        blocks=_rules(outlook_for(wanted)),
    )


def _rules(found: Outlook) -> Iterator[Block]:
    yield Text("（草案，提请党员大会通过）", style="Subtitle")
    for number, words in enumerate(_rule_words(found), start=1):
        yield from prose(f"{chinese(number)}、{words}")


def _rule_words(found: Outlook) -> list[str]:
    seats = [
        f"本次大会选举{found.next_term}支部委员会委员【{found.seats}】名，候选人【{found.candidates}】名，"
        "实行差额选举。书记【、副书记】由新一届支部委员会第一次全体会议选举产生。"
    ]
    alone = ["本次大会选举书记1名【、副书记1名】，候选人【　】名。"]
    return [
        f"{BASIS}，制定本办法。",
        *(seats if found.has_committee else alone),
        "预备党员、留党察看期间的党员以及党员权利被暂停行使的党员，没有选举权。",
        f"有选举权的到会党员不少于应到会人数的五分之四，方可开会选举。按今天的登记，应到会{found.people.size}名，"
        f"须到会{found.needed_to_open}名。（上级要求超过五分之四的，按上级要求改。）",
        "选举采用无记名投票。不得委托他人投票，缺席的不能事先投票。",
        "对候选人可以投赞成票、不赞成票，也可以弃权；投不赞成票的可以另选他人，弃权的不能另选他人。",
        "所选人数等于或者少于应选名额的为有效票，多于应选名额的为无效票。"
        "收回的选票等于或者少于发出的选票，选举有效；多于发出的选票，选举无效，应当重新选举。",
        "得到的赞成票超过实到会有选举权人数的一半，始得当选。超过一半的人数多于应选名额时，得票多的当选；"
        "票数相同不能确定当选的，就票数相同的人再次投票。",
        "当选人数少于应选名额时，对不足的名额另行选举；接近应选名额的，经半数以上选举人同意，"
        "也可以减少名额，不再选举。",
        "大会设监票人【　】名、计票人【　】名，由大会通过。候选人不担任监票人。",
        "本办法经党员大会通过后生效。",
    ]


def agenda_paper(wanted: Wanted) -> Paper:
    """大会议程 with what the chair says at each point."""
    return election_paper(
        wanted,
        label="选举大会议程和主持词",
        title="换届选举党员大会议程和主持词",
        blocks=_agenda(wanted),
    )


def _agenda(wanted: Wanted) -> Iterator[Block]:
    found = outlook_for(wanted)
    steps = _steps(found)
    yield Text(wanted.branch.name, style="Subtitle")
    yield Grid(
        [("时间", WHEN), ("地点", WHERE), ("主持人", "【姓名】"), ("记录人", "【姓名】")], widths=(1, 3)
    )
    yield Heading("一、议程")
    yield from body(*(f"{number}．{title}" for number, (title, _) in enumerate(steps, start=1)))
    yield Heading("二、主持词")
    for number, (title, words) in enumerate(steps, start=1):
        yield Heading(f"（{chinese(number)}）{title}", level=2)
        yield from body(words)


def _steps(found: Outlook) -> list[tuple[str, str]]:
    what = "支部委员会委员" if found.has_committee else "书记、副书记"
    return [
        (
            "清点人数，宣布开会",
            f"今天应到会有选举权的党员【{found.people.size}】名，实到【　】名，因【事由】请假【　】名。"
            f"到会人数【达到】应到会人数的五分之四（须到会{found.needed_to_open}名），可以开会。请全体起立，奏（唱）国歌。",
        ),
        ("上届工作报告", "请【姓名】作工作报告。【报告另附】"),
        ("党费收缴使用情况报告", "请【姓名】报告党费收缴、使用情况。【没有这一项的删去】"),
        (
            "通过选举办法",
            "请【姓名】宣读选举办法（草案）。请大家审议。现在举手表决：同意的请举手；不同意的请举手；弃权的请举手。【通过】。",
        ),
        (f"介绍{what}候选人", "候选人产生的经过和上级批复是：【　】。下面按姓氏笔画介绍候选人：【　】。"),
        ("通过监票人、计票人名单", "提名【　】为监票人、【　】为计票人。现在举手表决：【通过】。"),
        ("分发和填写选票", "请监票人当众检查票箱。现在分发选票，请大家对照填写说明填写，有疑问请举手。"),
        (
            "投票、计票",
            "请按【顺序】投票。监票人报告：发出选票【　】张，收回【　】张，选举【有效】。现在计票，请稍候。",
        ),
        ("宣布选举结果", "请监票人报告计票结果：【　】。根据选举办法，【　】当选。"),
        ("新当选的同志表态", "请【姓名】代表新当选的同志讲话。"),
        ("上级党组织讲话", "请【职务、姓名】讲话。【没有的删去】"),
        ("宣布闭会", "各项议程已经完成，请全体起立，奏（唱）国际歌。现在散会。"),
    ]


def result_paper(wanted: Wanted) -> Paper:
    """结果请示, with the names that the filed sitting of the year says."""
    return election_paper(
        wanted,
        label="选举结果请示",
        title="关于换届选举结果的请示",
        blocks=_result(wanted),
    )


def _result(wanted: Wanted) -> Iterator[Block]:
    found, votes = outlook_for(wanted), elections_in(wanted)
    yield _to(found)
    held = _last(votes, Matter.ELECTION)
    if held is None:
        yield from body(
            f"我支部于{WHEN}召开党员大会进行换届选举。应到会有选举权的党员【　】名，实到【　】名。",
            "经无记名投票，【姓名，按得票或姓氏笔画】当选。",
        )
    else:
        meeting = held.item.meeting
        yield from body(
            f"我支部于{day_words(meeting.held_on)}召开{meeting.title}进行选举。"
            f"应到会有选举权的党员{held.entitled}名，实到{held.present}名。",
            f"经{held.get_method_display()}，{_names_elected(votes)}当选。",
        )
    if found.has_committee:
        posts, sitting = (
            "、".join(_elected(votes, Matter.COMMITTEE_ELECTION)),
            _last(votes, Matter.COMMITTEE_ELECTION),
        )
        when = day_words(sitting.item.meeting.held_on) if sitting else WHEN
        yield from body(
            f"{when}召开新一届支部委员会第一次全体会议，选举{posts or '【姓名】'}为【书记、副书记】。"
        )
    yield from body(
        "书记、副书记的选举结果报请批准，委员的选举结果报请备案。附：计票结果报告单、支委分工表。"
        if found.has_committee
        else "选举结果报请批准。附：计票结果报告单。"
    )
    yield from body("妥否，请批示。")
    yield from signed(wanted, contact=True)


def _names_elected(votes: Sequence[Motion]) -> str:
    return "、".join(_elected(votes, Matter.ELECTION)) or "【姓名】"


def _last(votes: Sequence[Motion], matter: Matter) -> Motion | None:
    return next((vote for vote in reversed(votes) if vote.matter == matter), None)


def _elected(votes: Sequence[Motion], matter: Matter) -> list[str]:
    """From all rounds of the last sitting that elected."""
    last = _last(votes, matter)
    if last is None:
        return []
    same = [vote for vote in votes if vote.matter == matter and vote.item.meeting_id == last.item.meeting_id]
    valid = [vote for vote in same if vote.state != MotionState.INVALID]
    return [one.name for vote in valid for one in vote.candidates.all() if one.elected]
