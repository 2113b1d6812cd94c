"""A person's tasks and what he wrote about them, for his own page and export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from apps.jobs.models import Job
from apps.meetings.models import DirectiveConveyed
from apps.members.own_page import Card, Line, Part, Subject, columns
from apps.tasks.models import Assignment, Circular, Directive, Task, TaskNote, TaskState

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
        columns=columns("at 时间", "task 任务", "kind 类别", "text 进展"),
        rows=[(note.written_at, note.task.title, note.get_kind_display(), note.text) for note in notes],
    )
    yield Part(
        key="directives",
        title="本人登记的上级来文",
        columns=columns("at 时间", "kind 类别", "title 标题", "number 文号", "text 内容"),
        rows=_directives(subject),
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
    rows = Task.objects.filter(Q(owner=subject.person) | entered)
    rows = rows.select_related("organization", "concern", "rectification", "directive")
    named = columns("title 事项", "kind 来源", "relation 本人", "organization 党组织", "due_on 完成期限")
    named += columns("state 状态", "reported_on 报告办结日期", "closed_on 办结日期")
    named += columns("about 诉求、问题、来文", "detail 要求", "result 办理结果")
    found = [_task_row(task, subject) for task in rows.order_by("created_at", "pk")]
    return Part(key="tasks", title="任务", columns=named, rows=found)


def _task_row(task: Task, subject: Subject) -> tuple[Any, ...]:
    owns, entered = task.owner_id == subject.person.pk, task.created_by_id == subject.person.pk
    relation = "、".join(word for word, holds in (("责任人", owns), ("登记人", entered)) if holds)
    return (
        task.title,
        task.get_kind_display(),
        relation,
        task.organization.name,
        task.due_on,
        task.get_state_display(),
        task.reported_on,
        task.closed_on,
        _about(task, measures=entered, evidence=owns),
        task.detail if entered else "",
        task.result if owns else "",
    )


def _about(task: Task, *, measures: bool, evidence: bool) -> str:
    """What a concern, a problem or a document from above adds to the task that it is."""
    concern, problem = getattr(task, "concern", None), getattr(task, "rectification", None)
    words = [f"落实：{task.directive.title}"] if task.directive else []
    if concern:
        told = f"，{concern.told_on} 反馈" if concern.told_on else ""
        words.append(f"{concern.get_raised_by_display()} {concern.raised_on} 提出{told}")
    if problem:
        words.append(f"{problem.get_source_display()}，{problem.found_on} 发现")
        words += [f"整改措施：{problem.measure}"] if measures else []
        words += [f"销号依据：{problem.evidence}"] if evidence and problem.evidence else []
    return "\n".join(words)


def _directives(subject: Subject) -> list[tuple[Any, ...]]:
    received = Directive.objects.filter(created_by=subject.person, circular=None).order_by("pk")
    sent = Circular.objects.filter(created_by=subject.person).order_by("pk")
    conveyed = DirectiveConveyed.objects.filter(added_by=subject.person)
    conveyed = conveyed.select_related("meeting", "directive").order_by("pk")
    return [
        *((row.created_at, "收文", row.title, row.number, row.requirement) for row in received),
        *((row.created_at, "转发", row.title, row.number, row.requirement) for row in sent),
        *(
            (row.added_at, "列入传达", row.directive.title, row.directive.number, row.meeting.title)
            for row in conveyed
        ),
    ]
