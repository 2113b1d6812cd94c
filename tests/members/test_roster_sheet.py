"""Finding the list in a workbook, however an office laid it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from apps.members.roster_cells import read_row
from apps.members.roster_columns import COLUMNS, KEYS_BY_HEADING, heading, key_of
from apps.members.roster_file import UnreadableFile, read_workbook
from apps.members.roster_places import plain_branch, plain_group
from apps.members.roster_sheet import RosterSheet, find_roster
from tests.members.rosters import good, id_number, workbook_bytes


def read(tmp_path: Path, book: Workbook) -> RosterSheet:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(workbook_bytes(book))
    return find_roster(read_workbook(path))


def book_of(*rows: list[Any], title: str = "花名册") -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


HEADER = ["姓名", "身份证号", "入党时间"]


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("党员姓名", "name"),
        ("姓  名", "name"),
        ("姓名*", "name"),
        ("公民身份号码", "id_number"),
        ("身份证号码（18位）", "id_number"),
        ("入党时间\n(年月日)", "admitted_on"),
        ("加入党组织时间", "admitted_on"),
        ("转正时间", "full_since"),
        ("所在支部", "branch"),
        ("所在党支部", "branch"),
        ("联系电话", "mobile_phone"),
        ("联系方式", "mobile_phone"),
        ("党员类型", "status"),
        ("学历/学位", "education"),
        ("失联/流动情况", "is_mobile"),
        ("是否流动/外出地", "is_mobile"),
        ("考核等次", None),
        ("入党时间\n（年\n月日）", "admitted_on"),
        ("公民身份证号（18位", "id_number"),
        ("★性别", "sex"),
        ("政治面貌", "status"),
        ("所属党组织名称", "branch"),
        ("现工作单位及职务", "work_unit"),
        ("现居住地址", "address"),
        ("外出流向", "mobile_place"),
    ],
)
def test_a_heading_is_known_by_its_synonyms(word: str, key: str | None) -> None:
    assert key_of(word) == key


def test_no_heading_means_two_columns() -> None:
    words = [heading(word) for column in COLUMNS for word in (column.label, *column.also)]
    assert sorted(words) == sorted(set(words))
    assert set(KEYS_BY_HEADING.values()) == {column.key for column in COLUMNS}


def test_titles_above_blank_rows_and_notes_below_are_passed_over(tmp_path: Path) -> None:
    book = book_of(
        ["某某支部党员花名册"],
        [],
        ["填报单位：", None, "2026年"],
        HEADER,
        ["张三", "A", "2010.06"],
        [],
        ["李四", "B", "2010.06"],
        ["合计", None, None],
        ["小 计：2人"],
        ["注：以上信息已核对"],
        [None, "填表人：王五"],
    )
    sheet = read(tmp_path, book)
    assert (sheet.header_line, [row.line for row in sheet.rows]) == (4, [5, 7])
    assert sheet.skipped == (8, 9, 10, 11)
    assert sheet.rows[1].cells == {"name": "李四", "id_number": "B", "admitted_on": "2010.06"}


def test_the_first_visible_sheet_with_a_header_counts(tmp_path: Path) -> None:
    book = book_of(["说明"], title="填表说明")
    hidden = book.create_sheet("旧表")
    hidden.sheet_state = "hidden"
    for row in (HEADER, ["旧人", "A", "2010.06"]):
        hidden.append(row)
    for name, person in (("在职", "张三"), ("退休", "李四")):
        page = book.create_sheet(name)
        page.append(HEADER)
        page.append([person, "B", "2010.06"])
    sheet = read(tmp_path, book)
    assert (sheet.name, [row.cells["name"] for row in sheet.rows]) == ("在职", ["张三"])


def test_a_header_of_two_rows_is_read_as_one(tmp_path: Path) -> None:
    book = book_of(
        ["序号", "姓名", "身份证号", "入党情况", None],
        [None, None, None, "入党时间", "转正时间"],
        [1, "张三", "A", "2010.06", "2011.06"],
    )
    sheet = read(tmp_path, book)
    assert sheet.rows[0].cells == {
        "name": "张三",
        "id_number": "A",
        "admitted_on": "2010.06",
        "full_since": "2011.06",
    }


def test_unknown_and_unused_columns_are_named(tmp_path: Path) -> None:
    book = book_of(
        [*HEADER, "考核等次", "党内职务", "姓名拼音"], ["张三", "A", "2010.06", "优", "书记", "zs"]
    )
    assert read(tmp_path, book).ignored == ("考核等次", "党内职务", "姓名拼音")


def test_a_merged_cell_fills_down_only_where_it_says_the_same_of_all(tmp_path: Path) -> None:
    book = book_of(
        [*HEADER, "党小组", "备注"],
        ["张三", "A", "2010.06", "一组", "先进"],
        ["李四", "B", "2010.06", None, None],
        ["王五", "C", "2010.06", None, None],
    )
    book.active.merge_cells("D2:D3")
    book.active.merge_cells("E2:E3")
    groups = [(row.cells.get("group"), row.cells.get("remark")) for row in read(tmp_path, book).rows]
    assert groups == [("一组", "先进"), ("一组", None), (None, None)]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["张三", "A", "2010.06"]], "没有找到表头"),
        ([HEADER], "只有表头，没有党员"),
        ([["姓名", "性别", "民族", "姓名", "性别"], ["张三", "男", "汉", "李四", "女"]], "左右并排"),
        ([], "没有找到表头"),
    ],
)
def test_a_sheet_without_a_list_says_what_is_missing(
    tmp_path: Path, rows: list[list[Any]], words: str
) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read(tmp_path, book_of(*rows))


def read_cells(tmp_path: Path, **cells: Any) -> Any:
    row = good(**cells)
    sheet = read(tmp_path, book_of(list(row), list(row.values())))
    return read_row(sheet.rows[0], since_1904=False, headings=sheet.headings)


def test_numbers_typed_as_text_and_texts_typed_as_numbers(tmp_path: Path) -> None:
    read_back = read_cells(tmp_path, 手机=19912345678, 入党时间="40349", 学历=2)
    assert read_back.errors == []
    assert (read_back.values["mobile_phone"], read_back.values["education"]) == ("19912345678", "2")
    assert read_back.values["admitted_on"].day.isoformat() == "2010-06-20"


def test_names_are_tidied(tmp_path: Path) -> None:
    names = ["张 三", "张\u3000\u3000三", "买买提•吐尔逊", "Ｌｉ Ｍｉｎｇ", "\u3007一"]
    tidied = [read_cells(tmp_path, 姓名=name).values["name"] for name in names]
    assert tidied == ["张三", "张三", "买买提·吐尔逊", "Li Ming", "〇一"]


def test_an_id_number_that_is_a_number_says_how_to_mend_it(tmp_path: Path) -> None:
    read_back = read_cells(tmp_path, 身份证号=int(id_number()[:17] + "0"))
    assert read_back.errors == [
        (
            "id_number",
            "身份证号被表格存成了数字，末几位已经丢失，无法恢复。"
            "请把这一列的单元格格式设为“文本”，再重新输入号码",
        )
    ]


@pytest.mark.parametrize("nothing", ["无", "—", "/", "-", "暂无", " "])
def test_the_words_for_nothing_are_nothing(tmp_path: Path, nothing: str) -> None:
    read_back = read_cells(tmp_path, 手机=nothing, 转正时间=nothing)
    assert (read_back.errors, "mobile_phone" in read_back.values) == ([], False)


@pytest.mark.parametrize(
    ("typed", "mobile", "place"),
    [
        ("是", True, None),
        ("流动党员", True, None),
        ("否", False, None),
        ("无", False, None),
        ("外出东海市务工", True, "外出东海市务工"),
    ],
)
def test_one_column_for_mobile_and_place(tmp_path: Path, typed: str, mobile: bool, place: str | None) -> None:
    values = read_cells(tmp_path, **{"是否流动/外出地": typed}).values
    assert (values["is_mobile"], values.get("mobile_place")) == (mobile, place)


@pytest.mark.parametrize(
    "name",
    [
        "青川镇机关第一党支部",
        "中共青川镇机关第一党支部",
        "中国共产党青川镇机关第一支部委员会",
        "青川镇 机关第一支部",
    ],
)
def test_a_branch_is_known_by_its_full_titles(name: str) -> None:
    assert plain_branch(name) == plain_branch("青川镇机关第一党支部")


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("第一党小组", "一组"),
        ("第1党小组", "一组"),
        ("1", "一组"),
        ("第十一小组", "11组"),
        ("第20党小组", "二十组"),
    ],
)
def test_a_group_is_known_by_its_number(name: str, same: str) -> None:
    assert plain_group(name) == plain_group(same)
