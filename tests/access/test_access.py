"""The access table, held against the running product: a URL that is not in it fails."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from apps.ledger.services import recount_all
from tests.access.asking import answers, client_of
from tests.access.table import LISTS, OPEN, ROWS, Row
from tests.access.world import CODES, PLACES, world_of


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
def test_the_answer_is_the_one_in_the_table(row: Row, cast) -> None:
    world = world_of(cast)
    for method in row.methods.split():
        found = answers(cast, world, name=row.name, thing=row.thing, method=method, extra=row.extra)
        assert found == wanted(row), method


def test_nobody_signed_in_sees_the_sign_in_page_only(cast) -> None:
    things, wrong = world_of(cast)["own"].rows, []
    for row in ROWS:
        url = reverse(row.name, kwargs={**(things[row.thing] if row.thing else {}), **row.extra})
        answer = Client().get(url)
        to_sign_in = answer.headers.get("Location") == f"{reverse('accounts:login')}?next={url}"
        if to_sign_in == (row.name in OPEN):
            wrong.append((row.name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("name", sorted(LISTS))
def test_each_role_sees_exactly_its_rows(name: str, cast) -> None:
    world_of(cast)
    recount_all(years=[2026])
    found = []
    for code in CODES:
        answer = client_of(cast, code).get(reverse(name))
        if answer.status_code == 200:
            found += [code, str(len(answer.context["rows"]))]
    assert " ".join(found) == LISTS[name]
