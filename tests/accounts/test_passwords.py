"""Changing a password, and the one-time link that an operator issues."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.accounts import services
from apps.accounts.models import User
from apps.accounts.services_signin import DeadLink, set_password_with_link
from tests.conftest import NOW, set_today
from tests.factories import PASSWORD

CHANGE = reverse("accounts:password_change")
ME = reverse("accounts:me")
NEW = "冬天的第3场大雪落下来"


def change(client: Client, *, old: str = PASSWORD, new: str = NEW, again: str | None = None):
    return client.post(CHANGE, {"old": old, "new": new, "again": again or new})


def issue(person: User, operator: User | None) -> str:
    link = services.issue_reset_link(person=person, actor=operator, now=NOW)
    return reverse("accounts:password_reset_link", args=link)


def use(url: str, password: str = NEW, client: Client | None = None):
    return (client or Client()).post(url, {"new": password, "again": password})


def test_the_rules_are_shown_before_anybody_types(people, sign_in):
    text = sign_in(people.user).get(CHANGE).content.decode()
    for rule in ["至少 10 个字", "不能全是数字", "不能是常见密码", "姓名、拼音或登录名相似"]:
        assert rule in text


def test_the_rules_in_words_are_the_rules_of_the_settings():
    rules = {
        rule["NAME"].rpartition(".")[2]: rule.get("OPTIONS", {}) for rule in settings.AUTH_PASSWORD_VALIDATORS
    }
    assert rules == {
        "MinimumLengthValidator": {"min_length": 10},
        "UserAttributeSimilarityValidator": {"user_attributes": ("username", "name", "pinyin")},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }


def test_a_change_keeps_this_session_and_ends_the_others(people, enter, deeds):
    here, _ = enter("wu")
    there, _ = enter("wu")
    answer = change(here)
    assert answer.url == ME
    assert here.get(ME).status_code == 200
    assert there.get(ME).status_code == 302
    assert enter("wu", NEW)[1].status_code == 302
    assert enter("wu", PASSWORD)[1].status_code == 422
    assert deeds()[2] == "account.password_changed"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"old": "不是原来的密码"}, "原密码不正确"),
        ({"new": "太短"}, "密码太短"),
        ({"new": "1234567890987"}, "密码不能全是数字"),
        ({"new": "password123"}, "这个密码太常见"),
        ({"new": "wuxiangqian"}, "太相似"),
        ({"new": PASSWORD}, "新密码不能与原密码相同"),
        ({"again": "另一句话另一句话"}, "两次输入的密码不一致"),
    ],
)
def test_a_bad_change_is_refused_in_words_and_changes_nothing(people, sign_in, given, message):
    client = sign_in(people.user)
    answer = change(client, **given)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    people.user.refresh_from_db()
    assert people.user.check_password(PASSWORD)


def test_guessing_the_old_password_is_throttled(people, sign_in):
    client = sign_in(people.user)
    answers = [change(client, old="不是原来的密码").status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 429, 429]
    assert change(client).status_code == 429


def test_a_password_may_be_long(people, sign_in):
    assert change(sign_in(people.user), new="长" * 64).status_code == 302


def test_who_must_change_the_password_gets_no_further_until_it_is_done(people, enter):
    people.user.must_change_password = True
    people.user.save()
    client, _ = enter("wu")
    assert client.get(ME).url == CHANGE
    assert client.get("/members/").url == CHANGE
    fragment = client.get("/members/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (401, CHANGE)
    assert "请先设置您自己的密码" in client.get(CHANGE).content.decode()
    assert change(client).url == ME
    assert client.get(ME).status_code == 200


def test_who_must_change_the_password_can_still_sign_out(people, enter):
    people.user.must_change_password = True
    people.user.save()
    client, _ = enter("wu")
    assert client.post(reverse("accounts:logout")).url == reverse("accounts:login")


def test_a_link_sets_the_password_once(people, enter, deeds):
    url = issue(people.user, people.operator)
    assert "至少 10 个字" in Client().get(url).content.decode()
    answer = use(url)
    assert answer.url == reverse("accounts:login")
    assert enter("wu", NEW)[1].status_code == 302
    for again in (Client().get(url), use(url, "另外一句别的话换一换")):
        assert again.status_code == 410
        assert "已经用过" in again.content.decode()
    assert enter("wu", NEW)[1].status_code == 302
    assert deeds(people.user)[:2] == ["account.reset_link_issued", "account.password_set_by_link"]


def test_two_who_open_the_link_at_once_cannot_both_use_it(people, monkeypatch):
    """The second passes the first look, as if both had read together, and is stopped at the locked row."""
    link = services.issue_reset_link(person=people.user, actor=people.operator, now=NOW)
    before = User.objects.get(pk=people.user.pk)
    set_password_with_link(link=link, password=NEW, now=NOW)
    monkeypatch.setattr("apps.accounts.services_signin.person_of_link", lambda _link, **_: before)
    with pytest.raises(DeadLink):
        set_password_with_link(link=link, password="另外一句别的话换一换", now=NOW)


def test_a_weak_password_does_not_use_up_the_link(people):
    url = issue(people.user, people.operator)
    assert use(url, "123").status_code == 422
    assert use(url).status_code == 302


def test_a_link_dies_after_24_hours(people, monkeypatch):
    url = issue(people.user, people.operator)
    set_today(monkeypatch, NOW + timedelta(hours=24) - timedelta(seconds=1))
    assert Client().get(url).status_code == 200
    set_today(monkeypatch, NOW + timedelta(hours=24))
    assert Client().get(url).status_code == 410
    assert use(url).status_code == 410


def test_a_newer_link_ends_the_older_one(people):
    older = issue(people.user, people.operator)
    link = services.issue_reset_link(
        person=people.user, actor=people.operator, now=NOW + timedelta(seconds=1)
    )
    assert Client().get(older).status_code == 410
    assert Client().get(reverse("accounts:password_reset_link", args=link)).status_code == 200


def test_a_link_dies_when_the_person_signs_in_or_is_disabled(people, enter):
    url = issue(people.user, people.operator)
    enter("wu")
    assert Client().get(url).status_code == 410
    url = issue(people.user, people.operator)
    services.disable(person=people.user, reason="调离", actor=people.operator)
    assert Client().get(url).status_code == 410
    services.enable(person=people.user, actor=people.operator)
    assert Client().get(url).status_code == 410


def test_a_link_of_one_person_does_not_open_another(people):
    mine = services.issue_reset_link(person=people.user, actor=people.operator, now=NOW)
    other = services.issue_reset_link(person=people.auditor, actor=people.operator, now=NOW)
    assert (
        Client().get(reverse("accounts:password_reset_link", args=[other.uid, mine.token])).status_code == 410
    )


@pytest.mark.parametrize("uid", ["x", "MQ", "OTk5OTk5", "____", "LTE"])
def test_made_up_links_are_refused_in_words(people, uid):
    answer = Client().get(reverse("accounts:password_reset_link", args=[uid, "c9-abc"]))
    assert answer.status_code == 410


def test_a_reset_ends_all_sessions_and_a_lock(people, enter):
    client, _ = enter("wu")
    for _ in range(6):
        enter("wu", "不对的密码一二三")
    url = issue(people.user, people.operator)
    use(url)
    assert client.get(ME).status_code == 302
    assert enter("wu", NEW)[1].status_code == 302


def test_the_person_is_told_once_who_issued_the_link(people, enter):
    use(issue(people.user, people.operator))
    client, _ = enter("wu", NEW)
    notice = "链接由操作员钱运维签发"
    text = client.get(ME).content.decode()
    assert notice in text
    assert "2026年11月20日 10:30" in text
    assert notice not in client.get(ME).content.decode()
    client, _ = enter("wu", NEW)
    assert notice not in client.get(ME).content.decode()


def test_the_first_password_of_an_account_is_no_news(people, enter):
    person = services.grant_login(person=people.silent, username="wei", actor=people.operator)
    use(issue(person, people.operator))
    client, _ = enter("wei", NEW)
    assert "重新设置" not in client.get(ME).content.decode()


def test_the_tokens_time_limit_equals_the_one_that_the_page_names():
    assert settings.PASSWORD_RESET_TIMEOUT == 24 * 3600
