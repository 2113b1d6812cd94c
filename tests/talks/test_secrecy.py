"""Planted words stand nowhere but in their talk, and no query of a list or of an upper role asks for them.

Every page in reach of every role is opened by following every link, and none of them refuses whom it was
offered to: the same walk proves both (`access/test_links` walks for those who are in the talk).
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any
from urllib.parse import unquote

import pytest
from django.apps import apps as django_apps
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.views.debug import ExceptionReporter
from pytest_django.plugin import DjangoDbBlocker

from apps.audit.models import Deed
from apps.ledger import facts
from apps.ledger.services import recount_all
from apps.members.models import Member
from apps.standards import queries_record
from apps.talks import policies, views_write
from apps.talks.models import Talk, TalkContent
from apps.workbench import queries
from tests.access.asking import client_of
from tests.access.test_links import WALKED_ELSEWHERE, links_in, shape_of
from tests.access.world import CODES, world_of
from tests.conftest import NOW, Cast, make_cast, set_today
from tests.talks.conftest import CANARIES
from tests.talks.talking import make_talk

TABLE = TalkContent._meta.db_table
#: Those who are not in the planted talk.
OUTSIDE = sorted(WALKED_ELSEWHERE)
#: Statements are listened to, so no page may be answered from what an earlier test made the process remember.
MEMORIES = (facts._kept, facts._talk_stand, queries._judged, queries_record._kept)
OF_ONE_SHAPE = 3
PLANTED = 3


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SQL statement that is run, with its values."""
    said: list[str] = []

    def listen(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append(f"{sql} {params}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield said


def body_of(answer: HttpResponse) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def pages_of(client: Client, *, starts: list[str]) -> Iterator[tuple[str, HttpResponse]]:
    """Every page that links lead to."""
    waiting, shapes = list(starts), Counter()
    seen: set[str] = set()
    while waiting:
        url = waiting.pop()
        shape = shape_of(url)
        if url in seen or (url not in starts and shapes[shape] == OF_ONE_SHAPE):
            continue
        seen.add(url)
        shapes[shape] += 1
        answer = client.get(url, follow=True)
        waiting += links_in(answer)
        yield url, answer


def hits(text: str) -> list[str]:
    return [name for name, words in CANARIES.items() if words in text]


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """Words in a talk of two people of our branch, and in a reminder talk between the same."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        set_today(patch, NOW)
        cast = make_cast()
        world_of(cast)
        for fields in ({}, {"occasion": "reminder"}, {"state": "closed", "closed_on": "2026-11-12"}):
            make_talk(cast.members["member"], cast.members["group_leader"], words=CANARIES, **fields)
        recount_all(years=[2026])
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def planted(written: Cast, db: None) -> Cast:
    """The same rows for every test, which undoes its own changes; what was read for another is forgotten."""
    for kept in MEMORIES:
        kept.cache_clear()
    return deepcopy(written)


@pytest.mark.parametrize("code", OUTSIDE)
def test_nobody_outside_meets_a_planted_word_or_asks_for_its_table(code: str, planted) -> None:
    pk, names = Talk.objects.latest("pk").pk, ("detail", "print", "update", "close")
    starts = ["/", *(reverse(f"talks:{name}", args=[pk]) for name in names)]
    starts += [f"{reverse('talks:list')}?name={CANARIES['topic']}", f"/members/?text={CANARIES['life']}"]
    found, refused, count = [], [], 0
    with statements() as said:
        for url, answer in pages_of(client_of(planted, code), starts=starts):
            # What the reader typed himself comes back in his own search box.
            found += [(url, name) for name in hits(body_of(answer)) if CANARIES[name] not in unquote(url)]
            if answer.status_code >= 400 and url not in starts[1:]:
                refused.append((url, answer.status_code))
            count += 1
    assert found == []
    assert refused == []
    assert count > 10
    asked = {sql for sql in said if TABLE in sql}
    assert {sql for sql in asked if not sql.endswith(own_readings(planted, code))} == set()
    assert asked == set() or code in ("se", "st")


def own_readings(cast: Cast, code: str) -> tuple[str, ...]:
    """How a statement ends that asks for a talk of one's own, or one opened to the secretary."""
    user = cast[CODES[code]]
    readable = [talk.pk for talk in policies.visible_talks(user) if policies.can_read(user, talk)]
    assert not set(readable) & set(Talk.objects.order_by("-pk").values_list("pk", flat=True)[:PLANTED])
    return tuple(f"({pk},)" for pk in readable)


@pytest.mark.parametrize("code", ["me", "gl"])
def test_the_two_read_it_on_its_own_pages_only(code: str, planted) -> None:
    own = {talk.pk for talk in Talk.objects.all()}
    pages = "|".join(map(str, own))
    allowed = re.compile(rf"^/talks/(({pages})/(print/|update/)?|export/)$")
    elsewhere, reading = [], 0
    for url, answer in pages_of(client_of(planted, code), starts=["/", *addresses_of_talks(own)]):
        if hits(body_of(answer)):
            reading += 1
            elsewhere += [] if allowed.match(url) else [url]
    assert elsewhere == []
    assert reading >= 6


def addresses_of_talks(pks: set[int]) -> list[str]:
    return [reverse(f"talks:{name}", args=[pk]) for pk in pks for name in ("detail", "print", "update")]


@pytest.mark.parametrize("code", ["me", "gl"])
def test_lists_the_map_and_the_first_page_of_the_two_never_ask_for_the_table(code: str, planted) -> None:
    client = client_of(planted, code)
    urls = ["/", *map(reverse, ("talks:mine", "talks:must_list", "talks:log", "talks:plan", "tasks:list"))]
    with statements() as said:
        for url in urls:
            assert client.get(url).status_code == 200
    assert [sql for sql in said if TABLE in sql] == []


def test_the_trail_holds_no_word_after_everything_that_can_be_done(planted, sign_in) -> None:
    talk = Talk.objects.latest("pk")
    client, pk = sign_in(planted["member"]), [talk.pk]
    form = {"held_on": "2026-11-10", "way": "in_person", "version": talk.version, **CANARIES}
    client.get(reverse("talks:detail", args=pk))
    assert client.post(reverse("talks:update", args=pk), form).status_code == 302
    client.post(reverse("talks:open", args=pk))
    client.post(reverse("talks:take_back", args=pk))
    new = {**CANARIES, "partner": planted.members["deputy"].pk, "occasion": "care", "held_on": "2026-11-10"}
    new |= {"way": "visit", "idempotency_key": "6f1f7d2e-53a6-4b51-8df0-6b0c2f3f0c11"}
    assert client.post(reverse("talks:log"), new).status_code == 302
    made = Talk.objects.latest("pk")
    close = {"closed_on": "2026-11-20", "result": CANARIES["result"]}
    assert client.post(reverse("talks:close", args=[made.pk]), close).status_code == 302
    deeds = [str(row) for row in Deed.objects.values()]
    assert len(deeds) >= 6
    assert [deed for deed in deeds if hits(deed)] == []
    assert [deed for deed in deeds if "提醒" in deed or "reminder" in deed] == []


def test_an_export_of_members_and_of_the_trail_holds_no_word(planted, sign_in) -> None:
    trail = sign_in(planted["auditor"]).get(reverse("audit:deed_list")).content.decode()
    assert hits(trail) == []
    with statements() as said:
        dump = io.StringIO()
        call_command("dumpdata", "members", "tasks", "audit", "ledger", "branches", stdout=dump)
    assert hits(dump.getvalue()) == []
    assert [sql for sql in said if TABLE in sql] == []


def test_a_dump_of_the_talks_themselves_holds_only_sealed_words(planted) -> None:
    dump = io.StringIO()
    call_command("dumpdata", "talks", stdout=dump)
    assert TABLE.replace("_", ".") in dump.getvalue()
    assert hits(dump.getvalue()) == []


def test_no_model_of_talks_is_in_the_admin_panel() -> None:
    models = set(django_apps.get_app_config("talks").get_models())
    assert models & set(admin.site._registry) == set()


@pytest.mark.parametrize("name", ["log", "update", "hold", "close"])
def test_a_crash_shows_and_logs_no_word(planted, monkeypatch, caplog, name: str) -> None:
    """Neither to the reader nor in the log, where the traceback would stand."""
    talk = Talk.objects.filter(state="held").latest("pk")
    Talk.objects.filter(pk=talk.pk).update(state="planned" if name == "hold" else "held")

    def crash(**_given: object) -> None:
        raise RuntimeError("boom")

    service = {"log": "log_talks", "update": "update_talk", "hold": "hold_talk", "close": "close_talk"}[name]
    monkeypatch.setattr(views_write.services, service, crash)
    client = Client(raise_request_exception=False)
    client.force_login(planted["member"], backend="django.contrib.auth.backends.ModelBackend")
    form = {**CANARIES, "partner": planted.members["deputy"].pk, "occasion": "care", "way": "visit"}
    form |= {"held_on": "2026-11-10", "closed_on": "2026-11-10", "version": talk.version}
    form |= {"idempotency_key": "6f1f7d2e-53a6-4b51-8df0-6b0c2f3f0c11"}
    url = reverse("talks:log") if name == "log" else reverse(f"talks:{name}", args=[talk.pk])
    with caplog.at_level(logging.DEBUG):
        answer = client.post(url, form)
    assert answer.status_code == 500
    assert hits(answer.content.decode()) == []
    assert hits(caplog.text) == []


def test_a_report_of_the_crash_hides_what_was_posted(planted, rf, monkeypatch, settings) -> None:
    """What Django would mail to an administrator, local variables and all."""
    monkeypatch.setattr(views_write.services, "log_talks", lambda **_: 1 / 0)
    settings.DEBUG = False
    form = {**CANARIES, "partner": planted.members["deputy"].pk, "occasion": "care", "way": "visit"}
    form |= {"held_on": "2026-11-10", "idempotency_key": "6f1f7d2e-53a6-4b51-8df0-6b0c2f3f0c11"}
    request = rf.post(reverse("talks:log"), form)
    request.user = planted["member"]
    try:
        views_write.log(request)
    except ZeroDivisionError as error:
        report = ExceptionReporter(request, type(error), error, error.__traceback__).get_traceback_text()
    assert "ZeroDivisionError" in report
    assert hits(report) == []


def test_no_word_is_in_an_address(planted, sign_in) -> None:
    answer = sign_in(planted["member"]).get(reverse("talks:log"), {"topic": CANARIES["topic"]})
    assert hits(answer.content.decode()) == []


def test_the_ledger_and_its_recount_never_ask_for_the_table(planted) -> None:
    with statements() as said:
        recount_all(years=[2026])
    assert said
    assert [sql for sql in said if TABLE in sql] == []


def test_the_statements_are_really_heard(planted, sign_in) -> None:
    talk = Talk.objects.latest("pk")
    with statements() as said:
        sign_in(planted["member"]).get(reverse("talks:detail", args=[talk.pk]))
    assert [sql for sql in said if TABLE in sql] != []
    assert Member.objects.exists()
    assert settings.TALK_CONTENT_YEARS == 5
