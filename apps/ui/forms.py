"""Form parts that every app shares: layout, hidden fields, and inputs that suit a phone."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, LayoutObject
from crispy_forms.utils import render_field
from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html_join


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class SearchSelect(forms.Select):
    """A plain select; with the page's script one types to narrow it.

    `words` gives further search words (pinyin, initials) for the object behind an option.
    """

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, words: Callable[[Any], str] | None = None
    ) -> None:
        super().__init__(attrs={"data-search-select": "", **(attrs or {})})
        self.words = words

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)
        if self.words and hasattr(value, "instance"):
            option["attrs"]["data-words"] = self.words(value.instance)
        return option


class OfferedSelect(SearchSelect):
    """Offers what was read already, where the field would ask the database for its rows once more."""

    def __init__(self, offered: Sequence[tuple[Any, str]], attrs: dict[str, Any] | None = None) -> None:
        self.offered = offered
        super().__init__(attrs=attrs)

    @property
    def choices(self) -> list[tuple[Any, str]]:
        return [("", ALL), *self.offered]

    @choices.setter
    def choices(self, value: object) -> None:
        """The field's own rows, which are not asked for."""


#: Beyond this many, a list to choose from is no help and costs its length; a search by name finds it.
LONGEST_CHOICE = 30
ALL = "全部"


def idempotency_field() -> forms.UUIDField:
    """A hidden key made with the form, by which a service knows the same submission sent twice."""
    return forms.UUIDField(
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages={"required": EXPIRED, "invalid": EXPIRED},
    )


def version_field() -> forms.IntegerField:
    """The hidden version of the record as it was when the form was opened."""
    return forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": EXPIRED, "invalid": EXPIRED}
    )


EXPIRED = "页面已过期，请刷新页面后重新提交。"


class GridLayout(LayoutObject):
    """All fields of the form in their order, each as wide as `columns` says (of 12; by default 12)."""

    def __init__(self, columns: Mapping[str, int] | None = None) -> None:
        self.columns = columns or {}
        self.fields: list[Any] = []

    def render(
        self, form: forms.BaseForm, context: Any, template_pack: str = "bootstrap5", **kwargs: Any
    ) -> str:
        hidden = [name for name, field in form.fields.items() if field.widget.is_hidden]
        shown = [name for name in form.fields if name not in hidden]
        row = Div(
            *[Div(name, css_class=self.css_class(name)) for name in shown], css_class="row ui-form-grid"
        )
        inputs = [(render_field(name, form, context, template_pack=template_pack),) for name in hidden]
        return format_html_join("", "{}", inputs) + row.render(
            form, context, template_pack=template_pack, **kwargs
        )

    def css_class(self, name: str) -> str:
        return f"col-12 col-md-{self.columns[name]}" if name in self.columns else "col-12"


class FormButtons(LayoutObject):
    def __init__(self, *, submit: str, back_url: str | None) -> None:
        self.submit = submit
        self.back_url = back_url
        self.fields: list[Any] = []

    def render(self, *args: Any, **kwargs: Any) -> str:  # noqa: ARG002 - crispy gives form and context
        return render_to_string("ui/_form_buttons.html", {"submit": self.submit, "back_url": self.back_url})


def form_helper(
    *, submit: str, back_url: str | None = None, columns: Mapping[str, int] | None = None
) -> FormHelper:
    """The crispy helper of an ordinary form: POST, one submit button, a way back, and the page's guards."""
    helper = FormHelper()
    helper.form_class = "ui-form"
    helper.attrs = {"data-guard": "", "data-unsaved": "", "novalidate": ""}
    helper.layout = Layout(GridLayout(columns), FormButtons(submit=submit, back_url=back_url))
    return helper


def fields_only() -> FormHelper:
    """The crispy helper for fields inside a form tag that the page brings itself."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(GridLayout())
    return helper
