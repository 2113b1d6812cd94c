"""Who takes which document: the same people as read the page that it is made of."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, COMMITTEE, KEEPERS, holds, is_organizer, paths_of, within
from apps.documents.models import KEPT_FOR, MadeFile, UnitTemplate
from apps.evaluations.policies_round import READERS
from apps.members.policies import EXPORTERS
from apps.rules.kinds import OrgKind, PostKind


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


def can_read_rounds(user: User, branch: Organization) -> bool:
    """What is handed in before 组织生活会, and what comes of it: the branch's committee."""
    return holds(user, COMMITTEE, branch.path)


def can_take_grades(user: User, branch: Organization) -> bool:
    """Each member's grade in 民主评议: as the page of the round."""
    return holds(user, READERS, branch.path)


def can_take_voting(user: User, branch: Organization) -> bool:
    """Who has no vote, and why: illness and discipline among the reasons, so as the export of the roster."""
    return holds(user, EXPORTERS, branch.path)


def can_take(user: User, branch: Organization) -> bool:
    return holds(user, ABOVE | COMMITTEE, branch.path)


def committees_to_bind(user: User) -> QuerySet[Organization]:
    """Whose branches' books a person above may have made in one go: his own committee, and those below it."""
    mine = Organization.objects.filter(
        within(user, ABOVE), kind__in=[OrgKind.COMMITTEE, OrgKind.GENERAL_BRANCH]
    )
    return mine.filter(closed_on__isnull=True).order_by("path")


def can_bind(user: User) -> bool:
    return bool(paths_of(user, ABOVE))


def visible_files(user: User, *, now: datetime) -> QuerySet[MadeFile]:
    """One's own, as long as they are kept and one's post still reaches what they tell of."""
    reach = within(user, ABOVE | COMMITTEE)
    return MadeFile.objects.filter(reach, owner_id=user.pk, made_at__gt=now - KEPT_FOR).order_by("-pk")


ORGANIZER = frozenset({PostKind.ORGANIZER})


def can_manage_templates(user: User) -> bool:
    return is_organizer(user)


def committees_with_templates(user: User) -> QuerySet[Organization]:
    """Which committees' forms the person sets: those that he is organizer of, and those below them."""
    kinds = [OrgKind.COMMITTEE, OrgKind.GENERAL_BRANCH]
    mine = Organization.objects.filter(within(user, ORGANIZER), kind__in=kinds, closed_on__isnull=True)
    return mine.order_by("path")


def visible_templates(user: User) -> QuerySet[UnitTemplate]:
    return UnitTemplate.objects.filter(within(user, ORGANIZER))


def can_change_template(user: User, template: UnitTemplate) -> bool:
    return holds(user, ORGANIZER, template.path)
