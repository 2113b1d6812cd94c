"""Rosters as workbooks: out and in again without a change, and never a formula."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.members.models import Member, RosterImport
from apps.members.roster_columns import COLUMNS, key_of
from apps.rules.kinds import MembershipState
from tests import factories
from tests.conftest import TODAY, Cast
from tests.members.rosters import ROSTERS, Capture, good, id_number, preview, roster_bytes, take_in

SignIn = Callable[[User], Client]


@pytest.fixture
def capture(django_capture_on_commit_callbacks: Capture) -> Capture:
    return django_capture_on_commit_callbacks


@pytest.fixture
def filled(cast: Cast, capture: Capture) -> Cast:
    """Our branch with the 28 people of the clean sample beside the cast."""
    factories.make_organization("group", parent=cast.ours, name="第二党小组")
    content = (ROSTERS / "clean_with_groups.xlsx").read_bytes()
    take_in(content, into=cast.ours, by=cast["secretary"], capture=capture)
    return cast


def export(client: Client, **data: Any) -> bytes:
    response = client.post(reverse("members:export"), data)
    assert response.status_code == 200, response.content.decode()[:500]
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    return response.content


def table(content: bytes, *, header: int) -> list[dict[str, Any]]:
    rows = list(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(rows[header - 1], row, strict=True)) for row in rows[header:]]


def test_the_columns_are_those_of_the_import(filled: Cast, sign_in: SignIn) -> None:
    rows = table(export(sign_in(filled["secretary"])), header=3)
    assert list(rows[0]) == [column.label for column in COLUMNS]
    assert len(rows) == 28 + 7
    first = next(row for row in rows if row["姓名"] == "赵明远")
    assert (first["人员类别"], first["党小组"], first["所在党支部"]) == (
        "预备党员",
        "第一党小组",
        "青川镇机关第一党支部",
    )
    secretary = next(row for row in rows if row["姓名"] == "吴向前")
    assert secretary["党内职务"] == "支部书记"


HOSTILE = {
    "secretary": (
        "𠮷田",
        {"work_unit": "=1+1", "remark": '=HYPERLINK("http://x","y")', "mobile_place": "否"},
    ),
    "deputy": ("古丽·买买提", {"job_title": "@SUM(A1)", "degree": "-2+3", "mobile_place": "失联多年"}),
    "publicity": (
        "Anna O'Brien",
        {"education": "'00", "remark": "很长" * 150, "native_place": "{{ 7 * 7 }}"},
    ),
    "discipline": (
        "单方",
        {"work_unit": '甲 & 乙 <b>"引"</b> 😀', "address": "=A1*2", "landline": "010-12345678"},
    ),
}


@pytest.mark.parametrize("form", ["full", "national", "long"])
@pytest.mark.parametrize("clear", [{}, {"clear": "on", "reason": "年度核对名册"}])
def test_an_export_imported_again_changes_nothing(
    filled: Cast, sign_in: SignIn, capture: Capture, clear: dict[str, str], form: str
) -> None:
    for role, (name, fields) in HOSTILE.items():
        User.objects.filter(pk=filled[role].pk).update(name=name)
        member = filled.members[role]
        for field, value in (fields | {"is_mobile": "mobile_place" in fields}).items():
            setattr(member, field, value)
        member.save()
    content = export(sign_in(filled["secretary"]), form=form, **clear)
    with ZipFile(BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    roster = preview(content, into=filled.ours, by=filled["secretary"], capture=capture)
    assert (roster.unchanged_count, roster.new_count, roster.changed_count, roster.error_count) == (
        35,
        0,
        0,
        0,
    )


def test_the_form_of_sixteen_items_leaves_no_cell_empty_and_ids_are_text(
    filled: Cast, sign_in: SignIn
) -> None:
    member = filled.members["member"]
    member.is_mobile, member.mobile_place, member.id_number = True, "省城", id_number()
    member.save()
    client = sign_in(filled["secretary"])
    rows = table(export(client, form="national", clear="on", reason="年度核对名册"), header=3)
    assert list(rows[0]) == [
        "姓名", "身份证号", "性别", "民族", "出生日期", "学历", "人员类别", "所在党支部",
        "入党日期", "转正日期", "工作岗位", "手机", "固定电话", "家庭住址", "党籍状态", "失联/流动情况",
    ]  # fmt: skip
    assert None not in {value for row in rows for value in row.values()}
    told = next(row for row in rows if row["姓名"] == "卫青松")
    assert (told["身份证号"], told["固定电话"], told["失联/流动情况"]) == (id_number(), "无", "流动党员")
    deed = Deed.objects.filter(action="roster.exported").latest("pk")
    assert deed.reason == "年度核对名册（全国党员基本信息 16 项，35 人，号码全文；条件：无）"


def test_the_long_form_has_the_columns_of_the_record_book(filled: Cast, sign_in: SignIn) -> None:
    rows = table(export(sign_in(filled["secretary"]), form="long"), header=3)
    assert list(rows[0]) == [
        "序号", "姓名", "性别", "民族", "籍贯", "出生年月", "身份证号", "学历", "学位", "参加工作时间",
        "工作单位", "职务（岗位）", "入党时间", "转正时间", "党内职务", "所在党支部", "党小组", "手机",
        "是否流动", "外出地", "备注",
    ]  # fmt: skip
    assert all(key_of(heading) for heading in rows[0])
    page = sign_in(filled["secretary"]).get(f"{reverse('members:export')}?form=long").content.decode()
    assert '<option value="long" selected>' in page


def test_numbers_are_masked_unless_a_reason_is_given(filled: Cast, sign_in: SignIn) -> None:
    client = sign_in(filled["secretary"])
    masked = table(export(client), header=3)
    assert {row["手机"][3:7] for row in masked if row["手机"]} == {"****"}
    response = client.post(reverse("members:export"), {"clear": "on", "reason": ""})
    assert (response.status_code, "请写明事由" in response.content.decode()) == (422, True)
    clear = table(export(client, clear="on", reason="年度核对名册"), header=3)
    assert "19900000000" in {row["手机"] for row in clear}
    assert [deed.reason for deed in Deed.objects.filter(action="roster.exported").order_by("pk")] == [
        "35 人，号码遮盖；条件：无",
        "年度核对名册（35 人，号码全文；条件：无）",
    ]


def test_the_secretary_above_gets_masks_even_if_he_asks(filled: Cast, sign_in: SignIn) -> None:
    content = export(sign_in(filled["committee_secretary"]), clear="on", reason="想看一看全文")
    assert "19900000000" not in {row["手机"] for row in table(content, header=3)}


def test_one_member_out_of_the_clear_keeps_all_masked(filled: Cast, sign_in: SignIn) -> None:
    """Secretary of the committee above here, secretary of a branch there: only the latter's in clear."""
    factories.make_post(filled["committee_secretary"], filled.elsewhere, "organization")
    client = sign_in(filled["committee_secretary"])
    refused = client.post(reverse("members:export"), {"clear": "on", "reason": "年度核对名册"})
    assert (refused.status_code, "您无权查看号码全文" in refused.content.decode()) == (422, True)
    url = f"{reverse('members:export')}?branch={filled.elsewhere.pk}"
    assert client.post(url, {"clear": "on", "reason": "年度核对名册"}).status_code == 200


