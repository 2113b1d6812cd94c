"""The secretary, talks and members, counted the slow way."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.standards.slow_base import (
    ONE_DAY,
    Answer,
    Branch,
    committee,
    filed,
    hours_asked,
    in_office,
    in_year,
    last_day,
    member_of,
    members,
    months,
    months_later,
    number,
    record,
    secretary,
    share,
)


def secretary_engagement(b: Branch) -> Answer:
    who = in_office(b)
    if isinstance(who, str):
        return who
    good = bad = 0
    for meeting in filed(b):
        status = None
        for line in meeting["roll"]:
            if line["member_id"] == who[0]:
                status = line["status"]
        if meeting["held_on"] < who[1] or status == "exempt":
            continue
        if meeting["group_id"] is not None and status is None:
            continue
        good, bad = good + (status == "present"), bad + (status != "present")
    return share(good, bad)


def lectures_by_secretary(b: Branch) -> Answer:
    who = in_office(b)
    if isinstance(who, str):
        return who
    count = 0
    for meeting in filed(b, "lecture"):
        count += meeting["lecturer_id"] == who[0] and meeting["held_on"] >= who[1]
    return number(count)


def leaders(b: Branch, day: date) -> set[int]:
    found = committee(b, day)
    if found:
        return found
    person = secretary(b, day)
    member = None if person is None else member_of(b, person)
    return set() if member is None else {member}


def talks_coverage(b: Branch) -> Answer:
    day = last_day(b)
    now, board = leaders(b, day), sorted(committee(b, day))
    if not now:
        return "n/a" if secretary(b, day) is None else "unknown"
    talks = [talk for talk in b["talks"] if in_year(b, talk["held_on"]) and not talk["is_reminder"]]
    good = bad = 0
    for member in members(b):
        if now == {member["id"]}:
            continue
        met = False
        for talk in talks:
            partners = set(talk["member_ids"]) - {member["id"]}
            if member["id"] in talk["member_ids"] and partners & leaders(b, talk["held_on"]):
                met = True
        good, bad = good + met, bad + (not met)
    for one in board:
        for other in board:
            if one < other:
                met = any(one in talk["member_ids"] and other in talk["member_ids"] for talk in talks)
                good, bad = good + met, bad + (not met)
    return share(good, bad)


def talks_by_secretary(b: Branch) -> Answer:
    who = in_office(b)
    if isinstance(who, str):
        return who
    good = bad = 0
    for member in members(b):
        if member["id"] == who[0]:
            continue
        met = False
        for talk in b["talks"]:
            mine = who[0] in talk["member_ids"] and talk["held_on"] >= who[1] and not talk["is_reminder"]
            met = met or (mine and member["id"] in talk["member_ids"] and in_year(b, talk["held_on"]))
        good, bad = good + met, bad + (not met)
    return share(good, bad)


def reminders_followed_up(b: Branch) -> Answer:
    good = bad = 0
    for talk in b["talks"]:
        if talk["is_reminder"] and in_year(b, talk["held_on"] + 31 * ONE_DAY):
            done = talk["followed_up_on"] is not None and talk["followed_up_on"] <= last_day(b)
            good, bad = good + done, bad + (not done)
    return share(good, bad)


def study_hours_secretary(b: Branch) -> Answer:
    who = in_office(b)
    if isinstance(who, str):
        return who
    whole, hours = months(b, who[1]), hours_asked(b, "EDU-2")
    total = Fraction(0)
    for entry in b["study"]:
        if entry["member_id"] == who[0] and in_year(b, entry["studied_on"]) and entry["studied_on"] >= who[1]:
            total += Fraction(entry["hours"])
    return (total, Fraction(hours, 12) * whole) if whole and hours else "n/a"


def study_breadth(b: Branch) -> Answer:
    who = in_office(b)
    if isinstance(who, str):
        return who
    seen = set()
    for entry in b["study"]:
        own = entry["member_id"] == who[0] and entry["studied_on"] >= who[1]
        if own and in_year(b, entry["studied_on"]) and entry["category"]:
            seen.add(entry["category"])
    return number(len(seen))


def study_hours_members(b: Branch) -> Answer:
    if not hours_asked(b, "EDU-1"):
        return "n/a"
    good = bad = 0
    for member in members(b):
        own = record(b, member["id"])
        if own and own["exempt_since"] is not None and own["exempt_since"] <= last_day(b):
            continue
        whole = months(b, member["joined_on"])
        if not whole:
            continue
        total = Fraction(0)
        for entry in b["study"]:
            if entry["member_id"] == member["id"] and in_year(b, entry["studied_on"]):
                total += Fraction(entry["hours"])
        asked = int(Fraction(hours_asked(b, "EDU-1"), 12) * whole)
        good, bad = good + (total >= asked), bad + (total < asked)
    return share(good, bad)


def member_records_fresh(b: Branch) -> Answer:
    good = bad = hidden = 0
    for member in members(b):
        own = record(b, member["id"])
        checked = own["verified_on"] if own else None
        if checked is not None and checked > last_day(b):
            hidden += 1
            continue
        fine = bool(own and own["complete"] and checked and checked >= months_later(last_day(b), -12))
        good, bad = good + fine, bad + (not fine)
    return "unknown" if hidden and not good + bad else share(good, bad)


def members_enrolled(b: Branch) -> Answer:
    day, open_groups = last_day(b), set()
    for group in b["org"]["groups"]:
        begun = group["founded_on"] is None or group["founded_on"] <= day
        if begun and (group["closed_on"] is None or group["closed_on"] > day):
            open_groups.add(group["id"])
    good = bad = 0
    for member in members(b):
        own = record(b, member["id"])
        fine = not open_groups or (own is not None and own["group_id"] in open_groups)
        fine = fine and not lost(b, member["id"])
        good, bad = good + fine, bad + (not fine)
    return share(good, bad)


def lost(b: Branch, member_id: int) -> bool:
    own, day = record(b, member_id), last_day(b)
    if own is None or (own["contact_until"] is None and not own["is_mobile"]):
        return False
    days = [own["contact_until"]] if own["contact_until"] else []
    if days and days[0] > day:
        return False
    for meeting in b["meetings"]:
        for line in meeting["roll"]:
            if line["member_id"] == member_id and line["status"] == "present" and meeting["held_on"] <= day:
                days.append(meeting["held_on"])
    for talk in b["talks"]:
        if member_id in talk["member_ids"] and not talk["is_reminder"] and talk["held_on"] <= day:
            days.append(talk["held_on"])
    return not days or months_later(max(days), 6) <= day


def care_coverage(b: Branch) -> Answer:
    good = bad = 0
    for member in members(b):
        own = record(b, member["id"])
        if own is None or not own["needs_care"]:
            continue
        cared = False
        for visit in b["visits"]:
            cared = cared or (visit["member_id"] == member["id"] and in_year(b, visit["held_on"]))
        good, bad = good + cared, bad + (not cared)
    return share(good, bad)


def development_placements(b: Branch) -> Answer:
    return number(len({one["member_id"] for one in b["placements"] if in_year(b, one["held_on"])}))


def recognitions(b: Branch) -> Answer:
    return number(sum(in_year(b, one["held_on"]) for one in b["recognitions"]))
