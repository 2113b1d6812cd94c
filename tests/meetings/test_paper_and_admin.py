"""Sittings on paper and in the admin panel."""

from datetime import date

import pytest
from django.test import Client

from apps.meetings.models import Meeting
from apps.meetings.services_close import cancel_meeting
from apps.meetings.services_roll import mark_attendance
from apps.rules.kinds import ExemptReason, MeetingKind
from tests import factories
from tests.conftest import Cast
from tests.meetings.sittings import line, logged, planned, text_of, url, with_item
from tests.meetings.vote_rooms import election, make_room, take

K = MeetingKind


def test_the_minutes_on_paper_carry_every_field(cast: Cast, secretary: Client) -> None:
    meeting = logged(
        cast,
        place="二楼会议室",
        chair=cast.members["secretary"],
        recorder=cast.members["publicity"],
        invitees="蒋立 团委书记",
    )
    mark_attendance(
        attendance=line(meeting, "郑明"), status="sick_leave", reason="住院", actor=cast["secretary"]
    )
    with_item(meeting, cast["secretary"], reporter="王小兰", discussion="讨论充分")
    words = text_of(secretary.get(url("print", meeting.pk)))
    for expected in (
        "支委会会议记录",
        "11月支委会",
        "届次 第3届",
        "时间 2026年11月20日",
        "地点 二楼会议室",
        "主持人 吴向前",
        "记录人 冯刚",
        "应到委员 5 人",
        "实到 4 人",
        "有表决权 应到 5 人，实到 4 人",
        "缺席及原因 郑明（病假，住院）",
        "列席 蒋立（团委书记）",
        "议题 1 研究年度计划",
        "汇报人 王小兰",
        "讨论情况 讨论充分",
        "表决 无",
        "决议 同意年度计划",
        "落实 无",
        "附件 无",
        "主持人（签字）",
        "尚未归档",
    ):
        assert expected in words, expected


@pytest.mark.parametrize(
    ("kinds", "grouped", "expected"),
    [
        ({K.LECTURE}, False, ("党课记录", "主讲人 无", "党课题目 无", "学时 无", "听课人数 7 人")),
        ({K.GROUP}, True, ("党小组会会议记录", "党小组 第一党小组", "应到 2 人")),
        (
            {K.THEMED_DAY},
            False,
            ("主题党日记录", "活动形式 无", "活动内容（学习、议事、志愿服务、党费等）", "无"),
        ),
        ({K.GENERAL}, False, ("党员大会会议记录", "应到 7 人")),
    ],
)
def test_each_kind_has_its_own_fields_on_paper(
    cast: Cast, secretary: Client, kinds, grouped, expected
) -> None:
    meeting = logged(cast, kinds=kinds, group=cast.group if grouped else None)
    words = text_of(secretary.get(url("print", meeting.pk)))
    for words_expected in expected:
        assert words_expected in words, words_expected


def test_the_sign_in_sheet_names_everybody_expected_before_the_roll_exists(
    cast: Cast, secretary: Client
) -> None:
    words = text_of(secretary.get(url("sign_in_sheet", planned(cast).pk)))
    assert "应到：5 人" in words
    for name in ("吴向前", "郑明", "王小兰", "冯刚", "陈静"):
        assert name in words


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("committee", "应到委员"),
        ("lecture", "主讲人"),
        ("general", "届次"),
        ("group", "党小组"),
        ("nonsense", "附件"),
    ],
)
def test_a_blank_form_is_there_for_paper(cast: Cast, secretary: Client, kind: str, label: str) -> None:
    assert label in text_of(secretary.get(url("blank_form") + f"?kind={kind}"))


def test_an_organizer_looks_sittings_up_in_the_admin_panel_without_their_text(cast: Cast, sign_in) -> None:
    ours = with_item(logged(cast, summary="很长的正文"), cast["secretary"])
    foreign = factories.make_meeting(cast.elsewhere, title="外地大会")
    client = sign_in(cast["organizer"])
    listing = text_of(client.get("/admin/meetings/meeting/"))
    assert ours.title in listing
    assert foreign.title not in listing
    page = client.get(f"/admin/meetings/meeting/{ours.pk}/change/")
    assert page.status_code == 200
    assert "很长的正文" not in page.content.decode()
    assert "同意年度计划" not in page.content.decode()
    assert client.post(f"/admin/meetings/meeting/{ours.pk}/change/", {"title": "x"}).status_code == 403
    assert client.post(f"/admin/meetings/meeting/{ours.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/meetings/meeting/add/").status_code == 403
    assert Meeting.objects.filter(pk=ours.pk, title=ours.title).exists()


@pytest.mark.parametrize("role", ["operator", "auditor"])
def test_operators_and_auditors_see_no_sittings_in_the_admin_panel(cast: Cast, sign_in, role: str) -> None:
    meeting = factories.make_meeting(cast.ours, title="十月大会")
    client = sign_in(cast[role])
    assert "十月大会" not in client.get("/admin/meetings/meeting/").content.decode()
    assert client.get(f"/admin/meetings/meeting/{meeting.pk}/change/").status_code in (302, 403)


@pytest.mark.parametrize(("held_on", "term"), [(date(2025, 2, 28), "第2届"), (date(2025, 3, 1), "第3届")])
def test_the_term_on_paper_is_that_of_the_day(
    cast: Cast, secretary: Client, held_on: date, term: str
) -> None:
    factories.make_term(cast.ours, starts_on=date(2022, 3, 1), number=2)
    meeting = logged(cast, kinds={K.GENERAL}, held_on=held_on)
    assert f"届次 {term}" in text_of(secretary.get(url("print", meeting.pk)))


def test_before_the_first_term_that_is_entered_paper_names_none(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast, kinds={K.GENERAL}, held_on=date(2020, 5, 1))
    assert "届次 无" in text_of(secretary.get(url("print", meeting.pk)))


def test_a_cancelled_sitting_says_so_on_paper(cast: Cast, secretary: Client) -> None:
    meeting = cancel_meeting(meeting=logged(cast), reason="记录建错了", actor=cast["secretary"])
    words = text_of(secretary.get(url("print", meeting.pk)))
    assert "（已取消：记录建错了）" in words
    assert "尚未归档" not in words


def test_who_is_not_asked_to_come_stands_on_the_sign_in_sheet_but_is_not_counted(
    cast: Cast, secretary: Client
) -> None:
    decided = {"exempt_reason": ExemptReason.AGE, "exempt_decided_on": date(2024, 1, 1)}
    factories.make_member(cast.ours, name="秦老", **decided)
    words = text_of(secretary.get(url("sign_in_sheet", planned(cast, kinds={K.GENERAL}).pk)))
    assert "应到：7 人" in words
    assert "秦老 不作出席要求" in words


@pytest.mark.parametrize(("votes", "elected"), [({"甲": 5, "乙": 3}, "甲"), ({"甲": 2, "乙": 2}, "无")])
def test_paper_says_who_was_elected_or_that_nobody_was(cast: Cast, secretary: Client, votes, elected) -> None:
    item = make_room(cast.ours, entitled=8)
    take(item, election(1, votes, issued=8))
    assert f"当选 {elected} 候选人 甲" in text_of(secretary.get(url("print", item.meeting_id)))
