"""The roster import: an uploaded file becomes a preview, and a confirmed preview becomes records."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.models import Organization
from apps.branches.policies import paths_of
from apps.jobs.models import Job
from apps.jobs.services import job, progress, start_job
from apps.members.models import ImportRow, ImportState, RosterImport, RowVerdict
from apps.members.policies import ANSWERABLE
from apps.members.roster_cells import ReadRow, read_row
from apps.members.roster_checks import JudgedRow, judge, surroundings_of
from apps.members.roster_file import UnreadableFile, read_workbook
from apps.members.roster_rows import content_of
from apps.members.roster_sheet import RosterSheet, find_roster
from apps.members.sheet_reader import MAX_FILE
from apps.ui.refusals import Refusal

register(
    {
        "roster.uploaded": "上传花名册",
        "roster.imported": "导入花名册",
        "roster.dropped": "放弃导入花名册",
    }
)

PREVIEW_JOB = "members.preview_roster"
FOLDER = "imports"
#: A file that its job never deleted (the machine went down) goes at the next upload after so long.
KEPT_AT_MOST = timedelta(days=1)
ROWS_AT_ONCE = 500
MESSAGE_LENGTH = 500
MOST_LISTED = 10


class WrongFile(Refusal):
    default = "请上传 .xlsx 文件。"


class NotReady(Refusal):
    default = "这份花名册已经导入或放弃，不能再次操作。"


@dataclass(frozen=True)
class Sent:
    """One upload: who sent what, where it is kept, and when."""

    organization: Organization
    _: KW_ONLY
    upload: UploadedFile
    content: bytes
    path: Path
    actor: User
    now: datetime
    today: date


def start_import(
    *, organization: Organization, upload: UploadedFile, actor: User, now: datetime, today: date
) -> RosterImport:
    """Keep the file until the job has read it. The same file sent twice at once is one import."""
    content = checked_upload(upload)
    path = keep_upload(content, now=now)
    sent = Sent(organization, upload=upload, content=content, path=path, actor=actor, now=now, today=today)
    try:
        roster, is_new = _enter(sent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if not is_new:
        path.unlink(missing_ok=True)
    return roster


def checked_upload(upload: UploadedFile) -> bytes:
    """Raises WrongFile, at the field `file`, for what cannot be a workbook within the limits."""
    if not str(upload.name).lower().endswith(".xlsx"):
        raise WrongFile("只收 .xlsx 文件，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。", field="file")
    if (upload.size or 0) > MAX_FILE:
        raise WrongFile("文件超过 5 MB，请删去图片和多余的工作表后再上传。", field="file")
    if not upload.size:
        raise WrongFile("文件是空的。", field="file")
    return bytes(upload.read())


def keep_upload(content: bytes, *, now: datetime) -> Path:
    """Where a job finds the file, which it deletes; what a broken job left behind goes at the next upload."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob("*.xlsx"):
        if left.stat().st_mtime < (now - KEPT_AT_MOST).timestamp():
            left.unlink(missing_ok=True)
    path = folder / f"{uuid.uuid4().hex}.xlsx"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
    return path


@transaction.atomic
def _enter(sent: Sent) -> tuple[RosterImport, bool]:
    """The import, and whether it is a new one."""
    organization = Organization.objects.select_for_update().get(pk=sent.organization.pk)
    digest = hashlib.sha256(sent.content).hexdigest()
    same = RosterImport.objects.filter(organization=organization, uploaded_by=sent.actor, file_hash=digest)
    reading = same.filter(state=ImportState.READING, job__finished_at=None).order_by("-pk").first()
    if reading is not None:
        return reading, False
    for old in same.filter(state=ImportState.READY):
        _close(old, ImportState.DROPPED)
    roster = RosterImport.objects.create(
        organization=organization,
        path=organization.path,
        uploaded_by=sent.actor,
        uploaded_at=sent.now,
        file_name=Path(str(sent.upload.name)).name[:200],
        file_hash=digest,
    )
    roster.job = _start_job(roster, sent)
    roster.save(update_fields=["job"])
    words = f"校验值 {digest[:16]}"
    record(actor=sent.actor, action="roster.uploaded", target=roster, path=roster.path, reason=words)
    return roster, True


def _start_job(roster: RosterImport, sent: Sent) -> Job:
    return start_job(
        kind=PREVIEW_JOB,
        title=f"读取花名册“{roster.file_name}”",
        actor=sent.actor,
        run=PREVIEW_JOB,
        args={"roster_id": roster.pk, "path": str(sent.path), "today": sent.today.isoformat()},
        now=sent.now,
    )


