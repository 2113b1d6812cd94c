"""Documents from above as plain values for the ledger: received, conveyed at which sitting, carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from apps.meetings.models import DirectiveConveyed, MeetingState
from apps.rules.facts import DirectiveFact, TaskFact
from apps.tasks.facts import task_fact
from apps.tasks.models import Directive, Task, TaskState


def directive_facts(branch_ids: Collection[int]) -> dict[int, list[DirectiveFact]]:
    """All that stand, by branch. Three queries, however many branches."""
    rows = list(Directive.objects.standing().filter(organization_id__in=branch_ids).order_by("pk"))
    conveyed, tasks = _conveyed(branch_ids), _tasks(branch_ids)
    found: dict[int, list[DirectiveFact]] = defaultdict(list)
    for row in rows:
        day, meeting_id = conveyed.get(row.pk, (None, None))
        fact = DirectiveFact(
            id=row.pk,
            received_on=row.received_on,
            convey_by=row.convey_by,
            do_by=row.do_by,
            asks_action=row.asks_action,
            conveyed_on=day,
            conveyed_at=meeting_id,
            tasks=tuple(tasks.get(row.pk, ())),
        )
        found[row.organization_id].append(fact)
    return found


def _conveyed(branch_ids: Collection[int]) -> dict[int, tuple[date, int]]:
    """The first filed sitting of each document: the day it was held, and its key."""
    filed = DirectiveConveyed.objects.filter(
        directive__organization_id__in=branch_ids, meeting__state=MeetingState.CLOSED
    )
    found: dict[int, tuple[date, int]] = {}
    latest_first = filed.order_by("-meeting__held_on", "-meeting_id")
    for pk, day, meeting_id in latest_first.values_list("directive_id", "meeting__held_on", "meeting_id"):
        found[pk] = (day, meeting_id)
    return found


def _tasks(branch_ids: Collection[int]) -> dict[int, list[TaskFact]]:
    found: dict[int, list[TaskFact]] = defaultdict(list)
    rows = Task.objects.filter(directive__organization_id__in=branch_ids).exclude(state=TaskState.CANCELLED)
    for row in rows.order_by("pk"):
        found[row.directive_id or 0].append(task_fact(row))
    return found
