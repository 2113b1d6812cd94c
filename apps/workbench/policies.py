"""Which first page is whose."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, COMMITTEE, holds, paths_of, visible_branches
from apps.ledger.facts import with_revision
from apps.meetings.policies import can_plan


def own_branches(user: User) -> QuerySet[Organization]:
    """Branches in whose committee the person sits: usually one."""
    branches = Organization.objects.branches().filter(path__in=paths_of(user, COMMITTEE))
    return with_revision(branches).order_by("path")


def seen_branches(user: User) -> QuerySet[Organization]:
    """Branches whose workbench the person may open: his own, and those below for people above."""
    return with_revision(visible_branches(user)).select_related("parent")


def can_see_board(user: User) -> bool:
    return bool(paths_of(user, ABOVE))


def can_log(user: User, branch: Organization) -> bool:
    """Offers 「记一次」; those above read and do not write."""
    return can_plan(user) and holds(user, COMMITTEE, branch.path)


def sits_on_committee(user: User) -> bool:
    return bool(paths_of(user, COMMITTEE))
