"""One world for all tests of a module: each request is rolled back, so nobody leaves a trace in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from apps.ledger.services import recount_all
from tests.access.asking import client_of
from tests.access.world import CODES, Things, world_of
from tests.conftest import NOW, make_cast, set_today


@dataclass(frozen=True)
class Stage:
    """Three places with one of every thing, and everybody signed in."""

    places: dict[str, Things]
    clients: dict[str, Client]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        set_today(patch, NOW)
        cast = make_cast()
        places = world_of(cast)
        recount_all(years=[NOW.year])
        yield Stage(places, {code: awake(client_of(cast, code)) for code in CODES})
        transaction.set_rollback(True)


def awake(client: Client) -> Client:
    """Somebody who was here a moment ago; else each request, as it is undone, would write his session."""
    client.get(reverse("accounts:me"))
    return client
