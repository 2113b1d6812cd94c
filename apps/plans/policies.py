"""Who reads and writes plans: a draft is the committee's own, a filed plan is the whole branch's."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, COMMITTEE, KEEPERS, holds, paths_of, within
from apps.members.models import Member
from apps.plans.models import AnnualPlan, CalendarFeed, FeatureProject, PlanItem, TermGoal
from apps.rules.kinds import OrgKind, PlanState


def own_branch_ids(user: User) -> QuerySet[Any, Any]:
    """The branch on whose roster the person stands."""
    return Member.objects.on_roster().filter(person_id=user.pk).values("branch_id")


def visible_plans(user: User) -> QuerySet[AnnualPlan]:
    filed = within(user, ABOVE) | Q(branch_id__in=own_branch_ids(user))
    return AnnualPlan.objects.filter(within(user, COMMITTEE) | (filed & Q(state=PlanState.FILED)))


def visible_items(user: User) -> QuerySet[PlanItem]:
    return PlanItem.objects.filter(plan__in=visible_plans(user))


def visible_goals(user: User) -> QuerySet[TermGoal]:
    return TermGoal.objects.filter(_of_the_branch(user))


def visible_projects(user: User) -> QuerySet[FeatureProject]:
    return FeatureProject.objects.filter(_of_the_branch(user))


def _of_the_branch(user: User) -> Q:
    return within(user, ABOVE | COMMITTEE) | Q(branch_id__in=own_branch_ids(user))


def branches_with_plans(user: User) -> QuerySet[Organization]:
    """Branches whose goals and project the person reads."""
    reach = within(user, ABOVE | COMMITTEE) | Q(pk__in=own_branch_ids(user))
    return Organization.objects.branches().filter(reach, closed_on__isnull=True).order_by("path")


def branches_to_plan_for(user: User) -> QuerySet[Organization]:
    """Branches for which the person writes."""
    kept = Organization.objects.filter(within(user, KEEPERS), kind=OrgKind.BRANCH, closed_on__isnull=True)
    return kept.order_by("path")


def branches_to_oversee(user: User) -> QuerySet[Organization]:
    below = Organization.objects.branches().filter(within(user, ABOVE), closed_on__isnull=True)
    return below.select_related("parent")


def can_write(user: User) -> bool:
    return bool(paths_of(user, KEEPERS))


def can_oversee(user: User) -> bool:
    return bool(paths_of(user, ABOVE))


def keeps(user: User, branch: Organization) -> bool:
    return holds(user, KEEPERS, branch.path)


def can_change(user: User, row: AnnualPlan | TermGoal | FeatureProject) -> bool:
    return holds(user, KEEPERS, row.path)


def can_file(user: User, plan: AnnualPlan) -> bool:
    return plan.state == PlanState.DRAFT and can_change(user, plan)


def can_report(user: User, item: PlanItem) -> bool:
    """Progress on a filed plan is noted by its keepers and by whoever looks after the item."""
    if item.plan.state != PlanState.FILED:
        return False
    return can_change(user, item.plan) or item.owner_id == user.pk


def can_end(user: User, project: FeatureProject) -> bool:
    return project.ends_on is None and can_change(user, project)


def rights_on(user: User, plan: AnnualPlan) -> dict[str, bool]:
    return {"change": can_change(user, plan), "file": can_file(user, plan)}


def can_subscribe(user: User) -> bool:
    """Everybody who takes part in a branch or stands above one; operators and auditors have no calendar."""
    return not user.is_operator and not user.is_auditor


def feed_in_force(user: User) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(person_id=user.pk, revoked_at__isnull=True).first()
