"""Finds the list of study hours in a workbook that somebody else made: its sheet, its header, its rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from apps.members.roster_dates import Cell
from apps.members.roster_file import RawSheet, UnreadableFile

#: key → our heading, and what else people write.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "党员姓名", "名字", "参加人", "学员"),
    "digits": (
        "身份证号后四位或手机",
        "身份证号后四位",
        "身份证后四位",
        "后四位",
        "身份证号",
        "身份证号码",
        "手机",
        "手机号",
        "手机号码",
        "联系电话",
    ),
    "held_on": ("日期", "学习日期", "培训日期", "学习时间", "培训时间", "时间", "开始日期"),
    "category": ("类别", "学习类别", "培训类别", "学时类别", "类型"),
    "hours": ("学时", "学时数", "课时", "课时数", "培训学时", "学习学时"),
    "title": ("内容", "学习内容", "培训内容", "课程", "课程名称", "培训班", "培训班名称", "主题"),
}
LABELS = {key: names[0] for key, names in COLUMNS.items()}
KEYS = {name: key for key, names in COLUMNS.items() for name in names}
#: Without these a sheet is no list of hours.
NEEDED = ("name", "held_on", "hours")
#: One training of ten people: its cells are merged down beside their names.
FILLED_DOWN = frozenset({"held_on", "category", "hours", "title"})
HEADER_WITHIN = 40
MAX_ROWS = 5_000
IN_BRACKETS = re.compile(r"\([^)]*\)")
NO_ROW = re.compile(
    r"^[(（]?(合\s*计|小\s*计|总\s*计|备\s*注|说\s*明|注\s*[:：]|填\s*[表报]|制\s*表|审\s*核|示\s*例)"
)


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One row: the line number that the spreadsheet shows, and its cells by column key."""

    line: int
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class StudySheet:
    name: str
    header_line: int
    rows: tuple[StudyRow, ...]
    skipped: tuple[int, ...]
    since_1904: bool


def key_of(cell: Cell) -> str | None:
    """The column that a heading names, whatever stands in brackets behind it."""
    if not isinstance(cell, str):
        return None
    text = IN_BRACKETS.sub("", unicodedata.normalize("NFKC", cell))
    return KEYS.get("".join(text.split()).strip("*:"))


def find_study(sheets: list[RawSheet]) -> StudySheet:
    """The first visible sheet that has the needed headings and a row below them."""
    lacking: list[str] | None = None
    for sheet in sheets:
        header = _header_of(sheet)
        if header is None:
            continue
        keys = {key_of(cell) for cell in sheet.rows[header]}
        missing = [LABELS[key] for key in NEEDED if key not in keys]
        if not missing:
            found = _rows_of(sheet, header)
            if found.rows:
                return found
        lacking = missing if lacking is None else lacking
    if lacking is None:
        raise UnreadableFile("没有找到表头：请确认有一行写着“姓名”“日期”“学时”等列名（可下载空白模板对照）。")
    if lacking:
        raise UnreadableFile(f"表头里缺少这几列：{'、'.join(lacking)}。请补上后再上传。")
    raise UnreadableFile("表里只有表头，没有学时记录。")


def _header_of(sheet: RawSheet) -> int | None:
    """Of the first rows that have a name among their headings the one with the most."""
    known = {
        index: len({key_of(cell) for cell in cells} - {None})
        for index, cells in sheet.rows.items()
        if index < HEADER_WITHIN and "name" in map(key_of, cells)
    }
    return max(sorted(known), key=lambda index: known[index], default=None)


def _rows_of(sheet: RawSheet, header: int) -> StudySheet:
    columns: dict[int, str] = {}
    for at, cell in enumerate(sheet.rows[header]):
        key = key_of(cell)
        if key and key not in columns.values():
            columns[at] = key
    filled = dict(_filled_down(sheet, columns))
    rows, skipped = [], []
    for index in sorted(row for row in sheet.rows if row > header):
        cells = {key: filled.get((index, at), sheet.cell(index, at)) for at, key in columns.items()}
        if _is_row(cells, first=next((cell for cell in sheet.rows[index] if cell is not None), None)):
            rows.append(StudyRow(index + 1, {key: cell for key, cell in cells.items() if cell is not None}))
        else:
            skipped.append(index + 1)
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(f"表格超过 {MAX_ROWS} 行，请分成几个文件上传。")
    return StudySheet(sheet.name, header + 1, tuple(rows), tuple(skipped), sheet.since_1904)


def _filled_down(sheet: RawSheet, columns: dict[int, str]) -> Iterator[tuple[tuple[int, int], Cell]]:
    """The cells of a vertical merge, which the file leaves empty below its first row."""
    last = max(sheet.rows)
    for area in sheet.merged:
        if columns.get(area.first_column) in FILLED_DOWN and area.last_row - area.first_row <= MAX_ROWS:
            value = sheet.cell(area.first_row, area.first_column)
            for row in range(area.first_row + 1, min(area.last_row, last) + 1):
                yield (row, area.first_column), value


def _is_row(cells: dict[str, Cell], *, first: Cell) -> bool:
    """Neither a sum, a signature, the header once more, nor a line that was only numbered beforehand."""
    name = cells.get("name")
    if isinstance(first, str) and NO_ROW.match(first.strip()):
        return False
    if key_of(name) == "name" or (isinstance(name, str) and NO_ROW.match(name.strip())):
        return False
    return name is not None or (cells.get("hours") is not None and cells.get("title") is not None)
