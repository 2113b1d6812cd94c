"""Procedure, decisions and agendas in figures: each case counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from apps.rules.facts_records import ItemFacts, MotionFacts
from apps.rules.facts_year import BranchYearFacts
from apps.rules.kinds import ItemNature, Matter, Topic
from apps.rules.measures import figure
from apps.rules.voting import VoteState
from tests.rules.years import (
    END,
    EVERYBODY,
    GENERAL,
    GROUP,
    LECTURE,
    MID,
    THEMED,
    Table,
    assembly,
    committee,
    day,
    item,
    many,
    meeting,
    no_committee,
    of,
    reasons,
    roll,
    rows,
    said,
    year,
)

STUDY, BUSINESS, WORK = ItemNature.POLITICAL_STUDY, ItemNature.ADMINISTRATIVE, ItemNature.CENTRAL_WORK


def motion(in_favour: int = 5, **fields: Any) -> MotionFacts:
    """Eight entitled, all present, five votes needed."""
    given: dict[str, Any] = {"id": 1, "matter": Matter.ORDINARY, "entitled": 8, "present": 8, "needed": 5}
    state = VoteState.PASSED if in_favour >= 5 else VoteState.FAILED
    return MotionFacts(in_favour=in_favour, **(given | {"state": state} | fields))


def decided(id_: int = 1, **fields: Any) -> ItemFacts:
    return item(id_, decided=True, **fields)


TABLE: Table = {
    "procedure_valid": [
        ("all came", of(assembly()), "1/1 good"),
        (
            "half of the voters open an assembly",
            of(assembly(roll=roll(range(1, 5), away=range(5, 9)))),
            "1/1 good",
        ),
        ("less than half do not", of(assembly(roll=roll(range(1, 4), away=range(4, 9)))), "0/1 warn"),
        ("two of three open a committee meeting", of(committee(roll=roll((1, 2), away=(3,)))), "1/1 good"),
        ("one of three does not", of(committee(roll=roll((1,), away=(2, 3)))), "0/1 warn"),
        ("a seat that is missing on the roll counts as away", of(committee(roll=roll((1,)))), "0/1 warn"),
        ("without a roll nobody can tell", of(assembly(roll=())), "0/1 warn"),
        (
            "a vote that needs more than half makes the assembly fall short",
            of(
                assembly(
                    item(motions=(motion(matter=Matter.ADMISSION, present=4),)),
                    roll=roll(range(1, 5), away=range(5, 9)),
                )
            ),
            "0/1 warn",
        ),
        ("nine of ten are a warning already", of(*many(assembly(), times=9), assembly(roll=())), "9/10 warn"),
        ("theme days need no quorum", of(meeting(day(5), THEMED, roll=EVERYBODY)), "not_applicable"),
        ("a record that is not filed waits", of(assembly(closed=False)), "not_applicable"),
        (
            "a sitting of last year is none of this one",
            of(meeting(date(2025, 12, 31), GENERAL)),
            "not_applicable",
        ),
        ("31 December still belongs to the year", of(meeting(END, GENERAL, roll=EVERYBODY)), "1/1 good"),
        (
            "no committee, the assembly is what counts",
            year(org=no_committee(), meetings=[assembly(roll=roll(range(1, 6)))]),
            "1/1 good",
        ),
    ],
    "decisions_voted": [
        ("passed by the required votes", of(assembly(decided(motions=(motion(),)))), "1/1 good"),
        ("recorded as not passed is in order", of(assembly(item(motions=(motion(4),)))), "1/1 good"),
        (
            "passed with too few votes is not",
            of(assembly(decided(motions=(motion(4, state=VoteState.PASSED),)))),
            "0/1 warn",
        ),
        ("passed before too few is not", of(assembly(decided(motions=(motion(present=3),)))), "0/1 warn"),
        (
            "an invalid ballot leaves it open",
            of(assembly(item(motions=(motion(state=VoteState.INVALID),)))),
            "0/1 warn",
        ),
        (
            "a second ballot settles a tied one",
            of(assembly(item(motions=(motion(state=VoteState.RUNOFF, replaced=True), motion(id=2))))),
            "1/1 good",
        ),
        ("a major matter without a vote is not", of(committee(decided(is_major=True))), "0/1 warn"),
        ("a minor one needs none", of(committee(decided())), "not_applicable"),
        (
            "19 of 20 are fair",
            of(*many(assembly(decided(motions=(motion(),))), times=19), assembly(decided(is_major=True))),
            "19/20 fair",
        ),
        (
            "18 of 19 are a warning",
            of(*many(assembly(decided(motions=(motion(),))), times=18), assembly(decided(is_major=True))),
            "18/19 warn",
        ),
        (
            "what a group thinks is no decision",
            of(meeting(day(5), GROUP, items=[decided(is_major=True)])),
            "not_applicable",
        ),
    ],
    "deliberation_breadth": [
        (
            "four of the seven others spoke",
            of(assembly(decided(opinions_by=frozenset({2, 3, 4, 5})))),
            "1/1 good",
        ),
        (
            "three of seven are less than half",
            of(assembly(decided(opinions_by=frozenset({2, 3, 4})))),
            "0/1 warn",
        ),
        (
            "the chair's own words do not count",
            of(assembly(decided(opinions_by=frozenset({1, 2, 3, 4})))),
            "0/1 warn",
        ),
        ("exactly half is enough", of(committee(decided(opinions_by=frozenset({2})))), "1/1 good"),
        (
            "words of somebody absent do not count",
            of(committee(decided(opinions_by=frozenset({7})))),
            "0/1 warn",
        ),
        (
            "four of five are good",
            of(committee(*(decided(n, opinions_by=frozenset({2} if n < 5 else ())) for n in range(1, 6)))),
            "4/5 good",
        ),
        (
            "three of five are fair",
            of(committee(*(decided(n, opinions_by=frozenset({2} if n < 4 else ())) for n in range(1, 6)))),
            "3/5 fair",
        ),
        ("an item without a decision is not asked", of(committee(item())), "not_applicable"),
        (
            "alone with the chair nobody can speak",
            of(committee(decided(), roll=roll((1,)))),
            "not_applicable",
        ),
        (
            "no committee: the assembly's decisions count",
            year(
                org=no_committee(),
                meetings=[assembly(decided(opinions_by=frozenset({2, 3})), roll=roll(range(1, 6)))],
            ),
            "1/1 good",
        ),
    ],
    "party_agenda_share": [
        ("a Party item among business", of(committee(item(1, nature=BUSINESS), item(2))), "1/1 good"),
        ("nothing but business", of(committee(item(nature=BUSINESS))), "0/1 warn"),
        ("central work is the branch's own concern", of(assembly(item(nature=WORK))), "1/1 good"),
        (
            "an item of no stated nature proves nothing",
            of(assembly(item(nature=ItemNature.OTHER))),
            "0/1 warn",
        ),
        ("no agenda, no proof", of(assembly()), "0/1 warn"),
        ("nine of ten are fair", of(*many(assembly(item()), times=9), assembly()), "9/10 fair"),
        ("eight of nine are a warning", of(*many(assembly(item()), times=8), assembly()), "8/9 warn"),
        ("theme days are not asked", of(meeting(day(5), THEMED)), "not_applicable"),
        (
            "at the end of June July is not there yet",
            year(MID, meetings=[committee(month=7)]),
            "not_applicable",
        ),
    ],
    "first_topic_study": [
        ("study comes first", of(committee(item(1, nature=STUDY), item(2))), "1/1 good"),
        ("study comes second", of(committee(item(1), item(2, nature=STUDY))), "0/1 warn"),
        (
            "the place on the agenda decides, not the order of entry",
            of(committee(item(2), item(1, nature=STUDY))),
            "1/1 good",
        ),
        ("no agenda", of(committee()), "0/1 warn"),
        ("four of five are fair", of(*many(committee(item(nature=STUDY)), times=4), committee()), "4/5 fair"),
        (
            "three of four are a warning",
            of(*many(committee(item(nature=STUDY)), times=3), committee()),
            "3/4 warn",
        ),
        (
            "a branch without committee",
            year(org=no_committee(), meetings=[assembly(item())]),
            "not_applicable",
        ),
    ],
    "central_work_share": [
        ("an item on it", of(assembly(item(nature=WORK))), "1/1 good"),
        ("a theme on it", of(meeting(day(5), THEMED, topics=frozenset({Topic.CENTRAL_WORK}))), "1/1 good"),
        ("half are good", of(assembly(item(nature=WORK)), committee(month=6)), "1/2 good"),
        ("a quarter is fair", of(assembly(item(nature=WORK)), *many(committee(), times=3)), "1/4 fair"),
        ("a fifth is a warning", of(assembly(item(nature=WORK)), *many(committee(), times=4)), "1/5 warn"),
        ("none is zero", of(committee()), "0/1 warn"),
        ("a lecture alone is not asked", of(meeting(day(5), LECTURE)), "not_applicable"),
    ],
}


@pytest.mark.parametrize(("key", "facts", "expected"), rows(TABLE))
def test_the_figure_is_what_was_counted_by_hand(key: str, facts: BranchYearFacts, expected: str) -> None:
    assert said(figure(key, facts)) == expected


def test_a_meeting_without_a_quorum_says_what_it_lacked() -> None:
    facts = of(assembly(roll=roll(range(1, 4), away=range(4, 9))))
    assert reasons("procedure_valid", facts) == ["党员大会有表决权的8人，到会3人，不足半数。"]
