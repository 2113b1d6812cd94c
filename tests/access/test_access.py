"""The access table, held against the running product: a URL that is not in it fails."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.access.asking import answers, ask
from tests.access.conftest import Stage
from tests.access.table import LISTS, OPEN, ROWS, Row
from tests.access.world import CODES, PLACES

#: So that the database is set up; the rows themselves are the stage's.
pytestmark = pytest.mark.django_db


def names_of(patterns: list, namespace: str = "") -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            found.add(f"{namespace}:{pattern.name}")
        else:
            found |= names_of(pattern.url_patterns, pattern.namespace or namespace)
    return found


def test_every_address_of_the_product_stands_in_the_table_once() -> None:
    known = {name for name in names_of(get_resolver().url_patterns) if not name.startswith("admin:")}
    named = [row.name for row in ROWS]
    assert set(named) == known
    assert len(named) == len(set(named))


def expected(value: str) -> dict[str, str]:
    ok, _, no = value.partition("|")
    meanings = dict.fromkeys(CODES, "none")
    meanings |= dict.fromkeys(ok.split(), "ok")
    return meanings | dict.fromkeys(no.split(), "no")


def wanted(row: Row) -> dict[str, dict[str, str]]:
    if row.thing:
        return {place: expected(getattr(row, place)) for place in PLACES}
    return {"": expected(row.anywhere)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_answer_is_the_one_in_the_table(row: Row, stage: Stage) -> None:
    asked = {"name": row.name, "thing": row.thing, "extra": row.extra}
    for method in row.methods.split():
        found = answers(stage.clients, stage.places, method=method, **asked)
        assert found == wanted(row), method


def test_nobody_signed_in_sees_the_sign_in_page_only(stage: Stage) -> None:
    things, wrong = stage.places["own"].rows, []
    for row in ROWS:
        url = reverse(row.name, kwargs={**(things[row.thing] if row.thing else {}), **row.extra})
        answer = Client().get(url)
        to_sign_in = answer.headers.get("Location") == f"{reverse('accounts:login')}?next={url}"
        if to_sign_in == (row.name in OPEN):
            wrong.append((row.name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("name", sorted(LISTS))
def test_each_role_sees_exactly_its_rows(name: str, stage: Stage) -> None:
    found = []
    for code, client in stage.clients.items():
        answer = ask(client, reverse(name), method="get", data={})
        if answer.status_code == 200:
            found += [code, str(len(answer.context["rows"]))]
    assert " ".join(found) == LISTS[name]
