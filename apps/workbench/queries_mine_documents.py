"""What a person had made or uploaded among the documents, for his export."""

from __future__ import annotations

from collections.abc import Iterator

from apps.documents.models import MadeFile, UnitTemplate
from apps.members.own_page import Part, Subject, columns


def document_parts(subject: Subject) -> Iterator[Part]:
    """Only for those who have any: a member's export need not have an empty heading more."""
    files = MadeFile.objects.filter(owner=subject.person).select_related("organization").order_by("pk")
    templates = UnitTemplate.objects.filter(uploaded_by=subject.person).select_related("organization")
    made = [(row.made_at, "生成的文件", row.organization.name, row.name) for row in files]
    brought = [
        (row.uploaded_at, "上传的模板", row.organization.name, row.file_name)
        for row in templates.order_by("pk")
    ]
    rows = [*made, *brought]
    if rows:
        named = columns("at 时间", "kind 类别", "organization 党组织", "name 文件名")
        yield Part(key="documents", title="本人生成和上传的材料", columns=named, rows=rows)
