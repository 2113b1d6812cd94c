"""Files that background work has made, kept for some days; and the Word templates of committees."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.branches.models import InTree, Organization
from apps.documents.template_fields import TemplateKind
from apps.rules.kinds import Kind
from apps.ui.constraints import one_of

#: A book tells of people, so it does not lie about: who lost it has it made again.
KEPT_FOR = timedelta(days=14)


class FileKind(Kind):
    WORD = "docx", "Word 文档"
    ARCHIVE = "zip", "压缩包"


class MadeFile(InTree):
    """A document that took too long for a page. It lies under a random name outside what is served."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党组织"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="生成人"
    )
    name = models.CharField("文件名", max_length=200)
    kind = models.CharField("类别", max_length=4, choices=FileKind.choices())
    stored_as = models.CharField(max_length=60, unique=True, editable=False)
    size = models.PositiveBigIntegerField("大小")
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = "生成的文件"
        verbose_name_plural = "生成的文件"
        constraints = [one_of("kind", FileKind)]
        indexes = [models.Index(fields=["owner", "-id"]), models.Index(fields=["made_at"])]

    def __str__(self) -> str:
        return self.name


class TemplateState(Kind):
    IN_USE = "in_use", "使用中"
    EARLIER = "earlier", "以前的"
    WITHDRAWN = "withdrawn", "已停用"


class UnitTemplate(InTree):
    """One version of a committee's own form of a document, for itself and everything below it."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党组织"
    )
    kind = models.CharField("材料", max_length=16, choices=TemplateKind.choices())
    number = models.PositiveSmallIntegerField("第几版")
    file_name = models.CharField("文件名", max_length=200)
    note = models.CharField("说明", max_length=200, blank=True)
    stored_as = models.CharField(max_length=60, unique=True, editable=False)
    size = models.PositiveIntegerField("大小")
    sha256 = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        "状态", max_length=10, choices=TemplateState.choices(), default=TemplateState.IN_USE
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")
    #: Why a document could not be written in it the last time; then it was written in our own form.
    fault = models.CharField("没有用成的原因", max_length=300, blank=True)
    fault_at = models.DateTimeField("没有用成的时间", null=True, blank=True)
    idempotency_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = "单位模板"
        verbose_name_plural = "单位模板"
        constraints = [
            one_of("kind", TemplateKind),
            one_of("state", TemplateState),
            models.UniqueConstraint(
                fields=["organization", "kind", "number"], name="documents_unittemplate_number_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "kind"],
                condition=Q(state=TemplateState.IN_USE),
                name="documents_unittemplate_one_in_use",
                violation_error_message="这种材料已有一版在使用。",
            ),
            models.CheckConstraint(
                condition=Q(fault="") | Q(fault_at__isnull=False),
                name="documents_unittemplate_fault_dated",
                violation_error_message="没有用成的原因须有时间。",
            ),
        ]
        indexes = [models.Index(fields=["kind", "state", "path"])]

    def __str__(self) -> str:
        return f"{self.organization} {self.get_kind_display()}（第 {self.number} 版）"
