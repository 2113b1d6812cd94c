"""The first run: the first operator and the key ring. There is no default account."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from apps.accounts.first_run import run_preparations
from apps.accounts.models import FirstRun, User
from apps.accounts.names import normal_username
from apps.accounts.queries import needs_setup
from apps.accounts.services import create_person, grant_login
from apps.accounts.services_signin import check_strength
from apps.audit.actions import register
from apps.audit.services import record
from apps.ui.refusals import Refusal
from apps.vault import keys
from apps.vault.services import set_up_vault, store_proofs

register({"system.set_up": "首次设置系统"})


class AlreadySetUp(Refusal):
    default = "系统已经设置过，请直接登录。"


class KeyRingNotWritten(Refusal):
    default = "无法写入密钥文件，请检查文件夹是否存在、本程序是否有权写入："


class SetUp(NamedTuple):
    operator: User
    keyring: Path
    keyring_is_new: bool


def set_up(*, name: str, username: str, password: str, now: datetime) -> SetUp:
    """Make the first operator and, unless there is one, the key ring. Raises AlreadySetUp, WeakPassword."""
    if not needs_setup():
        raise AlreadySetUp
    check_strength(password=password, person=User(name=name, username=normal_username(username)))
    hashed = make_password(password)
    with transaction.atomic():
        first_run = _lock_first_run()
        keyring_is_new = _make_keyring()
        operator = create_person(name=name, actor=None)
        operator = grant_login(person=operator, username=username, actor=None)
        operator.password, operator.is_operator = hashed, True
        operator.save(update_fields=["password", "is_operator"])
        first_run.operator, first_run.finished_at = operator, now
        first_run.save()
        record(actor=operator, action="system.set_up", target=operator, at=now)
        run_preparations(today=timezone.localtime(now).date())
    return SetUp(operator, Path(settings.VAULT_KEYRING), keyring_is_new)


def _lock_first_run() -> FirstRun:
    """Of two who come at once, the second waits here, and then finds the first one's operator."""
    FirstRun.objects.get_or_create(pk=1)
    first_run = FirstRun.objects.select_for_update().get(pk=1)
    if not needs_setup():
        raise AlreadySetUp
    return first_run


def _make_keyring() -> bool:
    """Make the key ring, or go on with the one of an interrupted set-up or of `keys init`."""
    path = Path(settings.VAULT_KEYRING)
    if path.exists():
        store_proofs(ring=keys.ring_for_writing())
        return False
    try:
        set_up_vault()
    except OSError:
        raise KeyRingNotWritten(f"{KeyRingNotWritten.default}{path}") from None
    return True
