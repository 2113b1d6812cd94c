"""Reads of correction requests that pages share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, QuerySet

from apps.members.models import CorrectionRequest


def for_list(corrections: QuerySet[CorrectionRequest]) -> QuerySet[CorrectionRequest]:
    """With the names that a list shows, without what is written in the requests."""
    found = corrections.select_related("member__person", "member__branch", "answered_by")
    return found.defer(
        "asked",
        "wrong",
        "reason",
        "answer",
        "member__id_number",
        "member__mobile_phone",
        "member__landline",
        "member__address",
    )


def in_full(corrections: QuerySet[CorrectionRequest]) -> QuerySet[CorrectionRequest]:
    return corrections.select_related("member__person", "member__branch", "answered_by")


@dataclass(frozen=True)
class Waiting:
    count: int
    due_on: date | None


def waiting_in(corrections: QuerySet[CorrectionRequest], *, branch_id: int) -> Waiting:
    """How many requests of a branch wait for an answer, and until when the first one may. One query."""
    found = corrections.filter(member__branch_id=branch_id).aggregate(count=Count("pk"), due_on=Min("due_on"))
    return Waiting(**found)
