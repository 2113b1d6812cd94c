"""The tree, terms, posts and local rules in the admin panel, for an organizer within the subtree.

What a service asks more for than a form of the panel holds (closing, moving, extending a term, withdrawing
an excuse) is done on the product's own pages; 「在站点上查看」 leads there.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.queries import history_of
from apps.branches import policies, services, services_posts, services_rules
from apps.branches.models import Excuse, Organization, Post, RuleOverride, Term, below
from apps.branches.policies import within
from apps.branches.views import detail_url
from apps.branches.views_rules import CODES, OVERRIDABLE
from apps.rules.kinds import OrgKind, Period, PostKind
from apps.ui import clock
from apps.ui.admin import ScopedAdmin, plain
from apps.ui.refusals import Refusal

ORGANIZER = frozenset({PostKind.ORGANIZER})
SHOWN_DEEDS = 100
PERSON = plain("person", label="姓名")
AUTHOR = plain("created_by", label="登记人")
DECIDER = plain("decided_by", label="同意人")
BRANCH_ONLY = ("form", "is_village", "units_covered", "records_since")


class SubtreeAdmin(ScopedAdmin):
    """Only organizers come here. History is the audit trail; a violated constraint is shown on the form."""

    list_per_page = 50
    show_full_result_count = False
    object_history_template = "admin/object_deeds.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and policies.is_organizer(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return policies.is_organizer(request.user) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policies.is_organizer(request.user) and super().has_add_permission(request)

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        try:
            super().save_model(request, obj, form, change)
        except ValidationError as error:
            raise Refusal(" ".join(error.messages)) from error

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        thing = self.get_object(request, object_id)
        deeds = history_of(thing)[:SHOWN_DEEDS] if thing else []
        return super().history_view(request, object_id, {"deeds": deeds, **(extra_context or {})})


class VersionedForm(forms.ModelForm):
    """Carries the version of the row as it was when the page was opened."""

    read_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "read_version" in self.fields:
            self.fields["read_version"].initial = self.instance.version


class OrganizationAdminForm(VersionedForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == OrgKind.BRANCH and not data.get("form"):
            self.add_error("form", "请选择支部类型。")
        return data


class TermAdminForm(VersionedForm):
    def clean_organization(self) -> Organization:
        return no_group(self.cleaned_data["organization"], "党小组没有届次，请选择党支部、党总支或党委。")


class PostAdminForm(forms.ModelForm):
    """Appointing by login name, as on the page of an organization; ending with a date and a reason."""

    username = forms.CharField(
        label="登录名",
        max_length=50,
        help_text="填写此人的登录名；还没有的，请到支部页面“从花名册选人”。",
    )
    reason = forms.CharField(label="免职事由", max_length=200, help_text="如：届满、调离、工作变动。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unused = "username" if self.instance.pk else "reason"
        self.fields.pop(unused, None)
        if "ends_on" in self.fields:
            self.fields["ends_on"].required = True

    def clean_username(self) -> User:
        typed = self.cleaned_data["username"].strip()
        person = policies.people_with_login().filter(username=typed).first()
        if person is None:
            raise ValidationError("没有这个登录名。请核对，或请系统操作员先开通账号。")
        return person


class OverrideAdminForm(forms.ModelForm):
    code = forms.ChoiceField(label="规则", choices=OVERRIDABLE)
    period = forms.ChoiceField(label="周期", choices=[("", "不改变"), *Period.choices()], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "valid_to" in self.fields:
            self.fields["valid_to"].required = True

    def clean_organization(self) -> Organization:
        return no_group(self.cleaned_data["organization"], "本级规则不能只定给一个党小组。")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("applies") and not data.get("period") and data.get("min_count") is None:
            self.add_error("min_count", "请填写最少次数或周期；如果不要求执行，请去掉“要求执行”的勾。")
        return data


class ExcuseAdminForm(forms.ModelForm):
    code = forms.ChoiceField(label="哪一项", choices=CODES)


def no_group(organization: Organization, words: str) -> Organization:
    if organization.kind == OrgKind.GROUP:
        raise ValidationError(words)
    return organization


class UnderFilter(admin.SimpleListFilter):
    """Committees and general branches in reach, each for everything below it; `column` is the row's path."""

    title = "所属党委、总支"
    parameter_name = "under"
    column = "path"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:  # noqa: ARG002
        mine = Organization.objects.filter(within(request.user, ORGANIZER))
        above = mine.filter(kind__in=[OrgKind.COMMITTEE, OrgKind.GENERAL_BRANCH]).order_by("path")
        return [(organization.path, str(organization)) for organization in above]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002 - Django's signature
        return queryset.filter(below(self.value(), column=self.column)) if self.value() else queryset


