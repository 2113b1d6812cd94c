"""Organizational life in figures: each case counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from apps.rules.facts import ExcuseFacts, SittingFacts
from apps.rules.facts_year import BranchYearFacts
from apps.rules.kinds import ItemNature, MeetingKind
from apps.rules.measures import figure
from tests.rules.makers import sitting, with_sittings
from tests.rules.years import (
    COMMITTEE,
    END,
    GENERAL,
    OTHER,
    THEMED,
    Table,
    assembly,
    committee,
    day,
    many,
    meeting,
    no_committee,
    of,
    org,
    reasons,
    roll,
    rows,
    said,
    year,
)

STUDY, BUSINESS, WORK = ItemNature.POLITICAL_STUDY, ItemNature.ADMINISTRATIVE, ItemNature.CENTRAL_WORK


def held(*kinds: MeetingKind, months: range = range(1, 13), **fields: Any) -> list[SittingFacts]:
    """One sitting a month, on the tenth."""
    return [sitting(day(month), *kinds, **fields) for month in months]


LAST_YEARS_ROUND = [
    sitting(date(2025, 12, 20), MeetingKind.ORG_LIFE_MEETING, MeetingKind.MEMBER_EVALUATION, for_year=2025)
]
# Twelve theme days, twelve committee meetings, four assemblies, two rounds of 2025: thirty in a full year.
FULL_YEAR = [*held(THEMED, COMMITTEE), *held(GENERAL, months=range(2, 13, 3), id=0), *LAST_YEARS_ROUND]


def life(as_of: date = END, *sittings: SittingFacts, **fields: Any) -> BranchYearFacts:
    return year(as_of, org=with_sittings(org(**fields), *sittings))


TABLE: Table = {
    "org_life_overall": [
        ("a full year is all met", life(END, *FULL_YEAR), "30/30 good"),
        ("nothing held at all is zero", life(), "0/27 warn"),
        ("and December is missed from 1 January on", life(date(2027, 1, 1)), "0/30 warn"),
        (
            "nine in ten are not yet a warning",
            life(
                END,
                *[one for one in FULL_YEAR if one.held_on not in (day(1), day(4))],
                *held(THEMED, months=range(1, 2)),
            ),
            "27/30 fair",
        ),
        (
            "one less is a warning",
            life(END, *[one for one in FULL_YEAR if one.held_on not in (day(1), day(4))]),
            "26/30 warn",
        ),
        ("in the first days of January no period is over", life(day(1, 15)), "not_applicable"),
        ("a month counts when it is over", life(date(2026, 2, 1)), "0/2 warn"),
        (
            "on its last day a month that was held counts already",
            life(day(1, 31), *held(THEMED, COMMITTEE)),
            "2/2 good",
        ),
        ("on its last day a month without is not missed yet", life(day(1, 31), *held(THEMED)), "1/1 good"),
        ("on 29 February 2028 the month is not over", year(date(2028, 2, 29), year=2028), "0/2 warn"),
        ("on 1 March 2028 it is", year(date(2028, 3, 1), year=2028), "0/4 warn"),
        (
            "the round of last year closes on 31 March",
            life(date(2026, 3, 31), *held(THEMED, COMMITTEE, GENERAL)),
            "7/7 good",
        ),
        (
            "and is missed from 1 April on",
            life(date(2026, 4, 1), *held(THEMED, COMMITTEE, GENERAL)),
            "7/9 warn",
        ),
        (
            "held in December for its own year it waits for 31 March of the next",
            life(END, *FULL_YEAR, sitting(day(12, 20), MeetingKind.ORG_LIFE_MEETING)),
            "30/30 good",
        ),
        ("looked at years later the figure is the same", life(date(2029, 5, 1), *FULL_YEAR), "30/30 good"),
        (
            "a branch without committee is not asked for its meetings",
            year(org=with_sittings(no_committee(), *FULL_YEAR)),
            "18/18 good",
        ),
        (
            "months before the records began are left out",
            life(END, *FULL_YEAR, records_since=day(7, 1)),
            "30/30 good",
        ),
        ("and nothing found there is not missed", life(END, records_since=day(7, 1)), "0/11 warn"),
        (
            "only months from before the records are unknown",
            life(day(2, 10), records_since=day(2, 5)),
            "unknown",
        ),
        (
            "an excused assembly is left out",
            life(
                END,
                *[one for one in FULL_YEAR if one.held_on != day(5)],
                *held(THEMED, COMMITTEE, months=range(5, 6)),
                excuses=(
                    ExcuseFacts(code="MTG-1", period_start=day(4, 1), reason="换届延期", by_name="镇党委"),
                ),
            ),
            "29/29 good",
        ),
    ],
    "record_substance": [
        ("filed, complete, on the seventh day", of(committee(entered_on=day(5, 17))), "1/1 good"),
        ("on the eighth", of(committee(entered_on=day(5, 18))), "0/1 warn"),
        ("incomplete", of(committee(complete=False)), "0/1 warn"),
        ("a near-copy", of(committee(near_copy_of=7)), "0/1 warn"),
        ("never filed", of(committee(closed=False)), "0/1 warn"),
        ("not filed, a week ago", year(day(5, 17), meetings=[committee(closed=False)]), "not_applicable"),
        ("not filed, eight days ago", year(day(5, 18), meetings=[committee(closed=False)]), "0/1 warn"),
        (
            "not filed, of 28 December, looked at in January",
            year(date(2027, 1, 5), meetings=[meeting(day(12, 28), THEMED, closed=False)]),
            "0/1 warn",
        ),
        ("day of entry not known", of(committee(entered_on=None)), "0/1 warn"),
        ("19 of 20 are good", of(*many(committee(), times=19), committee(complete=False)), "19/20 good"),
        (
            "17 of 20 are fair",
            of(*many(committee(), times=17), *(meeting(day(8, n), OTHER, complete=False) for n in (1, 2, 3))),
            "17/20 fair",
        ),
        (
            "16 of 19 are a warning",
            of(*many(committee(), times=16), *(meeting(day(8, n), OTHER, complete=False) for n in (1, 2, 3))),
            "16/19 warn",
        ),
        ("no sitting at all", year(), "not_applicable"),
    ],
    "participation": [
        ("all came", of(assembly()), "8/8 good"),
        (
            "17 of 20 are good",
            of(meeting(day(5), THEMED, roll=roll(range(1, 18), away=range(18, 21)))),
            "17/20 good",
        ),
        (
            "14 of 20 are fair",
            of(meeting(day(5), THEMED, roll=roll(range(1, 15), away=range(15, 21)))),
            "14/20 fair",
        ),
        (
            "13 of 20 are a warning",
            of(meeting(day(5), THEMED, roll=roll(range(1, 14), away=range(14, 21)))),
            "13/20 warn",
        ),
        (
            "who is exempt is not expected",
            of(meeting(day(5), THEMED, roll=roll((1, 2), exempt=(3, 4)))),
            "2/2 good",
        ),
        ("nobody came", of(assembly(roll=roll((), away=range(1, 9)))), "0/8 warn"),
        ("no roll", of(assembly(roll=())), "not_applicable"),
        (
            "persons of all sittings are added up",
            of(assembly(), committee(month=6, roll=roll((1,), away=(2, 3)))),
            "9/11 fair",
        ),
        (
            "members who left stay on the rolls of their time",
            year(org=org(members=()), meetings=[assembly()]),
            "8/8 good",
        ),
    ],
}


@pytest.mark.parametrize(("key", "facts", "expected"), rows(TABLE))
def test_the_figure_is_what_was_counted_by_hand(key: str, facts: BranchYearFacts, expected: str) -> None:
    assert said(figure(key, facts)) == expected


def test_a_missed_round_is_named() -> None:
    found = figure("org_life_overall", life(date(2026, 2, 1), *held(COMMITTEE)))
    assert [(left.ref.words, left.reason) for left in found.missed] == [
        ("2026年1月主题党日", "本期没有开展的记录。")
    ]
    assert "2026年2月主题党日" in [left.ref.words for left in found.excluded]


def test_a_record_says_all_that_is_wrong_with_it() -> None:
    facts = of(committee(complete=False, entered_on=day(6), near_copy_of=3))
    assert reasons("record_substance", facts) == [
        "记录不完整。；会后31天才录入。；会议情况和以前的一次记录几乎相同。"
    ]


def test_attendance_names_sittings_and_nobody() -> None:
    found = figure("participation", of(committee(roll=roll((1,), away=(2, 3)))))
    assert {left.ref.kind for left in found.missed} == {"meeting"}
    assert [left.reason for left in found.missed] == ["应到3人，实到1人。"]
