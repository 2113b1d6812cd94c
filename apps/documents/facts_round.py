"""The papers of a round of the organizational life meeting (documents.md 6), in the lines of its page.

`…_blocks` give what stands in a paper, for whoever binds several into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from apps.documents.facts_papers import dotted
from apps.documents.queries import NONE, TO_SIGN, NothingThere, Paper, to_write
from apps.documents.queries_rounds import OfRound, opinions_said, presence_at
from apps.evaluations.models import MemberEvaluation, OwnProblem
from apps.evaluations.queries_roll import Ballot, ballot_of, opinion_lines, problem_lines, rectification_lines
from apps.evaluations.queries_round import RoundStand, grade_counts, reported_from_last_year
from apps.rules.kinds_evaluations import RoundPart, StepState
from apps.rules.member_evaluation import LEAST_TO_COUNT, Stand
from apps.rules.periods import day_words
from apps.tasks.models import TaskState
from apps.ui.docx import Block, Grid, Heading, Text, chinese, prose

#: Steps with their state and what is there, as the page of the round lists them.
STEPS, STEPS_WIDTHS = ("环节", "情况", "说明"), (16, 12, 30)
OPINIONS = ("序号", "来源", "关于", "意见建议", "收到日期")
PROBLEMS = ("序号", "问题", "具体表现", "原因", "整改措施", "责任人", "期限")
RECTIFIED = ("序号", "问题", "整改措施", "责任人", "时限", "进展", "销号日期")
LAST_YEAR = ("序号", "上年度查摆的问题", "整改措施", "责任人", "整改情况")


def round_paper(of: OfRound, *, label: str, blocks: Iterable[Block], title: str = "") -> Paper:
    return Paper(
        label=f"{of.row.year} 年度{label}",
        title=title or f"{of.row.year}年度{label}",
        blocks=blocks,
        file_name=f"{of.name}{label}",
    )


def signed(of: OfRound) -> Iterator[Text]:
    yield Text(of.branch.name, style="Signature")
    yield Text(TO_SIGN, style="Signature")


def checked() -> Text:
    """Below a table that the secretary answers for."""
    return Text("支部书记（签字）：", style="Flush")


def superior(of: OfRound) -> Text:
    above = of.branch.parent
    return Text(f"{above.name if above else '【上级党组织】'}：", style="Flush")


def opinions_paper(of: OfRound) -> Paper:
    return round_paper(
        of,
        label="征求意见汇总表",
        title=f"{of.row.year}年度组织生活会征求意见汇总表",
        blocks=[Text(of.branch.name, style="Subtitle"), *opinions_blocks(of), checked()],
    )


def opinions_blocks(of: OfRound) -> Iterator[Block]:
    rows = [(*line, dotted(day)) for *line, day in opinion_lines(of.row)]
    if not rows:
        raise NothingThere("还没有登记征求的意见。")
    yield Grid(rows, header=OPINIONS, widths=(8, 14, 14, 46, 18))
    yield Text(f"共 {len(rows)} 条。只记来自哪方面，不记是谁提的。", style="Cell")


def talks_paper(of: OfRound) -> Paper:
    blocks = [Text(of.branch.name, style="Subtitle"), *talks_blocks(of), *signed(of)]
    title = f"{of.row.year}年度组织生活会会前谈心谈话情况"
    return round_paper(of, label="会前谈心谈话情况", title=title, blocks=blocks)


def talks_blocks(of: OfRound) -> Iterator[Block]:
    """Numbers alone: who talked with whom stands in the ledger of talks, what was said nowhere."""
    stand = of.stand
    told = _told(stand, RoundPart.TALKS)
    yield Text(
        f"{day_words(of.row.starts_on)}以来，支部组织开展会前谈心谈话。委员之间必谈，委员和党员广泛谈。",
        style="BodyText",
    )
    yield Grid([("谈心谈话", told.state, told.words)], header=STEPS, widths=STEPS_WIDTHS)
    yield Text("只列数目，不列姓名和谈话内容。", style="Cell")
    yield to_write("谈心谈话中集中反映的问题，支部怎样回应（不写谈话人姓名）")


class Told:
    """A step's state and words, of an open round as it stands and of a closed one as it was kept."""

    def __init__(self, label: str, state: str, *words: str) -> None:
        self.label, self.state = label, StepState(state).label
        self.words = "。".join(word.rstrip("。") for word in words if word) or NONE


