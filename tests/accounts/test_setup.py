"""The first run: the first operator, the key ring, and never a second time."""

import io
import stat
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from apps.accounts import services_setup
from apps.accounts.models import User
from apps.vault import keys
from apps.vault.models import KeyCheck
from tests.conftest import NOW
from tests.factories import make_user

PASSWORD = "春天的第25场细雨绵绵"
SETUP = reverse("accounts:setup")
FORM = {"name": "钱 运维", "username": "Qian", "new": PASSWORD, "again": PASSWORD}


@pytest.fixture
def keyring_path(tmp_path, settings):
    """A place without a key ring, as on a new machine."""
    settings.VAULT_KEYRING = tmp_path / "private" / "keys.json"
    keys.forget()
    yield settings.VAULT_KEYRING
    keys.forget()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/members/", "/admin/"])
def test_every_page_of_a_new_system_leads_to_the_first_run(path):
    assert Client().get(path).url == SETUP


@pytest.mark.django_db
def test_people_without_a_login_do_not_count(keyring_path):
    make_user("卫青松")
    assert Client().get("/").url == SETUP


@pytest.mark.django_db
def test_the_first_run_makes_the_operator_and_the_key_ring(keyring_path, enter, deeds):
    answer = Client().post(SETUP, FORM)
    text = answer.content.decode()
    assert str(keyring_path) in text
    assert "分开存放" in text
    assert stat.S_IMODE(keyring_path.stat().st_mode) == 0o400
    assert KeyCheck.objects.exists()
    assert not keys.status().locked
    operator = User.objects.get()
    assert (operator.name, operator.username, operator.is_operator) == ("钱运维", "qian", True)
    assert enter("qian", PASSWORD)[1].status_code == 302
    assert deeds()[:3] == ["person.created", "account.login_granted", "system.set_up"]


@pytest.mark.django_db
def test_it_works_only_once(keyring_path):
    Client().post(SETUP, FORM)
    assert Client().get(SETUP).url == reverse("accounts:login")
    assert Client().post(SETUP, {**FORM, "username": "zweiter"}).url == reverse("accounts:login")
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_the_second_of_two_who_come_at_once_is_refused(keyring_path):
    """Both found the system new; the second finds the first one's operator behind the lock."""
    Client().post(SETUP, FORM)
    real = services_setup.needs_setup
    with (
        mock.patch.object(services_setup, "needs_setup", side_effect=[True, real()]),
        pytest.raises(services_setup.AlreadySetUp),
    ):
        services_setup.set_up(name="二号", username="second", password=PASSWORD, now=NOW)
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one_operator(keyring_path):
    from concurrent.futures import ThreadPoolExecutor

    def attempt(number: int) -> str:
        try:
            services_setup.set_up(name="人", username=f"user{number}", password=PASSWORD, now=NOW)
            return "made"
        except services_setup.AlreadySetUp:
            return "refused"
        finally:
            connections.close_all()

    # An in-memory SQLite database cannot be shared by writing threads; there it is one after the other.
    with ThreadPoolExecutor(1 if connection.vendor == "sqlite" else 10) as pool:
        outcomes = sorted(pool.map(attempt, range(10)))
    assert outcomes == ["made"] + ["refused"] * 9
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"new": "123", "again": "123"}, "密码太短"),
        ({"again": "不一样"}, "两次输入的密码不一致"),
        ({"username": "13800000000"}, "登录名请不要用手机号或身份证号"),
        ({"username": "a b"}, "登录名须有 2 到 50 个字"),
        ({"name": "　"}, "这个字段是必填项"),
        ({"name": ""}, "这个字段是必填项"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_made(keyring_path, given, message):
    answer = Client().post(SETUP, {**FORM, **given})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert User.objects.count() == 0


@pytest.mark.django_db
def test_a_set_up_that_was_interrupted_goes_on_with_its_key_ring(keyring_path):
    Client().post(SETUP, {**FORM, "username": "a b"})
    secret = keyring_path.read_bytes()
    answer = Client().post(SETUP, FORM)
    assert "早已存在" in answer.content.decode()
    assert keyring_path.read_bytes() == secret
    assert KeyCheck.objects.exists()
    assert not keys.status().locked


@pytest.mark.django_db
def test_a_key_ring_that_cannot_be_written_is_told(settings, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings.VAULT_KEYRING = blocked / "keys.json"
    keys.forget()
    answer = Client().post(SETUP, FORM)
    keys.forget()
    assert "无法写入密钥文件" in answer.content.decode()
    assert User.objects.count() == 0


@pytest.mark.django_db
def test_the_command_does_the_same_from_a_script(keyring_path, monkeypatch, enter):
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    call_command("setup", "--name", "钱运维", "--username", "qian", "--password-stdin", stdout=out)
    assert str(keyring_path) in out.getvalue()
    assert PASSWORD not in out.getvalue()
    assert enter("qian", PASSWORD)[1].status_code == 302
    with pytest.raises(CommandError, match="系统已经设置过"):
        call_command("setup", stdout=out)


@pytest.mark.django_db
def test_the_command_asks_for_what_it_was_not_given(keyring_path, monkeypatch, enter):
    answers = iter(["钱运维", "qian"])
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda _question: PASSWORD)
    call_command("setup", stdout=io.StringIO())
    assert enter("qian", PASSWORD)[1].status_code == 302


@pytest.mark.django_db
def test_the_command_tells_a_refusal(keyring_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("123\n"))
    with pytest.raises(CommandError, match="密码太短"):
        call_command("setup", "--name", "钱", "--username", "qian", "--password-stdin", stdout=io.StringIO())


def test_the_server_issues_a_link_when_no_operator_can_come_in(people, enter, deeds):
    out = io.StringIO()
    call_command("reset_link", "QIAN", stdout=out)
    path = out.getvalue().split()[-1]
    new = "冬天的第3场大雪落下来"
    assert Client().post(path, {"new": new, "again": new}).status_code == 302
    client, _ = enter("qian", new)
    assert "链接由系统管理人员在服务器上签发" in client.get(reverse("accounts:me")).content.decode()
    assert deeds(people.operator)[0] == "account.reset_link_issued"


def test_the_command_knows_no_link_for_an_unknown_or_disabled_account(people):
    with pytest.raises(CommandError, match="没有登录名为“nobody”的账号"):
        call_command("reset_link", "nobody", stdout=io.StringIO())
    people.user.is_active = False
    people.user.save()
    with pytest.raises(CommandError, match="账号已停用"):
        call_command("reset_link", "wu", stdout=io.StringIO())


def test_a_fresh_install_has_no_usable_password(db):
    assert settings.AUTH_USER_MODEL == "accounts.User"
    assert User.objects.count() == 0
