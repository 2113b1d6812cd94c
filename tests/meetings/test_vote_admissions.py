"""Admission and confirmation (VOTE-2): one person at a time, written opinions of absent full members."""

from datetime import date

import pytest

from apps.meetings.models import AgendaItem, MotionState
from apps.meetings.queries_vote import stale_motions
from apps.meetings.services_vote import CannotVote, ImpossibleVote
from apps.rules.kinds import AttendanceStatus, Matter, MeetingKind, MemberStatus
from apps.rules.voting import Votes
from tests import factories
from tests.conftest import Cast
from tests.meetings.sittings import logged
from tests.meetings.vote_rooms import add_to_roll, add_url, make_item, make_room, secret, simple, take


@pytest.fixture
def item(db: None) -> AgendaItem:
    """Sixteen entitled, nine of whom have come: as many as an admission needs to open and to pass."""
    return make_room(factories.make_organization(), entitled=16, present=9)


def test_a_written_opinion_counts_for_passing(item: AgendaItem) -> None:
    votes = Votes(votes_for=8, abstain=1, written_for=1)
    motion = take(item, secret(votes, issued=9))
    assert (motion.state, motion.present, motion.written_for) == (MotionState.PASSED, 9, 1)
    assert "（含书面意见1票）" in motion.explanation
    assert take(item, secret(Votes(votes_for=8, abstain=1), issued=9, subject_name="魏新")).state == (
        MotionState.FAILED
    )


def test_written_opinions_against_and_abstaining_are_kept_and_do_not_count_for(item: AgendaItem) -> None:
    votes = Votes(votes_for=8, against=1, written_against=1, written_abstain=2)
    motion = take(item, secret(votes, issued=9))
    assert (motion.state, motion.written_against, motion.written_abstain) == (MotionState.FAILED, 1, 2)


def test_a_written_opinion_does_not_help_the_sitting_to_open(item: AgendaItem) -> None:
    item.meeting.roll.filter(status=AttendanceStatus.PRESENT).first().delete()
    add_to_roll(item.meeting, status=AttendanceStatus.SICK_LEAVE)
    with pytest.raises(CannotVote, match="还差1人"):
        take(item, secret(Votes(votes_for=8, written_for=8), issued=8))


def test_no_more_written_opinions_than_absent_members(item: AgendaItem) -> None:
    assert take(item, secret(Votes(votes_for=9, written_for=7), issued=9)).state == MotionState.PASSED
    with pytest.raises(ImpossibleVote, match="书面意见8份，多于未到会的7人"):
        take(item, secret(Votes(votes_for=9, written_for=8), issued=9, subject_name="魏新"))


@pytest.mark.parametrize("matter", [Matter.ORDINARY, Matter.DISCIPLINE, Matter.EXCLUSION])
def test_no_other_matter_counts_written_opinions(item: AgendaItem, matter: Matter) -> None:
    subject = item.meeting.roll.first().member
    entry = simple(9, matter=matter, subject=subject)
    entry = entry.__class__(
        matter=matter, text="同意", subject=subject, votes=Votes(votes_for=9, written_for=1)
    )
    with pytest.raises(ImpossibleVote, match=f"{matter.label}不计书面意见"):
        take(item, entry)


def test_a_confirmation_is_about_a_probationary_member_and_may_be_followed_by_another(
    item: AgendaItem,
) -> None:
    """转正 is not passed, then an extension is put to the vote: two votes on one person."""
    member = add_to_roll(item.meeting, name="蒋预备", standing=MemberStatus.PROBATIONARY).member
    vote = {"matter": Matter.CONFIRMATION, "subject": member, "subject_name": ""}
    first = take(item, secret(Votes(votes_for=5, against=4), issued=9, text="同意按期转正", **vote))
    second = take(item, secret(Votes(votes_for=9), issued=9, text="延长预备期半年", **vote))
    assert (first.state, second.state) == (MotionState.FAILED, MotionState.PASSED)
    assert (first.entitled, second.subject, second.subject_name) == (16, member, "蒋预备")


@pytest.mark.parametrize("matter", [Matter.CONFIRMATION, Matter.EXCLUSION])
def test_a_vote_on_a_person_names_the_person(item: AgendaItem, matter: Matter) -> None:
    entry = (
        secret(Votes(votes_for=9), issued=9, matter=matter, subject_name="")
        if matter == Matter.CONFIRMATION
        else simple(9, matter=matter)
    )
    with pytest.raises(ImpossibleVote, match="请写明表决的是哪一位同志"):
        take(item, entry)


def test_who_is_confirmed_by_a_sitting_entered_late_has_no_vote_on_it(cast: Cast, sign_in) -> None:
    """The probation was up on the 5th, the assembly sat on the 10th, the roster was put right, then this."""
    held_on, up_on = date(2026, 11, 10), date(2026, 11, 5)
    person = factories.make_member(cast.ours, admitted_on=date(2025, 11, 5), full_since=up_on)
    item = make_item(logged(cast, kinds={MeetingKind.GENERAL}, held_on=held_on))
    desk = sign_in(cast["secretary"]).get(add_url(item), {"matter": Matter.CONFIRMATION})
    assert list(desk.context["form"].fields["subject"].queryset) == [person]
    fields = {"matter": Matter.CONFIRMATION, "text": "同意按期转正", "subject": person, "subject_name": ""}
    motion = take(item, secret(Votes(votes_for=4, against=3), issued=7, **fields))
    assert (motion.entitled, motion.present, motion.needed, motion.state) == (7, 7, 4, "passed")
    assert stale_motions(item.meeting) == []
