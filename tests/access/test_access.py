"""The access table, held against the running product: a URL that is not in it fails."""

from __future__ import annotations

from functools import partial

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.access.asking import answers, ask
from tests.access.conftest import Stage
from tests.access.table import LISTS, OPEN, ROWS, Row
from tests.access.world import CODES, PLACES

#: So that the database is set up; the rows themselves are the stage's.
pytestmark = pytest.mark.django_db


#: What stands on the page for what an answer means.
REFUSALS = {"no": "您没有做这件事的权限", "none": "没有找到这个页面"}


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


@pytest.fixture
def bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals as a number without a page: writing thousands of one and the same page proves nothing new.

    The pages themselves are read in the test that follows, by every role.
    """
    for status in (403, 404):
        bare = partial(refusal, status=status)
        monkeypatch.setattr(f"branchsys.urls.handler{status}", bare)


def refusal(_request: HttpRequest, exception: Exception, *, status: int) -> HttpResponse:
    return HttpResponse(str(exception), status=status)


@pytest.mark.usefixtures("bare_refusals")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_answer_is_the_one_in_the_table(row: Row, stage: Stage) -> None:
    asked = {"name": row.name, "thing": row.thing, "extra": row.extra}
    for method in row.methods.split():
        found = answers(stage.clients, stage.places, method=method, **asked)
        assert found == wanted(row), method


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_is_a_page_with_words_and_the_way_back(code: str, stage: Stage) -> None:
    said = {}
    for row in ROWS:
        kind = wanted(row).get("own", wanted(row).get("", {}))[code]
        if kind in ("no", "none") and kind not in said:
            said[kind] = refused(stage, code=code, row=row)
    assert REFUSALS["no"] in said["no"]
    assert REFUSALS["none"] in said.get("none", REFUSALS["none"])
    assert all('<a class="btn btn-primary" href="/">回到首页</a>' in page for page in said.values())


def refused(stage: Stage, *, code: str, row: Row) -> str:
    kwargs = {**(stage.places["own"].rows[row.thing] if row.thing else {}), **row.extra}
    answer = ask(
        stage.clients[code], reverse(row.name, kwargs=kwargs), method=row.methods.split()[0], data={}
    )
    return answer.content.decode()


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
