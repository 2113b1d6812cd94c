"""Signing in and out: one text for every failure, throttling, and no way to be led elsewhere."""

import re
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from apps.accounts.services_signin import SignInFailed
from apps.audit.models import Deed
from tests.factories import PASSWORD, make_user

LOGIN = reverse("accounts:login")


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:me")).status_code == 200


def test_the_right_password_leads_to_the_first_page(people, enter, deeds):
    client, answer = enter("wu")
    assert (answer.status_code, answer.url) == (302, reverse("workbench:home"))
    assert is_in(client)
    assert deeds() == ["account.signed_in"]


@pytest.mark.parametrize("typed", ["WU", " wu ", "ｗｕ"])
def test_the_login_name_is_forgiving_about_case_and_width(people, enter, typed):
    client, _ = enter(typed)
    assert is_in(client)


def test_every_reason_to_refuse_gives_the_same_page(people, enter):
    make_user("冯停", username="feng", is_active=False)
    wrong = "不对的密码一二三"
    pages = set()
    for username, password in [("wu", wrong), ("nobody", wrong), ("feng", PASSWORD), ("feng", wrong)]:
        client, answer = enter(username, password)
        assert answer.status_code == 422
        assert not is_in(client)
        text = answer.content.decode()
        assert SignInFailed.default in text
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
        pages.add(text.replace(f'value="{username}"', ""))
    assert len(pages) == 1


def test_every_failure_costs_one_hash(people, enter, monkeypatch):
    """Otherwise the time of the answer would tell which login names exist."""
    make_user("冯停", username="feng", is_active=False)
    encode, calls = MD5PasswordHasher.encode, []
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: calls.append(1) or encode(self, *args)
    )
    costs = {}
    for username in ("wu", "nobody", "feng"):
        calls.clear()
        enter(username, "不对的密码一二三")
        costs[username] = len(calls)
    assert costs == {"wu": 1, "nobody": 1, "feng": 1}


def test_a_person_without_a_login_cannot_come_in_with_an_empty_name(people, enter):
    client, answer = enter("", "")
    assert answer.status_code == 422
    assert not is_in(client)


def test_a_failure_is_recorded_without_what_was_typed(people, enter):
    enter("wu", "不对的密码一二三")
    enter("wo-de-mima-123", "不对的密码一二三")
    rows = Deed.objects.filter(action="account.sign_in_failed").order_by("pk")
    assert [(row.actor_id, row.object_id) for row in rows] == [(None, people.user.pk), (None, None)]
    assert not any("mima" in f"{row.reason}{row.object_label}{row.changes}" for row in rows)


def test_after_five_failures_even_the_right_password_is_refused_at_this_address(people, enter, deeds):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        _, answer = enter("wu", "不对的密码一二三", REMOTE_ADDR="10.0.0.1")
        assert answer.status_code == 422
    _, fifth = enter("wu", "不对的密码一二三", REMOTE_ADDR="10.0.0.1")
    client, right = enter("wu", PASSWORD, REMOTE_ADDR="10.0.0.1")
    assert (fifth.status_code, right.status_code) == (429, 429)
    assert "请等 15 分钟后再试" in right.content.decode()
    assert right["Retry-After"] == "900"
    assert not is_in(client)
    assert deeds(people.user) == ["account.sign_in_failed"] * 4 + ["account.locked_out"]


def test_a_locked_name_still_comes_in_from_another_address(people, enter):
    for _ in range(6):
        enter("wu", "不对的密码一二三", REMOTE_ADDR="10.0.0.1")
    client, _ = enter("wu", REMOTE_ADDR="10.0.0.2")
    assert is_in(client)


def test_another_name_still_comes_in_from_the_same_address(people, enter):
    for _ in range(6):
        enter("wu", "不对的密码一二三", REMOTE_ADDR="10.0.0.1")
    client, _ = enter("qian", REMOTE_ADDR="10.0.0.1")
    assert is_in(client)


def test_attempts_while_locked_do_not_flood_the_trail(people, enter, deeds):
    for _ in range(20):
        enter("wu", "不对的密码一二三")
    assert len(deeds()) == settings.AXES_FAILURE_LIMIT


def test_a_success_forgets_the_failures_before_it(people, enter):
    for _ in range(4):
        enter("wu", "不对的密码一二三")
    enter("wu")
    _, answer = enter("wu", "不对的密码一二三")
    assert answer.status_code == 422


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    " //evil.example",
    "/%0d%0aLocation:%20//evil.example\r\n",
    "//evil。example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_never_leads_to_another_site(people, enter, target):
    _, answer = enter("wu", query=f"?next={quote(target)}")
    assert answer.status_code == 302
    assert urlsplit(answer.url).netloc == ""
    assert answer.url.startswith("/")
    assert not answer.url.startswith(("//", "/\\"))


def test_next_leads_back_to_the_page_that_was_asked_for(people, enter):
    asked = Client().get(reverse("accounts:me") + "?page=2")
    assert asked.url == f"{LOGIN}?next=/accounts/me/%3Fpage%3D2"
    _, answer = enter("wu", query="?next=/accounts/me/%3Fpage%3D2")
    assert answer.url == "/accounts/me/?page=2"


def test_who_is_in_is_led_past_the_sign_in_page(people, enter):
    client, _ = enter("wu")
    assert client.get(LOGIN).url == reverse("workbench:home")


def test_signing_out_is_a_post_and_ends_the_session(people, enter, deeds):
    client, _ = enter("wu")
    assert client.get(reverse("accounts:logout")).status_code == 405
    assert is_in(client)
    answer = client.post(reverse("accounts:logout"))
    assert answer.url == LOGIN
    assert not is_in(client)
    assert deeds() == ["account.signed_in", "account.signed_out"]


def test_signing_in_needs_the_csrf_token(people, enter):
    client, answer = enter("wu", client=Client(enforce_csrf_checks=True))
    assert answer.status_code == 403
    assert not is_in(client)


def test_a_disabled_account_is_out_at_once(people, enter):
    client, _ = enter("wu")
    people.user.is_active = False
    people.user.save()
    assert not is_in(client)


def test_the_sign_in_page_warns_of_state_secrets_and_is_never_stored(people):
    answer = Client().get(LOGIN)
    assert "不得录入国家秘密" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
