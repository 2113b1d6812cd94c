"""Tasks as figures for the ledger, for many branches in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Min

from apps.tasks.models import Task


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
