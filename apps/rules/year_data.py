"""The data page of a branch's yearly report, from its records: counts of what was done, no judgement."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from apps.rules.facts_records import MeetingFacts, TaskFacts
from apps.rules.facts_year import BranchYearFacts
from apps.rules.kinds import AttendanceStatus, MeetingKind, MemberStatus

Line = tuple[str, str]
SITTINGS = (
    MeetingKind.GENERAL,
    MeetingKind.COMMITTEE,
    MeetingKind.GROUP,
    MeetingKind.LECTURE,
    MeetingKind.THEMED_DAY,
)


def data_lines(facts: BranchYearFacts, *, talks: str) -> list[Line]:
    """`talks`: how many there were, as far as the reader may know."""
    held = [one for one in facts.meetings if one.closed and facts.in_year(one.held_on)]
    return [
        ("党员", _members(facts)),
        *((kind.label, f"{sum(kind in one.kinds for one in held)} 次") for kind in _asked(facts)),
        ("平均出席率", attendance(held)),
        ("谈心谈话", talks),
        ("党员学习", _study(facts)),
        ("任务", in_time(facts, facts.tasks)),
        ("党员群众诉求", in_time(facts, facts.concerns)),
        ("问题整改", in_time(facts, facts.rectifications)),
    ]


def _asked(facts: BranchYearFacts) -> list[MeetingKind]:
    """A branch without a committee, or without groups, has no such meetings to count."""
    term = facts.org.term_on(facts.until)
    without = set() if term and term.with_committee else {MeetingKind.COMMITTEE}
    return [
        kind
        for kind in SITTINGS
        if kind not in (without if facts.org.groups else without | {MeetingKind.GROUP})
    ]


def talks_held(facts: BranchYearFacts) -> int:
    return len({one.id for one in facts.talks if facts.in_year(one.held_on)})


def _members(facts: BranchYearFacts) -> str:
    here = facts.members_here()
    full = sum(one.full_on(facts.until) for one in here)
    return f"{len(here)} 名" + (
        f"，其中{MemberStatus.PROBATIONARY.label} {len(here) - full} 名" if len(here) > full else ""
    )


def attendance(held: Iterable[MeetingFacts]) -> str:
    """Of all who were expected; those on whom no demand is made are not."""
    lines = [line for one in held for line in one.roll if line.status is not AttendanceStatus.EXEMPT]
    if not lines:
        return "还没有出席记录"
    present = sum(line.present for line in lines)
    return f"{100 * present // len(lines)}%（应到 {len(lines)} 人次，实到 {present} 人次）"


def _study(facts: BranchYearFacts) -> str:
    hours = sum((one.hours for one in facts.study if facts.in_year(one.studied_on)), Decimal(0))
    people = len(facts.members_here())
    return (
        f"共 {_plain(hours)} 学时，人均 {_plain(hours / people)} 学时"
        if hours and people
        else "还没有学时记录"
    )


def _plain(hours: Decimal) -> str:
    return f"{hours.quantize(Decimal('0.1')):f}".removesuffix(".0")


def in_time(facts: BranchYearFacts, tasks: Iterable[TaskFacts]) -> str:
    """What was due in the year by now."""
    due = [one for one in tasks if not one.cancelled and facts.due(one.due_on, done_on=one.closed_on)]
    done = [one for one in due if one.closed_on is not None and one.closed_on <= facts.until]
    prompt = sum(one.closed_on <= one.due_on for one in done if one.closed_on and one.due_on)
    return f"到期 {len(due)} 件，已办结 {len(done)} 件，按期 {prompt} 件" if due else "没有到期的"
