"""The words by which branches are reminded of an assignment, to be copied or printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from apps.tasks.models import Assignment, Task

LAST_LINE = "请在系统“任务”里报告办结；有困难或系统里已有的，请在任务页点“反馈”。已办结的请忽略。"


@dataclass(frozen=True, slots=True)
class Reminder:
    branch: str
    text: str


@dataclass(frozen=True, slots=True)
class Reminders:
    each: list[Reminder]
    #: One message for a group in which all branches are.
    together: str


def reminders_of(tasks: Iterable[Task], *, assignment: Assignment, today: date) -> Reminders:
    """`tasks` are those that branches still have to do."""
    rows = list(tasks)
    each = [Reminder(str(task.organization), _words(task, today=today)) for task in rows]
    return Reminders(each, _together(rows, assignment=assignment, today=today) if rows else "")


def _words(task: Task, *, today: date) -> str:
    back = f"已退回（{task.return_reason}），请改好后再报告。" if task.return_reason else ""
    when = _when(task.due_on or today, today=today)
    return f"【提醒】{task.organization}：交办事项“{task.title}”{when}。{back}{LAST_LINE}"


def _when(due_on: date, *, today: date) -> str:
    day, left = f"{due_on.month}月{due_on.day}日", (due_on - today).days
    if left < 0:
        return f"应于{day}前办结，已逾期 {-left} 天"
    return f"请于{day}前办结，今天到期" if left == 0 else f"请于{day}前办结，还有 {left} 天"


def _together(tasks: list[Task], *, assignment: Assignment, today: date) -> str:
    names = "、".join(str(task.organization) for task in tasks)
    when = _when(assignment.due_on, today=today)
    return (
        f"【提醒】交办事项“{assignment.title}”{when}。还有 {len(tasks)} 个支部没有报告：{names}。{LAST_LINE}"
    )
