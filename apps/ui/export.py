"""Workbooks as offices lay them out. Text stays text: never a formula, a link or a rounded number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: XML 1.0 cannot hold these; a spreadsheet program would call the file damaged.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
NOT_IN_FILE_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
CELL_CHARACTERS = 32_767
SHEET_NAME_CHARACTERS = 31
EXACT_DIGITS = 15
CUT = "…（内容过长，已截断）"
BASE_STYLE = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
CENTRED = {**BASE_STYLE, "border": 1, "align": "center"}
#: In points: one line of a cell, the space around it, and the highest row that Excel knows.
LINE_HEIGHT, AROUND, HIGHEST = 15, 5, 409
HEADER_HEIGHT = 24
#: In characters: what a page holds upright, and what can still be read when made to fit across.
UPRIGHT, READABLE = 90, 400
USUAL_HEIGHT = LINE_HEIGHT + AROUND


@dataclass(frozen=True)
class Sheet:
    """One sheet: an optional title row and note above a bold header, then the rows in their order.

    Cells are written by their Python type: str as text (ID numbers are text), date, datetime, number, bool.
    `widths` are in characters; a missing one is taken from the header.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]
    title: str = ""
    note: str = ""
    widths: Sequence[float] = ()


def workbook_response(
    filename: str, sheets: Iterable[Sheet], *, author: str = "", at: datetime | None = None
) -> HttpResponse:
    """A download named `filename` (Chinese is fine; .xlsx is added when missing)."""
    buffer = BytesIO()
    write_workbook(buffer, sheets, author=author, at=at)
    name = file_name(filename.removesuffix(".xlsx"))
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    return HttpResponse(
        buffer.getvalue(), content_type=CONTENT_TYPE, headers={"Content-Disposition": str(disposition)}
    )


def file_name(name: str) -> str:
    """What every system takes as the name of a file."""
    return NOT_IN_FILE_NAME.sub("_", name).strip(" .") or "导出"


def write_workbook(
    target: str | Path | BinaryIO, sheets: Iterable[Sheet], *, author: str = "", at: datetime | None = None
) -> None:
    """Write row by row, so that 100,000 rows need little memory.

    Text goes in by `write_string` only: the library's guessing `write` would make formulas and links of it.
    """
    target = str(target) if isinstance(target, Path) else target
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as workbook:
        if at:
            workbook.set_properties(
                {"author": clean_text(author), "created": at.astimezone(UTC).replace(tzinfo=None)}
            )
        styles = {
            "title": workbook.add_format({**BASE_STYLE, "font_size": 16, "bold": True, "align": "center"}),
            "note": workbook.add_format({**BASE_STYLE, "text_wrap": True, "align": "left"}),
            "header": workbook.add_format(
                {**BASE_STYLE, "bold": True, "align": "center", "border": 1, "text_wrap": True}
            ),
            "text": workbook.add_format({**BASE_STYLE, "border": 1, "num_format": "@", "text_wrap": True}),
            "number": workbook.add_format(CENTRED),
            "date": workbook.add_format({**CENTRED, "num_format": "yyyy-mm-dd"}),
            "moment": workbook.add_format({**CENTRED, "num_format": "yyyy-mm-dd hh:mm"}),
        }
        for sheet in sheets:
            name = NOT_IN_SHEET_NAME.sub("_", sheet.name)[:SHEET_NAME_CHARACTERS]
            _write_sheet(workbook.add_worksheet(name), sheet, styles=styles)


def _write_sheet(worksheet: Worksheet, sheet: Sheet, *, styles: dict[str, Format]) -> None:
    last = len(sheet.header) - 1
    widths = [
        sheet.widths[column] if column < len(sheet.widths) else max(10, 2 * len(label) + 4)
        for column, label in enumerate(sheet.header)
    ]
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, width)
    top = 0
    for text, style, height in ((sheet.title, "title", 30), (sheet.note, "note", 36)):
        if text:
            worksheet.set_row(top, height)
            _write_across(worksheet, top, last=last, text=clean_text(text), style=styles[style])
            top += 1
    heads = lines_in(sheet.header, widths=widths) * LINE_HEIGHT + AROUND
    worksheet.set_row(top, min(HIGHEST, max(HEADER_HEIGHT, heads)))
    for column, label in enumerate(sheet.header):
        worksheet.write_string(top, column, clean_text(label), styles["header"])
    worksheet.set_default_row(USUAL_HEIGHT)
    worksheet.freeze_panes(top + 1, 0)
    worksheet.repeat_rows(top)
    _lay_out(worksheet, width=sum(widths))
    for number, row in enumerate(sheet.rows, start=top + 1):
        if (lines := lines_in(row, widths=widths)) > 1:
            worksheet.set_row(number, min(HIGHEST, lines * LINE_HEIGHT + AROUND))
        for column, value in enumerate(row):
            _write_cell(worksheet, (number, column), value=value, styles=styles)


def _lay_out(worksheet: Worksheet, *, width: float) -> None:
    """On A4: upright where that is wide enough, across else; what would be too small to read runs on over
    several pages, each with the names of its lines."""
    worksheet.set_paper(9)
    if width > UPRIGHT:
        worksheet.set_landscape()
    if width > READABLE:
        worksheet.repeat_columns(0, 1)
    else:
        worksheet.fit_to_pages(1, 0)


def lines_in(row: Sequence[Any], *, widths: Sequence[float]) -> int:
    """How many lines the fullest cell of a row takes: not every program finds that out by itself.

    In GBK a Chinese character has two bytes and a Latin one has one, which is just how wide they are.
    """
    most = 1
    for value, width in zip(row, widths, strict=False):
        if isinstance(value, str) and (2 * len(value) > width or "\n" in value):
            parts = (len(part.encode("gbk", "replace")) for part in value.split("\n"))
            most = max(most, sum(max(1, -(-part // max(1, int(width) - 1))) for part in parts))
    return most


def _write_across(worksheet: Worksheet, row: int, *, last: int, text: str, style: Format) -> None:
    if last > 0:
        worksheet.merge_range(row, 0, row, last, "", style)
    worksheet.write_string(row, 0, text, style)


def _write_cell(
    worksheet: Worksheet, place: tuple[int, int], *, value: Any, styles: dict[str, Format]
) -> None:
    if value is None or value == "":
        worksheet.write_blank(*place, None, styles["text"])
    elif isinstance(value, bool):
        worksheet.write_string(*place, "是" if value else "否", styles["text"])
    elif isinstance(value, datetime):
        local = timezone.make_naive(value) if timezone.is_aware(value) else value
        worksheet.write_datetime(*place, local, styles["moment"])
    elif isinstance(value, date):
        worksheet.write_datetime(*place, value, styles["date"])
    elif isinstance(value, int | float | Decimal) and abs(value) < 10**EXACT_DIGITS:
        worksheet.write_number(*place, value, styles["number"])
    else:
        worksheet.write_string(*place, clean_text(str(value)), styles["text"])


def clean_text(text: str) -> str:
    """Text that a workbook can hold: no control characters, within the length of a cell."""
    text = NOT_IN_XML.sub("", text)
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - len(CUT)] + CUT
