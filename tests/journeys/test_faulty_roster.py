"""A roster with something wrong in nearly every row comes back with the reasons, is mended and sent again."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect

from apps.members.models import Member
from tests.journeys.steps import button, content, fact, heading_is

pytestmark = pytest.mark.journey
FAULTY = Path(__file__).resolve().parents[2] / "fixtures" / "rosters" / "faulty.xlsx"
REASONS = {
    "郑丁冬": "身份证号：身份证号的校验位不对，请检查有没有输错数字",
    "陈戊春": "性别：与身份证号不一致（身份证号表示男性）",
    "朱丁夏": "入党日期：“2005年”只有年份，请补上月份，如 2019.07",
    "赵乙夏": "身份证号：与第 4 行重复，请只保留一行",
}


def test_a_faulty_roster_comes_back_with_reasons_and_a_mended_row_goes_in(cast, visit, tmp_path):
    before = Member.objects.count()
    page = visit(cast["secretary"])
    upload(page, FAULTY)
    counts_are(page, new=4, changed=0, faulty=26)
    every_error_stands_at_its_cell(page)
    assert Member.objects.count() == before

    returned = download_faulty_rows(page, tmp_path / "returned.xlsx")
    reasons = reasons_in(load_workbook(returned).active)
    assert len(reasons) == 26
    assert {name: reasons[name] for name in REASONS} == REASONS

    button(page, "确认导入").click()
    expect(page.get_by_text("已导入：新增 4 人，变更 0 人。")).to_be_visible()
    assert Member.objects.count() == before + 4

    mend(returned, name="陈戊春", heading="性别", value="男")
    upload(page, returned)
    # What nobody mended stays refused; the doubled row now changes a remark of the one that went in.
    counts_are(page, new=1, changed=1, faulty=24)


def upload(page: Page, file: Path) -> None:
    page.goto("/members/import/")
    page.get_by_label("花名册文件").set_input_files(file)
    button(page, "上传并预览").click()
    heading_is(page, "导入预览")


def counts_are(page: Page, *, new: int, changed: int, faulty: int) -> None:
    expect(fact(page, "新增")).to_have_text(f"{new} 人")
    expect(fact(page, "变更")).to_have_text(f"{changed} 人")
    expect(fact(page, "有问题")).to_have_text(f"{faulty} 行")


def every_error_stands_at_its_cell(page: Page) -> None:
    """The cell's heading, what stands in it (numbers masked), and why it cannot be taken."""
    page.get_by_label("结果").select_option(label="有问题")
    expect(content(page).get_by_text("共 26 条")).to_be_visible()
    rows = content(page).get_by_role("row")
    for name, words in (
        ("郑丁冬", "公民身份号码“119999********0870”：身份证号的校验位不对，请检查有没有输错数字"),
        ("陈戊春", "性别“女”：与身份证号不一致（身份证号表示男性）"),
        ("朱丁夏", "入党时间“2005年”：“2005年”只有年份，请补上月份，如 2019.07"),
        ("沈丙春", "党小组“第九十九党小组”：“机关一支部”没有名为“第九十九党小组”的党小组。已有：第一党小组"),
    ):
        row = rows.filter(has=page.get_by_role("cell", name=name, exact=True))
        expect(row.get_by_role("cell", name=words, exact=True)).to_be_visible()


def download_faulty_rows(page: Page, path: Path) -> Path:
    with page.expect_download() as download:
        button(page, "下载有问题的行").click()
    download.value.save_as(path)
    return path


def header_of(sheet: Worksheet) -> tuple[int, list[str]]:
    """The number of the header's row and its labels; a title and a note stand above it."""
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if row[0] == "原行号":
            return number, list(row)
    raise AssertionError("no header")


def reasons_in(sheet: Worksheet) -> dict[str, str]:
    number, labels = header_of(sheet)
    name, reason = labels.index("党员姓名"), labels.index("问题")
    return {str(row[name]): row[reason] for row in sheet.iter_rows(min_row=number + 1, values_only=True)}


def mend(path: Path, *, name: str, heading: str, value: str) -> None:
    book = load_workbook(path)
    number, labels = header_of(book.active)
    for row in book.active.iter_rows(min_row=number + 1):
        if row[labels.index("党员姓名")].value == name:
            row[labels.index(heading)].value = value
    book.save(path)