def told_steps(stand: RoundStand, stands: Sequence[Stand]) -> list[Told]:
    wanted = {one.label for one in stands}
    kept = [step for step in stand.frozen if step.label in wanted]
    if kept:
        return [Told(step.label, step.state, step.found, step.missing) for step in kept]
    return [Told(one.label, one.state, one.found, one.missing) for one in stands]


def _told(stand: RoundStand, part: RoundPart) -> Told:
    return next(one for one in told_steps(stand, stand.parts) if one.label == part.label)


def steps_grid(found: Sequence[Told]) -> Grid:
    rows = [(one.label, one.state, one.words) for one in found]
    return Grid(rows, header=STEPS, widths=STEPS_WIDTHS)


def problems_paper(of: OfRound) -> Paper:
    return round_paper(
        of,
        label="支部班子问题清单",
        blocks=[Text(of.branch.name, style="Subtitle"), *problems_blocks(of), checked()],
    )


def problems_blocks(of: OfRound) -> Iterator[Block]:
    rows = [(*line, dotted(due_on) or "未定") for *line, due_on in problem_lines(of.row)]
    if not rows:
        raise NothingThere("支部班子的问题清单还是空的。")
    yield Grid(rows, header=PROBLEMS, widths=(8, 15, 17, 14, 17, 11, 18))


def rectification_round_paper(of: OfRound) -> Paper:
    return round_paper(
        of,
        label="组织生活会整改清单",
        blocks=[Text(of.branch.name, style="Subtitle"), *rectified_blocks(of), checked()],
    )


def rectified_blocks(of: OfRound) -> Iterator[Block]:
    rows = [
        (number, text, measure, owner, dotted(due_on) or "未定", progress, dotted(closed_on))
        for number, text, measure, owner, due_on, progress, closed_on in rectification_lines(of.row)
    ]
    if not rows:
        raise NothingThere("支部班子的问题清单还是空的，没有可以列入整改清单的问题。")
    yield Grid(rows, header=RECTIFIED, widths=(8, 14, 17, 11, 18, 14, 18))


def last_year_paper(of: OfRound) -> Paper:
    title = f"{of.row.year - 1}年度组织生活会整改落实情况通报"
    return round_paper(
        of, label="上年度整改落实情况通报", title=title, blocks=[*last_year_blocks(of), *signed(of)]
    )


def last_year_blocks(of: OfRound) -> Iterator[Block]:
    tasks = reported_from_last_year(of.row)
    if not tasks:
        raise NothingThere("没有登记过上年度组织生活会查摆的问题。")
    done = sum(task.state == TaskState.DONE for task in tasks)
    left = len(tasks) - done
    yield Text(
        f"{of.row.year - 1}年度组织生活会查摆的问题共{len(tasks)}项，已整改销号{done}项，"
        f"还在整改{left}项。现通报如下：",
        style="BodyText",
    )
    rows = [
        (number, task.title, task.rectification.measure, str(task.owner or "支部书记"), _outcome(task))
        for number, task in enumerate(tasks, start=1)
    ]
    yield Grid(rows, header=LAST_YEAR, widths=(8, 25, 28, 12, 27))
    if left:
        yield to_write("没有改完的是什么原因，接下来怎么改、什么时候改完")


def _outcome(task: Any) -> str:
    if task.state == TaskState.DONE:
        return f"{dotted(task.closed_on)} 销号"
    return f"正在整改，期限 {dotted(task.due_on)}" if task.due_on else "正在整改"


def report_paper(of: OfRound) -> Paper:
    """情况报告, to those above."""
    title = f"关于{of.row.year}年度组织生活会开展情况的报告"
    blocks = [superior(of), *report_blocks(of), *signed(of)]
    return round_paper(of, label="组织生活会情况报告", title=title, blocks=blocks)


def report_blocks(of: OfRound) -> Iterator[Block]:
    stand = of.stand
    theme = f"，主题是“{of.row.theme}”" if of.row.theme else ""
    yield Text(
        f"按照上级要求，我支部组织召开{of.row.year}年度组织生活会{theme}。现将情况报告如下：",
        style="BodyText",
    )
    parts: list[tuple[str, Sequence[Block]]] = [
        ("各环节情况", [steps_grid(told_steps(stand, stand.parts))]),
        ("会议召开情况", list(_met(of, stand))),
        ("查摆的问题和整改措施", list(_problems_told(of))),
    ]
    if of.row.with_grades:
        parts.append(("民主评议党员情况", list(graded_words(stand, ballot=ballot_of(of.row.poll)))))
    parts.append(("补充说明", prose(of.row.report) if of.row.report else [to_write("会议效果、存在的不足")]))
    for number, (title, blocks) in enumerate(parts, start=1):
        yield Heading(f"{chinese(number)}、{title}")
        yield from blocks


