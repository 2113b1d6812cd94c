"""The year book of a branch (党支部工作手册, documents.md 1): a cover that says what is missing, a contents
page, and the parts in the order in which committees ask for them.

A part is one line of PARTS. What the product keeps has a `make`; what is kept on paper only has none, and
its page says which ledger is to be put there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from apps.documents import facts_yearbook_life as life
from apps.documents import facts_yearbook_people as people
from apps.documents import facts_yearbook_rounds as rounds
from apps.documents.queries import NothingThere, Paper, Wanted
from apps.documents.queries_branch import day_words
from apps.ui.docx import Block, Grid, Text, chinese
from apps.ui.docx_book import Chapter, Contents, Turn
from apps.ui.refusals import Refusal

LABEL = "党支部工作手册"
#: Called with `done`, `total` and `name`.
Told = Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class Part:
    """`make` raises NothingThere where the year has nothing of it; then `missing_words` stand there."""

    name: str
    make: Callable[[Wanted], Iterable[Block]] | None
    missing_words: str
    #: A table too wide for an upright page.
    across: bool = False
    #: What stands in it is a beginning that people go on with, so it counts as missing all the same.
    by_hand: bool = False


PARTS: tuple[Part, ...] = (
    Part(name="支部基本情况", make=people.basics, missing_words="到“组织机构”补齐支部信息。"),
    Part(name="支委分工", make=people.committee, missing_words="到“任职”登记本年度的支部班子。"),
    Part(
        name="党员花名册",
        make=people.roster,
        missing_words="到“党员”导入花名册。",
        across=True,
    ),
    Part(
        name="党小组名单", make=people.groups, missing_words="没有设党小组的不用补；设了的到“组织机构”登记。"
    ),
    Part(
        name="入党积极分子和发展对象名册",
        make=None,
        missing_words="用纸质《入党积极分子、发展对象台账》，附在这一页后面。",
    ),
    Part(name="年度工作计划", make=life.plan, missing_words="到“计划”写好并定稿，或附纸质计划。"),
    Part(
        name="三会一课、主题党日和组织生活会记录",
        make=life.sittings,
        missing_words="到“组织生活”登记并归档，或附纸质记录。",
    ),
    Part(name="谈心谈话", make=life.talks, missing_words="到“谈心谈话”登记，或附纸质记录表。"),
    Part(
        name="组织生活会材料",
        make=rounds.papers,
        missing_words="到“组织生活会与民主评议”登记，或附纸质材料。",
    ),
    Part(
        name="民主评议党员",
        make=rounds.evaluated,
        missing_words="到“组织生活会与民主评议”登记，或附纸质测评表、汇总表和登记表。",
    ),
    Part(name="党费收缴", make=None, missing_words="用纸质《党费收缴台账》，附在这一页后面。"),
    Part(name="流动党员", make=people.away, missing_words="没有流动党员的不用补；有的到“党员”登记。"),
    Part(
        name="党员奖惩",
        make=life.recognitions,
        missing_words="表彰到“工作纪实”登记；处分材料按规定另行保管。",
    ),
    Part(
        name="学时和考勤汇总",
        make=life.presence,
        missing_words="会议归档、学时登记后自动汇总。",
        across=True,
    ),
    Part(
        name="年度工作总结",
        make=life.summary,
        missing_words="数据已经填好，带【】的地方由支部写。",
        by_hand=True,
    ),
    Part(
        name="上级检查意见",
        make=life.inspections,
        missing_words="没有检查的不用补；有的附在这一页后面，问题登记到“台账”。",
    ),
    Part(
        name="考核结果反馈",
        make=rounds.result,
        missing_words="上级还没有发布的不用补；有纸质反馈的附在这一页后面。",
    ),
)


@dataclass(frozen=True, kw_only=True)
class YearBook:
    paper: Paper
    #: Part and what to do about it.
    missing: tuple[tuple[str, str], ...]


def year_book(wanted: Wanted, *, told: Told) -> YearBook:
    """`told` hears after each part how many are done, of how many, and which is next."""
    blocks: list[Block] = []
    missing: list[tuple[str, str]] = []
    for number, part in enumerate(PARTS, start=1):
        told(done=number - 1, total=len(PARTS), name=part.name)
        found, lacking = made(part, wanted)
        if lacking:
            missing.append((part.name, lacking))
        blocks += _part(part, found or [Text(lacking, style="BodyText")], number=number)
    told(done=len(PARTS), total=len(PARTS), name="正在写成文件")
    paper = Paper(
        label=f"{wanted.year} 年{LABEL}",
        title=LABEL,
        blocks=[*_cover(wanted, missing), Contents(), *blocks],
        file_name=f"{wanted.name}{LABEL}",
        has_cover=True,
    )
    return YearBook(paper=paper, missing=tuple(missing))


def in_silence(*, done: int, total: int, name: str) -> None:
    """For books of which nobody waits to hear."""


def made(part: Part, wanted: Wanted) -> tuple[list[Block], str]:
    """What stands in the part, or why nothing does."""
    if part.make is None:
        return [], f"本系统不登记这一项。{part.missing_words}"
    try:
        return list(part.make(wanted)), part.missing_words if part.by_hand else ""
    except NothingThere:
        return [], f"本年度没有记录。{part.missing_words}"
    except Refusal as refusal:
        return [], refusal.message


def _part(part: Part, found: Sequence[Block], *, number: int) -> Iterator[Block]:
    across = part.across and any(isinstance(block, Grid) for block in found)
    if across:
        yield Turn(across=True)
    yield Chapter(f"{chinese(number)}、{part.name}", new_page=not across)
    yield from found
    if across:
        yield Turn(across=False)


def _cover(wanted: Wanted, missing: Sequence[tuple[str, str]]) -> Iterator[Block]:
    yield Text(wanted.branch.name, style="Subtitle")
    yield Text(f"{wanted.year} 年度", style="Subtitle")
    if missing:
        yield Text(f"以下 {len(missing)} 个部分没有记录，需要补齐或附上纸质材料：", style="Flush")
        yield Grid(missing, header=("部分", "怎么补"), widths=(5, 8))
    else:
        yield Text("各部分都有记录。", style="Flush")
    yield Text(f"由系统记录汇编，截至{day_words(wanted.today)}", style="Signature")
