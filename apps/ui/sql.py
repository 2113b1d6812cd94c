"""Expressions that never change, put together by the ORM once; that takes longer than to ask."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL


def compiled(queryset: QuerySet, name: str) -> RawSQL:
    """The annotation `name` as text over the model's own table, for the caller to keep."""
    expression = queryset.query.annotations[name]
    sql, params = queryset.query.get_compiler(connection=connection).compile(expression)
    # Reason for SQL: it is the ORM's own text, for the engine in use.
    return RawSQL(sql, tuple(params), output_field=expression.output_field)  # noqa: S611


def with_parameter(text: RawSQL, stand_in: object, *, to: object) -> RawSQL:
    """The kept text with one parameter in place of its stand-in."""
    params = tuple(to if value == stand_in else value for value in text.params)
    # Reason for SQL: the same text with another value bound.
    return RawSQL(text.sql, params, output_field=text.output_field)  # noqa: S611
