"""Plans, goals and feature projects as plain values for the measures; many branches cost what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from apps.plans.models import AnnualPlan, FeatureProgress, FeatureProject, PlanItem, TermGoal
from apps.rules.facts_plans import FeatureFacts, GoalFacts, PlanFacts
from apps.rules.kinds import MeetingKind, PlanState, Progress


def plan_facts(branch_ids: Collection[int], *, year: int) -> dict[int, PlanFacts]:
    """One value for every branch asked for, also where there is no plan. Five queries."""
    filed = dict(
        AnnualPlan.objects.filter(branch_id__in=branch_ids, year=year, state=PlanState.FILED).values_list(
            "branch_id", "filed_on"
        )
    )
    items, goals, features = (
        _items(branch_ids, year=year),
        _goals(branch_ids, year=year),
        _features(branch_ids),
    )
    return {
        pk: PlanFacts(
            branch_id=pk,
            year=year,
            filed_on=filed.get(pk),
            items=tuple(items.get(pk, ())),
            term_goals=tuple(goals.get(pk, ())),
            features=tuple(features.get(pk, ())),
        )
        for pk in branch_ids
    }


def _items(branch_ids: Collection[int], *, year: int) -> dict[int, list[GoalFacts]]:
    rows = PlanItem.objects.filter(
        plan__branch_id__in=branch_ids, plan__year=year, plan__state=PlanState.FILED
    )
    found: dict[int, list[GoalFacts]] = defaultdict(list)
    for item in rows.select_related("plan").order_by("pk"):
        found[item.plan.branch_id].append(
            GoalFacts(
                id=item.pk,
                due_on=item.last_day(year),
                state=Progress(item.state),
                done_on=item.done_on,
                months=item.months,
                meeting_kind=MeetingKind(item.meeting_kind) if item.meeting_kind else None,
            )
        )
    return found


def _goals(branch_ids: Collection[int], *, year: int) -> dict[int, list[GoalFacts]]:
    rows = TermGoal.objects.filter(branch_id__in=branch_ids, due_year=year).order_by("pk")
    found: dict[int, list[GoalFacts]] = defaultdict(list)
    for pk, branch_id, state, done_on in rows.values_list("pk", "branch_id", "state", "done_on"):
        due_on = date(year, 12, 31)
        found[branch_id].append(GoalFacts(id=pk, due_on=due_on, state=Progress(state), done_on=done_on))
    return found


def _features(branch_ids: Collection[int]) -> dict[int, list[FeatureFacts]]:
    quarters: dict[int, set[tuple[int, int]]] = defaultdict(set)
    words = FeatureProgress.objects.filter(project__branch_id__in=branch_ids)
    for project_id, year, quarter in words.values_list("project_id", "year", "quarter"):
        quarters[project_id].add((year, quarter))
    found: dict[int, list[FeatureFacts]] = defaultdict(list)
    rows = FeatureProject.objects.filter(branch_id__in=branch_ids).order_by("starts_on", "pk")
    for pk, branch_id, starts_on, ends_on in rows.values_list("pk", "branch_id", "starts_on", "ends_on"):
        value = FeatureFacts(
            id=pk, starts_on=starts_on, ends_on=ends_on, quarters=frozenset(quarters.get(pk, ()))
        )
        found[branch_id].append(value)
    return found