class UnderOrganizationFilter(UnderFilter):
    column = "organization__path"


class HeldFilter(admin.SimpleListFilter):
    title = "任职情况"
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:  # noqa: ARG002
        return [("now", "在任"), ("past", "已免职")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002 - Django's signature
        over = Q(ends_on__isnull=False, ends_on__lte=clock.today())
        chosen = {"now": ~over, "past": over}.get(self.value() or "")
        return queryset.filter(chosen) if chosen else queryset


@admin.register(Organization)
class OrganizationAdmin(SubtreeAdmin):
    form = OrganizationAdminForm
    list_display = ("name", "short_name", "kind", "form", "parent", "founded_on", "closed_on")
    list_filter = ("kind", "form", "is_village", UnderFilter)
    list_select_related = ("parent",)
    search_fields = ("name", "short_name", "contact_name")
    search_help_text = "全称、简称或联系人"
    ordering = ("path",)
    autocomplete_fields = ("parent",)

    def visible(self, user: User) -> QuerySet[Organization]:
        return policies.visible_organizations(user).filter(within(user, ORGANIZER))

    def may_add(self, user: User, obj: Model | None = None) -> bool:  # noqa: ARG002 - the base class's signature
        return policies.is_organizer(user)

    def may_change(self, user: User, obj: Organization) -> bool:
        return obj.closed_on is None and policies.can_change_organization(user, obj)

    def view_on_site(self, obj: Organization) -> str:
        return detail_url(obj)

    def get_fields(self, request: HttpRequest, obj: Organization | None = None) -> list[str]:  # noqa: ARG002
        kept = [name for name in services.FIELDS if obj is None or obj.is_branch or name not in BRANCH_ONLY]
        return ["parent", "kind", *kept, *(["closed_on"] if obj else []), "read_version"]

    def get_readonly_fields(self, request: HttpRequest, obj: Organization | None = None) -> list[str]:  # noqa: ARG002
        return ["parent", "kind", "closed_on"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The topmost committee is entered by an operator, so here every organization has a parent."""
        return super().formfield_for_foreignkey(db_field, request, required=True, **kwargs)

    def write(
        self, request: HttpRequest, obj: Organization, *, form: forms.ModelForm, change: bool
    ) -> Organization:
        data = {name: value for name, value in form.cleaned_data.items() if name in services.FIELDS}
        if change:
            version = form.cleaned_data["read_version"]
            return services.update_organization(organization=obj, version=version, actor=request.user, **data)
        kind, parent = form.cleaned_data["kind"], form.cleaned_data["parent"]
        return services.create_organization(parent=parent, kind=kind, actor=request.user, **data)


class OfOrganizationAdmin(SubtreeAdmin):
    """Rows that belong to one organization; its page is where the rest is done."""

    list_select_related = ("organization",)
    search_fields = ("organization__name", "organization__short_name")
    search_help_text = "党组织名称"
    autocomplete_fields = ("organization",)

    def may_add(self, user: User, obj: Model | None = None) -> bool:  # noqa: ARG002 - the base class's signature
        return policies.is_organizer(user)

    def view_on_site(self, obj: Any) -> str:
        return detail_url(obj.organization)


@admin.register(Term)
class TermAdmin(OfOrganizationAdmin):
    form = TermAdminForm
    list_display = ("organization", "number", "starts_on", "ends_on", "extended_to", "with_committee")
    list_filter = ("years", "with_committee", UnderOrganizationFilter)
    ordering = ("-starts_on", "-pk")

    def visible(self, user: User) -> QuerySet[Term]:
        return policies.visible_terms(user).filter(within(user, ORGANIZER, column="organization__path"))

    def may_change(self, user: User, obj: Term) -> bool:
        return policies.can_keep_terms(user, obj.organization)

    def get_fields(self, request: HttpRequest, obj: Term | None = None) -> list[str]:  # noqa: ARG002
        given = ["organization", "number", "starts_on", "years"]
        later = ["ends_on", "with_committee", "extended_to", "extension_note"]
        return [*given, *(later if obj else ["with_committee"]), "read_version"]

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> list[str]:  # noqa: ARG002
        given = ["organization", "number", "starts_on", "years", "extended_to", "extension_note"]
        return given if obj else []

    def write(self, request: HttpRequest, obj: Term, *, form: forms.ModelForm, change: bool) -> Term:
        data = dict(form.cleaned_data)
        version = data.pop("read_version")
        if change:
            return services_posts.update_term(term=obj, version=version, actor=request.user, **data)
        return services_posts.create_term(actor=request.user, **data)


@admin.register(Post)
class PostAdmin(OfOrganizationAdmin):
    form = PostAdminForm
    list_display = ("person", "kind", "organization", "starts_on", "ends_on", "note")
    list_filter = (HeldFilter, "kind", UnderOrganizationFilter)
    list_select_related = ("person", "organization")
    search_fields = (
        "person__name",
        "person__pinyin",
        "person__initials",
        "organization__name",
        "organization__short_name",
    )
    search_help_text = "姓名、全拼、简拼或党组织名称"
    ordering = ("-starts_on", "-pk")

    def visible(self, user: User) -> QuerySet[Post]:
        return policies.visible_posts(user).filter(within(user, ORGANIZER, column="organization__path"))

    def may_change(self, user: User, obj: Post) -> bool:
        return obj.ends_on is None and policies.can_end_post(user, obj)

    def get_fields(self, request: HttpRequest, obj: Post | None = None) -> list[Any]:
        if obj is None:
            return ["organization", "username", "kind", "starts_on", "note"]
        ending = ["ends_on", "reason"] if self.has_change_permission(request, obj) else ["ends_on"]
        return [PERSON, "organization", "kind", "term", "starts_on", "note", *ending]

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> list[Any]:  # noqa: ARG002
        return [PERSON, "organization", "kind", "term", "starts_on", "note"] if obj else []

    def write(self, request: HttpRequest, obj: Post, *, form: forms.ModelForm, change: bool) -> Post:
        data = dict(form.cleaned_data)
        if change:
            return services_posts.end_post(post=obj, actor=request.user, **data)
        return services_posts.create_post(person=data.pop("username"), actor=request.user, **data)


@admin.register(RuleOverride)
class RuleOverrideAdmin(OfOrganizationAdmin):
    form = OverrideAdminForm
    list_display = ("organization", "code", "applies", "period", "min_count", "valid_from", "valid_to")
    list_filter = ("applies", "period", UnderFilter)
    search_fields = (*OfOrganizationAdmin.search_fields, "code", "reason")
    search_help_text = "党组织名称、规则编号或依据"
    ordering = ("-valid_from", "-pk")

    def visible(self, user: User) -> QuerySet[RuleOverride]:
        return policies.visible_overrides(user).filter(within(user, ORGANIZER))

    def may_change(self, user: User, obj: RuleOverride) -> bool:
        return obj.valid_to is None and policies.can_override_rules(user, obj.organization)

    def view_on_site(self, obj: RuleOverride) -> str:
        return reverse("branches:rule_detail", args=[obj.code])

    def get_fields(self, request: HttpRequest, obj: RuleOverride | None = None) -> list[Any]:  # noqa: ARG002
        asked = ["organization", "code", "applies", "period", "min_count", "reason", "valid_from", "valid_to"]
        return [*asked, AUTHOR] if obj else asked

    def get_readonly_fields(self, request: HttpRequest, obj: RuleOverride | None = None) -> list[Any]:
        return [name for name in self.get_fields(request, obj) if name != "valid_to"] if obj else []

    def write(
        self, request: HttpRequest, obj: RuleOverride, *, form: forms.ModelForm, change: bool
    ) -> RuleOverride:
        if change:
            valid_to = form.cleaned_data["valid_to"]
            return services_rules.end_override(override=obj, valid_to=valid_to, actor=request.user)
        return services_rules.create_override(actor=request.user, **form.cleaned_data)


@admin.register(Excuse)
class ExcuseAdmin(OfOrganizationAdmin):
    form = ExcuseAdminForm
    list_display = ("organization", "code", "period_start", "reason", "decided_by", "decided_on")
    list_filter = ("code", UnderFilter)
    list_select_related = ("organization", "decided_by")
    search_fields = (*OfOrganizationAdmin.search_fields, "code", "reason")
    search_help_text = "党组织名称、规则编号或事由"
    date_hierarchy = "period_start"
    ordering = ("-period_start", "-pk")

    def visible(self, user: User) -> QuerySet[Excuse]:
        return policies.visible_excuses(user).filter(within(user, ORGANIZER))

    def get_fields(self, request: HttpRequest, obj: Excuse | None = None) -> list[Any]:  # noqa: ARG002
        asked = ["organization", "code", "period_start", "reason"]
        return [*asked, DECIDER, "decided_on"] if obj else asked

    def get_readonly_fields(self, request: HttpRequest, obj: Excuse | None = None) -> list[Any]:  # noqa: ARG002
        return [DECIDER] if obj else []

    def write(self, request: HttpRequest, obj: Excuse, *, form: forms.ModelForm, change: bool) -> Excuse:  # noqa: ARG002
        """Only entered here: withdrawing asks for a reason, which the page of the branch takes."""
        return services_rules.create_excuse(actor=request.user, decided_on=clock.today(), **form.cleaned_data)
