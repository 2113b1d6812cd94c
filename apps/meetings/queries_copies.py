"""Whether the minutes of a sitting are nearly those of an earlier one of the same branch."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q, QuerySet

from apps.meetings.models import AgendaItem, Meeting, MeetingState, Opinion
from apps.rules.near_copies import alike, shingles
from apps.rules.periods import add_months

#: How far back earlier minutes are looked at.
MONTHS_BACK = 36


def near_copy_of(meeting: Meeting) -> Meeting | None:
    """The earliest filed sitting whose minutes this one nearly repeats. Four queries."""
    own = shingles(_texts(Meeting.objects.filter(pk=meeting.pk)).get(meeting.pk, ""))
    if own is None:
        return None
    before = Q(held_on__lt=meeting.held_on) | Q(held_on=meeting.held_on, pk__lt=meeting.pk)
    earlier = Meeting.objects.filter(
        before,
        branch_id=meeting.branch_id,
        state=MeetingState.CLOSED,
        held_on__gte=add_months(meeting.held_on, -MONTHS_BACK),
    )
    texts = _texts(earlier)
    for other in earlier.order_by("held_on", "pk"):
        theirs = shingles(texts.get(other.pk, ""))
        if theirs is not None and alike(own, theirs):
            return other
    return None


def texts_side_by_side(meeting: Meeting, *, other: Meeting) -> tuple[str, str]:
    texts = _texts(Meeting.objects.filter(pk__in=[meeting.pk, other.pk]))
    return texts[meeting.pk].strip(), texts[other.pk].strip()


def _texts(meetings: QuerySet[Meeting]) -> dict[int, str]:
    """What was written of each sitting: its course, discussions, resolutions and opinions."""
    ids = meetings.order_by().values("pk")
    found: dict[int, list[str]] = defaultdict(list)
    for pk, summary in meetings.order_by().values_list("pk", "minutes__summary"):
        found[pk].append(summary or "")
    items = AgendaItem.objects.filter(meeting_id__in=ids).order_by("position")
    for pk, *texts in items.values_list("meeting_id", "discussion", "resolution"):
        found[pk] += texts
    opinions = Opinion.objects.filter(item__meeting_id__in=ids).order_by("pk")
    for pk, text in opinions.values_list("item__meeting_id", "text"):
        found[pk].append(text)
    return {pk: "\n".join(texts) for pk, texts in found.items()}
