"""The base of every admin page: the policies decide what is seen and changed, the services write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, ManyToManyField, Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from apps.ui.policy import number_in
from apps.ui.refusals import Refusal


class RefusedForm(ModelForm):
    """A submitted form that is shown again with the words of the service that refused it."""

    refusal: Refusal

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        message = ValidationError(self.refusal.message)
        if self.refusal.field in self.fields:
            raise ValidationError({self.refusal.field: message})
        raise message


def plain(name: str, *, label: str) -> Callable[[Any], str]:
    """A read-only field that names a person without Django's link to an account the reader may not open."""

    @admin.display(description=label)
    def shown(obj: Any) -> str:
        return str(getattr(obj, name) or "—")

    return shown


class TypedAutocomplete(AutocompleteSelect):
    """Django's own fails on a key that is not a number instead of leaving it to the field's validation."""

    def optgroups(self, name: str, value: Any, *attrs: Any) -> Any:
        return super().optgroups(name, [key for key in value if number_in(str(key))], *attrs)


class ScopedAdmin(admin.ModelAdmin):
    """Subclasses say what a person sees (`visible`) and may do (`may_…`, no by default), and how to write.

    `write` calls a service and returns the saved object, `remove` calls one; nothing here saves by itself.
    Foreign keys offer, and accept, only what the admin page of the other model would show.
    """

    def visible(self, user: Any) -> QuerySet:
        raise NotImplementedError

    def may_add(self, user: Any, obj: Model | None = None) -> bool:  # noqa: ARG002 - hook
        return False

    def may_change(self, user: Any, obj: Model) -> bool:  # noqa: ARG002 - hook
        return False

    def may_delete(self, user: Any, obj: Model) -> bool:  # noqa: ARG002 - hook
        return False

    def write(self, request: HttpRequest, obj: Model, *, form: ModelForm, change: bool) -> Model:
        raise NotImplementedError

    def remove(self, request: HttpRequest, obj: Model) -> None:
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.visible(request.user).order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> Any:
        """Pages need an order even where neither the admin page nor the model names one."""
        return super().get_ordering(request) or self.opts.ordering or ("-pk",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        admitted = self.admin_site.has_permission(request)
        return admitted and (obj is None or self.visible(request.user).filter(pk=obj.pk).exists())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request) and self.may_add(request.user, None)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return (
            obj is not None and self.has_view_permission(request, obj) and self.may_change(request.user, obj)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return (
            obj is not None and self.has_view_permission(request, obj) and self.may_delete(request.user, obj)
        )

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self._visible_related(db_field, request))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", TypedAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self._visible_related(db_field, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _visible_related(self, db_field: Field, request: HttpRequest) -> QuerySet:
        """What the other model's admin page shows; nothing where it has none: nobody said who may see."""
        related = db_field.remote_field.model
        if not self.admin_site.is_registered(related):
            return related._default_manager.none()
        return self.admin_site.get_model_admin(related).get_queryset(request)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        written = self.write(request, obj, form=form, change=change)
        obj.pk, obj._state = written.pk, written._state

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Relations are part of what `write` hands to the service."""

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self.remove(request, obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show a service's refusal on the form, with everything that was typed still there."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            request.refusal = refusal  # type: ignore[attr-defined] - read back by get_form
            return super().changeform_view(request, *args, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        if refusal is None:
            return form_class
        return type(form_class)(form_class.__name__, (RefusedForm, form_class), {"refusal": refusal})

    def delete_view(self, request: HttpRequest, object_id: str, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, **kwargs)
        except Refusal as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return self.response_post_save_change(request, self.get_object(request, object_id))
