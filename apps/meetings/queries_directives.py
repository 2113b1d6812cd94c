"""Documents from above with where they were conveyed and how far they are carried out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, DateField, Exists, Min, OuterRef, Q, QuerySet, Subquery

from apps.branches.models import Organization
from apps.meetings.models import DirectiveConveyed, Meeting, MeetingState
from apps.tasks.models import Directive, TaskState

WAITING = (MeetingState.PLANNED, MeetingState.OPEN)
#: Sittings further back are hardly those at which a new document was conveyed.
LOOK_BACK = timedelta(days=400)


class ToConvey(NamedTuple):
    """A document that is to be conveyed soon; `pending` when a sitting for it is planned or not filed yet."""

    pk: int
    title: str
    convey_by: date
    pending: bool


def with_progress(directives: QuerySet[Directive]) -> QuerySet[Directive]:
    """Each with the first filed sitting (`conveyed_on`), whether one waits to be filed, and its tasks.

    Only a filed sitting counts: until then nobody can say who was there.
    """
    links = DirectiveConveyed.objects.filter(directive=OuterRef("pk"))
    filed = links.filter(meeting__state=MeetingState.CLOSED).order_by("meeting__held_on", "meeting_id")
    standing = ~Q(tasks__state=TaskState.CANCELLED)
    return directives.select_related("organization", "circular").annotate(
        conveyed_on=Subquery(filed.values("meeting__held_on")[:1], output_field=DateField()),
        conveyed_title=Subquery(filed.values("meeting__title")[:1]),
        pending=Exists(links.filter(meeting__state__in=WAITING)),
        task_count=Count("tasks", filter=standing),
        done_on=Min("tasks__closed_on", filter=Q(tasks__state=TaskState.DONE)),
    )


def to_convey(branch: Organization, *, until: date) -> list[ToConvey]:
    """What has to be conveyed by that day and was not yet; the earliest first. One query."""
    links = DirectiveConveyed.objects.filter(directive=OuterRef("pk"))
    rows = Directive.objects.standing().filter(organization_id=branch.pk, convey_by__lte=until)
    waiting = rows.exclude(Exists(links.filter(meeting__state=MeetingState.CLOSED)))
    marked = waiting.annotate(pending=Exists(links.filter(meeting__state__in=WAITING)))
    shown = marked.order_by("convey_by", "pk").values_list("pk", "title", "convey_by", "pending")
    return [ToConvey(pk, title, day or until, pending) for pk, title, day, pending in shown[:20]]


def sittings_for(directive: Directive, *, today: date) -> QuerySet[Meeting]:
    """Sittings of the whole branch at which the document can be (or was) conveyed, the latest first."""
    since = max(directive.received_on, today - LOOK_BACK)
    rows = Meeting.objects.filter(branch_id=directive.organization_id, group=None, held_on__gte=since)
    linked = directive.conveyings.values("meeting_id")
    return rows.exclude(state=MeetingState.CANCELLED).exclude(pk__in=linked).order_by("-held_on", "-pk")


def directives_for(meeting: Meeting) -> QuerySet[Directive]:
    """Documents of the branch that were received by this sitting's day and are not conveyed yet."""
    filed = DirectiveConveyed.objects.filter(directive=OuterRef("pk"), meeting__state=MeetingState.CLOSED)
    rows = Directive.objects.standing().filter(
        organization_id=meeting.branch_id, received_on__lte=meeting.held_on, convey_by__isnull=False
    )
    here = meeting.conveyed.values("directive_id")
    return rows.exclude(pk__in=here).exclude(Exists(filed)).order_by("convey_by", "pk")


def conveyings_of(directive: Directive) -> Iterable[DirectiveConveyed]:
    rows = directive.conveyings.select_related("meeting__branch", "meeting__group", "added_by")
    return rows.order_by("meeting__held_on", "pk")
