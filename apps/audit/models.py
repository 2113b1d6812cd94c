"""Deeds: who did what to which thing, when. Append-only, chained; written in the deed's own transaction."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from apps.audit.actions import label_of


class Deed(models.Model):
    #: Without gaps (an id may skip after a rollback), so a missing row shows.
    number = models.PositiveBigIntegerField("序号", unique=True, editable=False)
    at = models.DateTimeField("时间", db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人姓名", max_length=50)
    #: object.verb, e.g. meeting.closed
    action = models.CharField("操作", max_length=60)
    object_type = models.CharField("对象类别", max_length=40, blank=True)
    object_id = models.BigIntegerField("对象编号", null=True)
    object_label = models.CharField("对象", max_length=200, blank=True)
    path = models.CharField("所属组织", max_length=60, blank=True, db_index=True)
    reason = models.CharField("事由", max_length=500, blank=True)
    # Reason for JSON: a list of {field, label, before, after}, written once, only ever shown whole.
    changes = models.JSONField("变更内容", default=list)
    ip = models.GenericIPAddressField("来源地址", null=True)
    #: The root key that the hash was made with; empty when the vault was locked at that moment.
    key_id = models.CharField("密钥编号", max_length=16, blank=True, editable=False)
    previous_hash = models.CharField("上一条校验值", max_length=64, editable=False)
    hash = models.CharField("校验值", max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = "操作记录"
        verbose_name_plural = "操作记录"
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"]),
            models.Index(fields=["actor", "id"]),
            models.Index(fields=["action", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action_label} {self.object_label}".rstrip()

    @property
    def action_label(self) -> str:
        return label_of(self.action)

    @property
    def object_type_label(self) -> str:
        return str(dict(object_types()).get(self.object_type, self.object_type))


def object_types() -> list[tuple[str, Any]]:
    """(what `object_type` holds, its Chinese name) for every table of this product."""
    return [
        (model._meta.label_lower, model._meta.verbose_name) for model in apps.get_models() if _is_ours(model)
    ]


def _is_ours(model: type[models.Model]) -> bool:
    return model.__module__.startswith("apps.")
