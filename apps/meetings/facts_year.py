"""Everything that the measures are told of sittings: for many branches in as many queries as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.meetings.models import (
    AgendaItem,
    Attendance,
    Consultation,
    Meeting,
    MeetingPurpose,
    MeetingState,
    MeetingTopic,
    Motion,
    Opinion,
    Partner,
)
from apps.rules.facts_records import ConsultationFacts, ItemFacts, MeetingFacts, MotionFacts, RollFacts
from apps.rules.kinds import (
    ActivityForm,
    AttendanceStatus,
    ConsultationKind,
    ItemNature,
    Matter,
    MeetingKind,
    PartnerKind,
    Topic,
)
from apps.rules.voting import VoteState

COLUMNS = (
    "pk",
    "branch_id",
    "group_id",
    "held_on",
    "state",
    "recorded_at",
    "chair_id",
    "recorder_id",
    "place",
    "lecturer_id",
    "form",
    "public_participants",
    "near_copy_of_id",
    "minutes__summary",
)


@dataclass
class _Parts:
    """What hangs on the sittings, by their id (what hangs on an item: by the item's)."""

    kinds: dict[int, set[MeetingKind]] = field(default_factory=lambda: defaultdict(set))
    topics: dict[int, set[Topic]] = field(default_factory=lambda: defaultdict(set))
    partners: dict[int, set[PartnerKind]] = field(default_factory=lambda: defaultdict(set))
    roll: dict[int, list[RollFacts]] = field(default_factory=lambda: defaultdict(list))
    items: dict[int, list[ItemFacts]] = field(default_factory=lambda: defaultdict(list))


def meeting_facts(
    branch_ids: Collection[int], *, since: date, until: date
) -> dict[int, tuple[MeetingFacts, ...]]:
    """Sittings held from `since` up to, without, `until`, filed or still being recorded. Ten queries."""
    held = Q(
        branch_id__in=list(branch_ids),
        held_on__gte=since,
        held_on__lt=until,
        state__in=[MeetingState.OPEN, MeetingState.CLOSED],
    )
    meetings = Meeting.objects.filter(held)
    parts = _parts(meetings.order_by().values("pk"))
    found: dict[int, list[MeetingFacts]] = defaultdict(list)
    for row in meetings.order_by("held_on", "pk").values(*COLUMNS):
        found[row["branch_id"]].append(_meeting(row, parts=parts))
    return {branch_id: tuple(sittings) for branch_id, sittings in found.items()}


def _meeting(row: dict[str, Any], *, parts: _Parts) -> MeetingFacts:
    pk = row["pk"]
    items = tuple(parts.items[pk])
    written = bool(items) or bool((row["minutes__summary"] or "").strip())
    recorded: datetime = row["recorded_at"]
    return MeetingFacts(
        id=pk,
        held_on=row["held_on"],
        kinds=frozenset(parts.kinds[pk]),
        group_id=row["group_id"],
        closed=row["state"] == MeetingState.CLOSED,
        complete=written and all(row[name] for name in ("chair_id", "recorder_id", "place")),
        # Beginning the record of a planned sitting sets this moment anew (open_meeting).
        entered_on=timezone.localtime(recorded).date(),
        near_copy_of=row["near_copy_of_id"],
        chair_id=row["chair_id"],
        lecturer_id=row["lecturer_id"],
        form=ActivityForm(row["form"]) if row["form"] else None,
        topics=frozenset(parts.topics[pk]),
        partners=frozenset(parts.partners[pk]),
        public_participants=row["public_participants"],
        roll=tuple(parts.roll[pk]),
        items=items,
    )


def _parts(meetings: QuerySet[Meeting, Any]) -> _Parts:
    parts, of_these = _Parts(), {"meeting_id__in": meetings}
    for pk, kind in MeetingPurpose.objects.filter(**of_these).values_list("meeting_id", "kind"):
        parts.kinds[pk].add(MeetingKind(kind))
    for pk, topic in MeetingTopic.objects.filter(**of_these).values_list("meeting_id", "topic"):
        parts.topics[pk].add(Topic(topic))
    for pk, kind in Partner.objects.filter(**of_these).values_list("meeting_id", "kind"):
        parts.partners[pk].add(PartnerKind(kind))
    lines = Attendance.objects.filter(**of_these).order_by("pk")
    for pk, member, status, vote, seat in lines.values_list(
        "meeting_id", "member_id", "status", "has_vote", "on_committee"
    ):
        line = RollFacts(member_id=member, status=AttendanceStatus(status), has_vote=vote, on_committee=seat)
        parts.roll[pk].append(line)
    _read_items(parts, AgendaItem.objects.filter(**of_these))
    return parts


def _read_items(parts: _Parts, rows: QuerySet[AgendaItem]) -> None:
    of_these = {"item_id__in": rows.order_by().values("pk")}
    speakers: dict[int, set[int]] = defaultdict(set)
    for pk, member in Opinion.objects.filter(**of_these).values_list("item_id", "member_id"):
        speakers[pk].add(member)
    motions = _motions(Motion.objects.filter(**of_these))
    consultations = _consultations(Consultation.objects.filter(**of_these))
    columns = ("meeting_id", "pk", "position", "nature", "is_major", "resolution")
    for meeting, pk, position, nature, major, resolution in rows.order_by("position").values_list(*columns):
        parts.items[meeting].append(
            ItemFacts(
                id=pk,
                position=position,
                nature=ItemNature(nature),
                is_major=major,
                decided=bool(resolution.strip()),
                opinions_by=frozenset(speakers[pk]),
                motions=tuple(motions[pk]),
                consultations=tuple(consultations[pk]),
            )
        )


def _motions(rows: QuerySet[Motion]) -> dict[int, list[MotionFacts]]:
    columns = (
        "item_id",
        "pk",
        "matter",
        "entitled",
        "present",
        "votes_for",
        "written_for",
        "needed",
        "state",
        "previous_id",
    )
    found: dict[int, list[MotionFacts]] = defaultdict(list)
    read = list(rows.order_by("pk").values_list(*columns))
    replaced = {row[-1] for row in read}
    for item, pk, matter, entitled, present, votes, written, needed, state, _ in read:
        found[item].append(
            MotionFacts(
                id=pk,
                matter=Matter(matter),
                entitled=entitled,
                present=present,
                in_favour=votes + written,
                needed=needed,
                state=VoteState(state),
                replaced=pk in replaced,
            )
        )
    return found


def _consultations(rows: QuerySet[Consultation]) -> dict[int, list[ConsultationFacts]]:
    asked: dict[int, set[int]] = defaultdict(set)
    through = Consultation.members.through.objects.filter(consultation__in=rows.order_by().values("pk"))
    for consultation, member in through.values_list("consultation_id", "member_id"):
        asked[consultation].add(member)
    found: dict[int, list[ConsultationFacts]] = defaultdict(list)
    for item, pk, kind, held_on in _in_order(rows):
        found[item].append(
            ConsultationFacts(
                id=pk, kind=ConsultationKind(kind), held_on=held_on, member_ids=frozenset(asked[pk])
            )
        )
    return found


def _in_order(rows: QuerySet[Consultation]) -> Iterable[tuple[int, int, str, date]]:
    return rows.order_by("held_on", "pk").values_list("item_id", "pk", "kind", "held_on")
