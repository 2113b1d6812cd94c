"""Reads of tasks that pages share."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization, Post, below
from apps.rules.kinds import MembershipState, OrgKind
from apps.tasks.models import Assignment, Task, TaskState


def for_list(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("organization", "owner", "assignment")


def with_progress(assignments: QuerySet[Assignment], *, today: date) -> QuerySet[Assignment]:
    """Each assignment with how many branches it went to, have done it, and are late."""
    late = Q(tasks__state=TaskState.OPEN, tasks__due_on__lt=today)
    return assignments.select_related("organization").annotate(
        sent=Count("tasks"),
        done=Count("tasks", filter=Q(tasks__state=TaskState.DONE)),
        late=Count("tasks", filter=late),
    )


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
