"""What the page tests share: the canaries and the address of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.members.rosters import id_number

SignIn = Callable[[User], Client]
PHONE, LANDLINE, ADDRESS = "19912345678", "0999-8765432", "青川镇幸福路七十二号"
SECRETS = (id_number(), PHONE, LANDLINE, ADDRESS)


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(f"members:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()
