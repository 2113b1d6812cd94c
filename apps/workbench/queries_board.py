"""The organizer's page: branches that need a call today, and why. Exceptions, never a ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.branches.facts import overrides_of
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, overrides_affecting, visible_organizations, within
from apps.ledger.models import Standing
from apps.ledger.queries import (
    ASSEMBLY,
    NONE,
    Versions,
    cadence_for,
    gravest,
    standing_facts,
    with_urgency,
)
from apps.rules.cadences import Cadence, Override, cadences_in_force
from apps.rules.exceptions import Concern, exceptions
from apps.rules.kinds import BranchForm, OrgKind
from apps.tasks.facts import overdue_counts
from apps.workbench.policies import sees_many

#: What a row of the board tells of the branch and of the organization above it.
OF_BRANCH = [
    f"branch__{name}"
    for name in ("name", "short_name", "contact_name", "contact_phone", "parent__name", "parent__short_name")
]
OF_STANDING = [field.attname for field in Standing._meta.concrete_fields if field.attname != "revision"]


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    pk: int
    name: str
    parent: str
    form: str
    members: int
    contact: str
    concerns: tuple[Concern, ...]


def assembly_versions(user: User, *, today: date) -> Versions:
    """The rule of the assembly as it stands in each part of the person's tree today."""
    overrides = overrides_of(overrides_affecting(user).filter(code=ASSEMBLY))
    paths = ["", *sorted({path for path, item in overrides if item.in_force_on(today)})]
    return [
        (path, _assembly(tuple(item for at, item in overrides if path.startswith(at)), today))
        for path in paths
    ]


@lru_cache(maxsize=256)
def _assembly(overrides: tuple[Override, ...], today: date) -> Cadence:
    return next(item for item in cadences_in_force(today, overrides) if item.code == ASSEMBLY)


def parents_above(user: User) -> QuerySet[Organization]:
    """Organizations to narrow the board to: those above branches."""
    return (
        visible_organizations(user)
        .filter(kind__in=[OrgKind.COMMITTEE, OrgKind.GENERAL_BRANCH])
        .order_by("path")
    )


def standings_in_reach(user: User, *, versions: Versions, today: date) -> QuerySet[Standing, dict[str, Any]]:
    """The keys of standings, annotated with the `urgency` of the first concern."""
    in_reach = Standing.objects.filter(within(user, ABOVE))
    rows = with_urgency(in_reach, versions=versions, today=today)
    return rows.values("pk", "urgency")  # type: ignore[misc]  # annotated by with_urgency


def needing_help(
    user: User, *, versions: Versions, today: date
) -> Callable[[QuerySet[Standing]], tuple[QuerySet[Standing], QuerySet[Standing] | None]]:
    """Picks the standings with a concern and, where many are in reach, the gravest of them beside.

    For a large tree these fill the first pages, and to weigh every branch for them would be felt.
    """

    def pick(found: QuerySet[Standing]) -> tuple[QuerySet[Standing], QuerySet[Standing] | None]:
        grave = gravest(found, versions=versions, today=today) if sees_many(user) else None
        return found.filter(urgency__lt=NONE), grave  # type: ignore[misc]  # annotated by with_urgency

    return pick


def explained(branch_ids: Sequence[int], *, versions: Versions, today: date) -> list[BoardRow]:
    """The rules' words for the branches of one page. One query, and one for late tasks."""
    rows = {row.branch_id: row for row in _rows_of(branch_ids)}
    late = [pk for pk, row in rows.items() if row.earliest_due_on and row.earliest_due_on < today]
    overdue = overdue_counts(late, today=today) if late else {}
    facts = standing_facts(rows.values(), versions=versions, overdue=overdue, today=today)
    return [
        _explained(
            rows[pk],
            concerns=exceptions(
                facts[pk], cadences=[cadence_for(rows[pk].path, versions=versions)], today=today
            ),
        )
        for pk in branch_ids
    ]


def _rows_of(branch_ids: Sequence[int]) -> Iterator[SimpleNamespace]:
    for row in Standing.objects.filter(pk__in=branch_ids).values(*OF_STANDING, *OF_BRANCH):
        yield SimpleNamespace(**row, name=row["branch__short_name"] or row["branch__name"])


def _explained(row: SimpleNamespace, *, concerns: tuple[Concern, ...]) -> BoardRow:
    phone = row.branch__contact_phone
    return BoardRow(
        pk=row.branch_id,
        name=row.name,
        parent=row.branch__parent__short_name or row.branch__parent__name or "",
        form=BranchForm(row.form or BranchForm.ORDINARY).label,
        members=row.all_members,
        contact=f"电话 {row.branch__contact_name} {phone}" if phone else "",
        concerns=concerns,
    )
