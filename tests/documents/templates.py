"""Small Word templates, and what stands in a document that was filled in."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.ui.docx import Document, Text, document_bytes
from tests.documents.reading import package_of, words_in
from tests.ui.documents import W, xml_of


def template_of(*lines: str, title: str = "{{ 标题 }}") -> bytes:
    """One paragraph a line."""
    return document_bytes(Document(title=title, blocks=[Text(line, style="BodyText") for line in lines]))


def changed(content: bytes, **parts: bytes | None) -> bytes:
    """The same package with parts put in or, where None, left out; `__` stands for `/`."""
    named = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    out = BytesIO()
    with ZipFile(BytesIO(content)) as package, ZipFile(out, "w", ZIP_DEFLATED) as copy:
        for name in package.namelist():
            if name not in named:
                copy.writestr(name, package.read(name))
        for name, part in named.items():
            if part is not None:
                copy.writestr(name, part)
    return out.getvalue()


def paragraphs(content: bytes) -> list[str]:
    """The text of each paragraph that has any."""
    found = xml_of(package_of(content), "word/document.xml").iter(f"{W}p")
    return [words for words in map(words_in, found) if words]


def upload(content: bytes, name: str = "本单位模板.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def posted(organization: Any, kind: str, content: bytes, *, name: str = "本单位模板.docx") -> dict[str, Any]:
    """The form of an upload as a browser sends it."""
    return {
        "organization": organization.pk,
        "kind": kind,
        "file": upload(content, name),
        "note": "按组织部样式",
        "idempotency_key": uuid.uuid4(),
    }
