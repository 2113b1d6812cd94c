"""How a view turns a policy's "no" into the answer 403."""

from collections.abc import Sequence
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

Row = TypeVar("Row", bound=Model)


def require(allowed: bool, message: str = "") -> None:
    """Raise PermissionDenied unless `allowed`; `message` (Chinese) is shown on the page."""
    if not allowed:
        raise PermissionDenied(message)


def chosen(rows: QuerySet[Row], raw: str | None) -> Row:
    """The row an address names (404 when it is not among `rows`), or the first where it names none."""
    row = rows.first() if raw is None else rows.filter(pk=number_in(raw)).first()
    if row is None:
        raise Http404
    return row


def chosen_of(rows: Sequence[Row], raw: str | None) -> Row:
    """As `chosen`, of rows that are read already."""
    row = next((row for row in rows if raw is None or row.pk == number_in(raw)), None)
    if row is None:
        raise Http404
    return row


def number_in(raw: str) -> int:
    """The key that an address names; 0, which no row has, where it is no number ("²" is not one)."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0


def year_in(raw: str | None, *, usual: int, first: int = 2000, last: int = 2100) -> int:
    """The year that an address names; the usual one for any other word, or a year out of reach."""
    named = number_in(raw or "")
    return named if first <= named <= last and len(raw or "") == 4 else usual
