"""Error pages, the no-store header, and a busy database."""

import logging

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError
from django.test import Client, RequestFactory

from apps.ui import errors
from apps.ui.middleware import answer_to, say_when_the_database_is_away


def test_a_refused_reader_is_told_why_with_the_menu_around(reader: Client):
    response = reader.get("/forbidden/")

    assert response.status_code == 403
    assert "只有支部书记可以关闭会议记录。" in response.content.decode()
    assert "吴向前" in response.content.decode()


def test_a_missing_page_says_what_to_do(reader: Client):
    response = reader.get("/missing/")

    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


def test_a_request_that_failed_before_sign_in_gets_the_open_page(rf: RequestFactory):
    response = errors.not_found(rf.get("/"), Exception())

    assert response.status_code == 404
    assert "ui-side" not in response.content.decode()


def test_a_broken_request_is_answered_in_words(rf: RequestFactory):
    response = errors.bad_request(rf.get("/"), SuspiciousOperation())

    assert response.status_code == 400
    assert "系统没有做任何改动" in response.content.decode() or "没有做任何改动" in response.content.decode()


def test_a_crash_shows_a_page_without_details(reader: Client):
    reader.raise_request_exception = False

    response = reader.get("/crash/")

    assert response.status_code == 500
    assert "系统出了错" in response.content.decode()
    assert "a mistake in the code" not in response.content.decode()


def test_a_busy_database_says_that_nothing_was_saved(reader: Client, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR):
        response = reader.post("/locked/")

    assert response.status_code == 503
    assert "未保存，请重试" in response.content.decode()
    assert response.headers["Retry-After"] == "5"
    assert "database away: /locked/" in caplog.messages


def test_a_busy_database_on_reading_does_not_speak_of_saving(reader: Client):
    response = reader.get("/locked/")

    assert response.status_code == 503
    assert "暂时打不开" in response.content.decode()
    assert "未保存" not in response.content.decode()


def test_a_database_that_is_away_before_the_view_gets_the_same_page(rf: RequestFactory):
    try:
        raise InterfaceError("connection already closed")
    except InterfaceError:
        response = errors.server_error(rf.post("/"))

    assert response.status_code == 503


def test_other_errors_are_left_to_their_handler(rf: RequestFactory):
    assert say_when_the_database_is_away(rf.get("/"), RuntimeError()) is None


def test_a_stale_token_says_to_go_back_and_press_again(person):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    response = strict.post("/form/", {})

    assert response.status_code == 403
    assert "页面已过期，未保存" in response.content.decode()


def test_a_signed_in_answer_is_stored_nowhere(reader: Client):
    assert reader.get("/people/").headers["Cache-Control"] == "no-store"
    assert reader.get("/missing/").headers["Cache-Control"] == "no-store"


def test_an_open_answer_needs_no_such_header(client: Client, db):
    assert "Cache-Control" not in client.get("/open/").headers


def test_a_number_beyond_what_can_be_stored_is_a_bad_request(rf: RequestFactory):
    response = answer_to(rf.get("/"), OverflowError("Python int too large to convert to SQLite INTEGER"))

    assert response is not None
    assert response.status_code == 400
    assert answer_to(rf.get("/"), RuntimeError()) is None
