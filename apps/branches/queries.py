"""Reads of the tree that pages and facts share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from apps.branches.models import PATH_STEP, Organization, Post, RuleOverride, Term
from apps.rules.kinds import PostKind
from apps.ui.forms import LONGEST_CHOICE

#: Who answers for an organization of each level.
HEADS = (PostKind.SECRETARY, PostKind.COMMITTEE_SECRETARY, PostKind.GROUP_LEADER)


def ancestors(organization: Organization) -> QuerySet[Organization]:
    """From the root down to and including the organization itself."""
    steps = range(PATH_STEP, len(organization.path) + 1, PATH_STEP)
    return Organization.objects.filter(path__in=[organization.path[:end] for end in steps]).order_by("path")


def choices_for(organizations: QuerySet[Organization], *, known: int = 0) -> list[tuple[int, str]] | None:
    """Keys and names for a select; None where there are too many, as far as `known` without even asking."""
    if known > LONGEST_CHOICE:
        return None
    rows = list(organizations.values_list("pk", "short_name", "name")[: LONGEST_CHOICE + 1])
    return [(pk, short or name) for pk, short, name in rows] if len(rows) <= LONGEST_CHOICE else None


def with_leaders(organizations: QuerySet[Organization], *, today: date) -> QuerySet[Organization]:
    """Each organization with `secretary_name` and `term_ends` of today (empty where there is none)."""
    secretary = (
        Post.objects.current_on(today)
        .filter(organization=OuterRef("pk"), kind__in=HEADS)
        .order_by("-starts_on", "-pk")
    )
    term = Term.objects.filter(organization=OuterRef("pk"), starts_on__lte=today).order_by(
        "-starts_on", "-pk"
    )
    return organizations.select_related("parent").annotate(
        secretary_name=Subquery(secretary.values("person__name")[:1]),
        term_ends=Subquery(term.values("ends_on")[:1]),
        term_extended=Subquery(term.values("extended_to")[:1]),
    )


def current_posts(organization: Organization, *, today: date) -> QuerySet[Post]:
    """Posts of the organization itself and, for a branch, of its groups, in order of rank."""
    return (
        Post.objects.current_on(today)
        .filter(
            Q(organization=organization) | Q(organization__parent=organization, kind=PostKind.GROUP_LEADER)
        )
        .select_related("person", "organization")
        .order_by("starts_on", "pk")
    )


def past_posts(organization: Organization, *, today: date) -> QuerySet[Post]:
    return (
        Post.objects.filter(organization=organization, ends_on__lte=today)
        .select_related("person", "organization")
        .order_by("-ends_on", "-pk")
    )


def overrides_since(day: date, *, paths: Iterable[str]) -> QuerySet[RuleOverride]:
    """Overrides in force on `day` or later of the organizations from the root down to any of `paths`."""
    steps = {path[:end] for path in paths for end in range(PATH_STEP, len(path) + 1, PATH_STEP)}
    # Databases limit the number of parameters; beyond that all overrides are read, there are few.
    rows = RuleOverride.objects.all() if len(steps) > 500 else RuleOverride.objects.filter(path__in=steps)
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)).order_by("path", "valid_from")


def term_of(organization: Organization, *, today: date) -> Term | None:
    """The latest term that has begun."""
    return organization.terms.filter(starts_on__lte=today).order_by("-starts_on", "-pk").first()


def children_with_leaders(organization: Organization, *, today: date) -> QuerySet[Organization]:
    """What stands directly below, each with the name of its secretary or leader."""
    leader = (
        Post.objects.current_on(today)
        .filter(
            organization=OuterRef("pk"),
            kind__in=HEADS,
        )
        .order_by("-starts_on", "-pk")
    )
    children = organization.children.open_on(today).order_by("path")
    return children.annotate(leader_name=Subquery(leader.values("person__name")[:1]))
