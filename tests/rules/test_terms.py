from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules import terms
from apps.rules.terms import TermState


def test_villages_elect_for_five_years_and_others_for_three() -> None:
    assert (terms.years(is_village=True), terms.years(is_village=False)) == (5, 3)


@pytest.mark.parametrize(
    ("starts_on", "years", "up_on"),
    [
        (date(2023, 3, 10), 3, date(2026, 3, 10)),
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2021, 2, 28), 3, date(2024, 2, 28)),
        (date(2023, 12, 31), 3, date(2026, 12, 31)),
    ],
)
def test_a_term_is_up_on_the_same_day_years_later(starts_on: date, years: int, up_on: date) -> None:
    assert terms.ends_on(starts_on, years=years) == up_on


def test_a_term_ending_on_29_february_is_reminded_of_on_29_august_and_may_run_to_28_february() -> None:
    ends = date(2028, 2, 29)
    assert terms.remind_from(ends) == date(2027, 8, 29)
    assert terms.latest_extension(ends) == date(2029, 2, 28)
    states = [
        terms.state(ends, today=day)
        for day in (date(2027, 8, 28), date(2027, 8, 29), date(2028, 2, 28), ends)
    ]
    assert states == [TermState.RUNNING, TermState.ENDING, TermState.ENDING, TermState.EXPIRED]


def test_a_term_ending_on_31_august_is_reminded_of_on_the_last_day_of_february() -> None:
    assert terms.remind_from(date(2026, 8, 31)) == date(2026, 2, 28)
    assert terms.remind_from(date(2028, 8, 31)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("extended_to", "problems"),
    [
        (date(2027, 3, 10), []),
        (date(2027, 3, 11), ["延期一般不超过1年，最迟到2027年3月10日。"]),
        (date(2026, 3, 10), ["延期后的届满日期应晚于原届满日期。"]),
    ],
)
def test_an_extension_lasts_a_year_at_most(extended_to: date, problems: list[str]) -> None:
    assert terms.extension_problems(ends=date(2026, 3, 10), extended_to=extended_to) == problems


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 3, 1), "2026年3月10日届满，还有9天"),
        (date(2026, 3, 10), "2026年3月10日届满，今天到期"),
        (date(2026, 3, 22), "2026年3月10日届满，已过12天"),
    ],
)
def test_the_end_of_a_term_is_told_in_days(today: date, expected: str) -> None:
    assert terms.words(date(2026, 3, 10), today=today) == expected


@pytest.mark.parametrize(
    ("full", "needs", "seats"), [(0, False, (0, 0, 0)), (6, False, (0, 0, 0)), (7, True, (3, 5, 7))]
)
def test_seven_full_members_make_a_committee(full: int, needs: bool, seats: tuple[int, int, int]) -> None:
    advice = terms.committee_advice(full)
    assert advice.needs_committee is needs
    assert (advice.seats_min, advice.seats_usual, advice.seats_max) == seats


@pytest.mark.parametrize(
    ("full", "filled", "missing"), [(7, 2, 1), (7, 3, 0), (40, 0, 3), (6, 1, 0), (50, 9, 0)]
)
def test_the_seats_lacking_are_those_of_the_smallest_committee(full: int, filled: int, missing: int) -> None:
    assert terms.seats_missing(full_members=full, filled=filled) == missing


@given(
    starts_on=st.dates(date(1990, 1, 1), date(2080, 1, 1)), village=st.booleans(), days=st.integers(0, 3000)
)
def test_a_term_runs_then_ends_then_is_over_and_never_goes_back(
    starts_on: date, village: bool, days: int
) -> None:
    ends = terms.ends_on(starts_on, years=terms.years(is_village=village))
    order = [TermState.RUNNING, TermState.ENDING, TermState.EXPIRED]
    day = starts_on + timedelta(days=days)
    now, later = (order.index(terms.state(ends, today=moment)) for moment in (day, day + timedelta(days=1)))
    assert now <= later
