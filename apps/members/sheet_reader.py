"""Reads one uploaded workbook in a process of its own, so that a hostile file can hurt nothing else.

Run as `python -m apps.members.sheet_reader FILE`; standard library and python-calamine only. It limits its
own memory and time, checks the zip before any parser sees it, and prints JSON lines: `{"error": …}`, or for
each visible sheet `{"sheet": …, "merged": …}` followed by its rows as `[index, [cells…]]`. A date is
`{"d": "2019-07-01"}`; a formula without a result is the text of its error. Whatever goes wrong unforeseen
ends the process; `roster_file` words that.
"""

from __future__ import annotations

import json
import math
import re
import sys
import xml.etree.ElementTree as ET
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, TextIO

try:
    import resource
except ImportError:  # Windows has no such limits; the wall clock of the parent still holds there.
    resource = None  # type: ignore[assignment]

MAX_FILE = 5 * 1024 * 1024
MAX_PARTS = 400
MAX_UNPACKED = 60 * 1024 * 1024
MAX_MEMORY = 512 * 1024 * 1024
MAX_CPU_SECONDS = 20
MAX_ROWS = 20_001
MAX_COLUMNS = 300
#: Rows above and below the list itself: titles, notes.
SPARE_ROWS = 60
MAX_AREA = 3_000_000
MAX_SHEETS = 20
MAX_MERGED = 20_000
MAX_CELL = 500
MAX_OUTPUT = 40 * 1024 * 1024

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DECLARATION = re.compile(rb"<!(doctype|entity)", re.IGNORECASE)
#: No pattern runs past the next tag: unclosed tags would cost the square of their number.
FILLED_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,4})(\d{1,8})"[^<>]*?(?<!/)>')
#: A formula without its result: written by a program, never opened in a spreadsheet.
FORMULA_ONLY = re.compile(
    rb'<(?:\w+:)?c\s(?![^<>]*\bt="str")[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>'
    rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</"
)
#: A formula that ended in #N/A, #REF! and their like.
FAILED_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>'
    rb"(?:<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]{1,20})<"
)
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^<>]*\bhidden="(?:1|true)")[^<>]*?\br="(\d{1,7})"[^<>]*(?<!/)>')
NOT_COMPUTED = "#公式未计算"
#: Control characters and marks without width, as they come along from chats and web pages.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
DATE_1904 = re.compile(rb'<(?:\w+:)?workbookPr\s[^<>]*?\bdate1904="(?:1|true|on)"')

DAMAGED = "文件已损坏或不是 .xlsx 表格，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。"
TOO_BIG_INSIDE = "文件展开后的内容过大，请删去图片和多余的工作表后再上传。"
TOO_MANY_ROWS = (
    "表格超过 20000 行。名单没有这么长的，请检查很下面的行里有没有多余的内容，删去后再上传；"
    "确有这么多人的，请分成几个文件。"
)
TOO_WIDE = "表格的范围过大（很远的单元格里也有内容），请把花名册复制到新的工作簿中再上传。"


class Unreadable(Exception):
    """Carries the Chinese sentence for the user."""


