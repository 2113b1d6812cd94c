"""Small rosters for tests: a list of dictionaries becomes an .xlsx, and an upload becomes a preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.members.id_numbers import check_digit
from apps.members.models import ImportRow, RosterImport, RowVerdict
from apps.members.roster_rows import StoredRow, stored_row
from apps.members.services_confirm import confirm_import
from apps.members.services_import import start_import
from tests.conftest import NOW, TODAY

ROSTERS = Path(__file__).resolve().parent.parent.parent / "fixtures" / "rosters"
Capture = Callable[..., AbstractContextManager[Any]]

GOOD = {
    "姓名": "林晓",
    "身份证号": "119999198503120015",
    "人员类别": "正式党员",
    "入党时间": "2010-06-20",
    "转正时间": "2011-06-20",
}


def id_number(born: date = date(1985, 3, 12), order: int = 1) -> str:
    """A number of no real county; odd orders are men."""
    first = f"119999{born:%Y%m%d}{order:03d}"
    return first + check_digit(first)


GOOD["身份证号"] = id_number()


def good(**cells: Any) -> dict[str, Any]:
    """A row without faults, with these cells changed; None leaves a cell empty."""
    return {**GOOD, **cells}


def workbook_bytes(book: Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def roster_bytes(rows: Sequence[dict[str, Any]], *, above: int = 0, sheet: str = "花名册") -> bytes:
    book = Workbook()
    page = book.active
    page.title = sheet
    for number in range(above):
        page.append([f"标题{number}"])
    header = list(dict.fromkeys(label for row in rows for label in row))
    page.append(header)
    for row in rows:
        page.append([row.get(label) for label in header])
    return workbook_bytes(book)


def upload(content: bytes, name: str = "花名册.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def preview(
    content: bytes, *, into: Organization, by: User, capture: Capture, name: str = "花名册.xlsx"
) -> RosterImport:
    """Upload and let the job run, as the worker would after the commit."""
    with capture(execute=True):
        roster = start_import(organization=into, upload=upload(content, name), actor=by, now=NOW, today=TODAY)
    roster.refresh_from_db()
    return roster


def take_in(content: bytes, *, into: Organization, by: User, capture: Capture) -> RosterImport:
    roster = preview(content, into=into, by=by, capture=capture)
    return confirm_import(roster=roster, actor=by, now=NOW)


def rows_by(roster: RosterImport, verdict: RowVerdict) -> list[ImportRow]:
    return list(roster.rows.filter(verdict=verdict).order_by("line"))


def only_row(roster: RosterImport) -> tuple[RowVerdict, StoredRow]:
    row = roster.rows.get()
    return RowVerdict(row.verdict), stored_row(row)


def errors_of(roster: RosterImport) -> dict[int, list[tuple[str, str]]]:
    """Line → what is wrong at which column."""
    return {row.line: stored_row(row).errors for row in rows_by(roster, RowVerdict.ERROR)}
