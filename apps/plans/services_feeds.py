"""Secret calendar links. The link itself stands in the answer that makes it, and nowhere else."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.plans.models import CalendarFeed

register({"feed.created": "生成日历订阅链接", "feed.revoked": "撤销日历订阅链接"})
#: 192 bits: nobody comes upon a link by trying.
TOKEN_BYTES = 24


def stored_token(token: str) -> str:
    """What stands in the database for a link, keyed with SECRET_KEY as the sessions are."""
    return salted_hmac("apps.plans.feeds", token, algorithm="sha256").hexdigest()


@transaction.atomic
def create_feed(*, actor: User, now: datetime) -> str:
    """The secret of a new link for the person himself; the one he had is revoked."""
    User.objects.select_for_update().get(pk=actor.pk)
    _revoke(actor, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(person=actor, token_hash=stored_token(token), created_at=now)
    record(actor=actor, action="feed.created", target=feed)
    return token


@transaction.atomic
def revoke_feed(*, actor: User, now: datetime) -> bool:
    """False when there was none to revoke."""
    User.objects.select_for_update().get(pk=actor.pk)
    return _revoke(actor, now=now)


def _revoke(person: User, *, now: datetime) -> bool:
    feed = CalendarFeed.objects.filter(person=person, revoked_at__isnull=True).first()
    if feed is None:
        return False
    feed.revoked_at = now
    feed.save(update_fields=["revoked_at"])
    record(actor=person, action="feed.revoked", target=feed)
    return True


@transaction.atomic
def person_behind(*, token: str, today: date) -> User | None:
    """Whose link this is, while it is in force and his account is; the day of the reading is kept."""
    feed = (
        CalendarFeed.objects.filter(token_hash=stored_token(token), revoked_at__isnull=True)
        .select_related("person")
        .first()
    )
    if feed is None or not feed.person.is_active:
        return None
    if feed.last_used_on != today:
        feed.last_used_on = today
        feed.save(update_fields=["last_used_on"])
    return feed.person
