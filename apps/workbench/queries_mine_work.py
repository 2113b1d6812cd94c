"""A person's tasks and what he wrote about them, for his own page and export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from apps.jobs.models import Job
from apps.tasks.models import Assignment, Task, TaskNote, TaskState
from apps.workbench.queries_mine_parts import Card, Line, Part, Subject, columns

SHOWN_TASKS = 20


def task_card(subject: Subject) -> Card:
    rows = Task.objects.filter(owner=subject.person, state=TaskState.OPEN).order_by("due_on", "pk")
    lines = [_task_line(task, subject) for task in rows[:SHOWN_TASKS]]
    return Card(title="我的任务", icon="check2-square", lines=lines, empty="没有需要您办理的任务。")


def _task_line(task: Task, subject: Subject) -> Line:
    late = task.due_on is not None and task.due_on < subject.today
    return Line(
        task.title,
        reverse("tasks:detail", args=[task.pk]),
        beside=f"期限 {task.due_on}" if task.due_on else "未定期限",
        badge=("已逾期", "bad") if late else None,
    )


def work_parts(subject: Subject) -> Iterator[Part]:
    yield _task_part(subject)
    notes = TaskNote.objects.filter(written_by=subject.person).select_related("task").order_by("pk")
    yield Part(
        key="task_notes",
        title="本人写的任务进展",
        columns=columns("at 时间", "task 任务", "text 进展"),
        rows=[(note.written_at, note.task.title, note.text) for note in notes],
    )
    sent = Assignment.objects.filter(created_by=subject.person).order_by("pk")
    yield Part(
        key="assignments",
        title="本人向下交办的事项",
        columns=columns("at 交办时间", "title 事项", "detail 要求", "due_on 期限"),
        rows=[(row.created_at, row.title, row.detail, row.due_on) for row in sent],
    )
    jobs = Job.objects.filter(owner=subject.person).order_by("pk")
    yield Part(
        key="jobs",
        title="本人发起的后台任务",
        columns=columns("at 时间", "title 名称", "state 状态"),
        rows=[(job.created_at, job.title, job.get_state_display()) for job in jobs],
    )


def _task_part(subject: Subject) -> Part:
    """Of a task, the demand stays with who wrote it, and the result with who answers for it."""
    entered = Q(created_by=subject.person, assignment__isnull=True)
    rows = Task.objects.filter(Q(owner=subject.person) | entered).select_related("organization")
    return Part(
        key="tasks",
        title="任务",
        columns=columns(
            "title 事项",
            "relation 本人",
            "organization 党组织",
            "due_on 期限",
            "state 状态",
            "closed_on 办结日期",
            "detail 要求",
            "result 办理结果",
        ),
        widths=(16, 8, 12, 15, 9, 15, 12, 12),
        rows=[_task_row(task, subject) for task in rows.order_by("created_at", "pk")],
    )


def _task_row(task: Task, subject: Subject) -> tuple[Any, ...]:
    owns, entered = task.owner_id == subject.person.pk, task.created_by_id == subject.person.pk
    relation = "、".join(word for word, holds in (("责任人", owns), ("登记人", entered)) if holds)
    return (
        task.title,
        relation,
        task.organization.name,
        task.due_on,
        task.get_state_display(),
        task.closed_on,
        task.detail if entered else "",
        task.result if owns else "",
    )
