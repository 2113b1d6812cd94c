from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules.kinds import ElectionExclusion, Matter, MembershipState, MemberStatus, VoteException
from apps.rules.quorum import HALF, MORE_THAN_HALF, VoterFacts, electorate, opening

DAY = date(2026, 11, 20)
ASSEMBLY_HALF = [Matter.ORDINARY, Matter.DISCIPLINE, Matter.EXCLUSION, Matter.GROUP_OPINION]
COMMITTEE_HALF = [Matter.COMMITTEE_DECISION, Matter.COMMITTEE_ELECTION]
OVER_HALF = [Matter.ADMISSION, Matter.CONFIRMATION]


def voter(number: int = 1, **fields: object) -> VoterFacts:
    given: dict[str, object] = {"status": MemberStatus.FULL}
    return VoterFacts(id=number, name=f"党员{number}", **(given | fields))  # type: ignore[arg-type]


def excluded(**fields: object) -> VoterFacts:
    consents: dict[str, object] = {
        "approved_above_on": date(2026, 11, 1),
        "approved_by_assembly_on": date(2026, 11, 20),
    }
    return voter(2, election_exclusion=ElectionExclusion.INFIRM, **(consents | fields))


@pytest.mark.parametrize(
    ("matter", "entitled", "opens_at"),
    [
        (Matter.ORDINARY, 16, 8),
        (Matter.ORDINARY, 15, 8),
        (Matter.ADMISSION, 16, 9),
        (Matter.ADMISSION, 15, 8),
        (Matter.CONFIRMATION, 16, 9),
        (Matter.ELECTION, 11, 9),
        (Matter.ELECTION, 10, 8),
        (Matter.ELECTION, 5, 4),
        (Matter.COMMITTEE_DECISION, 5, 3),
        (Matter.COMMITTEE_DECISION, 4, 2),
        (Matter.COMMITTEE_ELECTION, 7, 4),
        (Matter.ORDINARY, 1, 1),
    ],
)
def test_a_meeting_opens_at_the_number_of_the_regulations_and_not_one_below(
    matter: Matter, entitled: int, opens_at: int
) -> None:
    at = opening(matter, entitled=entitled, present=opens_at)
    below = opening(matter, entitled=entitled, present=opens_at - 1)
    assert (at.opens, at.required, at.missing) == (True, opens_at, 0)
    assert (below.opens, below.required, below.missing, below.words) == (False, opens_at, 1, "还差1人")


def test_the_missing_are_counted() -> None:
    assert opening(Matter.ORDINARY, entitled=16, present=6).words == "还差2人"


def test_the_stricter_reading_of_four_fifths_asks_for_one_more() -> None:
    assert opening(Matter.ELECTION, entitled=10, present=8).opens
    strict = opening(Matter.ELECTION, entitled=10, present=8, strict_four_fifths=True)
    assert (strict.opens, strict.required) == (False, 9)
    assert opening(Matter.ELECTION, entitled=11, present=9, strict_four_fifths=True).opens


def test_the_stricter_reading_touches_elections_only() -> None:
    assert opening(Matter.ORDINARY, entitled=10, present=5, strict_four_fifths=True).opens


def test_nothing_opens_where_nobody_may_vote() -> None:
    nobody = opening(Matter.ORDINARY, entitled=0, present=0)
    assert (nobody.opens, nobody.words) == (False, "没有可以参加表决的人，不能表决。")


@pytest.mark.parametrize(
    ("matter", "rule", "regulation"),
    [
        (Matter.ORDINARY, "VOTE-1", "ZB"),
        (Matter.ADMISSION, "VOTE-2", "FZ26"),
        (Matter.ELECTION, "VOTE-3", "XJ"),
        (Matter.COMMITTEE_DECISION, "VOTE-4", "ZB"),
    ],
)
def test_the_answer_names_its_rule(matter: Matter, rule: str, regulation: str) -> None:
    found = opening(matter, entitled=5, present=5)
    assert (found.rule_code, found.regulation) == (rule, regulation)


@given(entitled=st.integers(1, 2000))
def test_the_smallest_number_is_exactly_the_formula(entitled: int) -> None:
    for matter in [*ASSEMBLY_HALF, *COMMITTEE_HALF]:
        least = opening(matter, entitled=entitled, present=0).required
        assert 2 * least >= entitled > 2 * (least - 1)
    for matter in OVER_HALF:
        least = opening(matter, entitled=entitled, present=0).required
        assert 2 * least > entitled >= 2 * (least - 1)
    least = opening(Matter.ELECTION, entitled=entitled, present=0).required
    assert 5 * least >= 4 * entitled > 5 * (least - 1)


