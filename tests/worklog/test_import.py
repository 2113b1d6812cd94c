"""Study hours from workbooks as offices make them: preview with reasons, confirm once, never twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from apps.audit.models import Deed
from apps.members.models import ImportState
from apps.members.services_import import WrongFile
from apps.worklog.models import Entry, EntryMember, StudyImport, StudyVerdict
from apps.worklog.services_import import NotReadyHere, confirm_import, drop_import, start_import
from apps.worklog.study_rows import template_sheet, words_of
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.members.rosters import Capture, workbook_bytes
from tests.members.workbooks import CORPUS
from tests.worklog import makers

HEADER = ("姓名", "身份证号后四位或手机", "日期", "类别", "学时", "内容")
GOOD = ("卫青松", None, "2026-05-03", "理论", 2, "党章学习")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def capture(django_capture_on_commit_callbacks: Capture) -> Capture:
    return django_capture_on_commit_callbacks


def book_of(
    rows: Sequence[Sequence[Any]], *, header: Sequence[str] = HEADER, above: Sequence[str] = ()
) -> bytes:
    book = Workbook()
    for line in above:
        book.active.append([line])
    book.active.append(list(header))
    for row in rows:
        book.active.append(list(row))
    return workbook_bytes(book)


def preview(cast: Cast, content: bytes, *, capture: Capture) -> StudyImport:
    """Upload and let the job run, as the worker would after the commit."""
    upload = SimpleUploadedFile("学时.xlsx", content)
    with capture(execute=True):
        made = start_import(branch=cast.ours, upload=upload, actor=cast["secretary"], now=NOW, today=TODAY)
    made.refresh_from_db()
    return made


def told(made: StudyImport) -> list[tuple[int, str, str]]:
    return [(row.line, row.verdict, words_of(row)) for row in made.rows.order_by("line")]


def take_in(cast: Cast, content: bytes, *, capture: Capture) -> StudyImport:
    made = preview(cast, content, capture=capture)
    return confirm_import(study_import=made, actor=cast["secretary"], now=NOW)


def test_nothing_is_written_before_it_is_confirmed(cast: Cast, capture: Capture) -> None:
    made = preview(cast, book_of([GOOD]), capture=capture)
    assert (made.state, made.new_count, made.error_count) == (ImportState.READY, 1, 0)
    assert told(made) == [(2, "new", "2026-05-03 理论 2 学时 党章学习")]
    assert not Entry.objects.exists()


def test_people_at_the_same_training_become_one_entry(cast: Cast, capture: Capture) -> None:
    rows = [
        GOOD,
        ("褚 红", None, "2026.5.3", "政治理论", "2学时", "党章学习"),
        ("郑明", *GOOD[1:4], 4, "党章学习"),
    ]
    done = take_in(cast, book_of(rows), capture=capture)
    assert (done.state, done.new_count) == (ImportState.DONE, 3)
    found = {(str(entry.hours), entry.people.count()) for entry in Entry.objects.all()}
    assert found == {("2.0", 2), ("4.0", 1)}
    actions = list(Deed.objects.order_by("number").values_list("action", flat=True))
    assert actions[1:] == ["study.uploaded", "entry.created", "entry.created", "study.imported"]


def test_the_same_file_again_counts_nothing(cast: Cast, capture: Capture) -> None:
    take_in(cast, book_of([GOOD]), capture=capture)
    again = preview(cast, book_of([GOOD]), capture=capture)
    assert (again.new_count, again.known_count) == (0, 1)
    confirm_import(study_import=again, actor=cast["secretary"], now=NOW)
    assert EntryMember.objects.count() == 1


def test_two_previews_of_one_thing_count_it_once(cast: Cast, capture: Capture) -> None:
    first = preview(cast, book_of([GOOD]), capture=capture)
    second = preview(cast, book_of([GOOD, ("褚红", *GOOD[1:])]), capture=capture)
    confirm_import(study_import=first, actor=cast["secretary"], now=NOW)
    done = confirm_import(study_import=second, actor=cast["secretary"], now=NOW)
    assert (done.new_count, done.known_count) == (1, 1)
    assert EntryMember.objects.count() == 2
    with pytest.raises(NotReadyHere):
        confirm_import(study_import=second, actor=cast["secretary"], now=NOW)


def test_what_an_office_puts_around_its_list_is_passed_over(cast: Cast, capture: Capture) -> None:
    header = ("序号", "学员（必填）", "培训日期", "类 别", "课时数", "培训内容*", "备注")
    rows = [
        (1, "卫青松", date(2026, 5, 3), "业务", "1.5课时", "公文写作", None),
        (2, "褚红", 46145, "综合类", 3, "急救", None),
        ("合计", None, None, None, 4.5, None, None),
        ("填表人：王小兰", None, None, None, None, None, None),
    ]
    content = book_of(rows, header=header, above=["机关一支部学时统计表", "2026年上半年"])
    made = preview(cast, content, capture=capture)
    assert [line[2] for line in told(made)] == [
        "2026-05-03 专业 1.5 学时 公文写作",
        "2026-05-03 辅助 3 学时 急救",
    ]
    assert made.message == "读取工作表“Sheet”，表头在第 3 行。按合计、说明等跳过第 6、7 行。"


def test_cells_merged_down_hold_for_all_names_beside_them(cast: Cast, capture: Capture) -> None:
    book = load_workbook(BytesIO(book_of([GOOD, ("褚红",), ("郑明",)])))
    for column in "CDEF":
        book.active.merge_cells(f"{column}2:{column}4")
    made = preview(cast, workbook_bytes(book), capture=capture)
    assert {line[2] for line in told(made)} == {"2026-05-03 理论 2 学时 党章学习"}
    assert made.new_count == 3


def row(**cells: Any) -> tuple[Any, ...]:
    names = ("name", "digits", "held_on", "category", "hours", "title")
    return tuple((dict(zip(names, GOOD, strict=True)) | cells).values())


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"name": "查无此人"}, "姓名：本支部名册里没有“查无此人”，请核对姓名；刚转来的先在党员名单里登记"),
        ({"name": "蒋立"}, "姓名：本支部名册里没有“蒋立”"),
        ({"name": "卫青松、褚红"}, "姓名：一行只写一个人"),
        ({"name": None}, "姓名：没有姓名，请补上"),
        ({"digits": "12"}, "身份证号后四位或手机：请写身份证号后四位，或 11 位手机号"),
        ({"held_on": "2026.5"}, "日期：只写了年和月，请写到日，如 2026-05-03"),
        ({"held_on": "去年"}, "日期：“去年”不是能识别的日期，请写成 2026-05-03"),
        ({"held_on": None}, "日期：没有日期"),
        ({"held_on": "2026-02-30"}, "日期：2026 年 2 月 30 日不存在"),
        ({"held_on": "2027-05-03"}, "日期：2027-05-03 还没有到"),
        ({"held_on": "1986-05-03"}, "日期：1986-05-03 太早"),
        ({"category": None}, "类别：没有类别，请写理论、专业或辅助"),
        ({"category": "娱乐"}, "类别：“娱乐”不在类别里，请写理论、专业或辅助"),
        ({"hours": -2}, "学时：学时不能是负数"),
        ({"hours": 0}, "学时：一天的学时应大于 0、不超过 24；多天的培训请分成几行"),
        ({"hours": 40}, "学时：一天的学时应大于 0、不超过 24"),
        ({"hours": "90分钟"}, "学时：请换算成学时：45 分钟算 1 学时"),
        ({"hours": "两"}, "学时：“两”不是学时数，请只写数字，如 2 或 1.5"),
        ({"hours": 1.25}, "学时：学时最多一位小数"),
        ({"hours": True}, "学时：没有学时"),
        ({"hours": date(2026, 5, 3)}, "学时：“2026-05-03”不是学时数"),
        ({"hours": None}, "学时：没有学时"),
        ({"title": None}, "内容：没有内容，请写学了什么"),
        ({"title": "长" * 101}, "内容：内容太长"),
    ],
)
def test_every_fault_is_named_with_the_way_to_mend_it(cast: Cast, capture: Capture, cells, words) -> None:
    made = preview(cast, book_of([row(**cells)]), capture=capture)
    [(line, verdict, why)] = told(made)
    assert (line, verdict) == (2, StudyVerdict.ERROR)
    assert why.startswith(words)
    confirm_import(study_import=made, actor=cast["secretary"], now=NOW)
    assert not Entry.objects.exists()


def test_a_row_twice_counts_once_and_a_day_has_24_hours(cast: Cast, capture: Capture) -> None:
    makers.make_study(cast.ours, cast.members["deputy"], held_on=date(2026, 5, 3), hours=Decimal(20))
    rows = [GOOD, GOOD, row(name="郑明", hours=5, title="另一课")]
    assert told(preview(cast, book_of(rows), capture=capture)) == [
        (2, "new", "2026-05-03 理论 2 学时 党章学习"),
        (3, "known", "与第 2 行重复，只计一次"),
        (4, "error", "学时：2026-05-03 这一天合计超过 24 学时，请核对"),
    ]


def test_people_of_one_name_are_told_apart_by_the_last_digits(cast: Cast, capture: Capture) -> None:
    twin = factories.make_member(cast.ours, name="卫青松", mobile_phone="13900001234")
    other = cast.members["member"]
    other.mobile_phone = "13900005678"
    other.save()
    rows = [GOOD, row(digits="1234"), row(digits=13900005678), row(digits="9999")]
    made = preview(cast, book_of(rows), capture=capture)
    assert [line[1] for line in told(made)] == ["error", "new", "new", "error"]
    assert told(made)[0][2] == ("身份证号后四位或手机：本支部有 2 名党员叫“卫青松”，请写身份证号后四位或手机")
    assert "和名册里的对不上" in told(made)[3][2]
    confirm_import(study_import=made, actor=cast["secretary"], now=NOW)
    assert set(EntryMember.objects.values_list("member", flat=True)) == {twin.pk, other.pk}


def test_who_left_after_the_preview_is_not_written(cast: Cast, capture: Capture) -> None:
    made = preview(cast, book_of([GOOD, ("褚红", *GOOD[1:])]), capture=capture)
    member = cast.members["member"]
    member.state, member.state_since = "left", TODAY
    member.save()
    done = confirm_import(study_import=made, actor=cast["secretary"], now=NOW)
    assert (done.new_count, done.error_count) == (1, 1)
    assert told(done) == [(2, "error", "姓名：确认前此人已不在本支部名册里")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (book_of([GOOD], header=("甲", "乙", "丙", "丁", "戊", "己")), "没有找到表头"),
        (
            book_of([GOOD], header=("姓名", "后四位", "日期", "类别", "次数", "内容")),
            "表头里缺少这几列：学时",
        ),
        (book_of([]), "表里只有表头"),
    ],
    ids=["no header", "no hours", "no rows"],
)
def test_a_file_that_is_no_list_is_refused_in_words(cast: Cast, capture: Capture, content, words) -> None:
    made = preview(cast, content, capture=capture)
    assert made.state == ImportState.REFUSED
    assert words in made.message


@pytest.mark.parametrize(
    "name", ["bomb", "billion laughs", "far cell", "half a file", "encrypted book", "macros"]
)
def test_a_hostile_workbook_is_refused_and_hurts_nothing(cast: Cast, capture: Capture, name: str) -> None:
    make, words = CORPUS[name]
    made = preview(cast, make(), capture=capture)
    assert made.state == ImportState.REFUSED
    assert words in made.message
    assert "花名册" not in made.message


def test_only_xlsx_is_taken(cast: Cast) -> None:
    upload = SimpleUploadedFile("学时.xls", b"x")
    with pytest.raises(WrongFile):
        start_import(branch=cast.ours, upload=upload, actor=cast["secretary"], now=NOW, today=TODAY)
    assert not StudyImport.objects.exists()


def test_a_dropped_preview_keeps_no_row(cast: Cast, capture: Capture) -> None:
    made = preview(cast, book_of([GOOD]), capture=capture)
    drop_import(study_import=made, actor=cast["secretary"])
    made.refresh_from_db()
    assert (made.state, made.rows.count()) == (ImportState.DROPPED, 0)


def test_names_and_digits_of_a_preview_are_kept_encrypted(cast: Cast, capture: Capture) -> None:
    from django.db import connection

    made = preview(cast, book_of([row(digits="13900001234")]), capture=capture)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM worklog_studyimportrow WHERE study_import_id = %s", [made.pk])
        assert b"13900001234" not in bytes(cursor.fetchone()[0])


def test_the_pages_lead_from_the_file_to_the_hours(cast: Cast, sign_in: Any, capture: Capture) -> None:
    client = sign_in(cast["organization"])
    content = book_of([GOOD, row(hours=-1)])
    upload = SimpleUploadedFile("学时.xlsx", content)
    with capture(execute=True):
        answer = client.post(reverse("worklog:import_start"), {"branch": cast.ours.pk, "file": upload})
    assert answer.status_code == 302
    made = StudyImport.objects.get()
    page = client.get(reverse("worklog:import_detail", args=[made.pk])).content.decode()
    assert "学时不能是负数" in page
    assert "确认计入" in page
    assert client.post(reverse("worklog:import_confirm", args=[made.pk])).status_code == 302
    assert EntryMember.objects.get().member == cast.members["member"]
    faulty = client.post(reverse("worklog:import_errors", args=[made.pk]))
    rows = list(load_workbook(BytesIO(faulty.content)).active.iter_rows(values_only=True))
    assert rows[3] == ("3", "卫青松", None, "2026-05-03", "理论", "-1", "党章学习", "学时：学时不能是负数")
    again = preview(cast, faulty.content, capture=capture)
    assert again.error_count == 1
    assert client.post(reverse("worklog:import_drop", args=[again.pk])).status_code == 302


def test_the_template_has_our_headings_and_an_example_that_is_never_read(cast: Cast, sign_in: Any) -> None:
    answer = sign_in(cast["secretary"]).get(reverse("worklog:import_template"))
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[2] == HEADER
    assert tuple(template_sheet().header) == HEADER
    assert rows[3][0] == "示例：张三"
