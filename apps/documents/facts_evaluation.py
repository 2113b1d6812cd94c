"""The papers of a branch's annual evaluation, in the words of its pages (documents.md 7d and 8).

Nothing here adds grades up or puts branches in an order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from apps.documents.facts_papers import dotted
from apps.documents.queries import NONE, TO_SIGN, NothingThere, Paper
from apps.evaluations.models import BranchEvaluation, ResultProblem
from apps.evaluations.queries_appraisal import Appraisal
from apps.evaluations.queries_evidence import BranchEvidence
from apps.evaluations.queries_report import LastProblem
from apps.evaluations.queries_result import Outcome
from apps.rules.kinds_evaluations import EvaluationState
from apps.rules.periods import day_words
from apps.ui.docx import Block, Grid, Heading, Text, chinese, prose

STANDARDS = ("标准", "记录情况", "自评和说明")
LAST_PROBLEMS = ("序号", "问题", "整改要求", "现在")
MARKS = ("标准", "评定", "理由")
OBJECTIONS = ("标准", "初评", "支部意见", "答复", "改定")
PROBLEMS = ("序号", "问题", "整改要求", "期限", "现在", "办理结果")
ANNEX = "发布时的数字"
APPRAISED = ("测评项目", "票数")


def evaluation_paper(
    evaluation: BranchEvaluation, *, label: str, blocks: Iterable[Block], title: str = ""
) -> Paper:
    year = evaluation.cycle.year
    return Paper(
        label=f"{year} 年度{label}",
        title=title or f"{year}年度{label}",
        blocks=blocks,
        file_name=f"{evaluation.branch.name}{year}年度{label}",
    )


def body(words: str) -> list[Text]:
    return prose(words or NONE)


def parts(*given: tuple[str, Iterable[Block]]) -> Iterator[Block]:
    """Numbered headings; what has nothing below it is left out."""
    number = 0
    for title, blocks in given:
        found = list(blocks)
        if found:
            number += 1
            yield Heading(f"{chinese(number)}、{title}")
            yield from found


def report_paper(
    evaluation: BranchEvaluation,
    *,
    evidence: BranchEvidence,
    report: Mapping[str, Any],
    last: Sequence[LastProblem],
) -> Paper:
    """自评报告. `report`: the lines of the page (`views_report.report_lines`)."""
    blocks = report_blocks(evaluation, evidence=evidence, report=report, last=last)
    return evaluation_paper(evaluation, label="党支部自评报告", blocks=blocks)


def report_blocks(
    evaluation: BranchEvaluation,
    *,
    evidence: BranchEvidence,
    report: Mapping[str, Any],
    last: Sequence[LastProblem],
) -> Iterator[Block]:
    yield Text(evaluation.branch.name, style="Subtitle")
    if evaluation.reported_on is None:
        yield Text("（草稿，尚未提交）", style="Flush")
    own = [Text(f"支部自评等次：{report['own_grade']}。", style="BodyText")] if report["own_grade"] else []
    yield from parts(
        ("上年度反馈问题的整改", _last(last)),
        *((label, prose(text)) for label, text in report["texts"]),
        ("支部自评等次", own),
        ("本年数据", _data(evidence)),
        ("对照标准逐条自评", _answers(report)),
    )
    yield Text(evaluation.branch.name, style="Signature")
    yield Text(day_words(evaluation.reported_on) if evaluation.reported_on else TO_SIGN, style="Signature")


def _last(last: Sequence[LastProblem]) -> Iterator[Block]:
    rows = [
        (number, one.problem.text, one.problem.demand, one.badge[0])
        for number, one in enumerate(last, start=1)
    ]
    if rows:
        yield Grid(rows, header=LAST_PROBLEMS, widths=(8, 26, 36, 30))


def _data(evidence: BranchEvidence) -> Iterator[Block]:
    yield Grid([(label, words or NONE) for label, words in evidence.data], widths=(2, 5))
    yield Text(f"由系统按已归档、已登记的记录统计，截至{day_words(evidence.as_of)}。", style="Cell")


def _answers(report: Mapping[str, Any]) -> Iterator[Block]:
    for number, (aspect, lines) in enumerate(report["parts"], start=1):
        yield Heading(f"（{chinese(number)}）{aspect.label}", level=2)
        yield Grid([_answer(line) for line in lines["all"]], header=STANDARDS, widths=(9, 10, 11))


def _answer(line: Mapping[str, Any]) -> Sequence[str]:
    figures = [f"{one['title']} {one['value']}" for one in line["figures"]]
    told = "\n".join([line["badge"][0], *figures])
    own = "\n".join(word for word in (line["grade"], line["comment"]) if word)
    return f"{line['standard'].code} {line['standard'].title}", told, own or "—"


def letter_paper(evaluation: BranchEvaluation, *, found: Outcome) -> Paper:
    """反馈单, as the committee sends it."""
    if evaluation.state != EvaluationState.PUBLISHED:
        raise NothingThere("结果还没有发布。")
    return evaluation_paper(
        evaluation, label="党支部考核结果反馈单", blocks=letter_blocks(evaluation, found=found)
    )


def letter_blocks(evaluation: BranchEvaluation, *, found: Outcome) -> Iterator[Block]:
    by, year = evaluation.cycle.organization.name, evaluation.cycle.year
    decided = day_words(evaluation.decided_on) if evaluation.decided_on else ""
    yield Text(f"{evaluation.branch.name}：", style="Flush")
    yield Text(
        f"根据{evaluation.cycle.title}的安排，经支部自评、党员测评、评审人逐条评审并听取你支部意见，"
        f"{decided}{by}研究，确定你支部{year}年度考核等次为：{found.grade}。现将有关意见反馈如下。",
        style="BodyText",
    )
    yield from parts(
        ("定等次的理由", body(evaluation.grade_reason)),
        ("反馈意见", body(evaluation.feedback)),
        ("存在的问题和整改要求", _asked(found.problems)),
    )
    if found.figures:
        yield Text(f"附件：{ANNEX}", style="BodyText")
    yield Text(by, style="Signature")
    yield Text(day_words(evaluation.published_on) if evaluation.published_on else TO_SIGN, style="Signature")
    yield from _figures(found)


def _asked(problems: Sequence[LastProblem]) -> Iterator[Block]:
    if not problems:
        yield from body("")
        return
    rows = [
        (number, one.problem.text, one.problem.demand, dotted(one.problem.due_on))
        for number, one in enumerate(problems, start=1)
    ]
    yield Grid(rows, header=("序号", "问题", "整改要求", "期限"), widths=(8, 30, 44, 18))
    yield Text("请逐项落实整改，办结后销号。明年考核时先看整改情况。", style="BodyText")


def _figures(found: Outcome) -> Iterator[Block]:
    if found.figures and found.as_of:
        yield Heading(f"附件　{ANNEX}")
        rows = [(one.name, one.then, one.made_of) for one in found.figures]
        yield Grid(rows, header=("项目", "数值", "构成"), widths=(12, 8, 12))
        words = f"以上数字截至{day_words(found.as_of)}，以后更正记录不改变本结果。"
        yield Text(words, style="Cell")


def objections_paper(evaluation: BranchEvaluation, *, found: Outcome) -> Paper:
    """What the branch holds against single marks, and the written answers."""
    return evaluation_paper(
        evaluation, label="支部意见和答复表", blocks=objections_blocks(evaluation, found=found)
    )


def objections_blocks(evaluation: BranchEvaluation, *, found: Outcome) -> Iterator[Block]:
    yield Text(evaluation.branch.name, style="Subtitle")
    rows = [_objection(line) for line in found.lines if line.objection]
    if not rows:
        raise NothingThere("支部没有对评定提出意见。")
    yield Grid(rows, header=OBJECTIONS, widths=(22, 11, 26, 30, 11))
    told = f"初评意见{day_words(evaluation.told_on)}告知支部。" if evaluation.told_on else ""
    yield Text(f"{told}共提出意见{len(rows)}条，已答复{len(rows) - found.unanswered}条。", style="Cell")
    yield Text("支部书记（签字）：", style="Flush")
    yield Text(evaluation.cycle.organization.name, style="Signature")
    yield Text(TO_SIGN, style="Signature")


def _objection(line: Any) -> Sequence[str]:
    one = line.objection
    answer = "等待答复"
    if one.ruling:
        answer = f"{one.get_ruling_display()}。{one.answer}（{dotted(one.answered_on)}）"
    changed = line.grade if line.first_grade and line.first_grade != line.grade else "不变"
    said = f"{one.reason}（{dotted(one.raised_on)}{'，书面' if one.on_paper else ''}）"
    name = f"{line.row.code} {line.row.title}"
    return name, line.first_grade or line.grade, said, answer, changed if one.ruling else "—"


def rectification_blocks(evaluation: BranchEvaluation, *, found: Outcome) -> Iterator[Block]:
    yield Text(evaluation.branch.name, style="Subtitle")
    rows = [
        (number, one.text, one.demand, dotted(one.due_on), badge, one.task.result if one.task else "")
        for number, (one, badge) in enumerate(_told(found.problems), start=1)
    ]
    if not rows:
        raise NothingThere("考核没有反馈要整改的问题。")
    yield Grid(rows, header=PROBLEMS, widths=(8, 18, 22, 18, 18, 16))


def _told(problems: Sequence[LastProblem]) -> Iterator[tuple[ResultProblem, str]]:
    for one in problems:
        yield one.problem, one.badge[0]


def rectification_result_paper(evaluation: BranchEvaluation, *, found: Outcome) -> Paper:
    """整改清单 of what the result names."""
    if evaluation.state != EvaluationState.PUBLISHED:
        raise NothingThere("结果还没有发布。")
    blocks = [
        *rectification_blocks(evaluation, found=found),
        Text("支部书记（签字）：", style="Flush"),
    ]
    return evaluation_paper(evaluation, label="考核反馈问题整改清单", blocks=blocks)


def appraisal_paper(evaluation: BranchEvaluation, *, appraisals: Sequence[Appraisal]) -> Paper:
    """支部班子测评结果: counts as far as the ballots' own thresholds allow."""
    blocks = [
        Text(evaluation.branch.name, style="Subtitle"),
        *appraisal_blocks(appraisals),
        Text("计票人（签字）：　　　　　　监票人（签字）：", style="Flush"),
    ]
    return evaluation_paper(evaluation, label="支部班子测评结果", blocks=blocks)


def appraisal_blocks(appraisals: Sequence[Appraisal]) -> Iterator[Block]:
    counted = [one for one in appraisals if one.result is not None]
    if not counted:
        raise NothingThere("测评还没有结果。")
    for number, one in enumerate(counted, start=1):
        yield Heading(f"{chinese(number)}、{one.part.label}")
        result = one.result
        if result is not None:
            yield Text(
                f"{one.asked}{day_words(result.counted_on)}计票，发出{result.issued}张，"
                f"收回{result.returned}张，有效{result.valid}张，无效{result.invalid}张。",
                style="BodyText",
            )
        votes = [line for line in one.counted if not line.question.is_text]
        yield Grid([(line.question.words, _votes(line)) for line in votes], header=APPRAISED, widths=(4, 5))
        for line in one.counted:
            if line.question.is_text:
                yield from _remarks(line)


def _votes(line: Any) -> str:
    return "，".join(f"{words} {number}" for words, number in line.votes) if line.shown else line.why


def _remarks(line: Any) -> Iterator[Block]:
    yield Heading(line.question.words, level=2)
    yield from body("\n".join(line.remarks) if line.shown else line.why)
