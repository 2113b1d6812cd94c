"""A committee's checklist brought in: an uploaded sheet becomes a preview, a confirmed preview standards."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.models import Organization, below
from apps.branches.queries import ancestors
from apps.members.roster_file import UnreadableFile, read_workbook
from apps.members.sheet_reader import MAX_FILE
from apps.standards.evidence import StandardText, read_words
from apps.standards.models import (
    ImportLine,
    LineVerdict,
    SheetState,
    Standard,
    StandardImport,
    StandardVersion,
)
from apps.standards.queries import in_order, text_of
from apps.standards.services import CODE, LABELS, WrongCode, create_standard, update_standard
from apps.standards.sheet import LIMITS, ReadLine, ReadSheet, read_sheet
from apps.ui.refusals import Refusal

register(
    {
        "standards.uploaded": "上传标准表",
        "standards.imported": "导入标准表",
        "standards.import_dropped": "放弃导入标准表",
    }
)
MOST_LISTED = 10
MESSAGE_LENGTH = 500


class WrongFile(Refusal):
    default = "请上传 .xlsx 文件。"


class NotReady(Refusal):
    default = "这份标准表已经导入或放弃，不能再次操作。"


class NothingToWrite(Refusal):
    default = "没有需要写入的内容。"


class MovedOn(Refusal):
    default = "预览之后有人改过这些标准，没有写入任何内容。请重新上传再核对。"


class TooEarly(Refusal):
    default = "请填今天或以后的日期：已经过去的日子按当时的标准评议。"


@dataclass(frozen=True, slots=True)
class Known:
    """A standard that stands under a code already, with its last version."""

    standard: Standard
    version: StandardVersion
    is_own: bool
    is_below: bool


def upload_standards(
    *,
    organization: Organization,
    file: UploadedFile,
    valid_from: date,
    actor: User,
    now: datetime,
    today: date,
    idempotency_key: uuid.UUID,
) -> StandardImport:
    """Read the file in a process of its own and keep what it says as a preview; no standard is written."""
    if valid_from < today:
        raise TooEarly(field="valid_from")
    read = _read_upload(file)
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        known = StandardImport.objects.filter(idempotency_key=idempotency_key).first()
        if known:
            return known
        sheet = StandardImport.objects.create(
            organization=organization,
            path=organization.path,
            valid_from=valid_from,
            uploaded_by=actor,
            uploaded_at=now,
            file_name=Path(str(file.name)).name[:200],
            message=_summary(read),
            idempotency_key=idempotency_key,
        )
        _write_preview(sheet, read)
        record(actor=actor, action="standards.uploaded", target=sheet, path=sheet.path)
    return sheet


def _read_upload(file: UploadedFile) -> ReadSheet:
    if not str(file.name).lower().endswith(".xlsx"):
        raise WrongFile("只收 .xlsx 文件，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。", field="file")
    if (file.size or 0) > MAX_FILE:
        raise WrongFile("文件超过 5 MB，请删去图片和多余的工作表后再上传。", field="file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.xlsx"
        path.write_bytes(file.read())
        try:
            return read_sheet(read_workbook(path))
        except UnreadableFile as refusal:
            raise WrongFile(refusal.message.replace("花名册", "标准表"), field="file") from refusal


def _summary(read: ReadSheet) -> str:
    parts = [f"读取工作表“{read.name}”，表头在第 {read.header_line} 行。"]
    if read.hidden:
        parts.append(f"第 {_listed(read.hidden)} 行在表中是隐藏的，同样读取。")
    if read.ignored:
        parts.append(f"没有用到的列：{_listed(read.ignored)}。")
    if read.skipped:
        parts.append(f"按标题、合计、说明等跳过第 {_listed(read.skipped)} 行。")
    return "".join(parts)[:MESSAGE_LENGTH]


def _listed(names: Sequence[object]) -> str:
    shown = "、".join(str(name)[:15] for name in names[:MOST_LISTED])
    return shown if len(names) <= MOST_LISTED else f"{shown} 等 {len(names)} 个"


def _write_preview(sheet: StandardImport, read: ReadSheet) -> None:
    known = _known(sheet.organization, codes={line.code for line in read.lines})
    first: dict[str, int] = {}
    rows = []
    for line in read.lines:
        twice = first.setdefault(line.code, line.line) if line.code else line.line
        if twice != line.line:
            line.faults.append(f"编号与第 {twice} 行重复")
        if line.code and not CODE.fullmatch(line.code):
            line.faults.append(WrongCode.default.removesuffix("。"))
        rows.append(_row(sheet, line, known=known.get(line.code)))
    ImportLine.objects.bulk_create(rows)


def _known(organization: Organization, *, codes: set[str]) -> dict[str, Known]:
    """What stands under these codes where it could meet the sheet's: shipped, above, its own, below."""
    above = set(ancestors(organization).values_list("pk", flat=True))
    meeting = Standard.objects.filter(organization=None) | Standard.objects.filter(organization__in=above)
    standards = meeting | Standard.objects.filter(below(organization.path), organization__isnull=False)
    versions = StandardVersion.objects.filter(
        standard__in=standards.filter(code__in=codes).values("pk")
    ).select_related("standard__organization")
    found = {}
    for version in versions.prefetch_related(in_order()).order_by("-standard__path", "number"):
        standard = version.standard
        is_own = standard.organization_id == organization.pk
        is_below = not (is_own or standard.is_shipped or standard.organization_id in above)
        found[standard.code] = Known(standard, version, is_own, is_below)
    return found


