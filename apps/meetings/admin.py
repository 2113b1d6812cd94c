"""Sittings in the admin panel: an organizer looks them up in the subtree, without any text of minutes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from apps.branches.admin import ORGANIZER, SubtreeAdmin
from apps.branches.policies import within
from apps.meetings.models import Meeting


@admin.register(Meeting)
class MeetingAdmin(SubtreeAdmin):
    list_display = ["held_on", "title", "branch", "group", "state"]
    list_display_links = ["title"]
    list_filter = ["state", "purposes__kind"]
    search_fields = ["title", "place", "branch__name", "branch__short_name"]
    list_select_related = ["branch", "group"]
    ordering = ["-held_on", "-pk"]
    fields = [
        "title",
        "branch",
        "group",
        "state",
        "held_on",
        "starts_at",
        "ends_at",
        "for_year",
        "place",
        "closed_at",
        "cancel_reason",
    ]

    def visible(self, user: Any) -> QuerySet[Meeting]:
        return Meeting.objects.filter(within(user, ORGANIZER))
