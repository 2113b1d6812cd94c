"""A committee's checklist as a workbook: read with all its faults, previewed, then written at once."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from apps.audit.models import Deed
from apps.rules.kinds import Aspect, Polarity
from apps.standards.evidence import ALL, BY_CODE, read_words
from apps.standards.models import ImportLine, LineVerdict, SheetState, Standard, StandardImport
from apps.standards.queries import standards_for, standards_of
from apps.standards.services import update_standard
from apps.standards.services_import import MovedOn, NothingToWrite, NotReady, confirm_import, drop_import
from apps.standards.services_load import load_standards
from apps.standards.sheet import export_sheets
from apps.ui.export import write_workbook
from apps.ui.refusals import Refusal
from tests.conftest import TODAY, Cast
from tests.members import workbooks
from tests.standards import makers
from tests.standards.makers import HEADER, book, row

SOON = TODAY + timedelta(days=12)


def preview(cast: Cast, *rows: tuple[Any, ...], **fields: Any) -> StandardImport:
    header, merged = fields.pop("header", HEADER), fields.pop("merged", ())
    content = book(rows, header=header, merged=merged)
    return makers.upload(content, organization=cast.committee, actor=cast["organizer"], **fields)


def verdicts(sheet: StandardImport) -> list[tuple[str, str]]:
    return list(sheet.lines.order_by("line").values_list("verdict", "words"))


def confirm(cast: Cast, sheet: StandardImport) -> tuple[int, int]:
    return confirm_import(sheet=sheet, actor=cast["organizer"], today=TODAY)


def test_nothing_is_written_before_it_is_confirmed(cast: Cast) -> None:
    sheet = preview(cast, row())
    assert (sheet.state, verdicts(sheet)) == (SheetState.READY, [(LineVerdict.NEW, "")])
    assert Standard.objects.count() == 0
    assert confirm(cast, sheet) == (1, 0)
    held = standards_for(cast.ours, on=TODAY)
    assert [(one.code, one.title, one.aspect, one.polarity, one.locator) for one in held] == [
        ("镇-1", "活动室每月开放", Aspect.FOUNDATION, Polarity.POSITIVE, "镇〔2026〕1 号")
    ]
    assert [item.code for item in held[0].evidence] == ["measure:activity_variety", "review"]
    actions = Deed.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["standards.uploaded", "standard.created", "standards.imported"]


def test_a_known_code_becomes_another_version_from_the_day_chosen(cast: Cast) -> None:
    makers.local(cast.committee)
    sheet = preview(cast, row(标题="每周开放", 要求="每周一次。"), valid_from=SOON)
    assert verdicts(sheet) == [(LineVerdict.CHANGED, "改动：标题、要求")]
    assert confirm(cast, sheet) == (0, 1)
    assert standards_for(cast.ours, on=SOON - timedelta(days=1))[0].title == "活动室每月开放"
    assert standards_for(cast.ours, on=SOON)[0].title == "每周开放"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"编号": None}, "没有填写编号"),
        ({"标题": "  "}, "没有填写标题"),
        ({"要求": None}, "没有填写要求"),
        ({"依据": None}, "没有填写依据"),
        ({"编号": "镇 1"}, ""),
        ({"编号": "镇/1"}, "编号只能用汉字"),
        ({"编号": date(2026, 1, 1)}, "编号“2026-01-01”被表格改成了日期"),
        ({"编号": "长" * 21}, "编号超过 20 个字"),
        ({"标题": "长" * 61}, "标题超过 60 个字"),
        ({"要求": "长" * 501}, "要求超过 500 个字"),
        ({"方面": "思想建设"}, "方面“思想建设”不认识，请填写：书记素质"),
        ({"方面": "班子建设方面"}, ""),
        ({"方面": "带好队伍"}, ""),
        ({"类型": None}, ""),
        ({"类型": "警示项"}, ""),
        ({"类型": "加分项"}, "类型“加分项”不认识"),
        ({"依据": "组织生活落实"}, "依据“组织生活落实”不认识，是否指“组织生活落实率”"),
        ({"依据": "领导印象"}, "依据“领导印象”不认识"),
        ({"依据": "组织生活落实率，测评：德; 评审组评定"}, ""),
        ({"标题": "#N/A"}, "标题是没有结果的公式"),
        ({"编号": 3}, ""),
    ],
)
def test_the_faults_that_people_make(cells: dict[str, Any], words: str, cast: Cast) -> None:
    ((verdict, said),) = verdicts(preview(cast, row(**cells)))
    assert (verdict == LineVerdict.ERROR) == bool(words), said
    assert words in said


def test_several_faults_of_a_row_are_told_at_once(cast: Cast) -> None:
    ((verdict, said),) = verdicts(preview(cast, row(方面="x", 依据="y", 要求=None)))
    assert (verdict, said.count("；")) == (LineVerdict.ERROR, 2)


def test_a_code_twice_in_the_sheet(cast: Cast) -> None:
    sheet = preview(cast, row(), row(标题="另一条"))
    assert verdicts(sheet) == [(LineVerdict.NEW, ""), (LineVerdict.ERROR, "编号与第 2 行重复")]
    assert confirm(cast, sheet) == (1, 0)


def test_codes_of_others_are_not_written_over(cast: Cast) -> None:
    makers.shipped()
    makers.local(cast.sibling, code="二-1")
    ended = makers.local(cast.committee, code="镇-9")
    ended.versions.update(valid_to=TODAY)
    found = verdicts(preview(cast, row(编号="Z1.1"), row(编号="二-1"), row(编号="镇-9")))
    assert [verdict for verdict, _ in found] == [LineVerdict.ERROR] * 3
    assert [said[:8] for _, said in found] == ["系统自带的标准不", "下级“机关二支部", "这个编号的标准已"]


def test_headings_in_another_order_with_titles_above_and_sums_below(cast: Cast) -> None:
    workbook = Workbook()
    page = workbook.active
    page.append(["青川镇评议标准一览"])
    page.append([])
    page.append(["序号", "标准 名称", "评议依据", "具体要求", "所属方面", "标准编号（必填）", "联系人"])
    page.append(["一、基层基础"])
    page.append([1, "活动室每月开放", "上级评审组评定", "每月四次。", "基层基础", "镇－１", "张三"])
    page.append([2, "公开栏更新", "评审", "每季度一次。", None, "镇-2", None])
    page.append(["合计", "2 条", "x"])
    page.merge_cells("E5:E6")
    buffer = BytesIO()
    workbook.save(buffer)
    sheet = makers.upload(buffer.getvalue(), organization=cast.committee, actor=cast["organizer"])
    lines = sheet.lines.order_by("line").values_list("line", "code", "verdict", "aspect")
    assert list(lines) == [
        (5, "镇-1", LineVerdict.NEW, Aspect.FOUNDATION),
        (6, "镇-2", LineVerdict.NEW, Aspect.FOUNDATION),
    ]
    assert "没有用到的列：序号、联系人。" in sheet.message
    assert "跳过第 4、7 行" in sheet.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: book([], header=["姓名", "身份证号"]), "没有找到表头"),
        (lambda: book([row()[:3]], header=HEADER[:3]), "表中缺少这些列：方面、依据"),
        (lambda: book([]), "只有表头，没有标准"),
        (lambda: book([row(编号=f"镇-{n}") for n in range(501)]), "超过 500 行"),
        (lambda: b"", "空的"),
    ],
)
def test_sheets_that_are_no_checklist(content: Any, words: str, cast: Cast) -> None:
    with pytest.raises(Refusal, match=words) as caught:
        makers.upload(content(), organization=cast.committee, actor=cast["organizer"])
    assert caught.value.field == "file"
    assert "花名册" not in caught.value.message


@pytest.mark.parametrize("name", sorted(workbooks.CORPUS))
def test_hostile_workbooks_are_refused_in_words(name: str, cast: Cast) -> None:
    content, words = workbooks.CORPUS[name]
    with pytest.raises(Refusal) as caught:
        makers.upload(content(), organization=cast.committee, actor=cast["organizer"])
    assert words in caught.value.message
    assert "花名册" not in caught.value.message
    assert StandardImport.objects.count() == 0


def test_another_kind_of_file_is_refused_by_its_name(cast: Cast) -> None:
    with pytest.raises(Refusal, match=r"只收 \.xlsx"):
        preview(cast, row(), name="标准.xls")


def test_a_formula_in_a_cell_stays_text(cast: Cast) -> None:
    sheet = preview(cast, row(标题="'=HYPERLINK(1)"))
    confirm(cast, sheet)
    assert standards_for(cast.ours, on=TODAY)[0].title == "'=HYPERLINK(1)"


def test_a_day_that_has_passed_is_refused(cast: Cast) -> None:
    with pytest.raises(Refusal, match="今天或以后"):
        preview(cast, row(), valid_from=TODAY - timedelta(days=1))


def test_the_same_submission_twice_is_one_preview(cast: Cast) -> None:
    key = uuid.uuid4()
    assert preview(cast, row(), idempotency_key=key) == preview(cast, row(), idempotency_key=key)
    assert ImportLine.objects.count() == 1


def test_all_or_nothing_where_something_moved_on_since_the_preview(cast: Cast) -> None:
    own = makers.local(cast.committee, code="镇-2")
    sheet = preview(cast, row(), row(编号="镇-2", 标题="改过的"))
    changed = {"text": makers.text(title="别人先改了"), "valid_from": TODAY, "actor": cast["organizer"]}
    update_standard(standard=own, version=1, today=TODAY, **changed)
    with pytest.raises(MovedOn):
        confirm(cast, sheet)
    assert Standard.objects.count() == 1
    sheet.refresh_from_db()
    assert sheet.state == SheetState.READY


def test_a_code_that_was_taken_since_the_preview_writes_nothing(cast: Cast) -> None:
    sheet = preview(cast, row(编号="镇-0"), row())
    makers.local(cast.ours)
    with pytest.raises(MovedOn, match="第 3 行：“机关一支部”已有编号为 镇-1 的标准"):
        confirm(cast, sheet)
    assert Standard.objects.count() == 1


def test_it_is_written_once(cast: Cast) -> None:
    sheet = preview(cast, row())
    confirm(cast, sheet)
    with pytest.raises(NotReady):
        confirm(cast, sheet)
    with pytest.raises(NotReady):
        drop_import(sheet=sheet, actor=cast["organizer"])


def test_a_sheet_without_anything_new_is_not_confirmed(cast: Cast) -> None:
    makers.local(cast.committee)
    sheet = preview(cast, row())
    assert verdicts(sheet) == [(LineVerdict.UNCHANGED, "")]
    with pytest.raises(NothingToWrite):
        confirm(cast, sheet)


def test_a_dropped_sheet_leaves_nothing(cast: Cast) -> None:
    sheet = preview(cast, row())
    drop_import(sheet=sheet, actor=cast["organizer"])
    assert (ImportLine.objects.count(), Standard.objects.count()) == (0, 0)
    with pytest.raises(NotReady):
        confirm(cast, sheet)


def test_what_was_confirmed_later_holds_from_that_day(cast: Cast) -> None:
    sheet = preview(cast, row())
    confirm_import(sheet=sheet, actor=cast["organizer"], today=SOON)
    assert Standard.objects.get().versions.get().valid_from == SOON


def test_an_export_comes_back_without_a_change(cast: Cast) -> None:
    load_standards(today=TODAY)
    makers.local(cast.committee, text=makers.text("measure:tasks_on_time", "appraisal:unity", "review"))
    held = standards_of([cast.committee], on=TODAY, with_switched_off=True)[cast.committee.pk]
    buffer = BytesIO()
    write_workbook(buffer, export_sheets(held, place="青川镇党委", on=TODAY))
    page = load_workbook(BytesIO(buffer.getvalue())).active
    assert (page.max_row, page["A3"].value, page["A4"].value) == (56, "编号", "Z1.1")
    sheet = makers.upload(buffer.getvalue(), organization=cast.committee, actor=cast["organizer"])
    assert set(sheet.lines.values_list("verdict", flat=True)) == {LineVerdict.UNCHANGED}
    assert sheet.lines.count() == 53


def test_every_evidence_is_found_by_its_words_again() -> None:
    for item in ALL:
        assert read_words(item.words) == ([item], []), item.code
        assert read_words(item.code) == ([item], [])
    assert read_words("测评：廉、德、德") == (
        [BY_CODE["appraisal:integrity"], BY_CODE["appraisal:virtue"]],
        [],
    )
