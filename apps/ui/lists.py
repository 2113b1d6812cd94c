"""The one list page: filter on top, a table (cards on a phone), keyset pages, a capped count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_urlconf, reverse
from django.utils.cache import patch_vary_headers
from django_filters import FilterSet

from apps.ui.paging import CURSOR_NAMES, capped_count, page_of
from apps.ui.tables import Column, table
from apps.ui.tones import BUTTON_TONES, known

__all__ = ["Action", "Column", "address_of", "found", "link_to", "list_page", "wants_part"]


@dataclass(frozen=True)
class Action:
    """A button of a page that leads to an address."""

    label: str
    url: str
    tone: str = "primary"
    icon: str = ""

    def __post_init__(self) -> None:
        known(self.tone, BUTTON_TONES)


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
    complete: Callable[[list[Any]], list[Any]] | None = None,
    template: str = "ui/list.html",
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show what `filterset` finds. `order` names fields, the last one unique; htmx gets only `#list`.

    `complete` makes of the rows of the page what the columns are asked of.
    """
    context = {
        "title": title,
        "intro": intro,
        "actions": actions,
        "empty": empty,
        "empty_action": empty_action,
        **found(request, filterset=filterset, order=order),
    }
    rows = complete(context["page"].rows) if complete else context["page"].rows
    context |= {
        "rows": rows,
        "table": table(columns=columns, rows=rows, row_class=row_class),
        **(extra or {}),
    }
    response = render(request, "ui/_list.html" if wants_part(request) else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def found(
    request: HttpRequest,
    *,
    filterset: FilterSet,
    order: Sequence[str],
    pick: Callable[[QuerySet], tuple[QuerySet, QuerySet | None]] | None = None,
) -> dict[str, Any]:
    """The page of rows, their number and the filter's form. A filter with a mistake in it finds nothing.

    `pick` says which of the rows are shown, and which of these stand before all others (see `page_of`).
    """
    usable = not filterset.is_bound or filterset.form.is_valid()
    matching = filterset.qs if usable else filterset.queryset.none()
    matching, first = pick(matching) if pick else (matching, None)
    page = page_of(request, queryset=matching, scope=filterset.queryset.all(), order=order, first=first)
    return {
        "page": page,
        "count": capped_count(matching, page=page),
        "filter_form": filterset.form if filterset.form.fields else None,
        "filtered": any(value and name not in CURSOR_NAMES for name, value in request.GET.items()),
    }


def link_to(name: str) -> Callable[[Any], str]:
    """The address of a row's own page: looked up once, and filled with the key of each row."""

    def url(row: Any) -> str:
        before, after = _around_key(name, get_urlconf())
        return f"{before}{row.pk}{after}"

    return url


def address_of(name: str) -> str:
    """Addresses never change while the program runs, and a dozen look-ups are felt on each page."""
    return _address(name, get_urlconf())


@cache
def _address(name: str, urlconf: str | None) -> str:
    return reverse(name, urlconf=urlconf)


@cache
def _around_key(name: str, urlconf: str | None) -> tuple[str, str]:
    sample = 1234567890
    before, _, after = reverse(name, args=[sample], urlconf=urlconf).partition(str(sample))
    return before, after


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; going back in the browser's history needs the whole of it."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
