"""What a document is made of: paper for Word, a book for Excel. Plain values, nothing of a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.ui.docx import Block
from apps.ui.export import Sheet
from apps.ui.refusals import Refusal

NONE = "无"
#: What stands in a cell that somebody writes into by hand.
TO_FILL_IN = "　"
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A Word document before it is written: what it is called, its title and what stands in it."""

    #: The kind of document, as the trail names it.
    label: str
    title: str
    blocks: Iterable[Block]
    file_name: str


@dataclass(frozen=True, kw_only=True)
class Book:
    """A workbook before it is written."""

    label: str
    sheets: Sequence[Sheet]
    file_name: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which branch and year a document is of, who reads it, and the day on which it is made."""

    branch: Organization
    year: int
    reader: User
    today: date

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def until(self) -> date:
        return date(self.year + 1, 1, 1)

    @property
    def name(self) -> str:
        return f"{self.branch.name}{self.year}年"

    @property
    def note(self) -> str:
        return f"导出日期：{self.today:%Y-%m-%d}"


class NothingThere(Refusal):
    default = "没有可以写进材料的记录。"


def or_dash(value: Any) -> Any:
    """Offices leave no cell of a ledger empty."""
    return "—" if value is None or value == "" else value


def year_in(raw: str, *, today: date) -> int:
    """The year that an address names, or the running one."""
    named = int(raw) if raw.isascii() and raw.isdigit() and len(raw) == 4 else 0
    return named if is_year(named) else today.year


def is_year(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR
