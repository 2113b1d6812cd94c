"""Rosters as offices really lay them out: what is read, what is refused at its cell, and what is told."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook

from apps.members.roster_file import read_workbook
from apps.members.roster_sheet import RosterSheet, find_roster
from apps.members.services_import import summary_of
from tests.members.rosters import id_number, workbook_bytes

Reads = Callable[[Workbook | bytes], RosterSheet]
HEADER = ["序号", "姓名", "身份证号", "人员类别", "入党时间"]


@pytest.fixture
def read(tmp_path: Path) -> Reads:
    def reads(book: Workbook | bytes) -> RosterSheet:
        path = tmp_path / "roster.xlsx"
        path.write_bytes(workbook_bytes(book) if isinstance(book, Workbook) else book)
        return find_roster(read_workbook(path))

    return reads


def book_of(rows: list[list[Any]], *, merged: tuple[str, ...] = (), title: str = "花名册") -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    return book


def person(number: int, name: str) -> list[Any]:
    return [number, name, id_number(order=2 * number + 1), "正式党员", "2010-06-20"]


def test_headings_merged_down_beside_groups_of_headings_are_not_lost(read: Reads) -> None:
    sheet = read(
        book_of(
            [
                ["某支部党员花名册"],
                ["序号", "基本情况", None, "身份证号码*", "党籍信息", None, "联系\n电话", "备  注"],
                [None, "姓 名", "性别", None, "类别", "入党时间\n（年\n月日）", None, None],
                [1, "张三", "男", "A", "正式党员", "2010.6.20", "13800000000", "甲"],
            ],
            merged=("A2:A3", "B2:C2", "D2:D3", "E2:F2", "G2:G3", "H2:H3"),
        )
    )
    assert (sheet.ignored, sheet.skipped) == ((), ())
    assert sheet.rows[0].cells == {
        "name": "张三",
        "sex": "男",
        "id_number": "A",
        "status": "正式党员",
        "admitted_on": "2010.6.20",
        "mobile_phone": "13800000000",
        "remark": "甲",
    }


def test_a_header_of_three_rows_is_read_as_one(read: Reads) -> None:
    rows = [
        ["序号", "个人信息", None, "党籍信息", None, None],
        [None, "姓名", "证件", "人员类别", "时间", None],
        [None, None, "身份证号", None, "入党", "转正"],
        [1, "张三", "A", "正式党员", "2010.6", "2011.6"],
    ]
    sheet = read(book_of(rows, merged=("A1:A3", "B1:C1", "B2:B3", "D1:F1", "D2:D3", "E2:F2")))
    assert list(sheet.rows[0].cells.values()) == ["张三", "A", "正式党员", "2010.6", "2011.6"]


def test_the_unit_above_the_header_is_no_heading(read: Reads) -> None:
    rows = [["单位：某支部", None, "备注："], [None, "姓名", "身份证号"], ["甲", "张三", "A"]]
    assert read(book_of(rows)).rows[0].cells == {"name": "张三", "id_number": "A"}


def test_the_fullest_sheet_is_the_roster_and_the_others_are_named(read: Reads) -> None:
    book = book_of([["序号", "姓名", "党内职务", "联系电话"], [1, "吴七", "书记", "1"]], title="支委名单")
    for title, name in (("在职", "张三"), ("退休", "李四")):
        page = book.create_sheet(title)
        page.append(HEADER)
        page.append(person(1, name))
    sheet = read(book)
    assert (sheet.name, sheet.rows[0].cells["name"], sheet.others) == ("在职", "张三", ("退休",))
    assert "没有读取的工作表：退休；如也是花名册，请另存为单独的文件上传。" in summary_of(sheet)


def test_a_sheet_that_lists_nobody_gives_way_to_one_that_does(read: Reads) -> None:
    book = book_of([HEADER], title="空白表")
    page = book.create_sheet("名单")
    page.append(HEADER)
    page.append(person(1, "张三"))
    assert read(book).name == "名单"


def test_lines_between_the_people_are_no_people(read: Reads) -> None:
    rows = [
        HEADER,
        ["1", "2", "3", "4", "5"],
        ["甲", "乙", "丙", "丁", "戊"],
        [None, "第一党小组（2人）"],
        person(1, "张三"),
        HEADER,
        person(2, "李四"),
        [None, "二、离退休党员"],
        ["小计", "2人", None, "正式党员2人", "男2"],
        ["审核人：", "赵六", None, "填表人：", "钱七"],
    ]
    sheet = read(book_of(rows))
    assert [row.cells["name"] for row in sheet.rows] == ["张三", "李四"]
    assert sheet.skipped == (2, 3, 4, 6, 8, 9, 10)


def test_a_column_before_the_name_may_speak_of_units_and_officers(read: Reads) -> None:
    rows = [
        ["岗位类型", *HEADER[1:]],
        ["负责人", *person(1, "张三")[1:]],
        ["单位职工", *person(2, "李四")[1:]],
    ]
    assert [row.cells["name"] for row in read(book_of(rows)).rows] == ["张三", "李四"]


def test_a_number_without_a_name_is_a_person_whose_name_is_missing(read: Reads) -> None:
    sheet = read(book_of([HEADER, person(1, "张三"), [2, None, id_number(order=9)]]))
    assert [row.line for row in sheet.rows] == [2, 3]


def test_lines_prepared_for_people_to_come_are_blank(read: Reads) -> None:
    """Numbered beforehand, with formulas that show an error while there is no ID number."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("花名册")
        for column, word in enumerate([*HEADER, "性别", "出生日期"]):
            page.write_string(0, column, word)
        for column, word in enumerate(person(1, "张三")):
            page.write_string(1, column, str(word))
        for row in range(2, 60):
            page.write_formula(row, 0, "=ROW()-1", None, row)
            page.write_formula(row, 5, '=IF(MOD(MID(C3,17,1),2),"男","女")', None, "#VALUE!")
            page.write_formula(row, 6, "=DATE(1,2,3)", None, "#VALUE!")
    sheet = read(buffer.getvalue())
    assert ([row.line for row in sheet.rows], sheet.skipped) == ([2], ())


def test_people_in_hidden_rows_are_read_and_told_of(read: Reads) -> None:
    book = book_of([HEADER, person(1, "张三"), person(2, "李四"), person(3, "王五")])
    book.active.row_dimensions[3].hidden = True
    sheet = read(book)
    assert (len(sheet.rows), sheet.hidden) == (3, (3,))
    assert "第 3 行在表中是隐藏的，同样读取。" in summary_of(sheet)


def test_of_two_telephone_columns_the_one_for_mobiles_counts(read: Reads) -> None:
    sheet = read(book_of([[*HEADER, "联系电话", "手机号码"], [*person(1, "张三"), "0999-1", "13800000000"]]))
    assert (sheet.rows[0].cells["mobile_phone"], sheet.ignored) == ("13800000000", ("联系电话",))


def test_a_far_column_is_read_and_many_unused_ones_are_told_in_brief(read: Reads) -> None:
    others = [f"自定义列{number}" for number in range(150)]
    sheet = read(book_of([[*HEADER, *others, "手机"], [*person(1, "张三"), *others, "13800000000"]]))
    assert sheet.rows[0].cells["mobile_phone"] == "13800000000"
    assert "自定义列9 等 150 个。" in summary_of(sheet)


def test_a_merge_over_status_and_date_says_the_same_of_all(read: Reads) -> None:
    rows = [HEADER, person(1, "张三"), [*person(2, "李四")[:3], None, None]]
    sheet = read(book_of(rows, merged=("D2:D3", "E2:E3")))
    assert (sheet.rows[1].cells["status"], sheet.rows[1].cells["admitted_on"]) == ("正式党员", "2010-06-20")


def test_a_formula_without_a_result_is_an_error_and_not_a_blank(read: Reads) -> None:
    book = book_of([[*HEADER, "工作单位", "学历"], [*person(1, "张三"), "=A1&B1", "#N/A"]])
    cells = read(book).rows[0].cells
    assert (cells["work_unit"], cells["education"]) == ("#公式未计算", "#N/A")


def test_marks_without_width_are_dropped(read: Reads) -> None:
    sheet = read(book_of([HEADER, [1, "张三\u200b", "\u202d119\u202c", "\u200b", "\ufeff2010.06"]]))
    assert sheet.rows[0].cells == {"name": "张三", "id_number": "119", "admitted_on": "2010.06"}
