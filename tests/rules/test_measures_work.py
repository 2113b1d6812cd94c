"""Work by a date and the plan in figures: each case counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from apps.rules.facts_records import (
    ConcernFacts,
    DirectiveFacts,
    GoalFacts,
    ProgressFacts,
    ProjectFacts,
    RectificationFacts,
    TaskFacts,
)
from apps.rules.facts_year import BranchYearFacts
from apps.rules.measures import figure
from tests.rules.years import (
    END,
    MID,
    Case,
    Table,
    day,
    no_committee,
    org,
    reasons,
    rows,
    said,
    year,
)

DUE = day(5)


def done(count: int, **fields: Any) -> list[dict[str, Any]]:
    """So many things done on the day they were due."""
    return [{"id": number, "due_on": DUE, "done_on": DUE, **fields} for number in range(1, count + 1)]


def late(count: int = 1, **fields: Any) -> list[dict[str, Any]]:
    given = {"due_on": DUE, "done_on": DUE + timedelta(days=1), **fields}
    return [{"id": 100 + number, **given} for number in range(count)]


def undone(**fields: Any) -> list[dict[str, Any]]:
    return late(done_on=None, **fields)


def tasks(*lists: list[dict[str, Any]]) -> dict[str, Any]:
    return {"tasks": [TaskFacts(closed_on=one.pop("done_on"), **one) for many in lists for one in many]}


def concerns(*lists: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "concerns": [
            ConcernFacts(registered_on=day(4), closed_on=one.pop("done_on"), **one)
            for many in lists
            for one in many
        ]
    }


def problems(*lists: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "rectifications": [
            RectificationFacts(found_on=day(4), self_found=True, closed_on=one.pop("done_on"), **one)
            for many in lists
            for one in many
        ]
    }


def conveyed(*lists: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "directives": [
            DirectiveFacts(convey_by=one.pop("due_on"), conveyed_on=one.pop("done_on"), **one)
            for many in lists
            for one in many
        ]
    }


def implemented(*lists: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "directives": [
            DirectiveFacts(
                asks_action=True, do_by=one.pop("due_on"), implemented_on=one.pop("done_on"), **one
            )
            for many in lists
            for one in many
        ]
    }


def deadlines(make: Any) -> list[Case]:
    """What holds of everything that is to be done by a day."""
    next_year = date(2027, 1, 1)
    return [
        ("on its very day is in time", year(**make(done(1))), "1/1 good"),
        ("a day later is not", year(**make(late())), "0/1 warn"),
        ("still open is not", year(**make(undone())), "0/1 warn"),
        ("due today and open it can still be done", year(DUE, **make(undone())), "not_applicable"),
        ("due today and done it counts", year(DUE, **make(done(1))), "1/1 good"),
        ("due yesterday and open it is late", year(day(5, 11), **make(undone())), "0/1 warn"),
        (
            "done before its day it counts on its day",
            year(MID, **make(late(due_on=day(9), done_on=day(5)))),
            "not_applicable",
        ),
        ("done late, after the day we look", year(MID, **make(late(done_on=day(9)))), "0/1 warn"),
        (
            "due on 31 December it is late from 1 January on",
            year(next_year, **make(undone(due_on=END))),
            "0/1 warn",
        ),
        (
            "due on 1 January it is next year's",
            year(next_year, **make(undone(due_on=next_year))),
            "not_applicable",
        ),
        (
            "due last year it was last year's",
            year(**make(undone(due_on=date(2025, 12, 31)))),
            "not_applicable",
        ),
        ("cancelled it is left out", year(**make(undone(cancelled=True))), "not_applicable"),
        ("without a day it is never due", year(**make(undone(due_on=None))), "not_applicable"),
        ("no committee makes no difference", year(org=no_committee(), **make(done(1))), "1/1 good"),
        ("nothing there", year(), "not_applicable"),
    ]


def registered(*days: date) -> dict[str, Any]:
    return {
        "concerns": [
            ConcernFacts(id=number, due_on=None, registered_on=one) for number, one in enumerate(days)
        ]
    }


def found(own: int, others: int = 0, **fields: Any) -> dict[str, Any]:
    given = {"found_on": day(4), "due_on": None} | fields
    return {
        "rectifications": [
            RectificationFacts(id=number, self_found=number < own, **given) for number in range(own + others)
        ]
    }


def plan(*goals: GoalFacts, filed_on: date | None = None) -> dict[str, Any]:
    return {"plan_filed_on": filed_on or day(1, 20), "goals": goals}


def goal(number: int, *, due_on: date = DUE, **fields: Any) -> GoalFacts:
    return GoalFacts(id=number, due_on=due_on, **fields)


def goals(reached: int, behind: int) -> dict[str, Any]:
    return plan(*(goal(n, done_on=DUE if n < reached else None) for n in range(reached + behind)))


def project(*quarters: int, recorded_on: date = DUE) -> dict[str, Any]:
    entries = (ProgressFacts(id=quarter, quarter=quarter, recorded_on=recorded_on) for quarter in quarters)
    return {"project": ProjectFacts(id=1, progress=tuple(entries))}


TABLE: Table = {
    "tasks_on_time": [
        *deadlines(tasks),
        ("19 of 20 are good", year(**tasks(done(19), late())), "19/20 good"),
        ("four of five are fair", year(**tasks(done(4), late())), "4/5 fair"),
        ("three of four are a warning", year(**tasks(done(3), late())), "3/4 warn"),
    ],
    "concerns_registered": [
        ("four", year(**registered(day(1), day(4), day(7), day(10))), "4/4 good"),
        ("one", year(**registered(day(4))), "1/4 fair"),
        ("none", year(), "0/4 warn"),
        ("two in June", year(MID, **registered(day(4), day(5))), "2/2 good"),
        ("none in March, when one is asked", year(date(2026, 3, 31)), "0/1 fair"),
        ("none in February", year(date(2026, 2, 28)), "not_applicable"),
        ("last year's", year(**registered(date(2025, 12, 31))), "0/4 warn"),
    ],
    "concerns_resolved": [
        *deadlines(concerns),
        ("nine of ten are good", year(**concerns(done(9), late())), "9/10 good"),
        ("seven of ten are fair", year(**concerns(done(7), late(3))), "7/10 fair"),
        ("two of three are a warning", year(**concerns(done(2), late())), "2/3 warn"),
    ],
    "directives_conveyed": [
        *deadlines(conveyed),
        ("nine of ten are fair", year(**conveyed(done(9), late())), "9/10 fair"),
        ("eight of nine are a warning", year(**conveyed(done(8), late())), "8/9 warn"),
    ],
    "directives_implemented": [
        *deadlines(implemented),
        ("19 of 20 are good", year(**implemented(done(19), late())), "19/20 good"),
        ("four of five are fair", year(**implemented(done(4), late())), "4/5 fair"),
        ("three of four are a warning", year(**implemented(done(3), late())), "3/4 warn"),
        (
            "a paper for information asks nothing",
            year(directives=[DirectiveFacts(id=1, do_by=DUE)]),
            "not_applicable",
        ),
    ],
    "plan_progress": [
        ("all goals reached", year(**goals(3, 0)), "3/3 good"),
        ("nine of ten are good", year(**goals(9, 1)), "9/10 good"),
        ("three of five are fair", year(**goals(3, 2)), "3/5 fair"),
        ("four of seven are a warning", year(**goals(4, 3)), "4/7 warn"),
        ("none reached", year(**goals(0, 2)), "0/2 warn"),
        (
            "a goal whose day has not come is on schedule",
            year(MID, **plan(goal(1, due_on=day(9)))),
            "1/1 good",
        ),
        ("due today it is too", year(DUE, **plan(goal(1))), "1/1 good"),
        ("due yesterday it is behind", year(day(5, 11), **plan(goal(1))), "0/1 warn"),
        ("done late it is behind no longer", year(**plan(goal(1, done_on=day(9)))), "1/1 good"),
        ("done after the day we look it is behind", year(MID, **plan(goal(1, done_on=day(9)))), "0/1 warn"),
        ("no plan on 28 February", year(date(2026, 2, 28)), "not_applicable"),
        ("no plan on 1 March", year(date(2026, 3, 1)), "0/1 warn"),
        ("in 2028 there is 29 February too", year(date(2028, 2, 29), year=2028), "not_applicable"),
        (
            "filed on 15 March, looked at on the 14th",
            year(day(3, 14), **plan(goal(1), filed_on=day(3, 15))),
            "0/1 warn",
        ),
        (
            "filed late it counts from then on",
            year(MID, **plan(goal(1, due_on=day(9)), filed_on=day(3, 15))),
            "1/1 good",
        ),
        ("a plan without goals is none", year(**plan()), "0/1 warn"),
        (
            "a branch founded in May has two months",
            year(day(7, 9), org=org(founded_on=day(5))),
            "not_applicable",
        ),
        ("and no more", year(day(7, 10), org=org(founded_on=day(5))), "0/1 warn"),
        (
            "a goal given up is left out",
            year(**plan(goal(1, cancelled=True), goal(2, done_on=DUE))),
            "1/1 good",
        ),
        ("only goals given up", year(**plan(goal(1, cancelled=True))), "not_applicable"),
    ],
    "feature_project_progress": [
        ("progress in every quarter", year(**project(1, 2, 3, 4)), "4/4 good"),
        ("half of the quarters", year(**project(1, 3)), "2/4 fair"),
        ("one of four", year(**project(1)), "1/4 warn"),
        ("a project without a word", year(**project()), "0/4 warn"),
        ("no project", year(), "0/4 warn"),
        ("on 30 June two quarters are over", year(MID, **project(1, 2)), "2/2 good"),
        ("on 29 June one is", year(day(6, 29), **project(1)), "1/1 good"),
        ("on 30 March none is", year(day(3, 30)), "not_applicable"),
        ("recorded after the day we look", year(MID, **project(1, 2, recorded_on=day(7))), "0/2 warn"),
        (
            "founded in May it is asked from July on",
            year(org=org(founded_on=day(5)), **project(3, 4)),
            "2/2 good",
        ),
        ("founded in November not this year", year(org=org(founded_on=day(11))), "not_applicable"),
    ],
    "self_found_share": [
        ("half are good", year(**found(1, 1)), "1/2 good"),
        ("a fifth is fair", year(**found(1, 4)), "1/5 fair"),
        ("a sixth is a warning", year(**found(1, 5)), "1/6 warn"),
        ("all found by others", year(**found(0, 2)), "0/2 warn"),
        ("nothing found", year(), "not_applicable"),
        ("found last year", year(**found(1, found_on=date(2025, 12, 31))), "not_applicable"),
        ("found after the day we look", year(MID, **found(1, found_on=day(7))), "not_applicable"),
        ("struck off as a mistake", year(**found(1, cancelled=True)), "not_applicable"),
        ("no committee", year(org=no_committee(), **found(1)), "1/1 good"),
    ],
    "rectified_on_time": [
        *deadlines(problems),
        ("four of five are fair", year(**problems(done(4), late())), "4/5 fair"),
        ("three of four are a warning", year(**problems(done(3), late())), "3/4 warn"),
    ],
}


@pytest.mark.parametrize(("key", "facts", "expected"), rows(TABLE))
def test_the_figure_is_what_was_counted_by_hand(key: str, facts: BranchYearFacts, expected: str) -> None:
    assert said(figure(key, facts)) == expected


def test_a_late_task_says_when_it_was_due_and_done() -> None:
    assert reasons("tasks_on_time", year(**tasks(late()))) == ["2026年5月10日到期，2026年5月11日才办结。"]
    assert reasons("tasks_on_time", year(**tasks(undone()))) == ["2026年5月10日到期，还没有办结。"]


def test_a_task_that_is_due_later_says_when() -> None:
    assert reasons("tasks_on_time", year(day(5, 1), **tasks(undone()))) == [
        "2026年5月10日到期，还没有到期限。"
    ]
