"""A round of the organizational life meeting as its papers need it, and what of it there is to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.evaluations.models import BranchProblem, Opinion, PeerOpinion, Round
from apps.evaluations.policies_round import visible_rounds
from apps.evaluations.queries_round import RoundStand, reported_from_last_year, stand_of, whole
from apps.meetings.models import Attendance, Meeting
from apps.meetings.queries_roll import RollCounts, counts_of


@dataclass(frozen=True, kw_only=True)
class OfRound:
    """Whose round a paper is of, who reads it, and the day on which it is made. `row` as `whole` reads it."""

    row: Round
    reader: User
    today: date

    @property
    def branch(self) -> Organization:
        return self.row.branch

    @property
    def name(self) -> str:
        return f"{self.branch.name}{self.row.year}年度"

    @cached_property
    def stand(self) -> RoundStand:
        return stand_of(self.row, today=self.today)


def round_in(branch: Organization, *, year: int, reader: User) -> Round | None:
    rows: Round | None = whole(visible_rounds(reader)).filter(branch=branch, year=year).first()
    return rows


def contents_of(row: Round) -> frozenset[str]:
    """Which lists of the round have lines, by the names of their papers."""
    found = {
        "opinions": Opinion.objects.filter(round=row).exists(),
        "problems": BranchProblem.objects.filter(round=row).exists(),
        "last_year": bool(reported_from_last_year(row)),
        "grades": row.with_grades,
    }
    return frozenset(name for name, there in found.items() if there)


def opinions_said(row: Round) -> int:
    """How many opinions of one member on another are on file."""
    return PeerOpinion.objects.filter(evaluation__round=row).count()


def presence_at(meetings: Sequence[Meeting]) -> dict[int, RollCounts]:
    """By sitting. One query."""
    rows: dict[int, list[Attendance]] = {meeting.pk: [] for meeting in meetings}
    for one in Attendance.objects.filter(meeting__in=meetings):
        rows[one.meeting_id].append(one)
    return {pk: counts_of(found) for pk, found in rows.items()}
