"""What passes between a branch and those who assigned a task: feedback, report, acceptance, return."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.rules.kinds import NoteKind
from apps.tasks.models import Assignment, Task, TaskNote, TaskState
from apps.tasks.services import NotOpen, OtherWay, Untimely, locked_open, locked_task, tell
from apps.ui.refusals import Refusal

register(
    {
        "task.feedback_given": "反馈交办任务",
        "task.reported": "报告办结交办任务",
        "task.accepted": "验收交办任务",
        "task.returned": "退回交办任务",
    }
)


class NotReported(Refusal):
    default = "这项任务不在待验收状态，可能别人已经处理，请刷新页面。"


@transaction.atomic
def give_feedback(*, task: Task, kind: str, text: str, actor: User, now: datetime) -> TaskNote:
    """One line of a branch to those who assigned the task. Raises OtherWay, NotOpen once it is settled."""
    locked = locked_task(task)
    if locked.assignment_id is None:
        raise OtherWay("只有上级交办的任务可以反馈。")
    if locked.state not in (TaskState.OPEN, TaskState.REPORTED):
        raise NotOpen
    note = tell(task=locked, kind=kind, text=text, actor=actor, now=now)
    record(actor=actor, action="task.feedback_given", target=locked, path=locked.path)
    return note


@transaction.atomic
def report_task(
    *, task: Task, result: str, reported_on: date, actor: User, now: datetime, today: date
) -> Task:
    """The branch says that it is done; from here on it waits for those above. Raises NotOpen, Untimely."""
    locked = locked_open(task)
    if locked.assignment_id is None:
        raise OtherWay("不是上级交办的任务，请直接办结。")
    if reported_on > today:
        raise Untimely("完成日期不能晚于今天。", field="reported_on")
    locked.state, locked.result, locked.reported_on = TaskState.REPORTED, result, reported_on
    locked.return_reason = ""
    locked.version += 1
    locked.save(update_fields=["state", "result", "reported_on", "return_reason", "version"])
    tell(task=locked, kind=NoteKind.REPORTED, text=result, actor=actor, now=now)
    branch_changed(locked.organization_id)
    record(actor=actor, action="task.reported", target=locked, path=locked.path)
    return locked


@transaction.atomic
def accept_task(*, task: Task, actor: User, now: datetime) -> Task:
    """Done on the day that the branch reported: it does not pay for the time that the review took.

    Raises NotReported.
    """
    locked = _locked_reported(task)
    locked.state, locked.closed_on = TaskState.DONE, locked.reported_on
    locked.version += 1
    locked.save(update_fields=["state", "closed_on", "version"])
    tell(task=locked, kind=NoteKind.ACCEPTED, text="", actor=actor, now=now)
    branch_changed(locked.organization_id)
    record(actor=actor, action="task.accepted", target=locked, path=locked.path)
    return locked


@transaction.atomic
def accept_reported(*, assignment: Assignment, actor: User, now: datetime) -> int:
    """Accept all that branches have reported of one assignment, in one deed. Returns how many.

    Raises NotReported when there is none.
    """
    reported = Task.objects.select_for_update(of=("self",)).filter(
        assignment=assignment, state=TaskState.REPORTED
    )
    rows = list(reported.order_by("pk"))
    if not rows:
        raise NotReported("没有待验收的任务，可能别人已经处理，请刷新页面。")
    for row in rows:
        row.state, row.closed_on = TaskState.DONE, row.reported_on
        row.version += 1
    Task.objects.bulk_update(rows, ["state", "closed_on", "version"], batch_size=400)
    said = {"kind": NoteKind.ACCEPTED, "written_by": actor, "written_at": now, "text": ""}
    TaskNote.objects.bulk_create([TaskNote(task=row, **said) for row in rows], batch_size=400)
    branch_changed(*[row.organization_id for row in rows])
    words = f"验收 {len(rows)} 个党支部"
    record(actor=actor, action="task.accepted", target=assignment, path=assignment.path, reason=words)
    return len(rows)


@transaction.atomic
def return_task(*, task: Task, reason: str, actor: User, now: datetime) -> Task:
    """Give it back to be done again, by the same day. Raises NotReported."""
    locked = _locked_reported(task)
    locked.state, locked.reported_on, locked.return_reason = TaskState.OPEN, None, reason
    locked.version += 1
    locked.save(update_fields=["state", "reported_on", "return_reason", "version"])
    tell(task=locked, kind=NoteKind.RETURNED, text=reason, actor=actor, now=now)
    branch_changed(locked.organization_id)
    record(actor=actor, action="task.returned", target=locked, path=locked.path, reason=reason)
    return locked


def _locked_reported(task: Task) -> Task:
    locked = locked_task(task)
    if locked.state != TaskState.REPORTED:
        raise NotReported
    return locked
