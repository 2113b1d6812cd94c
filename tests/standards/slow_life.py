"""Organizational life and what was decided, counted the slow way."""

from __future__ import annotations

from typing import Any

from tests.standards.slow_base import (
    ONE_DAY,
    Answer,
    Branch,
    committee,
    filed,
    holders,
    in_year,
    last_day,
    member_of,
    number,
    secretary,
    share,
)


def enough(matter: str, entitled: int, present: int) -> bool:
    if entitled == 0:
        return False
    if matter in ("admission", "confirmation"):
        return 2 * present > entitled
    if matter == "election":
        return 5 * present >= 4 * entitled
    return 2 * present >= entitled and present > 0


def procedure_valid(b: Branch) -> Answer:
    good = bad = 0
    for meeting in filed(b, "general", "committee"):
        fine = len(meeting["roll"]) > 0
        if "general" in meeting["kinds"]:
            voters = [line for line in meeting["roll"] if line["has_vote"]]
            came = [line for line in voters if line["status"] == "present"]
            fine = fine and enough("ordinary", len(voters), len(came))
        if "committee" in meeting["kinds"]:
            seats = committee(b, meeting["held_on"])
            came_too = set()
            for line in meeting["roll"]:
                if line["on_committee"]:
                    seats = seats | {line["member_id"]}
                    if line["status"] == "present":
                        came_too.add(line["member_id"])
            fine = fine and enough("committee_decision", len(seats), len(came_too))
        for item in meeting["items"]:
            for motion in item["motions"]:
                fine = fine and enough(motion["matter"], motion["entitled"], motion["present"])
        good, bad = good + fine, bad + (not fine)
    return share(good, bad)


def decided(b: Branch) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    found = []
    for meeting in filed(b, "general", "committee"):
        for item in meeting["items"]:
            if item["decided"] or item["motions"]:
                found.append((meeting, item))
    return found


def decisions_voted(b: Branch) -> Answer:
    good = bad = 0
    for _, item in decided(b):
        if not item["motions"] and not item["is_major"]:
            continue
        fine = bool(item["motions"])
        for motion in item["motions"]:
            if motion["replaced"] or motion["state"] == "failed":
                continue
            passed = motion["state"] == "passed" and motion["in_favour"] >= motion["needed"]
            fine = fine and passed and enough(motion["matter"], motion["entitled"], motion["present"])
        good, bad = good + fine, bad + (not fine)
    return share(good, bad)


def deliberation_breadth(b: Branch) -> Answer:
    good = bad = 0
    for meeting, item in decided(b):
        others = spoke = 0
        for line in meeting["roll"]:
            if line["status"] == "present" and line["member_id"] != meeting["chair_id"]:
                others += 1
                spoke += line["member_id"] in item["opinions_by"]
        if others:
            good, bad = good + (spoke >= others / 2), bad + (spoke < others / 2)
    return share(good, bad)


def consulted_before_decision(b: Branch) -> Answer:
    good = bad = 0
    for meeting, item in decided(b):
        if not item["is_major"]:
            continue
        ask = committee(b, meeting["held_on"])
        host = secretary(b, meeting["held_on"])
        if host is not None:
            ask = ask - {member_of(b, host)}
        if not ask:
            continue
        for entry in item["consultations"]:
            if entry["held_on"] <= meeting["held_on"]:
                ask = ask - set(entry["member_ids"])
        good, bad = good + (not ask), bad + bool(ask)
    return share(good, bad)


def consultation_kinds(b: Branch) -> Answer:
    used = set()
    for meeting in b["meetings"]:
        for item in meeting["items"]:
            for entry in item["consultations"]:
                if in_year(b, entry["held_on"]):
                    used.add(str(entry["kind"]))
    if not used and not committee(b, last_day(b)):
        return "n/a"
    return number(len(used))


def party_agenda_share(b: Branch) -> Answer:
    good = bad = 0
    for meeting in filed(b, "general", "committee"):
        party = ("political_study", "party_affairs", "central_work")
        fine = any(item["nature"] in party for item in meeting["items"])
        good, bad = good + fine, bad + (not fine)
    return share(good, bad)


def first_topic_study(b: Branch) -> Answer:
    good = bad = 0
    for meeting in filed(b, "committee"):
        items = sorted(meeting["items"], key=lambda item: item["position"])
        fine = bool(items) and items[0]["nature"] == "political_study"
        good, bad = good + fine, bad + (not fine)
    return share(good, bad)


def central_work_share(b: Branch) -> Answer:
    good = bad = 0
    for meeting in filed(b, "general", "committee", "themed_day"):
        fine = "central_work" in meeting["topics"]
        for item in meeting["items"]:
            fine = fine or item["nature"] == "central_work"
        good, bad = good + fine, bad + (not fine)
    return share(good, bad)


def record_substance(b: Branch) -> Answer:
    good = bad = 0
    for meeting in b["meetings"]:
        if not in_year(b, meeting["held_on"]):
            continue
        if not meeting["closed"] and b["as_of"] <= meeting["held_on"] + 7 * ONE_DAY:
            continue
        soon = meeting["entered_on"] is not None and meeting["entered_on"] <= meeting["held_on"] + 7 * ONE_DAY
        fine = meeting["closed"] and meeting["complete"] and soon and meeting["near_copy_of"] is None
        good, bad = good + fine, bad + (not fine)
    return share(good, bad)


def participation(b: Branch) -> Answer:
    came = away = 0
    for meeting in filed(b):
        for line in meeting["roll"]:
            came += line["status"] == "present"
            away += line["status"] not in ("present", "exempt")
    return share(came, away)


def committee_complete(b: Branch) -> Answer:
    org, day = b["org"], last_day(b)
    held_by = secretary(b, day)
    good = int(held_by is not None)
    if org["form"] == "temporary":
        return share(good, 1 - good)
    full = 0
    for member in org["members"]:
        here = (member["joined_on"] is None or member["joined_on"] <= day) and (
            member["left_on"] is None or day < member["left_on"]
        )
        full += here and member["full_since"] is not None and member["full_since"] <= day
    seats = 3 if full >= 7 else 1
    others = {
        post["person_id"]
        for post in holders(b, day, ("deputy_secretary", "organization", "publicity", "discipline", "youth"))
    }
    others.discard(held_by)
    good += min(len(others), seats - 1)
    begun = [term for term in org["terms"] if term["starts_on"] <= day]
    if not begun:
        return "unknown"
    term = sorted(begun, key=lambda one: one["starts_on"])[-1]
    good += (term["extended_to"] or term["ends_on"]) > day
    return share(good, seats + 1 - good)
