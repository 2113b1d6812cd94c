"""Sessions: stored under a hash, a new key at sign-in, an end after 30 idle minutes and after 8 hours."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.sessions import SessionStore, stored_key
from tests.conftest import NOW, set_today

ME = reverse("accounts:me")
COOKIE = settings.SESSION_COOKIE_NAME


@pytest.fixture
def at(monkeypatch):
    """`at(minutes=31)` turns the clock to that long after the beginning."""
    return lambda **after: set_today(monkeypatch, NOW + timedelta(**after))


def test_the_key_in_the_database_does_not_work_as_a_cookie(people, enter):
    client, _ = enter("wu")
    row = Session.objects.get()
    assert row.session_key != client.cookies[COOKIE].value
    thief = Client()
    thief.cookies[COOKIE] = row.session_key
    assert thief.get(ME).status_code == 302
    thief.cookies[COOKIE] = client.cookies[COOKIE].value
    assert thief.get(ME).status_code == 200


def test_the_key_changes_at_sign_in_and_the_old_one_is_worthless(people, enter):
    planted = SessionStore()
    planted["planted"] = True
    planted.save()
    client = Client()
    client.cookies[COOKIE] = planted.session_key
    client, _ = enter("wu", client=client)
    assert client.cookies[COOKIE].value != planted.session_key
    assert client.get(ME).status_code == 200
    attacker = Client()
    attacker.cookies[COOKIE] = planted.session_key
    assert attacker.get(ME).status_code == 302


@pytest.mark.django_db
def test_the_store_saves_loads_cycles_and_deletes():
    store = SessionStore()
    store["colour"] = "红"
    store.save()
    key = store.session_key
    assert Session.objects.get().session_key == stored_key(key)
    assert SessionStore(key)["colour"] == "红"
    assert store.exists(key)
    assert not store.exists(stored_key(key))
    assert SessionStore(stored_key(key)).load() == {}
    store.cycle_key()
    assert store.session_key != key
    assert store["colour"] == "红"
    assert not store.exists(key)
    store["colour"] = "绿"
    store.save()
    assert Session.objects.count() == 1
    store.delete()
    assert Session.objects.count() == 0


@pytest.mark.django_db
def test_deleting_by_key_needs_the_real_key():
    store = SessionStore()
    store.save()
    store.delete(stored_key(store.session_key))
    assert Session.objects.count() == 1
    store.delete(store.session_key)
    assert Session.objects.count() == 0


@pytest.mark.django_db
def test_an_unknown_key_is_not_adopted():
    store = SessionStore("x" * 32)
    assert store.load() == {}
    assert store.session_key is None


@pytest.mark.django_db
def test_clear_expired_removes_only_what_has_expired():
    kept, old = SessionStore(), SessionStore()
    kept.save()
    old.save()
    Session.objects.filter(session_key=stored_key(old.session_key)).update(
        expire_date=timezone.now() - timedelta(minutes=1)
    )
    SessionStore.clear_expired()
    assert list(Session.objects.values_list("session_key", flat=True)) == [stored_key(kept.session_key)]


@pytest.mark.django_db(transaction=True)
def test_the_coroutines_use_the_hash_too():
    from asgiref.sync import async_to_sync

    store = SessionStore()
    store["colour"] = "红"
    async_to_sync(store.asave)()
    key = store.session_key
    assert list(Session.objects.values_list("session_key", flat=True)) == [stored_key(key)]
    assert async_to_sync(SessionStore(key).aload)() == {"colour": "红"}
    assert async_to_sync(SessionStore(stored_key(key)).aload)() == {}
    async_to_sync(store.adelete)()
    assert Session.objects.count() == 0


def test_the_session_is_alive_until_thirty_idle_minutes_and_dead_a_second_later(people, enter, at, deeds):
    client, _ = enter("wu")
    client.get(ME)
    at(minutes=30)
    assert client.get(ME).status_code == 200
    at(minutes=60, seconds=1)
    answer = client.get(ME + "?a=1")
    assert answer.url == f"{reverse('accounts:login')}?expired=1&next=%2Faccounts%2Fme%2F%3Fa%3D1"
    assert "登录已超时，请重新登录。" in client.get(answer.url).content.decode()
    assert Session.objects.count() == 0
    assert deeds() == ["account.signed_in", "account.session_expired"]


def test_eight_hours_end_the_session_of_the_busiest_person(people, enter, at):
    client, _ = enter("wu")
    for minutes in range(0, 481, 20):
        at(minutes=minutes)
        assert client.get(ME).status_code == 200
    at(hours=8, seconds=1)
    assert client.get(ME).status_code == 302


def test_being_there_is_written_at_most_once_a_minute(people, enter, at, django_assert_num_queries):
    client, _ = enter("wu")
    client.get(ME)
    written = Session.objects.get().session_data
    at(seconds=59)
    client.get(ME)
    assert Session.objects.get().session_data == written
    at(seconds=60)
    client.get(ME)
    assert Session.objects.get().session_data != written


def test_an_expired_fragment_sends_the_whole_page_to_sign_in(people, enter, at):
    client, _ = enter("wu")
    client.get(ME)
    at(hours=1)
    answer = client.get(
        reverse("accounts:person_list"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/members/?q=1#list"},
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == f"{reverse('accounts:login')}?expired=1&next=%2Fmembers%2F%3Fq%3D1"


def test_a_fragment_without_any_session_is_sent_to_sign_in_as_a_page(people):
    answer = Client().get(
        ME, headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example/members/"}
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == f"{reverse('accounts:login')}?"


def test_an_expired_post_leads_back_to_the_page_with_the_form(people, enter, at):
    client, _ = enter("wu")
    client.get(ME)
    at(hours=1)
    answer = client.post(reverse("accounts:password_change"), headers={"Referer": "http://testserver/tasks/"})
    assert answer.url == f"{reverse('accounts:login')}?expired=1&next=%2Ftasks%2F"
