"""What changed, field by field, in words; secrets only as "changed"."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from apps.vault.fields import EncryptedTextField

HIDDEN = "已修改（内容不显示）"
LONGEST = 1000


class Secret(str):
    """The value of an encrypted column: compared, never written down, whatever the caller says."""

    __slots__ = ()


def snapshot(instance: models.Model, fields: Collection[str]) -> dict[str, str]:
    """The named fields as the user reads them, to be compared after the change."""
    return {name: _words(instance, instance._meta.get_field(name)) for name in fields}


def labels_of(model: type[models.Model], fields: Collection[str]) -> dict[str, str]:
    """Field name → the Chinese word on the form."""
    return {name: str(model._meta.get_field(name).verbose_name) for name in fields}  # type: ignore[union-attr]


def changed_fields(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    labels: Mapping[str, str],
    secret: Collection[str] = (),
) -> list[dict[str, str]]:
    """One entry for each field that differs. Fields in `secret`, and all encrypted ones, show no value."""
    changes = []
    for name in after:
        old, new = before.get(name, ""), after[name]
        if old == new:
            continue
        hidden = name in secret or isinstance(old, Secret) or isinstance(new, Secret)
        words = ("", HIDDEN) if hidden else (_cut(in_words(old)), _cut(in_words(new)))
        changes.append(
            {"field": name, "label": labels.get(name, name), "before": words[0], "after": words[1]}
        )
    return changes


def _words(instance: models.Model, field: Any) -> str:
    if isinstance(field, EncryptedTextField):
        return Secret(getattr(instance, field.name))
    value = getattr(instance, field.name)
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value or ""))
    return in_words(value)


def in_words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(in_words(item) for item in value)
    return str(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
