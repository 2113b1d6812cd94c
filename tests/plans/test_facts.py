"""What the measures are told of plans, goals and feature projects."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.plans.facts import plan_facts
from apps.rules.facts_plans import FeatureFacts, GoalFacts, PlanFacts
from apps.rules.kinds import MeetingKind, Progress
from tests.plans.makers import make_goal, make_item, make_plan, make_project


def test_a_branch_with_everything_and_one_with_nothing(cast) -> None:
    plan = make_plan(cast.ours)
    by_month = make_item(plan, 2, 4, meeting_kind="lecture")
    by_day = make_item(plan, 5, due_on=date(2026, 5, 4), state=Progress.DONE, done_on=date(2026, 5, 3))
    goal = make_goal(cast.ours, due_year=2026)
    make_goal(cast.ours, due_year=2027)
    make_item(make_plan(cast.sibling, filed_on=None))
    project = make_project(cast.ours, with_quarters=[(2026, 2)])
    found = plan_facts([cast.ours.pk, cast.sibling.pk], year=2026)
    assert found[cast.sibling.pk] == PlanFacts(branch_id=cast.sibling.pk, year=2026)
    assert found[cast.ours.pk] == PlanFacts(
        branch_id=cast.ours.pk,
        year=2026,
        filed_on=date(2026, 1, 20),
        items=(
            GoalFacts(
                id=by_month.pk,
                due_on=date(2026, 4, 30),
                state=Progress.NOT_STARTED,
                months=0b1010,
                meeting_kind=MeetingKind.LECTURE,
            ),
            GoalFacts(
                id=by_day.pk,
                due_on=date(2026, 5, 4),
                state=Progress.DONE,
                done_on=date(2026, 5, 3),
                months=0b10000,
            ),
        ),
        term_goals=(GoalFacts(id=goal.pk, due_on=date(2026, 12, 31), state=Progress.NOT_STARTED),),
        features=(FeatureFacts(id=project.pk, starts_on=date(2026, 2, 10), quarters=frozenset({(2026, 2)})),),
    )


def test_many_branches_cost_what_one_costs(cast) -> None:
    def cost(*branches) -> int:
        with CaptureQueriesContext(connection) as captured:
            plan_facts([branch.pk for branch in branches], year=2026)
        return len(captured)

    for branch in (cast.ours, cast.sibling, cast.elsewhere):
        make_item(make_plan(branch))
        make_goal(branch, due_year=2026)
        make_project(branch)
    assert cost(cast.ours) == cost(cast.ours, cast.sibling, cast.elsewhere) == 5
