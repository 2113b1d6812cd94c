"""What holds of every measure alike, in chosen years and in years drawn at random."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.rules.facts_records import (
    ConcernFacts,
    DatedFacts,
    DirectiveFacts,
    GoalFacts,
    PublicConsultationFacts,
    RectificationFacts,
    TaskFacts,
)
from apps.rules.facts_year import BranchYearFacts
from apps.rules.figures import Figure, FigureState, Pace, Unit
from apps.rules.kinds import ActivityForm, PartnerKind, Topic
from apps.rules.measures import MEASURES, figure, figures
from tests.rules import (
    test_measures_committee,
    test_measures_deciding,
    test_measures_members,
    test_measures_org_life,
    test_measures_team,
    test_measures_together,
    test_measures_work,
)
from tests.rules.random_years import random_year
from tests.rules.years import END, EVERYBODY, THEMED, Table, day, meeting, org, talk, year

TABLES: Table = {
    key: cases
    for module in (
        test_measures_committee,
        test_measures_deciding,
        test_measures_members,
        test_measures_org_life,
        test_measures_team,
        test_measures_together,
        test_measures_work,
    )
    for key, cases in module.TABLE.items()
}
WITHOUT_VALUE = {FigureState.NOT_APPLICABLE, FigureState.UNKNOWN}
# Counted in persons, in hours, or told as numbers only: their records are not the units of the figure.
OTHER_UNITS = {"participation", "study_hours_secretary", "reminders_followed_up"}
# Several records may stand for one kind, or one record for many persons.
OTHER_COUNTS = {"activity_variety", "study_breadth", "public_participants", "development_placements"}

years = st.integers(0, 10**6).map(random_year)


def states(facts: BranchYearFacts) -> dict[str, FigureState]:
    return {key: found.state for key, found in figures(facts).items()}


@pytest.mark.parametrize("key", MEASURES)
def test_every_measure_has_its_table_with_each_of_its_states(key: str) -> None:
    expected = [case[2].split()[-1] for case in TABLES[key]]
    assert len(expected) >= 6
    assert {"good", "warn"} <= set(expected)
    assert ("fair" in expected) is (
        MEASURES[key].good > MEASURES[key].warn or MEASURES[key].pace is Pace.FILLING
    )


@pytest.mark.parametrize("key", MEASURES)
def test_records_that_began_after_the_period_leave_it_unknown(key: str) -> None:
    found = figure(key, year(org=org(records_since=date(2027, 1, 1))))
    assert (found.state, found.value) == (FigureState.UNKNOWN, None)
    assert found.why == "2027年1月1日起才在本系统记录，此前的情况系统不作判断。"


def test_records_that_begin_on_the_last_day_are_judged() -> None:
    found = states(year(org=org(records_since=END)))
    assert found["member_records_fresh"] is FigureState.GOOD
    assert found["recognitions"] is FigureState.NOT_APPLICABLE


@pytest.mark.parametrize("key", MEASURES)
@pytest.mark.parametrize(
    ("as_of", "branch", "why"),
    [
        (date(2025, 12, 31), {}, "2026年还没有开始。"),
        (END, {"founded_on": date(2027, 1, 1)}, "支部2027年1月1日才成立。"),
        (END, {"closed_on": date(2026, 1, 1)}, "支部在这一年以前已经撤销。"),
    ],
)
def test_outside_its_time_nothing_is_asked_of_a_branch(
    key: str, as_of: date, branch: dict[str, Any], why: str
) -> None:
    found = figure(key, year(as_of, org=org(**branch)))
    assert (found.state, found.value, found.why) == (FigureState.NOT_APPLICABLE, None, why)


#: A branch of eight with its committee that recorded nothing but its roster.
EMPTY = {
    FigureState.GOOD: {"committee_complete", "member_records_fresh", "members_enrolled"},
    FigureState.WARN: {
        "org_life_overall",
        "plan_progress",
        "feature_project_progress",
        "study_hours_members",
        "study_hours_secretary",
        "talks_coverage",
        "talks_by_secretary",
        *(key for key, spec in MEASURES.items() if spec.unit is Unit.COUNT),
    },
}


def test_a_year_without_records_is_zero_where_something_was_asked_and_not_applicable_elsewhere() -> None:
    found = states(year())
    assert {key for key, state in found.items() if state is FigureState.GOOD} == EMPTY[FigureState.GOOD]
    assert {key for key, state in found.items() if state is FigureState.WARN} == EMPTY[FigureState.WARN]
    assert FigureState.UNKNOWN not in found.values()


def test_on_new_years_day_only_what_looks_back_twelve_months_can_warn() -> None:
    found = states(year(date(2026, 1, 1)))
    assert {key for key, state in found.items() if state is FigureState.WARN} == {"activity_variety"}


def test_a_committee_may_set_its_own_levels() -> None:
    own = {**MEASURES, "recognitions": replace(MEASURES["recognitions"], good=Fraction(6), warn=Fraction(3))}
    facts = year(recognitions=[DatedFacts(id=n, held_on=day(3)) for n in range(3)])
    assert figure("recognitions", facts).state is FigureState.GOOD
    stricter = figures(facts, specs=own)["recognitions"]
    assert (stricter.state, stricter.target, stricter.good) == (FigureState.FAIR, 6, 6)


def test_a_figure_carries_its_formula_its_levels_and_the_version_of_its_rule() -> None:
    found = figure("talks_coverage", year(date(2026, 6, 30)))
    assert found.formula == MEASURES["talks_coverage"].formula
    assert (found.target, found.good, found.warn) == (1, 1, Fraction(3, 10))
    assert found.version == "2026.1"


@pytest.mark.parametrize(
    ("as_of", "months"),
    [
        (date(2028, 1, 1), 0),
        (date(2028, 1, 30), 0),
        (date(2028, 1, 31), 1),
        (date(2028, 2, 28), 1),
        (date(2028, 2, 29), 2),
        (date(2028, 12, 30), 11),
        (date(2028, 12, 31), 12),
        (date(2030, 5, 1), 12),
    ],
)
def test_a_month_has_gone_by_on_its_last_day(as_of: date, months: int) -> None:
    assert year(as_of, year=2028).months == months


@pytest.mark.parametrize(
    ("founded", "months"),
    [(date(2026, 7, 1), 6), (date(2026, 7, 2), 5), (date(2026, 12, 1), 1), (date(2026, 12, 2), 0)],
)
def test_a_branch_founded_in_the_year_is_asked_from_its_first_full_month(founded: date, months: int) -> None:
    assert year(org=org(founded_on=founded)).months == months


@settings(max_examples=150, deadline=None)
@given(years)
def test_a_figure_keeps_to_its_own_numbers(facts: BranchYearFacts) -> None:
    for key, found in figures(facts).items():
        assert (found.value is None) is (found.state in WITHOUT_VALUE), key
        assert bool(found.why) or found.state not in WITHOUT_VALUE, key
        if found.value is None:
            continue
        if found.unit is Unit.RATIO:
            assert found.value == min(Fraction(1), found.numerator / found.denominator), key
            assert 0 <= found.value <= 1, key
        if found.state is FigureState.GOOD:
            assert found.value >= found.good, key
        if found.state is FigureState.FAIR:
            assert found.warn <= found.value < found.good, key


def refs(found: Figure) -> list[Any]:
    return [*found.counted, *(left.ref for left in (*found.missed, *found.excluded))]


@settings(max_examples=150, deadline=None)
@given(years)
def test_every_record_is_counted_missed_or_left_out_and_only_once(facts: BranchYearFacts) -> None:
    for key, found in figures(facts).items():
        assert len(set(refs(found))) == len(refs(found)), key
        assert all(left.reason for left in (*found.missed, *found.excluded)), key
        if found.value is None or key in OTHER_UNITS:
            continue
        if found.unit is Unit.RATIO:
            assert len(found.counted) == found.numerator, key
            assert len(found.counted) + len(found.missed) == found.denominator, key
        elif key not in OTHER_COUNTS:
            assert len(found.counted) == found.value, key


@settings(max_examples=60, deadline=None)
@given(years, st.randoms())
def test_the_order_of_the_records_changes_nothing(facts: BranchYearFacts, chance: Random) -> None:
    lists = (
        "records",
        "meetings",
        "talks",
        "tasks",
        "concerns",
        "directives",
        "goals",
        "study",
        "placements",
    )
    shuffled = {name: tuple(chance.sample(getattr(facts, name), len(getattr(facts, name)))) for name in lists}
    for key, found in figures(replace(facts, **shuffled)).items():
        before = figure(key, facts)
        assert (found.value, found.state) == (before.value, before.state), key


@settings(max_examples=60, deadline=None)
@given(years)
def test_records_of_other_years_change_nothing(facts: BranchYearFacts) -> None:
    """Two years before and two after."""
    long_ago, far = date(facts.year - 2, 6, 1), date(facts.year + 2, 6, 1)
    more = replace(
        facts,
        meetings=(
            *facts.meetings,
            *(
                meeting(
                    on,
                    THEMED,
                    id=90_000 + on.year,
                    roll=EVERYBODY,
                    form=ActivityForm.FILM,
                    topics=frozenset({Topic.GOVERNANCE, Topic.CENTRAL_WORK}),
                    partners=frozenset({PartnerKind.UNION, PartnerKind.BRANCH}),
                    public_participants=9,
                    complete=False,
                )
                for on in (long_ago, far)
            ),
        ),
        talks=(*facts.talks, talk(long_ago, 1, 2), talk(far, 1, 2, is_reminder=True)),
        tasks=(*facts.tasks, *(TaskFacts(id=90_000 + on.year, due_on=on) for on in (long_ago, far))),
        concerns=(*facts.concerns, ConcernFacts(id=90_000, due_on=far, registered_on=far)),
        rectifications=(
            *facts.rectifications,
            RectificationFacts(id=90_000, due_on=far, found_on=far, self_found=True),
        ),
        directives=(*facts.directives, DirectiveFacts(id=90_000, convey_by=far, do_by=far, asks_action=True)),
        recognitions=(*facts.recognitions, DatedFacts(id=90_000, held_on=far)),
        public_consultations=(
            *facts.public_consultations,
            PublicConsultationFacts(id=90_000, held_on=long_ago, has_result=True),
        ),
    )
    seen = {line.member_id for entry in more.meetings for line in entry.roll}
    for key, found in figures(more).items():
        if key == "members_enrolled" and seen:
            continue  # an old sighting is still a sighting
        assert found == figure(key, facts), key


@settings(max_examples=60, deadline=None)
@given(years)
def test_a_year_that_is_over_looks_the_same_ever_after(facts: BranchYearFacts) -> None:
    """A week of grace for the records of December has passed by then."""
    over = date(facts.year + 1, 1, 9)
    assert figures(replace(facts, as_of=over)) == figures(replace(facts, as_of=over + timedelta(days=700)))


@settings(max_examples=60, deadline=None)
@given(years)
def test_one_more_good_deed_never_lowers_a_figure(facts: BranchYearFacts) -> None:
    on = facts.until
    people = [member.id for member in facts.org.members]
    better = replace(
        facts,
        tasks=(*facts.tasks, TaskFacts(id=90_000, due_on=on, closed_on=on)),
        concerns=(*facts.concerns, ConcernFacts(id=90_000, due_on=on, closed_on=on, registered_on=on)),
        recognitions=(*facts.recognitions, DatedFacts(id=90_000, held_on=on)),
        talks=(*facts.talks, talk(on, *people)),
        goals=(*facts.goals, GoalFacts(id=90_000, due_on=on, done_on=on)) if facts.goals else (),
    )
    for key, found in figures(better).items():
        before = figure(key, facts)
        if before.value is not None:
            assert found.value is not None, key
            assert found.value >= before.value, key


def test_all_figures_of_a_busy_branch_take_a_few_milliseconds() -> None:
    facts = random_year(3)
    busy = replace(
        facts,
        meetings=tuple(
            meeting(date(2026, 1, 1) + timedelta(days=3 * n), THEMED, id=n, roll=EVERYBODY)
            for n in range(100)
        ),
    )
    begun = time.process_time()
    for _ in range(20):
        figures(busy)
    assert (time.process_time() - begun) / 20 < 0.05
