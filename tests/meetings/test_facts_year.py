"""Sittings as the measures are told of them: what was recorded, in as many queries for many as for one."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.meetings.facts_year import meeting_facts
from apps.meetings.models import Meeting, MeetingTopic, Opinion, Partner
from apps.meetings.services_close import close_meeting
from apps.rules.facts_records import MeetingFacts
from apps.rules.kinds import AttendanceStatus, ItemNature, Matter, MeetingKind, PartnerKind, Topic
from tests.conftest import NOW, TODAY, Cast
from tests.meetings.sittings import logged, planned, roll, with_item
from tests.meetings.vote_rooms import simple, take

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}


def only(cast: Cast) -> MeetingFacts:
    (fact,) = meeting_facts([cast.ours.pk], **YEAR)[cast.ours.pk]
    return fact


@pytest.mark.django_db
def test_a_sitting_tells_its_kinds_topics_partners_and_guests(cast: Cast) -> None:
    meeting = logged(cast, kinds={MeetingKind.THEMED_DAY, MeetingKind.LECTURE})
    MeetingTopic.objects.create(meeting=meeting, topic=Topic.GOVERNANCE)
    Partner.objects.create(meeting=meeting, kind=PartnerKind.UNION, name="镇工会")
    Meeting.objects.filter(pk=meeting.pk).update(public_participants=12)
    fact = only(cast)
    assert fact.kinds == {MeetingKind.THEMED_DAY, MeetingKind.LECTURE}
    assert (fact.topics, fact.partners) == ({Topic.GOVERNANCE}, {PartnerKind.UNION})
    assert (fact.public_participants, fact.closed, fact.entered_on) == (12, False, TODAY)


@pytest.mark.django_db
def test_the_roll_tells_who_was_there_and_who_sat_on_the_committee(cast: Cast) -> None:
    meeting = logged(cast)
    fact = only(cast)
    assert len(fact.roll) == len(roll(meeting))
    assert all(line.on_committee and line.status is AttendanceStatus.PRESENT for line in fact.roll)


@pytest.mark.django_db
def test_an_item_tells_its_decision_voices_and_vote(cast: Cast) -> None:
    meeting = with_item(logged(cast), cast["secretary"], nature=ItemNature.POLITICAL_STUDY)
    item = meeting.items.get()
    speaker = meeting.roll.first().member
    Opinion.objects.create(item=item, member=speaker, text="同意")
    entry = simple(votes_for=5, matter=Matter.COMMITTEE_DECISION)
    motion = take(item, entry, actor=cast["secretary"])
    (told,) = only(cast).items
    assert (told.nature, told.decided, told.opinions_by) == (ItemNature.POLITICAL_STUDY, True, {speaker.pk})
    assert [(one.id, one.in_favour, one.state.value) for one in told.motions] == [(motion.pk, 5, "passed")]


@pytest.mark.django_db
def test_a_record_is_complete_with_chair_recorder_place_and_what_was_done(cast: Cast) -> None:
    meeting = with_item(logged(cast, place="会议室"), cast["secretary"])
    assert only(cast).complete is False
    chair = meeting.roll.first().member
    Meeting.objects.filter(pk=meeting.pk).update(chair=chair, recorder=chair)
    assert only(cast).complete is True


@pytest.mark.django_db
def test_plans_and_other_years_are_not_told(cast: Cast) -> None:
    planned(cast)
    assert meeting_facts([cast.ours.pk], **YEAR) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("sittings", [1, 3])
def test_many_sittings_of_many_branches_cost_what_one_costs(
    cast: Cast, sittings: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(sittings):
        held_on = date(2026, 11, 1 + number)
        meeting = with_item(logged(cast, held_on=held_on), cast["secretary"])
        close_meeting(meeting=meeting, actor=cast["secretary"], now=NOW)
    with django_assert_num_queries(10):
        assert len(meeting_facts([cast.ours.pk, cast.sibling.pk], **YEAR)[cast.ours.pk]) == sittings
