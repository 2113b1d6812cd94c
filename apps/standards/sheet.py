"""A committee's checklist as a workbook: its columns, written out and read back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from difflib import get_close_matches

from apps.members.roster_cells import FAILED
from apps.members.roster_dates import Cell
from apps.members.roster_file import RawSheet, UnreadableFile
from apps.rules.appraisal_items import APPRAISAL_ITEMS
from apps.rules.kinds import Aspect, Polarity
from apps.rules.measure_names import MEASURE_NAMES
from apps.standards.evidence import BY_WORDS, StandardText, in_words, read_words
from apps.standards.queries import HeldStandard
from apps.ui.export import Sheet

COLUMNS = {
    "code": "编号",
    "title": "标题",
    "requirement": "要求",
    "aspect": "方面",
    "polarity": "类型",
    "evidence": "依据",
    "locator": "出处",
}
WIDTHS = (12, 28, 56, 12, 10, 40, 32)
#: What offices call the columns; the first known heading of a key counts.
HEADINGS = {
    "code": ("编号", "标准编号", "条目编号", "代码"),
    "title": ("标题", "标准", "标准名称", "评议标准", "名称", "项目"),
    "requirement": ("要求", "具体要求", "标准内容", "内容要求", "评议要求", "内容"),
    "aspect": ("方面", "所属方面", "评议方面", "类别", "分类"),
    "polarity": ("类型", "性质", "标准类型"),
    "evidence": ("依据", "评议依据", "评价依据", "证据"),
    "locator": ("出处", "文件依据", "文件", "来源"),
}
KEY_OF = {heading: key for key, headings in HEADINGS.items() for heading in headings}
NEEDED = ("code", "title", "requirement", "aspect", "evidence")
FILLED_DOWN = ("aspect", "polarity", "locator")
LIMITS = {"code": 20, "title": 60, "requirement": 500, "locator": 100}
HEADER_WITHIN = 40
FEWEST_HEADINGS = 3
MOST_LINES = 500
ASPECTS = {aspect.label: aspect for aspect in Aspect} | {
    "素质": Aspect.QUALITY,
    "能力": Aspect.ABILITY,
    "责任": Aspect.DUTY,
    "班子": Aspect.TEAM,
    "抓好班子": Aspect.TEAM,
    "队伍": Aspect.MEMBERS,
    "队伍建设": Aspect.MEMBERS,
    "带好队伍": Aspect.MEMBERS,
    "基础": Aspect.FOUNDATION,
    "基层党建": Aspect.FOUNDATION,
    "夯实基层党建": Aspect.FOUNDATION,
}
POLARITIES = {polarity.label: polarity for polarity in Polarity} | {
    "": Polarity.POSITIVE,
    "正面": Polarity.POSITIVE,
    "正向": Polarity.POSITIVE,
    "要求": Polarity.POSITIVE,
    "警示": Polarity.WARNING,
    "负面": Polarity.WARNING,
    "反向": Polarity.WARNING,
    "提示": Polarity.WARNING,
    "避免": Polarity.WARNING,
}
BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]|[*＊:：\s]")
#: Lines that belong to no standard.
BESIDE = re.compile(r"^(合\s*计|小\s*计|总\s*计|备\s*注|说\s*明|注\s*[:：]|填\s*[表报]|制\s*表|审\s*核)")


@dataclass(slots=True)
class ReadLine:
    """One row of the sheet: what it says, and what is wrong with it. `cells` holds the text as it came."""

    line: int
    _: KW_ONLY
    cells: dict[str, str]
    text: StandardText | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.cells["code"]


@dataclass(frozen=True, slots=True)
class ReadSheet:
    name: str
    header_line: int
    lines: tuple[ReadLine, ...]
    ignored: tuple[str, ...]
    skipped: tuple[int, ...]
    hidden: tuple[int, ...]


def export_sheets(standards: Iterable[HeldStandard], *, place: str, on: date) -> list[Sheet]:
    """All that holds for a place, in the columns of the import and with who set it and what is off."""
    rows = [
        (
            one.code,
            one.title,
            one.requirement,
            one.aspect.label,
            one.polarity.label,
            in_words(one.evidence),
            f"《{one.source}》{one.locator}" if one.source else one.locator,
            one.owner_name or "系统自带",
            one.valid_from,
            f"停用：{one.off.reason}（{one.off.by_name}）" if one.off else "执行",
        )
        for one in standards
    ]
    header = (*COLUMNS.values(), "制定", "执行日期", "状态")
    title, widths = f"{place}评议标准", (*WIDTHS, 16, 14, 24)
    return [
        Sheet("评议标准", header, rows, title=title, note=f"截至 {on}，共 {len(rows)} 条。", widths=widths)
    ]


def template_sheets() -> list[Sheet]:
    """A blank sheet with one row as an example, and the words that may stand in the columns."""
    example = ("示例-1", "党员活动室每月开放", "活动室每月至少开放四次，有人值守。", "基层基础", "应做到")
    words = [
        *(("方面", aspect.label) for aspect in Aspect),
        *(("类型", polarity.label) for polarity in Polarity),
        *(("依据（记录计算）", name) for name in MEASURE_NAMES.values()),
        *(("依据（无记名测评）", f"测评：{name}") for name in APPRAISAL_ITEMS.values()),
        ("依据（评审组）", "上级评审组评定"),
    ]
    note = "一行一条。依据可写几项，用顿号分开，可用的词见第二个工作表。示例行请删去。"
    return [
        Sheet(
            "评议标准",
            tuple(COLUMNS.values()),
            [(*example, "活动形式多样性、上级评审组评定", "")],
            title="本级评议标准",
            note=note,
            widths=WIDTHS,
        ),
        Sheet("可用的词", ("列", "可以填写"), words, widths=(24, 36)),
    ]


def read_sheet(sheets: Sequence[RawSheet]) -> ReadSheet:
    """Raises UnreadableFile where no sheet has the headings, or nothing below them."""
    found = [(raw, header) for raw in sheets if (header := _header_of(raw)) is not None]
    if not found:
        words = "、".join(COLUMNS[key] for key in NEEDED)
        raise UnreadableFile(f"没有找到表头：请确认有一行写着“{words}”等列名（可下载空白模板对照）。")
    read = _read(*found[0])
    if not read.lines:
        raise UnreadableFile(f"工作表“{read.name}”只有表头，没有标准。")
    if len(read.lines) > MOST_LINES:
        raise UnreadableFile(f"表格超过 {MOST_LINES} 行，请分成几个文件上传。")
    return read


def _header_of(raw: RawSheet) -> int | None:
    for index in sorted(raw.rows):
        keys = {KEY_OF.get(_heading(cell)) for cell in raw.rows[index]} - {None}
        if index < HEADER_WITHIN and len(keys) >= FEWEST_HEADINGS and {"code", "title"} <= keys:
            return index
    return None


def _heading(cell: Cell) -> str:
    return BRACKETS.sub("", cell) if isinstance(cell, str) else ""


def _read(raw: RawSheet, header: int) -> ReadSheet:
    headings = {at: cell for at, cell in enumerate(raw.rows[header]) if cell is not None}
    columns: dict[str, int] = {}
    for at, cell in headings.items():
        key = KEY_OF.get(_heading(cell))
        if key:
            columns.setdefault(key, at)
    missing = [COLUMNS[key] for key in NEEDED if key not in columns]
    if missing:
        raise UnreadableFile(f"表中缺少这些列：{'、'.join(missing)}（可下载空白模板对照）。")
    lines, skipped = [], []
    filled = dict(_filled_down(raw, columns))
    for index in sorted(row for row in raw.rows if row > header):
        cells = {key: filled.get((index, at), raw.cell(index, at)) for key, at in columns.items()}
        if _is_standard(cells, row=raw.rows[index]):
            lines.append(_line(index + 1, cells))
        elif any(cell is not None for cell in raw.rows[index]):
            skipped.append(index + 1)
    used = set(columns.values())
    return ReadSheet(
        name=raw.name,
        header_line=header + 1,
        lines=tuple(lines),
        ignored=tuple(str(cell).strip() for at, cell in headings.items() if at not in used),
        skipped=tuple(skipped),
        hidden=tuple(line.line for line in lines if line.line - 1 in raw.hidden),
    )


def _filled_down(raw: RawSheet, columns: dict[str, int]) -> Iterator[tuple[tuple[int, int], Cell]]:
    """The cells of a vertical merge, which the file leaves empty below its first row."""
    wanted = {columns[key] for key in FILLED_DOWN if key in columns}
    last = max(raw.rows)
    for area in raw.merged:
        if area.first_column in wanted:
            value = raw.cell(area.first_row, area.first_column)
            for row in range(area.first_row + 1, min(area.last_row, last) + 1):
                yield (row, area.first_column), value


def _is_standard(cells: dict[str, Cell], *, row: Sequence[Cell]) -> bool:
    """A line with at least two of what makes a standard; sums, notes and headings between are none."""
    first = next((str(cell).strip() for cell in row if cell is not None), "")
    told = [key for key in ("code", "title", "requirement", "evidence") if cells.get(key) is not None]
    return len(told) > 1 and not BESIDE.match(first)


def _line(number: int, cells: dict[str, Cell]) -> ReadLine:
    line = ReadLine(number, cells={key: _text(cells.get(key)) for key in COLUMNS})
    for key, label in COLUMNS.items():
        if isinstance(cells.get(key), date):
            line.faults.append(f"{label}“{line.cells[key]}”被表格改成了日期，请把这一列设为“文本”后重填")
        elif line.cells[key] in FAILED:
            line.faults.append(f"{label}是没有结果的公式，请改为文字")
        elif len(line.cells[key]) > LIMITS.get(key, 10_000):
            line.faults.append(f"{label}超过 {LIMITS[key]} 个字")
        elif key in NEEDED and not line.cells[key]:
            line.faults.append(f"没有填写{label}")
    line.cells["code"] = unicodedata.normalize("NFKC", line.cells["code"]).replace(" ", "")
    _understand(line)
    return line


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def _understand(line: ReadLine) -> None:
    cells = line.cells
    aspect = ASPECTS.get(cells["aspect"].removesuffix("方面"))
    if aspect is None and cells["aspect"]:
        allowed = "、".join(one.label for one in Aspect)
        line.faults.append(f"方面“{cells['aspect']}”不认识，请填写：{allowed}")
    polarity = POLARITIES.get(cells["polarity"].removesuffix("项"))
    if polarity is None:
        line.faults.append(f"类型“{cells['polarity']}”不认识，请填写：应做到、应避免")
    evidence, unknown = read_words(cells["evidence"])
    line.faults += [f"依据“{word}”不认识{_meant(word)}" for word in unknown]
    if not line.faults and aspect and polarity:
        line.text = StandardText(
            cells["title"], cells["requirement"], aspect, polarity, cells["locator"], tuple(evidence)
        )


def _meant(word: str) -> str:
    close = get_close_matches(word, BY_WORDS, n=1, cutoff=0.5)
    return f"，是否指“{close[0]}”" if close else "，可用的词见空白模板的第二个工作表"
