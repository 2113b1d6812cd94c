"""Terms, posts, groups, excuses and local rules as plain values; many branches cost what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from apps.branches.models import Excuse, Organization, Post, RuleOverride, Term
from apps.branches.queries import overrides_since
from apps.rules.cadences import Override
from apps.rules.facts import ExcuseFacts, GroupFacts, PostFacts, TermFacts
from apps.rules.kinds import OrgKind, Period, PostKind


def term_facts(branch_ids: Collection[int]) -> dict[int, list[TermFacts]]:
    found: dict[int, list[TermFacts]] = defaultdict(list)
    for term in Term.objects.filter(organization_id__in=branch_ids).order_by("starts_on"):
        found[term.organization_id].append(
            TermFacts(
                id=term.pk,
                number=term.number,
                starts_on=term.starts_on,
                ends_on=term.ends_on,
                extended_to=term.extended_to,
                with_committee=term.with_committee,
            )
        )
    return found


def post_facts(branch_ids: Collection[int]) -> dict[int, list[PostFacts]]:
    """Past and present posts of the branches themselves (group leaders belong to their groups)."""
    found: dict[int, list[PostFacts]] = defaultdict(list)
    rows = Post.objects.filter(organization_id__in=branch_ids).select_related("person").order_by("starts_on")
    for post in rows:
        found[post.organization_id].append(
            PostFacts(
                kind=PostKind(post.kind),
                person_id=post.person_id,
                person_name=post.person.name,
                starts_on=post.starts_on,
                ends_on=post.ends_on,
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


def override_of(row: RuleOverride) -> Override:
    return Override(
        code=row.code,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        reason=row.reason,
        by_name=str(row.organization),
        depth=len(row.path),
        min_count=row.min_count,
        applies=row.applies,
        period=Period(row.period) if row.period else None,
    )


def override_facts(branches: Iterable[Organization], *, since: date) -> dict[int, list[Override]]:
    """For each branch the local rules from the root down to it, in force on `since` or later. One query."""
    branches = list(branches)
    rows = [(row.path, override_of(row)) for row in overrides_since(since, paths=[b.path for b in branches])]
    return {b.pk: [override for path, override in rows if b.path.startswith(path)] for b in branches}
