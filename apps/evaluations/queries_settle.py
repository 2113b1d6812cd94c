"""The reviewers' marks side by side, for the committee that settles them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from apps.evaluations.models import BranchEvaluation, CycleStandard, FinalMark, Mark, Seat
from apps.evaluations.queries_cycles import grade_names
from apps.evaluations.queries_evidence import StandardEvidence, evidence_of
from apps.evaluations.queries_review import GivenGrade
from apps.standards.discretion import FROM_ABOVE


@dataclass(frozen=True, kw_only=True, slots=True)
class SettleLine:
    """One standard: what each reviewer gave, and what was settled."""

    evidence: StandardEvidence
    given: Sequence[GivenGrade]
    differs: bool
    final: FinalMark | None
    grade: str

    @property
    def row(self) -> CycleStandard:
        return self.evidence.standard

    @property
    def is_open(self) -> bool:
        return self.final is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """`lines` only once every reviewer has handed in; until then the committee reads no marks either."""

    evaluation: BranchEvaluation
    grades: Mapping[int, str]
    seats: Sequence[Seat]
    recused: Sequence[Seat]
    lines: Sequence[SettleLine]

    @property
    def missing(self) -> int:
        """Seats that the cycle asks for and nobody has."""
        return max(0, self.evaluation.cycle.reviewers_needed - len(self.seats))

    @property
    def complete(self) -> bool:
        return not self.missing and all(seat.handed_in_on for seat in self.seats)

    @property
    def differing(self) -> list[SettleLine]:
        return [line for line in self.lines if line.differs]

    @property
    def alike(self) -> list[SettleLine]:
        return [line for line in self.lines if not line.differs]

    @property
    def to_take_over(self) -> int:
        return sum(line.is_open for line in self.alike)

    @property
    def open_ones(self) -> int:
        return sum(line.is_open for line in self.lines)


def settlement_of(evaluation: BranchEvaluation, *, today: date) -> Settlement:
    """`evaluation` with its cycle and branch."""
    rows = Seat.objects.filter(evaluation=evaluation).select_related("reviewer__person").order_by("pk")
    seats = [seat for seat in rows if seat.recused_on is None]
    grades = grade_names([evaluation.cycle_id])[evaluation.cycle_id]
    bare = Settlement(
        evaluation=evaluation,
        grades=grades,
        seats=seats,
        recused=[seat for seat in rows if seat.recused_on is not None],
        lines=(),
    )
    if not bare.complete:
        return bare
    lines = _lines(evaluation, seats=seats, grades=grades, today=today)
    return Settlement(evaluation=evaluation, grades=grades, seats=seats, recused=bare.recused, lines=lines)


def _lines(
    evaluation: BranchEvaluation, *, seats: Sequence[Seat], grades: Mapping[int, str], today: date
) -> list[SettleLine]:
    found = evidence_of([evaluation], today=today, reader=FROM_ABOVE)[evaluation.pk]
    marks: dict[tuple[int, int], Mark] = {
        (mark.seat_id, mark.standard_id): mark for mark in Mark.objects.filter(seat__in=seats)
    }
    finals = {final.standard_id: final for final in FinalMark.objects.filter(evaluation=evaluation)}
    lines = []
    for one in found.standards:
        mine = [(seat, marks[seat.pk, one.standard.pk]) for seat in seats]
        final = finals.get(one.standard.pk)
        lines.append(
            SettleLine(
                evidence=one,
                given=[
                    GivenGrade(by=seat.reviewer.person.name, grade=grades[mark.grade], reason=mark.reason)
                    for seat, mark in mine
                ],
                differs=len({mark.grade for _, mark in mine}) > 1,
                final=final,
                grade=grades[final.grade] if final else "",
            )
        )
    return lines


def keys_in(seats: QuerySet[Seat], *, evaluation: BranchEvaluation) -> set[int]:
    return set(seats.filter(evaluation=evaluation).values_list("pk", flat=True))


def told_of(evaluation: BranchEvaluation, *, standard: CycleStandard) -> tuple[str, str]:
    """The grade of one standard by its name, and the reason."""
    final = FinalMark.objects.get(evaluation=evaluation, standard=standard)
    grades = grade_names([evaluation.cycle_id])[evaluation.cycle_id]
    return grades[final.grade], final.reason.rstrip("。")
