"""The one table (labelled cards on a phone), built in Python: a template takes ten times as long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.formats import localize
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString

from apps.ui.html import badge, shown
from apps.ui.tones import known

#: Longer texts are hardly ever the same twice.
SHORT = 40
COLUMN_KINDS = ("text", "date", "number", "badge")
TABLE = """<table class="ui-table" role="table">
<thead role="rowgroup"><tr role="row">{}</tr></thead>
<tbody role="rowgroup">
{}
</tbody>
</table>"""
HEAD = '<th scope="col" role="columnheader" class="ui-kind-{}">{}</th>'

LINK = '<a href="{}">{}</a>'


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

    @property
    def css(self) -> str:
        primary = " ui-primary" if self.primary else ""
        return f"ui-kind-{self.kind}{primary}{' ui-not-on-phone' if self.hide_on_phone else ''}"


def table(
    *, columns: Sequence[Column], rows: Iterable[Any], row_class: Callable[[Any], str] | None = None
) -> SafeString:
    heads = format_html_join("", HEAD, ((column.kind, column.label) for column in columns))
    lines = ([css_of(row, row_class), *[cell(row, column) for column in columns]] for row in rows)
    return format_html(TABLE, heads, format_html_join("\n", row_frame(columns), lines))


def row_frame(columns: Sequence[Column]) -> str:
    """A row with a hole for its class and one for each of its cells."""
    cells = [
        f'<td role="cell" class="{column.css}" data-label="{in_frame(column.label)}">{{}}</td>'
        for column in columns
    ]
    return f'<tr role="row"{{}}>{"".join(cells)}</tr>'


def in_frame(label: str) -> str:
    return escape(label).replace("{", "{{").replace("}", "}}")


def css_of(row: Any, row_class: Callable[[Any], str] | None) -> SafeString | str:
    css = row_class(row) if row_class else ""
    return format_html(' class="{}"', css) if css else ""


def cell(row: Any, column: Column) -> SafeString:
    """What stands in a cell, escaped."""
    value = column.value(row)
    if column.kind == "badge" and value:
        text = badge_of(value)
    elif type(value) is date or (type(value) is str and len(value) < SHORT):
        text = text_of(value)
    else:
        text = conditional_escape(localize(shown(value)))
    url = column.url(row) if column.url else ""
    return format_html(LINK, url, text) if url else text


@lru_cache(maxsize=4096)
def text_of(value: str | date) -> SafeString:
    """Kept in memory: the same names, days and states stand in row after row and on page after page."""
    return conditional_escape(shown(value))


@lru_cache(maxsize=512)
def badge_of(words_and_tone: tuple[str, str]) -> SafeString:
    text, tone = words_and_tone
    return badge(text=text, tone=tone)
