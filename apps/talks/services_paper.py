"""The record of one talk as a file. That it was taken is a deed, and so is the reading of its words."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.talks.facts_paper import record_form
from apps.talks.models import Talk
from apps.talks.policies import can_print, people_of
from apps.talks.services_words import read_content
from apps.ui.docx import Document, document_bytes
from apps.ui.refusals import Refusal

register({"talk.exported": "下载谈心谈话记录表"})


class NotInside(Refusal):
    default = "谈话记录表只有谈话双方（和在场的记录人）能下载。"


@transaction.atomic
def export_talk(*, talk: Talk, actor: User, now: datetime) -> bytes:
    """The Word file for somebody in the talk; neither its name nor its properties tell who they are."""
    if not can_print(actor, talk):
        raise NotInside
    opened = read_content(talk=talk, actor=actor)
    record(actor=actor, action="talk.exported", target=talk, path=talk.path)
    blocks = record_form(talk, people=people_of(talk), words=opened.words, notice=opened.notice)
    return document_bytes(Document(title="谈心谈话记录表", blocks=blocks, author=actor.name, written_at=now))
