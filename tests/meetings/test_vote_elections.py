"""Elections at the vote desk: seats, ties, second rounds, void rounds, and who is elected."""

from dataclasses import replace

import pytest

from apps.meetings.models import AgendaItem, Candidate, Motion, MotionState
from apps.meetings.queries_vote import Revote, revote_after
from apps.meetings.services_vote import FurtherRound, ImpossibleVote, remove_motion
from apps.rules.kinds import Matter, MeetingKind
from apps.rules.voting import Votes
from apps.ui.refusals import Stale
from tests import factories
from tests.conftest import NOW
from tests.meetings.vote_rooms import add_to_roll, election, make_room, secret, simple, take


@pytest.fixture
def item(db: None) -> AgendaItem:
    """An assembly of ten entitled, all present: elected is who has six votes."""
    return make_room(factories.make_organization(name="青川镇机关第一党支部"), entitled=10)


def elected(motion: Motion) -> set[str]:
    return {row.name for row in motion.candidates.all() if row.elected}


def test_too_many_with_a_majority_means_most_votes(item: AgendaItem) -> None:
    motion = take(item, election(3, {"甲": 10, "乙": 8, "丙": 7, "丁": 5}, issued=10))
    assert (motion.state, elected(motion)) == (MotionState.PASSED, {"甲", "乙", "丙"})
    assert "甲（10票）、乙（8票）、丙（7票）当选。" in motion.explanation
    assert (motion.seats, motion.ballots_issued, motion.votes_for, motion.round) == (3, 10, 0, 1)


def tie(item: AgendaItem) -> Motion:
    """甲 has the first of two seats; 乙 and 丙 have six votes each for the second."""
    return take(item, election(2, {"甲": 8, "乙": 6, "丙": 6}, issued=10))


def test_a_tie_for_the_last_seat_is_voted_on_again_between_the_tied(item: AgendaItem) -> None:
    first = tie(item)
    assert (first.state, elected(first)) == (MotionState.RUNOFF, {"甲"})
    assert revote_after(first) == Revote(seats=1, names=("乙", "丙"), tied=True)
    second = take(item, election(1, {"乙": 5, "丙": 4}, issued=10, previous=first))
    assert (second.state, second.round, second.previous) == (MotionState.PASSED, 2, first)
    assert elected(second) == {"乙"}, "between the tied most votes decide, without a majority"


def test_a_tie_that_ties_again_is_voted_on_once_more(item: AgendaItem) -> None:
    second = take(item, election(1, {"乙": 5, "丙": 5}, issued=10, previous=tie(item)))
    assert second.state == MotionState.RUNOFF
    assert revote_after(second) == Revote(seats=1, names=("乙", "丙"), tied=True)
    third = take(item, election(1, {"乙": 6, "丙": 4}, issued=10, previous=second))
    assert (third.state, third.round, elected(third)) == (MotionState.PASSED, 3, {"乙"})


def test_a_round_between_the_tied_takes_no_other_name_and_no_other_number_of_seats(item: AgendaItem) -> None:
    first = tie(item)
    with pytest.raises(ImpossibleVote, match="只在乙、丙之间进行"):
        take(item, election(1, {"乙": 6, "丁": 4}, issued=10, previous=first))
    with pytest.raises(ImpossibleVote, match="名额是 1 名"):
        take(item, election(2, {"乙": 6, "丙": 4}, issued=10, previous=first))


def test_too_few_with_a_majority_leave_seats_for_a_second_vote(item: AgendaItem) -> None:
    first = take(item, election(2, {"甲": 8, "乙": 5, "丙": 4}, issued=10))
    assert (first.state, elected(first)) == (MotionState.RUNOFF, {"甲"})
    assert revote_after(first) == Revote(seats=1, names=("乙", "丙"), tied=False)
    assert "减少名额" in first.explanation
    second = take(item, election(1, {"乙": 5, "丙": 4}, issued=10, previous=first))
    assert second.state == MotionState.RUNOFF, "a second vote that is no tie asks for the majority again"


def test_who_is_elected_does_not_stand_again(item: AgendaItem) -> None:
    first = take(item, election(2, {"甲": 8, "乙": 5}, issued=10))
    with pytest.raises(ImpossibleVote, match="甲已经当选"):
        take(item, election(1, {"甲": 8, "乙": 2}, issued=10, previous=first))


def test_a_void_election_is_repeated_with_the_same_names(item: AgendaItem) -> None:
    void = take(item, election(1, {"甲": 0, "乙": 0}, issued=10, returned=11))
    assert (void.state, elected(void)) == (MotionState.INVALID, set())
    assert "选举无效，应重新选举" in void.explanation
    assert revote_after(void) == Revote(seats=1, names=("甲", "乙"), tied=False)
    again = take(item, election(1, {"甲": 7, "乙": 3}, issued=10, previous=void))
    assert (again.state, again.round, elected(again)) == (MotionState.PASSED, 2, {"甲"})


def test_a_void_round_between_the_tied_stays_a_round_between_the_tied(item: AgendaItem) -> None:
    void = take(item, election(1, {"乙": 0, "丙": 0}, issued=10, returned=11, previous=tie(item)))
    assert revote_after(void) == Revote(seats=1, names=("乙", "丙"), tied=True)


