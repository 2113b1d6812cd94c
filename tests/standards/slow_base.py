"""A second, slow way to count: what the year of a branch is, day by day, over plain dictionaries.

Nothing of `apps` is used here. A branch is `dataclasses.asdict(BranchYearFacts)`, or the same shape by hand.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Branch = dict[str, Any]
#: Numerator and denominator, or "n/a", or "unknown". A count has no denominator of its own: 0.
Answer = tuple[Fraction, Fraction] | str
ONE_DAY = timedelta(days=1)
COMMITTEE_POSTS = ("secretary", "deputy_secretary", "organization", "publicity", "discipline", "youth")


def first_day(b: Branch) -> date:
    return date(b["year"], 1, 1)


def last_day(b: Branch) -> date:
    last = date(b["year"], 12, 31)
    if b["as_of"] < last:
        last = b["as_of"]
    closed = b["org"]["closed_on"]
    if closed is not None and closed <= last:
        last = closed - ONE_DAY
    return last


def today(b: Branch) -> date:
    """The day by which lateness is told: never later than the first day after the year or the branch."""
    day = last_day(b)
    return day + ONE_DAY if b["as_of"] > day else day


def outside(b: Branch) -> str:
    founded, began = b["org"]["founded_on"], b["org"]["records_since"]
    if b["as_of"] < first_day(b) or last_day(b) < first_day(b):
        return "n/a"
    if founded is not None and founded > last_day(b):
        return "n/a"
    if began is not None and began > last_day(b):
        return "unknown"
    return ""


def in_year(b: Branch, day: date | None) -> bool:
    return day is not None and day.year == b["year"] and day <= last_day(b)


def begin(b: Branch) -> date:
    found = first_day(b)
    for day in (b["org"]["founded_on"], b["org"]["records_since"]):
        if day is not None and day > found:
            found = day
    return found


def months(b: Branch, since: date | None = None) -> int:
    """Whole months of the year from the beginning (or `since`, if later) to the last day."""
    start = begin(b)
    if since is not None and since > start:
        start = since
    whole = 0
    for month in range(1, 13):
        opens = date(b["year"], month, 1)
        closes = date(b["year"], month, calendar.monthrange(b["year"], month)[1])
        if opens >= start and closes <= last_day(b):
            whole += 1
    return whole


def months_later(day: date, number: int) -> date:
    year, month = day.year, day.month
    for _ in range(abs(number)):
        month += 1 if number > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def hours_asked(b: Branch, code: str) -> int:
    """Hours a year on the last day: 32 of members, 56 of the committee, or what was set above."""
    found = None
    for one in b.get("rules", ()):
        runs = one["valid_from"] <= last_day(b) and (one["valid_to"] is None or last_day(b) < one["valid_to"])
        if one["code"] == code and runs:
            mine = (len(one["path"]), one["valid_from"])
            if found is None or mine > (len(found["path"]), found["valid_from"]):
                found = one
    if found is not None and not found["applies"]:
        return 0
    if found is None or found["min_count"] is None:
        return {"EDU-1": 32, "EDU-2": 56}[code]
    return int(found["min_count"])


def share(good: int, bad: int) -> Answer:
    return "n/a" if good + bad == 0 else (Fraction(good), Fraction(good + bad))


def number(count: int) -> Answer:
    return Fraction(count), Fraction(0)


def members(b: Branch) -> list[dict[str, Any]]:
    day, found = last_day(b), []
    for member in b["org"]["members"]:
        if member["joined_on"] is not None and member["joined_on"] > day:
            continue
        if member["left_on"] is not None and member["left_on"] <= day:
            continue
        found.append(member)
    return found


def record(b: Branch, member_id: int) -> dict[str, Any] | None:
    for one in b["records"]:
        if one["member_id"] == member_id:
            return one
    return None


def holders(b: Branch, day: date, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    found = []
    for post in b["org"]["posts"]:
        if (
            post["kind"] in kinds
            and post["starts_on"] <= day
            and (post["ends_on"] is None or day < post["ends_on"])
        ):
            found.append(post)
    return found


def member_of(b: Branch, person_id: int) -> int | None:
    for one in b["records"]:
        if one["person_id"] == person_id:
            return int(one["member_id"])
    return None


def secretary(b: Branch, day: date) -> int | None:
    """The person who is secretary that day; the last one appointed where two overlap."""
    best = None
    for post in holders(b, day, ("secretary",)):
        if best is None or post["starts_on"] > best["starts_on"]:
            best = post
    return None if best is None else int(best["person_id"])


def in_office(b: Branch) -> tuple[int, date] | str:
    """The secretary's member id and first day, found by going back day by day."""
    person = secretary(b, last_day(b))
    if person is None:
        return "n/a"
    day = last_day(b)
    while any(post["person_id"] == person for post in holders(b, day - ONE_DAY, ("secretary",))):
        day -= ONE_DAY
    member = member_of(b, person)
    return "unknown" if member is None else (member, day)


def committee(b: Branch, day: date) -> set[int]:
    term = None
    for one in b["org"]["terms"]:
        if one["starts_on"] <= day and (term is None or one["starts_on"] > term["starts_on"]):
            term = one
    if term is None or not term["with_committee"]:
        return set()
    found = set()
    for post in holders(b, day, COMMITTEE_POSTS):
        member = member_of(b, post["person_id"])
        if member is not None:
            found.add(member)
    return found


def filed(b: Branch, *kinds: str) -> Iterator[dict[str, Any]]:
    for meeting in b["meetings"]:
        fits = not kinds or any(kind in meeting["kinds"] for kind in kinds)
        if fits and meeting["closed"] and in_year(b, meeting["held_on"]):
            yield meeting
