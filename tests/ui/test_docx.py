"""Word documents: everything typed survives, and every part of the package is well formed."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest

from apps.ui.docx import Document, Grid, Heading, Text, document_bytes
from tests.factories import SHANGHAI
from tests.ui.documents import W, lines_of, xml_of

HOSTILE = [
    "甲 & 乙 <b>粗</b> \"引号\" '单引号' ]]>",
    "{{ 7 * 7 }} {% include 'x' %}",
    "𠮷野家 😀 👨‍👩‍👧 é",
    "=HYPERLINK(1) @SUM -1+1",
    "  前后有空格  ",
    "制\t表",
]


def made(*blocks: object, title: str = "个人信息") -> ZipFile:
    document = Document(title=title, running_head="卫青松　2026-11-20", blocks=blocks)
    return ZipFile(BytesIO(document_bytes(document)))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_stands_in_the_document_as_it_was_typed(text: str) -> None:
    package = made(Text(text), Heading(text), Grid([(text, text)]), Grid([(text,)], header=[text]))
    assert lines_of(package).count(text) == 6


def test_control_characters_are_left_out_and_nothing_after_them_is_lost() -> None:
    assert "前后" in lines_of(made(Text("前\x07\x00\x0b\ufffe后")))


def test_lines_stay_lines() -> None:
    assert "一\n二\n三\n四" in lines_of(made(Text("一\n二\r\n三\r四")))


def test_values_read_as_on_the_pages() -> None:
    moment = datetime(2026, 11, 20, 10, 30, tzinfo=SHANGHAI)
    grid = Grid(
        [("日期", date(2026, 5, 18)), ("时间", moment), ("是否", True), ("空", ""), ("无", None), ("数", 3)]
    )
    lines = lines_of(made(grid))
    values = dict(zip(lines[1::2], lines[2::2], strict=False))
    assert values["日期"] == "2026-05-18"
    assert values["时间"].endswith("10:30")
    assert (values["是否"], values["空"], values["无"], values["数"]) == ("是", "—", "—", "3")


def test_a_form_may_name_its_values_in_more_columns_than_one() -> None:
    rows = [("姓名", "卫青松", "性别", "女")]
    for grid, heads in (
        (Grid(rows, widths=(1,) * 4, labels=(0, 2)), "姓名 性别"),
        (Grid(rows, "甲乙丙丁"), "甲 乙 丙 丁"),
    ):
        body = xml_of(made(grid), "word/document.xml")
        styles = [
            (one.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), "".join(one.itertext()))
            for one in body.iter(f"{W}p")
            if one.find(f"{W}pPr/{W}pStyle") is not None
        ]
        assert " ".join(words for style, words in styles if style == "CellHead") == heads


def test_every_part_is_well_formed_and_named_in_the_package() -> None:
    package = made(Text("正文"), Grid([("一", "二")], header=["甲", "乙"]))
    types = package.read("[Content_Types].xml").decode()
    for name in package.namelist():
        xml_of(package, name)
        if name.startswith("word/") and "_rels" not in name:
            assert f'PartName="/{name}"' in types
    relations = package.read("word/_rels/document.xml.rels").decode()
    for target in ("styles.xml", "fontTable.xml", "header1.xml", "footer1.xml"):
        assert f'Target="{target}"' in relations


def test_the_page_is_a4_with_the_margins_of_an_official_document() -> None:
    section = xml_of(made(), "word/document.xml").find(f".//{W}sectPr")
    assert section is not None
    size, margin = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    millimetres = {
        side: round(int(margin.get(f"{W}{side}")) / 56.7) for side in ("top", "bottom", "left", "right")
    }
    assert millimetres == {"top": 37, "bottom": 35, "left": 28, "right": 26}


def test_the_typefaces_are_those_of_the_government_with_stand_ins() -> None:
    package = made()
    styles = xml_of(package, "word/styles.xml")
    faces = {style.get(f"{W}styleId"): style.find(f".//{W}rFonts") for style in styles.iter(f"{W}style")}
    assert faces["Heading1"].get(f"{W}eastAsia") == "黑体"
    assert faces["Title"].get(f"{W}eastAsia") == "方正小标宋简体"
    assert styles.find(f".//{W}docDefaults//{W}rFonts").get(f"{W}eastAsia") == "仿宋_GB2312"
    assert (
        '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>'
        in package.read("word/fontTable.xml").decode()
    )


def test_every_page_bears_the_name_and_its_number() -> None:
    package = made()
    assert lines_of(package, "word/header1.xml") == ["卫青松　2026-11-20"]
    assert " PAGE " in package.read("word/footer1.xml").decode()


def test_each_row_has_a_cell_for_each_column_and_a_paragraph_follows_the_last_table() -> None:
    body = xml_of(made(Grid([(1, 2, 3)] * 4, header=["a", "b", "c"])), "word/document.xml")[0]
    table = body.find(f"{W}tbl")
    assert [len(row.findall(f"{W}tc")) for row in table.findall(f"{W}tr")] == [3] * 5
    assert len(table.findall(f"{W}tblGrid/{W}gridCol")) == 3
    assert [child.tag.removeprefix(W) for child in body][-3:] == ["tbl", "p", "sectPr"]


def test_a_row_of_another_length_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zip"):
        made(Grid([(1, 2)], header=["a"]))


def test_whoever_loses_a_control_character_is_told_so() -> None:
    assert any("控制字符" in line for line in lines_of(made(Text("前\x07后"))))
    assert not any("控制字符" in line for line in lines_of(made(Text("前后"))))


def test_running_text_stands_on_lines_of_28_points_two_characters_in() -> None:
    styles = xml_of(made(), "word/styles.xml")
    body = next(one for one in styles.iter(f"{W}style") if one.get(f"{W}styleId") == "BodyText")
    spacing, indent = body.find(f".//{W}spacing"), body.find(f".//{W}ind")
    assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == ("560", "exact")
    assert indent.get(f"{W}firstLineChars") == "200"


def test_every_style_that_is_used_is_there_with_its_typeface_and_size() -> None:
    styles = xml_of(made(), "word/styles.xml")
    found = {}
    for style in styles.iter(f"{W}style"):
        fonts, size = style.find(f".//{W}rFonts"), style.find(f".//{W}sz")
        if fonts is not None:
            found[style.get(f"{W}styleId")] = (fonts.get(f"{W}eastAsia"), int(size.get(f"{W}val")) / 2)
    assert found["Title"] == ("方正小标宋简体", 22)
    assert found["Heading1"] == ("黑体", 16)
    assert found["Heading2"] == ("楷体_GB2312", 16)
    assert found["BodyText"] == ("仿宋_GB2312", 16)
    assert found["Footer"] == found["FooterEven"] == ("宋体", 14)


def test_page_numbers_stand_on_the_outer_side() -> None:
    package = made()
    assert "evenAndOddHeaders" in package.read("word/settings.xml").decode()
    section = xml_of(package, "word/document.xml").find(f".//{W}sectPr")
    kinds = [foot.get(f"{W}type") for foot in section.findall(f"{W}footerReference")]
    assert kinds == ["default", "even"]
    styles = {
        one.get(f"{W}styleId"): one.find(f".//{W}jc")
        for one in xml_of(package, "word/styles.xml").iter(f"{W}style")
    }
    assert styles["Footer"].get(f"{W}val") == "right"
    assert styles["FooterEven"].get(f"{W}val") == "left"
    for name in ("footer1", "footer2"):
        assert lines_of(package, f"word/{name}.xml") == ["— 1 —"]


def test_the_properties_tell_who_and_when() -> None:
    document = Document(
        title="记录",
        blocks=[],
        author="吴 & 前",
        written_at=datetime(2026, 11, 20, 10, 30, tzinfo=SHANGHAI),
    )
    core = xml_of(ZipFile(BytesIO(document_bytes(document))), "docProps/core.xml")
    words = {child.tag.rpartition("}")[2]: child.text for child in core}
    assert (words["title"], words["creator"], words["lastModifiedBy"]) == ("记录", "吴 & 前", "吴 & 前")
    assert words["created"] == words["modified"] == "2026-11-20T02:30:00Z"


def test_running_text_keeps_away_from_a_table_and_the_last_line_begins_no_page() -> None:
    blocks = [
        Text("前", style="BodyText"),
        Grid([("甲", "乙")]),
        Text("后", style="Flush"),
        Text("末", style="Flush"),
    ]
    package = ZipFile(BytesIO(document_bytes(Document(title="表", blocks=blocks))))
    paragraphs = xml_of(package, "word/document.xml").findall(f"./{W}body/{W}p")
    room = [
        tuple(one.get(f"{W}{name}") for name in ("before", "after", "line"))
        for paragraph in paragraphs
        if (one := paragraph.find(f"{W}pPr/{W}spacing")) is not None
    ]
    assert room == [("0", "120", "560"), ("120", "0", "560"), ("0", "0", "20")]
