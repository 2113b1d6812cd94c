"""Templates of committees in the admin panel: read only, as a file is tried before it is kept."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.admin import SubtreeAdmin, UnderFilter
from apps.documents import policies
from apps.documents.models import UnitTemplate
from apps.ui.admin import plain

UPLOADER = plain("uploaded_by", label="上传人")


@admin.register(UnitTemplate)
class UnitTemplateAdmin(SubtreeAdmin):
    list_display = ("organization", "kind", "number", "state", "file_name", "uploaded_by", "uploaded_at")
    list_filter = ("kind", "state", UnderFilter)
    list_select_related = ("organization", "uploaded_by")
    search_fields = ("organization__name", "organization__short_name", "file_name", "note")
    search_help_text = "党组织、文件名或说明"
    ordering = ("path", "kind", "-number")
    fields = (
        "organization",
        "kind",
        "number",
        "state",
        "file_name",
        "note",
        UPLOADER,
        "uploaded_at",
        "fault",
        "fault_at",
    )
    readonly_fields = (UPLOADER,)

    def visible(self, user: User) -> QuerySet[UnitTemplate]:
        return policies.visible_templates(user)

    def view_on_site(self, obj: UnitTemplate) -> str:  # noqa: ARG002 - all stand on one page
        return reverse("documents:template_list")
