"""The worked tests of A3, taken through the service with real rolls."""

import pytest

from apps.branches.models import Organization
from apps.meetings.models import MotionState
from apps.meetings.queries_vote import electorate
from apps.meetings.services_vote import CannotVote
from apps.rules.kinds import Matter, MeetingKind
from apps.rules.voting import Votes
from tests import factories
from tests.meetings.vote_rooms import election, make_room, secret, simple, take

PASSED, FAILED = MotionState.PASSED, MotionState.FAILED


@pytest.fixture
def branch(db: None) -> Organization:
    return factories.make_organization(name="青川镇机关第一党支部")


@pytest.mark.parametrize(("votes_for", "state"), [(9, PASSED), (8, FAILED)])
def test_sixteen_entitled_pass_an_ordinary_matter_at_nine(
    branch: Organization, votes_for: int, state: str
) -> None:
    motion = take(make_room(branch, entitled=16), simple(votes_for, against=16 - votes_for))
    assert (motion.state, motion.entitled, motion.present, motion.needed) == (state, 16, 16, 9)
    assert motion.rule_code == "VOTE-1"


def test_sixteen_entitled_open_an_ordinary_matter_with_eight_and_then_cannot_pass_it(
    branch: Organization,
) -> None:
    motion = take(make_room(branch, entitled=16, present=8), simple(8))
    assert (motion.state, motion.present, motion.needed) == (FAILED, 8, 9)


def test_sixteen_entitled_do_not_open_with_seven(branch: Organization) -> None:
    with pytest.raises(CannotVote, match="还差1人"):
        take(make_room(branch, entitled=16, present=7), simple(7))


def test_sixteen_entitled_open_an_admission_with_nine_only(branch: Organization) -> None:
    with pytest.raises(CannotVote, match="还差1人"):
        take(make_room(branch, entitled=16, present=8), secret(Votes(votes_for=8), issued=8))
    motion = take(make_room(branch, entitled=16, present=9), secret(Votes(votes_for=9), issued=9))
    assert (motion.state, motion.needed, motion.rule_code) == (PASSED, 9, "VOTE-2")


@pytest.mark.parametrize("matter", [Matter.ORDINARY, Matter.ADMISSION])
def test_fifteen_entitled_open_and_pass_at_eight_both_ways(branch: Organization, matter: Matter) -> None:
    def entry(votes: int) -> object:
        return simple(votes) if matter == Matter.ORDINARY else secret(Votes(votes_for=votes), issued=votes)

    with pytest.raises(CannotVote, match="还差1人"):
        take(make_room(branch, entitled=15, present=7), entry(7))
    motion = take(make_room(branch, entitled=15, present=8), entry(8))
    assert (motion.state, motion.needed) == (PASSED, 8)


def test_eleven_entitled_elect_with_nine_present_at_five(branch: Organization) -> None:
    with pytest.raises(CannotVote, match="还差1人"):
        take(make_room(branch, entitled=11, present=8), election(1, {"张甲": 8}, issued=8))
    motion = take(make_room(branch, entitled=11, present=9), election(1, {"张甲": 5, "李乙": 4}, issued=9))
    assert (motion.state, motion.needed, motion.rule_code) == (PASSED, 5, "VOTE-3")
    assert [row.name for row in motion.candidates.all() if row.elected] == ["张甲"]


def test_eleven_entitled_with_ten_present_need_six(branch: Organization) -> None:
    motion = take(make_room(branch, entitled=11, present=10), election(1, {"张甲": 5, "李乙": 5}, issued=10))
    assert (motion.state, motion.needed) == (MotionState.RUNOFF, 6)
    assert not motion.candidates.filter(elected=True).exists()


def test_fewer_present_never_make_passing_easier(branch: Organization) -> None:
    """The trap: with those present as denominator, seven of nine would pass what nine of sixteen must."""
    motion = take(make_room(branch, entitled=16, present=9), simple(8, against=1))
    assert motion.state == FAILED


@pytest.mark.parametrize(
    ("size", "present", "votes_for", "state"),
    [(5, 5, 3, PASSED), (5, 5, 2, FAILED), (5, 3, 3, PASSED), (4, 2, 2, FAILED), (7, 4, 4, PASSED)],
)
def test_the_committee_decides_by_more_than_half_of_all_its_members(
    branch: Organization, size: int, present: int, votes_for: int, state: str
) -> None:
    item = make_room(branch, MeetingKind.COMMITTEE, entitled=size, present=present)
    entry = simple(votes_for, against=present - votes_for, matter=Matter.COMMITTEE_DECISION)
    motion = take(item, entry)
    assert (motion.state, motion.entitled, motion.rule_code) == (state, size, "VOTE-4")


def test_the_committee_does_not_open_below_half(branch: Organization) -> None:
    item = make_room(branch, MeetingKind.COMMITTEE, entitled=5, present=2)
    with pytest.raises(CannotVote, match="还差1人，现在不能表决"):
        take(item, simple(2, matter=Matter.COMMITTEE_DECISION))


def test_a_result_names_the_rule_and_its_article(branch: Organization) -> None:
    motion = take(make_room(branch, entitled=5), simple(5))
    assert motion.explanation == (
        "应到5人，实到5人，须有3票赞成；实得赞成5票，通过。依据：《中国共产党支部工作条例（试行）》第十一条。"
    )


def test_a_result_is_kept_when_the_roll_changes_later(branch: Organization) -> None:
    item = make_room(branch, entitled=5)
    motion = take(item, simple(5))
    item.meeting.roll.update(status="absent")
    motion.refresh_from_db()
    assert (motion.present, motion.state) == (5, PASSED)
    assert electorate(item.meeting, Matter.ORDINARY).present == 0