def _met(of: OfRound, stand: RoundStand) -> Iterator[Text]:
    presence = presence_at(stand.met)
    for meeting in stand.met:
        counts = presence[meeting.pk]
        yield Text(
            f"{day_words(meeting.held_on)}召开组织生活会，应到{counts.expected}人，实到{counts.present}人。",
            style="BodyText",
        )
    if not stand.met:
        yield Text("系统里还没有归档的组织生活会记录。", style="BodyText")
    said = opinions_said(of.row)
    yield Text(f"会上开展批评和自我批评，相互批评意见{said or '【　　】'}条。", style="BodyText")


def _problems_told(of: OfRound) -> Iterator[Block]:
    lines = problem_lines(of.row)
    if not lines:
        yield Text("支部班子问题清单还没有登记。", style="BodyText")
        return
    yield Text(f"支部班子查摆问题{len(lines)}个，措施、责任人和期限见整改清单。", style="BodyText")
    rows = [(number, text, measure) for number, text, _, _, measure, *_ in lines]
    yield Grid(rows, header=("序号", "问题", "整改措施"), widths=(8, 40, 52))


def graded_words(stand: RoundStand, *, ballot: Ballot) -> Iterator[Text]:
    """How many took part and how many got which grade: no names, and no counts that tell who."""
    ungraded = sum(bool(one.ungraded) for one in stand.roll)
    yield Text(
        f"参加民主评议的党员{len(stand.roll)}名，其中按规定不定等次{ungraded}名。{ballot_words(ballot)}",
        style="BodyText",
    )
    counts = grade_counts(stand)
    decided = sum(number for _, number in counts)
    if not decided:
        yield Text("评定意见还没有作出。", style="BodyText")
    elif decided < LEAST_TO_COUNT:
        yield Text(f"评定等次的不足{LEAST_TO_COUNT}人，各等次人数不在这里列出。", style="BodyText")
    else:
        words = "，".join(f"{label}{number}名" for label, number in counts)
        yield Text(f"评定等次的{decided}名：{words}。按规定优秀最多{stand.cap}名。", style="BodyText")


def ballot_words(ballot: Ballot) -> str:
    found = ballot.result
    if found is None:
        return "民主测评还没有结果。"
    return f"测评票发出{found.issued}张，收回{found.returned}张，有效{found.valid}张，无效{found.invalid}张。"


def own_paper(evaluation: MemberEvaluation, *, problems: Sequence[OwnProblem]) -> Paper:
    """个人问题清单, with the heads of what its author will say (发言提纲)."""
    year = evaluation.round.year
    return Paper(
        label=f"{year} 年度个人问题清单",
        title=f"{year}年度组织生活会个人对照检查发言提纲",
        blocks=_own(evaluation, problems=problems),
        file_name=f"{evaluation.member.person.name}{year}年度个人问题清单",
    )


def _own(evaluation: MemberEvaluation, *, problems: Sequence[OwnProblem]) -> Iterator[Block]:
    branch = evaluation.round.branch
    yield Text(f"{branch.name}　{evaluation.member.person.name}", style="Subtitle")
    if not problems:
        raise NothingThere("个人问题清单还是空的。")
    yield Heading("一、上年度整改情况")
    yield to_write("上年度自己列的问题改得怎样，还有哪些没有改好")
    yield Heading("二、查摆的问题和原因")
    for number, one in enumerate(problems, start=1):
        yield Heading(f"（{chinese(number)}）{one.text}", level=2)
        yield from prose(f"具体表现：{one.shown_by or '【请填写】'}")
        yield from prose(f"原因：{one.cause or '【请填写】'}")
    yield Heading("三、整改措施")
    rows = [
        (number, one.text, one.measure or "【请填写】", dotted(one.due_on) or "未定", dotted(one.done_on))
        for number, one in enumerate(problems, start=1)
    ]
    yield Grid(rows, header=("序号", "问题", "措施", "期限", "改好日期"), widths=(8, 26, 30, 18, 18))
    yield Heading("四、对支部和其他同志的意见建议")
    yield to_write("有什么说什么，开会时当面讲")
    yield Text(evaluation.member.person.name, style="Signature")
    yield Text(TO_SIGN, style="Signature")
