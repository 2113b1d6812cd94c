"""Small makers of standards and of sheets for tests."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.rules.kinds import Aspect, Polarity
from apps.standards.evidence import BY_CODE, StandardText
from apps.standards.models import Source, Standard, StandardImport
from apps.standards.services import create_standard
from apps.standards.services_import import upload_standards
from tests import factories
from tests.conftest import NOW, TODAY

SINCE = date(2026, 1, 1)
HEADER = ("编号", "标题", "要求", "方面", "类型", "依据", "出处")
ROW = (
    "镇-1",
    "活动室每月开放",
    "每月至少开放四次。",
    "基层基础",
    "应做到",
    "活动形式多样性、上级评审组评定",
    "镇〔2026〕1 号",
)


def text(*evidence: str, **fields: Any) -> StandardText:
    given = {
        "title": "活动室每月开放",
        "requirement": "每月至少开放四次。",
        "aspect": Aspect.FOUNDATION,
        "polarity": Polarity.POSITIVE,
        "locator": "镇〔2026〕1 号",
        "evidence": tuple(BY_CODE[code] for code in evidence or ("measure:activity_variety", "review")),
    }
    return StandardText(**given | fields)


def shipped(code: str = "Z1.1") -> Standard:
    """One of those that ship; the same every time."""
    known = Standard.objects.filter(organization=None, code=code).first()
    if known:
        return known
    source, _ = Source.objects.get_or_create(key="zhibu", defaults={"title": "文章", "theme": "主旨"})
    return bare(code=code, source=source)


def bare(**fields: Any) -> Standard:
    """Without a service, so without a deed."""
    standard = Standard.objects.create(**fields)
    version = standard.versions.create(
        number=1,
        title="理论学习不深",
        requirement="应及时提示并安排补学。",
        aspect=Aspect.QUALITY,
        polarity=Polarity.WARNING,
        locator="一、1",
        valid_from=date(2020, 1, 1),
    )
    version.evidence.create(sort="measure", key="study_breadth")
    return standard


def local(
    organization: Organization, *, code: str = "镇-1", actor: User | None = None, **fields: Any
) -> Standard:
    return create_standard(
        organization=organization,
        code=code,
        text=fields.pop("text", None) or text(),
        valid_from=fields.pop("valid_from", SINCE),
        actor=actor or factories.make_user(),
        idempotency_key=uuid.uuid4(),
        **fields,
    )


def row(**cells: Any) -> tuple[Any, ...]:
    """A sound row with these cells changed."""
    return tuple(cells.get(label, value) for label, value in zip(HEADER, ROW, strict=True))


def book(
    rows: Sequence[Sequence[Any]], *, header: Sequence[Any] = HEADER, merged: Sequence[str] = ()
) -> bytes:
    workbook = Workbook()
    page = workbook.active
    page.title = "标准"
    for cells in (header, *rows):
        page.append(list(cells))
    for area in merged:
        page.merge_cells(area)
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def upload(content: bytes, *, organization: Organization, actor: User, **fields: Any) -> StandardImport:
    given = {"valid_from": TODAY, "now": NOW, "today": TODAY, "idempotency_key": uuid.uuid4()}
    file = SimpleUploadedFile(fields.pop("name", "标准.xlsx"), content)
    return upload_standards(organization=organization, file=file, actor=actor, **given | fields)
