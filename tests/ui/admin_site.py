"""A small admin site to try the base class on: people whose name starts with 隐 are out of scope."""
# ruff: noqa: ARG002 - the hooks have the signatures of the base class

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from apps.accounts.models import User
from apps.ui.admin import ScopedAdmin
from apps.ui.refusals import Refusal


class OpenSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.name != "路人"


site = OpenSite(name="admin")


@admin.register(User, site=site)
class PersonAdmin(ScopedAdmin):
    fields = ["name", "username"]
    list_display = ["name"]
    search_fields = ["name"]

    def visible(self, user: Any) -> QuerySet[User]:
        return User.objects.exclude(name__startswith="隐")

    def may_add(self, user: Any, obj: User | None = None) -> bool:
        return True

    def may_change(self, user: Any, obj: User) -> bool:
        return not obj.name.startswith("定")

    def may_delete(self, user: Any, obj: User) -> bool:
        return obj.name.startswith("可删")

    def write(self, request: HttpRequest, obj: User, *, form: ModelForm, change: bool) -> User:
        if obj.name == "重名":
            raise Refusal("已有同名人员，请核对。", field="name")
        if not change:
            return User.objects.create(name=f"{obj.name}（经服务）", username=obj.username)
        User.objects.filter(pk=obj.pk).update(name=f"{obj.name}（经服务）")
        return obj

    def remove(self, request: HttpRequest, obj: User) -> None:
        if obj.username:
            raise Refusal("此人有登录名，不能删除。")
        User.objects.filter(pk=obj.pk).delete()


@admin.register(LogEntry, site=site)
class EntryAdmin(ScopedAdmin):
    """A model with a foreign key to people."""

    fields = ["user", "content_type", "object_repr"]

    def visible(self, user: Any) -> QuerySet[LogEntry]:
        return LogEntry.objects.all()

    def may_add(self, user: Any, obj: LogEntry | None = None) -> bool:
        return True
