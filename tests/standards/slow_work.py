"""Work by a date, and what is done with others, counted the slow way."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from tests.standards.slow_base import (
    ONE_DAY,
    Answer,
    Branch,
    begin,
    filed,
    first_day,
    in_year,
    last_day,
    months_later,
    number,
    share,
    today,
)


def in_time(b: Branch, entries: list[tuple[date | None, date | None]]) -> Answer:
    """Pairs of due and done: those due in the year whose day has passed, or that were done on it."""
    good = bad = 0
    for due, done in entries:
        if due is None or due.year != b["year"]:
            continue
        on_time = done is not None and done <= due
        if due < today(b) or (due <= last_day(b) and on_time):
            good, bad = good + on_time, bad + (not on_time)
    return share(good, bad)


def of_list(b: Branch, name: str) -> Answer:
    return in_time(b, [(one["due_on"], one["closed_on"]) for one in b[name] if not one["cancelled"]])


def tasks_on_time(b: Branch) -> Answer:
    return of_list(b, "tasks")


def concerns_resolved(b: Branch) -> Answer:
    return of_list(b, "concerns")


def rectified_on_time(b: Branch) -> Answer:
    return of_list(b, "rectifications")


def concerns_registered(b: Branch) -> Answer:
    standing = [one for one in b["concerns"] if not one["cancelled"]]
    return number(sum(in_year(b, one["registered_on"]) for one in standing))


def directives_conveyed(b: Branch) -> Answer:
    papers = [one for one in b["directives"] if not one["cancelled"]]
    return in_time(b, [(one["convey_by"], one["conveyed_on"]) for one in papers])


def directives_implemented(b: Branch) -> Answer:
    papers = [one for one in b["directives"] if one["asks_action"] and not one["cancelled"]]
    return in_time(b, [(one["do_by"], one["implemented_on"]) for one in papers])


def plan_progress(b: Branch) -> Answer:
    filed_on = b["plan_filed_on"]
    if filed_on is None or filed_on > last_day(b) or not b["goals"]:
        deadline = date(b["year"], 2, monthrange(b["year"], 2)[1])
        if begin(b) > first_day(b):
            deadline = max(deadline, months_later(begin(b), 2) - ONE_DAY)
        return "n/a" if today(b) <= deadline else share(0, 1)
    good = bad = 0
    for goal in b["goals"]:
        if goal["cancelled"]:
            continue
        done = goal["done_on"] is not None and goal["done_on"] <= last_day(b)
        behind = goal["due_on"] < today(b) and not done
        good, bad = good + (not behind), bad + behind
    return share(good, bad)


def feature_project_progress(b: Branch) -> Answer:
    good = bad = 0
    for quarter in (1, 2, 3, 4):
        start = date(b["year"], 3 * quarter - 2, 1)
        end = months_later(start, 3) - ONE_DAY
        if end > last_day(b) or start < begin(b):
            continue
        told = False
        for entry in b["project"]["progress"] if b["project"] else ():
            known = entry["recorded_on"] is None or entry["recorded_on"] <= last_day(b)
            told = told or (entry["quarter"] == quarter and known)
        good, bad = good + told, bad + (not told)
    return share(good, bad)


def self_found_share(b: Branch) -> Answer:
    good = bad = 0
    for one in b["rectifications"]:
        if in_year(b, one["found_on"]) and not one["cancelled"]:
            good, bad = good + one["self_found"], bad + (not one["self_found"])
    return share(good, bad)


def recent_forms(b: Branch) -> list[str]:
    """The form of each activity of the twelve months that end on the last day."""
    found = []
    for meeting in b["meetings"]:
        activity = any(kind in meeting["kinds"] for kind in ("themed_day", "lecture", "other"))
        since = months_later(last_day(b) + ONE_DAY, -12)
        if not activity or not meeting["closed"] or not since <= meeting["held_on"] <= last_day(b):
            continue
        form = meeting["form"] or ("lecture" if "lecture" in meeting["kinds"] else None)
        if form is not None:
            found.append(str(form))
    return found


def activity_variety(b: Branch) -> Answer:
    return number(min(5, len(set(recent_forms(b)))))


def monotonous(b: Branch) -> bool:
    forms = recent_forms(b)
    return len(forms) >= 6 and any(10 * forms.count(form) > 7 * len(forms) for form in set(forms))


def joint(b: Branch, kinds: tuple[str, ...]) -> Answer:
    return number(sum(any(kind in meeting["partners"] for kind in kinds) for meeting in filed(b)))


def joint_with_organizations(b: Branch) -> Answer:
    return joint(b, ("branch", "unit", "expert_pool", "congress"))


def joint_with_mass_orgs(b: Branch) -> Answer:
    return joint(b, ("administration", "union", "youth_league", "women", "social"))


def community_consultations(b: Branch) -> Answer:
    held = [one for one in b["public_consultations"] if in_year(b, one["held_on"])]
    return number(sum(one["has_result"] for one in held))


def public_participants(b: Branch) -> Answer:
    people = sum(meeting["public_participants"] for meeting in filed(b))
    for one in b["public_consultations"]:
        people += one["participants"] if in_year(b, one["held_on"]) else 0
    return number(people)


def governance_activities(b: Branch) -> Answer:
    return number(sum("governance" in meeting["topics"] for meeting in filed(b)))


def kept(b: Branch, one: dict[str, Any]) -> bool:
    begun = one["listed_on"] is None or one["listed_on"] <= last_day(b)
    return begun and (one["ended_on"] is None or one["ended_on"] > last_day(b))


def key_posts_reviewed(b: Branch) -> Answer:
    good = bad = 0
    for post in b["key_posts"]:
        if kept(b, post):
            checked = any(in_year(b, day) for day in post["checked_on"])
            good, bad = good + checked, bad + (not checked)
    return share(good, bad)


def units_covered(b: Branch) -> Answer:
    good = bad = 0
    for unit in b["units"]:
        if kept(b, unit):
            covered = unit["covered_on"] is not None and unit["covered_on"] <= last_day(b)
            good, bad = good + covered, bad + (not covered)
    return share(good, bad)
