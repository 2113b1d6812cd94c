"""Writing a document out: whoever takes one leaves a deed, and stands in the properties of the file."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.documents.queries import Paper
from apps.ui.docx import Document, document_bytes

register({"document.exported": "下载材料"})


@transaction.atomic
def export_paper(*, paper: Paper, target: models.Model, path: str, actor: User, now: datetime) -> bytes:
    """The Word file; `target` is what it tells of, `path` where that belongs."""
    record(actor=actor, action="document.exported", target=target, path=path, reason=f"{paper.label}（Word）")
    return document_bytes(Document(title=paper.title, blocks=paper.blocks, author=actor.name, written_at=now))
