"""One row for each piece of long work: how far it is, and what came of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from apps.rules.kinds import Kind
from apps.ui.constraints import one_of

#: A worker that says nothing for so long is dead: killed, or its machine was switched off.
SILENCE = timedelta(minutes=2)
#: After so long in the queue somebody should look whether a worker runs at all.
PATIENCE = timedelta(seconds=15)
INTERRUPTED = "后台进程中断，请重新发起。"


class JobState(Kind):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


class JobQuerySet(models.QuerySet["Job"]):
    def silent_at(self, now: datetime) -> "JobQuerySet":
        return self.filter(state=JobState.RUNNING, heartbeat_at__lt=now - SILENCE)

    def stranded_at(self, now: datetime) -> "JobQuerySet":
        """Waiting for so long that their message may have been lost (a worker killed as it took it)."""
        return self.filter(state=JobState.QUEUED, created_at__lt=now - SILENCE)


class Job(models.Model):
    kind = models.CharField("类别", max_length=60)
    title = models.CharField("名称", max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="发起人"
    )
    runner = models.CharField("执行程序", max_length=60, editable=False)
    # Reason for JSON: the runner's own keyword arguments (ids, dates as text), read by nobody else and never
    # searched. No personal data: they point at rows.
    arguments = models.JSONField("参数", default=dict, editable=False)
    state = models.CharField("状态", max_length=10, choices=JobState.choices(), default=JobState.QUEUED)
    total = models.PositiveIntegerField("总数", default=0)
    done = models.PositiveIntegerField("已处理", default=0)
    message = models.CharField("说明", max_length=500, blank=True)
    heartbeat_at = models.DateTimeField("最近活动", null=True)
    created_at = models.DateTimeField("发起时间")
    finished_at = models.DateTimeField("结束时间", null=True)
    result_url = models.CharField("结果页面", max_length=200, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        constraints = [one_of("state", JobState)]
        indexes = [models.Index(fields=["owner", "-id"]), models.Index(fields=["state", "heartbeat_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)

    def is_silent(self, now: datetime) -> bool:
        """Running, but not heard of: shown as interrupted even before the reaper comes by."""
        return (
            self.state == JobState.RUNNING
            and self.heartbeat_at is not None
            and now - self.heartbeat_at > SILENCE
        )

    def waits_too_long(self, now: datetime) -> bool:
        return self.state == JobState.QUEUED and now - self.created_at > PATIENCE
