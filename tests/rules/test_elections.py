from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules.elections import ElectionOutcome, Tally, elect, may_reduce_seats
from apps.rules.terms import candidates_needed
from apps.rules.voting import Ballots, ImpossibleCount, VoteState


def tally(name: str, votes_for: int, **fields: int) -> Tally:
    return Tally(key=name, name=name, votes_for=votes_for, **fields)


def hold(seats: int, *votes: int, entitled: int = 20, present: int = 20, **fields: object) -> ElectionOutcome:
    """An election among candidates 甲, 乙, 丙 … with that many votes, every ballot returned unless said."""
    given: dict[str, object] = {"ballots": Ballots(issued=present, returned=present)}
    return elect(
        seats=seats,
        entitled=entitled,
        present=present,
        candidates=[tally(name, count) for name, count in zip("甲乙丙丁戊己庚", votes, strict=False)],
        **(given | fields),  # type: ignore[arg-type]
    )


def names(tallies: tuple[Tally, ...]) -> list[str]:
    return [item.name for item in tallies]


@pytest.mark.parametrize(("present", "elected_at"), [(9, 5), (10, 6), (11, 6)])
def test_of_eleven_entitled_one_is_elected_by_more_than_half_of_those_present(
    present: int, elected_at: int
) -> None:
    assert names(hold(1, elected_at, entitled=11, present=present).elected) == ["甲"]
    assert names(hold(1, elected_at - 1, entitled=11, present=present).elected) == []
    assert hold(1, elected_at, entitled=11, present=present).needed == elected_at


def test_an_election_with_fewer_than_four_fifths_present_does_not_open() -> None:
    found = hold(1, 8, entitled=11, present=8)
    assert (found.state, found.elected, found.open_seats) == (VoteState.NOT_OPEN, (), 1)
    assert found.words == "应到11人，须到会9人，实到8人，还差1人，不能选举。"


def test_the_stricter_reading_of_four_fifths_can_be_switched_on() -> None:
    assert hold(1, 8, entitled=10, present=8).state is VoteState.PASSED
    assert hold(1, 8, entitled=10, present=8, strict_four_fifths=True).state is VoteState.NOT_OPEN


def test_when_just_enough_pass_all_of_them_are_elected() -> None:
    found = hold(3, 18, 11, 15, 10)
    assert (found.state, names(found.elected), found.open_seats) == (VoteState.PASSED, ["甲", "丙", "乙"], 0)
    assert found.words == "甲（18票）、丙（15票）、乙（11票）当选。"


def test_when_too_many_pass_those_with_most_votes_are_elected() -> None:
    assert names(hold(3, 12, 19, 15, 14).elected) == ["乙", "丙", "丁"]


def test_a_tie_for_the_last_seat_is_voted_on_again_between_the_tied() -> None:
    found = hold(3, 18, 15, 13, 13)
    assert (found.state, found.open_seats) == (VoteState.RUNOFF, 1)
    assert (names(found.elected), names(found.tied)) == (["甲", "乙"], ["丙", "丁"])
    assert found.words == "甲（18票）、乙（15票）当选。丙、丁票数相同，余1个名额，就这2人再次投票。"


def test_a_tie_that_takes_no_seat_away_is_no_tie() -> None:
    found = hold(3, 14, 14, 14, 12)
    assert (found.state, names(found.elected), found.tied) == (VoteState.PASSED, ["甲", "乙", "丙"], ())


def test_a_tie_of_everyone_leaves_every_seat_open() -> None:
    found = hold(2, 12, 12, 12)
    assert (found.elected, names(found.tied), found.open_seats) == ((), ["甲", "乙", "丙"], 2)


def test_in_a_runoff_most_votes_win_even_without_half() -> None:
    found = hold(1, 9, 8, runoff=True)
    assert (found.state, names(found.elected), found.needed) == (VoteState.PASSED, ["甲"], 1)


def test_a_runoff_may_end_in_a_tie_again() -> None:
    found = hold(1, 10, 10, runoff=True)
    assert (found.state, names(found.tied)) == (VoteState.RUNOFF, ["甲", "乙"])


def test_nobody_is_elected_in_a_runoff_without_a_single_vote() -> None:
    assert hold(1, 0, 0, runoff=True).elected == ()


def test_when_too_few_pass_the_rest_may_be_voted_on_again() -> None:
    found = hold(3, 18, 10, 12, 9)
    assert (found.state, names(found.elected), found.open_seats) == (VoteState.RUNOFF, ["甲", "丙"], 1)
    assert found.tied == ()
    assert "还缺1名，可对未当选的再次投票" in found.words


