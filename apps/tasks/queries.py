"""Reads of tasks that pages share."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from apps.accounts.models import User
from apps.branches.models import Organization, Post, below
from apps.rules.kinds import FEEDBACK_KINDS, MembershipState, NoteKind, OrgKind, TaskKind
from apps.tasks.models import Assignment, Directive, Task, TaskNote, TaskState


def for_list(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("organization", "owner", "assignment")


def with_details(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """For the page of one task, and for ledgers: also what its kind adds."""
    kinds = ("concern", "rectification", "directive", "assignment__organization")
    return for_list(tasks).select_related(*kinds)


def for_ledger(tasks: QuerySet[Task], *, kind: TaskKind) -> QuerySet[Task]:
    """Tasks of a kind with its own columns, and the latest line of progress."""
    lines = TaskNote.objects.filter(task=OuterRef("pk"), kind=NoteKind.PROGRESS).order_by("-pk")
    whole = for_list(tasks).filter(**{"kind": kind, f"{kind}__isnull": False}).select_related(kind)
    return whole.annotate(latest=Subquery(lines.values("text")[:1]))


def with_progress(assignments: QuerySet[Assignment], *, today: date) -> QuerySet[Assignment]:
    """Each assignment with how many branches it went to, have done it, and are late."""
    late = Q(tasks__state=TaskState.OPEN, tasks__due_on__lt=today)
    return assignments.select_related("organization").annotate(
        sent=Count("tasks"),
        done=Count("tasks", filter=Q(tasks__state=TaskState.DONE)),
        late=Count("tasks", filter=late),
        reported=Count("tasks", filter=Q(tasks__state=TaskState.REPORTED)),
    )


def with_feedback(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Each task with the latest line of feedback of its branch."""
    lines = TaskNote.objects.filter(task=OuterRef("pk"), kind__in=FEEDBACK_KINDS).order_by("-pk")
    return for_list(tasks).annotate(
        feedback=Subquery(lines.values("text")[:1]), feedback_kind=Subquery(lines.values("kind")[:1])
    )


def progress_counts(tasks: QuerySet[Task], *, today: date) -> dict[str, int]:
    """How many branches stand where with an assignment; the late ones are among the open and returned."""
    is_open, returned = Q(state=TaskState.OPEN), ~Q(return_reason="")
    return tasks.aggregate(
        all=Count("pk"),
        open=Count("pk", filter=is_open & ~returned),
        returned=Count("pk", filter=is_open & returned),
        reported=Count("pk", filter=Q(state=TaskState.REPORTED)),
        accepted=Count("pk", filter=Q(state=TaskState.DONE)),
        late=Count("pk", filter=is_open & Q(due_on__lt=today)),
    )


def for_directives(directives: QuerySet[Directive]) -> QuerySet[Directive]:
    return directives.select_related("organization", "circular")


def people_of(organization: Organization, *, today: date, kept: int | None = None) -> QuerySet[User]:
    """Who can be made responsible: the members of a branch, or those with a post at a committee.

    `kept` is the person who already is: a task is not taken from somebody who left by editing its words.
    """
    if organization.kind in (OrgKind.BRANCH, OrgKind.GROUP):
        here = below(organization.path, column="member__path") & Q(member__state=MembershipState.ACTIVE)
    else:
        in_office = Post.objects.current_on(today).filter(organization=organization)
        here = Q(pk__in=in_office.values("person"))
    return User.objects.filter(here | Q(pk=kept)).order_by("pinyin", "pk")


def branches_below(organization: Organization) -> QuerySet[Organization]:
    """Standing branches of a subtree."""
    inside = Organization.objects.branches().under(organization.path)
    return inside.filter(closed_on__isnull=True).order_by("path")


def bodies_below(organization: Organization) -> QuerySet[Organization]:
    """Committees and general branches under an organization, to assign to all branches of one of them."""
    inside = Organization.objects.under(organization.path).exclude(pk=organization.pk)
    return inside.exclude(kind__in=[OrgKind.BRANCH, OrgKind.GROUP]).filter(closed_on=None).order_by("path")
