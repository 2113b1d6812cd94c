"""How a view turns a policy's "no" into the answer 403."""

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
    if raw is None:
        row = rows.first()
    else:
        row = rows.filter(pk=int(raw)).first() if raw.isascii() and raw.isdigit() else None
    if row is None:
        raise Http404
    return row
