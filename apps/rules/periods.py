"""Months, quarters, half-years and years as half-open spans, and arithmetic on calendar dates.

The one rule for days that do not exist: adding months or years to the 29th, 30th or 31st lands on the last
day of a shorter month (29 Feb 2024 + 3 years = 28 Feb 2027), never on the first day of the next one.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache

from apps.rules.facts import Span
from apps.rules.kinds import Period

#: Calendar months in one period; a duty for a year (FOR_YEAR) belongs to the calendar year it is for.
MONTHS = {
    Period.MONTH: 1,
    Period.QUARTER: 3,
    Period.HALF_YEAR: 6,
    Period.YEAR: 12,
    Period.FOR_YEAR: 12,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedPeriod:
    """One period of the calendar: every day d with start <= d < end."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def middle(self) -> date:
        """Last day of the first half; the middle day itself when the number of days is odd."""
        return self.start + timedelta(days=((self.end - self.start).days - 1) // 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class YearWindow:
    """When the round for year N is held: usually from `usual_from` in N, by `last_day` in N + 1.

    Both are (month, day).
    """

    usual_from: tuple[int, int]
    last_day: tuple[int, int]

    def opens_on(self, year: int) -> date:
        return date(year, *self.usual_from)

    def closes_on(self, year: int) -> date:
        return date(year + 1, *self.last_day)

    def year_of(self, *, held_on: date, for_year: int | None) -> int | None:
        """The year that a sitting counts for; None when it was held outside the window of the year it names.

        A sitting that names no year counts for the calendar year in which it was held.
        """
        if for_year is None:
            return held_on.year
        return for_year if date(for_year, 1, 1) <= held_on <= self.closes_on(for_year) else None


def add_months(day: date, months: int) -> date:
    """Raises OverflowError beyond the calendar, as adding days does."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"year {year} is out of range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    return add_months(day, 12 * years)


@lru_cache(maxsize=4096)
def period_of(kind: Period, day: date) -> DatedPeriod:
    """The period of that kind in which the day lies. A term (每届) is no calendar period and is refused."""
    months = MONTHS[kind]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    return DatedPeriod(start=start, end=add_months(start, months))


def previous(kind: Period, period: DatedPeriod) -> DatedPeriod:
    return period_of(kind, period.start - timedelta(days=1))


def following(kind: Period, period: DatedPeriod) -> DatedPeriod:
    return period_of(kind, period.end)


def between(kind: Period, *, start: date, until: date) -> Iterator[DatedPeriod]:
    """Every period that touches a day from `start` to `until`, both included, in order."""
    if start > until:
        return
    period = period_of(kind, start)
    while period.start <= until:
        yield period
        period = following(kind, period)


def clip(span: Span, *, within: DatedPeriod) -> Span | None:
    """The part of the span that lies inside the period, or None when they do not meet."""
    start = max(span.start, within.start)
    end = within.end if span.end is None else min(span.end, within.end)
    return Span(start=start, end=end) if start < end else None


def month_mask(days: Iterable[date], *, year: int) -> int:
    """Twelve bits, bit 0 for January: the months of that year in which at least one of the days lies."""
    mask = 0
    for day in days:
        if day.year == year:
            mask |= 1 << (day.month - 1)
    return mask


def mask_of(period: DatedPeriod) -> int:
    """The bits of the months that a period inside one calendar year covers."""
    first, last = period.start.month, period.last_day.month
    return ((1 << last) - 1) & ~((1 << (first - 1)) - 1)


def months_in(mask: int) -> tuple[int, ...]:
    return tuple(month for month in range(1, 13) if mask >> (month - 1) & 1)


def words(kind: Period, period: DatedPeriod) -> str:
    """How a secretary names the period: 「2026年5月」「2026年第二季度」「2026年度」."""
    year = period.start.year
    if kind == Period.MONTH:
        return f"{year}年{period.start.month}月"
    if kind == Period.QUARTER:
        return f"{year}年第{'一二三四'[(period.start.month - 1) // 3]}季度"
    if kind == Period.HALF_YEAR:
        return f"{year}年{'上' if period.start.month == 1 else '下'}半年"
    if kind == Period.TERM:
        return f"{year}年起的本届"
    return f"{year}年{'度' if kind == Period.FOR_YEAR else ''}"


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def weekdays_after(day: date, count: int) -> date:
    """The `count`-th Monday-to-Friday day after `day`. Public holidays are not known here, so it is early."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
