"""Makers of facts for the tests of the rules: a branch of twenty with a committee and complete records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from apps.rules.cadences import Override, cadences_since
from apps.rules.duties import Duty, duties
from apps.rules.facts import MemberFacts, OrgFacts, PostFacts, SittingFacts, TermFacts
from apps.rules.kinds import BranchForm, DutyState, MeetingKind, OrgKind, PostKind

FOUNDED = date(2015, 7, 1)
LONG_AGO = date(2018, 11, 1)
TODAY = date(2026, 11, 20)


def make_members(full: int, *, probationary: int = 0) -> tuple[MemberFacts, ...]:
    return tuple(
        MemberFacts(id=number, full_since=date(2010, 7, 1) if number <= full else None)
        for number in range(1, full + probationary + 1)
    )


def make_term(starts_on: date = date(2025, 3, 1), **fields: Any) -> TermFacts:
    given: dict[str, Any] = {
        "id": 1,
        "number": 1,
        "ends_on": starts_on.replace(year=starts_on.year + 3),
        "with_committee": True,
    }
    return TermFacts(starts_on=starts_on, **(given | fields))


def make_post(kind: PostKind = PostKind.SECRETARY, *, person_id: int = 1, **fields: Any) -> PostFacts:
    given: dict[str, Any] = {"starts_on": date(2025, 3, 1), "person_name": f"委员{person_id}"}
    return PostFacts(kind=kind, person_id=person_id, **(given | fields))


COMMITTEE = tuple(
    make_post(kind, person_id=number)
    for number, kind in enumerate((PostKind.SECRETARY, PostKind.ORGANIZATION, PostKind.PUBLICITY), start=1)
)


def make_org(**fields: Any) -> OrgFacts:
    given: dict[str, Any] = {
        "id": 1,
        "name": "机关第一党支部",
        "kind": OrgKind.BRANCH,
        "form": BranchForm.ORDINARY,
        "founded_on": FOUNDED,
        "terms": (make_term(date(2025, 3, 1)),),
        "posts": COMMITTEE,
        "members": make_members(20),
    }
    return OrgFacts(**(given | fields))


def sitting(held_on: date, *kinds: MeetingKind, **fields: Any) -> SittingFacts:
    return SittingFacts(
        id=fields.pop("id", held_on.toordinal()), held_on=held_on, kinds=frozenset(kinds), **fields
    )


def with_sittings(org: OrgFacts, *held: SittingFacts) -> OrgFacts:
    return replace(org, sittings=(*org.sittings, *held))


def all_duties(
    org: OrgFacts, today: date, *overrides: Override, since: date | None = None
) -> tuple[Duty, ...]:
    return duties(org, cadences=cadences_since(LONG_AGO, overrides), today=today, since=since)


def find(found: tuple[Duty, ...], code: str, start: date, *, group_id: int | None = None) -> Duty:
    """The one duty of that code, period and group; fails unless there is exactly one."""
    [duty] = [
        item for item in found if (item.code, item.period_start, item.group_id) == (code, start, group_id)
    ]
    return duty


def duty_of(org: OrgFacts, code: str, start: date, *, today: date, group_id: int | None = None) -> Duty:
    return find(all_duties(org, today), code, start, group_id=group_id)


def state_of(org: OrgFacts, code: str, start: date, *, today: date = TODAY) -> DutyState:
    return duty_of(org, code, start, today=today).state
