"""Reading a Word document that the product wrote, without the product's help."""

from __future__ import annotations

from xml.etree import ElementTree
from zipfile import ZipFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def xml_of(package: ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(package.read(part))  # noqa: S314 - written by ourselves a moment ago


def lines_of(package: ZipFile, part: str = "word/document.xml") -> list[str]:
    """Each paragraph as a reader sees it, breaks as new lines."""
    return [_text(paragraph) for paragraph in xml_of(package, part).iter(f"{W}p")]


def _text(paragraph: ElementTree.Element) -> str:
    words = {f"{W}t": lambda node: node.text or "", f"{W}br": lambda node: "\n"}
    return "".join(words[node.tag](node) for node in paragraph.iter() if node.tag in words)
