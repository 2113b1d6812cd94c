"""The gallery's address list and templates, and a reader who is signed in to it."""

import copy
from pathlib import Path

import pytest
from django.test import Client

from apps.accounts.models import User

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def gallery(settings) -> None:
    settings.ROOT_URLCONF = "tests.ui.urls"
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], HERE / "templates"]
    # Apps above this one have addresses that the gallery does not have: without their menu and middleware.
    templates[0]["OPTIONS"]["context_processors"].remove("apps.workbench.navigation.menu")
    settings.TEMPLATES = templates
    settings.MIDDLEWARE = [
        path for path in settings.MIDDLEWARE if path.startswith("apps.ui.") or not path.startswith("apps.")
    ]


@pytest.fixture
def person(db) -> User:
    return User.objects.create(name="吴向前", username="reader")


@pytest.fixture
def reader(client: Client, person: User) -> Client:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client
