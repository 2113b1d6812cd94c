"""The locks install the same everywhere: exact pins with hashes, and no address of anybody's server."""

import re
from pathlib import Path

import pytest

from dev import ADDRESS_MARKS, ROOT, Failed, refuse_addresses

LOCKS = {name: ROOT / "requirements" / f"{name}.lock" for name in ("run", "dev")}
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)
ENTRY = re.compile(r"^[^\s#].*$", re.MULTILINE)
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$", re.MULTILINE)


def pins(name: str) -> set[tuple[str, str, str]]:
    return set(PIN.findall(LOCKS[name].read_text()))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name: str) -> None:
    refuse_addresses(LOCKS[name])


@pytest.mark.parametrize("mark", ADDRESS_MARKS)
def test_an_address_in_a_lock_is_refused(mark: str, tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    lock.write_text(f"# --{mark} somewhere\n")
    with pytest.raises(Failed, match=re.escape(mark)):
        refuse_addresses(lock)


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_of_a_lock_is_one_version_with_hashes(name: str) -> None:
    text = LOCKS[name].read_text()
    blocks = re.split(r"(?=^[^\s#])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(ENTRY.findall(text)) == len(PIN.findall(text)) > 20
    assert [block.splitlines()[0] for block in blocks if not HASH.search(block)] == []


def test_the_development_lock_contains_the_one_that_runs() -> None:
    """dev.py counts on it: after the tests a demo installs nothing."""
    run, dev = ({(package, version) for package, version, _ in pins(name)} for name in ("run", "dev"))
    assert run - dev == set()


def test_everything_that_pyproject_asks_for_is_locked() -> None:
    asked = re.findall(r'^  "([a-z][a-z0-9-]*)[\[<>=;]', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    locked = {name for name, _, _ in pins("dev")}
    assert len(asked) > 25
    assert set(asked) - locked == set()
