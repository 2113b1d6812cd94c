"""Recording deeds. `record` is the last call of a service, in the service's own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connections, models, router, transaction

from apps.audit.chain import FIRST, hash_of
from apps.audit.middleware import current_ip
from apps.audit.models import Deed
from apps.ui import clock
from apps.ui.logs import mask_personal_numbers
from apps.vault import keys

SYSTEM = "系统"
#: Any constant that nobody else locks: it serialises the writers of the chain on PostgreSQL.
CHAIN_LOCK = 0x44454544
EXPORT_LIMIT = 100_000


class OutsideTransaction(RuntimeError):
    """A deed must be in the same transaction as what it tells of."""


@dataclass(frozen=True)
class Entry:
    """One deed to record; see `record` for the meaning of its parts."""

    action: str
    _: KW_ONLY
    target: models.Model | None = None
    path: str = ""
    reason: str = ""
    changes: Sequence[Mapping[str, str]] = ()


def record(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    target: models.Model | None = None,
    path: str = "",
    reason: str = "",
    changes: Sequence[Mapping[str, str]] = (),
    at: datetime | None = None,
    ip: str | None = None,
) -> Deed:
    """Append one deed to the chain. `actor=None` is the system, or somebody unknown at the sign-in.

    Personal numbers in the reason, the label and the changes are masked; secrets belong in none of them.
    """
    entry = Entry(action, target=target, path=path, reason=reason, changes=changes)
    return record_all(actor=actor, entries=[entry], at=at, ip=ip)[0]


def record_all(
    *,
    actor: AbstractBaseUser | None,
    entries: Iterable[Entry],
    at: datetime | None = None,
    ip: str | None = None,
) -> list[Deed]:
    """Append many deeds of one actor at once, for imports and other deeds in bulk."""
    database = router.db_for_write(Deed)
    if not connections[database].in_atomic_block:
        raise OutsideTransaction
    moment, address = at or clock.now(), ip or current_ip()
    deeds = [_deed_of(entry, actor=actor, at=moment, ip=address) for entry in entries]
    key, key_id = _audit_key()
    _wait_for_our_turn(database)
    number, previous = _head()
    for deed in deeds:
        number += 1
        deed.number, deed.previous_hash, deed.key_id = number, previous, key_id
        previous = deed.hash = hash_of(deed, key=key)
    return Deed.objects.bulk_create(deeds, batch_size=500)


def _deed_of(entry: Entry, *, actor: AbstractBaseUser | None, at: datetime, ip: str | None) -> Deed:
    person: Any = actor
    target = entry.target
    return Deed(
        at=at,
        actor_id=None if person is None else person.pk,
        actor_name=SYSTEM if person is None else person.name,
        action=entry.action,
        object_type="" if target is None else target._meta.label_lower,
        object_id=None if target is None else target.pk,
        object_label="" if target is None else mask_personal_numbers(str(target))[:200],
        path=entry.path,
        reason=mask_personal_numbers(entry.reason)[:500],
        changes=[{name: mask_personal_numbers(text) for name, text in c.items()} for c in entry.changes],
        ip=ip,
    )


def _audit_key() -> tuple[bytes | None, str]:
    """Nothing where the vault is locked: work and its record go on, and the row says that it has no key."""
    try:
        return keys.subkey("audit"), keys.root_id()
    except keys.VaultLocked:
        return None, ""


def _wait_for_our_turn(database: str) -> None:
    """Taken last, so that the rest of other transactions runs beside ours (1,348 against 88 a second).

    SQLite needs nothing: with IMMEDIATE there is one writer at a time.
    """
    connection = connections[database]
    if connection.vendor == "postgresql":
        # Reason for SQL: the ORM knows no advisory locks.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _head() -> tuple[int, str]:
    last = Deed.objects.order_by("-number").values_list("number", "hash").first()
    return last or (0, FIRST)


@transaction.atomic
def export_deeds(
    *, deeds: models.QuerySet[Deed], actor: AbstractBaseUser, criteria: str, now: datetime
) -> list[Deed]:
    """The rows that go into the workbook; taking them out is a deed itself."""
    rows = list(deeds.order_by("-pk")[:EXPORT_LIMIT])
    record(actor=actor, action="audit.exported", reason=f"{criteria}，共 {len(rows)} 条", at=now)
    return rows
