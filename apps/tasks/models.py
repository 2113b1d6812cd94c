"""What somebody is to do by a day: one's own, from a resolution, or assigned from above."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.branches.models import InTree, Organization
from apps.rules.kinds import Kind, TaskKind
from apps.ui.constraints import one_of


class TaskState(Kind):
    OPEN = "open", "进行中"
    DONE = "done", "已完成"
    CANCELLED = "cancelled", "已取消"


class Assignment(InTree):
    """One demand from above, sent to one, some or all branches; each branch gets its own task."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="交办党组织"
    )
    title = models.CharField("事项", max_length=100)
    detail = models.TextField("要求", blank=True)
    due_on = models.DateField("完成期限")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="交办人"
    )
    created_at = models.DateTimeField("交办时间")
    idempotency_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = "交办事项"
        verbose_name_plural = "交办事项"

    def __str__(self) -> str:
        return self.title


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> "TaskQuerySet":
        return self.filter(state=TaskState.OPEN)

    def overdue_on(self, day: object) -> "TaskQuerySet":
        return self.open().filter(due_on__lt=day)


class Task(InTree):
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党组织"
    )
    kind = models.CharField("来源", max_length=16, choices=TaskKind.choices(), default=TaskKind.OWN)
    title = models.CharField("事项", max_length=100)
    detail = models.TextField("要求", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="责任人",
    )
    due_on = models.DateField("完成期限", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=TaskState.choices(), default=TaskState.OPEN)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    result = models.TextField("办理结果", blank=True)
    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name="交办事项",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间")
    idempotency_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        constraints = [
            one_of("kind", TaskKind),
            one_of("state", TaskState),
            models.CheckConstraint(
                condition=~Q(state=TaskState.DONE) | Q(closed_on__isnull=False),
                name="tasks_task_done_has_date",
                violation_error_message="办结的任务须有办结日期。",
            ),
            models.UniqueConstraint(fields=["assignment", "organization"], name="tasks_task_assigned_once"),
        ]
        indexes = [
            models.Index(fields=["path", "state", "due_on"]),
            models.Index(fields=["owner", "state"]),
            models.Index(fields=["organization", "state"]),
        ]

    def __str__(self) -> str:
        return self.title


class TaskNote(models.Model):
    """A line of progress."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="notes")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("时间")
    text = models.CharField("进展", max_length=500)

    class Meta:
        verbose_name = "进展"
        verbose_name_plural = "进展"

    def __str__(self) -> str:
        return self.text
