"""Who sees and handles which task."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, COMMITTEE, KEEPERS, holds, paths_of, within
from apps.rules.kinds import OrgKind, PostKind, TaskKind
from apps.tasks.models import Assignment, Directive, Task, TaskState

ORGANIZER = frozenset({PostKind.ORGANIZER})


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


def can_review_all(user: User, assignment: Assignment) -> bool:
    return holds(user, ABOVE, assignment.path)


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
    """What came from above is reported, not closed. A rectification is struck off (销号) by the branch's
    keepers, so that nobody certifies his own work alone."""
    if task.state != TaskState.OPEN or task.assignment:
        return False
    if task.kind == TaskKind.RECTIFICATION:
        return holds(user, KEEPERS, task.path) or _own_level(user, task)
    return can_handle(user, task)


def can_report(user: User, task: Task) -> bool:
    return task.state == TaskState.OPEN and task.assignment is not None and can_handle(user, task)


def can_review(user: User, task: Task) -> bool:
    """Accepting or returning is for those above, at the organization that assigned it."""
    if task.state != TaskState.REPORTED or task.assignment is None:
        return False
    return holds(user, ABOVE, task.assignment.path)


def can_give_feedback(user: User, task: Task) -> bool:
    """The branch may question a demand as long as it is not settled (DIG-3: a complaint must be possible)."""
    waiting = task.state in (TaskState.OPEN, TaskState.REPORTED)
    return waiting and task.assignment is not None and can_handle(user, task)


def can_reopen(user: User, task: Task) -> bool:
    """A report is taken back by the branch, as long as those above have not accepted it."""
    if task.state == TaskState.OPEN:
        return False
    if task.state == TaskState.REPORTED:
        return can_handle(user, task)
    return holds(user, KEEPERS | {PostKind.ORGANIZER}, task.path)


def can_cancel(user: User, task: Task) -> bool:
    return can_change(user, task)


def rights_on(user: User, task: Task) -> dict[str, bool]:
    return {
        "change": can_change(user, task),
        "note": can_note(user, task),
        "close": can_close(user, task),
        "report": can_report(user, task),
        "review": can_review(user, task),
        "feedback": can_give_feedback(user, task),
        "reopen": can_reopen(user, task),
        "cancel": can_cancel(user, task),
    }


def can_see_ledgers(user: User) -> bool:
    return bool(paths_of(user, ABOVE | COMMITTEE))


def ledger_tasks(user: User) -> QuerySet[Task]:
    """What stands in a ledger (台账): all of the organizations in reach, without what is only one's own."""
    return Task.objects.filter(within(user, ABOVE | COMMITTEE))


def visible_directives(user: User) -> QuerySet[Directive]:
    return Directive.objects.filter(within(user, ABOVE | COMMITTEE))


def can_see_directive(user: User, directive: Directive | None) -> bool:
    return directive is not None and holds(user, ABOVE | COMMITTEE, directive.path)


def can_change_directive(user: User, directive: Directive) -> bool:
    """A copy sent from above is not rewritten below."""
    if directive.withdrawn_on or directive.circular:
        return False
    return holds(user, KEEPERS | ORGANIZER, directive.path) or directive.created_by_id == user.pk


def can_withdraw_directive(user: User, directive: Directive) -> bool:
    if directive.withdrawn_on:
        return False
    if directive.circular:
        return holds(user, ABOVE, directive.circular.path)
    return can_change_directive(user, directive)


def can_implement(user: User, directive: Directive) -> bool:
    """Who may set a task that carries the document out."""
    own_level = directive.path in paths_of(user, ORGANIZER)
    return not directive.withdrawn_on and (holds(user, COMMITTEE, directive.path) or own_level)


def directive_rights(user: User, directive: Directive) -> dict[str, bool]:
    return {
        "change": can_change_directive(user, directive),
        "withdraw": can_withdraw_directive(user, directive),
        "implement": can_implement(user, directive),
    }
