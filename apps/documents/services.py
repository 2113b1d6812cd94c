"""Writing a document out: whoever takes one leaves a deed, and stands in the properties of the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import models, transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.documents.queries import Book, Paper, or_dash
from apps.ui.docx import Document, document_bytes
from apps.ui.export import NOT_IN_XML, Sheet

register({"document.exported": "下载材料"})

#: As in a Word file: whoever loses a character is told so.
LEFT_OUT = "原文中有表格不能保存的控制字符，已略去。"


@transaction.atomic
def export_paper(*, paper: Paper, target: models.Model, path: str, actor: User, now: datetime) -> bytes:
    """The Word file; `target` is what it tells of, `path` where that belongs."""
    record(actor=actor, action="document.exported", target=target, path=path, reason=f"{paper.label}（Word）")
    return document_bytes(Document(title=paper.title, blocks=paper.blocks, author=actor.name, written_at=now))


@transaction.atomic
def export_book(*, book: Book, target: models.Model, path: str, actor: User) -> list[Sheet]:
    """The sheets of the workbook, no cell empty."""
    record(actor=actor, action="document.exported", target=target, path=path, reason=f"{book.label}（Excel）")
    return [_filled(sheet) for sheet in book.sheets]


def _filled(sheet: Sheet) -> Sheet:
    rows = [[or_dash(value) for value in row] for row in sheet.rows]
    lost = any(isinstance(value, str) and NOT_IN_XML.search(value) for row in rows for value in row)
    return replace(sheet, rows=rows, note=f"{sheet.note}　{LEFT_OUT}" if lost else sheet.note)
