"""Keeping and dropping the files of a sitting. They lie under random names outside what is served."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.meetings.attached_files import examine
from apps.meetings.models import Attachment, Meeting, MeetingState
from apps.meetings.services_roll import locked_in
from apps.ui.refusals import Refusal

register({"meeting.attachment_added": "上传附件", "meeting.attachment_removed": "删除附件"})
FOLDER = "meetings"
MAX_ATTACHMENTS = 20


class TooManyFiles(Refusal):
    default = f"一次会议最多 {MAX_ATTACHMENTS} 个附件。"


def path_of(attachment: Attachment) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / attachment.stored_as[:2] / attachment.stored_as


@transaction.atomic
def add_attachment(*, meeting: Meeting, name: str, file: IO[bytes], actor: User, now: datetime) -> Attachment:
    """Keep a file; the same content again is the same file. Raises BadFile, TooManyFiles, NotOpen.

    A filed record may still be given its signed scan; marked with its date, it can no longer be removed.
    """
    checked = examine(name=name, file=file)
    locked = locked_in(meeting, MeetingState.PLANNED, MeetingState.OPEN, MeetingState.CLOSED)
    known = locked.attachments.filter(sha256=checked.sha256).first()
    if known:
        return known
    if locked.attachments.count() >= MAX_ATTACHMENTS:
        raise TooManyFiles
    attachment = Attachment.objects.create(
        meeting=locked,
        name=checked.name,
        stored_as=f"{secrets.token_hex(20)}.{checked.extension}",
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=checked.sha256,
        added_by=actor,
        added_at=now,
    )
    record(
        actor=actor,
        action="meeting.attachment_added",
        target=locked,
        path=locked.path,
        reason=checked.name,
    )
    _store(path_of(attachment), checked.content)
    return attachment


def _store(path: Path, content: bytes) -> None:
    """Last step before the commit; a file without a row is litter, a row without a file would be a loss."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)


@transaction.atomic
def remove_attachment(*, attachment: Attachment, actor: User) -> None:
    """Only while the record is not filed. Raises NotOpen."""
    locked = locked_in(attachment.meeting, MeetingState.PLANNED, MeetingState.OPEN)
    record(
        actor=actor,
        action="meeting.attachment_removed",
        target=locked,
        path=locked.path,
        reason=attachment.name,
    )
    transaction.on_commit(partial(path_of(attachment).unlink, missing_ok=True))
    attachment.delete()
