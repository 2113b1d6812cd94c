"""Minutes that repeat earlier ones are pointed out before they are filed, and never refused."""

import pytest
from django.test import Client

from apps.meetings.models import Meeting
from apps.meetings.queries_copies import near_copy_of
from apps.meetings.services_close import close_meeting
from apps.rules.kinds import MeetingKind
from tests import factories
from tests.conftest import NOW, Cast
from tests.meetings.sittings import logged, text_of, url, with_item

TEXT = (
    "会议学习了上级关于基层治理的要求，讨论了村口道路硬化的筹资办法，三名党员谈了邻里矛盾的调解，"
    "书记归纳说，先把路灯修好，再商量河道清理，月底前由两名委员到各家走访，把大家的想法记下来带回支委会。"
)


def sitting(cast: Cast, *, summary: str, day: int = 12) -> Meeting:
    meeting = with_item(logged(cast, held_on=NOW.date().replace(day=day)), cast["secretary"])
    meeting.minutes.summary = summary
    meeting.minutes.save()
    return meeting


def filed(cast: Cast, **fields) -> Meeting:
    return close_meeting(meeting=sitting(cast, **fields), actor=cast["secretary"], now=NOW)


@pytest.mark.django_db
def test_a_record_that_repeats_an_earlier_one_names_it(cast: Cast) -> None:
    first = filed(cast, summary=TEXT, day=2)
    second = filed(cast, summary=TEXT.replace("三名", "四名"), day=9)
    assert (first.near_copy_of, second.near_copy_of) == (None, first)


@pytest.mark.django_db
def test_a_record_of_its_own_names_none(cast: Cast) -> None:
    filed(cast, summary=TEXT, day=2)
    own = "这次会议先听取了上次各项事情的落实情况，路灯已经修好，河道清理还差两段，" * 3
    assert filed(cast, summary=own, day=9).near_copy_of is None


@pytest.mark.django_db
def test_short_minutes_are_not_compared(cast: Cast) -> None:
    filed(cast, summary="照常开展", day=2)
    assert filed(cast, summary="照常开展", day=9).near_copy_of is None


@pytest.mark.django_db
def test_another_branch_is_not_looked_at(cast: Cast) -> None:
    other = factories.make_meeting(cast.sibling, MeetingKind.GENERAL, recorded_by=cast["secretary"])
    other.minutes.summary = TEXT
    other.minutes.save()
    assert near_copy_of(sitting(cast, summary=TEXT)) is None


@pytest.mark.django_db
def test_the_recorder_is_told_before_filing_and_sees_both(cast: Cast, client: Client) -> None:
    first = filed(cast, summary=TEXT, day=2)
    second = sitting(cast, summary=TEXT, day=9)
    client.force_login(cast["secretary"])
    page = text_of(client.get(url("close", second.pk)))
    assert f"这次写的内容与“{first.title}”（2026年11月2日）基本相同" in page
    beside = client.get(url("compare", second.pk)).content.decode()
    assert beside.count("村口道路硬化") == 2
    assert client.post(url("close", second.pk)).status_code == 302


@pytest.mark.django_db
def test_without_a_copy_there_is_nothing_to_compare(cast: Cast, client: Client) -> None:
    client.force_login(cast["secretary"])
    meeting = sitting(cast, summary=TEXT)
    answer = client.get(url("compare", meeting.pk), follow=True)
    assert "没有与这次基本相同的记录" in answer.content.decode()
    assert "请看一看" not in text_of(client.get(url("close", meeting.pk)))
