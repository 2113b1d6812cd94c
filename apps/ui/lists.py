"""The one list page: filter on top, a table (cards on a phone), keyset pages, a capped count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_filters import FilterSet

from apps.ui.forms import fields_only
from apps.ui.paging import CURSOR_NAMES, capped_count, page_of
from apps.ui.tones import BADGE_TONES, BUTTON_TONES, known

COLUMN_KINDS = ("text", "date", "number", "badge")


@dataclass(frozen=True)
class Action:
    """A button of a page that leads to an address."""

    label: str
    url: str
    tone: str = "primary"
    icon: str = ""

    def __post_init__(self) -> None:
        known(self.tone, BUTTON_TONES)


@dataclass(frozen=True)
class Column:
    """One column: `value` and `url` are asked for each row; a badge's value is (text, tone) or None."""

    label: str
    value: Callable[[Any], Any]
    _: KW_ONLY
    url: Callable[[Any], str] | None = None
    kind: str = "text"
    primary: bool = False
    hide_on_phone: bool = False

    def __post_init__(self) -> None:
        known(self.kind, COLUMN_KINDS)


@dataclass(frozen=True)
class Cell:
    column: Column
    value: Any
    url: str
    tone: str = ""


def list_page(
    request: HttpRequest,
    *,
    filterset: FilterSet,
    columns: Sequence[Column],
    title: str,
    order: Sequence[str] = ("-pk",),
    actions: Sequence[Action] = (),
    empty: str = "这里还没有记录。",
    empty_action: Action | None = None,
    intro: str = "",
    row_class: Callable[[Any], str] | None = None,
    template: str = "ui/list.html",
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show what `filterset` finds. `order` names fields, the last one unique; htmx gets only `#list`."""
    context = {
        "title": title,
        "intro": intro,
        "actions": actions,
        "columns": columns,
        "empty": empty,
        "empty_action": empty_action,
        **found(request, filterset=filterset, order=order),
    }
    context["rows"] = [
        {"cells": cells_of(row, columns=columns), "css": row_class(row) if row_class else ""}
        for row in context["page"].rows
    ]
    context.update(extra or {})
    response = render(request, "ui/_list.html" if wants_part(request) else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def found(request: HttpRequest, *, filterset: FilterSet, order: Sequence[str]) -> dict[str, Any]:
    """The page of rows, their number and the filter's form. A filter with a mistake in it finds nothing."""
    usable = not filterset.is_bound or filterset.form.is_valid()
    matching = filterset.qs if usable else filterset.queryset.none()
    return {
        "page": page_of(request, queryset=matching, scope=filterset.queryset.all(), order=order),
        "count": capped_count(matching),
        "filter_form": filterset.form if filterset.form.fields else None,
        "filter_helper": fields_only(),
        "filtered": any(value and name not in CURSOR_NAMES for name, value in request.GET.items()),
    }


def cells_of(row: Any, *, columns: Sequence[Column]) -> list[Cell]:
    cells = []
    for column in columns:
        value, tone = column.value(row), ""
        if column.kind == "badge" and value:
            value, tone = value
            known(tone, BADGE_TONES)
        cells.append(Cell(column, value, column.url(row) if column.url else "", tone))
    return cells


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; going back in the browser's history needs the whole of it."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
