"""The one place that writes tallies: whole, from the records, in the transaction that changed them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date
from itertools import islice

from django.db import transaction

from apps.branches.facts import override_facts, post_facts, term_facts
from apps.branches.models import Organization
from apps.ledger.models import BranchYear, Standing
from apps.ledger.ring import ring_of
from apps.meetings.facts import generals_held, month_masks
from apps.members.facts import member_facts
from apps.rules.cadences import Override
from apps.rules.facts import MemberFacts, PostFacts, TermFacts
from apps.rules.kinds import OrgKind, PostKind
from apps.rules.talks import rule_in_force
from apps.talks.facts import TalkYear, talk_years
from apps.tasks.facts import earliest_due

BATCH = 500
NOT_UPDATED = {"branch"}


@transaction.atomic
def recount(*, branch_ids: Collection[int], years: Collection[int] = ()) -> None:
    """Rewrite the standing of these branches, and their tallies of these years."""
    branches = list(Organization.objects.filter(pk__in=branch_ids, kind=OrgKind.BRANCH))
    _write_standings(branches)
    for year in set(years):
        _write_years(branches, year=year)


def _write_standings(branches: Collection[Organization]) -> None:
    ids = [branch.pk for branch in branches]
    terms, posts, members = term_facts(ids), post_facts(ids), member_facts(ids)
    generals, dues = generals_held(ids), earliest_due(ids)
    talks, overrides = talk_years(ids), override_facts(branches, since=date.max)
    rows = [
        Standing(
            branch=branch,
            path=branch.path,
            founded_on=branch.founded_on,
            closed_on=branch.closed_on,
            records_since=branch.records_since,
            form=branch.form,
            last_general_on=max(generals[branch.pk], default=None),
            general_ring=ring_of({(day.year, day.month) for day in generals[branch.pk]}),
            earliest_due_on=dues.get(branch.pk),
            revision=uuid.uuid4(),
            **_term_columns(terms.get(branch.pk, [])),
            **_member_columns(members.get(branch.pk, [])),
            **_talk_columns(
                talks.get(branch.pk), members=members.get(branch.pk, []), overrides=overrides[branch.pk]
            ),
            **_secretary_columns(posts.get(branch.pk, []), founded_on=branch.founded_on),
        )
        for branch in branches
    ]
    Standing.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["branch"],
        update_fields=[f.name for f in Standing._meta.concrete_fields if f.name not in NOT_UPDATED],
        batch_size=BATCH,
    )


def _term_columns(terms: list[TermFacts]) -> dict[str, object]:
    if not terms:
        return {}
    last = max(terms, key=lambda term: term.starts_on)
    return {"with_committee": last.with_committee, "term_ends_on": last.up_on}


def _member_columns(members: list[MemberFacts]) -> dict[str, int]:
    here = [member for member in members if member.left_on is None]
    return {
        "all_members": len(here),
        "full_members": sum(member.full_since is not None for member in here),
    }


def _talk_columns(
    talks: TalkYear | None, *, members: list[MemberFacts], overrides: list[Override]
) -> dict[str, int | None]:
    """Of the committees' rules those that hold for good: a tally knows no today."""
    rule = rule_in_force(overrides, on=date.max)
    asked = sum(member.left_on is None for member in members)
    return {
        "talk_year": talks.year if talks else None,
        "talks_reached": talks.reached if talks else 0,
        "talks_asked": asked if rule.with_committee or rule.with_member else 0,
    }


def _secretary_columns(posts: list[PostFacts], *, founded_on: date | None) -> dict[str, date | None]:
    """From which day nobody holds the post of secretary, and from which day somebody will again.

    A branch that never had one is vacant since it was founded (or since ever, where that is not known).
    """
    held = sorted(
        (post for post in posts if post.kind == PostKind.SECRETARY), key=lambda post: post.starts_on
    )
    since = founded_on or date(1921, 7, 1)
    for number, post in enumerate(held):
        if post.ends_on is None:
            gap = number == 0 or post.starts_on > since
            return {"vacant_since": since if gap else None, "filled_from": post.starts_on if gap else None}
        since = max(since, post.ends_on) if number else post.ends_on
    return {"vacant_since": since, "filled_from": None}


def _write_years(branches: Collection[Organization], *, year: int) -> None:
    ids = [branch.pk for branch in branches]
    masks = month_masks(ids, year=year)
    rows = [BranchYear(branch=b, path=b.path, year=year, **masks.get(b.pk, {})) for b in branches]
    BranchYear.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["branch", "year"],
        update_fields=[
            f.name for f in BranchYear._meta.concrete_fields if f.name not in {"id", "branch", "year"}
        ],
        batch_size=BATCH,
    )


def recount_all(*, years: Iterable[int]) -> int:
    """Rebuild every tally, in batches. Returns the number of branches."""
    ids = iter(Organization.objects.branches().values_list("pk", flat=True).order_by("pk"))
    counted, years = 0, tuple(years)
    while batch := list(islice(ids, BATCH)):
        recount(branch_ids=batch, years=years)
        counted += len(batch)
    return counted
