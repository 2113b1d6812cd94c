"""Planning and logging a sitting, and changing what was entered."""

import uuid
from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from apps.audit.models import Deed
from apps.meetings.drafts import differences
from apps.meetings.minutes import late_entry
from apps.meetings.models import Meeting, MeetingState
from apps.meetings.services import (
    AlreadyRecorded,
    WrongDay,
    WrongKinds,
    WrongPerson,
    log_meeting,
    open_meeting,
    plan_meeting,
    update_meeting,
)
from apps.meetings.services_close import cancel_meeting
from apps.meetings.services_roll import NotOpen
from apps.meetings.titles import late_words, suggested_title
from apps.rules.kinds import ActivityForm, MeetingKind, PartnerKind, Topic
from apps.ui.refusals import Stale
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.factories import SHANGHAI
from tests.meetings.sittings import draft, logged, planned, roll

COMMITTEE_NAMES = {"吴向前", "郑明", "王小兰", "冯刚", "陈静"}


@pytest.mark.parametrize(
    ("kinds", "more", "title"),
    [
        ({MeetingKind.COMMITTEE}, {}, "11月支委会"),
        ({MeetingKind.THEMED_DAY, MeetingKind.GENERAL}, {}, "11月党员大会暨主题党日"),
        ({MeetingKind.GROUP}, {"group": "第一小组"}, "第一小组11月党小组会"),
        ({MeetingKind.ORG_LIFE_MEETING}, {"for_year": 2025}, "2025年度组织生活会"),
        ({MeetingKind.OTHER}, {"form": ActivityForm.VOLUNTEERING}, "11月志愿服务"),
        ({MeetingKind.OTHER}, {}, "11月组织活动"),
    ],
)
def test_a_sitting_without_a_title_is_named_by_day_and_kind(kinds, more, title) -> None:
    assert suggested_title(kinds=kinds, held_on=TODAY, **more) == title


@pytest.mark.parametrize(
    ("recorded_at", "words"),
    [
        (datetime(2026, 11, 20, 23, 50, tzinfo=SHANGHAI), ""),
        (datetime(2026, 11, 21, 0, 10, tzinfo=SHANGHAI), "会后 1 天补记"),
        (datetime(2026, 11, 26, 9, 0, tzinfo=SHANGHAI), "会后 6 天补记"),
        (datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI), ""),
    ],
)
def test_a_late_entry_is_counted_in_local_days(recorded_at, words) -> None:
    assert late_words(held_on=TODAY, recorded_at=recorded_at) == words


def test_a_planned_sitting_keeps_everything_that_was_entered(cast: Cast) -> None:
    meeting = planned(
        cast,
        kinds={MeetingKind.THEMED_DAY, MeetingKind.LECTURE},
        held_on=date(2026, 11, 28),
        starts_at=time(14, 30),
        chair=cast.members["secretary"],
        lecture_title="支部工作条例",
        topics=[Topic.GOVERNANCE, Topic.POLITICAL_STUDY],
        partners=[(PartnerKind.UNION, "镇总工会")],
        notice="请带学习材料",
        agenda=["学习条例", "", " 讨论 "],
    )
    assert (meeting.state, meeting.title) == (MeetingState.PLANNED, "11月党课暨主题党日")
    assert (meeting.branch, meeting.group, meeting.path) == (cast.ours, None, cast.ours.path)
    assert (meeting.recorded_by, meeting.recorded_at) == (cast["secretary"], NOW)
    assert set(meeting.purposes.values_list("kind", flat=True)) == {"themed_day", "lecture"}
    assert set(meeting.topics.values_list("topic", flat=True)) == {"governance", "political_study"}
    assert list(meeting.partners.values_list("kind", "name")) == [("union", "镇总工会")]
    assert meeting.minutes.notice == "请带学习材料"
    assert list(meeting.items.order_by("position").values_list("position", "title")) == [
        (1, "学习条例"),
        (2, "讨论"),
    ]
    assert roll(meeting) == {}


def test_a_logged_sitting_is_open_with_its_roll(cast: Cast) -> None:
    meeting = logged(cast)
    assert meeting.state == MeetingState.OPEN
    assert roll(meeting) == dict.fromkeys(COMMITTEE_NAMES, "present")
    assert list(Deed.objects.values_list("action", "object_id")) == [("meeting.logged", meeting.pk)]


