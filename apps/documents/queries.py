"""What a document is made of: paper for Word, a book for Excel. Plain values, nothing of a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.meetings.models import Meeting, MeetingState
from apps.meetings.policies import visible_meetings
from apps.ui.docx import Block, Text
from apps.ui.export import Sheet
from apps.ui.refusals import Refusal

NONE = "无"
#: What stands in a cell that somebody writes into by hand.
TO_FILL_IN = "　"
TO_SIGN = "　　年　　月　　日"
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A Word document before it is written: what it is called, its title and what stands in it."""

    #: The kind of document, as the trail names it.
    label: str
    title: str
    blocks: Iterable[Block]
    file_name: str
    #: Of many parts: a cover, and contents.
    has_cover: bool = False
    #: Which of a committee's own templates it may be written in (TemplateKind), and what fills that.
    form: str = ""
    source: Any = None


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


def to_write(what: str) -> Text:
    """Marks a place where a person writes: the product never writes a report's prose for him."""
    return Text(f"【请填写：{what}】", style="BodyText")


def closed_sittings(wanted: Wanted) -> QuerySet[Meeting]:
    """What was filed of the year, as far as the reader may see it."""
    return visible_meetings(wanted.reader).filter(
        branch=wanted.branch,
        state=MeetingState.CLOSED,
        held_on__gte=wanted.first,
        held_on__lt=wanted.until,
    )


class NothingThere(Refusal):
    default = "没有可以写进材料的记录。"


class NotShown(Refusal):
    default = "按您的职务，这一部分不显示，请支部书记来生成。"


def or_dash(value: Any) -> Any:
    """Offices leave no cell of a ledger empty."""
    return "—" if value is None or value == "" else value


def is_year(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def book_of(
    wanted: Wanted,
    *,
    label: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Any]],
    note: str,
    of_today: bool = False,
) -> Book:
    """A workbook of one sheet. `of_today`: it tells of the day, not of a year."""
    sheet = sheet_of(wanted, label=label, columns=columns, rows=rows, note=note, of_today=of_today)
    return Book(
        label=label if of_today else f"{wanted.year} 年{label}", sheets=[sheet], file_name=sheet.title
    )


def sheet_of(
    wanted: Wanted,
    *,
    label: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Any]],
    note: str,
    of_today: bool = False,
) -> Sheet:
    """`columns` with their widths in characters."""
    name = wanted.branch.name if of_today else wanted.name
    return Sheet(
        name=label,
        title=f"{name}{label}",
        note=f"{wanted.note}　{note}",
        header=[column for column, _ in columns],
        widths=[width for _, width in columns],
        rows=list(rows),
    )
