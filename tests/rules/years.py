"""Makers of a branch's year: eight full members, a committee of the first three, the first its secretary.

A case reads: in words, the year, and the figure as `said` spells it: "3/4 fair", "not_applicable".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from apps.rules.facts import OrgFacts
from apps.rules.facts_records import ItemFacts, MeetingFacts, MemberRecordFacts, RollFacts, TalkFacts
from apps.rules.facts_year import BranchYearFacts
from apps.rules.figures import Figure, FigureState
from apps.rules.kinds import AttendanceStatus, ItemNature, MeetingKind
from apps.rules.measures import figure
from tests.rules.makers import COMMITTEE as POSTS
from tests.rules.makers import make_members, make_org, make_term

END = date(2026, 12, 31)
MID = date(2026, 6, 30)
GENERAL, COMMITTEE, THEMED = MeetingKind.GENERAL, MeetingKind.COMMITTEE, MeetingKind.THEMED_DAY
LECTURE, GROUP, OTHER = MeetingKind.LECTURE, MeetingKind.GROUP, MeetingKind.OTHER

#: In words, the year, the figure.
Case = tuple[str, BranchYearFacts, str]
Table = dict[str, list[Case]]


def day(month: int, number: int = 10) -> date:
    return date(2026, month, number)


def org(**fields: Any) -> OrgFacts:
    return make_org(**({"members": make_members(8)} | fields))


def no_committee(**fields: Any) -> OrgFacts:
    """Five members and a secretary."""
    given = {"members": make_members(5), "posts": POSTS[:1], "terms": (make_term(with_committee=False),)}
    return org(**(given | fields))


def record(member_id: int, **fields: Any) -> MemberRecordFacts:
    given = {"verified_on": day(3)}
    return MemberRecordFacts(member_id=member_id, person_id=member_id, **(given | fields))


def year(as_of: date = END, **fields: Any) -> BranchYearFacts:
    """The year of `as_of`, 2026 unless `year` says otherwise."""
    branch = fields.pop("org", None) or org()
    given: dict[str, Any] = {
        "year": 2026,
        "records": tuple(record(member.id) for member in branch.members),
    }
    lists = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    return BranchYearFacts(org=branch, as_of=as_of, **(given | lists))


def roll(
    present: Iterable[int], *, away: Iterable[int] = (), exempt: Iterable[int] = ()
) -> tuple[RollFacts, ...]:
    """The first three are on the committee; all have a vote."""
    status = {
        **dict.fromkeys(present, AttendanceStatus.PRESENT),
        **dict.fromkeys(away, AttendanceStatus.ABSENT),
        **dict.fromkeys(exempt, AttendanceStatus.EXEMPT),
    }
    return tuple(
        RollFacts(member_id=number, status=state, on_committee=number <= 3)
        for number, state in sorted(status.items())
    )


EVERYBODY = roll(range(1, 9))


def item(id_: int = 1, *, nature: ItemNature = ItemNature.PARTY_AFFAIRS, **fields: Any) -> ItemFacts:
    given: dict[str, Any] = {"position": id_}
    return ItemFacts(id=id_, nature=nature, **(given | fields))


def meeting(held_on: date, *kinds: MeetingKind, **fields: Any) -> MeetingFacts:
    """Filed, complete, entered the next day; its id is the day of the year."""
    given: dict[str, Any] = {
        "id": held_on.timetuple().tm_yday,
        "chair_id": 1,
        "entered_on": held_on + timedelta(days=1),
    }
    lists = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    return MeetingFacts(held_on=held_on, kinds=frozenset(kinds), **(given | lists))


def talk(held_on: date, *members: int, **fields: Any) -> TalkFacts:
    given = {"id": held_on.timetuple().tm_yday * 100 + sum(members)}
    return TalkFacts(held_on=held_on, member_ids=frozenset(members), **(given | fields))


def said(found: Figure) -> str:
    """「3/4 fair」; without a value the state alone."""
    if found.state in (FigureState.NOT_APPLICABLE, FigureState.UNKNOWN):
        assert found.value is None
        assert found.why
        return str(found.state)
    return f"{_plain(found.numerator)}/{_plain(found.denominator)} {found.state}"


def _plain(number: Any) -> str:
    return str(number) if number.denominator == 1 else f"{float(number):g}"


def rows(table: Table) -> list[Any]:
    """The table as pytest parameters, named by measure and words."""
    return [
        pytest.param(key, facts, expected, id=f"{key}: {words}")
        for key, cases in table.items()
        for words, facts, expected in cases
    ]


def reasons(key: str, facts: BranchYearFacts) -> list[str]:
    """Why records fell short or were left out, in order."""
    found = figure(key, facts)
    return [left.reason for left in (*found.missed, *found.excluded)]


def of(*meetings: MeetingFacts) -> BranchYearFacts:
    """A year with these sittings and nothing else."""
    return year(meetings=meetings)


def assembly(*items: ItemFacts, month: int = 5, **fields: Any) -> MeetingFacts:
    return meeting(day(month), GENERAL, items=items, **({"roll": EVERYBODY} | fields))


def committee(*items: ItemFacts, month: int = 5, **fields: Any) -> MeetingFacts:
    return meeting(day(month), COMMITTEE, items=items, **({"roll": roll((1, 2, 3))} | fields))


def many(good: MeetingFacts, *, times: int) -> list[MeetingFacts]:
    """The same sitting on consecutive days of July."""
    return [
        replace(good, id=1000 + number, held_on=day(7, number), entered_on=day(7, number))
        for number in range(1, times + 1)
    ]