def test_the_same_key_gives_the_same_sitting(cast: Cast) -> None:
    key = uuid.uuid4()
    first, second = (
        log_meeting(draft=draft(cast), actor=cast["secretary"], now=NOW, idempotency_key=key)
        for _ in range(2)
    )
    assert first == second
    assert (Meeting.objects.count(), Deed.objects.count()) == (1, 1)


def test_a_second_sitting_of_the_kind_on_the_day_is_asked_about(cast: Cast) -> None:
    first = logged(cast)
    with pytest.raises(AlreadyRecorded) as refused:
        planned(cast, kinds={MeetingKind.COMMITTEE, MeetingKind.LECTURE})
    assert refused.value.existing == first
    assert "11月支委会" in refused.value.message
    other = plan_meeting(
        draft=draft(cast), actor=cast["secretary"], now=NOW, idempotency_key=uuid.uuid4(), another=True
    )
    assert Meeting.objects.count() == 2
    assert other != first


def test_other_kinds_groups_days_and_cancelled_sittings_are_no_second_sitting(cast: Cast) -> None:
    cancelled = logged(cast)
    cancel_meeting(meeting=cancelled, reason="建错了", actor=cast["secretary"])
    logged(cast)
    logged(cast, kinds={MeetingKind.GENERAL})
    logged(cast, held_on=TODAY - timedelta(days=1))
    logged(cast, kinds={MeetingKind.THEMED_DAY})
    logged(cast, kinds={MeetingKind.THEMED_DAY}, group=cast.group)
    assert Meeting.objects.count() == 6


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kinds": set()}, "kinds"),
        ({"kinds": {MeetingKind.GROUP}}, "organization"),
        ({"kinds": {MeetingKind.GENERAL}, "group": "group"}, "organization"),
        ({"kinds": {MeetingKind.COMMITTEE}, "group": "group"}, "organization"),
        ({"kinds": {MeetingKind.GROUP}, "group": "group", "branch": "sibling"}, "organization"),
    ],
)
def test_kinds_that_do_not_fit_the_body_are_refused(cast: Cast, fields: dict, field: str) -> None:
    fields = fields | {name: getattr(cast, fields[name]) for name in ("group", "branch") if name in fields}
    with pytest.raises(WrongKinds) as refused:
        planned(cast, **fields)
    assert refused.value.field == field


def test_a_branch_without_a_committee_holds_no_committee_meeting(cast: Cast) -> None:
    cast.ours.terms.update(with_committee=False)
    with pytest.raises(WrongKinds, match="不召开支委会"):
        logged(cast)


@pytest.mark.parametrize(
    "fields",
    [
        {"held_on": date(2028, 1, 1)},
        {"held_on": date(2015, 6, 30)},
        {"kinds": {MeetingKind.ORG_LIFE_MEETING}, "for_year": 2027},
        {"kinds": {MeetingKind.ORG_LIFE_MEETING}, "for_year": 2024},
    ],
)
def test_days_that_cannot_be_are_refused(cast: Cast, fields: dict) -> None:
    with pytest.raises(WrongDay):
        planned(cast, **fields)


def test_a_sitting_to_come_cannot_be_logged_or_opened(cast: Cast) -> None:
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(WrongDay, match="还没有到"):
        logged(cast, held_on=tomorrow)
    meeting = planned(cast, held_on=tomorrow)
    with pytest.raises(WrongDay):
        open_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)
    assert open_meeting(meeting=meeting, actor=cast["secretary"], now=NOW + timedelta(days=1)).state == "open"


def test_people_of_another_branch_neither_chair_nor_record(cast: Cast) -> None:
    with pytest.raises(WrongPerson) as refused:
        planned(cast, chair=cast.members["sibling_member"])
    assert refused.value.field == "chair"


def test_an_end_before_the_beginning_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="结束时间应晚于开始时间"):
        planned(cast, starts_at=time(15, 0), ends_at=time(14, 0))


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 12, 30), 2026), (date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026)]
)
def test_an_annual_sitting_belongs_to_the_year_of_its_round(cast: Cast, day: date, year: int) -> None:
    assert planned(cast, kinds={MeetingKind.MEMBER_EVALUATION}, held_on=day).for_year == year


def test_only_annual_sittings_belong_to_a_year(cast: Cast) -> None:
    assert planned(cast).for_year is None


