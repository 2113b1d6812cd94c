"""The secretary in office and the committee in figures: each case counted by hand."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import pytest

from apps.rules.facts_year import BranchYearFacts
from apps.rules.measures import figure
from tests.rules.makers import COMMITTEE as POSTS
from tests.rules.makers import make_members, make_post
from tests.rules.years import (
    GROUP,
    LECTURE,
    MID,
    THEMED,
    Table,
    day,
    meeting,
    no_committee,
    of,
    org,
    reasons,
    roll,
    rows,
    said,
    talk,
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
STRANGER = org(posts=(make_post(person_id=99), *POSTS[1:]))
# The same secretary, elected again on 1 July.
AGAIN = org(
    posts=(make_post(ends_on=day(7, 1)), make_post(starts_on=day(7, 1)), *POSTS[1:]),
)
HERE, AWAY = roll((1, 4)), roll((4,), away=(1,))


def themed(number: int, *, month: int = 5, here: bool = True, **fields: Any) -> Any:
    return meeting(day(month, number), THEMED, roll=HERE if here else AWAY, **fields)


def lecture(month: int, *, by: int = 1, **fields: Any) -> Any:
    return meeting(day(month), LECTURE, lecturer_id=by, **fields)


PAIRS = [talk(day(2, 1 + number), *pair) for number, pair in enumerate(combinations((1, 2, 3), 2))]
ALL_TALKS = [*PAIRS, *(talk(day(3, number), 2, number) for number in range(4, 9))]


def reminder(held_on: date, *, closed: date | None = None, members: tuple[int, ...] = (1, 8)) -> Any:
    return talk(held_on, *members, is_reminder=True, followed_up_on=closed)


TABLE: Table = {
    "secretary_engagement": [
        ("he came to all", of(themed(1), themed(2)), "2/2 good"),
        ("nine of ten are good", of(*(themed(n, here=n > 1) for n in range(1, 11))), "9/10 good"),
        ("seven of ten are fair", of(*(themed(n, here=n > 3) for n in range(1, 11))), "7/10 fair"),
        ("six of nine are a warning", of(*(themed(n, here=n > 3) for n in range(1, 10))), "6/9 warn"),
        ("never there is zero", of(themed(1, here=False)), "0/1 warn"),
        ("a roll without him says he was away", of(meeting(day(5), THEMED)), "0/1 warn"),
        ("another group's meeting is not his", of(meeting(day(5), GROUP, group_id=7)), "not_applicable"),
        ("his own group's is", of(meeting(day(5), GROUP, group_id=7, roll=HERE)), "1/1 good"),
        (
            "exempt that day he is not counted",
            of(meeting(day(5), THEMED, roll=roll((4,), exempt=(1,)))),
            "not_applicable",
        ),
        (
            "a new secretary answers for his own time",
            year(org=CHANGED, meetings=[themed(1, month=5), themed(1, month=8)]),
            "1/1 good",
        ),
        (
            "from his first day on",
            year(org=CHANGED, meetings=[themed(30, month=6), themed(1, month=7)]),
            "1/1 good",
        ),
        (
            "in June the former one still answers",
            year(MID, org=CHANGED, meetings=[themed(1, month=5, here=False)]),
            "0/1 warn",
        ),
        (
            "elected again he has been there all the time",
            year(org=AGAIN, meetings=[themed(1, month=5), themed(1, month=8)]),
            "2/2 good",
        ),
        ("nobody in office", year(org=VACANT, meetings=[themed(1)]), "not_applicable"),
        ("a secretary who is on no roster here", year(org=STRANGER, meetings=[themed(1)]), "unknown"),
        ("no committee, still a secretary", year(org=no_committee(), meetings=[themed(1)]), "1/1 good"),
    ],
    "lectures_by_secretary": [
        ("one in the year", of(lecture(7)), "1/1 good"),
        ("none by the end of the year", of(), "0/1 warn"),
        ("none by the end of November is not asked yet", year(date(2026, 11, 30)), "not_applicable"),
        ("on 30 December neither", year(date(2026, 12, 30)), "not_applicable"),
        ("one in March is good already", year(MID, meetings=[lecture(3)]), "1/0 good"),
        ("another's lecture is none of his", of(lecture(7, by=2)), "0/1 warn"),
        ("one announced and not filed waits", of(lecture(7, closed=False)), "0/1 warn"),
        ("a guest's lecture", of(meeting(day(7), LECTURE)), "0/1 warn"),
        (
            "the predecessor's is not the new one's, who has half a year only",
            year(org=CHANGED, meetings=[lecture(3)]),
            "not_applicable",
        ),
        ("nobody in office", year(org=VACANT, meetings=[lecture(3)]), "not_applicable"),
        ("last year's lecture", of(meeting(date(2025, 12, 31), LECTURE, lecturer_id=1)), "0/1 warn"),
    ],
    "talks_coverage": [
        ("eight members and three pairs, all talked to", year(talks=ALL_TALKS), "11/11 good"),
        ("no talk at all", year(), "0/11 warn"),
        ("pairs of the committee reach their own members too", year(talks=PAIRS), "6/11 warn"),
        ("nine of eleven at the end of the year", year(talks=ALL_TALKS[:-2]), "9/11 fair"),
        ("eight of eleven are below four fifths", year(talks=ALL_TALKS[:-3]), "8/11 warn"),
        ("half the year asks for thirty per cent", year(MID, talks=ALL_TALKS[:1]), "3/11 warn"),
        ("four of eleven in June are fair", year(MID, talks=ALL_TALKS[:2]), "5/11 fair"),
        ("in February nothing is asked yet", year(date(2026, 2, 28)), "0/11 fair"),
        ("one talk with several counts for each", year(talks=[talk(day(2), *range(1, 9))]), "11/11 good"),
        ("members talking to each other is another matter", year(talks=[talk(day(2), 7, 8)]), "0/11 warn"),
        ("a reminder talk stays out", year(talks=[reminder(day(2))]), "0/11 warn"),
        ("last year's talks are over", year(talks=[talk(date(2025, 12, 31), 1, 4)]), "0/11 warn"),
        (
            "without committee the secretary is to reach the four others",
            year(org=no_committee(), talks=[talk(day(2), 1, n) for n in (2, 3, 4, 5)]),
            "4/4 good",
        ),
        (
            "a secretary who is on no roster here",
            year(org=no_committee(posts=(make_post(person_id=99),))),
            "unknown",
        ),
        ("without committee and secretary", year(org=no_committee(posts=())), "not_applicable"),
        (
            "who left is not asked for",
            year(
                org=org(members=(*make_members(7), make_members(8)[7].__class__(id=8, left_on=day(6)))),
                talks=ALL_TALKS[:-1],
            ),
            "10/10 good",
        ),
        (
            "who joined is",
            year(
                org=org(members=(*make_members(8), make_members(1)[0].__class__(id=9, joined_on=day(12)))),
                talks=ALL_TALKS,
            ),
            "11/12 fair",
        ),
        (
            "with a former committee member talked to while he was one",
            year(org=CHANGED, talks=[talk(day(3), 1, 8)]),
            "1/11 warn",
        ),
    ],
    "talks_by_secretary": [
        ("four of seven others", year(talks=[talk(day(2), 1, n) for n in (2, 3, 4, 5)]), "4/7 good"),
        ("half are good", year(org=no_committee(), talks=[talk(day(2), 1, n) for n in (2, 3)]), "2/4 good"),
        ("a quarter is fair", year(org=no_committee(), talks=[talk(day(2), 1, 2)]), "1/4 fair"),
        ("one of seven is a warning", year(talks=[talk(day(2), 1, 2)]), "1/7 warn"),
        ("one of seven is fair in June", year(MID, talks=[talk(day(2), 1, 2)]), "1/7 fair"),
        ("none in June", year(MID), "0/7 warn"),
        ("none in January", year(day(1, 30)), "0/7 fair"),
        ("others' talks are theirs", year(talks=[talk(day(2), 2, n) for n in (3, 4, 5)]), "0/7 warn"),
        ("a reminder is no ordinary talk", year(talks=[reminder(day(2))]), "0/7 warn"),
        (
            "the new one starts anew",
            year(org=CHANGED, talks=[talk(day(5), 4, 8), talk(day(8), 4, 7)]),
            "1/7 fair",
        ),
        ("alone in the branch", year(org=no_committee(members=make_members(1))), "not_applicable"),
        ("nobody in office", year(org=VACANT, talks=ALL_TALKS), "not_applicable"),
        ("a secretary who is on no roster here", year(org=STRANGER), "unknown"),
    ],
    "reminders_followed_up": [
        ("followed up to the end", year(talks=[reminder(day(3), closed=day(4))]), "1/1 good"),
        ("never followed up", year(talks=[reminder(day(3))]), "0/1 warn"),
        ("thirty days old it waits", year(day(4, 9), talks=[reminder(day(3))]), "not_applicable"),
        ("thirty-one days old it counts", year(day(4, 10), talks=[reminder(day(3))]), "0/1 warn"),
        (
            "four of five are fair",
            year(talks=[reminder(day(n), closed=day(9) if n < 5 else None) for n in range(1, 6)]),
            "4/5 fair",
        ),
        (
            "three of four are a warning",
            year(talks=[reminder(day(n), closed=day(9) if n < 4 else None) for n in range(1, 5)]),
            "3/4 warn",
        ),
        ("closed after the day we look", year(MID, talks=[reminder(day(3), closed=day(8))]), "0/1 warn"),
        (
            "a talk of 1 December ripens on 1 January: not this year's",
            year(talks=[reminder(day(12, 1))]),
            "not_applicable",
        ),
        ("one of 30 November ripens on 31 December", year(talks=[reminder(day(11, 30))]), "0/1 warn"),
        ("last year's of 1 December is this year's", year(talks=[reminder(date(2025, 12, 1))]), "0/1 warn"),
        ("ordinary talks are no reminders", year(talks=ALL_TALKS), "not_applicable"),
        ("no committee", year(org=no_committee(), talks=[reminder(day(3), closed=day(3))]), "1/1 good"),
    ],
}


@pytest.mark.parametrize(("key", "facts", "expected"), rows(TABLE))
def test_the_figure_is_what_was_counted_by_hand(key: str, facts: BranchYearFacts, expected: str) -> None:
    assert said(figure(key, facts)) == expected


def test_what_was_before_the_new_secretary_is_left_out_with_the_day() -> None:
    facts = year(org=CHANGED, meetings=[themed(1, month=5)])
    assert reasons("secretary_engagement", facts) == ["现任书记2026年7月1日到任，此前的不计。"]


def test_a_reminder_talk_shows_in_no_list_of_any_figure() -> None:
    secret = reminder(day(3), members=(7, 8))
    facts = year(talks=[secret])
    for key in TABLE:
        found = figure(key, facts)
        named = {ref.id for ref in (*found.counted, *(left.ref for left in (*found.missed, *found.excluded)))}
        assert secret.id not in named
    assert figure("talks_coverage", facts) == figure("talks_coverage", year())
