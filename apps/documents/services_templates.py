"""A committee's own forms: uploaded after a trial, one version after the other, and filled in.

A form that fails never stops a document: that is then written in our own, and the fault stays on record.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.models import Organization
from apps.documents.facts_fields import values_of
from apps.documents.facts_samples import trials_of
from apps.documents.models import TemplateState, UnitTemplate
from apps.documents.queries import Paper
from apps.documents.queries_templates import template_for
from apps.documents.template_fields import FIELDS, TemplateKind
from apps.documents.template_file import BadTemplate, fill_template
from apps.documents.template_filler import MAX_FILE
from apps.ui.refusals import Refusal

logger = logging.getLogger(__name__)

register(
    {
        "template.uploaded": "上传单位模板",
        "template.used": "换用单位模板",
        "template.withdrawn": "停用单位模板",
    }
)
FOLDER = "documents"


class WrongFile(Refusal):
    default = "请上传 .docx 文件。"


class AlreadySo(Refusal):
    default = "这一版的状态已经变了，请刷新页面再看。"


def path_of(template: UnitTemplate) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / "templates" / template.stored_as


def upload_template(
    *,
    organization: Organization,
    kind: str,
    file: UploadedFile,
    note: str,
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
) -> UnitTemplate:
    """Try the file with an empty record and a full one, and use it from now on. Raises WrongFile."""
    content = _checked(file, kind=TemplateKind(kind))
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        known = UnitTemplate.objects.filter(idempotency_key=idempotency_key).first()
        if known:
            return known
        versions = UnitTemplate.objects.filter(organization=organization, kind=kind)
        last = versions.order_by("-number").values_list("number", flat=True).first()
        versions.filter(state=TemplateState.IN_USE).update(state=TemplateState.EARLIER)
        template = UnitTemplate.objects.create(
            organization=organization,
            path=organization.path,
            kind=kind,
            number=(last or 0) + 1,
            file_name=Path(str(file.name)).name[:200],
            note=note,
            stored_as=f"{secrets.token_hex(20)}.docx",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=actor,
            uploaded_at=now,
            idempotency_key=idempotency_key,
        )
        record(actor=actor, action="template.uploaded", target=template, path=template.path, reason=note)
        _store(path_of(template), content)
    return template


def _checked(file: UploadedFile, *, kind: TemplateKind) -> bytes:
    name = str(file.name).lower()
    if name.endswith(".doc"):
        raise WrongFile("这是旧版 .doc 文件，请用 WPS 或 Word 打开后另存为 .docx 再上传。", field="file")
    if not name.endswith(".docx"):
        raise WrongFile("只收 .docx 文件，请用 WPS 或 Word 打开后另存为 .docx 再上传。", field="file")
    content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise WrongFile("文件超过 3 MB，请缩小或删去图片后再上传。", field="file")
    try:
        filled = fill_template(content, trials_of(kind))
    except BadTemplate as refusal:
        raise WrongFile(refusal.message, field="file") from refusal
    if not filled.used:
        names = "、".join(f"{{{{ {field.name} }}}}" for field in FIELDS[kind][:3])
        raise WrongFile(f"模板里一个栏目也没有。请在要填的地方写上栏目，如 {names}。", field="file")
    return content


def _store(path: Path, content: bytes) -> None:
    """Last step before the commit; a file without a row is litter, a row without a file would be a loss."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)


@transaction.atomic
def use_template(*, template: UnitTemplate, actor: User) -> None:
    """Back to this version. Raises AlreadySo."""
    locked = _locked(template)
    if locked.state == TemplateState.IN_USE:
        raise AlreadySo
    others = UnitTemplate.objects.filter(organization_id=locked.organization_id, kind=locked.kind)
    others.filter(state=TemplateState.IN_USE).update(state=TemplateState.EARLIER)
    locked.state, locked.fault, locked.fault_at = TemplateState.IN_USE, "", None
    locked.save(update_fields=["state", "fault", "fault_at"])
    record(actor=actor, action="template.used", target=locked, path=locked.path)


@transaction.atomic
def withdraw_template(*, template: UnitTemplate, actor: User) -> None:
    """No version holds any more, unless a committee above has one. Raises AlreadySo."""
    locked = _locked(template)
    if locked.state != TemplateState.IN_USE:
        raise AlreadySo
    locked.state = TemplateState.WITHDRAWN
    locked.save(update_fields=["state"])
    record(actor=actor, action="template.withdrawn", target=locked, path=locked.path)


def _locked(template: UnitTemplate) -> UnitTemplate:
    """Versions of one form follow one another, so the committee's row stands for them all."""
    Organization.objects.select_for_update().get(pk=template.organization_id)
    return UnitTemplate.objects.select_for_update().get(pk=template.pk)


def in_own_form(paper: Paper, *, path: str, now: datetime) -> tuple[bytes | None, str]:
    """The paper in the form of the nearest committee, or none; and what went wrong with that."""
    template = template_for(path, kind=paper.form) if paper.form else None
    if template is None:
        return None, ""
    try:
        return fill_template(path_of(template).read_bytes(), [values_of(paper)]).content, ""
    except BadTemplate as refusal:
        fault = refusal.message
    except OSError:
        logger.exception("the file of a template cannot be read")
        fault = "模板文件读不出来，请重新上传。"
    _remember(template, fault=fault, now=now)
    return None, f"注：{template} 没有用成，本文按系统自带格式生成。原因：{fault}"


@transaction.atomic
def _remember(template: UnitTemplate, *, fault: str, now: datetime) -> None:
    UnitTemplate.objects.filter(pk=template.pk).update(fault=fault[:300], fault_at=now)
