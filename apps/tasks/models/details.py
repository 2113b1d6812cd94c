"""What a concern and a rectification hold beyond the task that they are."""

from django.db import models

from apps.rules.kinds import SELF_FOUND, ConcernSource, ProblemSource
from apps.tasks.models.task import Task
from apps.ui.constraints import one_of


class Concern(models.Model):
    """What somebody asked for (诉求、急难愁盼), in neutral words, and when he was told what came of it."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="concern", primary_key=True)
    raised_by = models.CharField("提出人", max_length=10, choices=ConcernSource.choices())
    raised_on = models.DateField("提出日期")
    told_on = models.DateField("反馈日期", null=True, blank=True)

    class Meta:
        verbose_name = "诉求"
        verbose_name_plural = "诉求"
        constraints = [one_of("raised_by", ConcernSource)]

    def __str__(self) -> str:
        return f"{self.task_id}"


class Rectification(models.Model):
    """A problem that was found, what is done about it, and what proves that it is gone (OL-3)."""

    task = models.OneToOneField(
        Task, on_delete=models.CASCADE, related_name="rectification", primary_key=True
    )
    source = models.CharField("问题来源", max_length=20, choices=ProblemSource.choices())
    found_on = models.DateField("发现日期")
    measure = models.TextField("整改措施")
    evidence = models.TextField("销号依据", blank=True)

    class Meta:
        verbose_name = "问题整改"
        verbose_name_plural = "问题整改"
        constraints = [one_of("source", ProblemSource)]

    def __str__(self) -> str:
        return f"{self.task_id}"

    @property
    def is_self_found(self) -> bool:
        return self.source in SELF_FOUND
