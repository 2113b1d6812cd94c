"""Cycles, their branches and rounds in the admin panel, for an organizer to read; the pages do the rest."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.admin import ORGANIZER, SubtreeAdmin, UnderFilter
from apps.branches.policies import within
from apps.evaluations import policies
from apps.evaluations.models import BranchEvaluation, Cycle, Round
from apps.ui.admin import plain

AUTHOR, REPORTER = plain("created_by", label="起草人"), plain("reported_by", label="提交人")


@admin.register(Cycle)
class CycleAdmin(SubtreeAdmin):
    list_display = ("title", "year", "organization", "state", "opened_on", "published_on")
    list_filter = ("year", "state", UnderFilter)
    search_fields = ("title",)
    search_help_text = "名称"
    ordering = ("-year", "-pk")
    fields = (
        *("organization", "year", "title", "notice", "state"),
        *("report_by", "appraisal_by", "review_by", "objection_by", "publish_by"),
        *("reviewers_needed", "weighted", "opened_on", "published_on", "rule_version", AUTHOR),
    )
    readonly_fields = ("opened_on", "published_on", "rule_version", AUTHOR)

    def visible(self, user: User) -> QuerySet[Cycle]:
        mine = policies.visible_cycles(user).filter(within(user, ORGANIZER))
        return mine.select_related("organization", "created_by")

    def view_on_site(self, obj: Cycle) -> str:
        return reverse("evaluations:cycle_detail", args=[obj.pk])


@admin.register(BranchEvaluation)
class BranchEvaluationAdmin(SubtreeAdmin):
    """Without the grade, which stands on the page of the result for whoever may know it."""

    list_display = ("branch", "cycle", "state", "reported_on", "published_on")
    list_filter = ("state", "cycle__year", UnderFilter)
    search_fields = ("branch__name", "branch__short_name")
    search_help_text = "党支部"
    ordering = ("-cycle__year", "path", "pk")
    fields = (
        *("cycle", "branch", "state", "left_out_reason", "reported_on", REPORTER, "report_on_paper"),
        *("return_reason", "told_on", "published_on"),
    )
    readonly_fields = (REPORTER,)

    def visible(self, user: User) -> QuerySet[BranchEvaluation]:
        mine = policies.visible_evaluations(user).filter(within(user, ORGANIZER))
        return mine.select_related("cycle", "branch", "reported_by")

    def view_on_site(self, obj: BranchEvaluation) -> str:
        return reverse("evaluations:branch", args=[obj.pk])


@admin.register(Round)
class RoundAdmin(SubtreeAdmin):
    """Nothing that anybody wrote."""

    list_display = ("__str__", "branch", "state", "meeting_by", "closed_on")
    list_filter = ("year", "state", UnderFilter)
    search_fields = ("branch__name", "branch__short_name")
    search_help_text = "党支部"
    ordering = ("-year", "-pk")
    fields = ("branch", "year", "state", "starts_on", "self_by", "meeting_by", "with_grades", "closed_on")

    def visible(self, user: User) -> QuerySet[Round]:
        return Round.objects.filter(within(user, ORGANIZER)).select_related("branch")
