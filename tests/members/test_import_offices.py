"""What offices write into the cells: taken where the meaning is certain, refused in words where it is not."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from apps.members.models import Member, RosterImport, RowVerdict
from apps.rules.kinds import MemberStatus
from tests.conftest import Cast
from tests.members.pages import SignIn
from tests.members.rosters import (
    Capture,
    errors_of,
    good,
    id_number,
    only_row,
    preview,
    roster_bytes,
    take_in,
    workbook_bytes,
)


@pytest.fixture
def capture(django_capture_on_commit_callbacks: Capture) -> Capture:
    return django_capture_on_commit_callbacks


def previewed(cast: Cast, capture: Capture, *rows: dict[str, Any]) -> RosterImport:
    return preview(roster_bytes(rows), into=cast.ours, by=cast["secretary"], capture=capture)


def imported(cast: Cast, capture: Capture, *rows: dict[str, Any]) -> RosterImport:
    return take_in(roster_bytes(rows), into=cast.ours, by=cast["secretary"], capture=capture)


def test_a_failed_formula_stops_its_row(cast: Cast, capture: Capture) -> None:
    """The parser shows #N/A as a blank; a blank would pass for "not known"."""
    roster = previewed(cast, capture, good(民族="#N/A"), good(姓名="李四", 身份证号="=1&2"))
    assert errors_of(roster) == {
        2: [("ethnicity", "这一格的公式没有算出结果（#N/A），请改成实际内容或清空")],
        3: [("id_number", "这一格的公式没有算出结果（#公式未计算），请改成实际内容或清空")],
    }


def test_a_zero_from_a_formula_counts_as_blank_and_is_told(cast: Cast, capture: Capture) -> None:
    verdict, row = only_row(previewed(cast, capture, good(学位=0, 手机=0)))
    assert (verdict, "degree" in row.values) == (RowVerdict.NEW, False)
    assert row.notes == [
        "学位是 0（引用空单元格的公式会显示 0），按空白处理",
        "手机是 0（引用空单元格的公式会显示 0），按空白处理",
    ]


@pytest.mark.parametrize(
    "name", ["买买提.吐尔逊", "买买提．吐尔逊", "买买提 · 吐尔逊", "买买提•吐尔逊", "买买提\u200b·吐尔逊"]
)
def test_the_dot_in_a_name_is_one_dot(cast: Cast, capture: Capture, name: str) -> None:
    imported(cast, capture, good(姓名=name))
    assert Member.objects.filter(person__name="买买提·吐尔逊").count() == 1


@pytest.mark.parametrize(
    "phone",
    ["\u202d19912345678\u202c", "＋86 199-1234-5678", "0086 19912345678", "19912345678；", 19912345678.0],
)
def test_a_telephone_number_however_it_was_copied(cast: Cast, capture: Capture, phone: Any) -> None:
    assert only_row(previewed(cast, capture, good(手机=phone)))[1].values["mobile_phone"] == "19912345678"


def test_an_old_number_typed_as_a_number_has_lost_nothing(cast: Cast, capture: Capture) -> None:
    number = id_number()
    roster = previewed(
        cast,
        capture,
        good(身份证号=int(number[:6] + number[8:17])),
        good(姓名="李四", 身份证号=12345),
    )
    assert roster.new_count == 1
    assert errors_of(roster) == {3: [("id_number", "身份证号应为 18 位，现为 5 位")]}


def test_an_unknown_status_says_what_was_written(cast: Cast, capture: Capture) -> None:
    """And only that, so that the preview shows it beside the cell."""
    roster = previewed(cast, capture, good(人员类别="发展对象"))
    words = "“发展对象”不能识别：人员类别只能填“正式党员”或“预备党员”"
    assert errors_of(roster) == {2: [("status", words)]}


def test_nobody_is_full_before_a_year_is_over(cast: Cast, capture: Capture) -> None:
    rows = [
        good(入党时间="2026-01-20", 转正时间=None),
        good(姓名="李四", 身份证号=id_number(order=3), 入党时间="2025-11-20", 转正时间=None),
    ]
    assert errors_of(previewed(cast, capture, *rows)) == {
        2: [("status", "入党不满一年，还不是正式党员，请核对人员类别或入党日期")]
    }


def test_a_child_is_no_member_even_without_a_date_of_admission(cast: Cast, capture: Capture) -> None:
    child = {"姓名": "小明", "人员类别": "预备党员", "出生日期": "2012-01-01"}
    assert errors_of(previewed(cast, capture, child)) == {
        2: [("born_on", "至今未满 18 周岁（出生于 2012-01-01）")]
    }


