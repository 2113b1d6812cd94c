"""One annual plan as everybody who may read it sees it, with the sittings that meet its items."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.plans import policies
from apps.plans.models import PlanItem
from apps.ui import clock
from apps.workbench.queries_plans import plan_page


def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(policies.visible_plans(request.user).select_related("branch"), pk=pk)

    def may_report(item: PlanItem) -> bool:
        return policies.can_report(request.user, item)

    page = plan_page(plan, today=clock.today(), may_report=may_report)
    context = {"page": page, "plan": plan, "may": policies.rights_on(request.user, plan)}
    return render(request, "workbench/plan.html", context)