def test_only_those_who_may_export_do_and_only_their_own(filled: Cast, sign_in: SignIn) -> None:
    for role in ("deputy", "publicity", "group_leader", "member", "operator", "auditor"):
        assert sign_in(filled[role]).get(reverse("members:export")).status_code == 403, role
    rows = table(export(sign_in(filled["stranger_secretary"])), header=3)
    assert {row["姓名"] for row in rows} == {"沈川", "杨邻"}


def test_the_filter_of_the_list_decides_who_is_in_it(filled: Cast, sign_in: SignIn) -> None:
    client = sign_in(filled["secretary"])
    url = f"{reverse('members:export')}?status=probationary&group={filled.group.pk}"
    rows = table(client.post(url).content, header=3)
    assert [row["人员类别"] for row in rows] == ["预备党员"] * 2
    deed = Deed.objects.filter(action="roster.exported").latest("pk")
    assert deed.reason == "2 人，号码遮盖；条件：党小组 第一小组，人员类别 预备党员"
    nobody = client.post(f"{reverse('members:export')}?text=查无此人")
    assert "没有符合条件的党员。" in nobody.content.decode()


def test_who_left_is_not_in_the_roster(filled: Cast, sign_in: SignIn) -> None:
    factories.make_member(filled.ours, name="走了", state=MembershipState.LEFT, state_since=TODAY)
    assert "走了" not in {row["姓名"] for row in table(export(sign_in(filled["secretary"])), header=3)}


