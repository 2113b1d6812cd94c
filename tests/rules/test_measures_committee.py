"""Consultation, seats and the secretary's own study in figures: each case counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.rules.facts_records import ConsultationFacts, ItemFacts, StudyFacts
from apps.rules.facts_year import BranchYearFacts
from apps.rules.kinds import BranchForm, ConsultationKind, PostKind
from apps.rules.measures import figure
from tests.rules.makers import COMMITTEE as POSTS
from tests.rules.makers import make_members, make_post, make_term
from tests.rules.years import (
    END,
    MID,
    Table,
    assembly,
    committee,
    day,
    item,
    no_committee,
    of,
    org,
    reasons,
    rows,
    said,
    year,
)

EARLIER, FEBRUARY = day(5, 8), day(2)
# Member 4 follows member 1 as secretary on 1 July; both were on the committee before.
CHANGED = org(
    posts=(
        make_post(person_id=1, ends_on=day(7, 1)),
        make_post(person_id=4, starts_on=day(7, 1)),
        *POSTS[1:],
    )
)
VACANT = org(posts=POSTS[1:])


def consulted(*members: int, on: date = EARLIER, kind: str = "major", id_: int = 1) -> ConsultationFacts:
    return ConsultationFacts(id=id_, kind=ConsultationKind(kind), held_on=on, member_ids=frozenset(members))


def major(id_: int = 1, *entries: ConsultationFacts) -> ItemFacts:
    return item(id_, is_major=True, decided=True, consultations=entries)


def study(hours: str, *, on: date = FEBRUARY, member: int = 1, category: str = "theory") -> StudyFacts:
    return StudyFacts(
        id=on.toordinal() + member,
        member_id=member,
        studied_on=on,
        hours=Decimal(hours),
        category=category,
    )


def categories(*names: str, on: date = FEBRUARY) -> list[StudyFacts]:
    return [
        study("1", on=on.replace(day=number), category=name) for number, name in enumerate(names, start=1)
    ]


KINDS = [kind.value for kind in ConsultationKind]


def term_ends(ends_on: date, **fields: Any) -> Any:
    return org(terms=(make_term(ends_on=ends_on),), **fields)


TABLE: Table = {
    "consulted_before_decision": [
        ("both others were asked", of(committee(major(1, consulted(2, 3)))), "1/1 good"),
        ("in two talks", of(committee(major(1, consulted(2), consulted(3, id_=2)))), "1/1 good"),
        ("one was forgotten", of(committee(major(1, consulted(2)))), "0/1 warn"),
        ("on the very day", of(committee(major(1, consulted(2, 3, on=day(5))))), "1/1 good"),
        ("only afterwards", of(committee(major(1, consulted(2, 3, on=day(5, 11))))), "0/1 warn"),
        ("nobody was asked", of(assembly(major())), "0/1 warn"),
        ("a minor decision", of(committee(item(decided=True))), "not_applicable"),
        ("a major matter not decided", of(committee(item(is_major=True))), "not_applicable"),
        (
            "four of five are fair",
            of(committee(*(major(n, *([consulted(2, 3)] if n < 5 else [])) for n in range(1, 6)))),
            "4/5 fair",
        ),
        (
            "three of four are a warning",
            of(committee(*(major(n, *([consulted(2, 3)] if n < 4 else [])) for n in range(1, 5)))),
            "3/4 warn",
        ),
        ("no committee", year(org=no_committee(), meetings=[assembly(major())]), "not_applicable"),
        ("it waits for the record", of(committee(major(), closed=False)), "not_applicable"),
    ],
    "consultation_kinds": [
        (
            "all five",
            of(committee(major(1, *(consulted(2, kind=kind, id_=n) for n, kind in enumerate(KINDS))))),
            "5/5 good",
        ),
        (
            "three",
            of(committee(major(1, *(consulted(2, kind=kind, id_=n) for n, kind in enumerate(KINDS[:3]))))),
            "3/5 fair",
        ),
        (
            "two",
            of(committee(major(1, *(consulted(2, kind=kind, id_=n) for n, kind in enumerate(KINDS[:2]))))),
            "2/5 warn",
        ),
        ("the same one twice is one", of(committee(major(1, consulted(2), consulted(3, id_=2)))), "1/5 warn"),
        ("none", of(), "0/5 warn"),
        (
            "two are enough in June",
            year(MID, meetings=[committee(major(1, consulted(2), consulted(2, kind="routine", id_=2)))]),
            "2/5 good",
        ),
        (
            "one is enough for June not to warn",
            year(MID, meetings=[committee(major(1, consulted(2)))]),
            "1/5 fair",
        ),
        ("none in January", year(day(1, 31)), "not_applicable"),
        ("last year's", of(committee(major(1, consulted(2, on=date(2025, 12, 31))), month=1)), "0/5 warn"),
        ("no committee", year(org=no_committee()), "not_applicable"),
    ],
    "committee_complete": [
        ("three seats held and the term running", year(), "4/4 good"),
        ("no secretary", year(org=VACANT), "3/4 warn"),
        ("one other seat vacant", year(org=org(posts=POSTS[:2])), "3/4 warn"),
        ("nobody at all", year(org=org(posts=())), "1/4 warn"),
        (
            "one person on two seats fills one",
            year(org=org(posts=(*POSTS[:2], make_post(PostKind.PUBLICITY, person_id=2)))),
            "3/4 warn",
        ),
        ("the term is up that very day", year(org=term_ends(END)), "3/4 warn"),
        ("the term is up the day after", year(org=term_ends(date(2027, 1, 1))), "4/4 good"),
        (
            "an approved delay keeps it running",
            year(org=org(terms=(make_term(ends_on=day(3), extended_to=date(2027, 3, 10)),))),
            "4/4 good",
        ),
        ("seven full members need a committee", year(org=org(members=make_members(7))), "4/4 good"),
        ("six need a secretary only", year(org=no_committee(members=make_members(6))), "2/2 good"),
        (
            "probationary members make no committee",
            year(org=no_committee(members=make_members(6, probationary=5))),
            "2/2 good",
        ),
        ("no term on record", year(org=org(terms=())), "unknown"),
        (
            "a temporary branch is led by appointment",
            year(org=org(form=BranchForm.TEMPORARY, terms=())),
            "1/1 good",
        ),
        (
            "who left in June is still there in May",
            year(day(5), org=org(posts=(make_post(ends_on=day(6)), *POSTS[1:]))),
            "4/4 good",
        ),
    ],
    "study_hours_secretary": [
        ("fifty-six hours", year(study=[study("56")]), "56/56 good"),
        ("forty-five are fair", year(study=[study("45")]), "45/56 fair"),
        ("forty-four and a half are a warning", year(study=[study("44.5")]), "44.5/56 warn"),
        ("none", year(), "0/56 warn"),
        ("more than enough is full", year(study=[study("70.5")]), "70.5/56 good"),
        ("twenty-eight in June", year(MID, study=[study("28")]), "28/28 good"),
        (
            "a day before the end of June five months count",
            year(day(6, 29), study=[study("23.5")]),
            "23.5/23.3333 good",
        ),
        ("no full month yet", year(day(1, 30), study=[study("3")]), "not_applicable"),
        ("others' hours are theirs", year(study=[study("56", member=2)]), "0/56 warn"),
        (
            "the new one has half a year, and his own hours in it",
            year(org=CHANGED, study=[study("28", on=day(8), member=4), study("30", member=4)]),
            "28/28 good",
        ),
        (
            "records begun in July ask for half",
            year(org=org(records_since=day(7, 1)), study=[study("28", on=day(8))]),
            "28/28 good",
        ),
        ("on 29 February 2028 two months are over", year(date(2028, 2, 29), year=2028), "0/9.33333 warn"),
        ("on 28 February 2028 only one is", year(date(2028, 2, 28), year=2028), "0/4.66667 warn"),
        ("nobody in office", year(org=VACANT), "not_applicable"),
    ],
    "study_breadth": [
        ("all three", year(study=categories("theory", "professional", "auxiliary")), "3/3 good"),
        ("two", year(study=categories("theory", "auxiliary")), "2/3 fair"),
        ("one, many times", year(study=categories("theory", "theory", "theory")), "1/3 warn"),
        ("none", year(), "0/3 warn"),
        ("one is enough in June", year(MID, study=categories("theory")), "1/3 good"),
        ("none in June, when one of each half is asked", year(MID), "0/3 warn"),
        ("none in March", year(date(2026, 3, 31)), "not_applicable"),
        ("an entry of no category", year(study=categories("")), "0/3 warn"),
        ("the members' own studies are not his", year(study=[study("9", member=5)]), "0/3 warn"),
        (
            "a new secretary starts anew",
            year(org=CHANGED, study=[study("9", member=4), study("9", member=4, on=day(9))]),
            "1/3 good",
        ),
        ("nobody in office", year(org=VACANT, study=categories("theory")), "not_applicable"),
    ],
}


@pytest.mark.parametrize(("key", "facts", "expected"), rows(TABLE))
def test_the_figure_is_what_was_counted_by_hand(key: str, facts: BranchYearFacts, expected: str) -> None:
    assert said(figure(key, facts)) == expected


def test_a_vacant_seat_is_named() -> None:
    assert reasons("committee_complete", year(org=VACANT)) == ["没有在任的书记。"]
    assert reasons("committee_complete", year(org=org(posts=POSTS[:2]))) == [
        "正式党员8人，这个委员席位还空着。"
    ]


def test_hours_of_a_sitting_point_at_the_sitting() -> None:
    own = StudyFacts(id=5, member_id=1, studied_on=FEBRUARY, hours=Decimal(2), category="theory")
    found = figure("study_hours_secretary", year(study=[own, replace(own, from_sitting=True)]))
    assert [(ref.kind, ref.id) for ref in found.counted] == [("study", 5), ("meeting", 5)]
    assert found.numerator == 4