def test_a_month_becomes_its_first_day_that_can_be_true(
    cast: Cast, capture: Capture, sign_in: SignIn
) -> None:
    """Otherwise the record contradicts itself, and its own export could not be imported again."""
    rows = [
        good(入党时间="2010-06-20", 转正时间="2011.06"),
        good(姓名="李四", 身份证号=id_number(order=3), 入党时间="2003.03", 转正时间="2004.03"),
    ]
    roster = previewed(cast, capture, rows[0])
    assert only_row(roster)[1].notes == ["转正日期只写到月，按 2011-06-20 登记"]
    imported(cast, capture, *rows)
    kept = Member.objects.filter(person__name__in=["林晓", "李四"]).order_by("person__name")
    assert list(kept.values_list("admitted_on", "full_since")) == [
        (date(2003, 3, 12), date(2004, 3, 12)),
        (date(2010, 6, 20), date(2011, 6, 20)),
    ]
    assert previewed(cast, capture, *rows).unchanged_count == 2
    export = sign_in(cast["secretary"]).post(reverse("members:export")).content
    again = preview(export, into=cast.ours, by=cast["secretary"], capture=capture)
    assert (again.new_count, again.changed_count, again.error_count) == (0, 0, 0)


def test_a_birth_month_grows_into_a_day_and_not_into_a_second_person(cast: Cast, capture: Capture) -> None:
    """First a list with 出生年月 only, later the full table with ID numbers."""
    imported(cast, capture, good(身份证号=None, 出生年月="1985.03"))
    roster = imported(cast, capture, good())
    assert (roster.new_count, roster.changed_count) == (0, 1)
    member = Member.objects.get(person__name="林晓")
    assert (member.born_on, str(member.id_number)) == (date(1985, 3, 12), id_number())


def test_a_birth_month_and_a_day_in_it_are_the_same_person_in_one_file(cast: Cast, capture: Capture) -> None:
    bare = good(身份证号=None)
    roster = previewed(cast, capture, {**bare, "出生年月": "1985.03"}, {**bare, "出生年月": "1985-03-12"})
    assert errors_of(roster) == {3: [("name", "与第 2 行重复，请只保留一行")]}


def test_a_place_away_from_home_makes_a_mobile_member(cast: Cast, capture: Capture) -> None:
    verdict, row = only_row(previewed(cast, capture, good(外出地点="东海市")))
    assert (verdict, row.values["is_mobile"]) == (RowVerdict.NEW, True)
    _, row = only_row(previewed(cast, capture, good(外出地点="东海市", 是否流动="否")))
    assert (row.values["is_mobile"], row.notes) == (False, ["是否流动填“否”，又填了外出地点，请核对"])


@pytest.mark.parametrize("name", ["机关第一党支部", "机关第1支部", "第一党支部"])
def test_ones_own_branch_may_be_written_short_and_that_is_told(
    cast: Cast, capture: Capture, name: str
) -> None:
    verdict, row = only_row(previewed(cast, capture, good(所在党支部=name)))
    assert (verdict, row.notes) == (
        RowVerdict.NEW,
        [f"党支部写作“{name}”，按“青川镇机关第一党支部”登记"],
    )
    above = preview(
        roster_bytes([good(所在党支部=name)]), into=cast.committee, by=cast["organizer"], capture=capture
    )
    assert above.error_count == 1


@pytest.mark.parametrize("group", ["党小组1", "机关一支部第一党小组", "第01组", 1])
def test_a_group_by_its_number_or_behind_its_branch(cast: Cast, capture: Capture, group: Any) -> None:
    assert only_row(previewed(cast, capture, good(党小组=group)))[1].group == cast.group.pk


def test_two_columns_are_enough_to_put_people_into_groups(cast: Cast, capture: Capture) -> None:
    roster = imported(cast, capture, {"姓名": "吴向前", "党小组": "一组"})
    assert roster.changed_count == 1
    assert Member.objects.get(person__name="吴向前").group == cast.group


def test_political_status_tells_full_from_probationary(cast: Cast, capture: Capture) -> None:
    rows = [
        {"姓名": "张三", "政治面貌": "中共党员", "入党时间": "2010.06"},
        {"姓名": "李四", "政治面貌": "中共预备党员", "入党时间": "2026.06"},
    ]
    imported(cast, capture, *rows)
    kept = Member.objects.filter(person__name__in=["张三", "李四"]).order_by("admitted_on")
    assert list(kept.values_list("status", flat=True)) == [MemberStatus.FULL, MemberStatus.PROBATIONARY]


def test_a_day_counted_from_1904_is_the_same_day_among_the_faulty_rows(
    cast: Cast, capture: Capture, sign_in: SignIn
) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["姓名", "人员类别", "入党时间"])
    book.active.append(["张三", "不详", 40349 - 1462])
    roster = preview(workbook_bytes(book), into=cast.ours, by=cast["secretary"], capture=capture)
    faulty = sign_in(cast["secretary"]).post(reverse("members:import_errors", args=[roster.pk])).content
    assert load_workbook(BytesIO(faulty)).worksheets[0]["D4"].value == "2010-06-20"
