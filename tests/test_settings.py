"""What the settings promise: no quiet defaults in production, durable databases, a closed page."""

import os
import runpy
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from csp.middleware import CSPMiddleware
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.utils import ConnectionHandler
from django.http import HttpResponse
from django.test import RequestFactory

ROOT = Path(__file__).resolve().parent.parent
READ_BY_SETTINGS = (
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DEBUG",
    "SECRET_KEY",
    "SECURE_COOKIES",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "VAULT_KEYRING",
)
SECRET = "0123456789" * 6
PRODUCTION = {"SECRET_KEY": SECRET, "ALLOWED_HOSTS": "zhibu.example,10.0.0.8"}
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
)
Settings = Callable[..., dict[str, Any]]


@pytest.fixture
def settings_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Run settings.py anew under exactly these variables."""

    def load(**variables: str) -> dict[str, Any]:
        for name in READ_BY_SETTINGS:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("VAR_DIR", str(tmp_path))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "branchsys" / "settings.py"))

    return load


def test_every_variable_that_the_settings_read_is_reset_here() -> None:
    source = (ROOT / "branchsys" / "settings.py").read_text(encoding="utf-8")
    mentioned = {name for name in os.environ if f'"{name}"' in source} - {"VAR_DIR"}
    assert mentioned - set(READ_BY_SETTINGS) == set()
    assert [name for name in READ_BY_SETTINGS if f'"{name}"' not in source] == []


@pytest.mark.parametrize("name", ["DEBUG", "SECURE_COOKIES", "SECURE_SSL_REDIRECT", "BEHIND_PROXY"])
@pytest.mark.parametrize("value", ["maybe", "treu", "", "2"])
def test_a_flag_that_is_neither_yes_nor_no_raises(settings_with: Settings, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{name}=.*只能填 true 或 false"):
        settings_with(**{**PRODUCTION, name: value})


@pytest.mark.parametrize(("value", "expected"), [("TRUE", True), (" on ", True), ("0", False), ("No", False)])
def test_a_flag_is_read_in_every_usual_spelling(settings_with: Settings, value: str, expected: bool) -> None:
    assert settings_with(**PRODUCTION, DEBUG=value)["DEBUG"] is expected


def test_without_any_variable_the_site_is_in_production_and_refuses_to_start(settings_with: Settings) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        settings_with()


@pytest.mark.parametrize("weak", ["", "short", "development-only-" + "x" * 60])
def test_production_refuses_a_missing_or_weak_secret(settings_with: Settings, weak: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        settings_with(SECRET_KEY=weak, ALLOWED_HOSTS="zhibu.example")


@pytest.mark.parametrize("hosts", ["", " , "])
def test_production_refuses_to_answer_to_no_host(settings_with: Settings, hosts: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS"):
        settings_with(SECRET_KEY=SECRET, ALLOWED_HOSTS=hosts)


def test_production_keeps_cookies_and_pages_on_https(settings_with: Settings) -> None:
    live = settings_with(**PRODUCTION)
    assert live["ALLOWED_HOSTS"] == ["zhibu.example", "10.0.0.8"]
    assert (live["SESSION_COOKIE_SECURE"], live["CSRF_COOKIE_SECURE"]) == (True, True)
    assert (live["SECURE_SSL_REDIRECT"], live["SESSION_COOKIE_NAME"]) == (True, "__Host-sid")
    assert "SECURE_PROXY_SSL_HEADER" not in live


def test_development_starts_with_nothing_set_and_answers_only_to_this_machine(
    settings_with: Settings,
) -> None:
    assert settings_with(DEBUG="true")["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]", "testserver"]


@pytest.mark.django_db
def test_sqlite_is_durable_on_a_live_connection(settings_with: Settings, tmp_path: Path) -> None:
    database = settings_with(DEBUG="true")["DATABASES"]["default"]
    live = ConnectionHandler({"default": database})["default"]
    with live.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        }
    live.close()
    assert database["NAME"] == str(tmp_path / "branchsys.sqlite3")
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 20_000,
    }


@pytest.mark.django_db
def test_sqlite_takes_the_write_lock_when_a_transaction_begins(settings_with: Settings) -> None:
    database = settings_with(DEBUG="true")["DATABASES"]["default"]
    handler = ConnectionHandler({"default": database})
    live = handler["default"]
    live.ensure_connection()
    live.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    other = sqlite3.connect(database["NAME"], timeout=0, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()
    live.rollback()
    live.close()


def test_postgresql_is_checked_and_never_waits_for_ever(settings_with: Settings) -> None:
    database = settings_with(DEBUG="true", DATABASE_URL="postgres://a:b@127.0.0.1:5432/c")["DATABASES"][
        "default"
    ]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["CONN_HEALTH_CHECKS"], database["CONN_MAX_AGE"]) == (True, 60)
    assert database["ATOMIC_REQUESTS"] is False
    assert database["OPTIONS"] == {
        "connect_timeout": 5,
        "options": "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
    }


@pytest.mark.django_db
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="asks a PostgreSQL server; DATABASE_URL names none"
)
def test_postgresql_has_its_timeouts_on_a_live_connection() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        found = []
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SHOW {name}")
            found.append(cursor.fetchone()[0])
    assert found == ["30s", "5s", "1min"]


def test_pages_may_load_only_what_this_site_serves() -> None:
    answer = CSPMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert sorted(answer["Content-Security-Policy"].split("; ")) == sorted(POLICY.split("; "))


def test_passwords_are_long_and_sessions_end(settings_with: Settings) -> None:
    live = settings_with(**PRODUCTION)
    assert live["AUTH_PASSWORD_VALIDATORS"][0]["OPTIONS"] == {"min_length": 10}
    assert (live["SESSION_COOKIE_AGE"], live["SESSION_IDLE_SECONDS"]) == (8 * 3600, 30 * 60)
