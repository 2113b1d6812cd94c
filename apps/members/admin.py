"""Members and imports in the admin panel: an organizer's subtree, no encrypted column, services write."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from apps.accounts.models import User
from apps.branches.admin import SubtreeAdmin, VersionedForm
from apps.branches.policies import within
from apps.members import policies, services
from apps.members.models import Member, RosterImport
from apps.rules.kinds import PostKind
from apps.ui import clock
from apps.ui.admin import plain

CHANGEABLE = tuple(
    name for name in services.FIELDS if name not in policies.SECRET_FIELDS and name not in ("born_on", "sex")
)


PERSON, SENDER = plain("person", label="姓名"), plain("uploaded_by", label="上传人")


@admin.register(Member)
class MemberAdmin(SubtreeAdmin):
    form = VersionedForm
    list_display = ("person", "branch", "group", "status", "state", "admitted_on", "verified_on")
    list_filter = ("status", "state", "is_mobile", "needs_care")
    list_select_related = ("person", "branch", "group")
    search_fields = ("person__name", "person__pinyin", "person__initials")
    search_help_text = "姓名、全拼或简拼"
    ordering = ("person__pinyin", "pk")
    list_per_page = 50
    show_full_result_count = False
    fields = (
        PERSON,
        "branch",
        "group",
        "sex",
        "born_on",
        *CHANGEABLE,
        "state",
        "state_since",
        "verified_on",
        "read_version",
    )
    readonly_fields = (
        PERSON,
        "branch",
        "group",
        "sex",
        "born_on",
        "state",
        "state_since",
        "verified_on",
    )

    def visible(self, user: User) -> QuerySet[Member]:
        return Member.objects.filter(within(user, {PostKind.ORGANIZER}))

    def may_change(self, user: User, obj: Member) -> bool:
        return policies.can_change(user, obj)

    def write(self, request: HttpRequest, obj: Member, *, form: ModelForm, change: bool) -> Member:  # noqa: ARG002
        """Only changes: entering a member asks for more than this form shows."""
        fields: dict[str, Any] = {
            name: form.cleaned_data[name] for name in CHANGEABLE if name in form.cleaned_data
        }
        version = form.cleaned_data["read_version"]
        return services.update_member(
            member=obj, version=version, actor=request.user, today=clock.today(), **fields
        )


@admin.register(RosterImport)
class RosterImportAdmin(SubtreeAdmin):
    list_display = (
        "file_name",
        "organization",
        "uploaded_by",
        "uploaded_at",
        "state",
        "new_count",
        "error_count",
    )
    list_filter = ("state",)
    list_select_related = ("organization", "uploaded_by")
    ordering = ("-pk",)
    fields = (
        "file_name",
        "organization",
        SENDER,
        "uploaded_at",
        "state",
        "message",
        "new_count",
        "changed_count",
        "unchanged_count",
        "error_count",
        "confirmed_at",
    )

    readonly_fields = (SENDER,)

    def visible(self, user: User) -> QuerySet[RosterImport]:
        return RosterImport.objects.filter(within(user, {PostKind.ORGANIZER}))