@pytest.mark.parametrize(("consenting", "allowed"), [(10, False), (11, True)])
def test_seats_may_stay_empty_when_more_than_half_agree(consenting: int, allowed: bool) -> None:
    assert may_reduce_seats(consenting=consenting, present=20) is allowed


def test_more_ballots_returned_than_issued_make_the_election_invalid() -> None:
    found = hold(1, 21, ballots=Ballots(issued=20, returned=21))
    assert (found.state, found.elected) == (VoteState.INVALID, ())


@pytest.mark.parametrize(("seats", "expected"), [(1, 2), (3, 4), (4, 5), (5, 6), (6, 8), (7, 9), (10, 12)])
def test_a_fifth_more_candidates_than_seats_rounded_up(seats: int, expected: int) -> None:
    assert candidates_needed(seats) == expected


def test_too_few_candidates_for_committee_seats_are_noted_but_do_not_stop_the_count() -> None:
    found = hold(3, 18, 15, 14, nominated=3)
    assert found.state is VoteState.PASSED
    assert found.notes == ("委员选举应选3名，候选人应不少于4名，还差1名。",)
    assert hold(3, 18, 15, 14, 9, nominated=4).notes == ()
    assert hold(3, 18, 15, 14).notes == ()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"seats": 0}, "应选名额至少1名。"),
        ({"candidates": []}, "没有登记候选人。"),
        ({"candidates": [tally("甲", 9), tally("甲", 8)]}, "同一候选人登记了两次。"),
        ({"candidates": [tally("甲", -1)]}, "票数不能是负数。"),
        ({"present": 21}, "实到21人，多于应到20人。"),
        ({"ballots": Ballots(issued=21, returned=20)}, "发出21张票，多于实到20人。"),
        ({"ballots": Ballots(issued=20, returned=3, invalid=4)}, "无效票4张，多于收回的3张。"),
        ({"candidates": [tally("甲", 15, against=6)]}, "甲得票合计21张，多于有效票20张。"),
        (
            {"candidates": [tally("甲", 15), tally("乙", 6)]},
            "赞成票合计21票，超出20张有效票、每张最多选1名的总数。",
        ),
    ],
)
def test_impossible_elections_are_refused_in_words(fields: dict[str, object], problem: str) -> None:
    given: dict[str, object] = {
        "seats": 1,
        "entitled": 20,
        "present": 20,
        "candidates": [tally("甲", 11)],
        "ballots": Ballots(issued=20, returned=20),
    }
    with pytest.raises(ImpossibleCount) as refused:
        elect(**(given | fields))  # type: ignore[arg-type]
    assert refused.value.problems == (problem,)


@st.composite
def elections(draw: st.DrawFn) -> dict[str, object]:
    seats = draw(st.integers(1, 7))
    present = draw(st.integers(4, 60))
    entitled = draw(st.integers(present, present * 5 // 4))
    votes = draw(st.lists(st.integers(0, present), min_size=1, max_size=9))
    while sum(votes) > seats * present:
        votes[votes.index(max(votes))] //= 2
    return {
        "seats": seats,
        "entitled": entitled,
        "present": present,
        "candidates": [tally(f"候选人{number}", count) for number, count in enumerate(votes)],
        "ballots": Ballots(issued=present, returned=present),
    }


@given(elections())
def test_nobody_is_elected_without_half_or_past_someone_with_more_votes(given_: dict[str, object]) -> None:
    found = elect(**given_)  # type: ignore[arg-type]
    assert len(found.elected) <= found.open_seats + len(found.elected) == given_["seats"]
    assert all(2 * item.votes_for > given_["present"] for item in (*found.elected, *found.tied))  # type: ignore[operator]
    others = [item for item in given_["candidates"] if item not in found.elected]  # type: ignore[attr-defined]
    lowest = min((item.votes_for for item in found.elected), default=10_000)
    assert all(item.votes_for < lowest for item in others if item.votes_for * 2 > given_["present"])
    assert not found.tied or len(found.tied) > found.open_seats


@given(elections(), st.integers(0, 8))
def test_one_more_vote_never_costs_a_candidate_the_seat(given_: dict[str, object], pick: int) -> None:
    before = elect(**given_)  # type: ignore[arg-type]
    if not before.elected:
        return
    winner = before.elected[pick % len(before.elected)]
    raised = replace(winner, votes_for=winner.votes_for + 1)
    candidates = [raised if item == winner else item for item in given_["candidates"]]  # type: ignore[attr-defined]
    try:
        after = elect(**(given_ | {"candidates": candidates}))  # type: ignore[arg-type]
    except ImpossibleCount:
        return
    assert raised in after.elected
