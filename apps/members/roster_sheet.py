"""Finds the list in a workbook: the sheet, its header, the rows of people, and what is left unread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.members.roster_columns import BY_KEY, FILLED_DOWN, NOT_IMPORTED, key_of
from apps.members.roster_dates import Cell
from apps.members.roster_file import RawSheet, UnreadableFile

HEADER_WITHIN = 40
MAX_PEOPLE = 20_000
MOST_MERGED_CELLS = 100_000
#: At least this many known headings, one of them the name, make a header.
FEWEST_HEADINGS = 3
#: A name with one of these, or two of them without a name, is about a person.
TELLING = ("id_number", "born_on", "admitted_on", "full_since", "mobile_phone", "sex", "status")
NOT_A_PERSON = re.compile(
    r"^[(（]?(示\s*例|合\s*计|小\s*计|总\s*计|共\s*计|总人数|人数|备\s*注|说\s*明|注\s*\d?\s*[:：.]|填\s*[表报]|制\s*表|审\s*核|经办|负责人|联系人|单位)"
)


@dataclass(frozen=True, slots=True)
class RawRow:
    """One person's row: the line number that the spreadsheet shows, and its cells by column key."""

    line: int
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class RosterSheet:
    name: str
    header_line: int
    #: Column index → key, and the heading as it stands in the file.
    columns: dict[int, str]
    headings: dict[str, str]
    ignored: tuple[str, ...]
    skipped: tuple[int, ...]
    rows: tuple[RawRow, ...]
    since_1904: bool


def find_roster(sheets: list[RawSheet]) -> RosterSheet:
    """The first visible sheet with a header. Raises UnreadableFile when none has one, or it lists nobody."""
    for sheet in sheets:
        header = _header_row(sheet)
        if header is not None:
            return _roster_of(sheet, header)
    raise UnreadableFile(
        "没有找到表头：请确认表中有一行写着“姓名”“身份证号”“入党时间”等列名（可下载空白模板对照）。"
    )


def _header_row(sheet: RawSheet) -> int | None:
    for index in sorted(sheet.rows):
        if index >= HEADER_WITHIN:
            return None
        keys = [key_of(cell) for cell in sheet.rows[index]]
        if "name" in keys and len({key for key in keys if key}) >= FEWEST_HEADINGS:
            return index
    return None


def _roster_of(sheet: RawSheet, header: int) -> RosterSheet:
    headings = _headings(sheet, header)
    first = header + 2 if _second_header_row(sheet, header) else header + 1
    columns, ignored = _columns(headings)
    filled = _filled_down(sheet, columns)
    rows, skipped = [], []
    for index in sorted(sheet.rows):
        if index < first:
            continue
        cells = {key: filled.get((index, at), sheet.cell(index, at)) for at, key in columns.items()}
        if _is_person(cells):
            rows.append(RawRow(index + 1, {key: cell for key, cell in cells.items() if cell is not None}))
        elif any(cell is not None for cell in sheet.rows[index]):
            skipped.append(index + 1)
    if not rows:
        raise UnreadableFile(f"工作表“{sheet.name}”只有表头，没有党员。")
    if len(rows) > MAX_PEOPLE:
        raise UnreadableFile("表格超过 20000 行，请分成几个文件上传。")
    return RosterSheet(
        name=sheet.name,
        header_line=header + 1,
        columns=columns,
        headings={key: str(headings[at]).strip() for at, key in columns.items()},
        ignored=ignored,
        skipped=tuple(skipped),
        rows=tuple(rows),
        since_1904=sheet.since_1904,
    )


def _second_header_row(sheet: RawSheet, header: int) -> bool:
    """A header of two rows: headings again below, and nothing but a heading where the name would stand."""
    name_at = [key_of(cell) for cell in sheet.rows[header]].index("name")
    below = sheet.rows.get(header + 1, [])
    at_name = sheet.cell(header + 1, name_at)
    return any(key_of(cell) for cell in below) and (at_name is None or key_of(at_name) == "name")


def _headings(sheet: RawSheet, header: int) -> dict[int, Cell]:
    found = dict(enumerate(sheet.rows[header]))
    if _second_header_row(sheet, header):
        for at, cell in enumerate(sheet.rows[header + 1]):
            if cell is not None and key_of(found.get(at)) is None:
                found[at] = cell
    return found


def _columns(headings: dict[int, Cell]) -> tuple[dict[int, str], tuple[str, ...]]:
    columns: dict[int, str] = {}
    ignored = []
    for at, cell in sorted(headings.items()):
        key = key_of(cell)
        if key == "name" and key in columns.values():
            raise UnreadableFile("表中有两个“姓名”列（左右并排），请改为一人一行、上下排列后再上传。")
        if cell is None or key == "number":
            continue
        if key is None or key in columns.values() or key in NOT_IMPORTED:
            ignored.append(str(cell).strip())
            continue
        columns[at] = key
    return columns, tuple(ignored)


def _filled_down(sheet: RawSheet, columns: dict[int, str]) -> dict[tuple[int, int], Cell]:
    """The cells of a vertical merge, which the file leaves empty below its first row."""
    filled: dict[tuple[int, int], Cell] = {}
    last = max(sheet.rows)
    covered = 0
    for area in sheet.merged:
        if columns.get(area.first_column) not in FILLED_DOWN:
            continue
        value = sheet.cell(area.first_row, area.first_column)
        rows = range(area.first_row + 1, min(area.last_row, last) + 1)
        covered += len(rows)
        if covered > MOST_MERGED_CELLS:
            raise UnreadableFile("表中的合并单元格过多，请取消合并后再上传。")
        filled.update({(row, area.first_column): value for row in rows})
    return filled


def _is_person(cells: dict[str, Cell]) -> bool:
    name = str(cells.get("name") or "").strip()
    if NOT_A_PERSON.match(name):
        return False
    telling = sum(cells.get(key) is not None for key in TELLING)
    return telling >= (1 if name else 2) or (bool(name) and not _is_sentence(name))


def _is_sentence(text: str) -> bool:
    return len(text) > 20 or any(mark in text for mark in "：:，。；")


def shown_cells(row: RawRow, sheet: RosterSheet) -> Iterator[tuple[str, str, Cell]]:
    """(column key, heading in the file, cell), in the order of the product's own columns."""
    for key in BY_KEY:
        if key in sheet.headings:
            yield key, sheet.headings[key], row.cells.get(key)
