"""People for the account tests: one operator, one auditor, one ordinary account, one without a login."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Deed
from tests.factories import PASSWORD, make_user


@pytest.fixture
def people(db) -> SimpleNamespace:
    return SimpleNamespace(
        operator=make_user("钱运维", username="qian", is_operator=True),
        auditor=make_user("孙审计", username="sun", is_auditor=True),
        user=make_user("吴向前", username="wu"),
        silent=make_user("卫青松"),
    )


@pytest.fixture
def enter():
    """`enter("wu")` goes through the sign-in page and gives the client and the answer."""

    def go(username: str, password: str = PASSWORD, *, client: Client | None = None, query: str = "", **more):
        client = client or Client()
        data = {"username": username, "password": password}
        return client, client.post(reverse("accounts:login") + query, data, **more)

    return go


@pytest.fixture
def deeds():
    """The actions in the trail, oldest first."""

    def actions(person: User | None = None) -> list[str]:
        rows = Deed.objects.order_by("pk")
        if person is not None:
            rows = rows.filter(object_id=person.pk)
        return list(rows.values_list("action", flat=True))

    return actions
