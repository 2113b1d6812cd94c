"""Ledgers and lists of a branch's year: columns and rows, what is told to whom, and nothing that runs."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from apps.audit.models import Deed
from apps.branches.models import Organization
from apps.documents import facts_papers
from apps.documents.facts import OFFERS
from apps.documents.queries_branch import age_on
from apps.documents.services import LEFT_OUT, _filled
from apps.meetings.models import AgendaItem
from apps.members.models import Sex
from apps.rules.kinds import AttendanceStatus, MeetingKind, MemberStatus, TalkOccasion
from apps.ui.export import NOT_IN_XML, Sheet, write_workbook
from tests import factories
from tests.conftest import TODAY, Cast
from tests.documents.reading import HOSTILE, forms, formulas_in, outline, package_of, sheets_of, tables
from tests.plans.makers import make_item, make_plan
from tests.talks.talking import make_talk
from tests.ui.documents import lines_of

S = AttendanceStatus
WORKBOOKS = [offer.name for offer in OFFERS if not offer.is_word]


def take(client: Client, name: str, *, branch: Organization, year: int = 2026) -> HttpResponse:
    return client.post(reverse(f"documents:{name}", args=[branch.pk, year]))


def sheet(client: Client, name: str, *, branch: Organization) -> list[list[object]]:
    """Title, note, header and rows."""
    answer = take(client, name, branch=branch)
    assert answer.status_code == 200, answer
    [found] = sheets_of(answer.content)
    return [list(row) for row in found.iter_rows(values_only=True)]


@pytest.fixture
def secretary(cast: Cast, sign_in) -> Client:
    return sign_in(cast["secretary"])


def filed(cast: Cast, day: date, marks: dict[str, str], **fields: object) -> None:
    meeting = factories.make_meeting(
        cast.ours, MeetingKind.GENERAL, held_on=day, recorded_by=cast["secretary"], **fields
    )
    AgendaItem.objects.create(meeting=meeting, position=1, title="学习文件")
    for role, status in marks.items():
        factories.make_attendance(meeting, cast.members[role], status=status, reason=REASONS.get(status, ""))


REASONS = {S.SICK_LEAVE: "感冒"}


def test_the_ledger_of_sittings_has_a_line_for_each_that_is_filed(cast: Cast, secretary: Client) -> None:
    filed(cast, date(2026, 3, 5), {"secretary": S.PRESENT, "member": S.SICK_LEAVE}, place="会议室")
    filed(cast, date(2026, 4, 2), {"secretary": S.PRESENT}, state="open", closed_at=None)
    filed(cast, date(2025, 12, 31), {"secretary": S.PRESENT})
    title, note, header, *rows = sheet(secretary, "meeting_book", branch=cast.ours)
    assert title[0] == "青川镇机关第一党支部2026年会议台账"
    assert note[0] == "导出日期：2026-11-20　共 1 次，只列已归档的会议活动。"
    assert header == [
        "序号", "日期", "时间", "类别", "名称", "召开单位", "地点", "主持人", "记录人", "应到", "实到",
        "缺席人员及原因", "议题",
    ]  # fmt: skip
    [row] = rows
    assert row[0] == 1
    assert row[1].date() == date(2026, 3, 5)
    assert row[2:] == [
        "—", "党员大会", "十月党员大会", "青川镇机关第一党支部", "会议室", "—", "—", 2, 1,
        "卫青松（病假，感冒）", "学习文件",
    ]  # fmt: skip


def test_attendance_counts_each_members_months(cast: Cast, secretary: Client) -> None:
    filed(cast, date(2026, 3, 5), {"member": S.PRESENT, "deputy": S.ABSENT})
    filed(cast, date(2026, 3, 19), {"member": S.SICK_LEAVE, "deputy": S.EXEMPT})
    filed(cast, date(2026, 5, 7), {"member": S.OFFICIAL_LEAVE, "deputy": S.PRESENT})
    _, _, header, *rows = sheet(secretary, "attendance_book", branch=cast.ours)
    assert header == [
        "序号", "姓名", *(f"{month}月" for month in range(1, 13)),
        "应到次数", "出席次数", "请假次数", "缺席次数", "学时累计", "补学情况",
    ]  # fmt: skip
    by_name = {row[1]: row for row in rows}
    assert by_name["卫青松"][2:] == [
        "—",
        "—",
        "出席1\n请假1（感冒）",
        "—",
        "请假1",
        *["—"] * 7,
        3,
        1,
        2,
        0,
        0,
        "　",
    ]
    assert by_name["郑明"][2:] == ["—", "—", "缺席1", "—", "出席1", *["—"] * 7, 2, 1, 0, 1, 0, "　"]
    assert [row[1] for row in rows] == ["卫青松", "郑明"]


def test_the_ledger_of_talks_tells_facts_and_keeps_reminders_to_those_in_charge(cast: Cast, sign_in) -> None:
    people = cast.members["secretary"], cast.members["member"]
    make_talk(*people, held_on=date(2026, 4, 1))
    make_talk(*people, held_on=date(2026, 5, 1), occasion=TalkOccasion.REMINDER)
    told = {}
    for role in ("secretary", "discipline", "deputy", "organization"):
        _, _, header, *rows = sheet(sign_in(cast[role]), "talk_book", branch=cast.ours)
        told[role] = [row[4] for row in rows]
    assert header == ["序号", "日期", "谈话双方", "双方类别", "谈话类别", "跟进日期", "办结日期"]
    assert rows[0][2] == "卫青松、吴向前"
    assert told == {
        "secretary": ["常规谈心", "提醒谈话"],
        "discipline": ["常规谈心", "提醒谈话"],
        "deputy": ["常规谈心"],
        "organization": ["常规谈心"],
    }


def test_members_away_stand_there_with_their_numbers_masked(cast: Cast, secretary: Client) -> None:
    member = cast.members["member"]
    member.id_number, member.mobile_phone = "11010519491231002X", "13800001234"
    member.is_mobile, member.mobile_place, member.mobile_since = True, "=1+1", date(2026, 2, 1)
    member.save()
    _, _, header, row = sheet(secretary, "mobile_book", branch=cast.ours)
    told = dict(zip(header, row, strict=True))
    assert (told["姓名"], told["外出地点"]) == ("卫青松", "=1+1")
    assert "19491231" not in str(told["身份证号"])
    assert "0000" not in str(told["手机"])
    assert told["手机"].endswith("1234")


def test_the_sheet_of_basics_counts_the_members(cast: Cast, secretary: Client) -> None:
    member, deputy = cast.members["member"], cast.members["deputy"]
    member.sex, member.ethnicity, member.born_on = Sex.FEMALE, "回族", date(1991, 11, 20)
    deputy.sex, deputy.ethnicity, deputy.born_on = Sex.MALE, "汉族", date(1966, 11, 21)
    deputy.status, deputy.full_since = MemberStatus.PROBATIONARY, None
    member.save()
    deputy.save()
    _, _, _, *rows = sheet(secretary, "basics_book", branch=cast.ours)
    told = dict(rows)
    assert told["党支部名称"] == "青川镇机关第一党支部"
    assert (told["党支部书记"], told["成立时间"]) == ("吴向前", "2015年7月1日")
    assert told["支委分工"].split("\n")[:2] == ["支部书记 吴向前", "支部副书记 郑明"]
    assert (told["党员总数"], told["其中：正式党员"], told["预备党员"]) == ("7 人", "6 人", "1 人")
    assert (told["女党员"], told["少数民族党员"]) == ("1 人", "1 人")
    assert (told["35 岁及以下"], told["60 岁及以上"]) == ("1 人", "0 人")
    assert told["花名册未登记"] == "性别 5 人；民族 5 人；出生日期 5 人"
    assert told["本届起止"] == "第3届，2025年3月1日至2028年3月1日"
    assert told["下次换届"] == "2028年3月1日前"
    package = package_of(take(secretary, "basics_paper", branch=cast.ours).content)
    assert outline(package) == [("Title", "党支部基本情况表")]
    [form] = forms(package)
    assert {label: value or "无" for label, value in told.items() if value != "—"}.items() <= form.items()


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
        (date(1990, 11, 20), TODAY, 36),
        (date(1990, 11, 21), TODAY, 35),
    ],
)
def test_age_is_counted_in_full_years(born: date, day: date, age: int) -> None:
    assert age_on(day, born_on=born) == age


def test_the_annual_plan_has_its_four_parts(cast: Cast, secretary: Client) -> None:
    plan = make_plan(cast.ours, guiding="学习\n落实", goals="建好支部", created_by=cast["secretary"])
    make_item(plan, 5, form="参观", owner=cast["deputy"])
    answer = secretary.post(reverse("documents:plan", args=[plan.pk]))
    package = package_of(answer.content)
    assert outline(package) == [
        ("Title", "青川镇机关第一党支部2026年度工作计划"),
        ("Heading1", "一、指导思想"),
        ("Heading1", "二、工作目标"),
        ("Heading1", "三、月度安排"),
        ("Heading1", "四、保障措施"),
    ]
    assert tables(package) == [
        [["月份", "事项", "形式", "责任人"], ["5 月", "红色教育基地参观", "参观", "郑明"]]
    ]
    lines = lines_of(package)
    assert lines[2:4] == ["学习", "落实"]
    assert lines[-3:-1] == ["青川镇机关第一党支部", "2026年1月20日"]


def test_what_is_to_be_put_right_stands_in_the_list_until_the_year_after(
    cast: Cast, secretary: Client
) -> None:
    one = factories.make_rectification(cast.ours, title="记录不规范")
    gone = factories.make_rectification(cast.ours, title="早已办好", state="done", closed_on=date(2025, 6, 1))
    for task, day in ((one, date(2025, 3, 1)), (gone, date(2025, 3, 1))):
        task.rectification.found_on = day
        task.rectification.save()
    package = package_of(take(secretary, "rectification_paper", branch=cast.ours).content)
    [[header, *rows]] = tables(package)
    assert header == ["序号", "问题", "整改措施", "责任人", "时限", "进展", "销号日期"]
    assert [row[1] for row in rows] == ["记录不规范"]
    assert outline(package)[0] == ("Title", "2026年问题整改清单")


def test_a_list_too_long_for_paper_is_refused_and_never_cut(
    cast: Cast, secretary: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_papers, "MOST_ROWS", 1)
    for title in ("甲", "乙"):
        factories.make_rectification(cast.ours, title=title)
    answer = take(secretary, "rectification_paper", branch=cast.ours)
    assert answer.status_code == 302


def test_what_was_asked_from_above_is_listed_in_two_tables(cast: Cast, secretary: Client) -> None:
    factories.make_directive(cast.ours, title="关于学习的通知", received_on=date(2026, 3, 2))
    factories.make_assigned(cast.ours, title="报送名单")
    package = package_of(take(secretary, "from_above_paper", branch=cast.ours).content)
    documents, tasks = tables(package)
    assert [row[1].partition("（")[0] for row in documents] == ["文件", "关于学习的通知"]
    assert [row[1] for row in tasks] == ["事项", "报送名单"]


@pytest.mark.parametrize(
    "name",
    [
        "meeting_book",
        "attendance_book",
        "talk_book",
        "mobile_book",
        "rectification_paper",
        "from_above_paper",
    ],
)
def test_a_document_of_nothing_is_refused_in_words_and_leaves_no_deed(
    cast: Cast, secretary: Client, name: str
) -> None:
    before = Deed.objects.count()
    answer = secretary.post(reverse(f"documents:{name}", args=[cast.ours.pk, 2026]), follow=True)
    assert answer.redirect_chain == [(f"/documents/?branch={cast.ours.pk}&year=2026", 302)]
    [message] = answer.context["messages"]
    assert "没有" in str(message)
    assert Deed.objects.count() == before


@pytest.mark.parametrize("year", [0, 1999, 2101, 99999])
def test_a_year_that_is_none_is_not_found(cast: Cast, secretary: Client, year: int) -> None:
    assert take(secretary, "basics_book", branch=cast.ours, year=year).status_code == 404
    assert secretary.get(f"/documents/?year={year}").context["year"] == 2026


def test_a_workbook_is_a_deed_and_tells_who_and_when(cast: Cast, secretary: Client) -> None:
    answer = take(secretary, "basics_book", branch=cast.ours)
    deed = Deed.objects.latest("number")
    assert (deed.action, deed.reason, deed.object_id) == (
        "document.exported",
        "支部基本情况表（Excel）",
        cast.ours.pk,
    )
    about = load_workbook(BytesIO(answer.content)).properties
    assert (about.creator, f"{about.created:%Y-%m-%d %H:%M}") == ("吴向前", "2026-11-20 02:30")
    assert "支部基本情况表.xlsx" in unquote(answer["Content-Disposition"])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words_in_every_workbook(cast: Cast, secretary: Client, text: str) -> None:
    short = text[:50]
    filed(cast, date(2026, 3, 5), {"member": S.PRESENT}, title=short, place=short)
    make_talk(cast.members["secretary"], cast.members["member"], held_on=date(2026, 4, 1))
    person = cast["member"]
    person.name = short
    person.save()
    cast.members["member"].mobile_place = short
    cast.members["member"].is_mobile = True
    cast.members["member"].save()
    factories.make_rectification(cast.ours, title=short)
    factories.make_directive(cast.ours, title=short, received_on=date(2026, 3, 2))
    kept = NOT_IN_XML.sub("", short)
    for name in WORKBOOKS:
        answer = take(secretary, name, branch=cast.ours)
        assert formulas_in(answer.content) == 0
        cells = [cell for row in sheets_of(answer.content)[0].iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        if name not in ("basics_book", "talk_book"):
            assert kept in [cell.value for cell in cells], name
            assert any(LEFT_OUT in str(cell.value) for cell in cells) == (kept != short)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(max_size=200), min_size=1, max_size=5))
def test_any_text_comes_back_as_it_was_and_is_no_formula(texts: list[str]) -> None:
    made = Sheet(name="表", header=["甲"] * len(texts), rows=[texts])
    buffer = BytesIO()
    write_workbook(buffer, [_filled(made)])
    assert formulas_in(buffer.getvalue()) == 0
    [found] = sheets_of(buffer.getvalue())
    for cell, text in zip(list(found.iter_rows())[-1], texts, strict=True):
        assert cell.data_type in ("s", "n")
        kept = NOT_IN_XML.sub("", text or "—")
        assert unescape(cell.value or "") == kept


def test_no_cell_of_a_ledger_is_empty() -> None:
    made = _filled(Sheet(name="表", header=["甲", "乙", "丙"], rows=[("", None, 0)]))
    assert made.rows == [["—", "—", 0]]


def test_a_year_of_three_sittings_asks_as_often_as_a_year_of_one(cast: Cast, secretary: Client) -> None:
    asked = []
    take(secretary, "basics_book", branch=cast.ours)
    for day in (date(2026, 3, 5), date(2026, 4, 2), date(2026, 5, 7)):
        filed(cast, day, {"secretary": S.PRESENT, "member": S.ABSENT})
        if day.month != 4:
            with CaptureQueriesContext(connection) as queries:
                take(secretary, "meeting_book", branch=cast.ours)
                take(secretary, "attendance_book", branch=cast.ours)
            asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_page_lists_every_document_with_a_sentence_and_a_button(cast: Cast, secretary: Client) -> None:
    page = secretary.get("/documents/").content.decode()
    for offer in OFFERS:
        assert offer.purpose in page
        assert offer.label in page
        assert f'action="{reverse(f"documents:{offer.name}", args=[cast.ours.pk, 2026])}"' in page
    assert "2026 年的计划还没有" in page


def test_the_page_offers_the_plan_once_there_is_one(cast: Cast, secretary: Client) -> None:
    plan = make_plan(cast.ours, created_by=cast["secretary"])
    page = secretary.get("/documents/?year=2026").content.decode()
    assert f'action="/documents/plans/{plan.pk}/"' in page


def test_an_organizer_chooses_among_his_branches_and_is_offered_no_talks(cast: Cast, sign_in) -> None:
    client = sign_in(cast["organizer"])
    page = client.get(f"/documents/?branch={cast.sibling.pk}")
    assert [branch.pk for branch in page.context["branches"]] == [cast.ours.pk, cast.sibling.pk]
    assert page.context["branch"] == cast.sibling
    offered = [line.label for _, lines in page.context["sections"] for line in lines]
    assert "学习考勤台账" in offered
    assert "谈心谈话台账" not in offered
    assert client.get(f"/documents/?branch={cast.elsewhere.pk}").status_code == 404


def test_the_page_asks_as_often_for_three_branches_as_for_one(cast: Cast, sign_in) -> None:
    client, asked = sign_in(cast["organizer"]), []
    client.get("/documents/")
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/documents/?branch={cast.ours.pk}")
        asked.append(len(queries))
        for _ in range(2):
            factories.make_organization(parent=cast.committee)
    assert asked[0] == asked[1]


def test_whoever_has_no_branch_below_reads_what_will_stand_there(cast: Cast, sign_in) -> None:
    alone = factories.make_user("新组织", username="new_organizer")
    committee = factories.make_organization("committee", name="新设党委")
    factories.make_post(alone, committee, "organizer")
    assert "您的范围内还没有党支部" in sign_in(alone).get("/documents/").content.decode()


def test_the_menu_leads_there(cast: Cast, sign_in) -> None:
    assert 'href="/documents/"' in sign_in(cast["secretary"]).get("/").content.decode()
    assert 'href="/documents/"' not in sign_in(cast["member"]).get("/").content.decode()