def test_too_many_are_asked_to_narrow(filled: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.members.services_export.MOST_ROWS", 3)
    response = sign_in(filled["secretary"]).post(reverse("members:export"))
    assert (response.status_code, "请先按党支部筛选" in response.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "-2+3"]
)
def test_no_text_becomes_a_formula(cast: Cast, sign_in: SignIn, text: str) -> None:
    Member.objects.filter(pk=cast.members["member"].pk).update(work_unit=text, remark=text)
    content = export(sign_in(cast["secretary"]))
    row = next(row for row in table(content, header=3) if row["姓名"] == "卫青松")
    assert (row["工作单位"], row["备注"]) == (text, text)
    with ZipFile(BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_faulty_rows_come_back_as_they_stood_and_can_be_mended(
    cast: Cast, sign_in: SignIn, capture: Capture
) -> None:
    wrong = id_number()[:17] + ("0" if id_number()[-1] != "0" else "1")
    rows = [
        good(姓名="好人", 身份证号=id_number(order=9)),
        good(身份证号=wrong, 入党时间=40349, 备注="甲、乙"),
    ]
    roster = preview(roster_bytes(rows), into=cast.ours, by=cast["secretary"], capture=capture)
    response = sign_in(cast["secretary"]).post(reverse("members:import_errors", args=[roster.pk]))
    (row,) = table(response.content, header=3)
    assert row == {
        "原行号": "3",
        "姓名": "林晓",
        "身份证号": wrong,
        "人员类别": "正式党员",
        "入党时间": "40349",
        "转正时间": "2011-06-20",
        "备注": "甲、乙",
        "问题": "身份证号：身份证号的校验位不对，请检查有没有输错数字",
    }
    book = load_workbook(BytesIO(response.content))
    next(cell for cell in book.worksheets[0][4] if cell.value == wrong).value = id_number()
    mended = BytesIO()
    book.save(mended)
    again = preview(mended.getvalue(), into=cast.ours, by=cast["secretary"], capture=capture)
    assert (again.new_count, again.error_count) == (1, 0)
    assert "没有用到的列：原行号、问题。" in again.message


def test_the_template_is_an_empty_roster_with_an_example_that_stays_out(
    cast: Cast, sign_in: SignIn, capture: Capture
) -> None:
    response = sign_in(cast["secretary"]).get(reverse("members:import_template"))
    book = load_workbook(BytesIO(response.content))
    assert [sheet.title for sheet in book.worksheets] == ["花名册", "填写说明"]
    assert [cell.value for cell in book.worksheets[0][3]] == [column.label for column in COLUMNS]
    told = preview(response.content, into=cast.ours, by=cast["secretary"], capture=capture)
    assert told.message == "工作表“花名册”只有表头，没有党员。"
    places = {cell.value: cell.column_letter for cell in book.worksheets[0][3]}
    for label, value in {"姓名": "林晓", "身份证号": id_number(), "人员类别": "正式党员"}.items():
        book.worksheets[0][f"{places[label]}5"] = value
    filled = BytesIO()
    book.save(filled)
    roster = preview(filled.getvalue(), into=cast.ours, by=cast["secretary"], capture=capture)
    assert (roster.new_count, roster.error_count) == (1, 0)
    assert "跳过第 4 行" in RosterImport.objects.get(pk=roster.pk).message
    assert date(2026, 11, 20) == TODAY