def limit_myself() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_file(path: Path) -> bool:
    """Pre-flight: refuse what is no plain .xlsx within the limits. True when its days count from 1904."""
    if path.stat().st_size > MAX_FILE:
        raise Unreadable("文件超过 5 MB，请删去图片和多余的工作表后再上传。")
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise Unreadable("文件是空的。")
    if start == OLE_MAGIC:
        if ENCRYPTED in path.read_bytes():
            raise Unreadable("文件设有打开密码，请取消密码后另存再上传。")
        raise Unreadable("这是旧版 .xls 文件（只改扩展名不行），请打开后另存为 .xlsx 再上传。")
    if not start.startswith(b"PK"):
        raise Unreadable("这不是 .xlsx 表格，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。")
    try:
        with zipfile.ZipFile(path) as archive:
            return _check_archive(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise Unreadable(DAMAGED) from None


def _check_archive(archive: zipfile.ZipFile) -> bool:
    entries = archive.infolist()
    if len(entries) > MAX_PARTS:
        raise Unreadable("文件内部的部件过多，请把花名册复制到新的工作簿中再上传。")
    names = [entry.filename.lower() for entry in entries]
    _check_names(names)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable("文件设有密码，请取消密码后另存再上传。")
    left = MAX_UNPACKED
    since_1904 = False
    for entry in entries:
        content = _unpack(archive, entry, limit=left)
        left -= len(content)
        name = entry.filename.lower()
        if name.endswith((".xml", ".rels", ".vml")):
            _check_xml(content)
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _check_area(content)
        if name == "xl/workbook.xml":
            since_1904 = bool(DATE_1904.search(content))
    return since_1904


def _check_names(names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise Unreadable(DAMAGED)
    for name in names:
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise Unreadable(DAMAGED)
        if "vbaproject" in name or name.startswith("xl/macrosheets/"):
            raise Unreadable("文件带有宏，请另存为不带宏的 .xlsx 再上传。")
        if "externallinks/" in name:
            raise Unreadable("文件引用了其他工作簿，请复制后“选择性粘贴—数值”到新的工作簿再上传。")
    if "xl/workbook.xml" not in names:
        raise Unreadable("这不是 .xlsx 表格，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, limit: int) -> bytes:
    """Read one part, counting while reading: what the file says of its own size is not believed."""
    pieces = []
    size = 0
    with archive.open(entry) as part:
        while piece := part.read(256 * 1024):
            size += len(piece)
            if size > limit:
                raise Unreadable(TOO_BIG_INSIDE)
            pieces.append(piece)
    return b"".join(pieces)


def _check_xml(content: bytes) -> None:
    """Office writes UTF-8 without declarations of its own; entities and other encodings hide bombs."""
    if b"\x00" in content[:200] or DECLARATION.search(content):
        raise Unreadable("文件内部含有不允许的内容，请把花名册复制到新的工作簿中再上传。")


def _check_area(content: bytes) -> None:
    for letters, digits in FILLED_CELL.findall(content):
        row = int(digits)
        if row > MAX_ROWS + SPARE_ROWS:
            raise Unreadable(TOO_MANY_ROWS)
        if row * _column_number(letters) > MAX_AREA:
            raise Unreadable(TOO_WIDE)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def write_sheets(path: Path, *, since_1904: bool, out: TextIO) -> None:
    # Only after the limits are set.
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    written = 0
    with CalamineWorkbook.from_path(path) as workbook:
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        for name in visible[:MAX_SHEETS]:
            sheet = workbook.get_sheet_by_name(name)
            _check_extent(sheet.end)
            merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []][:MAX_MERGED]
            failed, hidden = _what_the_parser_hides(path, name)
            head = {"sheet": name, "merged": merged, "since_1904": since_1904, "hidden": hidden}
            written += _write(out, head)
            if sheet.end is None:
                continue
            for index, row in enumerate(sheet.to_python(skip_empty_area=False)):
                cells = [failed.get((index, at)) or _plain(cell) for at, cell in enumerate(row)]
                while cells and cells[-1] is None:
                    cells.pop()
                if cells:
                    written += _write(out, [index, cells])
                if written > MAX_OUTPUT:
                    raise Unreadable(TOO_BIG_INSIDE)


def _what_the_parser_hides(path: Path, sheet: str) -> tuple[dict[tuple[int, int], str], list[int]]:
    """Cells whose formula has no result, which the parser reads as blank, and the rows that are not shown."""
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        content = _unpack(archive, archive.getinfo(part), limit=MAX_UNPACKED) if part else b""
    failed = {}
    for pattern in (FORMULA_ONLY, FAILED_CELL):
        for letters, digits, *words in pattern.findall(content):
            place = (int(digits) - 1, _column_number(letters) - 1)
            failed[place] = words[0].decode("ascii", "replace") if words else NOT_COMPUTED
    return failed, [int(digits) - 1 for digits in HIDDEN_ROW.findall(content)][:MAX_ROWS]


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Where in the archive this sheet stands; nothing when the workbook is built in an unusual way."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return ""
    # The pre-flight lets no declarations or entities through.
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in book.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            key = next((value for name, value in element.items() if name.endswith("}id")), None)
            part = str(PurePosixPath("/xl", targets.get(key, ""))).lstrip("/")
            return part if part in names else ""
    return ""


def _check_extent(end: tuple[int, int] | None) -> None:
    if end is None:
        return
    if end[0] >= MAX_ROWS + SPARE_ROWS:
        raise Unreadable(TOO_MANY_ROWS)
    if end[1] >= MAX_COLUMNS or (end[0] + 1) * (end[1] + 1) > MAX_AREA:
        raise Unreadable(TOO_WIDE)


def _write(out: TextIO, value: Any) -> int:
    return out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _plain(cell: Any) -> Any:
    """A cell as JSON: text, number, yes/no, a marked date, or None for nothing."""
    if isinstance(cell, datetime):
        return {"d": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, str):
        text = _without_surrogates(INVISIBLE.sub("", cell[: MAX_CELL + 1]))
        return text if text.strip() else None
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    if isinstance(cell, bool | int | float):
        return cell
    return str(cell)


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def main(path: Path, out: TextIO) -> int:
    limit_myself()
    try:
        since_1904 = check_file(path)
        write_sheets(path, since_1904=since_1904, out=out)
    except Unreadable as error:
        _write(out, {"error": str(error)})
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.stdout))
