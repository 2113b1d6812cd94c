"""Rows of plans for tests: valid by default, every field can be named."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from apps.branches.models import Organization
from apps.plans.models import AnnualPlan, FeatureProgress, FeatureProject, PlanItem, TermGoal
from apps.rules.branch_year import bits
from apps.rules.kinds import PlanState
from tests import factories
from tests.conftest import NOW, TODAY


def made(branch: Organization, **fields: Any) -> dict[str, Any]:
    fields.setdefault("created_by", None)
    fields["created_by"] = fields["created_by"] or factories.make_user()
    return {
        "branch": branch,
        "path": branch.path,
        "created_at": NOW,
        "idempotency_key": uuid.uuid4(),
        **fields,
    }


def make_plan(
    branch: Organization, *, year: int = 2026, filed_on: date | None = date(2026, 1, 20), **fields: Any
) -> AnnualPlan:
    state = PlanState.FILED if filed_on else PlanState.DRAFT
    return AnnualPlan.objects.create(year=year, state=state, filed_on=filed_on, **made(branch, **fields))


def make_item(plan: AnnualPlan, *months: int, **fields: Any) -> PlanItem:
    fields.setdefault("title", "红色教育基地参观")
    return PlanItem.objects.create(plan=plan, months=bits(*(months or (5,))), **fields)


def make_goal(branch: Organization, **fields: Any) -> TermGoal:
    fields.setdefault("title", "建成党员活动室")
    fields.setdefault("due_year", 2027)
    return TermGoal.objects.create(term=branch.terms.first(), **made(branch, **fields))


def make_project(
    branch: Organization, *, with_quarters: Sequence[tuple[int, int]] = (), **fields: Any
) -> FeatureProject:
    fields.setdefault("title", "党员帮办")
    fields.setdefault("why", "帮老人跑腿办事")
    fields.setdefault("starts_on", date(2026, 2, 10))
    project = FeatureProject.objects.create(**made(branch, **fields))
    for year, quarter in with_quarters:
        FeatureProgress.objects.create(
            project=project,
            year=year,
            quarter=quarter,
            text="走访",
            written_by=project.created_by,
            written_on=TODAY,
            idempotency_key=uuid.uuid4(),
        )
    return project
