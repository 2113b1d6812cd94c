"""What a person wrote about standards and figures, for his export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apps.accounts.models import User
from apps.members.own_page import Part, Subject, columns
from apps.standards.models import (
    EarlierText,
    FigureNote,
    LevelOverride,
    StandardImport,
    StandardSwitch,
    StandardVersion,
)


def standard_parts(subject: Subject) -> Iterator[Part]:
    """Only for those who wrote any: a member's export need not have an empty heading more."""
    rows = [*_decided(subject.person), *_noted(subject.person)]
    if rows:
        named = columns("on 日期", "kind 类别", "organization 党组织", "what 名称", "text 内容")
        yield Part(key="standards", title="本人登记的评议标准和数字说明", columns=named, rows=rows)


def _decided(person: User) -> Iterator[tuple[Any, ...]]:
    versions = StandardVersion.objects.filter(created_by=person).order_by("pk")
    for version in versions.select_related("standard__organization"):
        organization = version.standard.organization
        name = organization.name if organization else ""
        yield version.valid_from, "评议标准", name, version.title, version.requirement
    switches = StandardSwitch.objects.filter(created_by=person).order_by("pk")
    for switch in switches.select_related("organization", "standard"):
        yield switch.valid_from, "停用的标准", switch.organization.name, switch.standard.code, switch.reason
    levels = LevelOverride.objects.filter(created_by=person).select_related("organization").order_by("pk")
    for level in levels:
        yield level.valid_from, "调整的评议线", level.organization.name, level.measure, level.reason


def _noted(person: User) -> Iterator[tuple[Any, ...]]:
    notes = FigureNote.objects.filter(written_by=person).select_related("organization").order_by("pk")
    for note in notes:
        yield note.written_at, "数字说明", note.organization.name, f"{note.year} {note.measure}", note.text
    earlier = EarlierText.objects.filter(written_by=person).select_related("note__organization")
    for text in earlier.order_by("pk"):
        note = text.note
        name = f"{note.year} {note.measure}"
        yield text.written_at, "原来的说明", note.organization.name, name, text.text
    sheets = StandardImport.objects.filter(uploaded_by=person).select_related("organization").order_by("pk")
    for sheet in sheets:
        state = sheet.get_state_display()
        yield sheet.uploaded_at, "标准导入", sheet.organization.name, sheet.file_name, state
