"""Reading documents and workbooks that the product wrote, without the product's help."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.ui.documents import W, xml_of

HOSTILE = [
    "甲 & 乙 <b>粗</b> \"引号\" '单引号' ]]>",
    "{{ 7 * 7 }} {% include 'x' %} ${7*7}",
    "𠮷野家 😀 👨‍👩‍👧 é",
    "=HYPERLINK(1) @SUM -1+1",
    "很长" * 2500,
    "前\x07中\x1f\x0b后",
    "  前后有空格  ",
]
HEADINGS = {"Title", "Subtitle", "Heading1", "Heading2"}


def package_of(content: bytes) -> ZipFile:
    return ZipFile(BytesIO(content))


def words_in(node) -> str:
    return "".join(
        "\n" if one.tag == f"{W}br" else one.text or ""
        for one in node.iter()
        if one.tag in (f"{W}t", f"{W}br")
    )


def outline(package: ZipFile) -> list[tuple[str, str]]:
    """The headings in order, each with its style."""
    found = []
    for paragraph in xml_of(package, "word/document.xml").iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val") if style is not None else ""
        if name in HEADINGS:
            found.append((name, words_in(paragraph)))
    return found


def tables(package: ZipFile) -> list[list[list[str]]]:
    found = []
    for table in xml_of(package, "word/document.xml").iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        found.append([[words_in(cell) for cell in row.findall(f"{W}tc")] for row in rows])
    return found


def forms(package: ZipFile) -> list[dict[str, str]]:
    """The tables of two columns, as labels with their values."""
    return [dict(rows) for rows in tables(package) if rows and {len(row) for row in rows} == {2}]


def sheets_of(content: bytes) -> list[Worksheet]:
    return list(load_workbook(BytesIO(content)).worksheets)


def formulas_in(content: bytes) -> int:
    """How many cells of the workbook hold a formula; hyperlinks count as one too."""
    with ZipFile(BytesIO(content)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        return sum(
            package.read(name).count(mark) for name in sheets for mark in (b"<f>", b"<f ", b"<hyperlink")
        )
