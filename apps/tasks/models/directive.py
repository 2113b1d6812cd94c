"""A document from above (上级来文): each branch has its own received copy, to convey and to carry out."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.branches.models import InTree, Organization


class Document(InTree):
    """What the paper itself says and asks for, the same for the one sent and the one received."""

    title = models.CharField("标题", max_length=200)
    number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文单位", max_length=100)
    requirement = models.TextField("要求", blank=True)
    convey_by = models.DateField("传达期限", null=True, blank=True)
    do_by = models.DateField("落实期限", null=True, blank=True)
    asks_action = models.BooleanField("要求组织落实", default=False)
    created_at = models.DateTimeField("登记时间")
    idempotency_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Circular(Document):
    """One document entered once by the organization above for its branches."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="转发党组织"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "转发文件"
        verbose_name_plural = "转发文件"


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def standing(self) -> "DirectiveQuerySet":
        """Those that were not entered by mistake."""
        return self.filter(withdrawn_on__isnull=True)


class Directive(Document):
    """The copy that one organization received. `Task.directive` names what is done about it."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="收文党组织"
    )
    received_on = models.DateField("收文日期")
    circular = models.ForeignKey(
        Circular,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="上级统一登记",
    )
    withdrawn_on = models.DateField("作废日期", null=True, blank=True)
    withdrawn_reason = models.CharField("作废原因", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "上级来文"
        verbose_name_plural = "上级来文"
        constraints = [
            models.UniqueConstraint(fields=["circular", "organization"], name="tasks_directive_copy_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawn_reason=""),
                name="tasks_directive_withdrawn_has_reason",
                violation_error_message="作废须写明原因。",
            ),
        ]
        indexes = [
            models.Index(fields=["path", "-received_on", "-id"]),
            models.Index(fields=["organization", "convey_by"]),
        ]
