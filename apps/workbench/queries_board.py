"""The organizer's page: branches that need a call today, and why. Exceptions, never a ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.branches.facts import override_of
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, overrides_affecting, visible_organizations, within
from apps.ledger.models import Standing
from apps.ledger.queries import ASSEMBLY, NONE, Versions, cadence_for, standing_facts, with_urgency
from apps.rules.cadences import Cadence, Override, cadences_in_force
from apps.rules.exceptions import Concern, exceptions
from apps.rules.kinds import OrgKind
from apps.tasks.facts import overdue_counts

#: Columns of the branch and of the organization above it that a row of the board does without.
NOT_SHOWN = [
    f"{way}__{field.attname}"
    for way, shown in (
        ("branch", {"id", "name", "short_name", "form", "parent_id", "contact_name", "contact_phone"}),
        ("branch__parent", {"id", "name", "short_name"}),
    )
    for field in Organization._meta.concrete_fields
    if field.attname not in shown
]
#: Beyond this many organizations to choose from, only the committees are offered.
LONGEST_CHOICE = 60


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    standing: Standing
    concerns: tuple[Concern, ...]


def assembly_versions(user: User, *, today: date) -> Versions:
    """The rule of the assembly as it stands in each part of the person's tree today."""
    rows = overrides_affecting(user).filter(code=ASSEMBLY).select_related("organization")
    overrides = [(row.path, override_of(row)) for row in rows]
    paths = ["", *sorted({path for path, item in overrides if item.in_force_on(today)})]
    return [
        (path, _assembly([item for at, item in overrides if path.startswith(at)], today)) for path in paths
    ]


def _assembly(overrides: Sequence[Override], today: date) -> Cadence:
    return next(item for item in cadences_in_force(today, overrides) if item.code == ASSEMBLY)


def standings_in_reach(user: User) -> QuerySet[Standing]:
    rows = Standing.objects.filter(within(user, ABOVE)).select_related("branch__parent")
    return rows.defer(*NOT_SHOWN)


def parents_to_choose(user: User) -> QuerySet[Organization]:
    """Organizations to narrow the board to: those above branches."""
    above = visible_organizations(user).exclude(kind__in=[OrgKind.BRANCH, OrgKind.GROUP]).order_by("path")
    if len(above.values_list("pk")[: LONGEST_CHOICE + 1]) > LONGEST_CHOICE:
        return above.exclude(kind=OrgKind.GENERAL_BRANCH)
    return above


def needing_help(user: User, *, versions: Versions, today: date) -> QuerySet[Standing]:
    """Standings in reach with a concern, annotated with the `urgency` of the first."""
    rows = with_urgency(standings_in_reach(user), versions=versions, today=today)
    return rows.filter(urgency__lt=NONE)  # type: ignore[misc]  # annotated by with_urgency


def explained(standings: Sequence[Standing], *, versions: Versions, today: date) -> list[BoardRow]:
    """The rules' words for the rows of one page. One query, for the number of late tasks."""
    overdue = overdue_counts([row.branch_id for row in standings], today=today)
    facts = standing_facts(standings, versions=versions, overdue=overdue, today=today)
    return [
        BoardRow(
            standing=row,
            concerns=exceptions(
                facts[row.branch_id], cadences=[cadence_for(row.path, versions=versions)], today=today
            ),
        )
        for row in standings
    ]
