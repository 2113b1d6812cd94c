from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules.kinds import Matter, VoteMethod
from apps.rules.voting import (
    Ballots,
    CommitteeMajority,
    ImpossibleCount,
    Outcome,
    Votes,
    VoteState,
    check_counts,
    outcome,
    procedure_problems,
    votes_needed,
)

DECISIONS = [matter for matter in Matter if matter is not Matter.ELECTION]
BY_ENTITLED = [
    matter for matter in DECISIONS if matter not in (Matter.COMMITTEE_DECISION, Matter.COMMITTEE_ELECTION)
]


def decide(matter: Matter, entitled: int, present: int, **votes: int) -> Outcome:
    return outcome(matter, entitled=entitled, present=present, votes=Votes(**votes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("matter", "entitled", "present", "passes_at"),
    [
        (Matter.ORDINARY, 16, 16, 9),
        (Matter.ORDINARY, 16, 9, 9),
        (Matter.ORDINARY, 15, 15, 8),
        (Matter.ORDINARY, 15, 8, 8),
        (Matter.ADMISSION, 16, 9, 9),
        (Matter.ADMISSION, 15, 8, 8),
        (Matter.CONFIRMATION, 16, 16, 9),
        (Matter.DISCIPLINE, 20, 20, 11),
        (Matter.COMMITTEE_DECISION, 5, 5, 3),
        (Matter.COMMITTEE_DECISION, 5, 3, 3),
        (Matter.COMMITTEE_DECISION, 4, 4, 3),
    ],
)
def test_a_matter_passes_at_the_number_of_the_regulations_and_not_one_below(
    matter: Matter, entitled: int, present: int, passes_at: int
) -> None:
    assert decide(matter, entitled, present, votes_for=passes_at).state is VoteState.PASSED
    assert decide(matter, entitled, present, votes_for=passes_at - 1).state is VoteState.FAILED
    assert decide(matter, entitled, present, votes_for=passes_at).needed == passes_at


def test_sixteen_entitled_may_meet_with_eight_but_eight_cannot_pass_anything() -> None:
    assert decide(Matter.ORDINARY, 16, 8, votes_for=8).state is VoteState.FAILED


def test_a_thin_meeting_is_not_open_and_says_how_many_are_missing() -> None:
    found = decide(Matter.ADMISSION, 16, 8, votes_for=8)
    assert found.state is VoteState.NOT_OPEN
    assert found.words == "应到16人，须到会9人，实到8人，还差1人，不能表决。"


def test_written_opinions_count_for_passing_but_not_for_opening() -> None:
    assert decide(Matter.ADMISSION, 16, 9, votes_for=7, written_for=2).state is VoteState.PASSED
    assert decide(Matter.ADMISSION, 16, 8, votes_for=8, written_for=8).state is VoteState.NOT_OPEN


def test_written_opinions_against_do_not_help() -> None:
    assert decide(Matter.ADMISSION, 16, 9, votes_for=8, written_against=7).state is VoteState.FAILED


def test_the_result_is_told_in_words_with_its_rule() -> None:
    found = decide(Matter.ADMISSION, 16, 10, votes_for=8, against=1, abstain=1, written_for=1)
    assert found.words == "应到16人，实到10人，须有9票赞成；实得赞成9票（含书面意见1票），通过。"
    assert (found.rule_code, found.regulation) == ("VOTE-2", "FZ26")
    failed = decide(Matter.ORDINARY, 16, 10, votes_for=8)
    assert failed.words == "应到16人，实到10人，须有9票赞成；实得赞成8票，未通过。"
    assert (failed.rule_code, failed.regulation, failed.article) == ("VOTE-1", "ZB", "第十一条")


def test_an_assumption_is_said_aloud() -> None:
    assert "没有单独规定人数" in decide(Matter.DISCIPLINE, 16, 10, votes_for=9).assumed
    assert decide(Matter.ORDINARY, 16, 10, votes_for=9).assumed == ""


def test_a_committee_may_by_setting_decide_with_the_majority_of_those_present() -> None:
    votes = Votes(votes_for=2, against=1)
    whole = outcome(Matter.COMMITTEE_DECISION, entitled=5, present=3, votes=votes)
    present = outcome(
        Matter.COMMITTEE_DECISION,
        entitled=5,
        present=3,
        votes=votes,
        committee_majority=CommitteeMajority.PRESENT,
    )
    assert (whole.state, whole.needed) == (VoteState.FAILED, 3)
    assert (present.state, present.needed) == (VoteState.PASSED, 2)


def test_the_setting_of_the_committee_does_not_reach_the_assembly() -> None:
    by_present = CommitteeMajority.PRESENT
    assert votes_needed(Matter.ORDINARY, entitled=16, present=8, committee_majority=by_present) == 9


def test_more_ballots_than_were_issued_make_the_vote_invalid() -> None:
    votes = Votes(votes_for=10, ballots=Ballots(issued=10, returned=11))
    found = outcome(Matter.ADMISSION, entitled=16, present=10, votes=votes)
    assert found.state is VoteState.INVALID
    assert found.words == "收回11张票，多于发出的10张，表决无效，应重新投票。"


def test_fewer_ballots_than_were_issued_are_valid() -> None:
    votes = Votes(votes_for=9, ballots=Ballots(issued=10, returned=9))
    assert outcome(Matter.ADMISSION, entitled=16, present=10, votes=votes).state is VoteState.PASSED


@pytest.mark.parametrize(
    ("matter", "entitled", "present", "votes", "problems"),
    [
        (Matter.ORDINARY, 16, 10, Votes(votes_for=-1), ["票数不能是负数。"]),
        (
            Matter.ORDINARY,
            16,
            -1,
            Votes(votes_for=0),
            ["人数不能是负数。"],
        ),
        (Matter.ORDINARY, 0, 0, Votes(votes_for=0), ["没有可以参加表决的人，请先核对应到会人数。"]),
        (Matter.ORDINARY, 16, 17, Votes(votes_for=9), ["实到17人，多于应到16人。"]),
        (
            Matter.ORDINARY,
            16,
            10,
            Votes(votes_for=8, against=2, abstain=1),
            ["赞成、反对、弃权合计11票，多于实到10人。"],
        ),
        (Matter.ORDINARY, 16, 10, Votes(votes_for=8, written_for=1), ["党员大会一般事项不计书面意见。"]),
        (Matter.COMMITTEE_DECISION, 5, 4, Votes(votes_for=3, written_for=1), ["支委会决定不计书面意见。"]),
        (
            Matter.ADMISSION,
            16,
            14,
            Votes(votes_for=8, written_for=2, written_against=1),
            ["书面意见3份，多于未到会的2人。"],
        ),
        (
            Matter.ADMISSION,
            16,
            10,
            Votes(votes_for=8, ballots=Ballots(issued=11, returned=10)),
            ["发出11张票，多于实到10人。"],
        ),
        (
            Matter.ADMISSION,
            16,
            10,
            Votes(votes_for=8, abstain=2, ballots=Ballots(issued=10, returned=10, invalid=1)),
            ["赞成、反对、弃权合计10票，多于有效票9张。"],
        ),
        (
            Matter.ADMISSION,
            16,
            10,
            Votes(votes_for=0, ballots=Ballots(issued=10, returned=2, invalid=3)),
            ["无效票3张，多于收回的2张。"],
        ),
        (
            Matter.ADMISSION,
            16,
            10,
            Votes(votes_for=0, ballots=Ballots(issued=-1, returned=0)),
            ["票数不能是负数。"],
        ),
        (Matter.ELECTION, 16, 14, Votes(votes_for=9), ["选举请逐名登记候选人的得票。"]),
    ],
)
def test_impossible_numbers_are_refused_in_words(
    matter: Matter, entitled: int, present: int, votes: Votes, problems: list[str]
) -> None:
    assert check_counts(matter, entitled=entitled, present=present, votes=votes) == problems
    with pytest.raises(ImpossibleCount) as refused:
        outcome(matter, entitled=entitled, present=present, votes=votes)
    assert list(refused.value.problems) == problems


def test_admission_needs_a_secret_ballot_and_one_person_at_a_time() -> None:
    assert procedure_problems(Matter.ADMISSION, method=VoteMethod.SECRET_BALLOT) == []
    assert procedure_problems(Matter.ADMISSION, method=VoteMethod.SHOW_OF_HANDS, subjects=2) == [
        "接收预备党员须采用无记名投票。",
        "接收预备党员须逐个讨论、逐个表决，一次只能表决一个人。",
    ]
    assert procedure_problems(Matter.ELECTION, method=VoteMethod.SHOW_OF_HANDS) == [
        "党员大会选举须采用无记名投票。"
    ]
    assert procedure_problems(Matter.ORDINARY, method=VoteMethod.SHOW_OF_HANDS, subjects=3) == []


@st.composite
def possible_votes(draw: st.DrawFn, matters: list[Matter]) -> tuple[Matter, int, int, Votes]:
    matter = draw(st.sampled_from(matters))
    entitled = draw(st.integers(1, 60))
    present = draw(st.integers(0, entitled))
    in_favour = draw(st.integers(0, present))
    against = draw(st.integers(0, present - in_favour))
    votes = Votes(votes_for=in_favour, against=against)
    if matter in (Matter.ADMISSION, Matter.CONFIRMATION):
        votes = replace(votes, written_for=draw(st.integers(0, entitled - present)))
    return matter, entitled, present, votes


@given(possible_votes(DECISIONS))
def test_one_more_vote_for_never_turns_passed_into_failed(case: tuple[Matter, int, int, Votes]) -> None:
    matter, entitled, present, votes = case
    before = outcome(matter, entitled=entitled, present=present, votes=votes)
    if votes.cast < present:
        more = replace(votes, votes_for=votes.votes_for + 1)
    elif votes.against:
        more = replace(votes, votes_for=votes.votes_for + 1, against=votes.against - 1)
    else:
        return
    after = outcome(matter, entitled=entitled, present=present, votes=more)
    assert not (before.state is VoteState.PASSED and after.state is not VoteState.PASSED)


@given(possible_votes(BY_ENTITLED))
def test_people_leaving_never_make_a_vote_pass_that_failed(case: tuple[Matter, int, int, Votes]) -> None:
    matter, entitled, present, votes = case
    before = outcome(matter, entitled=entitled, present=present, votes=votes)
    if votes.cast < present:
        fewer = outcome(matter, entitled=entitled, present=present - 1, votes=votes)
        assert not (before.state is not VoteState.PASSED and fewer.state is VoteState.PASSED)


@given(possible_votes(DECISIONS))
def test_a_decision_passes_exactly_by_the_formula(case: tuple[Matter, int, int, Votes]) -> None:
    matter, entitled, present, votes = case
    strict = matter in (Matter.ADMISSION, Matter.CONFIRMATION)
    opens = 2 * present > entitled if strict else 2 * present >= entitled
    in_favour = votes.votes_for + votes.written_for
    found = outcome(matter, entitled=entitled, present=present, votes=votes)
    assert (found.state is VoteState.PASSED) == (opens and 2 * in_favour > entitled)
    assert (found.state is VoteState.NOT_OPEN) == (not opens)


@given(
    matter=st.sampled_from(DECISIONS),
    entitled=st.integers(-2, 20),
    present=st.integers(-2, 25),
    figures=st.lists(st.integers(-1, 15), min_size=6, max_size=6),
)
def test_whatever_is_typed_is_either_refused_or_could_have_happened(
    matter: Matter, entitled: int, present: int, figures: list[int]
) -> None:
    names = ("votes_for", "against", "abstain", "written_for", "written_against", "written_abstain")
    votes = Votes(**dict(zip(names, figures, strict=True)))  # type: ignore[arg-type]
    lawful_writing = matter in (Matter.ADMISSION, Matter.CONFIRMATION) or not votes.written
    possible = (
        min(figures) >= 0
        and 0 <= present <= entitled
        and entitled > 0
        and votes.cast <= present
        and votes.written <= entitled - present
        and lawful_writing
    )
    assert (check_counts(matter, entitled=entitled, present=present, votes=votes) == []) == possible
