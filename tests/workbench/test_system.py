"""The operator's page of the installation: its state and the settings in force, without a secret."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from apps.jobs.models import Job, JobState
from apps.workbench import queries_system
from apps.workbench.queries_system import settings_in_force, state_of_system
from tests.conftest import NOW

URL = "workbench:system"


def told(lines) -> dict[str, tuple[str, str]]:
    return {line.label: (line.value, line.tone) for line in lines}


def test_a_sound_installation_says_so(cast) -> None:
    found = told(state_of_system(now=NOW))
    assert found["密钥文件"] == ("正常", "ok")
    assert found["后台任务"] == ("正常", "ok")
    assert found["磁盘空间"][1] == "ok"
    assert found["数据库"][0].startswith(("SQLite 3.", "PostgreSQL "))


def test_what_would_stop_the_work_is_marked(cast, settings, monkeypatch, tmp_path) -> None:
    settings.VAULT_KEYRING = tmp_path / "missing.json"
    monkeypatch.setattr(queries_system, "free_bytes", lambda: 400_000_000)
    Job.objects.create(
        kind="roster.preview",
        title="读取花名册",
        owner=cast["secretary"],
        runner="roster.preview",
        state=JobState.RUNNING,
        created_at=NOW - timedelta(minutes=9),
        heartbeat_at=NOW - timedelta(minutes=3),
    )
    found = told(state_of_system(now=NOW))
    assert found["密钥文件"] == ("已锁定", "bad")
    assert found["磁盘空间"] == ("剩余 0.4 GB", "bad")
    assert found["后台任务"] == ("1 项没有动静", "bad")


def test_the_settings_show_how_they_are_and_where_they_are_changed(settings) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["zhibu.example"]
    lines = {line.label: line for line in settings_in_force()}
    assert (lines["访问地址"].value, lines["访问地址"].where) == ("zhibu.example", "ALLOWED_HOSTS")
    assert (lines["调试方式"].value, lines["调试方式"].tone) == ("是", "bad")


def test_no_secret_stands_on_the_page(cast, sign_in) -> None:
    page = sign_in(cast["operator"]).get(reverse(URL)).content.decode()
    assert "现行设置" in page
    assert settings.SECRET_KEY not in page
    assert str(settings.DATABASES["default"].get("PASSWORD") or "no password") not in page


def test_of_two_entries_of_the_menu_the_nearer_one_is_current(cast, sign_in) -> None:
    page = sign_in(cast["secretary"]).get(reverse("branches:rule_list"))
    current = [item["label"] for item in page.context["menu"]["items"] if item["active"]]
    assert current == ["规则"]
