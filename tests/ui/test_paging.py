"""Keyset pages: every row once, in order, both ways, whatever the mixture of directions and gaps."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.ui import paging
from apps.ui.paging import address, capped_count, page_of

ORDERS = [
    ["pk"],
    ["-pk"],
    ["name", "pk"],
    ["-name", "-pk"],
    ["name", "-pk"],
    ["-is_active", "name", "-pk"],
    ["username", "pk"],
    ["-username", "pk"],
    ["username", "-created_at", "-pk"],
    ["-created_at", "username", "pk"],
]


@pytest.fixture
def crowd(db) -> int:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    people = [
        User(name=f"人{n % 7}", username=f"user{n:03}" if n % 3 else None, is_active=n % 5 > 1, pinyin=f"{n}")
        for n in range(117)
    ]
    for person in User.objects.bulk_create(people):
        User.objects.filter(pk=person.pk).update(created_at=start + timedelta(days=int(person.pinyin) % 11))
    return len(people)


def get(url: str = "/people/"):
    return RequestFactory().get(url)


def page(url: str, order: list[str], queryset=None):
    queryset = User.objects.all() if queryset is None else queryset
    return page_of(get(url), queryset=queryset, scope=queryset, order=order)


def walk(url: str, order: list[str], *, direction: str) -> list[list[int]]:
    pages = []
    while url:
        shown = page(url, order)
        pages.append([row.pk for row in shown.rows])
        url = getattr(shown, direction)
    return pages


def expected(order: list[str]) -> list[int]:
    """The same order computed in Python: an empty value is the lowest."""
    rows = list(User.objects.all())
    for term in reversed(order):
        name = term.removeprefix("-")
        rows.sort(
            key=lambda row: (getattr(row, name) is not None, getattr(row, name) or 0),
            reverse=term.startswith("-"),
        )
    return [row.pk for row in rows]


@pytest.mark.parametrize("order", ORDERS, ids=",".join)
def test_next_page_after_next_page_shows_every_row_once_in_order(crowd, order):
    pages = walk("/people/", order, direction="next_url")

    assert [pk for pks in pages for pk in pks] == expected(order)
    assert [len(pks) for pks in pages] == [25, 25, 25, 25, 17]


@pytest.mark.parametrize("order", ORDERS, ids=",".join)
def test_previous_page_from_the_last_leads_back_over_the_same_rows(crowd, order):
    pages = walk("/people/?end=1", order, direction="previous_url")

    wanted = expected(order)
    assert pages[0] == wanted[-25:]
    assert pages[1:4] == [wanted[-50:-25], wanted[-75:-50], wanted[-100:-75]]
    assert pages[-1] == wanted[:25]


def test_the_first_page_has_no_way_back_and_the_last_no_way_on(crowd):
    first, last = page("/people/", ["-pk"]), page("/people/?end=1", ["-pk"])

    assert (first.first_url, first.previous_url) == ("", "")
    assert (last.next_url, last.last_url) == ("", "")
    assert first.last_url == "/people/?end=1"
    assert last.first_url == "/people/"


def test_a_single_page_has_no_links(db):
    User.objects.create(name="一人")

    shown = page("/people/", ["-pk"])

    assert (shown.first_url, shown.previous_url, shown.next_url, shown.last_url) == ("", "", "", "")


def test_links_keep_the_filter_and_drop_empty_words(crowd):
    shown = page("/people/?name=人&is_active=&after=", ["-pk"])

    assert shown.next_url == f"/people/?name=%E4%BA%BA&after={shown.rows[-1].pk}"


def test_the_address_carries_a_key_and_no_name(crowd):
    shown = page("/people/", ["name", "pk"])

    assert re.fullmatch(r"/people/\?after=\d+", shown.next_url)


@pytest.mark.parametrize(
    "cursor", ["after=999999", "before=999999", "after=abc", "before=%00", "after=" + "9" * 40]
)
def test_a_boundary_that_is_gone_or_forged_leads_to_the_first_page(crowd, cursor):
    shown = page(f"/people/?{cursor}", ["name", "pk"])

    assert [row.pk for row in shown.rows] == expected(["name", "pk"])[:25]
    assert shown.previous_url == ""


def test_a_boundary_out_of_scope_is_not_looked_up(crowd):
    hidden = User.objects.create(name="隐")
    scope = User.objects.exclude(pk=hidden.pk)

    shown = page_of(get(f"/?after={hidden.pk}"), queryset=scope, scope=scope, order=["name", "pk"])

    assert [row.pk for row in shown.rows] == [pk for pk in expected(["name", "pk"]) if pk != hidden.pk][:25]


def test_a_boundary_that_left_the_filter_still_marks_its_place(crowd):
    wanted = expected(["-pk"])
    active = User.objects.filter(is_active=True)
    boundary = wanted[24]
    User.objects.filter(pk=boundary).update(is_active=False)

    shown = page_of(get(f"/?after={boundary}"), queryset=active, scope=User.objects.all(), order=["-pk"])

    assert shown.rows[0].pk == active.filter(pk__lt=boundary).order_by("-pk").first().pk


def test_a_page_that_shrank_on_the_way_back_becomes_the_first_page(crowd):
    third = User.objects.order_by("-pk")[3]

    shown = page(f"/people/?before={third.pk}", ["-pk"])

    assert [row.pk for row in shown.rows] == expected(["-pk"])[:25]
    assert shown.previous_url == ""


def test_an_annotation_can_be_ordered_by(crowd):
    people = User.objects.annotate(title=Concat(F("name"), Value("同志")))

    first = page("/people/", ["title", "-pk"], people)
    second = page(first.next_url, ["title", "-pk"], people)

    assert [row.pk for row in [*first.rows, *second.rows]] == expected(["name", "-pk"])[:50]


def test_no_page_uses_an_offset_and_one_direction_compares_rows(crowd):
    middle = expected(["name", "pk"])[60]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(f"/people/?after={middle}", ["name", "pk"])
        page("/people/?end=1", ["name", "pk"])

    statements = [query["sql"] for query in queries]
    assert not any("OFFSET" in sql for sql in statements)
    assert '("accounts_user"."name", "accounts_user"."id") > (' in statements[1]
    assert len(statements) == 3


def test_counting_stops_at_the_cap(crowd, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_CAP", 116)
    assert capped_count(User.objects.all()) == "超过 116 条"

    monkeypatch.setattr(paging, "COUNT_CAP", 117)
    assert capped_count(User.objects.all()) == "共 117 条"


def test_an_address_without_words_has_no_question_mark():
    assert address(get("/people/?after=3&name=")) == "/people/"


def test_a_list_that_fits_on_one_page_is_not_counted_again(crowd, django_assert_num_queries):
    few = User.objects.filter(name="人1")
    shown = page("/people/", ["pk"], few)
    with django_assert_num_queries(0):
        assert capped_count(few, page=shown) == "共 17 条"


def test_rows_that_stand_first_are_asked_alone_while_they_fill_the_page(crowd):
    order, everybody, first = ["-is_active", "pk"], User.objects.all(), User.objects.filter(is_active=True)
    url, seen, costs = "/people/", [], []
    while url:
        with CaptureQueriesContext(connection) as queries:
            shown = page_of(get(url), queryset=everybody, scope=everybody, order=order, first=first)
        seen += [row.pk for row in shown.rows]
        costs.append(len(queries))
        url = shown.next_url

    assert seen == expected(order)
    assert costs == [1, 2, 3, 3, 3]  # the boundary row, and the others once those that stand first run out


def test_a_page_after_the_last_row_is_the_first_page(crowd):
    last = expected(["pk"])[-1]

    assert [row.pk for row in page(f"/people/?after={last}", ["pk"]).rows] == expected(["pk"])[:25]
