"""The reports on a year and the papers of an election: their parts, what is filled in, what is left open."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Deed
from apps.branches.models import Organization
from apps.documents.facts import OFFERS
from apps.ledger.models import Standing
from apps.meetings.models import AgendaItem, Candidate, Motion, MotionState
from apps.members.models import Sex
from apps.rules.kinds import (
    AttendanceStatus,
    ElectionExclusion,
    Matter,
    MeetingKind,
    MemberStatus,
    TalkOccasion,
    VoteMethod,
)
from tests import factories
from tests.conftest import Cast
from tests.documents.reading import forms, outline, package_of, sheets_of, tables
from tests.plans.makers import make_item, make_plan, make_project
from tests.talks.talking import make_talk
from tests.ui.documents import lines_of
from tests.worklog.makers import make_study

H1, H2 = "Heading1", "Heading2"


def word(client: Client, name: str, *, branch: Organization, year: int = 2026) -> ZipFile:
    answer = client.post(reverse(f"documents:{name}", args=[branch.pk, year]))
    assert answer.status_code == 200, name
    return package_of(answer.content)


def elected(cast: Cast, matter: str, *, on: date, votes: dict[str, int], **fields: object) -> Motion:
    kind = MeetingKind.GENERAL if matter == Matter.ELECTION else MeetingKind.COMMITTEE
    meeting = factories.make_meeting(
        cast.ours, kind, held_on=on, title="换届大会", recorded_by=cast["secretary"]
    )
    factories.make_attendance(meeting, cast.members["secretary"])
    factories.make_attendance(meeting, cast.members["member"], status=AttendanceStatus.ABSENT)
    item = AgendaItem.objects.create(meeting=meeting, position=1, title="选举")
    motion = Motion.objects.create(
        item=item,
        matter=matter,
        text="选举委员",
        method=VoteMethod.SECRET_BALLOT,
        **{"seats": 2, "entitled": 7, "present": 6, "ballots_issued": 6, "ballots_returned": 6} | fields,
        scrutineers="卫青松",
        tellers="褚红",
        state=MotionState.PASSED,
        needed=4,
        rule_code="VOTE-3",
        explanation="当选",
        idempotency_key=uuid.uuid4(),
    )
    for name, number in votes.items():
        Candidate.objects.create(
            motion=motion, name=name, votes_for=number, votes_against=6 - number, elected=number > 3
        )
    return motion


@pytest.fixture
def year(cast: Cast) -> Cast:
    """A year of our branch with one of everything."""
    members = cast.members
    elected(cast, Matter.ELECTION, on=date(2026, 3, 5), votes={"吴向前": 6, "郑明": 5, "王小兰": 2})
    elected(cast, Matter.COMMITTEE_ELECTION, on=date(2026, 3, 6), votes={"吴向前": 6}, seats=1)
    make_study(cast.ours, members["member"], members["deputy"])
    for day in (1, 2, 3):
        make_talk(members["secretary"], members["member"], held_on=date(2026, 4, day))
    make_talk(
        members["secretary"], members["deputy"], held_on=date(2026, 4, 4), occasion=TalkOccasion.REMINDER
    )
    factories.make_directive(cast.ours, received_on=date(2026, 3, 2))
    factories.make_rectification(cast.ours, title="台账不全", found_on=date(2025, 12, 1))
    make_item(make_plan(cast.ours, created_by=cast["secretary"]))
    make_project(cast.ours, created_by=cast["secretary"])
    factories.make_member(cast.ours, name="秦新", status=MemberStatus.PROBATIONARY)
    members["discipline"].election_exclusion = ElectionExclusion.ABROAD
    members["discipline"].save()
    return cast


REPORT = [
    (H1, "一、上年问题整改情况"),
    (H1, "二、本年履职情况"),
    (H2, "（一）组织生活"),
    (H2, "（二）书记和班子"),
    (H2, "（三）党员和岗位"),
    (H2, "（四）任务、计划和整改"),
    (H2, "（五）共同开展"),
    (H1, "三、特色做法"),
    (H1, "四、存在的问题和原因"),
    (H1, "五、下一步打算"),
]
REQUEST = [(H1, "一、党员情况"), (H1, "二、拟选名额"), (H1, "三、选举办法"), (H1, "四、时间安排")]
SUMMARY = [(H1, "一、基本情况"), (H1, "二、主要工作与数据"), (H1, "三、存在的问题"), (H1, "四、明年打算")]
STEPS = (
    "清点人数，宣布开会", "上届工作报告", "党费收缴使用情况报告", "通过选举办法", "介绍支部委员会委员候选人",
    "通过监票人、计票人名单", "分发和填写选票", "投票、计票", "宣布选举结果", "新当选的同志表态",
    "上级党组织讲话", "宣布闭会",
)  # fmt: skip
NUMBERS = "一二三四五六七八九"
TO_WRITE = ("序号", "姓名", "性别", "出生年月", "入党时间", "现任职务")
#: Document → its title, the headings below it, the first row of each table (of a form: its labels).
PAPERS: dict[str, tuple[str, list[tuple[str, str]], list[tuple[str, ...]]]] = {
    "duty_paper": (
        "2026年度抓基层党建工作述职报告",
        REPORT,
        [
            ("序号", "上年发现的问题", "整改措施", "整改情况"),
            ("项目", "情况"),
            *[("项目", "结果", "做到／应做到")] * 5,
            ("项目", "结果", "要求"),
        ],
    ),
    "summary_paper": (
        "2026年度工作总结",
        SUMMARY,
        [("党支部名称", "青川镇机关第一党支部"), ("项目", "情况"), ("项目", "结果", "要求")],
    ),
    "election_request": ("关于召开党员大会进行换届选举的请示", REQUEST, []),
    "election_nominations": (
        "青川镇机关第一党支部候选人推荐汇总表",
        [],
        [(*TO_WRITE, "推荐小组数", "推荐人数")],
    ),
    "election_candidates": (
        "关于支部委员会委员和书记、副书记候选人预备人选的请示",
        [],
        [(*TO_WRITE, "拟任职务")],
    ),
    "election_electorate": (
        "青川镇机关第一党支部党员名册（选举用）",
        [],
        [("序号", "姓名", "人员类别", "入党日期", "党小组", "应到会", "说明")],
    ),
    "election_exclusions": (
        "关于部分党员不计入选举应到会人数的请示",
        [],
        [("序号", "姓名", "情形", "具体说明")],
    ),
    "election_rules": ("青川镇机关第一党支部换届选举办法", [], []),
    "election_agenda": (
        "换届选举党员大会议程和主持词",
        [
            (H1, "一、议程"),
            (H1, "二、主持词"),
            *(
                (H2, f"（{n}）{step}")
                for n, step in zip((*NUMBERS, "十", "十一", "十二"), STEPS, strict=True)
            ),
        ],
        [("时间", "【　　年　　月　　日】")],
    ),
    "election_tellers": ("监票人、计票人建议名单", [], [("职责", "姓名", "所在党小组", "备注")]),
    "election_ballot": (
        "第4届支部委员会委员选票",
        [],
        [("候选人（按姓氏笔画为序）", "赞成", "不赞成", "弃权"), ("另选他人姓名",)],
    ),
    "election_count": (
        "选举计票结果报告单",
        [(H1, "党员大会选举：选举委员"), (H1, "支委会选举书记、副书记：选举委员")],
        [("会议", "2026年3月5日　换届大会"), ("会议", "2026年3月6日　换届大会")],
    ),
    "election_result": ("关于换届选举结果的请示", [], []),
    "election_posts": ("青川镇机关第一党支部委员分工", [], [("职务", "姓名", "任职时间", "分管工作")]),
    "election_handover": (
        "青川镇机关第一党支部工作移交单",
        [],
        [("序号", "移交内容", "数量", "说明", "核对")],
    ),
}


def test_every_paper_has_its_parts_and_is_a_deed(year: Cast, sign_in) -> None:
    client, before = sign_in(year["secretary"]), Deed.objects.count()
    found = {}
    for name in PAPERS:
        package = word(client, name, branch=year.ours)
        parts = [part for part in outline(package) if part[0] != "Subtitle"]
        found[name] = (parts[0][1], parts[1:], [tuple(table[0]) for table in tables(package)])
    assert found == PAPERS
    assert {offer.name for offer in OFFERS if offer.is_word} - set(PAPERS) == TESTED_ELSEWHERE
    assert Deed.objects.filter(action="document.exported").count() == Deed.objects.count() - before
    assert Deed.objects.count() - before == len(PAPERS)


TESTED_ELSEWHERE = {"basics_paper", "rectification_paper", "from_above_paper"}


def test_the_report_tells_numbers_and_leaves_every_sentence_to_the_secretary(year: Cast, sign_in) -> None:
    package = word(sign_in(year["secretary"]), "duty_paper", branch=year.ours)
    last_year, numbers, org_life, team, *_ = tables(package)
    assert last_year[1:] == [["1", "台账不全", "每月底由组织委员核对一次。", "正在整改"]]
    assert numbers[1:] == [
        ["党员大会", "1 次"],
        ["支委会", "1 次"],
        ["会议活动到会", "应到 4 人次，实到 2 人次"],
        ["党员学时", "共 4 学时；有学时要求的 8 人，达到进度的 0 人"],
        ["谈心谈话", "3 次（不含提醒谈话）"],
        ["上级来文", "收到 1 件，已传达 0 件"],
        ["上级交办任务", "0 项，已完成 0 项"],
        ["年度计划", "1 项，已完成 0 项"],
        ["决议落实", "0 项，已完成 0 项"],
        ["诉求办理", "0 件，已办结 0 件"],
        ["问题整改", "1 个，已销号 0 个"],
    ]
    assert ["组织生活参加率", "50%", "2 / 4"] in org_life
    assert ["书记谈心", "已开展（不足 3 人次不显示数字）", "—"] in team
    lines = lines_of(package)
    assert "提醒谈话跟踪率" not in lines
    assert "特色项目：党员帮办（2026年2月10日起）" in lines
    assert len([line for line in lines if line.startswith("【请填写：")]) == 9
    assert "述职人：吴向前" in lines


def test_the_report_says_the_same_to_everybody(year: Cast, sign_in) -> None:
    told = [
        lines_of(word(sign_in(year[role]), "duty_paper", branch=year.ours))
        for role in ("secretary", "publicity", "organizer")
    ]
    assert told[0] == told[1] == told[2]


def test_a_year_to_come_has_no_report(cast: Cast, sign_in) -> None:
    answer = sign_in(cast["secretary"]).post(
        reverse("documents:summary_paper", args=[cast.ours.pk, 2027]), follow=True
    )
    assert [str(one) for one in answer.context["messages"]] == ["这一年还没有到，没有数据可以写进材料。"]


def test_an_election_is_prepared_with_the_numbers_of_the_rules(year: Cast, sign_in) -> None:
    client = sign_in(year["secretary"])
    request = "".join(lines_of(word(client, "election_request", branch=year.ours)))
    assert "第3届支部委员会于2025年3月1日选举产生，任期3年，2028年3月1日届满。" in request
    assert "正式党员7名、预备党员1名。按今天的登记，有选举权并计入应到会人数的7名。" in request
    assert "应选5名的，候选人不少于6名。" in request
    assert "应到会7名，须到会6名。" in "".join(lines_of(word(client, "election_rules", branch=year.ours)))
    [people] = tables(word(client, "election_electorate", branch=year.ours))
    assert {row[1]: (row[5], row[6]) for row in people[1:]} == dict.fromkeys(
        ("褚红", "冯刚", "王小兰", "卫青松", "吴向前", "郑明"), ("计入", "—")
    ) | {
        "陈静": ("计入", "仍计入应到会人数：还没有上级党组织同意、党员大会通过"),
        "秦新": ("不计入", "预备党员没有表决权、选举权"),
    }
    [left_out] = tables(word(client, "election_exclusions", branch=year.ours))
    assert left_out[1:] == [["1", "陈静", "自费出国（境）半年以上", "　"]]


def test_the_result_comes_from_the_filed_votes_and_is_blank_without_them(year: Cast, sign_in) -> None:
    client = sign_in(year["secretary"])
    assembly, committee = forms(word(client, "election_count", branch=year.ours))
    assert assembly["有选举权"] == "应到 7 人，实到 6 人"
    assert assembly["候选人 郑明"] == "赞成 5，反对 1，弃权 0"
    assert (assembly["当选"], committee["当选"]) == ("吴向前、郑明", "吴向前")
    result = "".join(lines_of(word(client, "election_result", branch=year.ours)))
    assert "应到会有选举权的党员7名，实到6名。经无记名投票，吴向前、郑明当选。" in result
    assert "2026年3月6日召开新一届支部委员会第一次全体会议，选举吴向前为" in result
    blank = tables(word(client, "election_count", branch=year.ours, year=2025))
    assert blank[0][1:] == [[label, "　"] for label in BLANK]
    assert len(blank[1]) == 1 + 6 + 2
    result = "".join(lines_of(word(client, "election_result", branch=year.ours, year=2025)))
    assert "经无记名投票，【姓名，按得票或姓氏笔画】当选。" in result


BLANK = ("应到会（有选举权）", "实到会（有选举权）", "发出选票", "收回选票", "有效票", "无效票")


def test_a_small_branch_elects_a_secretary_and_no_committee(cast: Cast, sign_in) -> None:
    cast.sibling.terms.update(with_committee=False)
    client = sign_in(cast["organizer"])
    told = {name: word(client, name, branch=cast.sibling) for name in PAPERS if name.startswith("election")}
    assert outline(told["election_ballot"])[0] == ("Title", "支部书记选票")
    assert outline(told["election_candidates"])[0] == ("Title", "关于书记、副书记候选人预备人选的请示")
    assert "不设支部委员会" in "".join(lines_of(told["election_request"]))
    assert len(tables(told["election_exclusions"])[0]) == 1 + 4
    words = "".join(line for package in told.values() for line in lines_of(package))
    assert words.count("支部委员会") == words.count("不设支部委员会") == 1


def test_the_transfer_form_has_the_record_but_no_number(year: Cast, sign_in) -> None:
    member = year.members["member"]
    member.id_number, member.mobile_phone, member.address = "11010519491231002X", "13800001234", "柳树街1号"
    member.sex, member.born_on = Sex.MALE, date(1985, 11, 21)
    member.save()
    client = sign_in(year["secretary"])
    answer = client.post(reverse("documents:transfer", args=[member.pk]))
    package = package_of(answer.content)
    [form] = forms(package)
    assert (form["姓名"], form["出生日期"]) == ("卫青松", "1985年11月21日（40 岁）")
    assert (form["所在党支部"], form["上级党组织"]) == ("青川镇机关第一党支部", "青川镇党委")
    written = "".join(lines_of(package))
    assert not [secret for secret in ("1949", "1380000", "柳树街") if secret in written]
    deed = Deed.objects.latest("number")
    assert (deed.reason, deed.object_id) == ("组织关系转接登记表（Word）", member.pk)
    button = f'action="{reverse("documents:transfer", args=[member.pk])}"'
    assert button in client.get(f"/members/{member.pk}/").content.decode()
    assert button not in sign_in(year["deputy"]).get(f"/members/{member.pk}/").content.decode()


def test_the_workbooks_beside_the_word_ledgers_say_the_same(year: Cast, sign_in) -> None:
    client = sign_in(year["secretary"])
    answer = client.post(reverse("documents:rectification_book", args=[year.ours.pk, 2026]))
    [[*_, header, row]] = [list(one.iter_rows(values_only=True)) for one in sheets_of(answer.content)]
    told = dict(zip(header, row, strict=True))
    assert (told["问题"], told["问题来源"], told["发现日期"]) == (
        "台账不全",
        "支部自查",
        datetime(2025, 12, 1, tzinfo=None),  # noqa: DTZ001 - a day as the workbook has it
    )
    answer = client.post(reverse("documents:from_above_book", args=[year.ours.pk, 2026]))
    documents, tasks = sheets_of(answer.content)
    assert [cell.value for cell in documents[4]][:3] == [1, "关于做好冬季安全工作的通知", "2026.03.02"]
    assert (documents.title, tasks.title, tasks.max_row) == ("上级来文", "上级交办的任务", 3)


def test_hours_stand_beside_attendance_also_of_those_who_were_at_no_sitting(year: Cast, sign_in) -> None:
    answer = sign_in(year["secretary"]).post(reverse("documents:attendance_book", args=[year.ours.pk, 2026]))
    _, _, *rows = [list(row) for row in sheets_of(answer.content)[0].iter_rows(values_only=True)]
    hours = {row[1]: row[-2] for row in rows[1:]}
    assert hours == {"卫青松": 2, "吴向前": 0, "郑明": 2}


def test_three_of_everything_ask_as_often_as_one(year: Cast, sign_in) -> None:
    client, asked = sign_in(year["secretary"]), []
    names = ("duty_paper", "summary_paper", "election_electorate", "election_count", "election_handover")
    client.get("/documents/")
    for _ in range(2):
        Standing.objects.update(revision=uuid.uuid4())
        with CaptureQueriesContext(connection) as queries:
            for name in names:
                word(client, name, branch=year.ours)
        asked.append(len(queries))
        for number in range(2):
            elected(year, Matter.ELECTION, on=date(2026, 6, 1 + number), votes={"郑明": 5, "冯刚": 1})
            factories.make_rectification(year.ours, found_on=date(2025, 12, 2))
            factories.make_member(year.ours)
            make_talk(year.members["secretary"], year.members["organization"], held_on=date(2026, 5, 1))
    assert asked[0] == asked[1]
