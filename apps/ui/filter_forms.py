"""The form above a list, built in Python: as crispy lays it out, in a tenth of the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_filters import FilterSet

from apps.ui.forms import OfferedSelect

FIELD = """<div class="col-12"><div id="div_{id}" class="mb-3">
<label for="{id}" class="form-label">{label}</label> {control}{errors}{help}
</div></div>"""
ERRORS = '<div id="{}_error" class="invalid-feedback"><span><strong>{}</strong></span></div>'
HELP = '<div id="{}_helptext" class="form-text">{}</div>'
SELECT = '<select name="{name}" class="{css}" id="{id}"{others}>{options}</select>'
INPUT = '<input type="{kind}" name="{name}"{value} class="{css}" id="{id}"{others}>'
OPTION = '<option value="{}"{}>{}</option>'


def offer(
    filterset: FilterSet, name: str, *, choices: Sequence[tuple[Any, str]] | None, least: int = 1
) -> None:
    """Give the filter a select of these choices; drop it where there are too few, or too many (None).

    An address that names one of the many is still followed.
    """
    if choices is None and filterset.data.get(name):
        filterset.filters[name].extra["widget"] = forms.HiddenInput
    elif choices is None or len(choices) < least:
        del filterset.filters[name]
    else:
        filterset.filters[name].extra["widget"] = OfferedSelect(choices)


def filter_fields(*, form: forms.BaseForm) -> SafeString:
    """All fields of the form; the page brings the form tag and the buttons."""
    bounds = list(form)
    hidden = format_html_join("", "{}", ((bound.as_widget(),) for bound in bounds if bound.is_hidden))
    shown = format_html_join("\n", "{}", ((field(bound),) for bound in bounds if not bound.is_hidden))
    return format_html('{}<div class="row ui-form-grid">{}</div>', hidden, shown)


def field(bound: BoundField) -> SafeString:
    words = " ".join(str(error) for error in bound.errors)
    return format_html(
        FIELD,
        id=bound.auto_id,
        label=bound.label,
        control=control(bound),
        errors=format_html(ERRORS, bound.auto_id, words) if words else "",
        help=format_html(HELP, bound.auto_id, bound.help_text) if bound.help_text else "",
    )


def control(bound: BoundField) -> SafeString:
    """A plain select or a one-line input is written out here; any other widget renders itself."""
    widget = bound.field.widget
    css = "form-select" if isinstance(widget, forms.Select) else "form-control"
    css = f"{css} is-invalid" if bound.errors else css
    if not is_plain(widget):
        return bound.as_widget(attrs={"class": css})
    others = flatatt(bound.build_widget_attrs(widget.attrs))
    names = {"name": bound.html_name, "id": bound.auto_id, "css": css, "others": others}
    value = widget.format_value(bound.value())
    if isinstance(widget, forms.Select):
        return format_html(SELECT, **names, options=options(pairs(widget.choices), chosen=tuple(value)))
    own = format_html(' value="{}"', value) if value is not None else ""
    return format_html(INPUT, **names, kind=widget.input_type, value=own)


def is_plain(widget: forms.Widget) -> bool:
    """Renders as Django's own does, so that nothing is lost by writing it out."""
    if type(widget).render is not forms.Widget.render:
        return False
    if isinstance(widget, forms.Select):
        return not widget.allow_multiple_selected and not getattr(widget, "words", None)
    return isinstance(widget, forms.TextInput)


def pairs(choices: Iterable[tuple[Any, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple(("" if value is None else str(value), str(label)) for value, label in choices)


@lru_cache(maxsize=256)
def options(choices: tuple[tuple[str, str], ...], *, chosen: tuple[str, ...]) -> SafeString:
    """A flat list (no filter of ours has groups), kept in memory: most selects are the same on every page."""
    marked = ((value, " selected" if value in chosen else "", label) for value, label in choices)
    return format_html_join("", OPTION, marked)
