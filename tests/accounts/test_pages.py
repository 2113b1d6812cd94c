"""Every page of the accounts, in Chinese and in the product's own frame."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts import services
from apps.audit.actions import label_of
from tests.conftest import NOW

#: Words in Latin letters that belong on the pages: login names of the tests and a few terms of the trade.
KNOWN = {"qian", "sun", "wu", "testserver", "http", "accounts", "reset"}


def words_of(page: str) -> set[str]:
    """What a reader sees (and a screen reader reads) in Latin letters."""
    body = page[page.index("<title>") :]
    body = re.sub(r"<(script|style|code)[^>]*>.*?</\1>", " ", body, flags=re.S)
    seen = re.sub(r"<[^>]+>", " ", body) + " ".join(
        re.findall(r'(?:placeholder|aria-label|title)="([^"]*)"', body)
    )
    return set(re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", seen)))


@pytest.fixture
def everything(people, sign_in):
    desk, link = (
        sign_in(people.operator),
        services.issue_reset_link(person=people.user, actor=people.operator, now=NOW),
    )
    user, silent = [people.user.pk], [people.silent.pk]
    at_desk = [
        ("me", []),
        ("password_change", []),
        ("person_list", []),
        ("person_create", []),
        ("person_update", user),
        ("person_grant_login", silent),
        ("person_disable", user),
        ("person_issue_link", user),
        ("person_set_duty", user),
    ]
    pages = {name: desk.get(reverse(f"accounts:{name}", args=args)) for name, args in at_desk}
    pages["login"] = Client().get(reverse("accounts:login"))
    pages["password_reset_link"] = Client().get(reverse("accounts:password_reset_link", args=link))
    pages["dead"] = Client().get(reverse("accounts:password_reset_link", args=["x", "y"]))
    pages["wrong"] = Client().post(reverse("accounts:login"), {"username": "wu", "password": "错"})
    pages["empty"] = Client().post(reverse("accounts:login"), {"username": ""})
    for _ in range(5):
        pages["locked"] = Client().post(reverse("accounts:login"), {"username": "sun", "password": "错"})
    bad = {"old": "x", "new": "password", "again": "y"}
    pages["bad_change"] = desk.post(reverse("accounts:password_change"), bad)
    pages["bad_duty"] = desk.post(reverse("accounts:person_set_duty", args=user), {"duty": "皇帝"})
    pages["disabled"] = desk.post(reverse("accounts:person_disable", args=user), {"reason": "调离"})
    pages["enable"] = desk.get(reverse("accounts:person_enable", args=user))
    return pages


def test_every_page_is_in_chinese(everything):
    strange = {
        name: words_of(page.content.decode()) - KNOWN
        for name, page in everything.items()
        if page.status_code != 302
    }
    assert {name: words for name, words in strange.items() if words} == {}


def test_the_pages_answer_as_they_should(everything):
    codes = {name: page.status_code for name, page in everything.items()}
    refused = {"dead": 410, "wrong": 422, "empty": 422, "locked": 429, "bad_change": 422, "bad_duty": 422}
    assert codes == dict.fromkeys(codes, 200) | refused | {"disabled": 302}


@pytest.mark.django_db
def test_the_first_run_page_is_in_chinese():
    page = Client().get(reverse("accounts:setup")).content.decode()
    assert words_of(page) == set()
    assert "不得录入国家秘密" in page


def test_no_page_carries_inline_script_or_style(everything):
    for name, page in everything.items():
        text = page.content.decode()
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text), name


def test_every_action_of_the_accounts_has_a_chinese_name():
    from apps.accounts import services_setup  # noqa: F401 - registers its words

    for action in ("person.created", "account.signed_in", "account.locked_out", "system.set_up"):
        assert re.search(r"[\u4e00-\u9fff]", label_of(action))
