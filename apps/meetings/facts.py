"""Sittings as plain values for the rules and the ledger; many branches cost what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, Q

from apps.meetings.models import Attendance, Meeting, MeetingPurpose, MeetingState
from apps.rules.facts import SittingFacts
from apps.rules.kinds import AttendanceStatus, MeetingKind

#: The column of the branch's year that a kind of sitting fills, one bit a month.
MASKS = {
    MeetingKind.GENERAL: "general_months",
    MeetingKind.COMMITTEE: "committee_months",
    MeetingKind.GROUP: "group_months",
    MeetingKind.THEMED_DAY: "themed_months",
    MeetingKind.LECTURE: "lecture_months",
}
COUNTS = ("sittings", "expected", "present")


def sitting_facts(branch_ids: Collection[int], *, since: date, until: date) -> dict[int, list[SittingFacts]]:
    """Sittings held from `since` up to, without, `until`. One query.

    Closed ones count for a duty; planned and open ones come with `closed` false, so that a page can say that
    one is planned or waits to be filed.
    """
    rows = (
        MeetingPurpose.objects.filter(
            meeting__branch_id__in=branch_ids,
            meeting__held_on__gte=since,
            meeting__held_on__lt=until,
            meeting__state__in=[MeetingState.PLANNED, MeetingState.OPEN, MeetingState.CLOSED],
        )
        .order_by("meeting__held_on", "meeting_id")
        .values_list(
            "meeting_id",
            "meeting__branch_id",
            "meeting__held_on",
            "meeting__group_id",
            "meeting__for_year",
            "meeting__state",
            "kind",
        )
    )
    return _sittings_of(rows)


def _sittings_of(rows: Iterable[tuple]) -> dict[int, list[SittingFacts]]:
    kinds: dict[int, set[MeetingKind]] = defaultdict(set)
    sittings: dict[int, tuple] = {}
    for pk, *sitting, kind in rows:
        sittings[pk] = tuple(sitting)
        kinds[pk].add(MeetingKind(kind))
    found: dict[int, list[SittingFacts]] = defaultdict(list)
    for pk, (branch_id, held_on, group_id, for_year, state) in sittings.items():
        found[branch_id].append(
            SittingFacts(
                id=pk,
                held_on=held_on,
                kinds=frozenset(kinds[pk]),
                group_id=group_id,
                for_year=for_year,
                closed=state == MeetingState.CLOSED,
            )
        )
    return found


def _closed_in(year: int, *, branch_ids: Collection[int], at: str = "") -> Q:
    """Closed sittings of the year; `at` is the way to the meeting from another row."""
    return Q(
        **{
            f"{at}branch_id__in": list(branch_ids),
            f"{at}state": MeetingState.CLOSED,
            f"{at}held_on__gte": date(year, 1, 1),
            f"{at}held_on__lt": date(year + 1, 1, 1),
        }
    )


def month_masks(branch_ids: Collection[int], *, year: int) -> dict[int, dict[str, int]]:
    """What `ledger.BranchYear` keeps of each branch, from its closed sittings of one year. Two queries."""
    found = {pk: dict.fromkeys((*MASKS.values(), *COUNTS), 0) for pk in branch_ids}
    held = Meeting.objects.filter(_closed_in(year, branch_ids=found)).order_by("pk")
    last = 0
    for pk, branch_id, held_on, kind in held.values_list("pk", "branch_id", "held_on", "purposes__kind"):
        found[branch_id]["sittings"] += pk != last
        last = pk
        if kind in MASKS:
            found[branch_id][MASKS[MeetingKind(kind)]] |= 1 << (held_on.month - 1)
    rolls = (
        Attendance.objects.filter(_closed_in(year, branch_ids=found, at="meeting__"))
        .exclude(status=AttendanceStatus.EXEMPT)
        .order_by()
        .values_list("meeting__branch_id")
        .annotate(expected=Count("pk"), present=Count("pk", filter=Q(status=AttendanceStatus.PRESENT)))
    )
    for branch_id, expected, present in rolls:
        found[branch_id] |= {"expected": expected, "present": present}
    return found


def generals_held(branch_ids: Collection[int]) -> dict[int, list[date]]:
    """The days on which each branch held an assembly that is filed, in order. One query."""
    rows = (
        MeetingPurpose.objects.filter(
            kind=MeetingKind.GENERAL, meeting__branch_id__in=branch_ids, meeting__state=MeetingState.CLOSED
        )
        .order_by("meeting__held_on")
        .values_list("meeting__branch_id", "meeting__held_on")
    )
    found: dict[int, list[date]] = defaultdict(list)
    for branch_id, held_on in rows:
        found[branch_id].append(held_on)
    return found
