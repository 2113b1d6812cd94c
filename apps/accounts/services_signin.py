"""Coming in, going out, and changing the key: everything about sessions and passwords.

The functions take the request because a session belongs to it. The slow hash of a password is computed
outside the transaction, which on SQLite would stop all other writers meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.names import normal_username
from apps.accounts.queries import ResetLink, link_is_valid, person_of_link, reset_notice
from apps.audit.actions import register
from apps.audit.services import record
from apps.ui.refusals import Refusal

register(
    {
        "account.signed_in": "登录",
        "account.signed_out": "退出登录",
        "account.session_expired": "登录超时退出",
        "account.sign_in_failed": "登录失败",
        "account.locked_out": "连续登录失败，暂时锁定",
        "account.password_changed": "修改密码",
        "account.password_confirmed": "再次输入密码",
        "account.password_set_by_link": "用链接设置密码",
    }
)


#: Set when somebody comes back after a while away; what is most private then asks for the password again.
WAS_AWAY = "was_away"


class SignInFailed(Refusal):
    """One text for every reason, so that nobody can find out which login names exist."""

    default = "登录名或密码不正确，或者账号已停用。请检查后重试；忘记密码请联系系统操作员。"


class WrongPassword(Refusal):
    default = "原密码不正确。"


class NotConfirmed(Refusal):
    default = "密码不正确。"


class WeakPassword(Refusal):
    default = "密码不符合要求。"


class DeadLink(Refusal):
    default = "链接无效、已经用过或已超过 24 小时。请联系系统操作员重新签发。"


WEAKNESSES = {
    "password_too_short": "密码太短，至少要有 10 个字。",
    "password_too_similar": "密码与您的姓名、拼音或登录名太相似。",
    "password_too_common": "这个密码太常见，容易被猜到。",
    "password_entirely_numeric": "密码不能全是数字。",
}


class SignedIn(NamedTuple):
    person: User
    notice: str


def sign_in(*, request: HttpRequest, username: str, password: str, now: datetime) -> SignedIn:
    """Raises SignInFailed. Failures are counted by login name and address (axes) and recorded."""
    username = normal_username(username)
    person = authenticate(request, username=username, password=password)
    if person is None:
        _record_failure(request, username=username, now=now)
        raise SignInFailed
    with transaction.atomic():
        notice = reset_notice(person)
        if notice:
            person.reset_untold = False
            person.save(update_fields=["reset_untold"])
        login(request, person)
        record(actor=person, action="account.signed_in", target=person, at=now)
    return SignedIn(person, notice)


def _record_failure(request: HttpRequest, *, username: str, now: datetime) -> None:
    """Attempts while locked are not recorded one by one: nobody shall be able to flood the trail.

    A login name that does not exist is not written down: people type their password into the wrong box.
    """
    # Set by axes at each failure it counts; absent where throttling is switched off.
    failures = getattr(request, "axes_failures_since_start", 1)
    if failures is None or failures > settings.AXES_FAILURE_LIMIT:
        return
    locked = failures == settings.AXES_FAILURE_LIMIT
    action = "account.locked_out" if locked else "account.sign_in_failed"
    with transaction.atomic():
        target = User.objects.filter(username=username).first()
        record(actor=None, action=action, target=target, at=now)


@transaction.atomic
def sign_out(*, request: HttpRequest, now: datetime, action: str = "account.signed_out") -> None:
    person = request.user
    if person.is_authenticated:
        record(actor=person, action=action, target=person, at=now)
    logout(request)


def change_password(*, request: HttpRequest, old: str, new: str, now: datetime) -> None:
    """The person's other sessions end. Raises WrongPassword (counted like a failed sign-in), WeakPassword."""
    person = _proven(request, password=old, refusal=WrongPassword(field="old"), now=now)
    if old == new:
        raise WeakPassword("新密码不能与原密码相同。", field="new")
    check_strength(password=new, person=person)
    hashed = make_password(new)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=person.pk)
        locked.password, locked.must_change_password = hashed, False
        locked.save(update_fields=["password", "must_change_password"])
        update_session_auth_hash(request, locked)
        record(actor=locked, action="account.password_changed", target=locked, at=now)


def confirm_own_password(*, request: HttpRequest, password: str, now: datetime) -> User:
    """Whoever sits there shows that it is he, which also ends having been away. Raises NotConfirmed."""
    person = _proven(request, password=password, refusal=NotConfirmed(field="password"), now=now)
    with transaction.atomic():
        request.session.pop(WAS_AWAY, None)
        record(actor=person, action="account.password_confirmed", target=person, at=now)
    return person


def _proven(request: HttpRequest, *, password: str, refusal: Refusal, now: datetime) -> User:
    """The person who is signed in, or the refusal; failures are counted like failed sign-ins."""
    person = request.user
    assert isinstance(person, User)  # noqa: S101 - the view is for signed-in people only
    if authenticate(request, username=person.username, password=password) is None:
        _record_failure(request, username=person.username or "", now=now)
        raise refusal
    return person


def set_password_with_link(*, link: ResetLink, password: str, now: datetime) -> User:
    """Use up a link; all of the person's sessions end. Raises DeadLink or WeakPassword."""
    person = person_of_link(link, now=now)
    if person is None:
        raise DeadLink
    check_strength(password=password, person=person)
    hashed = make_password(password)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=person.pk)
        if not link_is_valid(locked, link.token, now=now):
            raise DeadLink
        locked.reset_untold = locked.has_usable_password()
        locked.password, locked.must_change_password, locked.password_reset_at = hashed, False, now
        locked.save(update_fields=["reset_untold", "password", "must_change_password", "password_reset_at"])
        forget_failures(username=locked.username)
        record(actor=locked, action="account.password_set_by_link", target=locked, at=now)
    return locked


def check_strength(*, password: str, person: User) -> None:
    """Raises WeakPassword with every broken rule, in our words (Django's are half English)."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        words = [WEAKNESSES.get(one.code or "", WeakPassword.default) for one in error.error_list]
        raise WeakPassword("".join(words), field="new") from None
