"""Questions about accounts: is anybody there yet, does a one-time link count, what has a person to be told.

Of a one-time link for setting a password nothing is stored, and it dies with its first use.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.formats import date_format
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from apps.accounts.models import User


def needs_setup() -> bool:
    """Nobody can sign in yet: the system was installed a moment ago."""
    return not User.objects.with_login().exists()


def reset_notice(person: User) -> str:
    """What a person is told once after the password was set with a link; empty when nothing is to be told."""
    if not person.reset_untold or person.password_reset_at is None:
        return ""
    moment = date_format(timezone.localtime(person.password_reset_at), "Y年n月j日 H:i")
    issuer = f"操作员{person.reset_issued_by}" if person.reset_issued_by else "系统管理人员在服务器上"
    return (
        f"您的密码已于 {moment} 用一次性链接重新设置，链接由{issuer}签发。"
        "如果不是您本人要求的，请立即修改密码并告知审计员。"
    )


class ResetLink(NamedTuple):
    uid: str
    token: str


class ResetTokens(PasswordResetTokenGenerator):
    """Django's tokens (bound to the password's hash and the last sign-in); only the newest link counts."""

    key_salt = "apps.accounts.reset_links"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        issued = user.reset_issued_at.timestamp() if user.reset_issued_at else ""
        return f"{super()._make_hash_value(user, timestamp)}{issued}"


TOKENS = ResetTokens()


def link_for(person: User) -> ResetLink:
    return ResetLink(urlsafe_base64_encode(force_bytes(person.pk)), TOKENS.make_token(person))


def link_is_valid(person: User, token: str, *, now: datetime) -> bool:
    """Active account, link issued within the time limit, and the newest one, not yet used."""
    if not person.is_active or person.username is None or person.reset_issued_at is None:
        return False
    in_time = now < person.reset_issued_at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return in_time and TOKENS.check_token(person, token)


def person_of_link(link: ResetLink, *, now: datetime) -> User | None:
    """The person whom the link is for, or None for any link that does not count (any more)."""
    try:
        pk = int(urlsafe_base64_decode(link.uid))
    except ValueError:
        return None
    person = User.objects.filter(pk=pk).first()
    return person if person and link_is_valid(person, link.token, now=now) else None
