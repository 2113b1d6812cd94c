"""Whom a row is about, and which rows contradict each other or the record."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apps.members.models import ImportRow, Member, RowVerdict
from apps.members.roster_rows import stored_row
from apps.rules.kinds import MembershipState, MemberStatus
from tests import factories
from tests.conftest import Cast
from tests.members.rosters import (
    ROSTERS,
    Capture,
    errors_of,
    good,
    id_number,
    only_row,
    preview,
    roster_bytes,
    rows_by,
    take_in,
)

CLEAN = ROSTERS / "clean.xlsx"


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    """An empty place for uploads of one test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


@pytest.fixture
def capture(django_capture_on_commit_callbacks: Capture) -> Capture:
    return django_capture_on_commit_callbacks


def test_a_branch_above_the_rows_is_chosen_by_name(cast: Cast, capture: Capture) -> None:
    rows = [
        good(所在党支部="中共青川镇机关第一支部委员会"),
        good(姓名="另一", 身份证号=id_number(order=3), 所在党支部="机关二支部"),
        good(姓名="外人", 身份证号=id_number(order=5), 所在党支部="白石镇机关党支部"),
        good(姓名="没写", 身份证号=id_number(order=7), 所在党支部=None),
    ]
    roster = take_in(roster_bytes(rows), into=cast.committee, by=cast["organizer"], capture=capture)
    assert Member.objects.get(person__name="林晓").branch == cast.ours
    assert Member.objects.get(person__name="另一").branch == cast.sibling
    assert errors_of(roster) == {
        4: [
            (
                "branch",
                "“白石镇机关党支部”不在导入的范围内，或名称与系统中不一致。"
                "可填：青川镇机关第一党支部、青川镇机关第二党支部",
            )
        ],
        5: [("branch", "缺少所在党支部")],
    }


def test_a_number_known_in_reach_is_named_and_elsewhere_is_not(cast: Cast, capture: Capture) -> None:
    elsewhere = factories.make_user("杨邻二", username="other")
    factories.make_post(elsewhere, cast.elsewhere, "organization")
    take_in(roster_bytes([good()]), into=cast.elsewhere, by=elsewhere, capture=capture)
    content = roster_bytes([good()])
    told = preview(content, into=cast.ours, by=cast["secretary"], capture=capture)
    assert errors_of(told) == {2: [("id_number", "该身份证号已在其他党组织登记，请联系上级组织员")]}
    take_in(
        roster_bytes([good(姓名="二部", 身份证号=id_number(order=9), 所在支部="机关二支部")]),
        into=cast.committee,
        by=cast["organizer"],
        capture=capture,
    )
    rows = [good(姓名="二部", 身份证号=id_number(order=9))]
    told = preview(roster_bytes(rows), into=cast.ours, by=cast["organizer"], capture=capture)
    assert errors_of(told) == {
        2: [("id_number", "该身份证号已登记在“机关二支部”的二部名下，请先办理组织关系转接")]
    }
    told = preview(roster_bytes(rows), into=cast.ours, by=cast["secretary"], capture=capture)
    assert errors_of(told) == {2: [("id_number", "该身份证号已在其他党组织登记，请联系上级组织员")]}


def test_a_number_with_another_name_is_a_shifted_row(cast: Cast, capture: Capture) -> None:
    take_in(roster_bytes([good()]), into=cast.ours, by=cast["secretary"], capture=capture)
    roster = preview(roster_bytes([good(姓名="李四")]), into=cast.ours, by=cast["secretary"], capture=capture)
    assert errors_of(roster) == {2: [("name", "该身份证号登记的姓名是“林晓”，请核对是否填串了行")]}


def test_without_a_number_name_and_birth_date_decide(cast: Cast, capture: Capture) -> None:
    secretary = cast["secretary"]
    bare = {**good(), "身份证号": None}
    take_in(roster_bytes([{**bare, "出生年月": "1985-03-12"}]), into=cast.ours, by=secretary, capture=capture)
    same = preview(
        roster_bytes([{**bare, "出生年月": "1985.03"}]), into=cast.ours, by=secretary, capture=capture
    )
    assert same.unchanged_count == 1
    namesake = preview(
        roster_bytes([{**bare, "出生年月": "1990-01-01"}]), into=cast.ours, by=secretary, capture=capture
    )
    verdict, row = only_row(namesake)
    assert (verdict, row.notes) == (RowVerdict.NEW, ["本支部另有同名党员"])
    filled = preview(roster_bytes([good()]), into=cast.ours, by=secretary, capture=capture)
    assert [change["label"] for change in only_row(filled)[1].changes] == ["性别", "身份证号"]


def test_somebody_who_left_does_not_come_back_through_a_roster(cast: Cast, capture: Capture) -> None:
    take_in(roster_bytes([good()]), into=cast.ours, by=cast["secretary"], capture=capture)
    Member.objects.filter(person__name="林晓").update(
        state=MembershipState.LEFT, state_since=date(2026, 3, 1)
    )
    roster = preview(roster_bytes([good()]), into=cast.ours, by=cast["secretary"], capture=capture)
    assert errors_of(roster) == {
        2: [("name", "此人在本支部登记为“已转出”（2026-03-01），如要恢复请在党员页面办理")]
    }


