"""Workbooks read back by two independent readers."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import quote

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from apps.ui.export import CELL_CHARACTERS, CUT, Sheet, clean_text, workbook_response, write_workbook

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "http://example.com",
    "\t=1",
    "mailto:a@b",
]


def book(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(*sheets)))


def written(*sheets: Sheet) -> bytes:
    buffer = io.BytesIO()
    write_workbook(buffer, sheets)
    return buffer.getvalue()


def test_the_sheet_is_laid_out_as_offices_do():
    sheet = Sheet(
        "名册", ["姓名", "证件号码"], [["吴向前", "110101199003070011"]], title="党员名册", note="截至 11 月"
    )

    worksheet = book(sheet)["名册"]

    assert {str(cells) for cells in worksheet.merged_cells.ranges} == {"A1:B1", "A2:B2"}
    assert [[cell.value for cell in row] for row in worksheet.iter_rows()] == [
        ["党员名册", None],
        ["截至 11 月", None],
        ["姓名", "证件号码"],
        ["吴向前", "110101199003070011"],
    ]
    header = worksheet["A3"]
    assert (header.font.name, header.font.size, header.font.bold) == ("宋体", 11, True)
    assert header.border.left.style == worksheet["B4"].border.bottom.style == "thin"
    assert worksheet.freeze_panes == "A4"
    assert worksheet.page_setup.orientation == "portrait"


def test_a_sheet_without_title_starts_with_its_header_and_keeps_its_widths():
    worksheet = book(Sheet("表", ["甲", "乙"], [], widths=[30]))["表"]

    assert worksheet["A1"].value == "甲"
    assert round(worksheet.column_dimensions["A"].width) in (30, 31)


def test_cells_are_written_by_their_type():
    row = [
        "0012",
        12,
        Decimal("1.5"),
        date(2026, 5, 8),
        datetime(2026, 5, 8, 16, 30, tzinfo=UTC),
        True,
        None,
        110101199003070011,
    ]

    cells = next(book(Sheet("表", list("abcdefgh"), [row]))["表"].iter_rows(min_row=2))

    assert [cell.value for cell in cells] == [
        "0012",
        12,
        1.5,
        datetime(2026, 5, 8),  # noqa: DTZ001 - a workbook knows no time zones
        datetime(2026, 5, 9, 0, 30),  # noqa: DTZ001
        "是",
        None,
        "110101199003070011",
    ]
    assert cells[0].number_format == "@"
    assert cells[3].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula_or_a_link(text):
    content = written(Sheet("表", ["内容"], [[text]], title=text, note=text))

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()
    assert "<f>" not in xml
    assert "<hyperlink" not in xml
    assert not any("rels" in name and "sheet1" in name for name in names)
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[-1] == [text]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text_comes_back_without_control_characters(text):
    content = written(Sheet("表", ["内容"], [[text]]))

    cell = openpyxl.load_workbook(io.BytesIO(content))["表"]["A2"]
    assert cell.data_type != "f"
    assert plain_lines(cell.value or "") == plain_lines(clean_text(text))


def plain_lines(text: str) -> str:
    """A workbook's reader is free in how it gives line ends back."""
    return text.replace("_x000D_", "\r").replace("\r\n", "\n").replace("\r", "\n")


def test_control_characters_are_dropped_and_long_text_is_cut_in_words():
    assert clean_text("甲\x07乙\x00\ufffe\n丙") == "甲乙\n丙"
    assert clean_text("长" * 40_000) == "长" * (CELL_CHARACTERS - len(CUT)) + CUT


def test_sheet_names_are_made_fit():
    assert book(Sheet("一/二:[三]" + "长" * 40, ["甲"], [])).sheetnames == ["一_二__三_" + "长" * 24]


def test_several_sheets_are_written_to_a_path(tmp_path):
    write_workbook(tmp_path / "two.xlsx", [Sheet("一", ["甲"], [["1"]]), Sheet("二", ["乙"], iter([["2"]]))])

    assert openpyxl.load_workbook(tmp_path / "two.xlsx")["二"]["A2"].value == "2"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("党员名册", "党员名册.xlsx"),
        ("名册.xlsx", "名册.xlsx"),
        ("a/b\r\n:c", "a_b___c.xlsx"),
        ("..", "导出.xlsx"),
    ],
)
def test_the_download_has_a_safe_chinese_name(name, sent):
    response = workbook_response(name, [Sheet("表", ["甲"], [])])

    disposition = response.headers["Content-Disposition"]
    assert disposition in (f"attachment; filename*=utf-8''{quote(sent)}", f'attachment; filename="{sent}"')
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert re.match(rb"PK", response.content)


def test_a_row_is_as_high_as_its_fullest_cell():
    """Not every program finds that out by itself when it opens the file."""
    rows = [("短", "短"), ("十个汉字占二十个宽度呢", "短"), ("一\n二\n三", "短"), ("长" * 5000, "短")]
    sheet = book(Sheet(name="表", header=["甲", "乙"], widths=[11, 11], rows=rows)).worksheets[0]
    # In whole pixels, which are three quarters of a point.
    assert [sheet.row_dimensions[number].height for number in range(2, 6)] == [20.25, 50.25, 50.25, 408.75]


def test_long_heads_of_columns_have_their_room() -> None:
    buffer = io.BytesIO()
    write_workbook(
        buffer, [Sheet(name="表", header=["青川镇机关第一党支部", "序号"], rows=[], widths=[10, 6])]
    )
    [sheet] = openpyxl.load_workbook(io.BytesIO(buffer.getvalue())).worksheets
    assert sheet.row_dimensions[1].height == pytest.approx(50, abs=1)


@pytest.mark.parametrize(
    ("columns", "across", "fitted", "repeated"),
    [(2, "portrait", True, None), (8, "landscape", True, None), (60, "landscape", False, "$A:$B")],
)
def test_a_sheet_is_printed_so_that_it_can_be_read(
    columns: int, across: str, *, fitted: bool, repeated: str | None
) -> None:
    buffer = io.BytesIO()
    write_workbook(buffer, [Sheet("表", ["甲"] * columns, [], widths=[14] * columns)])
    page = openpyxl.load_workbook(buffer).active
    assert (page.page_setup.orientation or "portrait") == across
    assert bool(page.sheet_properties.pageSetUpPr and page.sheet_properties.pageSetUpPr.fitToPage) is fitted
    assert (page.print_title_cols or None) == repeated
    assert page.print_title_rows == "$1:$1"
