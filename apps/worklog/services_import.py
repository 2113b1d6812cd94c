"""Study hours from a workbook: an uploaded file becomes a preview, a confirmed preview becomes entries."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import Entry as DeedEntry
from apps.audit.services import record, record_all
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.jobs.services import job, progress, start_job
from apps.members.models import ImportState, Member
from apps.members.roster_file import UnreadableFile, read_workbook
from apps.members.services_import import NotReady, checked_upload, keep_upload
from apps.rules.kinds_worklog import EntrySort
from apps.worklog.models import Entry, EntryMember, StudyImport, StudyImportRow, StudyVerdict
from apps.worklog.queries import recorded_study
from apps.worklog.study_cells import read_study
from apps.worklog.study_rows import KeptStudy, content_of, judge, kept_study, refused, surroundings_of
from apps.worklog.study_sheet import StudySheet, find_study

register(
    {
        "study.uploaded": "上传学时表",
        "study.imported": "导入学时",
        "study.dropped": "放弃导入学时",
        "study.errors_exported": "下载未计入的学时",
    }
)

PREVIEW_JOB = "worklog.preview_study"
ROWS_AT_ONCE = 500
MESSAGE_LENGTH = 500
MOST_LISTED = 10
GONE = "确认前此人已不在本支部名册里"


class NotReadyHere(NotReady):
    default = "这份学时表已经导入或放弃，不能再次操作。"


def start_import(
    *, branch: Organization, upload: UploadedFile, actor: User, now: datetime, today: date
) -> StudyImport:
    """Keep the file until the job has read it. Raises WrongFile."""
    content = checked_upload(upload)
    path = keep_upload(content, now=now)
    try:
        return _enter(branch, upload=upload, content=content, path=path, actor=actor, now=now, today=today)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@transaction.atomic
def _enter(
    branch: Organization,
    *,
    upload: UploadedFile,
    content: bytes,
    path: Path,
    actor: User,
    now: datetime,
    today: date,
) -> StudyImport:
    """An older preview of the same file makes way for the new one."""
    locked = Organization.objects.select_for_update().get(pk=branch.pk)
    digest = hashlib.sha256(content).hexdigest()
    same = StudyImport.objects.filter(branch=locked, uploaded_by=actor, file_hash=digest)
    for old in same.filter(state=ImportState.READY):
        _close(old, ImportState.DROPPED)
    made = StudyImport.objects.create(
        branch=locked,
        path=locked.path,
        uploaded_by=actor,
        uploaded_at=now,
        file_name=Path(str(upload.name)).name[:200],
        file_hash=digest,
    )
    made.job = start_job(
        kind=PREVIEW_JOB,
        title=f"读取学时表“{made.file_name}”",
        actor=actor,
        run=PREVIEW_JOB,
        args={"import_id": made.pk, "path": str(path), "today": today.isoformat()},
        now=now,
    )
    made.save(update_fields=["job"])
    words = f"校验值 {digest[:16]}"
    record(actor=actor, action="study.uploaded", target=made, path=made.path, reason=words)
    return made


def _close(study_import: StudyImport, state: ImportState) -> None:
    study_import.rows.all().delete()
    study_import.state = state
    study_import.save(update_fields=["state"])


@job(PREVIEW_JOB)
def _preview_study(job_id: int, *, import_id: int, path: str, today: str) -> str:
    """Read the file and judge its rows. Writes the preview only; the file is gone afterwards."""
    file = Path(path)
    try:
        progress(job_id=job_id, done=0, total=0, message="正在打开文件")
        sheet = find_study(read_workbook(file))
        _write_preview(import_id, sheet, today=date.fromisoformat(today))
    except UnreadableFile as refusal:
        # The reader speaks of rosters, for which it was made.
        words = refusal.message.replace("花名册", "表格").replace("名单", "表格")
        reading = StudyImport.objects.filter(pk=import_id, state=ImportState.READING)
        reading.update(state=ImportState.REFUSED, message=words[:MESSAGE_LENGTH])
    finally:
        file.unlink(missing_ok=True)
    return reverse("worklog:import_detail", args=[import_id])


@transaction.atomic
def _write_preview(import_id: int, sheet: StudySheet, *, today: date) -> None:
    locked = StudyImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    if locked.state != ImportState.READING:
        return
    reads = [read_study(row, since_1904=sheet.since_1904, today=today) for row in sheet.rows]
    around = surroundings_of(locked.branch_id, reads)
    judged = [judge(read, around) for read in reads]
    rows = [
        StudyImportRow(
            study_import=locked,
            line=one.read.line,
            name=one.read.name,
            verdict=one.verdict,
            content=content_of(one),
        )
        for one in judged
    ]
    StudyImportRow.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    counts = Counter(one.verdict for one in judged)
    locked.new_count, locked.known_count = counts[StudyVerdict.NEW], counts[StudyVerdict.KNOWN]
    locked.error_count = counts[StudyVerdict.ERROR]
    locked.state, locked.message = ImportState.READY, _summary(sheet)
    locked.save()


def _summary(sheet: StudySheet) -> str:
    words = f"读取工作表“{sheet.name}”，表头在第 {sheet.header_line} 行。"
    if sheet.skipped:
        lines = "、".join(str(line) for line in sheet.skipped[:MOST_LISTED])
        more = f" 等 {len(sheet.skipped)} 行" if len(sheet.skipped) > MOST_LISTED else " 行"
        words += f"按合计、说明等跳过第 {lines}{more}。"
    return words[:MESSAGE_LENGTH]


@transaction.atomic
def drop_import(*, study_import: StudyImport, actor: User) -> StudyImport:
    locked = StudyImport.objects.select_for_update(of=("self",)).get(pk=study_import.pk)
    if locked.state not in (ImportState.READY, ImportState.READING):
        raise NotReadyHere
    _close(locked, ImportState.DROPPED)
    record(actor=actor, action="study.dropped", target=locked, path=locked.path)
    return locked


@dataclass(slots=True)
class Plan:
    """The studies to write, and the rows that what happened since the preview forbids."""

    studies: list[KeptStudy] = field(default_factory=list)
    gone: list[StudyImportRow] = field(default_factory=list)
    known: int = 0


@transaction.atomic
def confirm_import(*, study_import: StudyImport, actor: User, now: datetime) -> StudyImport:
    """One transaction: all rows that still hold. People at the same training share one entry."""
    locked = (
        StudyImport.objects.select_for_update(of=("self",)).select_related("branch").get(pk=study_import.pk)
    )
    if locked.state != ImportState.READY:
        raise NotReadyHere
    Organization.objects.select_for_update().get(pk=locked.branch_id)
    plan = _plan(locked)
    entries = _write(locked, plan.studies, actor=actor, now=now)
    locked.rows.exclude(verdict=StudyVerdict.ERROR).exclude(pk__in=[row.pk for row in plan.gone]).delete()
    locked.new_count, locked.error_count = len(plan.studies), locked.error_count + len(plan.gone)
    locked.known_count += plan.known
    locked.state, locked.confirmed_at = ImportState.DONE, now
    locked.save()
    branch_changed(locked.branch_id)
    reason = f"学时导入：{locked.file_name}"
    made = [DeedEntry("entry.created", target=entry, path=entry.path, reason=reason) for entry in entries]
    record_all(actor=actor, entries=made)
    words = f"计入 {locked.new_count} 行，已有 {locked.known_count} 行，有问题 {locked.error_count} 行"
    record(actor=actor, action="study.imported", target=locked, path=locked.path, reason=words)
    return locked


def _plan(study_import: StudyImport) -> Plan:
    plan = Plan()
    here = set(Member.objects.active().filter(branch_id=study_import.branch_id).values_list("pk", flat=True))
    rows = [
        (row, kept_study(row)) for row in study_import.rows.filter(verdict=StudyVerdict.NEW).order_by("line")
    ]
    days = [study.held_on for _, study in rows]
    told = recorded_study(study_import.branch_id, first=min(days), last=max(days)) if days else ()
    recorded = set(told)
    for row, study in rows:
        if study.member_id not in here:
            row.verdict, row.content = StudyVerdict.ERROR, refused(row, words=GONE)
            row.save(update_fields=["verdict", "content"])
            plan.gone.append(row)
        elif (study.member_id, study.held_on, study.title, study.hours) in recorded:
            plan.known += 1
        else:
            plan.studies.append(study)
    return plan


def _write(study_import: StudyImport, studies: list[KeptStudy], *, actor: User, now: datetime) -> list[Entry]:
    together: dict[tuple[object, ...], list[KeptStudy]] = defaultdict(list)
    for study in studies:
        together[study.held_on, study.category, study.hours, study.title].append(study)
    entries = [
        Entry(
            branch=study_import.branch,
            path=study_import.path,
            sort=EntrySort.STUDY,
            held_on=same[0].held_on,
            title=same[0].title,
            category=same[0].category,
            hours=same[0].hours,
            created_by=actor,
            created_at=now,
            idempotency_key=uuid.uuid4(),
        )
        for same in together.values()
    ]
    Entry.objects.bulk_create(entries, batch_size=ROWS_AT_ONCE)
    people = [
        EntryMember(entry=entry, member_id=study.member_id)
        for entry, same in zip(entries, together.values(), strict=True)
        for study in same
    ]
    EntryMember.objects.bulk_create(people, batch_size=ROWS_AT_ONCE)
    return entries


@transaction.atomic
def record_faulty_rows(*, study_import: StudyImport, actor: User) -> None:
    """The file holds the cells as they were uploaded, digits in clear."""
    words = f"{study_import.error_count} 行"
    record(
        actor=actor, action="study.errors_exported", target=study_import, path=study_import.path, reason=words
    )
