"""The real queue: another process, its own file, signed messages."""

import sqlite3
from pathlib import Path

import pytest
from django.conf import settings
from huey import SqliteHuey


@pytest.fixture
def queue(tmp_path: Path) -> SqliteHuey:
    options = {k: v for k, v in settings.HUEY.items() if k not in ("huey_class", "consumer", "immediate")}
    return SqliteHuey(**{**options, "filename": str(tmp_path / "queue.sqlite3")})


def test_a_message_that_was_not_signed_with_our_key_is_not_unpickled(
    queue: SqliteHuey, tmp_path: Path
) -> None:
    @queue.task(name="tests.task")
    def task(number: int) -> int:
        raise AssertionError("must not run")

    task(1)
    with sqlite3.connect(tmp_path / "queue.sqlite3") as connection:
        data = connection.execute("SELECT data FROM task").fetchone()[0]
        connection.execute("UPDATE task SET data = ?", [data[:-1] + (b"0" if data[-1:] != b"0" else b"1")])
    with pytest.raises(ValueError, match="mismatch"):
        queue.dequeue()


def test_results_are_not_kept_in_the_queue(queue: SqliteHuey) -> None:
    """An error's text may quote what it stumbled over."""
    assert queue.results is False


def test_the_log_of_the_worker_goes_through_the_mask() -> None:
    """Where "huey" has no handler, `run_huey` adds one of its own, which prints tracebacks as they are."""
    assert settings.LOGGING["loggers"]["huey"]["handlers"] == ["console"]
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["mask_personal"]


def test_work_never_runs_inside_a_request_outside_the_tests() -> None:
    text = (settings.BASE_DIR / "branchsys/settings.py").read_text()
    assert '"immediate": False' in text
