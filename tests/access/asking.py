"""Asking for one address as one person, without leaving a trace."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.access.world import CODES, PLACES, Things
from tests.conftest import Cast

#: What an answer means: the page or its form (ok), in reach but not allowed (no), or out of reach (none).
MEANING = {403: "no", 404: "none", 405: "wrong method"}


def client_of(cast: Cast, code: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(cast[CODES[code]], backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(client: Client, url: str, *, method: str, data: dict[str, Any]) -> HttpResponse:
    signed_in = copy(client.cookies)
    with transaction.atomic():
        answer = getattr(client, method)(url, data)
        if answer.streaming:
            # Read to its end, a file is closed; `close()` would close the database of the test as well.
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    client.cookies = signed_in
    return answer


def meaning_of(answer: HttpResponse) -> str:
    return MEANING.get(answer.status_code, "ok")


def answers(
    clients: dict[str, Client],
    world: dict[str, Things],
    *,
    name: str,
    thing: str,
    method: str,
    extra: dict[str, Any],
) -> dict[str, dict[str, str]]:
    """{place: {role: meaning}} for an address; the one place "" where it names no thing."""
    found: dict[str, dict[str, str]] = {}
    for place in PLACES if thing else ("",):
        kwargs = {**(world[place].rows[thing] if thing else {}), **extra}
        url = reverse(name, kwargs=kwargs)
        found[place] = {
            code: meaning_of(ask(client, url, method=method, data={})) for code, client in clients.items()
        }
    return found
