"""Finds the list in a workbook: the sheet, its header, the rows of people, and what is left unread."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from apps.members.roster_columns import BY_KEY, FILLED_DOWN, NOT_IMPORTED, heading, key_of
from apps.members.roster_dates import Cell
from apps.members.roster_file import RawSheet, UnreadableFile

HEADER_WITHIN = 40
MAX_PEOPLE = 20_000
MOST_MERGED_CELLS = 100_000
#: At least this many known headings, one of them the name, make a header.
FEWEST_HEADINGS = 2
#: Another sheet with so many is worth a word when it is not read.
A_ROSTER = 3
#: Rows above the one with the name over which a heading may be merged down.
HEADER_ROWS = 3
#: A name with one of these, or two of them without a name, is about a person.
TELLING = ("id_number", "born_on", "admitted_on", "full_since", "mobile_phone", "sex", "status")
NOT_A_PERSON = re.compile(
    r"^[(（]?(示\s*例|本页|合\s*计|小\s*计|总\s*计|共\s*计|总人数|人数|备\s*注|说\s*明|注\s*\d?\s*[:：.]|填\s*[表报]|制\s*表|审\s*核|经办|负责人|联系人|单位)"
)


#: Before the name: sums and signatures. A column there may well hold 单位 or 负责人 of a person.
SUM_LINE = re.compile(r"^[(（]?(本页|合\s*计|小\s*计|总\s*计|共\s*计|注\s*[:：]|\S{2,4}人\s*[:：])")
#: A line between the people: 第一党小组（8人）, 二、离退休党员.
SECTION = re.compile(r".*([\d、(（]|(组|支部|党员|人员|干部|职工)$)")
#: Fewer digits without a name are no lost person.
SHORTEST_ID = 15
#: The columns counted below the header: 1, 2, 3 … or 甲, 乙, 丙 ….
COLUMN_NUMBER = re.compile(r"\d{1,2}|[甲乙丙丁戊己庚辛壬癸一二三四五六七八九十]")


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
    #: People's rows that the spreadsheet does not show, and other sheets that look like rosters.
    hidden: tuple[int, ...] = ()
    others: tuple[str, ...] = ()


def find_roster(sheets: list[RawSheet]) -> RosterSheet:
    """The visible sheet with the fullest header, the first of equals, that lists somebody."""
    found = [(sheet, row, known) for sheet in sheets for row, known in _header_rows(sheet)]
    if not found:
        raise UnreadableFile(
            "没有找到表头：请确认表中有一行写着“姓名”“身份证号”“入党时间”等列名（可下载空白模板对照）。"
        )
    found.sort(key=lambda candidate: -candidate[2])
    for sheet, row, _ in found:
        others = tuple(other.name for other, _, known in found if other is not sheet and known >= A_ROSTER)
        roster = _roster_of(sheet, row, others=others)
        if roster.rows:
            return roster
    raise UnreadableFile(f"工作表“{found[0][0].name}”只有表头，没有党员。")


def _header_rows(sheet: RawSheet) -> list[tuple[int, int]]:
    """The row with the name and the most other headings, and how many these are; nothing where none is."""
    best: list[tuple[int, int]] = []
    for index in sorted(sheet.rows):
        if index >= HEADER_WITHIN:
            break
        keys = {key_of(cell) for cell in _headings(sheet, index).values()}
        known = len(keys - NOT_IMPORTED - {None})
        if "name" in map(key_of, sheet.rows[index]) and known >= FEWEST_HEADINGS:
            best = max(best, [(index, known)], key=lambda rows: rows[0][1] if rows else 0)
    return best


def _roster_of(sheet: RawSheet, header: int, *, others: tuple[str, ...]) -> RosterSheet:
    headings = _headings(sheet, header)
    first = header + 2 if _second_header_row(sheet, header) else header + 1
    columns, ignored = _columns(headings)
    filled = _filled_down(sheet, columns)
    rows, skipped = [], []
    for index in sorted(sheet.rows):
        if index < first:
            continue
        cells = {key: filled.get((index, at), sheet.cell(index, at)) for at, key in columns.items()}
        if _is_person(cells) and not _is_summary(sheet, index, columns=columns):
            rows.append(RawRow(index + 1, {key: cell for key, cell in cells.items() if cell is not None}))
        elif _says_something(sheet, index, columns=columns):
            skipped.append(index + 1)
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
        hidden=tuple(row.line for row in rows if row.line - 1 in sheet.hidden),
        others=others,
    )


def _second_header_row(sheet: RawSheet, header: int) -> bool:
    """A header of two rows: headings again below, and nothing but a heading where the name would stand."""
    keys = [key_of(cell) for cell in sheet.rows[header]]
    if "name" not in keys:
        return False
    name_at = keys.index("name")
    below = sheet.rows.get(header + 1, [])
    at_name = sheet.cell(header + 1, name_at)
    return any(key_of(cell) for cell in below) and (at_name is None or key_of(at_name) == "name")


def _headings(sheet: RawSheet, header: int) -> dict[int, Cell]:
    """Column → heading, also where the header takes several rows: groups above, parts below."""
    found = _raised(sheet, header) | {
        at: cell for at, cell in enumerate(sheet.rows[header]) if cell is not None
    }
    if _second_header_row(sheet, header):
        for at, cell in enumerate(sheet.rows[header + 1]):
            if cell is not None and key_of(found.get(at)) is None:
                found[at] = cell
    return found


def _raised(sheet: RawSheet, header: int) -> dict[int, Cell]:
    """Headings merged down from the rows above; unmerged ones count where there are several."""
    merged = {
        area.first_column: sheet.cell(area.first_row, area.first_column)
        for area in sheet.merged
        if header - HEADER_ROWS <= area.first_row < header <= area.last_row
    }
    above = {
        at: cell
        for at, cell in enumerate(sheet.rows.get(header - 1, []))
        if key_of(cell) and sheet.cell(header, at) is None
    }
    return (above if len(above) > 1 else {}) | {at: cell for at, cell in merged.items() if cell is not None}


def _columns(headings: dict[int, Cell]) -> tuple[dict[int, str], tuple[str, ...]]:
    """Column → key, and the headings not used. Of two that mean the same, the one named as ours counts."""
    keys = {at: key for at, cell in headings.items() if (key := key_of(cell))}
    if list(keys.values()).count("name") > 1:
        raise UnreadableFile("表中有两个“姓名”列（左右并排），请改为一人一行、上下排列后再上传。")
    chosen: dict[str, int] = {}
    for at in sorted(keys, key=lambda at: (BY_KEY[keys[at]].label not in heading(str(headings[at])), at)):
        if keys[at] not in NOT_IMPORTED:
            chosen.setdefault(keys[at], at)
    columns = {at: key for key, at in sorted(chosen.items(), key=lambda item: item[1])}
    unused = [at for at in sorted(headings) if at not in columns and keys.get(at) != "number"]
    return columns, tuple(str(headings[at]).strip() for at in unused if headings[at] is not None)


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
    if NOT_A_PERSON.match(name) or key_of(name) == "name":
        return False
    telling = sum(cells.get(key) is not None and not _has_failed(cells[key]) for key in TELLING)
    if not name or _has_failed(name):
        return telling > 1 or len(str(cells.get("id_number") or "")) >= SHORTEST_ID
    return telling > 0 or not (_is_sentence(name) or SECTION.match(name))


def _has_failed(cell: Cell) -> bool:
    """A formula prepared for people still to come shows an error in every cell."""
    return isinstance(cell, str) and cell.startswith("#")


def _is_summary(sheet: RawSheet, index: int, *, columns: dict[int, str]) -> bool:
    """合计 before the name, or the columns counted through."""
    row = sheet.rows[index]
    name_at = next(at for at, key in columns.items() if key == "name")
    before = [cell for at, cell in enumerate(row[:name_at]) if at not in columns]
    filled = [unicodedata.normalize("NFKC", str(cell)).strip("() ") for cell in row if cell is not None]
    counted = len(filled) >= A_ROSTER and all(COLUMN_NUMBER.fullmatch(text) for text in filled)
    return counted or any(isinstance(cell, str) and SUM_LINE.match(cell.strip()) for cell in before)


def _says_something(sheet: RawSheet, index: int, *, columns: dict[int, str]) -> bool:
    """Lines that were only numbered beforehand, or only hold formulas, are blank to the reader."""
    return any(
        cell is not None and not _has_failed(cell) and (at in columns or isinstance(cell, str))
        for at, cell in enumerate(sheet.rows[index])
    )


def _is_sentence(text: str) -> bool:
    return len(text) > 20 or any(mark in text for mark in "：:，。；")


def shown_cells(row: RawRow, sheet: RosterSheet) -> Iterator[tuple[str, str, Cell]]:
    """(column key, heading in the file, cell), in the order of the product's own columns."""
    for key in BY_KEY:
        if key in sheet.headings:
            yield key, sheet.headings[key], row.cells.get(key)
