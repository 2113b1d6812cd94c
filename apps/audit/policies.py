"""Auditors read all deeds; everybody reads their own."""

from typing import Any, Protocol

from django.db.models import QuerySet

from apps.audit.models import Deed


class Reader(Protocol):
    """What is asked of a user here; the accounts are built on top of this app."""

    pk: Any
    is_auditor: bool


def visible_deeds(user: Reader) -> QuerySet[Deed]:
    return Deed.objects.all() if user.is_auditor else own_deeds(user)


def own_deeds(user: Reader) -> QuerySet[Deed]:
    return Deed.objects.filter(actor_id=user.pk)


def can_view_deeds(user: Reader) -> bool:
    return user.is_auditor


def can_export_deeds(user: Reader) -> bool:
    return user.is_auditor
