from pathlib import Path

import pytest
from django.core.checks import CheckMessage
from django.db import connection

from apps.vault.checks import key_ring_file, key_ring_outside_the_code, sqlite_keeps_what_it_acknowledged


def ids(messages: list[CheckMessage]) -> list[str]:
    return [message.id for message in messages]


def test_a_missing_key_file_is_a_warning_and_stops_the_deployment(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / "static", tmp_path / "files"
    settings.VAULT_KEYRING = tmp_path / "keys.json"
    assert ids(key_ring_file()) == ["vault.W001"]
    assert ids(key_ring_outside_the_code()) == ["vault.E005"]


def test_a_loose_key_file_is_an_error(settings, tmp_path: Path) -> None:
    settings.VAULT_KEYRING = tmp_path / "keys.json"
    settings.VAULT_KEYRING.touch(0o644)
    assert ids(key_ring_file()) == ["vault.E003"]
    settings.VAULT_KEYRING.chmod(0o400)
    assert key_ring_file() == []


def test_a_key_file_among_the_attachments_is_an_error(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / "static", tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    settings.VAULT_KEYRING = settings.MEDIA_ROOT / "keys.json"
    settings.VAULT_KEYRING.touch(0o400)
    assert ids(key_ring_outside_the_code()) == ["vault.E004"]


@pytest.mark.django_db(transaction=True)
def test_sqlite_must_be_durable_in_the_live_connection() -> None:
    assert sqlite_keeps_what_it_acknowledged(databases=["default"]) == []
    assert sqlite_keeps_what_it_acknowledged(databases=None) == []
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
        try:
            assert ids(sqlite_keeps_what_it_acknowledged(databases=["default"])) == ["vault.E007"]
        finally:
            cursor.execute("PRAGMA synchronous=FULL")
