"""The papers of 民主评议党员 (documents.md 7): the summary, the form of each member, the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from apps.documents.facts_papers import dotted
from apps.documents.facts_round import (
    ballot_words,
    checked,
    graded_words,
    round_paper,
    signed,
    steps_grid,
    superior,
    told_steps,
)
from apps.documents.queries import TO_FILL_IN, TO_SIGN, Book, NothingThere, Paper, to_write
from apps.documents.queries_rounds import OfRound
from apps.evaluations.models import MemberEvaluation, PeerOpinion
from apps.evaluations.queries_roll import Ballot, ballot_of, register_lines, summary_lines
from apps.rules.kinds_evaluations import MemberGrade
from apps.rules.periods import day_words
from apps.ui.docx import Block, Grid, Heading, Text
from apps.ui.export import Sheet

GRADES = tuple(grade.label for grade in MemberGrade)
SUMMARY = ("序号", "姓名", *(f"{label}票" for label in GRADES), "评定等次")
SIGNED = "（签字）"
ROW_TO_WRITE, ROOM = 560, 1_080
FOUR_COLUMNS, TWO_COLUMNS = (5, 7, 5, 7), (5, 19)


def summary_paper(of: OfRound) -> Paper:
    return round_paper(
        of,
        label="民主评议党员汇总表",
        blocks=[Text(of.branch.name, style="Subtitle"), *summary_blocks(of), *_counted_by(of), checked()],
    )


def summary_blocks(of: OfRound) -> Iterator[Block]:
    ballot = ballot_of(of.row.poll, reader=of.reader)
    yield Text(ballot_words(ballot), style="Flush")
    yield Grid(
        _summary(of, ballot=ballot),
        header=("序号", "姓名", *GRADES, "评定等次"),
        widths=(8, 14, 11, 11, 14, 13, 29),
    )
    yield from (Text(words, style="Cell") for words in _notes(of, ballot=ballot))


def _summary(of: OfRound, *, ballot: Ballot) -> list[Sequence[Any]]:
    if not of.row.with_grades:
        raise NothingThere("这一年度的组织生活会没有同时民主评议党员。")
    return [(*line, verdict or "未评定") for *line, verdict in summary_lines(of.row, ballot=ballot)]


def _notes(of: OfRound, *, ballot: Ballot) -> list[str]:
    notes = [f"优秀最多{of.stand.cap}名。票数供支部研究时参考，等次由支部作出。"]
    if ballot.hidden:
        notes.append("票数太少、会看出谁投了什么的，不显示，用“—”表示。")
    if ballot.own:
        notes.append("导出人本人的票数不向本人显示，用“—”表示；要完整的，请不是本人的支委导出。")
    return notes


def _counted_by(of: OfRound) -> Iterator[Text]:
    poll = of.row.poll
    one, two = (poll.teller_one, poll.teller_two) if poll else (TO_FILL_IN * 4, TO_FILL_IN * 4)
    yield Text(f"计票人：{one}{SIGNED}　　监票人：{two}{SIGNED}", style="Flush")


def summary_book(of: OfRound) -> Book:
    label, ballot = "民主评议党员汇总表", ballot_of(of.row.poll, reader=of.reader)
    rows = _summary(of, ballot=ballot)
    sheet = Sheet(
        name=label,
        title=f"{of.name}{label}",
        note="　".join([f"导出日期：{of.today:%Y-%m-%d}", ballot_words(ballot), *_notes(of, ballot=ballot)]),
        header=SUMMARY,
        widths=(6, 12, 9, 9, 13, 11, 30),
        rows=rows,
    )
    return Book(label=f"{of.row.year} 年度{label}", sheets=[sheet], file_name=sheet.title)


def report_paper(of: OfRound) -> Paper:
    """支部评议情况报告, to those above."""
    title = f"关于{of.row.year}年度民主评议党员情况的报告"
    blocks = [superior(of), *report_blocks(of), *signed(of)]
    return round_paper(of, label="民主评议党员情况报告", title=title, blocks=blocks)


def report_blocks(of: OfRound) -> Iterator[Block]:
    if not of.row.with_grades:
        raise NothingThere("这一年度的组织生活会没有同时民主评议党员。")
    stand = of.stand
    yield Text(f"我支部开展了{of.row.year}年度民主评议党员。现将情况报告如下：", style="BodyText")
    yield Heading("一、步骤和完成情况")
    yield steps_grid(told_steps(stand, stand.steps))
    yield Heading("二、评议结果")
    yield from graded_words(stand, ballot=ballot_of(of.row.poll))
    yield Text(_heard(of), style="BodyText")
    yield Heading("三、问题和帮助教育措施")
    yield to_write("评议中反映的主要问题；对基本合格、不合格的，支部怎样指出差距、帮助改进")
    yield Heading("四、下一步打算")
    yield to_write("怎样用好评议结果")


def _heard(of: OfRound) -> str:
    roll = of.stand.roll
    told = sum(one.told_on is not None for one in roll)
    objected = sum(one.objected_on is not None for one in roll)
    answered = sum(one.answered_on is not None for one in roll)
    return f"评定意见已告知本人{told}名；提出不同意见{objected}名，已答复{answered}名。"


def register_paper(
    evaluation: MemberEvaluation,
    *,
    may: Mapping[str, bool],
    about: Sequence[PeerOpinion],
    today: date,
) -> Paper:
    """登记表 of one member. What the reader may not see, and what the system does not have, is left blank."""
    return Paper(
        label=f"{evaluation.round.year} 年度民主评议登记表",
        title="民主评议党员登记表",
        blocks=_register(evaluation, may=may, about=about, today=today),
        file_name=f"{evaluation.member.person.name}{evaluation.round.year}年度民主评议登记表",
    )


def _register(
    evaluation: MemberEvaluation, *, may: Mapping[str, bool], about: Sequence[PeerOpinion], today: date
) -> Iterator[Block]:
    yield Text(f"{evaluation.round.branch.name}　{evaluation.round.year}年度", style="Subtitle")
    lines = [(label, _cell(value)) for label, value in register_lines(evaluation, today=today)]
    lines.insert(1, ("曾用名", TO_FILL_IN))
    lines.append(("人员类别", evaluation.member.get_status_display()))
    pairs = [(*one, *other) for one, other in zip(lines[::2], lines[1::2], strict=True)]
    yield Grid(pairs, widths=FOUR_COLUMNS, labels=(0, 2), row_height=ROW_TO_WRITE)
    yield Grid(_opinions(evaluation, may=may, about=about), widths=TWO_COLUMNS, row_height=ROOM)


def _cell(value: Any) -> str:
    return dotted(value) if isinstance(value, date) else str(value or TO_FILL_IN)


def _opinions(
    evaluation: MemberEvaluation, *, may: Mapping[str, bool], about: Sequence[PeerOpinion]
) -> Iterator[tuple[str, str]]:
    yield "个人小结\n（自评）", _own_words(evaluation)
    said = "\n".join(one.text for one in about) if may["peers"] else ""
    yield "民主评议情况", said or TO_FILL_IN
    yield "支部意见", _verdict(evaluation) if may["verdict"] else _to_sign("支部书记")
    yield "上级意见", f"{TO_FILL_IN}\n（盖章）{TO_FILL_IN * 12}{TO_SIGN}"
    yield "本人意见", _answer(evaluation) if may["verdict"] else _to_sign("本人")
    yield "备注", evaluation.get_ungraded_display() if evaluation.ungraded else TO_FILL_IN


def _own_words(evaluation: MemberEvaluation) -> str:
    if not evaluation.self_on:
        return TO_FILL_IN
    graded = f"自评等次：{evaluation.get_self_grade_display()}\n" if evaluation.self_grade else ""
    return f"{evaluation.self_text}\n{graded}{day_words(evaluation.self_on)}"


def _to_sign(who: str, *words: str) -> str:
    """Words, or room for some by hand, above the place to sign."""
    return "\n".join([*(words or (TO_FILL_IN,)), f"{who}（签字）：{TO_FILL_IN * 5}{TO_SIGN}"])


def _verdict(evaluation: MemberEvaluation) -> str:
    if not evaluation.grade:
        return _to_sign("支部书记")
    words = [f"评定等次：{evaluation.get_grade_display()}", evaluation.reason]
    decided = day_words(evaluation.decided_on) if evaluation.decided_on else ""
    return _to_sign("支部书记", *(word for word in (*words, decided) if word))


def _answer(evaluation: MemberEvaluation) -> str:
    words = []
    if evaluation.confirmed_on:
        words.append(f"{day_words(evaluation.confirmed_on)}本人已确认。")
    if evaluation.objected_on:
        words.append(f"{day_words(evaluation.objected_on)}提出不同意见：{evaluation.objection}")
    if evaluation.answered_on:
        words.append(f"{day_words(evaluation.answered_on)}支部答复：{evaluation.answer}")
    return _to_sign("本人", *words)
