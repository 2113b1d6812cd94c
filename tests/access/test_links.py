"""Nobody is offered an address that refuses him: every link of every page in reach is followed.

Those outside a planted talk are walked with in `talks/test_secrecy`, which asks the same of every page.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, resolve

from tests.access.conftest import Stage
from tests.access.world import CODES

#: So that the database is set up and a walk leaves nothing behind; the rows themselves are the stage's.
pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="(/[^"#]*)"')
#: Pages of one view that are opened; they differ in what they show.
OF_ONE_SHAPE = 2
NOT_FOLLOWED = ("/static/", "/accounts/logout/")
IN_THE_TALK = ("me", "gl")
WALKED_ELSEWHERE = set(CODES) - set(IN_THE_TALK)


def links_in(answer: HttpResponse) -> list[str]:
    if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
        return []
    found = [href.replace("&amp;", "&") for href in LINK.findall(answer.content.decode())]
    return [href for href in found if not href.startswith(NOT_FOLLOWED)]


def shape_of(url: str) -> str:
    """The view behind an address and what it is asked, without the numbers and words that differ."""
    path, _, query = url.partition("?")
    try:
        view = resolve(path).view_name
    except Resolver404:
        return url
    return f"{view} {sorted(part.partition('=')[0] for part in query.split('&'))}"


@pytest.mark.parametrize("code", IN_THE_TALK)
def test_every_link_of_every_page_opens(code: str, stage: Stage) -> None:
    client, waiting, shapes = stage.clients[code], ["/"], Counter()
    seen: set[str] = set()
    refused = []
    while waiting:
        url = waiting.pop()
        shape = shape_of(url)
        if url in seen or shapes[shape] == OF_ONE_SHAPE:
            continue
        seen.add(url)
        shapes[shape] += 1
        answer = client.get(url, follow=True)
        if answer.status_code >= 400:
            refused.append((url, answer.status_code))
        if answer.streaming:
            b"".join(answer.streaming_content)
        waiting += links_in(answer)
    assert refused == []
    assert len(seen) > 5
