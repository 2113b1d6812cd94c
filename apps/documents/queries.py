"""What a document is made of: paper for Word, a book for Excel. Plain values, nothing of a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.ui.docx import Block
from apps.ui.export import Sheet

NONE = "无"
#: What stands in a cell that somebody writes into by hand.
TO_FILL_IN = "　"


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
