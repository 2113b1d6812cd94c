"""Writing people and accounts: who exists, who may sign in, who runs the system."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.accounts.names import normal_username, pinyin_of, tidy_name
from apps.accounts.queries import ResetLink, link_for
from apps.audit.actions import register
from apps.audit.changes import changed_fields, snapshot
from apps.audit.services import Entry, record, record_all
from apps.ui.refusals import Refusal, Stale

register(
    {
        "person.created": "建立人员",
        "person.updated": "修改人员",
        "account.login_granted": "开通登录",
        "account.disabled": "停用账号",
        "account.enabled": "恢复账号",
        "account.duty_set": "调整系统职责",
        "account.reset_link_issued": "签发重设密码链接",
    }
)

USERNAME = re.compile(r"\w[\w.-]{1,49}")
#: Mobile and identity numbers are personal data; a login name is shown in lists and logs.
PERSONAL_NUMBER = re.compile(r"1\d{10}|\d{15}|\d{17}[\dx]")
DUTY_FIELDS = ("is_operator", "is_auditor")


class NameMissing(Refusal):
    default = "请填写姓名。"


class BadUsername(Refusal):
    default = "登录名须有 2 到 50 个字，只能用汉字、字母、数字和 . _ -，并以汉字、字母或数字开头。"


class UsernameTaken(Refusal):
    default = "这个登录名已经有人使用，请换一个。"


class HasLogin(Refusal):
    default = "此人已经开通登录。"


class NoLogin(Refusal):
    default = "此人尚未开通登录。"


class Disabled(Refusal):
    default = "账号已停用，请先恢复账号。"


class OwnAccount(Refusal):
    default = "不能对自己的账号做此操作，请由另一位系统操作员办理。"


class LastOperator(Refusal):
    default = "这是最后一位系统操作员，请先指定另一位系统操作员。"


class TwoDuties(Refusal):
    default = "系统操作员不能同时担任审计员。"


def _new_person(name: str, *, idempotency_key: uuid.UUID | None = None) -> User:
    name = tidy_name(name)
    if not name:
        raise NameMissing(field="name")
    pinyin, initials = pinyin_of(name)
    return User(
        name=name,
        pinyin=pinyin,
        initials=initials,
        password=make_password(None),
        idempotency_key=idempotency_key,
    )


@transaction.atomic
def create_person(*, name: str, actor: User | None, idempotency_key: uuid.UUID | None = None) -> User:
    """A person without a login. The same submission sent twice makes one person."""
    person = _new_person(name, idempotency_key=idempotency_key)
    if idempotency_key:
        person, is_new = User.objects.get_or_create(
            idempotency_key=idempotency_key,
            defaults={field: getattr(person, field) for field in ("name", "pinyin", "initials", "password")},
        )
        if not is_new:
            return person
    else:
        person.save()
    record(actor=actor, action="person.created", target=person)
    return person


@transaction.atomic
def create_persons(*, names: Sequence[str], actor: User) -> list[User]:
    """Many people at once, in the order of `names`, in a number of queries that hardly grows."""
    people = User.objects.bulk_create([_new_person(name) for name in names], batch_size=500)
    record_all(actor=actor, entries=[Entry("person.created", target=person) for person in people])
    return people


@transaction.atomic
def update_person(*, person: User, name: str, version: int, actor: User) -> User:
    """Raises Stale when somebody saved in between."""
    locked = _lock(person)
    if locked.version != version:
        raise Stale
    before = snapshot(locked, ["name"])
    fresh = _new_person(name)
    locked.name, locked.pinyin, locked.initials = fresh.name, fresh.pinyin, fresh.initials
    locked.version += 1
    locked.save(update_fields=["name", "pinyin", "initials", "version"])
    changes = changed_fields(before, snapshot(locked, ["name"]), labels={"name": "姓名"})
    record(actor=actor, action="person.updated", target=locked, changes=changes)
    return locked


@transaction.atomic
def grant_login(*, person: User, username: str, actor: User | None) -> User:
    """Give a person a login name. The password is set by himself, with a link (`issue_reset_link`)."""
    locked = _lock(person)
    if locked.username is not None:
        raise HasLogin
    name = normal_username(username)
    if not USERNAME.fullmatch(name):
        raise BadUsername(field="username")
    if PERSONAL_NUMBER.fullmatch(name):
        raise BadUsername("登录名请不要用手机号或身份证号。", field="username")
    locked.username = name
    try:
        with transaction.atomic():
            locked.save(update_fields=["username"])
    except IntegrityError:
        raise UsernameTaken(field="username") from None
    record(actor=actor, action="account.login_granted", target=locked, reason=f"登录名：{name}")
    return locked


@transaction.atomic
def disable(*, person: User, reason: str, actor: User) -> User:
    """End all of the person's sessions and every link; records stay. Raises LastOperator, OwnAccount."""
    locked = _lock_account(person, actor=actor)
    if not locked.is_active:
        raise Disabled("账号已经停用。")
    _keep_an_operator(without=locked)
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    record(actor=actor, action="account.disabled", target=locked, reason=reason)
    return locked


@transaction.atomic
def enable(*, person: User, actor: User) -> User:
    locked = _lock_account(person, actor=actor)
    locked.is_active = True
    # A link issued before the account was disabled must not come back to life with it.
    locked.reset_issued_at = None
    locked.save(update_fields=["is_active", "reset_issued_at"])
    record(actor=actor, action="account.enabled", target=locked)
    return locked


@transaction.atomic
def set_duty(*, person: User, is_operator: bool, is_auditor: bool, actor: User) -> User:
    """Make somebody operator, auditor, or neither. Raises OwnAccount, LastOperator, TwoDuties."""
    locked = _lock_account(person, actor=actor)
    if is_operator and is_auditor:
        raise TwoDuties
    if not is_operator:
        _keep_an_operator(without=locked)
    before = snapshot(locked, DUTY_FIELDS)
    locked.is_operator, locked.is_auditor = is_operator, is_auditor
    locked.save(update_fields=DUTY_FIELDS)
    labels = {"is_operator": "系统操作员", "is_auditor": "审计员"}
    changes = changed_fields(before, snapshot(locked, DUTY_FIELDS), labels=labels)
    record(actor=actor, action="account.duty_set", target=locked, changes=changes)
    return locked


@transaction.atomic
def issue_reset_link(*, person: User, actor: User | None, now: datetime) -> ResetLink:
    """A link that works once, within 24 hours; an earlier one stops working. No `actor`: on the server."""
    locked = _lock_account(person, actor=actor)
    if not locked.is_active:
        raise Disabled
    locked.reset_issued_at, locked.reset_issued_by = now, actor
    locked.save(update_fields=["reset_issued_at", "reset_issued_by"])
    record(actor=actor, action="account.reset_link_issued", target=locked, at=now)
    return link_for(locked)


def _lock(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def _lock_account(person: User, *, actor: User | None) -> User:
    """The locked row of somebody else's account.

    The operators are locked first, in one order: two of them who act on each other wait their turn.
    """
    if actor is not None and actor.pk == person.pk:
        raise OwnAccount
    list(User.objects.active_operators().select_for_update().order_by("pk"))
    locked = _lock(person)
    if locked.username is None:
        raise NoLogin
    return locked


def _keep_an_operator(*, without: User) -> None:
    """Refuse when nobody else would run the system."""
    if without.is_operator and not User.objects.active_operators().exclude(pk=without.pk).exists():
        raise LastOperator
