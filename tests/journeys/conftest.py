"""A real browser, one visitor per person, and an ear for everything the pages complain of."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from apps.accounts.models import User
from tests.journeys.browser import FLAGS
from tests.journeys.chromium import chromium_or_skip

PHONE = 390
SCREEN = 1280
HEIGHTS = {SCREEN: 900, PHONE: 844}
Visit = Callable[..., Page]


# Not the plugin's own `browser`: that one keeps its event loop to the end of the run, past this folder.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = chromium_or_skip()
    with sync_playwright() as playwright:
        # Like a browser at home: a page may come back as it was left, unless the server forbids it.
        kept = ["--disable-back-forward-cache"]
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, ignore_default_args=kept)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the pages of this journey complained of; not empty at the end means that the journey failed."""
    return []


@pytest.fixture
def requests() -> list[str]:
    """The addresses that the browser asked for in this journey."""
    return []


@pytest.fixture
def visit(chromium: Browser, live_server, complaints: list[str], requests: list[str]) -> Iterator[Visit]:
    """`visit(person=None, width=1280)`: a browser of one's own, signed in where a person is named.

    Nothing may leave the machine, and no page may break the content policy, in any journey.
    """
    contexts = []

    def enter(person: User | None = None, *, width: int = SCREEN) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=width == PHONE,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        if person is not None:
            context.add_cookies([{**session_of(person), "url": live_server.url}])
        page = context.new_page()
        listen(page, complaints=complaints, requests=requests)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert [url for url in requests if leaves_the_machine(url)] == []
    assert complaints == []


def session_of(person: User) -> dict[str, str]:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}


def listen(page: Page, *, complaints: list[str], requests: list[str]) -> None:
    """Hear what the pages, the content policy and the network say."""

    def hear(said: object) -> None:
        if said.type == "error" or "Content Security" in said.text:
            complaints.append(f"{urlsplit(page.url).path}: {said.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{urlsplit(page.url).path}: {error}"))
    page.on("request", lambda sent: requests.append(sent.url))


def leaves_the_machine(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob") and parts.hostname not in ("127.0.0.1", "localhost")


@pytest.fixture
def announce(record_property, capfd) -> Callable[[str, object], None]:
    """`announce(name, words)`: a figure for the reader of the run, shown although the test passes."""

    def say(name: str, words: object) -> None:
        record_property(name, str(words))
        with capfd.disabled():
            # The error channel, because a parallel worker's other channel belongs to the runner.
            sys.stderr.write(f"\n{name}: {words}\n")
            sys.stderr.flush()

    return say
