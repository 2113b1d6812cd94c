"""Reads of sittings that pages share: the whole record in a fixed number of queries, what a form offers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Prefetch, QuerySet

from apps.branches.models import Organization, Post
from apps.meetings.models import (
    Addendum,
    AgendaItem,
    Attachment,
    Attendance,
    Consultation,
    Meeting,
    MeetingState,
    Motion,
    Opinion,
    ResolutionTask,
)
from apps.meetings.queries_roll import Expected, committee_of, expected_at, numbers_at, with_names
from apps.members.models import Member
from apps.members.policies import SECRET_FIELDS
from apps.rules.kinds import OrgKind, PostKind


def for_list(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return meetings.select_related("branch", "group").prefetch_related("purposes")


def whole(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Everything that the page and the print of one sitting show."""
    people = ("chair__person", "recorder__person", "lecturer__person", "recorded_by", "closed_by")
    heads = meetings.select_related("branch__parent", "group", "minutes", *people)
    return heads.defer(*numbers_at("chair", "recorder", "lecturer")).prefetch_related(
        "purposes",
        "topics",
        "partners",
        "observers",
        Prefetch("roll", queryset=with_names(Attendance.objects.all())),
        Prefetch("items", queryset=with_parts(AgendaItem.objects.order_by("position"))),
        Prefetch("attachments", queryset=Attachment.objects.select_related("added_by").order_by("pk")),
        Prefetch("addenda", queryset=Addendum.objects.select_related("written_by").order_by("pk")),
    )


def with_parts(items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """Agenda items with what was said, talked over, voted and set as a task."""
    opinions = Opinion.objects.select_related("member__person").defer(*numbers_at("member"))
    consulted = Member.objects.select_related("person").defer(*SECRET_FIELDS)
    talks = Consultation.objects.prefetch_related(Prefetch("members", queryset=consulted))
    motions = Motion.objects.select_related("subject__person").defer(*numbers_at("subject"))
    tasks = ResolutionTask.objects.select_related("task__owner")
    return items.prefetch_related(
        Prefetch("opinions", queryset=opinions.order_by("pk")),
        Prefetch("consultations", queryset=talks.order_by("held_on", "pk")),
        Prefetch("motions", queryset=motions.prefetch_related("candidates").order_by("pk")),
        Prefetch("resolution_tasks", queryset=tasks.order_by("pk")),
    )


def kinds_of(meeting: Meeting) -> list[str]:
    """The purposes of a sitting, in the order in which they were prefetched or stored."""
    return [purpose.kind for purpose in meeting.purposes.all()]


def same_day_sitting(
    *,
    branch: Organization,
    group: Organization | None,
    held_on: date,
    kinds: Collection[str],
    but: int | None = None,
) -> Meeting | None:
    """A sitting of the same body on the same day that serves one of the same purposes."""
    return (
        Meeting.objects.filter(branch=branch, group=group, held_on=held_on, purposes__kind__in=kinds)
        .exclude(state=MeetingState.CANCELLED)
        .exclude(pk=but or 0)
        .order_by("pk")
        .first()
    )


def branch_of(organization: Organization) -> Organization:
    """The branch itself, or the branch that a group belongs to."""
    return organization.parent or organization if organization.kind == OrgKind.GROUP else organization


def last_place(organization: Organization) -> str:
    """Where the body sat last."""
    sittings = Meeting.objects.filter(path=organization.path).exclude(place="")
    return sittings.order_by("-held_on", "-pk").values_list("place", flat=True).first() or ""


def usual_chair(organization: Organization, *, today: date) -> Member | None:
    """The secretary of the branch or the leader of the group, where there is one (ZB 11, 14)."""
    kind = PostKind.GROUP_LEADER if organization.kind == OrgKind.GROUP else PostKind.SECRETARY
    posts = Post.objects.current_on(today).filter(organization=organization, kind=kind)
    return Member.objects.filter(person_id__in=posts.values("person_id")).order_by("pk").first()


def people_of(branches: Collection[int]) -> QuerySet[Member]:
    """Members to choose a chair, a speaker or a person in charge from."""
    return (
        Member.objects.on_roster()
        .filter(branch_id__in=branches)
        .select_related("person")
        .defer(*SECRET_FIELDS)
        .order_by("person__pinyin", "pk")
    )


def has_committee(branch: Organization, *, day: date) -> bool:
    """Whether the branch had a committee on the day: by its term or, where none is entered, its posts."""
    term = branch.terms.filter(starts_on__lte=day).order_by("-starts_on", "-pk").first()
    return term.with_committee if term else bool(committee_of(branch, day=day))


def called_to(meeting: Meeting) -> list[Expected]:
    """Who is expected at a sitting, from the roster as it stood on its day."""
    return expected_at(
        branch=meeting.branch, group=meeting.group, kinds=kinds_of(meeting), held_on=meeting.held_on
    )
