"""Rows become facts: all that the rules are told of one branch or of many, in a fixed number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from django.db.models import BigIntegerField, F, Func, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left, Length

from apps.branches.facts import excuse_facts, group_facts, override_facts, post_facts, term_facts
from apps.branches.models import Organization, RuleOverride
from apps.ledger.models import Standing
from apps.meetings.facts import sitting_facts
from apps.members.facts import member_facts
from apps.rules.facts import OrgFacts
from apps.rules.kinds import BranchForm, OrgKind
from apps.rules.talks import Next, coverage, in_year, rule_in_force, still_to_come
from apps.talks.facts import Waiting, talk_facts, talkers, waiting
from apps.ui.sql import compiled


def org_facts(branches: Sequence[Organization], *, since: date) -> list[OrgFacts]:
    """The branches with terms, posts, groups, members, excuses, and their sittings from `since` on."""
    ids = [branch.pk for branch in branches]
    terms, posts, groups = term_facts(ids), post_facts(ids), group_facts(ids)
    excuses, members = excuse_facts(ids), member_facts(ids)
    sittings = sitting_facts(ids, since=since, until=date.max)
    return [
        OrgFacts(
            id=branch.pk,
            name=str(branch),
            kind=OrgKind(branch.kind),
            form=BranchForm(branch.form) if branch.form else None,
            is_village=branch.is_village,
            founded_on=branch.founded_on,
            closed_on=branch.closed_on,
            records_since=branch.records_since,
            terms=tuple(terms.get(branch.pk, ())),
            posts=tuple(posts.get(branch.pk, ())),
            groups=tuple(groups.get(branch.pk, ())),
            members=tuple(members.get(branch.pk, ())),
            sittings=tuple(sittings.get(branch.pk, ())),
            excuses=tuple(excuses.get(branch.pk, ())),
        )
        for branch in branches
    ]


def with_marks(branches: QuerySet[Organization]) -> QuerySet[Organization]:
    """Branches that bring along by what one knows whether anything changed: see `marks_of`."""
    return branches.annotate(**_marks())


@cache
def _marks() -> dict[str, RawSQL]:
    revision = Standing.objects.filter(branch_id=OuterRef("pk")).values("revision")[:1]
    above = RuleOverride.objects.filter(path=Left(OuterRef("path"), Length("path"))).order_by()
    # Every new rule and every change of one, or of the organization that it is named after, makes it larger.
    grows = F("pk") * 1_000_000 + F("version") + F("organization__version")
    rules = above.values(total=Func(grows, function="SUM", output_field=BigIntegerField()))
    marked = Organization.objects.annotate(revision=Subquery(revision), rules=Subquery(rules))
    return {name: compiled(marked, name) for name in ("revision", "rules")}


def marks_of(branch: Organization) -> tuple[uuid.UUID | None, int | None]:
    """New with every change of the branch's records, and of the local rules that bear on it."""
    if "revision" not in branch.__dict__:
        branch = with_marks(Organization.objects.filter(pk=branch.pk)).get()
    return branch.__dict__["revision"], branch.__dict__["rules"]


def revision_of(branch: Organization) -> uuid.UUID | None:
    """New with every change of the branch's records; None where it has no tally yet."""
    return marks_of(branch)[0]


@lru_cache(maxsize=512)
def _kept(branch_id: int, revision: uuid.UUID, *, since: date) -> OrgFacts:  # noqa: ARG001 - part of the key
    return org_facts([Organization.objects.get(pk=branch_id)], since=since)[0]


def kept_facts(branch: Organization, *, since: date) -> OrgFacts:
    """The facts of one branch, kept in memory until its records change (then the revision is another)."""
    revision = revision_of(branch)
    if revision is None:
        return org_facts([branch], since=since)[0]
    return _kept(branch.pk, revision, since=since)


@dataclass(frozen=True, kw_only=True)
class TalkStand:
    """How far a branch is with its talks this year. Who reads which part of it is for the page to decide."""

    asked: int
    done: int
    next: tuple[Next, ...]
    waiting: Waiting


def talk_stand(branch: Organization, *, today: date) -> TalkStand:
    """Kept in memory until the branch's records, the rules in force, or the day change."""
    revision, rules = marks_of(branch)
    return _talk_stand(branch.pk, revision or uuid.uuid4(), rules=rules, today=today)


@lru_cache(maxsize=512)
def _talk_stand(
    branch_id: int,
    revision: uuid.UUID,  # noqa: ARG001 - part of the key
    *,
    rules: int | None,  # noqa: ARG001 - part of the key
    today: date,
) -> TalkStand:
    """Seven queries, once for each change of the branch."""
    branch = Organization.objects.get(pk=branch_id)
    people = talkers([branch_id], on=today).get(branch_id, [])
    held = talk_facts([branch_id], since=date(today.year, 1, 1), until=date(today.year + 1, 1, 1))
    rule = rule_in_force(override_facts([branch], since=today)[branch_id], on=today)
    cover = coverage(people, in_year(held.get(branch_id, []), today.year), rule=rule)
    return TalkStand(
        asked=cover.asked,
        done=cover.done,
        next=still_to_come(cover)[:3],
        waiting=waiting([branch_id], today=today)[branch_id],
    )
