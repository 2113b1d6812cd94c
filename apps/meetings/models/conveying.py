"""Which documents from above were conveyed (传达) at which sitting."""

from django.conf import settings
from django.db import models

from apps.meetings.models.sitting import Meeting
from apps.tasks.models import Directive


class DirectiveConveyed(models.Model):
    """A document on the agenda of a sitting. It counts as conveyed once the sitting is filed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="conveyed")
    directive = models.ForeignKey(
        Directive, on_delete=models.PROTECT, related_name="conveyings", verbose_name="上级来文"
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "传达的上级文件"
        verbose_name_plural = "传达的上级文件"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "directive"], name="meetings_directive_conveyed_once")
        ]

    def __str__(self) -> str:
        return f"{self.directive_id}"
