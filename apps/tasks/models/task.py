"""What somebody is to do by a day, whatever it came from: see `TaskKind`."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.branches.models import InTree, Organization
from apps.rules.kinds import FEEDBACK_KINDS, Kind, NoteKind, TaskKind
from apps.tasks.models.directive import Directive
from apps.ui.constraints import one_of


class TaskState(Kind):
    OPEN = "open", "进行中"
    REPORTED = "reported", "待验收"
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
    minutes = models.PositiveIntegerField(
        "每个支部约需分钟", null=True, blank=True, help_text="交办前估算的工作量。"
    )
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
        """Late are those that somebody still has to do; what is reported waits for others."""
        return self.open().filter(due_on__lt=day)

    def returned(self) -> "TaskQuerySet":
        return self.open().exclude(return_reason="")


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
    reported_on = models.DateField("报告办结日期", null=True, blank=True)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)
    reopened_on = models.DateField("重新办理日期", null=True, blank=True)
    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name="交办事项",
    )
    directive = models.ForeignKey(
        Directive,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name="上级来文",
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
            models.CheckConstraint(
                condition=~Q(state=TaskState.REPORTED)
                | Q(reported_on__isnull=False, assignment__isnull=False),
                name="tasks_task_reported_has_date",
                violation_error_message="只有上级交办的任务才报告办结，并须有报告日期。",
            ),
            models.CheckConstraint(
                condition=Q(directive__isnull=True) | Q(kind=TaskKind.DIRECTIVE),
                name="tasks_task_directive_has_kind",
                violation_error_message="落实上级来文的任务，来源须为“上级来文”。",
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
    """A line under a task: progress, feedback to those above, and each step of its review."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="notes")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("时间")
    kind = models.CharField("类别", max_length=10, choices=NoteKind.choices(), default=NoteKind.PROGRESS)
    text = models.CharField("进展", max_length=500)

    class Meta:
        verbose_name = "进展"
        verbose_name_plural = "进展"
        constraints = [one_of("kind", NoteKind)]

    def __str__(self) -> str:
        return self.text

    @property
    def is_feedback(self) -> bool:
        return self.kind in FEEDBACK_KINDS
