"""Terms, posts, groups, excuses and local rules as plain values; many branches cost what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet

from apps.branches.models import Excuse, Organization, Post, RuleOverride, Term
from apps.branches.queries import overrides_since
from apps.rules.cadences import Override
from apps.rules.facts import ExcuseFacts, GroupFacts, PostFacts, TermFacts
from apps.rules.kinds import OrgKind, Period, PostKind


def term_facts(branch_ids: Collection[int]) -> dict[int, list[TermFacts]]:
    found: dict[int, list[TermFacts]] = defaultdict(list)
    columns = ("number", "starts_on", "ends_on", "extended_to", "with_committee")
    terms = Term.objects.filter(organization_id__in=branch_ids).order_by("starts_on")
    for row in terms.values("id", "organization_id", *columns):
        found[row.pop("organization_id")].append(TermFacts(**row))
    return found


def post_facts(branch_ids: Collection[int]) -> dict[int, list[PostFacts]]:
    """Past and present posts of the branches themselves (group leaders belong to their groups)."""
    found: dict[int, list[PostFacts]] = defaultdict(list)
    columns = ("organization_id", "kind", "person_id", "person__name", "starts_on", "ends_on")
    posts = Post.objects.filter(organization_id__in=branch_ids).order_by("starts_on")
    for pk, kind, person_id, name, starts_on, ends_on in posts.values_list(*columns):
        found[pk].append(
            PostFacts(
                kind=PostKind(kind),
                person_id=person_id,
                person_name=name,
                starts_on=starts_on,
                ends_on=ends_on,
            )
        )
    return found


def group_facts(branch_ids: Collection[int]) -> dict[int, list[GroupFacts]]:
    found: dict[int, list[GroupFacts]] = defaultdict(list)
    for group in Organization.objects.filter(parent_id__in=branch_ids, kind=OrgKind.GROUP).order_by("path"):
        found[group.parent_id or 0].append(
            GroupFacts(id=group.pk, name=str(group), founded_on=group.founded_on, closed_on=group.closed_on)
        )
    return found


def excuse_facts(branch_ids: Collection[int]) -> dict[int, list[ExcuseFacts]]:
    found: dict[int, list[ExcuseFacts]] = defaultdict(list)
    for excuse in Excuse.objects.filter(organization_id__in=branch_ids).select_related("decided_by"):
        found[excuse.organization_id].append(
            ExcuseFacts(
                code=excuse.code,
                period_start=excuse.period_start,
                reason=excuse.reason,
                by_name=excuse.decided_by.name,
            )
        )
    return found


def overrides_of(rows: QuerySet[RuleOverride]) -> list[tuple[str, Override]]:
    """Local rules, each with the path that it bears on. One query."""
    names = ("organization__name", "organization__short_name")
    columns = rows.values("path", *OF_OVERRIDE, *names)
    return [
        (
            row["path"],
            Override(
                **{name: row[name] for name in OF_OVERRIDE if name != "period"},
                period=Period(row["period"]) if row["period"] else None,
                by_name=row["organization__short_name"] or row["organization__name"],
                depth=len(row["path"]),
            ),
        )
        for row in columns
    ]


#: The columns of a local rule that the rules are told as they stand.
OF_OVERRIDE = ("code", "valid_from", "valid_to", "reason", "min_count", "applies", "period")


def override_facts(branches: Iterable[Organization], *, since: date) -> dict[int, list[Override]]:
    """For each branch the local rules from the root down to it, in force on `since` or later. One query."""
    branches = list(branches)
    rows = overrides_of(overrides_since(since, paths=[b.path for b in branches]))
    return {b.pk: [override for path, override in rows if b.path.startswith(path)] for b in branches}
