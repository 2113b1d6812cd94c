"""Polls in the admin panel, to look at, in an organizer's subtree: no roll, no ballots, no keys, no votes."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.ballots import policies
from apps.ballots.models import Poll
from apps.branches.admin import ORGANIZER, SubtreeAdmin, UnderFilter
from apps.branches.policies import within
from apps.ui.admin import plain

AUTHOR = plain("created_by", label="起草人")
TELLERS = (plain("teller_one", label="计票人"), plain("teller_two", label="监票人"))


@admin.register(Poll)
class PollAdmin(SubtreeAdmin):
    list_display = ("title", "branch", "purpose", "mode", "state", "opened_on", "closes_on")
    list_filter = ("state", "purpose", "mode", UnderFilter)
    search_fields = ("title", "branch__name", "branch__short_name")
    search_help_text = "标题或党支部"
    date_hierarchy = "closes_on"
    ordering = ("-closes_on", "-pk")
    fields = (
        "title",
        "branch",
        "purpose",
        "mode",
        "electorate",
        "state",
        "opened_on",
        "closes_on",
        "threshold",
        "text_threshold",
        *TELLERS,
        "roll_count",
        "roll_hash",
        AUTHOR,
        "created_at",
    )
    readonly_fields = (*TELLERS, AUTHOR)

    def visible(self, user: User) -> QuerySet[Poll]:
        """Whoever counts somewhere else does so on the product's pages."""
        mine = policies.visible_polls(user).filter(within(user, ORGANIZER))
        return mine.select_related("branch", "teller_one__person", "teller_two__person", "created_by")

    def view_on_site(self, obj: Poll) -> str:
        return reverse("ballots:detail", args=[obj.pk])
