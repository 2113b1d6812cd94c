"""The two READMEs name every setting, command and step there is, and lead nowhere that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dev
from apps.workbench.services_demo import ACCOUNTS

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (*READMES, "ARCHITECTURE.md", "CHANGELOG.md")
SETTING = re.compile(r"""(?:\benv\.\w+|\bflag)\(\s*"([A-Z_]+)\"""")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_read() -> set[str]:
    return set(SETTING.findall(text_of("branchsys/settings.py")))


def commands_of_ours() -> set[str]:
    found = ROOT.glob("apps/*/management/commands/*.py")
    return {path.stem for path in found if path.stem != "__init__"}


def headings(name: str) -> list[int]:
    """The level of each heading, in order."""
    prose = FENCE.sub("", text_of(name))
    return [len(marks) for marks in re.findall(r"^(#+) ", prose, re.MULTILINE)]


@pytest.mark.parametrize("name", READMES)
def test_every_setting_is_named(name: str) -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "BEHIND_PROXY", "SECURE_HSTS_SECONDS"} <= settings_read()
    named = set(re.findall(r"`([A-Z_]+)`", text_of(name)))
    assert settings_read() - named == set()


@pytest.mark.parametrize("name", READMES)
def test_every_setting_in_the_table_is_read(name: str) -> None:
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", text_of(name), re.MULTILINE))
    assert rows == settings_read()


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_named(name: str) -> None:
    text = text_of(name)
    assert {"setup", "demo", "audit_verify"} <= commands_of_ours()
    missing = [command for command in commands_of_ours() if f"manage.py {command}" not in text]
    assert missing == []
    assert [command for command in dev.COMMANDS if f"`python3 dev.py {command}`" not in text] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_local_link_leads_to_a_file(name: str) -> None:
    targets = [target for target in LINK.findall(text_of(name)) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).is_file()] == []


def test_both_readmes_have_the_same_headings() -> None:
    assert headings("README.md") == headings("README.zh-CN.md")
    assert len(headings("README.md")) > 8


@pytest.mark.parametrize("name", READMES)
def test_the_figures_have_their_place(name: str) -> None:
    text = text_of(name)
    begin, end = text.index("<!-- performance:begin -->"), text.index("<!-- performance:end -->")
    assert begin < end


@pytest.mark.parametrize("name", READMES)
def test_the_services_are_the_ones_that_run(name: str) -> None:
    """The consumer loses a job when it is terminated instead of interrupted."""
    text = text_of(name)
    assert "gunicorn branchsys.wsgi" in text
    jobs = text[text.index("branchsys-jobs.service") :]
    assert "manage.py run_huey\nKillSignal=SIGINT" in jobs


def test_the_demo_accounts_of_the_readmes_are_those_of_the_demo() -> None:
    logins = {login for login, _, _ in ACCOUNTS}
    for name in READMES:
        rows = [line.split("|")[1] for line in text_of(name).splitlines() if line.startswith("| `")]
        named = {login for row in rows for login in re.findall(r"`([a-z]+)`", row)}
        assert logins <= named, name


def test_the_architecture_names_every_app_and_its_order() -> None:
    text = text_of("ARCHITECTURE.md")
    apps = sorted(path.parent.name for path in ROOT.glob("apps/*/__init__.py"))
    assert [app for app in apps if f"`{app}`" not in text] == []