@given(matter=st.sampled_from(list(Matter)), entitled=st.integers(1, 500), data=st.data())
def test_more_people_present_never_close_a_meeting(
    matter: Matter, entitled: int, data: st.DataObject
) -> None:
    present = data.draw(st.integers(0, entitled - 1))
    if opening(matter, entitled=entitled, present=present).opens:
        assert opening(matter, entitled=entitled, present=present + 1).opens


@given(whole=st.integers(0, 2000))
def test_more_than_half_is_never_less_than_half(whole: int) -> None:
    assert MORE_THAN_HALF.required(whole) >= HALF.required(whole)


def test_a_probationary_member_has_no_vote() -> None:
    found = electorate([voter(1), voter(2, status=MemberStatus.PROBATIONARY)], matter=Matter.ORDINARY, on=DAY)
    assert found.entitled == (1,)
    assert [(item.id, item.name, item.reason) for item in found.left_out] == [
        (2, "党员2", "预备党员没有表决权、选举权")
    ]


@pytest.mark.parametrize("matter", list(Matter))
@pytest.mark.parametrize("exception", list(VoteException))
def test_who_is_on_probation_or_detained_has_no_vote_in_any_matter(
    exception: VoteException, matter: Matter
) -> None:
    found = electorate([voter(vote_exception=exception)], matter=matter, on=DAY)
    assert found.entitled == ()
    assert found.left_out[0].reason == exception.label


@pytest.mark.parametrize(
    ("begins", "ends", "has_vote"),
    [
        (date(2026, 11, 20), None, False),
        (date(2026, 11, 21), None, True),
        (None, date(2026, 11, 21), False),
        (None, date(2026, 11, 20), True),
        (date(2025, 11, 20), date(2027, 11, 20), False),
    ],
)
def test_a_lost_vote_comes_back_on_the_day_the_exception_ends(
    begins: date | None, ends: date | None, has_vote: bool
) -> None:
    one = voter(vote_exception=VoteException.PROBATION_IN_PARTY, exception_from=begins, exception_until=ends)
    assert (electorate([one], matter=Matter.ORDINARY, on=DAY).size == 1) is has_vote


@pytest.mark.parametrize("state", [item for item in MembershipState if item is not MembershipState.ACTIVE])
def test_who_is_no_active_member_has_no_vote(state: MembershipState) -> None:
    found = electorate([voter(state=state)], matter=Matter.ORDINARY, on=DAY)
    assert (found.entitled, found.left_out[0].reason) == ((), state.label)


def test_an_exclusion_with_both_consents_leaves_out_in_elections_only() -> None:
    voters = [voter(1), excluded()]
    assert electorate(voters, matter=Matter.ELECTION, on=DAY).entitled == (1,)
    others = [matter for matter in Matter if matter is not Matter.ELECTION]
    assert all(electorate(voters, matter=matter, on=DAY).entitled == (1, 2) for matter in others)


@pytest.mark.parametrize(
    ("consents", "words"),
    [
        ({"approved_above_on": None}, "仍计入应到会人数：还没有上级党组织同意"),
        ({"approved_by_assembly_on": None}, "仍计入应到会人数：还没有党员大会通过"),
        ({"approved_by_assembly_on": date(2026, 11, 21)}, "仍计入应到会人数：还没有党员大会通过"),
        (
            {"approved_above_on": None, "approved_by_assembly_on": None},
            "仍计入应到会人数：还没有上级党组织同意、党员大会通过",
        ),
    ],
)
def test_an_exclusion_without_both_consents_still_counts_and_says_what_is_missing(
    consents: dict[str, object], words: str
) -> None:
    found = electorate([excluded(**consents)], matter=Matter.ELECTION, on=DAY)
    assert (found.entitled, found.left_out) == ((2,), ())
    assert [item.reason for item in found.pending] == [words]


def test_everyone_is_either_entitled_or_left_out() -> None:
    voters = [
        replace(voter(number), status=status, state=state)
        for number, (status, state) in enumerate(
            (status, state) for status in MemberStatus for state in MembershipState
        )
    ]
    found = electorate(voters, matter=Matter.ELECTION, on=DAY)
    assert sorted([*found.entitled, *(item.id for item in found.left_out)]) == list(range(len(voters)))
