"""Sittings as plain values for the rules and the ledger; many branches cost what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, Max, Q
from django.db.models.functions import ExtractMonth

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
    """What `ledger.BranchYear` keeps of each branch, from its closed sittings of one year. Three queries."""
    found = {pk: dict.fromkeys((*MASKS.values(), *COUNTS), 0) for pk in branch_ids}
    held = (
        MeetingPurpose.objects.filter(_closed_in(year, branch_ids=found, at="meeting__"), kind__in=MASKS)
        .annotate(month=ExtractMonth("meeting__held_on"))
        .order_by()
        .values_list("meeting__branch_id", "kind", "month")
        .distinct()
    )
    for branch_id, kind, month in held:
        found[branch_id][MASKS[MeetingKind(kind)]] |= 1 << (month - 1)
    sittings = Meeting.objects.filter(_closed_in(year, branch_ids=found)).order_by()
    for branch_id, count in sittings.values_list("branch_id").annotate(Count("pk")):
        found[branch_id]["sittings"] = count
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


def last_general(branch_ids: Collection[int]) -> dict[int, date | None]:
    """The day of the last filed assembly of each branch; None where there is none. One query."""
    found: dict[int, date | None] = dict.fromkeys(branch_ids)
    rows = (
        Meeting.objects.filter(
            branch_id__in=list(found), state=MeetingState.CLOSED, purposes__kind=MeetingKind.GENERAL
        )
        .order_by()
        .values_list("branch_id")
        .annotate(Max("held_on"))
    )
    return found | dict(rows)


def general_months(branch_ids: Collection[int]) -> dict[int, set[tuple[int, int]]]:
    """The (year, month) pairs in which each branch closed an assembly. One query."""
    rows = (
        MeetingPurpose.objects.filter(
            kind=MeetingKind.GENERAL, meeting__branch_id__in=branch_ids, meeting__state=MeetingState.CLOSED
        )
        .values_list("meeting__branch_id", "meeting__held_on__year", "meeting__held_on__month")
        .distinct()
    )
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for branch_id, year, month in rows:
        found[branch_id].add((year, month))
    return found