def _row(sheet: StandardImport, line: ReadLine, *, known: Known | None) -> ImportLine:
    verdict, words = _judged(line, known)
    text = line.text
    return ImportLine(
        sheet=sheet,
        line=line.line,
        verdict=verdict,
        words=words,
        code=line.code[: LIMITS["code"]],
        title=line.cells["title"][: LIMITS["title"]],
        requirement=line.cells["requirement"],
        aspect=text.aspect if text else "",
        polarity=text.polarity if text else "",
        locator=line.cells["locator"][: LIMITS["locator"]],
        evidence="、".join(item.code for item in text.evidence) if text else line.cells["evidence"],
        standard_version=known.standard.version if known and known.is_own else None,
    )


def _judged(line: ReadLine, known: Known | None) -> tuple[LineVerdict, str]:
    if line.faults or line.text is None:
        return LineVerdict.ERROR, "；".join(line.faults)
    if known is None:
        return LineVerdict.NEW, ""
    if known.is_own:
        return _judged_own(line.text, known)
    if known.is_below:
        return LineVerdict.ERROR, f"下级“{known.standard.organization}”已用这个编号，请换一个编号"
    owner = str(known.standard.organization or "系统自带")
    if _differing(line.text, known, but=("locator",)):
        return LineVerdict.ERROR, f"{owner}的标准不能改写；如不适用请停用，另立本级标准并换一个编号"
    return LineVerdict.UNCHANGED, f"{owner}的标准，本来就在执行"


def _judged_own(text: StandardText, known: Known) -> tuple[LineVerdict, str]:
    if known.version.valid_to is not None:
        return LineVerdict.ERROR, f"这个编号的标准已于 {known.version.valid_to} 停止，请换一个编号"
    differing = _differing(text, known)
    if not differing:
        return LineVerdict.UNCHANGED, ""
    return LineVerdict.CHANGED, f"改动：{'、'.join(LABELS[name] for name in differing)}"


def _differing(text: StandardText, known: Known, *, but: Sequence[str] = ()) -> list[str]:
    before, after = text_of(known.version).in_words(), text.in_words()
    return [name for name in after if before[name] != after[name] and name not in but]


@transaction.atomic
def confirm_import(*, sheet: StandardImport, actor: User, today: date) -> tuple[int, int]:
    """Write the sound rows, all or none. Returns how many standards are new and how many have a new version.

    Raises NotReady, NothingToWrite, and MovedOn where a standard was changed since the preview.
    """
    locked = _locked(sheet)
    organization = Organization.objects.select_for_update().get(pk=locked.organization_id)
    begins = max(locked.valid_from, today)
    lines = list(locked.lines.order_by("line"))
    new = [line for line in lines if line.verdict == LineVerdict.NEW]
    changed = [line for line in lines if line.verdict == LineVerdict.CHANGED]
    if not new and not changed:
        raise NothingToWrite
    for line in new:
        _create(locked, line, organization=organization, begins=begins, actor=actor)
    own = {row.code: row for row in Standard.objects.filter(organization=organization)}
    for line in changed:
        standard = own.get(line.code)
        if standard is None or standard.version != line.standard_version:
            raise MovedOn
        update_standard(
            standard=standard,
            version=standard.version,
            text=text_in(line),
            valid_from=begins,
            actor=actor,
            today=today,
        )
    locked.state = SheetState.DONE
    locked.save(update_fields=["state"])
    words = f"新增 {len(new)} 条，改为新的一版 {len(changed)} 条"
    record(actor=actor, action="standards.imported", target=locked, path=locked.path, reason=words)
    return len(new), len(changed)


def _create(
    sheet: StandardImport, line: ImportLine, *, organization: Organization, begins: date, actor: User
) -> None:
    try:
        create_standard(
            organization=organization,
            code=line.code,
            text=text_in(line),
            valid_from=begins,
            actor=actor,
            idempotency_key=uuid.uuid5(sheet.idempotency_key, line.code),
        )
    except Refusal as refusal:
        raise MovedOn(f"第 {line.line} 行：{refusal.message}没有写入任何内容。") from refusal


def text_in(line: ImportLine) -> StandardText:
    evidence, _ = read_words(line.evidence)
    return StandardText(
        line.title, line.requirement, line.aspect, line.polarity, line.locator, tuple(evidence)
    )


@transaction.atomic
def drop_import(*, sheet: StandardImport, actor: User) -> None:
    locked = _locked(sheet)
    locked.lines.all().delete()
    locked.state = SheetState.DROPPED
    locked.save(update_fields=["state"])
    record(actor=actor, action="standards.import_dropped", target=locked, path=locked.path)


def _locked(sheet: StandardImport) -> StandardImport:
    locked = StandardImport.objects.select_for_update().get(pk=sheet.pk)
    if locked.state != SheetState.READY:
        raise NotReady
    return locked
