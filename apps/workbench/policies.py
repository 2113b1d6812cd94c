"""Which first page is whose."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, COMMITTEE, KEEPERS, holds, paths_of, size_of_reach, visible_branches
from apps.ledger.facts import with_marks
from apps.meetings.policies import can_plan
from apps.rules.kinds import PostKind

MANY = 500


def own_branches(user: User) -> QuerySet[Organization]:
    """Branches in whose committee the person sits: usually one."""
    branches = Organization.objects.branches().filter(path__in=paths_of(user, COMMITTEE))
    return with_marks(branches).order_by("path")


def seen_branches(user: User) -> QuerySet[Organization]:
    """Branches whose workbench the person may open: his own, and those below for people above."""
    return with_marks(visible_branches(user)).select_related("parent")


def can_see_board(user: User) -> bool:
    return bool(paths_of(user, ABOVE))


def sees_many(user: User) -> bool:
    """Whether so many branches are in reach that weighing all of them for one page is felt."""
    return size_of_reach(user) > MANY


def can_log(user: User, branch: Organization) -> bool:
    """Offers 「记一次」; those above read and do not write."""
    return can_plan(user) and holds(user, COMMITTEE, branch.path)


def can_see_talks(user: User, branch: Organization) -> bool:
    """Who in the branch has talked with whom: for those who may know the facts (security.md 4.2)."""
    return holds(user, KEEPERS | {PostKind.DISCIPLINE}, branch.path)


def can_see_must_talks(user: User, branch: Organization) -> bool:
    return holds(user, {PostKind.SECRETARY}, branch.path)


def can_see_system(user: User) -> bool:
    """Accounts and settings are the operator's, who sees no content of a branch."""
    return user.is_operator


def sits_on_committee(user: User) -> bool:
    return bool(paths_of(user, COMMITTEE))


def sits_in(user: User, branch: Organization) -> bool:
    """On the committee of this very branch."""
    return holds(user, COMMITTEE, branch.path)
