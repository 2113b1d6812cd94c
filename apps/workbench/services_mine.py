"""Taking out all that is stored about oneself (security.md 4.7), as data and as a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services_signin import confirm_own_password
from apps.audit.actions import register
from apps.audit.services import record
from apps.members.own_page import Part
from apps.rules.kinds import Kind
from apps.ui.docx import Block, Document, Grid, Heading, Text, chinese, document_bytes
from apps.workbench.queries_mine import parts_of, subject_of

register({"mine.exported": "导出本人的全部信息"})

NOTE = "本文件由系统按本人要求导出，含本人身份证号、谈话内容等信息，请妥善保管。"
NOTHING = "（没有记录）"
#: A wider table cannot be read on upright paper: then each row becomes a form of its own.
MOST_COLUMNS = 8


class Form(Kind):
    DOCUMENT = "docx", "Word 文档（便于阅读和打印）"
    DATA = "json", "数据文件（JSON，供其他系统读取）"
    BOTH = "zip", "两种都要（压缩包）"


@dataclass(frozen=True, kw_only=True)
class Export:
    """Everything about one person, at one moment."""

    name: str
    at: datetime
    parts: Sequence[Part]

    @property
    def day(self) -> str:
        return timezone.localtime(self.at).strftime("%Y-%m-%d")

    @property
    def file_name(self) -> str:
        return f"{self.name}的个人信息 {self.day}"


def export_mine(*, request: HttpRequest, password: str, form: str, now: datetime) -> Export:
    """Raises NotConfirmed: an unlocked phone on a table must not be enough."""
    person = confirm_own_password(request=request, password=password, now=now)
    return gather(person=person, form=form, now=now)


@transaction.atomic
def gather(*, person: User, form: str, now: datetime) -> Export:
    """All parts as they stand now; the taking out is a deed itself, and stands in them."""
    record(actor=person, action="mine.exported", target=person, reason=Form(form).label, at=now)
    subject = subject_of(person, today=timezone.localtime(now).date())
    return Export(name=person.name, at=now, parts=parts_of(subject))


def as_data(export: Export) -> str:
    """JSON: keys in English that stay, each with its Chinese label."""
    whole = {
        "exported_at": timezone.localtime(export.at),
        "person": export.name,
        "note": NOTE,
        "parts": {part.key: _part_data(part) for part in export.parts},
    }
    return DjangoJSONEncoder(ensure_ascii=False, indent=1).encode(whole)


def _part_data(part: Part) -> dict[str, Any]:
    found: dict[str, Any] = {"title": part.title}
    if part.facts:
        found["facts"] = {fact.key: {"label": fact.label, "value": fact.value} for fact in part.facts}
    if part.columns:
        keys = [key for key, _ in part.columns]
        found["columns"] = dict(part.columns)
        found["rows"] = [dict(zip(keys, row, strict=True)) for row in part.rows]
    return found


def as_document(export: Export) -> bytes:
    head = f"{export.name}　{export.day}"
    about: dict[str, Any] = {"author": export.name, "written_at": export.at}
    return document_bytes(
        Document(title="个人信息", running_head=head, blocks=_blocks(export.parts), **about)
    )


def _blocks(parts: Iterable[Part]) -> Iterator[Block]:
    yield Text(NOTE)
    for number, part in enumerate(parts, start=1):
        yield Heading(f"{chinese(number)}、{part.title}")
        if not part.facts and not part.rows:
            yield Text(NOTHING)
        if part.facts:
            yield _form([(fact.label, fact.value) for fact in part.facts])
        elif len(part.columns) > MOST_COLUMNS:
            labels = [label for _, label in part.columns]
            for place, row in enumerate(part.rows, start=1):
                yield Text(f"第 {place} 件")
                yield _form(list(zip(labels, row, strict=True)))
        elif part.rows:
            rows = [[_readable(value) for value in row] for row in part.rows]
            yield Grid(rows, header=[label for _, label in part.columns], widths=part.widths)


def _form(pairs: Sequence[tuple[str, Any]]) -> Grid:
    return Grid([(label, _readable(value)) for label, value in pairs], widths=(1, 2))


def _readable(value: Any) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def as_archive(export: Export) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        package.writestr(f"{export.file_name}.docx", as_document(export))
        package.writestr(f"{export.file_name}.json", as_data(export))
    return buffer.getvalue()
