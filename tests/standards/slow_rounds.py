"""The rounds of organizational life counted the slow way: with groups, local rules and excused rounds."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.standards.slow_base import ONE_DAY, Answer, Branch, last_day, months_later, share, today

#: Code → kind of sitting, period, how many, as the regulations have it.
RULES = {
    "MTG-1": ("general", "quarter", 1),
    "MTG-2": ("committee", "month", 1),
    "MTG-3": ("group", "month", 1),
    "MTG-4": ("lecture", "year", 0),
    "MTG-5": ("themed_day", "month", 1),
    "OL-1": ("org_life_meeting", "for_year", 1),
    "EV-1": ("member_evaluation", "for_year", 1),
}
LENGTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "for_year": 12}
#: From the freest to the firmest reason for not asking.
FIRM = ("asked", "partly", "unknown", "no")
Stretch = tuple[date, date | None]


class Round:
    """One period of one duty: the days that count are `start` up to, without, `end`."""

    def __init__(self, code: str, start: date, *, period: str) -> None:
        self.code, self.start, self.period = code, start, period
        self.end = months_later(start, LENGTHS[period])
        self.act_by = self.end - ONE_DAY
        if period == "for_year":
            self.act_by = date(start.year + 1, 3, 31)
        self.middle = start + ONE_DAY * (((self.end - start).days - 1) // 2)


def rule_on(b: Branch, code: str, *, day: date) -> tuple[str, str, int, bool]:
    """Kind, period, number, and whether it is asked at all. The nearest committee's word holds."""
    kind, period, count = RULES[code]
    found = None
    for one in b.get("rules", ()):
        runs = one["valid_from"] <= day and (one["valid_to"] is None or day < one["valid_to"])
        if one["code"] == code and runs:
            mine = (len(one["path"]), one["valid_from"])
            if found is None or mine > (len(found["path"]), found["valid_from"]):
                found = one
    if found is None:
        return kind, period, count, True
    count = count if found["min_count"] is None else found["min_count"]
    return kind, found["period"] or period, count, found["applies"]


def rounds(b: Branch) -> list[tuple[Round, int]]:
    """Those of the year with how often they are asked; the rule of its last day judges a round."""
    found, year = [], b["year"]
    for code in RULES:
        for period, length in LENGTHS.items():
            for month in range(1, 13, length):
                start = date(year - 1 if period == "for_year" else year, month, 1)
                one = Round(code, start, period=period)
                _, now, count, applies = rule_on(b, code, day=one.end - ONE_DAY)
                if now == period and applies and count:
                    found.append((one, count))
    return found


def org_life_overall(b: Branch) -> Answer:
    found: list[str] = []
    for one, count in rounds(b):
        groups: list[Any] = groups_in(b, one) if one.code == "MTG-3" else [None]
        found += [judged(b, one, count=count, group=group) for group in groups]
    done, missed = found.count("done"), found.count("missed")
    if done + missed == 0 and "unknown" in found:
        return "unknown"
    return share(done, missed)


def judged(b: Branch, one: Round, *, count: int, group: dict[str, Any] | None) -> str:
    """done, missed, unknown, or nothing."""
    org = b["org"]
    begun = begins(b)
    if one.start > today(b) or (org["founded_on"] is not None and begun is not None and begun >= one.end):
        return ""
    if org["closed_on"] is not None and org["closed_on"] <= one.start:
        return ""
    answer = asked_of_branch(b, one) if group is None else asked_of_group(b, one, group=group)
    if answer == "no":
        return ""
    if held(b, one, group=group) >= count:
        return "done" if one.act_by < today(b) or one.act_by == last_day(b) else ""
    if excused(b, one):
        return ""
    if answer == "unknown":
        return "unknown"
    if answer == "partly" or today(b) <= one.act_by:
        return ""
    began = org["records_since"]
    return "unknown" if began is not None and began > one.start else "missed"


def excused(b: Branch, one: Round) -> bool:
    mine = [row for row in b["org"]["excuses"] if row["code"] == one.code]
    return any(row["period_start"] == one.start for row in mine)


