"""Sittings as plain values for the rules and the ledger; many branches cost what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, Q

from apps.meetings.models import Attendance, Meeting, MeetingPurpose, MeetingState, MeetingTopic, Partner
from apps.rules.facts import SittingFacts
from apps.rules.facts_worklog import ActivityFacts, StudyFacts
from apps.rules.kinds import AttendanceStatus, MeetingKind, PartnerKind, Topic
from apps.rules.kinds_worklog import StudyCategory

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


def study_lines(branch_ids: Collection[int], *, since: date, until: date) -> dict[int, list[StudyFacts]]:
    """Hours of filed sittings for those who were present, under the branch where the member is today.

    What is neither a lecture nor political study but about the central work counts as professional; organized
    life is otherwise study of theory. At most three queries.
    """
    rolls = Attendance.objects.filter(
        _filed(since=since, until=until, at="meeting__"),
        member__branch_id__in=branch_ids,
        status=AttendanceStatus.PRESENT,
        meeting__class_hours__gt=0,
    )
    central = set(
        MeetingTopic.objects.filter(
            topic=Topic.CENTRAL_WORK, meeting__in=rolls.values("meeting")
        ).values_list("meeting_id", flat=True)
    )
    theory = Q(meeting__purposes__kind=MeetingKind.LECTURE) | Q(meeting__topics__topic=Topic.POLITICAL_STUDY)
    central -= set(rolls.filter(theory, meeting__in=central).values_list("meeting_id", flat=True))
    columns = ("member__branch_id", "member_id", "meeting_id", "meeting__held_on", "meeting__class_hours")
    found: dict[int, list[StudyFacts]] = defaultdict(list)
    for branch_id, member_id, pk, held_on, hours in rolls.order_by("meeting__held_on", "pk").values_list(
        *columns
    ):
        found[branch_id].append(
            StudyFacts(
                member_id=member_id,
                held_on=held_on,
                category=StudyCategory.PROFESSIONAL if pk in central else StudyCategory.THEORY,
                hours=hours,
                source_id=pk,
                from_sitting=True,
            )
        )
    return found


def activity_facts(
    branch_ids: Collection[int], *, since: date, until: date
) -> dict[int, list[ActivityFacts]]:
    """Filed sittings with partners, themes, the public's part and hours. Three queries."""
    held = Meeting.objects.filter(_filed(since=since, until=until), branch_id__in=branch_ids)
    partners: dict[int, set[PartnerKind]] = defaultdict(set)
    for pk, kind in Partner.objects.filter(meeting__in=held).values_list("meeting_id", "kind"):
        partners[pk].add(PartnerKind(kind))
    topics: dict[int, set[Topic]] = defaultdict(set)
    for pk, topic in MeetingTopic.objects.filter(meeting__in=held).values_list("meeting_id", "topic"):
        topics[pk].add(Topic(topic))
    columns = ("pk", "branch_id", "held_on", "title", "public_participants", "class_hours")
    found: dict[int, list[ActivityFacts]] = defaultdict(list)
    for pk, branch_id, held_on, title, public, hours in held.order_by("held_on", "pk").values_list(*columns):
        found[branch_id].append(
            ActivityFacts(
                id=pk,
                held_on=held_on,
                title=title,
                partners=frozenset(partners[pk]),
                topics=frozenset(topics[pk]),
                public_participants=public,
                class_hours=hours,
            )
        )
    return found


def _filed(*, since: date, until: date, at: str = "") -> Q:
    """Closed sittings of a span; `at` is the way to the meeting from another row."""
    return Q(**{f"{at}state": MeetingState.CLOSED, f"{at}held_on__gte": since, f"{at}held_on__lt": until})
