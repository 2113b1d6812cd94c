"""Who reviews how many branches, where somebody is still missing, and what one reviewer can be given."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from apps.branches.models import Organization, Post, below
from apps.branches.policies import ABOVE
from apps.evaluations.models import BranchEvaluation, Cycle, Reviewer, Seat
from apps.evaluations.policies import UNDECIDED
from apps.evaluations.queries_cycles import conflicts_of, reviewers_of, seats_of
from apps.rules.kinds import PostKind

#: A list to search; in a larger tree the others are named by their login.
MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class Load:
    """A reviewer with how many branches he has, and how many of them he has handed in."""

    reviewer: Reviewer
    seats: int
    handed_in: int


def loads_of(cycle: Cycle) -> list[Load]:
    """Two queries."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    rows = Seat.objects.filter(evaluation__cycle=cycle, recused_on__isnull=True)
    for reviewer_id, handed_in_on in rows.values_list("reviewer_id", "handed_in_on"):
        counts[reviewer_id][0] += 1
        counts[reviewer_id][1] += handed_in_on is not None
    return [Load(one, *counts[one.pk]) for one in reviewers_of(cycle)]


def gaps_of(cycle: Cycle) -> list[BranchEvaluation]:
    """Branches for which a reviewer is still to be found, in the order of the tree."""
    rows = BranchEvaluation.objects.filter(cycle=cycle, state__in=UNDECIDED).select_related("branch")
    seats = Seat.objects.filter(evaluation__cycle=cycle, recused_on__isnull=True).order_by()
    taken = dict(seats.values_list("evaluation").annotate(count=Count("pk")))
    return [row for row in rows.order_by("path") if taken.get(row.pk, 0) < cycle.reviewers_needed]


def people_to_name(organization: Organization, *, today: date) -> list[tuple[int, str]]:
    """Those above and secretaries in the subtree today, each with the post that tells him apart.

    Whoever else is to review is named by his login.
    """
    rows = Post.objects.current_on(today).filter(below(organization.path, column="organization__path"))
    rows = rows.filter(kind__in=ABOVE | {PostKind.SECRETARY}).select_related("person", "organization")
    found: dict[int, str] = {}
    for post in rows.order_by("person__pinyin", "person_id", "pk")[:MOST_PEOPLE]:
        words = f"{post.person.name}（{post.organization}{post.get_kind_display()}）"
        found.setdefault(post.person_id, words)
    return list(found.items())


def seats_to_offer(reviewer: Reviewer, *, today: date) -> dict[str, Any]:
    """All branches under way; why he keeps out of some, who has others already, and which are his."""
    rows = BranchEvaluation.objects.filter(cycle=reviewer.cycle, state__in=UNDECIDED)
    evaluations = list(rows.select_related("branch").order_by("path"))
    branches = [one.branch for one in evaluations]
    year = reviewer.cycle.year
    conflicts = conflicts_of([reviewer.person_id], branches, year=year, today=today)
    seats = seats_of([one.pk for one in evaluations])
    barred = {
        one.pk: conflicts[reviewer.person_id, one.branch_id]
        for one in evaluations
        if (reviewer.person_id, one.branch_id) in conflicts
    }
    recused = Seat.objects.filter(reviewer=reviewer, recused_on__isnull=False)
    barred |= {seat.evaluation_id: f"已退出评审：{seat.recusal_reason}" for seat in recused}
    held = [pk for pk, mine in seats.items() if any(seat.reviewer_id == reviewer.pk for seat in mine)]
    others = {
        pk: "、".join(str(seat.reviewer.person) for seat in mine if seat.reviewer_id != reviewer.pk)
        for pk, mine in seats.items()
    }
    return {"evaluations": evaluations, "barred": barred, "held": held, "others": others}