def test_a_decided_election_has_no_further_round(item: AgendaItem) -> None:
    done = take(item, election(1, {"甲": 8, "乙": 2}, issued=10))
    with pytest.raises(ImpossibleVote, match="已有结果"):
        take(item, election(1, {"乙": 8}, issued=10, previous=done))


def test_a_round_is_followed_once(item: AgendaItem) -> None:
    first = take(item, election(1, {"甲": 5, "乙": 4}, issued=10))
    take(item, election(1, {"甲": 6, "乙": 4}, issued=10, previous=first))
    with pytest.raises(ImpossibleVote, match="已经登记过了"):
        take(item, election(1, {"甲": 4, "乙": 6}, issued=10, previous=first))


def test_a_round_with_another_after_it_is_neither_removed_nor_entered_anew(item: AgendaItem) -> None:
    first = take(item, election(1, {"甲": 5, "乙": 4}, issued=10))
    second = take(item, election(1, {"甲": 6, "乙": 4}, issued=10, previous=first))
    actor = item.meeting.recorded_by
    with pytest.raises(FurtherRound):
        remove_motion(motion=first, actor=actor, now=NOW)
    with pytest.raises(FurtherRound):
        take(item, election(1, {"甲": 5, "乙": 5}, issued=10, replaces=first.idempotency_key))
    remove_motion(motion=second, actor=actor, now=NOW)
    remove_motion(motion=first, actor=actor, now=NOW)
    assert not Motion.objects.exists()


def test_a_second_round_entered_anew_may_keep_its_place(item: AgendaItem) -> None:
    first = take(item, election(1, {"甲": 5, "乙": 4}, issued=10))
    second = take(item, election(1, {"甲": 5, "乙": 4}, issued=10, previous=first))
    right = take(
        item,
        election(1, {"甲": 6, "乙": 4}, issued=10, previous=first, replaces=second.idempotency_key),
    )
    assert (right.pk, right.state, elected(right)) == (second.pk, MotionState.PASSED, {"甲"})
    assert Candidate.objects.filter(motion=second).count() == 2


def test_a_round_changed_meanwhile_is_stale(item: AgendaItem) -> None:
    first = take(item, election(1, {"甲": 5, "乙": 4}, issued=10))
    known = Motion.objects.get()
    take(item, election(1, {"甲": 4, "乙": 5}, issued=10, replaces=first.idempotency_key))
    with pytest.raises(Stale):
        take(item, election(1, {"甲": 6, "乙": 4}, issued=10, previous=known))


@pytest.mark.parametrize(("candidates", "note"), [(3, True), (4, False)])
def test_a_committee_election_notes_too_few_candidates(item: AgendaItem, candidates: int, note: bool) -> None:
    names = dict(zip("甲乙丙丁", (8, 7, 6, 5), strict=True))
    result = dict(list(names.items())[:candidates])
    motion = take(item, election(3, result, issued=10, competitive=True))
    assert ("候选人应不少于4名" in motion.explanation) is note


def test_a_candidate_on_the_roll_is_linked_and_of_two_of_one_name_neither(item: AgendaItem) -> None:
    one = add_to_roll(item.meeting, name="王志远").member
    add_to_roll(item.meeting, name="李华")
    add_to_roll(item.meeting, name="李华")
    motion = take(item, election(1, {"王志远": 9, "李华": 2, "外人": 1}, issued=13))
    linked = dict(motion.candidates.values_list("name", "member_id"))
    assert linked == {"王志远": one.pk, "李华": None, "外人": None}


def test_the_committee_elects_its_secretary_person_by_person(db: None) -> None:
    branch = factories.make_organization(name="青川镇机关第一党支部")
    item = make_room(branch, MeetingKind.COMMITTEE, entitled=5)
    person = item.meeting.roll.first().member
    vote = secret(
        Votes(votes_for=4, abstain=1),
        issued=5,
        matter=Matter.COMMITTEE_ELECTION,
        subject=person,
        subject_name="",
        text="选举支部书记",
    )
    motion = take(item, vote)
    assert (motion.state, motion.needed, motion.rule_code) == (MotionState.PASSED, 3, "VOTE-4")
    assert f"当选：{person}。" in motion.explanation
    assert motion.subject_name == str(person)
    hands = simple(5, matter=Matter.COMMITTEE_ELECTION, subject=person)
    with pytest.raises(ImpossibleVote, match="须采用无记名投票"):
        take(item, hands)


@pytest.mark.parametrize(
    ("present", "words"),
    [(8, "按上级要求，到会须超过应到会的五分之四。须到会9人，还差1人。"), (9, "")],
)
def test_the_committee_above_may_ask_for_more_than_four_fifths(db: None, present: int, words: str) -> None:
    item = make_room(factories.make_organization(), entitled=10, present=present)
    usual = election(1, {"甲": present}, issued=present)
    strict = replace(usual, strict_four_fifths=True)
    if words:
        with pytest.raises(ImpossibleVote) as caught:
            take(item, strict)
        [problem] = caught.value.problems
        assert (problem.field, problem.message) == ("strict_four_fifths", words)
    else:
        assert "到会须超过应到会的五分之四" in take(item, strict).explanation
    motion = take(item, usual)
    assert (motion.state, "五分之四" in motion.explanation) == (MotionState.PASSED, False)
