"""Keyset pagination: a page is found by the values of the row before it, so every page costs the same.

The address carries only the key of the boundary row, never a name or a number from its columns; the row's own
values are read back inside the reader's scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan, TupleLookupMixin
from django.http import HttpRequest

PAGE_ROWS = 25
COUNT_CAP = 1000
CURSOR_NAMES = ("after", "before", "end")


@dataclass(frozen=True)
class Key:
    """One term of an order: a field path, its direction, and whether it may be empty (empty sorts lowest)."""

    name: str
    descending: bool
    nullable: bool

    def reversed(self) -> Key:
        return Key(self.name, not self.descending, self.nullable)

    def order_by(self) -> OrderBy:
        expression = F(self.name)
        if not self.nullable:
            return expression.desc() if self.descending else expression.asc()
        return expression.desc(nulls_last=True) if self.descending else expression.asc(nulls_first=True)

    def beyond(self, value: Any) -> Q:
        """Rows that come strictly after `value` in this direction."""
        if value is None:
            return Q(pk__in=[]) if self.descending else Q(**{f"{self.name}__isnull": False})
        if not self.descending:
            return Q(**{f"{self.name}__gt": value})
        below = Q(**{f"{self.name}__lt": value})
        return below | Q(**{f"{self.name}__isnull": True}) if self.nullable else below

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


class RowAfter(TupleGreaterThan):
    """(a, b) > (x, y) as one comparison; Django spells it out for SQLite, leaving half of the index idle."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return super(TupleLookupMixin, self).as_sql(compiler, connection)


class RowBefore(TupleLessThan):
    """The same for (a, b) < (x, y)."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return super(TupleLookupMixin, self).as_sql(compiler, connection)


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    first_url: str
    previous_url: str
    next_url: str
    last_url: str


def keys_of(queryset: QuerySet, *, order: Sequence[str]) -> list[Key]:
    keys = []
    for term in order:
        name = term.removeprefix("-")
        keys.append(Key(name, term.startswith("-"), _may_be_empty(queryset.model, name)))
    return keys


def _may_be_empty(model: type[Model], path: str) -> bool:
    """Whether a field path can yield NULL; an annotation is taken to be able to."""
    for part in path.split("__"):
        if part == "pk":
            return False
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return True
        if field.null:
            return True
        if field.is_relation and field.related_model:
            model = field.related_model
    return False


def after_row(keys: Sequence[Key], values: Sequence[Any]) -> Q | RowAfter | RowBefore:
    """The rows that follow the row with these values.

    One direction and no empty values: a row comparison, which the index answers. Otherwise a nested condition
    with the bound of the first key beside it, so that the index still finds the start.
    """
    directions = {key.descending for key in keys}
    if len(keys) > 1 and len(directions) == 1 and not any(key.nullable for key in keys):
        compare = RowBefore if keys[0].descending else RowAfter
        return compare(Tuple(*[F(key.name) for key in keys]), tuple(values))
    condition = keys[-1].beyond(values[-1])
    for key, value in zip(reversed(keys[:-1]), reversed(values[:-1]), strict=True):
        condition = key.beyond(value) | (key.same(value) & condition)
    return (keys[0].beyond(values[0]) | keys[0].same(values[0])) & condition


def page_of(
    request: HttpRequest,
    *,
    queryset: QuerySet,
    scope: QuerySet,
    order: Sequence[str],
    first: QuerySet | None = None,
) -> Page:
    """The page that the address asks for. A boundary row is looked up in `scope`, the unfiltered queryset.

    `first` are rows of `queryset` that stand before all its others, asked alone while they fill the page.
    """
    keys = keys_of(queryset, order=order)
    wanted = {name: request.GET.get(name, "") for name in CURSOR_NAMES}
    if wanted["end"]:
        rows, more = _rows(queryset, [key.reversed() for key in keys], start=None)
        return _page(request, rows[::-1], earlier=more, later=False)
    if wanted["before"] and (values := _values(scope, keys, cursor=wanted["before"])):
        rows, more = _rows(queryset, [key.reversed() for key in keys], start=values)
        if more or len(rows) == PAGE_ROWS:
            return _page(request, rows[::-1], earlier=more, later=True)
    if wanted["after"] and (values := _values(scope, keys, cursor=wanted["after"])):
        rows, more = _forward(queryset, keys, start=values, first=first)
        if rows:
            return _page(request, rows, earlier=True, later=more)
    rows, more = _forward(queryset, keys, start=None, first=first)
    return _page(request, rows, earlier=False, later=more)


def _forward(
    queryset: QuerySet, keys: Sequence[Key], *, start: Sequence[Any] | None, first: QuerySet | None
) -> tuple[list[Any], bool]:
    if first is not None:
        rows, more = _rows(first, keys, start=start)
        if more:
            return rows, more
    return _rows(queryset, keys, start=start)


def _rows(queryset: QuerySet, keys: Sequence[Key], *, start: Sequence[Any] | None) -> tuple[list[Any], bool]:
    if start is not None:
        queryset = queryset.filter(after_row(keys, start))
    found = list(queryset.order_by(*[key.order_by() for key in keys])[: PAGE_ROWS + 1])
    return found[:PAGE_ROWS], len(found) > PAGE_ROWS


def _values(scope: QuerySet, keys: Sequence[Key], *, cursor: str) -> tuple[Any, ...] | None:
    """The order values of the boundary row, or None when it is gone or the address was tampered with."""
    try:
        pk = scope.model._meta.pk.to_python(cursor)
    except ValidationError:
        return None
    return scope.order_by().filter(pk=pk).values_list(*[key.name for key in keys]).first()


def _page(request: HttpRequest, rows: list[Any], *, earlier: bool, later: bool) -> Page:
    return Page(
        rows=rows,
        first_url=address(request) if earlier else "",
        previous_url=address(request, before=_pk(rows[0])) if earlier and rows else "",
        next_url=address(request, after=_pk(rows[-1])) if later else "",
        last_url=address(request, end="1") if later else "",
    )


def _pk(row: Any) -> str:
    return str(row["pk"] if isinstance(row, dict) else row.pk)


def address(request: HttpRequest, **cursor: str) -> str:
    """The same list with the same filter at another place."""
    query = request.GET.copy()
    for name in CURSOR_NAMES:
        query.pop(name, None)
    for name in [name for name, value in query.items() if not value]:
        query.pop(name)
    query.update(cursor)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def capped_count(queryset: QuerySet, *, page: Page | None = None) -> str:
    """How many rows there are, in words, never counting beyond the cap, nor what `page` shows whole."""
    if page and not page.first_url and not page.last_url:
        return f"共 {len(page.rows)} 条"
    found = queryset.order_by().values("pk")[: COUNT_CAP + 1].count()
    return f"超过 {COUNT_CAP} 条" if found > COUNT_CAP else f"共 {found} 条"
