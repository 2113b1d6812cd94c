"""谈心谈话记录表 as a Word document: the lines of the printed form, for those in the talk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from apps.rules.periods import day_words
from apps.talks.models import Talk, TalkPerson
from apps.ui.docx import Block, Grid, Text

NONE = "无"
FORM = (1, 3)
#: The label of a line, and which words stand in it, each after a label of its own.
SAID = (
    ("主题", (("", "topic"),)),
    ("谈话要点", (("思想：", "thinking"), ("工作：", "work"), ("生活：", "life"))),
    ("意见建议", (("", "opinions"),)),
    ("双方共识、跟进事项", (("", "agreed"), ("跟进：", "follow_up"))),
    ("反馈、落实", (("", "result"),)),
)


def record_form(
    talk: Talk, *, people: Sequence[TalkPerson], words: Mapping[str, str], notice: str
) -> Iterator[Block]:
    """`notice` says why words are missing that were once written."""
    yield Text(talk.branch.name, style="Subtitle")
    if notice:
        yield Text(f"（{notice}）", style="BodyText")
    yield Grid([*_facts(talk, people), *_said(talk, words)], widths=FORM)
    yield Text("谈话人（签字）：　　　　　谈话对象（签字）：", style="Flush")


def _facts(talk: Talk, people: Sequence[TalkPerson]) -> Iterator[tuple[str, str]]:
    for one in people:
        post = f"（{one.post}）" if one.post else ""
        yield f"{one.get_role_display()}（职务）", f"{one.member.person.name}{post}"
    trigger = f"（{talk.get_trigger_display()}）" if talk.trigger else ""
    day = talk.held_on
    yield "类别", f"{talk.get_pair_display()}；{talk.get_occasion_display()}{trigger}"
    yield "时间", day_words(day) if day else ""
    yield "地点", talk.place or NONE
    yield "方式", talk.get_way_display()
    if talk.recorder:
        yield "记录人", talk.recorder.name


def _said(talk: Talk, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for label, parts in SAID:
        lines = [f"{before}{words[name]}" for before, name in parts if words.get(name)]
        if label.endswith("跟进事项") and talk.follow_up_on:
            lines.append(f"跟进日期：{talk.follow_up_on:%Y.%m.%d}")
        yield label, "\n".join(lines) or NONE
