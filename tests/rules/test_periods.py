from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules.cadences import ANNUAL_ROUND
from apps.rules.facts import Span
from apps.rules.kinds import Period
from apps.rules.periods import (
    MONTHS,
    DatedPeriod,
    add_months,
    add_years,
    between,
    clip,
    following,
    mask_of,
    month_mask,
    months_in,
    period_of,
    previous,
    weekdays_after,
    words,
)

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
CALENDAR = st.sampled_from(sorted(MONTHS))


@given(kind=CALENDAR, day=DAYS)
def test_every_day_lies_in_exactly_one_period_of_each_kind(kind: Period, day: date) -> None:
    period = period_of(kind, day)
    assert day in period
    assert day not in previous(kind, period)
    assert day not in following(kind, period)
    assert all(period_of(kind, other) == period for other in (period.start, period.last_day))


@given(kind=CALENDAR, start=DAYS, length=st.integers(0, 900))
def test_periods_follow_one_another_without_gap_or_overlap(kind: Period, start: date, length: int) -> None:
    until = start + timedelta(days=length)
    found = list(between(kind, start=start, until=until))
    assert start in found[0]
    assert until in found[-1]
    assert all(one.end == two.start for one, two in pairwise(found))


def test_between_two_days_in_the_wrong_order_lies_no_period() -> None:
    assert list(between(Period.MONTH, start=date(2026, 5, 2), until=date(2026, 5, 1))) == []


@pytest.mark.parametrize(
    ("kind", "day", "start", "end"),
    [
        (Period.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        (Period.MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 3, 1)),
        (Period.QUARTER, date(2026, 3, 31), date(2026, 1, 1), date(2026, 4, 1)),
        (Period.QUARTER, date(2026, 4, 1), date(2026, 4, 1), date(2026, 7, 1)),
        (Period.QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
        (Period.HALF_YEAR, date(2026, 6, 30), date(2026, 1, 1), date(2026, 7, 1)),
        (Period.HALF_YEAR, date(2026, 7, 1), date(2026, 7, 1), date(2027, 1, 1)),
        (Period.YEAR, date(2026, 1, 1), date(2026, 1, 1), date(2027, 1, 1)),
        (Period.FOR_YEAR, date(2026, 12, 31), date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_period_ends_are_those_of_the_calendar(kind: Period, day: date, start: date, end: date) -> None:
    assert period_of(kind, day) == DatedPeriod(start=start, end=end)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2024, 2, 29), -6, date(2023, 8, 29)),
        (date(2026, 8, 31), -6, date(2026, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_a_day_that_does_not_exist_becomes_the_last_of_its_month(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected


def test_a_year_added_to_29_february_is_28_february() -> None:
    assert add_years(date(2024, 2, 29), 5) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("day", "middle"),
    [
        (date(2026, 2, 1), date(2026, 2, 14)),
        (date(2028, 2, 1), date(2028, 2, 15)),
        (date(2026, 4, 1), date(2026, 4, 15)),
        (date(2026, 5, 1), date(2026, 5, 16)),
    ],
)
def test_the_middle_is_the_last_day_of_the_first_half(day: date, middle: date) -> None:
    assert period_of(Period.MONTH, day).middle == middle


@pytest.mark.parametrize(
    ("held_on", "for_year", "counts_for"),
    [
        (date(2026, 1, 1), 2026, 2026),
        (date(2025, 12, 31), 2026, None),
        (date(2027, 3, 31), 2026, 2026),
        (date(2027, 4, 1), 2026, None),
        (date(2027, 2, 10), None, 2027),
        (date(2026, 12, 31), None, 2026),
    ],
)
def test_a_round_counts_for_the_year_it_names_until_31_march(
    held_on: date, for_year: int | None, counts_for: int | None
) -> None:
    assert ANNUAL_ROUND.year_of(held_on=held_on, for_year=for_year) == counts_for


def test_month_masks_name_their_months() -> None:
    days = [date(2026, 1, 9), date(2026, 1, 30), date(2026, 12, 31), date(2025, 5, 1)]
    assert months_in(month_mask(days, year=2026)) == (1, 12)
    assert months_in(mask_of(period_of(Period.QUARTER, date(2026, 11, 20)))) == (10, 11, 12)
    assert months_in(mask_of(period_of(Period.YEAR, date(2026, 11, 20)))) == tuple(range(1, 13))


def test_a_span_is_clipped_to_the_part_inside_the_period() -> None:
    may = period_of(Period.MONTH, date(2026, 5, 1))
    assert clip(Span(start=date(2026, 5, 10)), within=may) == Span(
        start=date(2026, 5, 10), end=date(2026, 6, 1)
    )
    assert clip(Span(start=date(2026, 4, 1), end=date(2026, 5, 1)), within=may) is None
    assert clip(Span(start=date(2026, 6, 1)), within=may) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Period.MONTH, "2026年11月"),
        (Period.QUARTER, "2026年第四季度"),
        (Period.HALF_YEAR, "2026年下半年"),
        (Period.YEAR, "2026年"),
        (Period.FOR_YEAR, "2026年度"),
    ],
)
def test_a_period_is_named_in_a_secretarys_words(kind: Period, expected: str) -> None:
    assert words(kind, period_of(kind, date(2026, 11, 20))) == expected


def test_beyond_the_calendar_there_is_no_month() -> None:
    for day, months in ((date(9999, 12, 31), 1), (date(1, 1, 1), -1)):
        with pytest.raises(OverflowError):
            add_months(day, months)


@pytest.mark.parametrize(
    ("day", "count", "wanted"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 11, 20), 15, date(2026, 12, 11)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 22), 5, date(2026, 11, 27)),
        (date(2026, 11, 18), 0, date(2026, 11, 18)),
    ],
)
def test_weekdays_are_counted_from_the_day_after(day: date, count: int, wanted: date) -> None:
    assert weekdays_after(day, count) == wanted