def _close(roster: RosterImport, state: ImportState) -> None:
    roster.rows.all().delete()
    roster.state = state
    roster.save(update_fields=["state"])


@job(PREVIEW_JOB)
def _preview_roster(job_id: int, *, roster_id: int, path: str, today: str) -> str:
    """Read the file and judge its rows. Writes the preview only; the file is gone afterwards."""
    roster = RosterImport.objects.select_related("organization", "uploaded_by").get(pk=roster_id)
    file = Path(path)
    try:
        progress(job_id=job_id, done=0, total=0, message="正在打开文件")
        sheet = find_roster(read_workbook(file))
        _write_preview(roster, sheet, job_id=job_id, today=date.fromisoformat(today))
    except UnreadableFile as refusal:
        RosterImport.objects.filter(pk=roster.pk, state=ImportState.READING).update(
            state=ImportState.REFUSED, message=refusal.message[:MESSAGE_LENGTH]
        )
    finally:
        file.unlink(missing_ok=True)
    return reverse("members:import_detail", args=[roster.pk])


def _write_preview(roster: RosterImport, sheet: RosterSheet, *, job_id: int, today: date) -> None:
    total = len(sheet.rows)
    reads = []
    for at, raw in enumerate(sheet.rows):
        if at % ROWS_AT_ONCE == 0:
            progress(job_id=job_id, done=at // 2, total=total, message="正在核对各列")
        reads.append(read_row(raw, since_1904=sheet.since_1904, headings=sheet.headings))
    judged = []
    for at, row in enumerate(_judged(roster, reads, today=today)):
        if at % ROWS_AT_ONCE == 0:
            progress(job_id=job_id, done=total // 2 + at // 2, total=total, message="正在与系统中的记录比较")
        judged.append(row)
    with transaction.atomic():
        locked = RosterImport.objects.select_for_update(of=("self",)).get(pk=roster.pk)
        if locked.state == ImportState.READING:
            _store(locked, judged, sheet=sheet)
    progress(job_id=job_id, done=total, total=total, message="已完成")


def _judged(roster: RosterImport, reads: list[ReadRow], *, today: date) -> Iterator[JudgedRow]:
    reach = paths_of(roster.uploaded_by, ANSWERABLE)
    around = surroundings_of(roster.organization, reads, reach=reach, today=today)
    return (judge(read, around) for read in reads)


def _store(roster: RosterImport, judged: list[JudgedRow], *, sheet: RosterSheet) -> None:
    rows = [
        ImportRow(
            roster=roster,
            line=raw.line,
            name=row.read.name,
            verdict=row.verdict,
            content=content_of(row, raw, sheet=sheet),
        )
        for row, raw in zip(judged, sheet.rows, strict=True)
    ]
    ImportRow.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    counts = Counter(row.verdict for row in judged)
    roster.new_count = counts[RowVerdict.NEW]
    roster.changed_count = counts[RowVerdict.CHANGED]
    roster.unchanged_count = counts[RowVerdict.UNCHANGED]
    roster.error_count = counts[RowVerdict.ERROR]
    roster.state = ImportState.READY
    roster.message = summary_of(sheet)
    roster.save()


def summary_of(sheet: RosterSheet) -> str:
    """What was read and what was not, for the head of the preview."""
    parts = [f"读取工作表“{sheet.name}”，表头在第 {sheet.header_line} 行。"]
    if sheet.others:
        parts.append(f"没有读取的工作表：{_listed(sheet.others)}；如也是花名册，请另存为单独的文件上传。")
    if sheet.hidden:
        parts.append(f"第 {_listed(sheet.hidden, unit='行')}在表中是隐藏的，同样读取。")
    if sheet.ignored:
        parts.append(f"没有用到的列：{_listed(sheet.ignored)}。")
    if sheet.skipped:
        parts.append(f"按合计、说明等跳过第 {_listed(sheet.skipped, unit='行')}。")
    return "".join(parts)[:MESSAGE_LENGTH]


def _listed(names: Sequence[object], *, unit: str = "") -> str:
    """Some names or lines, each short and without line breaks."""
    shown = "、".join("".join(str(name).split())[:15] for name in names[:MOST_LISTED])
    more = "" if len(names) <= MOST_LISTED else f" 等 {len(names)} {unit or '个'}"
    return shown + (more or (f" {unit}" if unit else ""))


@transaction.atomic
def drop_import(*, roster: RosterImport, actor: User) -> RosterImport:
    locked = RosterImport.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if locked.state not in (ImportState.READY, ImportState.READING):
        raise NotReady
    _close(locked, ImportState.DROPPED)
    record(actor=actor, action="roster.dropped", target=locked, path=locked.path)
    return locked
