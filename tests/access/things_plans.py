"""What of plans, goals and the calendar feed stands in one place."""

from typing import Any

from apps.branches.models import Organization
from apps.members.models import Member
from tests.plans.makers import make_goal, make_item, make_plan, make_project


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    filed = make_plan(branch, created_by=member.person)
    draft = make_plan(branch, year=2027, filed_on=None, created_by=member.person)
    return {
        "plan": {"pk": filed.pk},
        "draft_plan": {"pk": draft.pk},
        "plan_item": {"pk": make_item(filed).pk},
        "goal": {"pk": make_goal(branch, created_by=member.person).pk},
        "project": {"pk": make_project(branch, created_by=member.person).pk},
    }
