"""Writing a document out: whoever takes one leaves a deed, and stands in the properties of the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models, transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.documents.queries import Book, Paper, or_dash
from apps.documents.services_templates import in_own_form
from apps.ui.docx import Document, Text, document_bytes
from apps.ui.export import NOT_IN_XML, Sheet
from apps.ui.pdf import as_pdf
from apps.ui.refusals import Refusal

EXPORTED = "document.exported"
register({EXPORTED: "下载材料"})

#: As in a Word file: whoever loses a character is told so.
LEFT_OUT = "原文中有表格不能保存的控制字符，已略去。"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A file as somebody took it, with what he should be told."""

    content: bytes
    is_pdf: bool
    faults: tuple[str, ...]


def export_paper(
    *, paper: Paper, target: models.Model, path: str, actor: User, now: datetime, pdf: bool = False
) -> Taken:
    """`target` is what the paper tells of, `path` where that belongs. What cannot be had as PDF, or in a
    committee's own form, is had in our own, with a word about it."""
    paper = replace(paper, blocks=list(paper.blocks))
    content, fault = in_own_form(paper, path=path, now=now)
    faults = [fault] if fault else []
    if content is None:
        told = replace(paper, blocks=[*paper.blocks, *(Text(words, style="Cell") for words in faults)])
        content = word_bytes(told, author=actor, now=now)
    if pdf:
        content, pdf = _as_pdf(content, faults=faults)
    with transaction.atomic():
        reason = f"{paper.label}（{'PDF' if pdf else 'Word'}）"
        record(actor=actor, action=EXPORTED, target=target, path=path, reason=reason)
    return Taken(content=content, is_pdf=pdf, faults=tuple(faults))


def _as_pdf(content: bytes, *, faults: list[str]) -> tuple[bytes, bool]:
    try:
        return as_pdf(content), True
    except Refusal as refusal:
        faults.append(refusal.message)
        return content, False


def word_bytes(paper: Paper, *, author: User, now: datetime) -> bytes:
    return document_bytes(
        Document(
            title=paper.title,
            blocks=paper.blocks,
            has_cover=paper.has_cover,
            author=author.name,
            written_at=now,
        )
    )


@transaction.atomic
def export_book(*, book: Book, target: models.Model, path: str, actor: User) -> list[Sheet]:
    """The sheets of the workbook, no cell empty."""
    record(actor=actor, action=EXPORTED, target=target, path=path, reason=f"{book.label}（Excel）")
    return [_filled(sheet) for sheet in book.sheets]


def _filled(sheet: Sheet) -> Sheet:
    rows = [[or_dash(value) for value in row] for row in sheet.rows]
    lost = any(isinstance(value, str) and NOT_IN_XML.search(value) for row in rows for value in row)
    return replace(sheet, rows=rows, note=f"{sheet.note}　{LEFT_OUT}" if lost else sheet.note)
