"""Reads of sittings that pages share: the whole record in a fixed number of queries, what a form offers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Func, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField
from django.db.models.expressions import RawSQL

from apps.branches.models import Organization, Post
from apps.meetings.models import (
    Addendum,
    AgendaItem,
    Attachment,
    Attendance,
    Consultation,
    DirectiveConveyed,
    Meeting,
    MeetingPurpose,
    MeetingState,
    Motion,
    Opinion,
    ResolutionTask,
)
from apps.meetings.queries_roll import Expected, committee_of, expected_at, numbers_at, with_names
from apps.members.models import Member
from apps.members.policies import SECRET_FIELDS
from apps.rules.kinds import OrgKind, PostKind
from apps.ui.sql import compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the list of sittings."""

    pk: int
    title: str
    state: MeetingState
    held_on: date
    recorded_at: datetime
    form: str
    held_by: str
    kinds: frozenset[str]


class InOneText(Func):
    """All values of a column, joined by commas."""

    function = "GROUP_CONCAT"

    def as_postgresql(self, *args: Any, **context: Any) -> Any:
        context |= {"function": "STRING_AGG", "template": "%(function)s(%(expressions)s, ',')"}
        return self.as_sql(*args, **context)


@cache
def _kinds() -> RawSQL:
    purposes = MeetingPurpose.objects.filter(meeting_id=OuterRef("pk")).order_by()
    joined = Subquery(purposes.values(joined=InOneText("kind", output_field=TextField())))
    return compiled(Meeting.objects.annotate(kinds=joined), "kinds")


def for_list(meetings: QuerySet[Meeting]) -> QuerySet[Meeting, dict[str, Any]]:
    """The columns that `listed` makes lines of; whole records would take twice the time of the page."""
    names = (f"{way}__{name}" for way in ("branch", "group") for name in ("name", "short_name"))
    shown = meetings.annotate(kinds=_kinds())
    return shown.values("pk", "title", "state", "held_on", "recorded_at", "form", "kinds", *names)


def listed(rows: Iterable[dict[str, Any]]) -> list[Listed]:
    return [
        Listed(
            pk=row["pk"],
            title=row["title"],
            state=MeetingState(row["state"]),
            held_on=row["held_on"],
            recorded_at=row["recorded_at"],
            form=row["form"],
            held_by=_body_of(row),
            kinds=frozenset((row["kinds"] or "").split(",")),
        )
        for row in rows
    ]


def _body_of(row: dict[str, Any]) -> str:
    """Groups of many branches bear the same names."""
    branch = row["branch__short_name"] or row["branch__name"]
    group = row["group__short_name"] or row["group__name"]
    return f"{branch} · {group}" if group else branch


def whole(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Everything that the page and the print of one sitting show."""
    people = ("chair__person", "recorder__person", "lecturer__person", "recorded_by", "closed_by")
    heads = meetings.select_related("branch__parent", "group", "minutes", *people)
    return heads.defer(*numbers_at("chair", "recorder", "lecturer")).prefetch_related(
        "branch__terms",
        "purposes",
        "topics",
        "partners",
        "observers",
        Prefetch("roll", queryset=with_names(Attendance.objects.all())),
        Prefetch("items", queryset=with_parts(AgendaItem.objects.order_by("position"))),
        Prefetch("attachments", queryset=Attachment.objects.select_related("added_by").order_by("pk")),
        Prefetch("conveyed", queryset=DirectiveConveyed.objects.select_related("directive").order_by("pk")),
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


def usual_chair(organization: Organization, *, day: date) -> Member | None:
    """Who was secretary of the branch or leader of the group on the day, where there was one (ZB 11, 14)."""
    kind = PostKind.GROUP_LEADER if organization.kind == OrgKind.GROUP else PostKind.SECRETARY
    posts = Post.objects.current_on(day).filter(organization=organization, kind=kind)
    return Member.objects.filter(person_id__in=posts.values("person_id")).order_by("pk").first()


def people_of(branches: Collection[int]) -> QuerySet[Member]:
    """Members to choose a chair, a speaker or a person in charge from."""
    return _by_name(Member.objects.on_roster().filter(branch_id__in=branches))


def people_at(meeting: Meeting) -> QuerySet[Member]:
    """The same for one sitting: also who was there, or is named already, and has left the branch since."""
    members = Member.objects.filter(branch_id=meeting.branch_id)
    named = [pk for pk in (meeting.chair_id, meeting.recorder_id, meeting.lecturer_id) if pk]
    there = Q(pk__in=named) | Q(pk__in=meeting.roll.values("member_id"))
    return _by_name(members.on_roster() | members.filter(there))


def _by_name(members: QuerySet[Member]) -> QuerySet[Member]:
    return members.select_related("person").defer(*SECRET_FIELDS).order_by("person__pinyin", "pk")


def has_committee(branch: Organization, *, day: date) -> bool:
    """Whether the branch had a committee on the day: by its term or, where none is entered, its posts."""
    term = branch.terms.filter(starts_on__lte=day).order_by("-starts_on", "-pk").first()
    return term.with_committee if term else bool(committee_of(branch, day=day))


def called_to(meeting: Meeting) -> list[Expected]:
    """Who is expected at a sitting, from the roster as it stood on its day."""
    return expected_at(
        branch=meeting.branch, group=meeting.group, kinds=kinds_of(meeting), held_on=meeting.held_on
    )
