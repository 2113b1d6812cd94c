"""The page of one sitting: what each reader finds on it."""

import uuid
from datetime import timedelta

from django.test import Client

from apps.meetings.models import AgendaItem, MeetingState
from apps.meetings.services_close import close_meeting
from apps.rules.kinds import AttendanceStatus, MeetingKind
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.meetings.sittings import logged, text_of, url, with_item

K = MeetingKind


def test_the_open_page_offers_everything_in_one_place(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast, agenda=["研究年度计划"])
    words = text_of(secretary.get(url("detail", meeting.pk)))
    for expected in (
        "出席情况",
        "5 应到",
        "5 实到",
        "议题 1",
        "增加议题",
        "附件",
        "可以归档",
        "不得录入国家秘密",
    ):
        assert expected in words, expected


def test_the_page_says_what_is_still_missing(cast: Cast, secretary: Client) -> None:
    words = text_of(secretary.get(url("detail", logged(cast).pk)))
    assert "还不能归档： 至少写一个议题，或写几句会议（活动）情况。" in words


def test_the_page_costs_the_same_for_one_and_three_items_and_people(
    cast: Cast, secretary: Client, django_assert_num_queries
) -> None:
    meeting = factories.make_meeting(cast.ours, K.COMMITTEE, state=MeetingState.OPEN)

    def grow(number: int) -> None:
        member = factories.make_member(cast.ours, name=f"沈{number}")
        factories.make_attendance(meeting, member, on_committee=True)
        item = AgendaItem.objects.create(
            meeting=meeting, position=number, title=f"议题{number}", resolution="同意", is_major=True
        )
        item.opinions.create(member=member, text="同意")
        item.consultations.create(kind="major", held_on=TODAY, brief="赞成").members.add(member)
        task = factories.make_task(cast.ours, owner=cast["deputy"])
        item.resolution_tasks.create(task=task)
        item.motions.create(
            text="同意",
            subject=member,
            entitled=1,
            present=1,
            state="passed",
            needed=1,
            idempotency_key=uuid.uuid4(),
        ).candidates.create(name="沈", votes_for=1)
        meeting.attachments.create(
            name="a.pdf", stored_as=str(number), size=1, added_by=cast["deputy"], added_at=NOW
        )

    grow(1)
    secretary.get(url("detail", meeting.pk))
    with django_assert_num_queries(28):
        secretary.get(url("detail", meeting.pk))
    grow(2)
    grow(3)
    with django_assert_num_queries(28):
        secretary.get(url("detail", meeting.pk))


def test_a_member_who_did_not_attend_sees_only_when_and_where(cast: Cast, sign_in) -> None:
    meeting = factories.make_meeting(cast.ours, place="二楼会议室")
    meeting.items.create(position=1, title="研究处分", resolution="警告")
    factories.make_attendance(
        meeting, cast.members["member"], status=AttendanceStatus.SICK_LEAVE, reason="住院"
    )
    words = text_of(sign_in(cast["member"]).get(url("detail", meeting.pk)))
    assert "二楼会议室" in words
    assert "病假 （住院）" in words or "病假（住院）" in words
    assert "研究处分" not in words
    assert "警告" not in words


def test_an_organizer_reads_a_filed_record_and_no_draft(cast: Cast, sign_in) -> None:
    meeting = with_item(logged(cast), cast["secretary"])
    client = sign_in(cast["organizer"])
    assert "同意年度计划" not in text_of(client.get(url("detail", meeting.pk)))
    assert client.get(url("print", meeting.pk)).status_code == 403
    close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)
    page = client.get(url("detail", meeting.pk)).content.decode()
    assert "同意年度计划" in page
    to_read = page.count('action="/accounts/') + page.count('action="/documents/')
    assert page.count("<form") == to_read  # nothing to write with


def test_a_late_entry_is_stated_plainly(cast: Cast, secretary: Client) -> None:
    meeting = logged(cast, held_on=TODAY - timedelta(days=6))
    assert "会后 6 天补记" in text_of(secretary.get(url("detail", meeting.pk)))
    assert "会后 6 天补记" in text_of(secretary.get(url("list")))
