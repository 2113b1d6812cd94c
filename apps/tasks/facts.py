"""Tasks as figures for the ledger, for many branches in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from apps.rules.facts import ConcernFact, RectificationFact, TaskFact
from apps.rules.kinds import ConcernSource, ProblemSource, TaskKind
from apps.tasks.models import Concern, Rectification, Task, TaskState


def earliest_due(branch_ids: Collection[int]) -> dict[int, date]:
    """For each branch with open dated tasks, the earliest day on which one is due."""
    rows = (
        Task.objects.open()
        .filter(organization_id__in=branch_ids, due_on__isnull=False)
        .values_list("organization_id")
        .annotate(Min("due_on"))
    )
    return dict(rows)


def overdue_counts(branch_ids: Collection[int], *, today: date) -> dict[int, int]:
    rows = (
        Task.objects.overdue_on(today)
        .filter(organization_id__in=branch_ids)
        .values_list("organization_id")
        .annotate(Count("pk"))
    )
    return dict(rows)


def task_facts(
    branch_ids: Collection[int], *, kinds: Collection[TaskKind] = tuple(TaskKind)
) -> dict[int, list[TaskFact]]:
    """All tasks of these kinds that were not cancelled, by branch. One query."""
    rows = _standing(branch_ids).filter(kind__in=kinds)
    found: dict[int, list[TaskFact]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.organization_id].append(task_fact(row))
    return found


def task_fact(task: Task) -> TaskFact:
    return TaskFact(
        id=task.pk,
        kind=TaskKind(task.kind),
        created_on=timezone.localtime(task.created_at).date(),
        due_on=task.due_on,
        reported_on=task.reported_on,
        closed_on=task.closed_on,
        reopened_on=task.reopened_on,
    )


def concern_facts(branch_ids: Collection[int]) -> dict[int, list[ConcernFact]]:
    """Concerns that were registered and not cancelled, by branch. One query."""
    found: dict[int, list[ConcernFact]] = defaultdict(list)
    rows = Concern.objects.filter(task__in=_standing(branch_ids)).select_related("task")
    for row in rows.order_by("task_id"):
        fact = ConcernFact(
            id=row.task_id,
            raised_by=ConcernSource(row.raised_by),
            raised_on=row.raised_on,
            due_on=row.task.due_on,
            closed_on=row.task.closed_on,
            told_on=row.told_on,
        )
        found[row.task.organization_id].append(fact)
    return found


def rectification_facts(branch_ids: Collection[int]) -> dict[int, list[RectificationFact]]:
    """Problems to be rectified that were not cancelled, by branch. One query."""
    found: dict[int, list[RectificationFact]] = defaultdict(list)
    rows = Rectification.objects.filter(task__in=_standing(branch_ids)).select_related("task")
    for row in rows.order_by("task_id"):
        fact = RectificationFact(
            id=row.task_id,
            source=ProblemSource(row.source),
            found_on=row.found_on,
            due_on=row.task.due_on,
            closed_on=row.task.closed_on,
            reopened_on=row.task.reopened_on,
        )
        found[row.task.organization_id].append(fact)
    return found


def _standing(branch_ids: Collection[int]) -> QuerySet[Task]:
    return Task.objects.filter(organization_id__in=branch_ids).exclude(state=TaskState.CANCELLED)
