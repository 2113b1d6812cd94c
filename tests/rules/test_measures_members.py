"""How a branch looks after its members, posts and units, in figures: each case counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.rules.facts import GroupFacts, MemberFacts, OrgFacts
from apps.rules.facts_records import DatedFacts, KeyPostFacts, StudyFacts, UnitFacts, VisitFacts
from apps.rules.facts_year import BranchYearFacts
from apps.rules.measures import figure
from tests.rules.makers import make_members
from tests.rules.years import (
    END,
    MID,
    THEMED,
    Table,
    day,
    meeting,
    no_committee,
    org,
    reasons,
    record,
    roll,
    rows,
    said,
    talk,
    year,
)

GROUPS = (GroupFacts(id=1, name="第一党小组", founded_on=date(2020, 1, 1)),)
CLOSED_GROUP = (replace(GROUPS[0], closed_on=day(6, 1)),)


def hours(each: str, *, members: range = range(1, 9), on: date | None = None) -> list[StudyFacts]:
    return [
        StudyFacts(id=number, member_id=number, studied_on=on or day(2), hours=Decimal(each))
        for number in members
    ]


def members(count: int) -> OrgFacts:
    return org(members=make_members(count))


def with_ninth(**fields: Any) -> OrgFacts:
    return org(members=(*make_members(8), MemberFacts(id=9, **fields)))


def records(count: int = 8, **fields: Any) -> list[Any]:
    """Records of so many members; `fields` are those of the first."""
    return [record(1, **fields), *(record(number) for number in range(2, count + 1))]


def grouped(*numbers: int, count: int = 8) -> list[Any]:
    return [record(number, group_id=1 if number in numbers else None) for number in range(1, count + 1)]


def in_need(count: int) -> list[Any]:
    return [record(number, needs_care=number <= count) for number in range(1, 9)]


def visits(*numbers: int, on: date | None = None) -> list[VisitFacts]:
    return [
        VisitFacts(id=100 + at, member_id=number, held_on=on or day(2)) for at, number in enumerate(numbers)
    ]


def dated(*days: date) -> list[DatedFacts]:
    return [DatedFacts(id=number, held_on=held_on) for number, held_on in enumerate(days)]


def posts(checked: int, unchecked: int = 0) -> list[KeyPostFacts]:
    return [
        KeyPostFacts(id=number, checked_on=(day(5),) if number < checked else ())
        for number in range(checked + unchecked)
    ]


def units(covered: int, bare: int = 0) -> list[UnitFacts]:
    return [
        UnitFacts(id=number, covered_on=date(2020, 5, 1) if number < covered else None)
        for number in range(covered + bare)
    ]


TABLE: Table = {
    "study_hours_members": [
        ("thirty-two hours each", year(study=hours("32")), "8/8 good"),
        ("half an hour short", year(study=hours("31.5")), "0/8 warn"),
        ("nobody studied", year(), "0/8 warn"),
        ("19 of 20 are good", year(org=members(20), study=hours("32", members=range(1, 20))), "19/20 good"),
        ("four of five are fair", year(org=members(5), study=hours("32", members=range(1, 5))), "4/5 fair"),
        (
            "three of four are a warning",
            year(org=members(4), study=hours("32", members=range(1, 4))),
            "3/4 warn",
        ),
        ("sixteen in June", year(MID, study=hours("16")), "8/8 good"),
        ("thirteen until 29 June, fractions dropped", year(day(6, 29), study=hours("13")), "8/8 good"),
        ("no full month yet", year(day(1, 30), study=hours("1")), "not_applicable"),
        ("hours of the day after do not count", year(MID, study=hours("16", on=day(7, 1))), "0/8 warn"),
        ("last year's do not either", year(study=hours("32", on=date(2025, 12, 31))), "0/8 warn"),
        (
            "an exempt member is not asked",
            year(records=records(exempt_since=day(3)), study=hours("32", members=range(2, 9))),
            "7/7 good",
        ),
        (
            "exempt from later on he still is",
            year(MID, records=records(exempt_since=day(9)), study=hours("16", members=range(2, 9))),
            "7/8 fair",
        ),
        (
            "who joined in July has half a year",
            year(
                org=with_ninth(joined_on=day(7, 1)),
                study=[*hours("32"), *hours("16", members=range(9, 10), on=day(9))],
            ),
            "9/9 good",
        ),
        (
            "who joined in December has no full month",
            year(org=with_ninth(joined_on=day(12, 2)), study=hours("32")),
            "8/8 good",
        ),
        ("who left is not asked", year(org=with_ninth(left_on=day(12, 31)), study=hours("32")), "8/8 good"),
        ("a branch without members", year(org=members(0)), "not_applicable"),
    ],
    "member_records_fresh": [
        ("all checked in March", year(), "8/8 good"),
        ("one record has gaps", year(records=records(complete=False)), "7/8 warn"),
        ("one never checked", year(records=records(verified_on=None)), "7/8 warn"),
        ("twelve months ago to the day", year(records=records(verified_on=date(2025, 12, 31))), "8/8 good"),
        ("a day more", year(records=records(verified_on=date(2025, 12, 30))), "7/8 warn"),
        ("nine of ten are fair", year(org=members(10), records=records(10, complete=False)), "9/10 fair"),
        ("eight of nine are a warning", year(org=members(9), records=records(9, complete=False)), "8/9 warn"),
        ("checked after the day we look", year(day(3, 9)), "unknown"),
        ("one checked again since", year(MID, records=records(verified_on=day(9))), "7/7 good"),
        (
            "on 29 February a check of 28 February last year holds",
            year(
                date(2028, 2, 29),
                year=2028,
                records=[record(n, verified_on=date(2027, 2, 28)) for n in range(1, 9)],
            ),
            "8/8 good",
        ),
        ("no record at all", year(records=[]), "0/8 warn"),
        ("who left is not asked", year(org=with_ninth(left_on=day(6))), "8/8 good"),
        ("who joined is", year(org=with_ninth(joined_on=day(6)), records=records()), "8/9 warn"),
        ("no members", year(org=members(0)), "not_applicable"),
        ("no committee", year(org=no_committee()), "5/5 good"),
    ],
    "members_enrolled": [
        ("a branch without groups", year(), "8/8 good"),
        ("all in a group", year(org=org(groups=GROUPS), records=grouped(*range(1, 9))), "8/8 good"),
        ("one in none", year(org=org(groups=GROUPS), records=grouped(*range(2, 9))), "7/8 warn"),
        ("nobody in any", year(org=org(groups=GROUPS)), "0/8 warn"),
        ("the group was closed in June", year(org=org(groups=CLOSED_GROUP), records=grouped(1)), "8/8 good"),
        (
            "in a group that was closed while another goes on",
            year(org=org(groups=(*CLOSED_GROUP, replace(GROUPS[0], id=2))), records=grouped(*range(1, 9))),
            "0/8 warn",
        ),
        (
            "49 of 50 are fair",
            year(org=org(members=make_members(50), groups=GROUPS), records=grouped(*range(2, 51), count=50)),
            "49/50 fair",
        ),
        (
            "48 of 49 are a warning",
            year(org=org(members=make_members(49), groups=GROUPS), records=grouped(*range(2, 50), count=49)),
            "48/49 warn",
        ),
        ("last heard of in June", year(records=records(contact_until=day(6))), "7/8 warn"),
        (
            "six months to the day are six months",
            year(day(8, 28), records=records(contact_until=day(2, 28))),
            "7/8 warn",
        ),
        ("a day less", year(day(8, 27), records=records(contact_until=day(2, 28))), "8/8 good"),
        (
            "he came to the theme day since",
            year(records=records(contact_until=day(2)), meetings=[meeting(day(9), THEMED, roll=roll((1,)))]),
            "8/8 good",
        ),
        (
            "he was talked to since",
            year(records=records(contact_until=day(2)), talks=[talk(day(9), 1, 2)]),
            "8/8 good",
        ),
        (
            "a talk after the day we look",
            year(day(10), records=records(contact_until=day(2)), talks=[talk(day(11), 1, 2)]),
            "7/8 warn",
        ),
        ("heard of since the day we look", year(MID, records=records(contact_until=day(11))), "8/8 good"),
        ("a mobile member without any contact", year(records=records(is_mobile=True)), "7/8 warn"),
        (
            "a mobile member who keeps in touch",
            year(records=records(is_mobile=True, contact_until=day(11))),
            "8/8 good",
        ),
        ("no members", year(org=members(0)), "not_applicable"),
    ],
    "care_coverage": [
        ("all visited", year(records=in_need(2), visits=visits(1, 2)), "2/2 good"),
        ("nobody in need", year(visits=visits(1)), "not_applicable"),
        ("nobody visited", year(records=in_need(2)), "0/2 warn"),
        ("four of five are fair", year(records=in_need(5), visits=visits(1, 2, 3, 4)), "4/5 fair"),
        ("three of four are a warning", year(records=in_need(4), visits=visits(1, 2, 3)), "3/4 warn"),
        ("half are fair in June", year(MID, records=in_need(4), visits=visits(1, 2)), "2/4 fair"),
        ("a quarter is a warning in June", year(MID, records=in_need(4), visits=visits(1)), "1/4 warn"),
        ("none is fair in January", year(day(1, 30), records=in_need(4)), "0/4 fair"),
        ("visited twice is visited", year(records=in_need(1), visits=visits(1, 1)), "1/1 good"),
        ("last year's visit", year(records=in_need(1), visits=visits(1, on=date(2025, 12, 31))), "0/1 warn"),
        (
            "who left is not asked",
            year(org=with_ninth(left_on=day(6)), records=[*records(), record(9, needs_care=True)]),
            "not_applicable",
        ),
    ],
    "recognitions": [
        ("two", year(recognitions=dated(day(3), day(9))), "2/2 good"),
        ("one", year(recognitions=dated(day(3))), "1/2 fair"),
        ("none", year(), "0/2 warn"),
        ("none in November", year(date(2026, 11, 30)), "0/1 fair"),
        ("one in June", year(MID, recognitions=dated(day(3))), "1/1 good"),
        ("none in May", year(date(2026, 5, 31)), "not_applicable"),
        ("on 30 December one is enough", year(date(2026, 12, 30), recognitions=dated(day(3))), "1/1 good"),
        (
            "last year's and next year's",
            year(recognitions=dated(date(2025, 12, 31), date(2027, 1, 1))),
            "0/2 warn",
        ),
        (
            "founded in July one is enough",
            year(org=org(founded_on=day(7, 1)), recognitions=dated(day(9))),
            "1/1 good",
        ),
        (
            "founded in the middle of June too",
            year(org=org(founded_on=day(6, 15)), recognitions=dated(day(9))),
            "1/1 good",
        ),
        ("records begun in July ask for one", year(org=org(records_since=day(7, 1))), "0/1 fair"),
    ],
    "development_placements": [
        ("two members", year(placements=visits(4, 5)), "2/2 good"),
        ("one member twice", year(placements=visits(4, 4)), "1/2 fair"),
        ("none", year(), "0/2 warn"),
        ("one in June", year(MID, placements=visits(4)), "1/1 good"),
        ("one entry that names two", year(placements=[*visits(4), *visits(5)]), "2/2 good"),
        ("none in June", year(MID), "0/1 fair"),
        ("none in January", year(day(1, 31)), "not_applicable"),
        ("last year's", year(placements=visits(4, on=date(2025, 12, 31))), "0/2 warn"),
        ("on 31 December", year(placements=visits(4, 5, on=END)), "2/2 good"),
    ],
    "key_posts_reviewed": [
        ("all checked", year(key_posts=posts(3)), "3/3 good"),
        ("none listed", year(), "not_applicable"),
        ("one left at the end of the year", year(key_posts=posts(2, 1)), "2/3 warn"),
        ("half in June are fair", year(MID, key_posts=posts(1, 1)), "1/2 fair"),
        ("a third in June is a warning", year(MID, key_posts=posts(1, 2)), "1/3 warn"),
        ("none in January is fair", year(day(1, 30), key_posts=posts(0, 2)), "0/2 fair"),
        ("on 31 January a twelfth is asked", year(day(1, 31), key_posts=posts(0, 2)), "0/2 warn"),
        (
            "last year's check",
            year(key_posts=[KeyPostFacts(id=1, checked_on=(date(2025, 12, 31),))]),
            "0/1 warn",
        ),
        ("a post given up", year(key_posts=[KeyPostFacts(id=1, ended_on=day(6))]), "not_applicable"),
        (
            "a post of next year",
            year(key_posts=[KeyPostFacts(id=1, listed_on=date(2027, 1, 1))]),
            "not_applicable",
        ),
    ],
    "units_covered": [
        ("all covered", year(units=units(3)), "3/3 good"),
        ("none in the branch's care", year(), "not_applicable"),
        ("nine of ten are fair", year(units=units(9, 1)), "9/10 fair"),
        ("eight of nine are a warning", year(units=units(8, 1)), "8/9 warn"),
        ("none covered", year(units=units(0, 1)), "0/1 warn"),
        ("covered next month", year(MID, units=[UnitFacts(id=1, covered_on=day(7))]), "0/1 warn"),
        ("covered that day", year(MID, units=[UnitFacts(id=1, covered_on=MID)]), "1/1 good"),
        ("given to another branch", year(units=[UnitFacts(id=1, ended_on=day(6))]), "not_applicable"),
    ],
}


@pytest.mark.parametrize(("key", "facts", "expected"), rows(TABLE))
def test_the_figure_is_what_was_counted_by_hand(key: str, facts: BranchYearFacts, expected: str) -> None:
    assert said(figure(key, facts)) == expected


def test_a_member_short_of_hours_is_told_by_how_many() -> None:
    facts = year(org=members(1), study=hours("20.5", members=range(1, 2)))
    assert reasons("study_hours_members", facts) == ["应有32学时，现有20.5学时。"]


def test_a_stale_record_says_since_when() -> None:
    facts = year(records=records(verified_on=date(2025, 5, 4)))
    assert reasons("member_records_fresh", facts) == ["2025年5月4日核实的，已超过12个月。"]


def test_a_reminder_talk_keeps_nobody_in_contact() -> None:
    facts = year(records=records(contact_until=day(2)), talks=[talk(day(9), 1, 2, is_reminder=True)])
    assert said(figure("members_enrolled", facts)) == "7/8 warn"
