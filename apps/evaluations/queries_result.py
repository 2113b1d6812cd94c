"""What the branch is told: marks with their reasons, objections, the grade, and figures then and now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from apps.evaluations.models import (
    BranchEvaluation,
    Cycle,
    CycleStandard,
    FinalMark,
    Objection,
    ResultProblem,
    Seat,
)
from apps.evaluations.queries_cycles import grade_names, share_words, weight_shares
from apps.evaluations.queries_evidence import Beside, frozen_beside_live
from apps.evaluations.queries_report import LastProblem, problems_of
from apps.rules.figures import FigureState
from apps.rules.kinds import Aspect
from apps.rules.kinds_evaluations import EvaluationState, FrozenStage


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultLine:
    row: CycleStandard
    grade: str
    first_grade: str
    reason: str
    objection: Objection | None
    figures: Sequence[Beside]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """`lines` and `objections` where the reader may see standard by standard."""

    evaluation: BranchEvaluation
    grades: Mapping[int, str]
    lines: Sequence[ResultLine]
    figures: Sequence[Beside]
    problems: Sequence[LastProblem]
    shares: str

    @property
    def grade(self) -> str:
        given = self.evaluation.grade
        return "" if given is None else self.grades[given]

    @property
    def aspects(self) -> list[tuple[Aspect, list[ResultLine]]]:
        parts = [(one, [line for line in self.lines if line.row.aspect == one]) for one in Aspect]
        return [(one, lines) for one, lines in parts if lines]

    @property
    def objections(self) -> list[Objection]:
        return [line.objection for line in self.lines if line.objection]

    @property
    def unanswered(self) -> int:
        return sum(not one.ruling for one in self.objections)

    @property
    def changed(self) -> list[Beside]:
        return [one for one in self.figures if one.changed]

    @property
    def told_figures(self) -> list[Beside]:
        """Those that say something, for the letter."""
        silent = (FigureState.NOT_APPLICABLE, FigureState.UNKNOWN)
        return [one for one in self.figures if one.state not in silent]

    @property
    def as_of(self) -> date | None:
        return self.figures[0].as_of if self.figures else None


def outcome_of(evaluation: BranchEvaluation, *, with_marks: bool, today: date) -> Outcome:
    """`evaluation` with its cycle and branch."""
    grades = grade_names([evaluation.cycle_id])[evaluation.cycle_id]
    figures = figures_then_and_now(evaluation, today=today) if with_marks else []
    lines = _lines(evaluation, grades=grades, figures=figures) if with_marks else []
    marks = dict(FinalMark.objects.filter(evaluation=evaluation).values_list("standard_id", "grade"))
    shares = weight_shares(marks, standards=[line.row for line in lines], grades=grades)
    return Outcome(
        evaluation=evaluation,
        grades=grades,
        lines=lines,
        figures=figures,
        problems=problems_of(evaluation, today=today),
        shares=share_words(shares),
    )


def figures_then_and_now(evaluation: BranchEvaluation, *, today: date) -> list[Beside]:
    """Those kept with the result; none before it is published."""
    if evaluation.published_on is None:
        return []
    return frozen_beside_live([evaluation], stage=FrozenStage.RESULT, today=today)[evaluation.pk]


def _lines(
    evaluation: BranchEvaluation, *, grades: Mapping[int, str], figures: Sequence[Beside]
) -> list[ResultLine]:
    finals = FinalMark.objects.filter(evaluation=evaluation).select_related("standard")
    rows = Objection.objects.filter(evaluation=evaluation).select_related("standard")
    objections = {one.standard_id: one for one in rows}
    by_measure = {one.measure: one for one in figures}
    return [
        ResultLine(
            row=final.standard,
            grade=grades[final.grade],
            first_grade="" if final.first_grade is None else grades[final.first_grade],
            reason=final.reason,
            objection=objections.get(final.standard_id),
            figures=[by_measure[key] for key in _measures(final.standard) if key in by_measure],
        )
        for final in finals.order_by("standard__position")
    ]


def _measures(standard: CycleStandard) -> list[str]:
    sorts = (code.partition(":") for code in standard.evidence.split())
    return [key for sort, _, key in sorts if sort == "measure"]


def suggested_in(evaluation: BranchEvaluation, *, grades: Mapping[int, str]) -> list[tuple[str, str, str]]:
    """By reviewer: the grade that he suggests, and his overall view."""
    rows = Seat.objects.filter(
        evaluation=evaluation, recused_on__isnull=True, handed_in_on__isnull=False
    ).select_related("reviewer__person")
    return [
        (
            seat.reviewer.person.name,
            "" if seat.suggested_grade is None else grades[seat.suggested_grade],
            seat.summary,
        )
        for seat in rows.order_by("pk")
    ]


def standing_of(cycle: Cycle) -> list[tuple[str, str]]:
    """By state, the branches by name: what a publication would take along and what it would leave."""
    rows = BranchEvaluation.objects.filter(cycle=cycle).select_related("branch").order_by("branch__name")
    by_state: dict[str, list[str]] = {}
    for one in rows:
        by_state.setdefault(one.state, []).append(str(one.branch))
    return [
        (f"{state.label}（{len(by_state[state])} 个）", "、".join(by_state[state]))
        for state in EvaluationState
        if state in by_state
    ]


def named_problems(evaluation: BranchEvaluation) -> list[ResultProblem]:
    return list(ResultProblem.objects.filter(evaluation=evaluation).order_by("position", "pk"))