def test_those_invited_are_observers_once_the_record_is_open(cast: Cast) -> None:
    meeting = planned(cast, invitees="蒋立 镇团委书记\n\n沈川\n卫红　妇联 主席")
    open_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)
    assert list(meeting.observers.order_by("pk").values_list("name", "post")) == [
        ("蒋立", "镇团委书记"),
        ("沈川", ""),
        ("卫红", "妇联 主席"),
    ]


def test_an_open_sitting_is_not_opened_again(cast: Cast) -> None:
    with pytest.raises(NotOpen):
        open_meeting(meeting=logged(cast), actor=cast["secretary"], now=NOW)


def test_a_change_is_kept_with_its_trail(cast: Cast) -> None:
    meeting = planned(cast, place="二楼会议室", topics=[Topic.DUES])
    changed = update_meeting(
        meeting=meeting,
        version=meeting.version,
        draft=draft(cast, place="三楼会议室", title="支委会", topics=[Topic.DUES]),
        actor=cast["deputy"],
        now=NOW,
    )
    assert (changed.place, changed.title, changed.version) == ("三楼会议室", "支委会", meeting.version + 1)
    deed = Deed.objects.get(action="meeting.updated")
    assert {(c["label"], c["before"], c["after"]) for c in deed.changes} == {
        ("名称", "11月支委会", "支委会"),
        ("地点", "二楼会议室", "三楼会议室"),
    }


def test_a_stale_change_is_refused_and_both_texts_can_be_compared(cast: Cast) -> None:
    meeting = planned(cast, place="二楼会议室")
    first = draft(cast, place="三楼会议室", summary="甲")
    second = draft(cast, place="四楼会议室", summary="乙")
    update_meeting(meeting=meeting, version=meeting.version, draft=first, actor=cast["deputy"], now=NOW)
    with pytest.raises(Stale):
        update_meeting(
            meeting=meeting, version=meeting.version, draft=second, actor=cast["secretary"], now=NOW
        )
    stored = Meeting.objects.get(pk=meeting.pk)
    assert stored.place == "三楼会议室"
    assert differences(stored, second) == [
        {"label": "名称", "stored": "11月支委会", "yours": ""},
        {"label": "地点", "stored": "三楼会议室", "yours": "四楼会议室"},
        {"label": "会议（活动）情况", "stored": "甲", "yours": "乙"},
    ]


def test_another_day_or_kind_of_an_open_sitting_makes_its_roll_anew_and_keeps_the_marks(cast: Cast) -> None:
    meeting = logged(cast)
    meeting.roll.filter(member=cast.members["deputy"]).update(status="sick_leave", reason="住院")
    update_meeting(
        meeting=meeting,
        version=meeting.version,
        draft=draft(cast, kinds={MeetingKind.GENERAL}),
        actor=cast["secretary"],
        now=NOW,
    )
    assert roll(meeting) == dict.fromkeys(COMMITTEE_NAMES | {"褚红", "卫青松"}, "present") | {
        "郑明": "sick_leave"
    }


@pytest.mark.parametrize("state", [MeetingState.CLOSED, MeetingState.CANCELLED])
def test_a_filed_or_cancelled_sitting_is_not_changed(cast: Cast, state: str) -> None:
    meeting = factories.make_meeting(
        cast.ours, state=state, cancel_reason="x" if state == "cancelled" else ""
    )
    with pytest.raises(NotOpen):
        update_meeting(
            meeting=meeting, version=meeting.version, draft=draft(cast), actor=cast["secretary"], now=NOW
        )
    assert Meeting.objects.get(pk=meeting.pk).title == "十月党员大会"


def test_a_year_with_a_digit_too_few_is_refused(cast: Cast) -> None:
    cast.ours.founded_on = None
    cast.ours.save()
    with pytest.raises(WrongDay, match="年份不对"):
        logged(cast, kinds={MeetingKind.THEMED_DAY}, held_on=date(226, 11, 20))


@pytest.mark.parametrize(("days", "words"), [(0, ""), (6, "会后 6 天补记")])
def test_a_planned_sitting_is_entered_when_its_record_is_begun(cast: Cast, days: int, words: str) -> None:
    meeting = planned(cast, held_on=TODAY - timedelta(days=days), now=NOW - timedelta(days=30))
    assert late_entry(open_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)) == words
    assert late_entry(Meeting.objects.get(pk=meeting.pk)) == words