def sittings(b: Branch, one: Round) -> list[dict[str, Any]]:
    kind, found = RULES[one.code][0], []
    for row in b["org"]["sittings"]:
        if not row["closed"] or kind not in row["kinds"] or row["held_on"] > today(b):
            continue
        fits = one.start <= row["held_on"] < one.end
        if one.period == "for_year" and row["for_year"] is not None:
            fits = row["for_year"] == one.start.year and one.start <= row["held_on"] <= one.act_by
        if fits:
            found.append(row)
    return found


def held(b: Branch, one: Round, *, group: dict[str, Any] | None) -> int:
    rows = sittings(b, one)
    if group is not None:
        return sum(row["group_id"] == group["id"] for row in rows)
    whole = sum(row["group_id"] is None for row in rows)
    if one.code not in ("OL-1", "EV-1"):
        return whole
    each = []
    for one_group in groups_in(b, one):
        if asked_of_group(b, one, group=one_group) in ("asked", "unknown"):
            each.append(sum(row["group_id"] == one_group["id"] for row in rows))
    return whole + (min(each) if each else 0)


def groups_in(b: Branch, one: Round) -> list[dict[str, Any]]:
    found = []
    for group in b["org"]["groups"]:
        begun = group["founded_on"] is None or group["founded_on"] < one.end
        if begun and (group["closed_on"] is None or group["closed_on"] > one.start):
            found.append(group)
    return found


def begins(b: Branch) -> date | None:
    """The day of founding; where it is not known, the earliest day of which anything is known."""
    org = b["org"]
    if org["founded_on"] is not None:
        return org["founded_on"]
    days = [row["starts_on"] for row in (*org["terms"], *org["posts"])]
    days += [row["held_on"] for row in org["sittings"] if row["closed"]]
    return min(days) if days else None


def meets(one: Round, spans: list[Stretch]) -> str:
    """asked when it stood from the first half of the round up to its last day to act."""
    met = False
    for start, end in spans:
        if start >= one.end or (end is not None and end <= max(start, one.start)):
            continue
        met = True
        if start <= one.middle and (end is None or end > one.act_by):
            return "asked"
    return "partly" if met else "no"


def of_branch_alone(b: Branch, one: Round) -> str:
    start = begins(b)
    if start is None:
        return "unknown"
    found = meets(one, [(start, b["org"]["closed_on"])])
    dateless = b["org"]["founded_on"] is None and one.start < start
    return "unknown" if dateless and found != "asked" else found


def asked_of_branch(b: Branch, one: Round) -> str:
    found, temporary = of_branch_alone(b, one), b["org"]["form"] == "temporary"
    own = "asked"
    if one.code in ("OL-1", "EV-1") and temporary:
        own = "no"
    if one.code == "MTG-2":
        own = asked_of_committee(b, one, temporary=temporary)
    return max(found, own, key=FIRM.index)


def asked_of_committee(b: Branch, one: Round, *, temporary: bool) -> str:
    terms = sorted(b["org"]["terms"], key=lambda row: row["starts_on"])
    if not terms:
        return "no" if temporary else "unknown"
    spans: list[Stretch] = []
    for at, term in enumerate(terms):
        end = terms[at + 1]["starts_on"] if at + 1 < len(terms) else None
        if not term["with_committee"]:
            continue
        if spans and spans[-1][1] == term["starts_on"]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((term["starts_on"], end))
    found = meets(one, spans)
    before = terms[0]["number"] > 1 and one.start < terms[0]["starts_on"]
    return "unknown" if before and found != "asked" else found


def asked_of_group(b: Branch, one: Round, *, group: dict[str, Any]) -> str:
    branch, start = of_branch_alone(b, one), group["founded_on"]
    if start is None:
        days = []
        for row in b["org"]["sittings"]:
            if row["closed"] and row["group_id"] == group["id"]:
                days.append(row["held_on"])
        start = min(days) if days else None
    if start is None:
        return max(branch, "unknown", key=FIRM.index)
    own = meets(one, [(start, group["closed_on"])])
    if group["founded_on"] is None and own != "asked" and one.start < start:
        own = "unknown"
    return max(branch, own, key=FIRM.index)
