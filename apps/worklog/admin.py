"""The registers in the admin panel, read only: a branch keeps them on its own pages."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.admin import ORGANIZER, SubtreeAdmin, UnderFilter
from apps.branches.policies import within
from apps.ui.admin import plain
from apps.worklog import policies
from apps.worklog.models import CareUnit, KeyPost

HOLDER, AUTHOR = plain("holder", label="在岗党员（本支部）"), plain("created_by", label="登记人")


class RegisterAdmin(SubtreeAdmin):
    list_filter: tuple = (UnderFilter,)
    ordering = ("path", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: object | None = None) -> list:  # noqa: ARG002
        return [name for name in self.fields or () if callable(name)]


@admin.register(KeyPost)
class KeyPostAdmin(RegisterAdmin):
    list_display = ("title", "branch", "area", "since", "until")
    list_filter = ("area", UnderFilter)
    list_select_related = ("branch",)
    search_fields = ("title", "branch__name", "branch__short_name")
    search_help_text = "岗位或党支部"
    fields = ("title", "branch", "area", HOLDER, "holder_name", "since", "until", AUTHOR, "withdrawn_on")

    def visible(self, user: User) -> QuerySet[KeyPost]:
        mine = policies.visible_key_posts(user).filter(within(user, ORGANIZER))
        return mine.select_related("branch", "holder__person", "created_by")

    def view_on_site(self, obj: KeyPost) -> str:
        return reverse("worklog:key_post_detail", args=[obj.pk])


@admin.register(CareUnit)
class CareUnitAdmin(RegisterAdmin):
    list_display = ("name", "branch", "kind", "coverage", "covered_since", "until")
    list_filter = ("coverage", "kind", UnderFilter)
    list_select_related = ("branch",)
    search_fields = ("name", "branch__name", "branch__short_name")
    search_help_text = "单位或党支部"
    fields = ("name", "branch", "kind", "coverage", "covered_since", "since", "until", "note", AUTHOR)

    def visible(self, user: User) -> QuerySet[CareUnit]:
        mine = policies.visible_units(user).filter(within(user, ORGANIZER))
        return mine.select_related("branch", "created_by")

    def view_on_site(self, obj: CareUnit) -> str:  # noqa: ARG002 - a unit has no page of its own
        return reverse("worklog:unit_list")