@pytest.mark.parametrize(
    ("rows", "line", "column"),
    [
        ([good(), good()], 3, "id_number"),
        ([good(), good(身份证号=None, 出生年月="1985-03-12")], 3, "name"),
        ([good(身份证号=None), good()], 3, "id_number"),
        ([good(), good(身份证号=None)], 3, "name"),
    ],
)
def test_the_same_person_twice_in_a_file_is_an_error(
    cast: Cast, capture: Capture, rows: list[dict], line: int, column: str
) -> None:
    roster = preview(roster_bytes(rows), into=cast.ours, by=cast["secretary"], capture=capture)
    assert errors_of(roster) == {line: [(column, "与第 2 行重复，请只保留一行")]}


def test_a_masked_number_confirms_the_record_or_is_refused(cast: Cast, capture: Capture) -> None:
    """A masked export comes back: what agrees with the record is unchanged, anything else is no number."""
    secretary = cast["secretary"]
    take_in(roster_bytes([good(手机="19912345678")]), into=cast.ours, by=secretary, capture=capture)
    mask = id_number()[:6] + "********" + id_number()[-4:]
    rows = {
        "unchanged": good(身份证号=mask, 手机="199****5678"),
        "mobile_phone": good(身份证号=mask, 手机="199****0000"),
        "id_number": good(姓名="新人", 身份证号=mask),
    }
    told = {}
    for wanted, row in rows.items():
        roster = preview(roster_bytes([row]), into=cast.ours, by=secretary, capture=capture)
        told[wanted] = errors_of(roster) or {2: [("unchanged", str(roster.unchanged_count))]}
    refused = "带有星号，与系统中的记录对不上，请填写完整"
    assert told == {
        "unchanged": {2: [("unchanged", "1")]},
        "mobile_phone": {2: [("mobile_phone", refused)]},
        "id_number": {2: [("id_number", refused)]},
    }


def test_an_address_with_an_asterisk_is_the_recorded_one(cast: Cast, capture: Capture) -> None:
    """Entered by hand it may hold one; the export in clear then comes back unchanged."""
    secretary = cast["secretary"]
    take_in(roster_bytes([good()]), into=cast.ours, by=secretary, capture=capture)
    member = Member.objects.get(person__name="林晓")
    member.address = "青川镇幸福路*号院"
    member.save()
    roster = preview(
        roster_bytes([good(家庭住址="青川镇幸福路*号院")]), into=cast.ours, by=secretary, capture=capture
    )
    assert roster.unchanged_count == 1


def test_a_rounded_number_comes_back_as_one(cast: Cast, capture: Capture) -> None:
    """In the file with the faulty rows it must not pass for a number that somebody typed."""
    rounded = int(id_number()[:17] + "0")
    roster = preview(
        roster_bytes([good(身份证号=rounded)]), into=cast.ours, by=cast["secretary"], capture=capture
    )
    _, row = only_row(roster)
    assert [cell.text for cell in row.cells if cell.key == "id_number"] == ["1.19999E+17"]
    assert [shown for _, shown, why in row.preview_cells() if why] == ["1.19999E+17"]


def test_full_without_probation_between_1969_and_1977(cast: Cast, capture: Capture) -> None:
    rows = [good(身份证号=id_number(date(1950, 1, 1)), 入党时间="1971-07-01", 转正时间="1971-07-01")]
    roster = take_in(roster_bytes(rows), into=cast.ours, by=cast["secretary"], capture=capture)
    assert (roster.new_count, roster.error_count) == (1, 0)


def test_a_probationary_member_becomes_full_by_a_date(cast: Cast, capture: Capture) -> None:
    secretary = cast["secretary"]
    on_probation = good(人员类别="预备党员", 入党时间="2024-06-20", 转正时间=None)
    take_in(roster_bytes([on_probation]), into=cast.ours, by=secretary, capture=capture)
    without = preview(
        roster_bytes([good(入党时间="2024-06-20", 转正时间=None)]),
        into=cast.ours,
        by=secretary,
        capture=capture,
    )
    assert errors_of(without) == {2: [("full_since", "转为正式党员须填写转正日期")]}
    rows = [good(人员类别=None, 入党时间="2024-06-20", 转正时间="2025-06-20")]
    take_in(roster_bytes(rows), into=cast.ours, by=secretary, capture=capture)
    member = Member.objects.get(person__name="林晓")
    assert (member.status, member.full_since) == (MemberStatus.FULL, date(2025, 6, 20))


def test_rows_are_kept_encrypted(cast: Cast, capture: Capture) -> None:
    roster = preview(roster_bytes([good()]), into=cast.ours, by=cast["secretary"], capture=capture)
    raw = bytes(ImportRow.objects.filter(roster=roster).values_list("content", flat=True)[0])
    assert id_number().encode() not in raw
    assert stored_row(rows_by(roster, RowVerdict.NEW)[0]).values["id_number"] == id_number()
