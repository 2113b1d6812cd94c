"""Sources, standards, switches, levels and notes in the admin panel, for an organizer within the subtree.

Sheets are brought in, and standards are ended, on the pages of the standards.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.admin import ORGANIZER, SubtreeAdmin, UnderFilter
from apps.branches.policies import within
from apps.rules.kinds import Aspect
from apps.rules.measure_names import MEASURE_NAMES
from apps.standards import policies, queries, services, services_local
from apps.standards.evidence import in_words
from apps.standards.forms import (
    EvidenceChecks,
    EvidenceForm,
    LevelForm,
    StandardForm,
    StandardUpdateForm,
    initial_of,
)
from apps.standards.models import FigureNote, LevelOverride, Source, Standard, StandardSwitch
from apps.ui import clock
from apps.ui.admin import ScopedAdmin, plain
from apps.ui.forms import idempotency_field
from apps.ui.refusals import Refusal

AUTHOR, WRITER = plain("created_by", label="登记人"), plain("written_by", label="写的人")
SOURCE, STANDARD = plain("source", label="来源"), plain("standard", label="标准")
TEXT_FIELDS = tuple(EvidenceForm.base_fields)
MEASURES = list(MEASURE_NAMES.items())


@admin.register(Source)
class SourceAdmin(ScopedAdmin):
    """Read only: the articles come with the product, and `load_standards` brings them in."""

    list_display = ("title", "theme", "key")
    ordering = ("key",)

    def visible(self, user: User) -> QuerySet[Source]:
        return Source.objects.all() if user.is_operator else Source.objects.none()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and request.user.is_operator

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_operator and super().has_view_permission(request, obj)


class StandardAdminForm(EvidenceChecks, forms.ModelForm):
    """The fields of the standard's own page, which are a version's, beside the model's own two."""

    title, requirement, aspect, polarity, locator, measures, appraisals, review = (
        EvidenceForm.base_fields[name] for name in TEXT_FIELDS
    )
    valid_from = StandardForm.base_fields["valid_from"]
    submission = idempotency_field()
    read_version = StandardUpdateForm.base_fields["version"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["valid_from"] = clock.today()
        if self.instance.pk:
            self.fields.pop("submission", None)
            self.initial |= initial_of(queries.text_of(queries.versions_of(self.instance)[0]))
            self.initial["read_version"] = self.instance.version
        else:
            self.fields.pop("read_version", None)
            if "organization" in self.fields:
                self.fields["organization"].required = True


class AspectFilter(admin.SimpleListFilter):
    title = "方面"
    parameter_name = "aspect"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:  # noqa: ARG002
        return Aspect.choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002 - Django's signature
        chosen = self.value()
        return queryset.filter(versions__valid_to=None, versions__aspect=chosen) if chosen else queryset


@admin.register(Standard)
class StandardAdmin(SubtreeAdmin):
    form = StandardAdminForm
    list_display = ("code", "latest_title", "organization")
    list_filter = (AspectFilter, UnderFilter)
    list_select_related = ("organization",)
    search_fields = ("code", "versions__title", "organization__name", "organization__short_name")
    search_help_text = "编号、标题或制定的党组织"
    autocomplete_fields = ("organization",)
    ordering = ("path", "order", "code", "pk")

    def visible(self, user: User) -> QuerySet[Standard]:
        mine = Standard.objects.filter(Q(organization__isnull=True) | within(user, ORGANIZER))
        return mine.prefetch_related("versions__evidence")

    def may_add(self, user: User, obj: Model | None = None) -> bool:  # noqa: ARG002 - the base class's signature
        return policies.can_manage(user)

    def may_change(self, user: User, obj: Standard) -> bool:
        is_open = obj.versions.filter(valid_to__isnull=True).exists()
        return is_open and policies.can_change(user, obj)

    def view_on_site(self, obj: Standard) -> str:
        return reverse("standards:detail", args=[obj.pk])

    def get_fields(self, request: HttpRequest, obj: Standard | None = None) -> list[Any]:
        if obj is None:
            return ["organization", "code", *TEXT_FIELDS, "valid_from", "submission"]
        if self.has_change_permission(request, obj):
            return ["organization", "code", *TEXT_FIELDS, "valid_from", "read_version"]
        return ["organization", "code", SOURCE, "latest_title", "latest_evidence"]

    def get_readonly_fields(self, request: HttpRequest, obj: Standard | None = None) -> list[Any]:
        if obj is None or self.has_change_permission(request, obj):
            return ["organization", "code"] if obj else []
        return self.get_fields(request, obj)

    def write(self, request: HttpRequest, obj: Standard, *, form: forms.ModelForm, change: bool) -> Standard:
        data, text = form.cleaned_data, form.text()
        given = {"text": text, "valid_from": data["valid_from"], "actor": request.user}
        if change:
            version = data["read_version"]
            return services.update_standard(standard=obj, version=version, today=clock.today(), **given)
        names = {"organization": data["organization"], "code": data["code"]}
        return services.create_standard(**names, **given, idempotency_key=data["submission"])

    @admin.display(description="标题")
    def latest_title(self, standard: Standard) -> str:
        return str(_latest(standard).title)

    @admin.display(description="依据")
    def latest_evidence(self, standard: Standard) -> str:
        return in_words(queries.evidence_of(_latest(standard)))


def _latest(standard: Standard) -> Any:
    return max(standard.versions.all(), key=lambda version: version.number)


class BearingAdmin(SubtreeAdmin):
    """What a committee decides for its subtree: entered, and ended by a date."""

    list_select_related = ("organization",)
    search_fields = ("organization__name", "organization__short_name", "reason")
    search_help_text = "党组织名称或理由"
    autocomplete_fields = ("organization",)
    ordering = ("-valid_from", "-pk")
    asked: tuple[str, ...] = ()

    def may_add(self, user: User, obj: Model | None = None) -> bool:  # noqa: ARG002 - the base class's signature
        return policies.can_manage(user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:  # noqa: ARG002
        return [*self.asked, AUTHOR] if obj else [*self.asked, "submission"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in self.get_fields(request, obj) if name != "valid_to"] if obj else []


class BearingForm(forms.ModelForm):
    submission = idempotency_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("submission", None)
            if "valid_to" in self.fields:
                self.fields["valid_to"].required = True


class LevelAdminForm(BearingForm):
    measure = LevelForm.base_fields["measure"]


@admin.register(StandardSwitch)
class StandardSwitchAdmin(BearingAdmin):
    form = BearingForm
    list_display = ("standard", "organization", "reason", "valid_from", "valid_to")
    list_filter = (UnderFilter,)
    list_select_related = ("organization", "standard")
    autocomplete_fields = ("organization", "standard")
    asked = ("standard", "organization", "reason", "valid_from", "valid_to")

    def visible(self, user: User) -> QuerySet[StandardSwitch]:
        return StandardSwitch.objects.filter(within(user, ORGANIZER))

    def may_change(self, user: User, obj: StandardSwitch) -> bool:
        return obj.valid_to is None and policies.can_switch_on(user, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A standard set above is named, but has its page there."""
        asked = super().get_fields(request, obj)
        return [STANDARD if obj and name == "standard" else name for name in asked]

    def view_on_site(self, obj: StandardSwitch) -> str:
        return reverse("standards:detail", args=[obj.standard_id])

    def write(
        self, request: HttpRequest, obj: StandardSwitch, *, form: forms.ModelForm, change: bool
    ) -> StandardSwitch:
        data, told = dict(form.cleaned_data), {"actor": request.user, "today": clock.today()}
        if change:
            services_local.switch_on(switch=obj, valid_to=data["valid_to"], **told)
            return obj
        if not policies.can_switch_off(request.user, data["standard"]):
            raise Refusal("上级制定的标准只能由制定的党组织停用。", field="standard")
        return services_local.switch_off(idempotency_key=data.pop("submission"), **data, **told)


@admin.register(LevelOverride)
class LevelOverrideAdmin(BearingAdmin):
    form = LevelAdminForm
    list_display = ("name", "organization", "good", "warn", "reason", "valid_from", "valid_to")
    list_filter = (UnderFilter,)
    asked = ("organization", "measure", "good", "warn", "reason", "valid_from", "valid_to")

    def visible(self, user: User) -> QuerySet[LevelOverride]:
        return LevelOverride.objects.filter(within(user, ORGANIZER))

    def may_change(self, user: User, obj: LevelOverride) -> bool:
        return obj.valid_to is None and policies.can_end_override(user, obj)

    def write(
        self, request: HttpRequest, obj: LevelOverride, *, form: forms.ModelForm, change: bool
    ) -> LevelOverride:
        data, told = dict(form.cleaned_data), {"actor": request.user, "today": clock.today()}
        if change:
            services_local.end_override(override=obj, valid_to=data["valid_to"], **told)
            return obj
        return services_local.override_levels(idempotency_key=data.pop("submission"), **data, **told)

    @admin.display(description="指标", ordering="measure")
    def name(self, override: LevelOverride) -> str:
        return MEASURE_NAMES.get(override.measure, override.measure)


@admin.register(FigureNote)
class FigureNoteAdmin(SubtreeAdmin):
    """Read only: a note is the branch's own word."""

    list_display = ("organization", "year", "name", "text", "written_by", "written_at", "withdrawn_at")
    list_filter = ("year", UnderFilter)
    list_select_related = ("organization", "written_by")
    search_fields = ("organization__name", "organization__short_name", "text")
    search_help_text = "党支部或说明"
    ordering = ("-written_at", "-pk")
    fields = (
        "organization",
        "year",
        "name",
        "text",
        WRITER,
        "written_at",
        "withdrawn_at",
        "withdrawal_reason",
    )
    readonly_fields = ("name", WRITER)

    def visible(self, user: User) -> QuerySet[FigureNote]:
        return FigureNote.objects.filter(within(user, ORGANIZER))

    def view_on_site(self, obj: FigureNote) -> str:
        return reverse("standards:note_detail", args=[obj.pk])

    @admin.display(description="指标", ordering="measure")
    def name(self, note: FigureNote) -> str:
        return MEASURE_NAMES.get(note.measure, note.measure)
