"""Who takes which document: the same people as read the page that it is made of."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, COMMITTEE, KEEPERS, holds, paths_of, within
from apps.members.policies import EXPORTERS
from apps.rules.kinds import PostKind


def can_list(user: User) -> bool:
    return bool(paths_of(user, ABOVE | COMMITTEE))


def branches_to_list(user: User) -> QuerySet[Organization]:
    """The own branch for its committee, those below for people above."""
    seen = Organization.objects.branches().filter(within(user, ABOVE | COMMITTEE))
    return seen.select_related("parent").order_by("path")


def can_take_talks(user: User, branch: Organization) -> bool:
    """Who talked with whom is for those who may know the facts (security.md 4.2)."""
    return holds(user, KEEPERS | {PostKind.DISCIPLINE}, branch.path)


def can_take_mobile(user: User, branch: Organization) -> bool:
    """With telephone numbers in it, though masked: as the export of the roster."""
    return holds(user, EXPORTERS, branch.path)


def can_take_voting(user: User, branch: Organization) -> bool:
    """Who has no vote, and why: illness and discipline among the reasons, so as the export of the roster."""
    return holds(user, EXPORTERS, branch.path)


def can_take(user: User, branch: Organization) -> bool:
    return holds(user, ABOVE | COMMITTEE, branch.path)
