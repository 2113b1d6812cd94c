"""From an office's workbook to members: preview, confirm, and the same again without effect."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apps.audit.models import Deed
from apps.members.models import ImportRow, ImportState, Member, RowVerdict
from apps.members.services_confirm import confirm_import
from apps.members.services_import import NotReady, drop_import, start_import
from apps.rules.kinds import MemberStatus
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.members.rosters import (
    ROSTERS,
    Capture,
    errors_of,
    good,
    id_number,
    only_row,
    preview,
    roster_bytes,
    take_in,
    upload,
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


def test_a_preview_writes_nothing_but_itself(cast: Cast, capture: Capture) -> None:
    people, members = set(Member.objects.values_list("pk")), Member.objects.count()
    roster = preview(CLEAN.read_bytes(), into=cast.ours, by=cast["secretary"], capture=capture)
    assert (roster.state, roster.new_count, roster.error_count) == (ImportState.READY, 28, 0)
    assert (Member.objects.count(), set(Member.objects.values_list("pk"))) == (members, people)
    assert roster.message == "读取工作表“花名册”，表头在第 3 行。按合计、说明等跳过第 32、33 行。"


def test_the_clean_sample_becomes_28_members(cast: Cast, capture: Capture) -> None:
    before = Member.objects.filter(branch=cast.ours).count()
    roster = take_in(CLEAN.read_bytes(), into=cast.ours, by=cast["secretary"], capture=capture)
    assert (roster.state, roster.new_count, roster.changed_count) == (ImportState.DONE, 28, 0)
    assert Member.objects.filter(branch=cast.ours).count() == before + 28
    first = Member.objects.select_related("person").get(branch=cast.ours, person__name="赵明远")
    assert (first.sex, first.ethnicity, first.born_on) == ("male", "回族", date(1958, 1, 1))
    assert (first.status, first.admitted_on, first.full_since) == (
        MemberStatus.PROBATIONARY,
        date(2026, 1, 20),
        None,
    )
    assert (str(first.mobile_phone), first.work_unit) == ("19900000000", "镇人民政府办公室")
    assert (first.person.pinyin, first.person.username, first.path) == ("zhaomingyuan", None, cast.ours.path)


def test_a_merged_unit_and_group_hold_for_every_row_they_span(cast: Cast, capture: Capture) -> None:
    factories.make_organization("group", parent=cast.ours, name="第二党小组")
    content = (ROSTERS / "clean_with_groups.xlsx").read_bytes()
    take_in(content, into=cast.ours, by=cast["organization"], capture=capture)
    new = Member.objects.filter(branch=cast.ours, id_index__isnull=False)
    groups = new.order_by("pk").values_list("group__name", flat=True)
    assert list(groups) == ["第一党小组"] * 14 + ["第二党小组"] * 14
    assert new.filter(work_unit="镇农业综合服务中心").count() == 7
    assert {member.path for member in new.filter(group=cast.group)} == {cast.group.path}


def test_the_same_file_again_changes_nothing(cast: Cast, capture: Capture) -> None:
    take_in(CLEAN.read_bytes(), into=cast.ours, by=cast["secretary"], capture=capture)
    versions = list(Member.objects.order_by("pk").values_list("pk", "version"))
    again = preview(CLEAN.read_bytes(), into=cast.ours, by=cast["secretary"], capture=capture)
    assert (again.new_count, again.changed_count, again.unchanged_count, again.error_count) == (0, 0, 28, 0)
    confirm_import(roster=again, actor=cast["secretary"], now=NOW)
    assert list(Member.objects.order_by("pk").values_list("pk", "version")) == versions


def test_every_fault_of_the_sample_is_named_at_its_cell(cast: Cast, capture: Capture) -> None:
    content = (ROSTERS / "faulty.xlsx").read_bytes()
    roster = preview(content, into=cast.ours, by=cast["secretary"], capture=capture)
    assert (roster.new_count, roster.error_count) == (4, 26)
    columns = {line: [column for column, _ in errors] for line, errors in errors_of(roster).items()}
    assert columns == {
        9: ["id_number"],
        10: ["id_number"],
        11: ["id_number"],
        12: ["id_number"],
        13: ["born_on"],
        14: ["sex"],
        15: ["admitted_on"],
        16: ["full_since"],
        17: ["full_since"],
        18: ["group"],
        19: ["branch"],
        20: ["admitted_on"],
        21: ["admitted_on"],
        22: ["admitted_on"],
        23: ["admitted_on"],
        24: ["admitted_on"],
        25: ["mobile_phone"],
        26: ["name"],
        27: ["name"],
        28: ["status"],
        29: ["status"],
        30: ["sex"],
        31: ["state"],
        32: ["is_mobile"],
        33: ["job_title"],
        34: ["id_number"],
    }
    assert "没有用到的列：考核等次。" in roster.message
    assert "跳过第 35、36 行" in roster.message


def test_the_rows_without_fault_go_in_and_the_others_stay(cast: Cast, capture: Capture) -> None:
    content = (ROSTERS / "faulty.xlsx").read_bytes()
    roster = take_in(content, into=cast.ours, by=cast["secretary"], capture=capture)
    assert (roster.new_count, roster.error_count) == (4, 26)
    assert set(roster.rows.values_list("verdict", flat=True)) == {RowVerdict.ERROR}
    new = Member.objects.filter(branch=cast.ours, id_index__isnull=False).order_by("pk")
    assert list(new.values_list("person__name", "admitted_on", "full_since")) == [
        ("赵乙夏", date(2005, 6, 20), date(2006, 6, 20)),
        ("金晓光", date(2005, 6, 20), date(2006, 6, 20)),
        ("孙己冬", date(2010, 6, 20), date(2011, 6, 20)),
        ("李丙秋", date(2005, 6, 20), date(2006, 6, 20)),
    ]


def test_a_changed_row_names_field_by_field(cast: Cast, capture: Capture) -> None:
    secretary = cast["secretary"]
    take_in(roster_bytes([good(学历="大专")]), into=cast.ours, by=secretary, capture=capture)
    rows = [good(学历="大学本科", 手机="19912345678", 党小组="第一小组")]
    roster = preview(roster_bytes(rows), into=cast.ours, by=secretary, capture=capture)
    verdict, row = only_row(roster)
    assert verdict == RowVerdict.CHANGED
    assert [(change["label"], change["before"], change["after"]) for change in row.changes] == [
        ("学历", "大专", "大学本科"),
        ("手机", "", "199****5678"),
        ("党小组", "", "第一党小组"),
    ]
    confirm_import(roster=roster, actor=secretary, now=NOW)
    member = Member.objects.get(person__name="林晓")
    assert (member.education, str(member.mobile_phone), member.group, member.path, member.version) == (
        "大学本科",
        "19912345678",
        cast.group,
        cast.group.path,
        2,
    )


def test_a_blank_cell_erases_nothing(cast: Cast, capture: Capture) -> None:
    take_in(roster_bytes([good(学历="大专")]), into=cast.ours, by=cast["secretary"], capture=capture)
    rows = [good(学历=None), {**good(), "姓名": "空行", "身份证号": None}]
    roster = preview(roster_bytes(rows[:1]), into=cast.ours, by=cast["secretary"], capture=capture)
    assert roster.unchanged_count == 1


def test_a_month_does_not_overwrite_the_day(cast: Cast, capture: Capture) -> None:
    take_in(roster_bytes([good()]), into=cast.ours, by=cast["secretary"], capture=capture)
    rows = [good(入党时间="2010.06", 转正时间="2011年6月")]
    roster = preview(roster_bytes(rows), into=cast.ours, by=cast["secretary"], capture=capture)
    assert roster.unchanged_count == 1


def test_a_month_stands_for_its_first_day_and_says_so(cast: Cast, capture: Capture) -> None:
    rows = [good(入党时间="2010.06", 转正时间="2011年6月")]
    roster = preview(roster_bytes(rows), into=cast.ours, by=cast["secretary"], capture=capture)
    _, row = only_row(roster)
    assert row.notes == ["入党日期只写到月，按 2010-06-01 登记", "转正日期只写到月，按 2011-06-01 登记"]


def test_birth_date_and_sex_come_from_the_number(cast: Cast, capture: Capture) -> None:
    take_in(
        roster_bytes([good(身份证号=id_number(order=2))]),
        into=cast.ours,
        by=cast["secretary"],
        capture=capture,
    )
    member = Member.objects.get(person__name="林晓")
    assert (member.born_on, member.sex) == (date(1985, 3, 12), "female")


def test_confirming_twice_is_refused(cast: Cast, capture: Capture) -> None:
    roster = take_in(roster_bytes([good()]), into=cast.ours, by=cast["secretary"], capture=capture)
    with pytest.raises(NotReady):
        confirm_import(roster=roster, actor=cast["secretary"], now=NOW)
    assert Member.objects.filter(person__name="林晓").count() == 1


def test_two_previews_of_the_same_people_make_them_once(cast: Cast, capture: Capture) -> None:
    """Two officers upload the same list; whoever confirms second is told row by row."""
    rows = roster_bytes([good(), good(姓名="无号", 身份证号=None, 出生年月="1970-01-01")])
    first = preview(rows, into=cast.ours, by=cast["secretary"], capture=capture)
    second = preview(rows, into=cast.ours, by=cast["organization"], capture=capture)
    confirm_import(roster=first, actor=cast["secretary"], now=NOW)
    done = confirm_import(roster=second, actor=cast["organization"], now=NOW)
    assert (done.new_count, done.error_count) == (0, 2)
    assert {words for errors in errors_of(done).values() for _, words in errors} == {
        "预览之后该身份证号已被登记，请重新上传再核对",
        "预览之后本支部已登记同名、同出生日期的党员，请重新上传再核对",
    }
    assert Member.objects.filter(person__name__in=["林晓", "无号"]).count() == 2


def test_a_member_changed_since_the_preview_is_left_alone(cast: Cast, capture: Capture) -> None:
    secretary = cast["secretary"]
    take_in(roster_bytes([good()]), into=cast.ours, by=secretary, capture=capture)
    roster = preview(roster_bytes([good(学历="大专")]), into=cast.ours, by=secretary, capture=capture)
    Member.objects.filter(person__name="林晓").update(education="高中", version=2)
    done = confirm_import(roster=roster, actor=secretary, now=NOW)
    assert (done.changed_count, done.error_count) == (0, 1)
    assert Member.objects.get(person__name="林晓").education == "高中"


def test_a_group_closed_since_the_preview_stops_its_rows(cast: Cast, capture: Capture) -> None:
    rows = roster_bytes([good(党小组="第一党小组")])
    roster = preview(rows, into=cast.ours, by=cast["secretary"], capture=capture)
    cast.group.closed_on = NOW.date()
    cast.group.save()
    done = confirm_import(roster=roster, actor=cast["secretary"], now=NOW)
    assert (done.new_count, done.error_count) == (0, 1)


def test_the_same_file_sent_twice_at_once_is_one_import(cast: Cast, files: Path) -> None:
    """Before the job has run, the second POST gets the first import."""
    content = roster_bytes([good()])
    sent = [
        start_import(
            organization=cast.ours, upload=upload(content), actor=cast["secretary"], now=NOW, today=TODAY
        )
        for _ in range(2)
    ]
    assert sent[0].pk == sent[1].pk
    assert len(list(files.iterdir())) == 1


def test_uploading_again_replaces_the_waiting_preview(cast: Cast, capture: Capture) -> None:
    first = preview(roster_bytes([good()]), into=cast.ours, by=cast["secretary"], capture=capture)
    second = preview(roster_bytes([good()]), into=cast.ours, by=cast["secretary"], capture=capture)
    first.refresh_from_db()
    # openpyxl stamps the minute into the file, so the two may differ; then both wait.
    assert second.state == ImportState.READY
    assert first.state in (ImportState.DROPPED, ImportState.READY)


def test_dropping_leaves_no_personal_data(cast: Cast, capture: Capture) -> None:
    roster = preview(roster_bytes([good()]), into=cast.ours, by=cast["secretary"], capture=capture)
    drop_import(roster=roster, actor=cast["secretary"])
    roster.refresh_from_db()
    assert (roster.state, ImportRow.objects.count()) == (ImportState.DROPPED, 0)
    with pytest.raises(NotReady):
        drop_import(roster=roster, actor=cast["secretary"])


def test_the_uploaded_file_is_gone_after_reading(cast: Cast, capture: Capture, files: Path) -> None:
    preview(roster_bytes([good()]), into=cast.ours, by=cast["secretary"], capture=capture)
    assert list(files.iterdir()) == []


def test_an_unreadable_file_is_refused_in_words_and_deleted(
    cast: Cast, capture: Capture, files: Path
) -> None:
    roster = preview(b"PK\x03\x04 not a workbook", into=cast.ours, by=cast["secretary"], capture=capture)
    assert roster.state == ImportState.REFUSED
    assert roster.message == "文件已损坏或不是 .xlsx 表格，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。"
    assert list(files.iterdir()) == []


def test_an_account_with_a_post_becomes_the_member_of_that_name(cast: Cast, capture: Capture) -> None:
    """The operator opened the secretary's account before any roster was read."""
    branch = factories.make_organization(parent=cast.committee, name="新建党支部")
    person = factories.make_user("林晓", username="linxiao")
    factories.make_post(person, branch, "secretary")
    roster = preview(roster_bytes([good()]), into=branch, by=person, capture=capture)
    assert only_row(roster)[1].notes == ["此人已有账号和任职，导入后与之合并为同一人"]
    confirm_import(roster=roster, actor=person, now=NOW)
    assert Member.objects.get(branch=branch).person == person


def test_the_trail_tells_counts_and_changed_fields_without_numbers(cast: Cast, capture: Capture) -> None:
    secretary = cast["secretary"]
    take_in(roster_bytes([good()]), into=cast.ours, by=secretary, capture=capture)
    take_in(
        roster_bytes([good(手机="19912345678", 学历="大专")]), into=cast.ours, by=secretary, capture=capture
    )
    imported = Deed.objects.filter(action="roster.imported").order_by("pk")
    assert [deed.reason for deed in imported] == [
        "新增 1 人，变更 0 人，无变化 0 人，有问题 0 行",
        "新增 0 人，变更 1 人，无变化 0 人，有问题 0 行",
    ]
    changed = Deed.objects.get(action="member.updated")
    assert [(change["label"], change["before"], change["after"]) for change in changed.changes] == [
        ("学历", "", "大专"),
        ("手机", "", "已修改（内容不显示）"),
    ] or [change["label"] for change in changed.changes] == ["学历", "手机"]
    assert Deed.objects.filter(action="member.created").count() == 1
