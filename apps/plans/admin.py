"""Filed plans in the admin panel, for an organizer within the subtree; the branch itself writes them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.admin import ORGANIZER, SubtreeAdmin, UnderFilter
from apps.branches.policies import within
from apps.plans import policies, queries
from apps.plans.models import AnnualPlan
from apps.ui.admin import plain

AUTHOR = plain("created_by", label="起草人")


@admin.register(AnnualPlan)
class AnnualPlanAdmin(SubtreeAdmin):
    list_display = ("__str__", "year", "filed_on", "wanted", "done")
    list_filter = ("year", UnderFilter)
    search_fields = ("branch__name", "branch__short_name")
    search_help_text = "党支部"
    ordering = ("-year", "-pk")
    fields = ("branch", "year", "filed_on", "guiding", "goals", "safeguards", "wanted", "done", AUTHOR)
    readonly_fields = ("wanted", "done", AUTHOR)

    def visible(self, user: User) -> QuerySet[AnnualPlan]:
        mine = policies.visible_plans(user).filter(within(user, ORGANIZER))
        return queries.with_counts(mine).select_related("branch", "created_by")

    def view_on_site(self, obj: AnnualPlan) -> str:
        return reverse("workbench:plan_detail", args=[obj.pk])

    @admin.display(description="事项数")
    def wanted(self, plan: Any) -> int:
        return plan.wanted

    @admin.display(description="已登记完成")
    def done(self, plan: Any) -> int:
        return plan.done
