"""Reads of correction requests that pages share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.members.models import CorrectionRequest, CorrectionState


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


class OpenRequest(NamedTuple):
    """A request that waits for its answer: whose it is, and by when it is to be answered."""

    person_id: int
    due_on: date


def open_requests(branch_id: int) -> list[OpenRequest]:
    """Those of one branch, the first one due first. One query."""
    rows = CorrectionRequest.objects.filter(member__branch_id=branch_id, state=CorrectionState.OPEN)
    found = rows.order_by("due_on", "pk").values_list("member__person_id", "due_on")
    return [OpenRequest(*row) for row in found]


@dataclass(frozen=True)
class Waiting:
    count: int
    due_on: date | None


def waiting_for(requests: Iterable[OpenRequest], *, user: User) -> Waiting:
    """How many wait for this person's answer, and until when the first may: nobody answers his own."""
    days = [request.due_on for request in requests if request.person_id != user.pk]
    return Waiting(count=len(days), due_on=min(days, default=None))
