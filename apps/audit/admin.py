from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.audit import policies
from apps.audit.models import Deed
from apps.ui.admin import ScopedAdmin


@admin.register(Deed)
class DeedAdmin(ScopedAdmin):
    """Read only, and for auditors only: everybody else has the page of their own deeds."""

    list_display = ["at", "actor_name", "action_label", "object_label", "reason"]
    list_filter = ["action", "object_type"]
    search_fields = ["actor_name", "object_label", "reason"]
    date_hierarchy = "at"
    fields = [
        "number",
        "at",
        "actor_name",
        "action_label",
        "object_type",
        "object_label",
        "path",
        "reason",
        "changes",
        "ip",
        "previous_hash",
        "hash",
    ]
    readonly_fields = ["action_label"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and policies.can_view_deeds(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return policies.can_view_deeds(request.user) and super().has_view_permission(request, obj)

    def visible(self, user: Any) -> QuerySet[Deed]:
        return policies.visible_deeds(user) if policies.can_view_deeds(user) else Deed.objects.none()

    @admin.display(description="操作", ordering="action")
    def action_label(self, deed: Deed) -> str:
        return deed.action_label
