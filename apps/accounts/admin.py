"""Accounts in the admin panel, for operators. Passwords and duties are set on the operators' pages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.accounts import policies, services
from apps.accounts.models import User
from apps.ui.admin import ScopedAdmin


class PersonAdminForm(forms.ModelForm):
    """The name, and the version of the row as it was when the page was opened."""

    read_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = User
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["read_version"].initial = self.instance.version


@admin.register(User)
class UserAdmin(ScopedAdmin):
    form = PersonAdminForm
    list_display = ["name", "username", "is_active", "is_operator", "is_auditor", "last_login"]
    list_filter = ["is_active", "is_operator", "is_auditor"]
    search_fields = ["name", "pinyin", "initials", "username"]
    ordering = ["pinyin", "pk"]
    fields = ["name", "read_version", "username", "is_active", "is_operator", "is_auditor", "last_login"]
    readonly_fields = ["username", "is_active", "is_operator", "is_auditor", "last_login"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and policies.can_manage_accounts(request.user)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return policies.can_manage_accounts(request.user) and super().has_view_permission(request, obj)

    def visible(self, user: User) -> QuerySet[User]:
        return policies.visible_people(user) if policies.can_manage_accounts(user) else User.objects.none()

    def may_add(self, user: User, obj: User | None = None) -> bool:  # noqa: ARG002 - the base class's signature
        return policies.can_create(user)

    def may_change(self, user: User, obj: User) -> bool:
        return policies.can_update(user, obj)

    def write(self, request: HttpRequest, obj: User, *, form: forms.ModelForm, change: bool) -> User:
        name = form.cleaned_data["name"]
        if not change:
            return services.create_person(name=name, actor=request.user)
        version = form.cleaned_data["read_version"]
        return services.update_person(person=obj, name=name, version=version, actor=request.user)
