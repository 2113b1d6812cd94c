"""Making, changing and checking keys. The audit entries are written by the `keys` command, which is above."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from apps.ui import clock
from apps.ui.refusals import Refusal
from apps.vault import envelope, keys
from apps.vault.fields import EncryptedTextField, Locked, VaultIdField, open_sealed, seal_text
from apps.vault.keyring import Ring
from apps.vault.models import KeyCheck


class KeyInUse(Refusal):
    default = "还有内容是用这把密钥加密的，不能停用。请先执行 manage.py keys rewrap。"


class NoSuchKey(Refusal):
    default = "没有这把可以停用的密钥。编号见 manage.py keys status。"


def set_up_vault() -> Ring:
    """First run: make the key file and store the proofs. Refuses where a file or other proofs exist."""
    ring = keys.create_keyring()
    store_proofs(ring=ring)
    return ring


@transaction.atomic
def store_proofs(*, ring: Ring) -> None:
    for key in ring.keys:
        if key.state != "retired":
            KeyCheck.objects.get_or_create(key_id=key.id.hex(), defaults={"proof": key.proof})


def add_key() -> Ring:
    """A new key for all that is written from now on. The file comes first: a ring with one key more than the
    database knows is in order, one with a key less would lock the site."""
    ring = keys.ring_for_writing().with_new_active(now=clock.now())
    keys.store(ring, Path(settings.VAULT_KEYRING), replacing=True)
    store_proofs(ring=ring)
    return ring


def retire_key(*, key_id: str) -> None:
    """Nothing needs the key any more. Its bytes stay in the file for the sake of old backups."""
    ring = keys.ring_for_writing()
    found = [key for key in ring.keys if key.id.hex().startswith(key_id) and key.state == "old"]
    if len(key_id) < 8 or len(found) != 1:
        raise NoSuchKey
    key = found[0]
    if usage()[key.id.hex()]:
        raise KeyInUse
    keys.store(ring.with_retired(key.id), Path(settings.VAULT_KEYRING), replacing=True)
    KeyCheck.objects.filter(key_id=key.id.hex()).delete()


def encrypted_columns() -> Iterator[tuple[type[models.Model], list[EncryptedTextField]]]:
    for model in apps.get_models(include_auto_created=True):
        fields = [field for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
        if fields:
            yield model, fields


def usage() -> Counter[str]:
    """How many values stand under each key id; "damaged" counts bytes that are no envelope at all."""
    counts: Counter[str] = Counter()
    for model, fields in encrypted_columns():
        names = [field.attname for field in fields]
        for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=2000):
            counts.update(_key_of(value) for value in row if value)
    return counts


def _key_of(sealed: bytes) -> str:
    try:
        return envelope.key_id_of(sealed).hex()
    except envelope.Tampered:
        return "damaged"


def rewrap(*, batch: int = 500) -> Iterator[int]:
    """Encrypt everything under the active key, one short transaction for each batch; yields rows changed.

    It can be stopped and started again at any moment, and runs beside the site: rows are locked while they
    are rewritten. What cannot be read is left as it is.
    """
    active = keys.ring_for_writing().active.id
    for model, fields in encrypted_columns():
        last: Any = None
        while True:
            rows = model._base_manager.order_by("pk")
            pks = list((rows.filter(pk__gt=last) if last else rows).values_list("pk", flat=True)[:batch])
            if not pks:
                break
            yield _rewrap_rows(model, fields, pks=pks, active=active)
            last = pks[-1]


@transaction.atomic
def _rewrap_rows(
    model: type[models.Model], fields: list[EncryptedTextField], *, pks: list[Any], active: bytes
) -> int:
    changed = 0
    row_id = next(field.attname for field in model._meta.local_fields if isinstance(field, VaultIdField))
    rows = model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk")
    for pk, place, *values in rows.values_list("pk", row_id, *(field.attname for field in fields)):
        fresh = {}
        for field, value in zip(fields, values, strict=True):
            text = open_sealed(value, f"{model._meta.db_table}.{field.column}.{place}")
            if value and not isinstance(text, Locked) and envelope.key_id_of(value) != active:
                fresh[field.attname] = seal_text(text, text.place)
        if fresh:
            changed += model._base_manager.filter(pk=pk).update(**fresh)
    return changed
