"""Reads of members that pages and services share."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization, Post, below
from apps.members.models import Member, RosterImport
from apps.rules.kinds import OrgKind

T = TypeVar("T")

#: Decrypting so many ID numbers takes a fifth of a second; beyond that a search by them is not offered.
MOST_NUMBERS = 10_000
LAST_DIGITS = 4
BATCH = 500
SHOWN_DEEDS = 100
YEAR = timedelta(days=366)


def for_list(members: QuerySet[Member]) -> QuerySet[Member]:
    """With the names that a list shows, without the encrypted columns that it does not."""
    return members.select_related("person", "branch", "group").defer("id_number", "landline", "address")


def with_names(members: QuerySet[Member]) -> QuerySet[Member]:
    return members.select_related("person", "branch", "group")


def named_like(members: QuerySet[Member], text: str) -> QuerySet[Member]:
    """By name, by pinyin or by its initials."""
    word = "".join(text.split())
    latin = word.lower()
    return members.filter(
        Q(person__name__contains=word)
        | Q(person__pinyin__startswith=latin)
        | Q(person__initials__startswith=latin)
    )


def ids_ending_in(members: QuerySet[Member], digits: str) -> list[int] | None:
    """Members whose ID number ends in `digits`, read within this scope only; None when too large."""
    rows = list(
        members.exclude(id_index=None).only("pk", "id_number", "vault_id").order_by("pk")[: MOST_NUMBERS + 1]
    )
    if len(rows) > MOST_NUMBERS:
        return None
    return [member.pk for member in rows if str(member.id_number).upper().endswith(digits.upper())]


def groups_of(branch: Organization) -> QuerySet[Organization]:
    return branch.children.filter(kind=OrgKind.GROUP, closed_on__isnull=True).order_by("path")


def branches_in(path: str) -> QuerySet[Organization]:
    return Organization.objects.branches().under(path).filter(closed_on__isnull=True).order_by("path")


def groups_in(path: str) -> QuerySet[Organization]:
    groups = Organization.objects.under(path).filter(kind=OrgKind.GROUP, closed_on__isnull=True)
    return groups.select_related("parent").order_by("path")


def members_in(path: str) -> QuerySet[Member]:
    """Everybody ever entered below this path, with the names that comparison needs."""
    return with_names(Member.objects.filter(below(path)))


def members_by_index(indexes: Collection[str]) -> dict[str, Member]:
    """Blind index → member, anywhere in the system."""
    found: dict[str, Member] = {}
    for batch in batches(sorted(indexes)):
        rows = with_names(Member.objects.filter(id_index__in=batch))
        found.update({str(member.id_index): member for member in rows})
    return found


def batches(values: Iterable[T]) -> Iterable[list[T]]:
    """Databases limit the number of parameters of one query."""
    whole = list(values)
    return (whole[start : start + BATCH] for start in range(0, len(whole), BATCH))


def people_without_record(path: str, *, today: date) -> dict[tuple[int, str], User]:
    """(branch, name) → a person who holds a post there today but has no Party record yet.

    Accounts are opened and posts given before the first roster is read; that roster then completes the
    same people instead of doubling them. A name that occurs twice in a branch is left out.
    """
    posts = (
        Post.objects.current_on(today)
        .filter(below(path, column="organization__path"), person__member__isnull=True)
        .filter(organization__kind__in=[OrgKind.BRANCH, OrgKind.GROUP])
        .select_related("person", "organization")
    )
    found: dict[tuple[int, str], User] = {}
    doubled = set()
    for post in posts:
        branch_id = post.organization_id if post.organization.is_branch else post.organization.parent_id
        key = (branch_id or 0, post.person.name)
        if found.setdefault(key, post.person) != post.person:
            doubled.add(key)
    return {key: person for key, person in found.items() if key not in doubled}


def rows_of(roster: RosterImport, verdict: str = "") -> QuerySet:
    rows = roster.rows.order_by("line")
    return rows.filter(verdict=verdict) if verdict else rows


def recent_imports(imports: QuerySet[RosterImport]) -> QuerySet[RosterImport]:
    return imports.select_related("organization", "uploaded_by", "job").order_by("-pk")


def is_unverified(member: Member, *, today: date) -> bool:
    return member.verified_on is None or member.verified_on < today - YEAR


def electable_in(organization: Organization) -> QuerySet[Member]:
    """Members on the roster of a branch or of a group, by name, for a select."""
    inside = Member.objects.active().filter(below(organization.path))
    return inside.select_related("person").order_by("person__pinyin", "pk")
