"""A text column that is encrypted with the row bound to it, and opened only when it is read.

    class Member(models.Model):
        vault_id = VaultIdField()
        mobile_phone = EncryptedTextField("手机", blank=True)

- Reading gives a `str`: the text, "" for none, or a `Locked` sentence where the key is missing or the value
  was tampered with. Such a value is never written over by saving it again, also not through a form.
- `values()` and `values_list()` give the raw bytes. There are no lookups: search with `index.blind_index`.
- `update(field=…)` is refused (a value needs its row); `save`, `bulk_create` and `bulk_update` work.
- `only("mobile_phone")` needs `vault_id` too, or reading costs one more query for each row.
"""

from __future__ import annotations

import base64
import uuid
from typing import Any, cast

from django import forms
from django.core import checks
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from apps.vault import envelope
from apps.vault.envelope import KeyMissing, Tampered
from apps.vault.keys import VaultLocked

#: What `dumpdata` writes before the encrypted bytes; no form lets a NUL through, so nobody can type it.
DUMPED = "\x00sealed:"


class Sealed(bytes):
    """Bytes as they stand in the column."""

    __slots__ = ()


class Plain(str):
    """A readable value that knows its place, and its bytes where it came out of the column unchanged."""

    __slots__ = ("place", "sealed")
    place: str
    sealed: Sealed | None

    def __new__(cls, text: str, *, place: str = "", sealed: Sealed | None = None) -> Plain:
        plain = super().__new__(cls, text)
        plain.place, plain.sealed = place, sealed
        return plain

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), str(self), self.place, self.sealed)


class Locked(Plain):
    """What stands in for a value that cannot be read. Writing it back writes the original bytes."""

    __slots__ = ()


class Damaged(Locked):
    """The bytes were changed, cut or moved here from another row."""

    __slots__ = ()


class Blocked(str):
    """A new value set over one whose key is missing: saving it would destroy what the key can still open."""

    __slots__ = ()


def _restored(kind: type[Plain], *parts: Any) -> Plain:
    """Copying and pickling: both call with positions only."""
    text, place, sealed = parts
    return kind(text, place=place, sealed=sealed)


def open_sealed(sealed: Sealed, place: str) -> Plain:
    if not sealed:
        return Plain("", place=place, sealed=sealed)
    try:
        return Plain(envelope.unseal(sealed, place), place=place, sealed=sealed)
    except KeyMissing as missing:
        return Locked(f"已加密：缺少密钥 {missing.key_id[:8]}", place=place, sealed=sealed)
    except Tampered:
        return Damaged("数据校验未通过，请联系管理员", place=place, sealed=sealed)


def seal_text(text: str, place: str) -> Sealed:
    return Sealed(envelope.seal(text, place) if text else b"")


class EncryptedAttribute(DeferredAttribute):
    """Opens lazily: a list that does not show the column never decrypts it."""

    field: EncryptedTextField

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:  # deferred: fetch what is needed to open it as well
            instance.refresh_from_db(fields=[self.field.attname, "vault_id"])
        value = instance.__dict__[self.field.attname]
        if isinstance(value, Sealed):
            return open_sealed(value, self.field.place_of(instance))
        if isinstance(value, (Plain, Blocked)) or value is None:
            return value
        return Plain(value, place=self.field.place_of(instance))

    def __set__(self, instance: models.Model, value: Any) -> None:
        name = self.field.attname
        standing = instance.__dict__.get(name)
        if isinstance(standing, (Sealed, Plain)) and isinstance(value, str):
            value = self._replacing(self.__get__(instance), value)
        instance.__dict__[name] = value

    @staticmethod
    def _replacing(current: Plain, value: str) -> str:
        """What stands after `value` is set over `current`: the very same bytes where nothing changes."""
        if isinstance(value, Locked) or (isinstance(value, Plain) and value.place == current.place):
            return value
        if value == current:
            return current
        if isinstance(current, Locked) and not isinstance(current, Damaged):
            return Blocked(value)
        return value


class VaultIdField(models.UUIDField):
    """Names the row inside the encrypted bytes. A primary key is not known before the insert."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("default", uuid.uuid4)
        options.setdefault("unique", True)
        options.setdefault("editable", False)
        super().__init__(**options)


class EncryptedTextField(models.Field):
    descriptor_class = EncryptedAttribute
    description = "加密文本"
    empty_values = [None, "", b""]

    def __init__(self, *args: Any, multiline: bool = False, **options: Any) -> None:
        self.multiline = multiline
        super().__init__(*args, **options)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def check(self, **options: Any) -> list[checks.CheckMessage]:
        errors = super().check(**options)
        bound = any(isinstance(field, VaultIdField) for field in self.model._meta.local_fields)
        if not bound:
            errors.append(checks.Error("表中缺少 vault_id = VaultIdField()。", obj=self, id="vault.E001"))
        if self.null or self.unique or cast(Any, self).db_index:
            errors.append(checks.Error("加密列不能设 null、unique 或索引。", obj=self, id="vault.E002"))
        return errors

    def run_validators(self, value: Any) -> None:
        if not isinstance(value, Locked):
            super().run_validators(value)

    def get_internal_type(self) -> str:
        return "BinaryField"

    def place_of(self, instance: models.Model) -> str:
        row = cast(Any, instance).vault_id
        return f"{self.model._meta.db_table}.{self.column}.{row}"

    def to_python(self, value: Any) -> Any:
        if isinstance(value, (Sealed, Plain, Blocked)):
            return value
        if isinstance(value, str):
            return Sealed(base64.b64decode(value[len(DUMPED) :])) if value.startswith(DUMPED) else value
        return "" if value is None else str(value)

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed:
        return self._bytes_for(model_instance, model_instance.__dict__[self.attname], add=add)

    def _bytes_for(self, instance: models.Model, value: Any, *, add: bool) -> Sealed:
        if not isinstance(value, Sealed):
            return self._bytes_of_text("" if value is None else value, self.place_of(instance))
        if add and isinstance(open_sealed(value, self.place_of(instance)), Damaged):
            raise Tampered(f"{self.model.__name__}.{self.name}: bytes of another row")
        return value

    def _bytes_of_text(self, value: str, place: str) -> Sealed:
        if isinstance(value, Blocked):
            raise VaultLocked
        if isinstance(value, Plain) and value.sealed is not None and value.place == place:
            return value.sealed
        if isinstance(value, Locked):
            raise VaultLocked
        return seal_text(str(value), place)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002 - Django's
        if isinstance(value, Plain) and value.place:
            value = self._bytes_of_text(value, value.place)
        if isinstance(value, Blocked):
            raise VaultLocked
        if value is None:
            return None
        if not isinstance(value, bytes):
            raise TypeError(
                f"{self.model.__name__}.{self.name} cannot be encrypted without its row: use save()."
            )
        return connection.Database.Binary(bytes(value))

    def get_lookup(self, lookup_name: str) -> None:  # noqa: ARG002 - signature given by Django
        """None: no lookup is possible on encrypted bytes, and Django says so."""
        return

    def value_to_string(self, obj: models.Model) -> str:
        """For `dumpdata`: the encrypted bytes, never the text."""
        sealed = self._bytes_for(obj, obj.__dict__[self.attname], add=False)
        return DUMPED + base64.b64encode(sealed).decode()

    def formfield(self, **options: Any) -> forms.Field:
        """Without `max_length`: the sentence of a locked value may be longer, and must come back unharmed."""
        defaults: dict[str, Any] = {"form_class": forms.CharField}
        if self.multiline:
            defaults["widget"] = forms.Textarea
        return cast(forms.Field, super().formfield(**(defaults | options)))
