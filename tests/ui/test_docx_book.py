"""Documents of many parts: a cover, contents that are there from the start, pages across."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from apps.ui.docx import STYLES, Document, Grid, Heading, Text, document_bytes
from apps.ui.docx_book import Chapter, Contents, Turn, laid_out
from tests.ui.documents import W, xml_of


def package_of(content: bytes) -> ZipFile:
    return ZipFile(BytesIO(content))


BLOCKS = [
    Contents(),
    Chapter("一、甲 & <乙>"),
    Heading("标题"),
    Chapter("第一次会议", level=2),
    Turn(across=True),
    Chapter("二、表", new_page=False),
    Grid([("1", "x" * 13)], header=("序号", "说明"), dense=True),
    Turn(across=False),
    Text("完", style="BodyText"),
]


@pytest.fixture(scope="module")
def content() -> bytes:
    return document_bytes(Document(title="手册", blocks=BLOCKS, has_cover=True))


@pytest.fixture(scope="module")
def package(content: bytes) -> ZipFile:
    return package_of(content)


def words(node) -> str:
    return "".join(one.text or "" for one in node.iter(f"{W}t"))


def style(paragraph) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return found.get(f"{W}val") if found is not None else ""


def test_the_contents_list_every_chapter_in_order_and_lead_to_it(package: ZipFile) -> None:
    root = xml_of(package, "word/document.xml")
    table = next(root.iter(f"{W}sdt"))
    lines = [(style(one), words(one)) for one in table.iter(f"{W}p") if one.find(f"{W}hyperlink") is not None]
    assert lines == [("TOC1", "一、甲 & <乙>"), ("TOC2", "第一次会议"), ("TOC1", "二、表")]
    leads = [link.get(f"{W}anchor") for link in table.iter(f"{W}hyperlink")]
    places = {
        mark.get(f"{W}name"): paragraph
        for paragraph in root.iter(f"{W}p")
        for mark in paragraph.iter(f"{W}bookmarkStart")
    }
    assert [words(places[lead]) for lead in leads] == [text for _, text in lines]


def test_it_is_words_own_table_of_the_two_styles_of_chapters(package: ZipFile) -> None:
    root = xml_of(package, "word/document.xml")
    instructions = [one.text for one in root.iter(f"{W}instrText")]
    assert instructions[0].split() == ["TOC", "\\h", "\\z", "\\t", '"Part,1,Chapter,2"']
    names = {
        one.find(f"{W}name").get(f"{W}val") for one in xml_of(package, "word/styles.xml").iter(f"{W}style")
    }
    assert {"Part", "Chapter", "toc 1", "toc 2"} <= names
    kinds = [one.get(f"{W}fldCharType") for one in root.iter(f"{W}fldChar")]
    assert [kinds.count(kind) for kind in ("begin", "separate", "end")] == [4, 4, 4]


def test_headings_of_a_paper_stand_below_the_chapters(package: ZipFile) -> None:
    levels = {
        one.get(f"{W}styleId"): one.find(f"{W}pPr/{W}outlineLvl").get(f"{W}val")
        for one in xml_of(package, "word/styles.xml").iter(f"{W}style")
        if one.find(f"{W}pPr/{W}outlineLvl") is not None
    }
    assert levels == {"Part": "0", "Chapter": "1", "Heading1": "2", "Heading2": "3"}
    plain = package_of(document_bytes(Document(title="", blocks=[])))
    assert b'<w:outlineLvl w:val="0"/>' in plain.read("word/styles.xml").split(b'"Heading1"')[1]


def test_pages_lie_across_and_upright_again_and_the_cover_has_no_number(package: ZipFile) -> None:
    sections = list(xml_of(package, "word/document.xml").iter(f"{W}sectPr"))
    sizes = [one.find(f"{W}pgSz").get(f"{W}w") for one in sections]
    assert sizes == ["11906", "16838", "11906"]
    assert [one.find(f"{W}titlePg") is not None for one in sections] == [True, False, False]


def test_a_table_fills_the_page_that_it_lies_on(package: ZipFile) -> None:
    table = next(xml_of(package, "word/document.xml").iter(f"{W}tbl"))
    columns = [int(one.get(f"{W}w")) for one in table.iter(f"{W}gridCol")]
    assert sum(columns) == 12756
    assert [style(one) for one in table.iter(f"{W}p")] == [
        "DenseCellHead",
        "DenseCellHead",
        "DenseCell",
        "DenseText",
    ]


def test_every_style_that_is_used_is_there(package: ZipFile) -> None:
    used = {one.get(f"{W}val") for one in xml_of(package, "word/document.xml").iter(f"{W}pStyle")}
    assert used <= STYLES.keys()


def test_the_copy_for_laying_out_differs_by_the_field_around_the_contents_only(content: bytes) -> None:
    copy, package = package_of(laid_out(content)), package_of(content)
    instructions = [one.text for one in xml_of(copy, "word/document.xml").iter(f"{W}instrText")]
    assert [line.split()[0] for line in instructions] == ["PAGEREF"] * 3
    assert words(xml_of(copy, "word/document.xml")) == words(xml_of(package, "word/document.xml"))
    assert copy.read("word/styles.xml").count(b'w:leader="dot"') == 2
