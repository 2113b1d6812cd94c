"""Nonsense in an address or in a form is answered by a page, never by a failure of the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse

from tests.access.asking import ask
from tests.access.conftest import Stage
from tests.access.table import ROWS, Row

#: So that the database is set up; the rows themselves are the stage's.
pytestmark = pytest.mark.django_db

#: What no list, choice, number or day of the product knows. "²" is a digit to Python, NUL none to PostgreSQL.
NONSENSE = ("abc", "²", "-1", "9" * 30, "2026-02-30", "\x00", "'\"<b>;--", "支" * 2000)
#: What addresses of the product carry behind the question mark, besides the fields of filters.
IN_ADDRESSES = ("branch", "organization", "under", "from", "month", "kind", "kinds", "text", "next", "matter")
IN_ADDRESSES += ("after", "before", "end", "previous", "replaces", "choose", "held_on", "date", "group", "q")
ROLES = ("se", "or", "op", "au")


def fields_of(answer: HttpResponse) -> set[str]:
    """The names of all fields on a page, as a browser would send them."""
    found = set()
    for form in forms_in(answer):
        found |= {form.add_prefix(name) for name in form.fields}
    return found


def forms_in(answer: HttpResponse) -> Iterator[BaseForm]:
    for context in answer.context or ():
        for layer in context:
            yield from (value for value in layer.values() if isinstance(value, BaseForm))


def roles_for(row: Row) -> list[str]:
    """Those of ROLES who get the page; one of them where none does: a refusal reads no field."""
    given = f"{row.own} {row.anywhere}".partition("|")[0].split()
    return [code for code in ROLES if code in given][:2] or [ROLES[0]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_nonsense_gets_a_page_and_no_failure(row: Row, stage: Stage) -> None:
    things = stage.places["own"].rows
    url = reverse(row.name, kwargs={**(things[row.thing] if row.thing else {}), **row.extra})
    for code in roles_for(row):
        client = stage.clients[code]
        names = fields_of(ask(client, url, method="get", data={})) | set(IN_ADDRESSES)
        for word in NONSENSE:
            data: dict[str, Any] = dict.fromkeys(names, word)
            for method in {"get", *row.methods.split()}:
                answer = ask(client, url, method=method, data=data)
                assert answer.status_code < 500, (code, method, word)
