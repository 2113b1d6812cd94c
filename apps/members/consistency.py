"""What the dates of one Party record say of each other. The same for a form and for a row of a roster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from apps.members.roster_dates import RosterDate

ADULT_YEARS = 18
#: Between the 9th and the 11th Party Congress the constitution knew no probation.
NO_PROBATION = (date(1969, 4, 1), date(1977, 8, 18))
DATE_FIELDS = ("born_on", "work_started_on", "admitted_on", "full_since")
SEX_WORDS = {"male": "男", "female": "女"}

Dates = Mapping[str, RosterDate | None]


def date_problems(dates: Dates, *, today: date) -> Iterator[tuple[str, str]]:
    """(field, Chinese words) for everything that cannot be true. A month stands for any of its days."""
    for field in DATE_FIELDS:
        value = dates.get(field)
        if value is not None and value.day > today:
            yield field, f"日期 {value.day} 在今天之后"
    born, started = dates.get("born_on"), dates.get("work_started_on")
    admitted, full = dates.get("admitted_on"), dates.get("full_since")
    if born and admitted and admitted.latest < years_after(born.day, ADULT_YEARS):
        yield "admitted_on", f"入党时未满 18 周岁（出生于 {born.day}）"
    if born and not admitted and years_after(born.day, ADULT_YEARS) > today:
        yield "born_on", f"至今未满 18 周岁（出生于 {born.day}）"
    if started and born and started.latest <= born.day:
        yield "work_started_on", "参加工作时间早于出生日期"
    if admitted and full and full.latest < years_after(admitted.day, 1) and not was_without_probation(dates):
        yield "full_since", f"转正日期 {full.day} 应在入党日期 {admitted.day} 满一年之后"


def was_without_probation(dates: Dates) -> bool:
    """Admitted while there was no probation, and full from that day or later."""
    admitted, full = dates.get("admitted_on"), dates.get("full_since")
    if admitted is None or full is None or full.latest >= years_after(admitted.day, 1):
        return False
    return NO_PROBATION[0] <= admitted.day <= NO_PROBATION[1] and full.latest >= admitted.day


def earliest_day(field: str, dates: Dates) -> date | None:
    """The first day on which somebody of these dates could be admitted, or become full."""
    born, admitted = dates.get("born_on"), dates.get("admitted_on")
    if field == "admitted_on" and born:
        return years_after(born.day, ADULT_YEARS)
    if field == "full_since" and admitted and not was_without_probation(dates):
        return years_after(admitted.day, 1)
    return None


def too_new_to_be_full(admitted: RosterDate | None, *, today: date) -> bool:
    """A year of probation cannot be over yet."""
    return admitted is not None and years_after(admitted.day, 1) > today


def years_after(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
