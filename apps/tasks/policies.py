"""Who sees and handles which task."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, COMMITTEE, KEEPERS, holds, paths_of, within
from apps.rules.kinds import OrgKind, PostKind
from apps.tasks.models import Assignment, Task, TaskState


def visible_tasks(user: User) -> QuerySet[Task]:
    """Those of the organizations in reach, and everybody's own."""
    return Task.objects.filter(
        within(user, ABOVE | COMMITTEE | {PostKind.GROUP_LEADER}) | Q(owner_id=user.pk)
    )


def visible_assignments(user: User) -> QuerySet[Assignment]:
    """What was sent from an organization in the person's reach (each branch sees its own task instead)."""
    return Assignment.objects.filter(within(user, ABOVE))


def organizations_for_tasks(user: User) -> QuerySet[Organization]:
    """Where the person may enter a task of one's own: his branch or, from above, the committee."""
    reach = within(user, COMMITTEE) | within(user, {PostKind.ORGANIZER})
    return Organization.objects.filter(reach, closed_on__isnull=True).exclude(kind=OrgKind.GROUP)


def can_create(user: User) -> bool:
    return bool(paths_of(user, COMMITTEE | {PostKind.ORGANIZER}))


def can_assign(user: User) -> bool:
    return bool(paths_of(user, ABOVE))


def organizations_to_assign_from(user: User) -> QuerySet[Organization]:
    paths = paths_of(user, ABOVE)
    return Organization.objects.filter(path__in=paths, closed_on__isnull=True).order_by("path")


def can_change(user: User, task: Task) -> bool:
    """What came from above is not rewritten below; the branch's own is changed by its keepers."""
    if task.state != TaskState.OPEN:
        return False
    if task.assignment:
        return holds(user, {PostKind.ORGANIZER}, task.assignment.path)
    return holds(user, KEEPERS | {PostKind.ORGANIZER}, task.path) or task.created_by_id == user.pk


def can_note(user: User, task: Task) -> bool:
    return task.state == TaskState.OPEN and can_handle(user, task)


def can_handle(user: User, task: Task) -> bool:
    """The owner and the branch's committee report progress; those above read."""
    return task.owner_id == user.pk or holds(user, COMMITTEE, task.path) or _own_level(user, task)


def _own_level(user: User, task: Task) -> bool:
    """An organizer handles tasks of his own committee, not those of the branches below it."""
    return task.path in paths_of(user, {PostKind.ORGANIZER})


def can_close(user: User, task: Task) -> bool:
    return task.state == TaskState.OPEN and can_handle(user, task)


def can_reopen(user: User, task: Task) -> bool:
    if task.state == TaskState.OPEN:
        return False
    return holds(user, KEEPERS | {PostKind.ORGANIZER}, task.path)


def can_cancel(user: User, task: Task) -> bool:
    return can_change(user, task)


def rights_on(user: User, task: Task) -> dict[str, bool]:
    return {
        "change": can_change(user, task),
        "note": can_note(user, task),
        "close": can_close(user, task),
        "reopen": can_reopen(user, task),
        "cancel": can_cancel(user, task),
    }
