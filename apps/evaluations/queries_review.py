"""What a reviewer reads of one branch, standard by standard, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.ballots.queries import Counted
from apps.evaluations.models import (
    BranchEvaluation,
    Cycle,
    CycleGrade,
    CycleStandard,
    FinalMark,
    FrozenFigure,
    Mark,
    Seat,
    SelfAnswer,
    VisitNote,
)
from apps.evaluations.queries_appraisal import Part, appraisals_of
from apps.evaluations.queries_cycles import grade_names
from apps.evaluations.queries_evidence import BranchEvidence, StandardEvidence, evidence_of
from apps.evaluations.queries_report import LastProblem, problems_of
from apps.rules.appraisal_items import APPRAISAL_ITEMS, OF_THE_COMMITTEE
from apps.rules.branch_review import agreeing
from apps.rules.figures import Figure, FigureState
from apps.rules.kinds import Aspect
from apps.rules.kinds_evaluations import EvaluationState, FrozenStage
from apps.standards.discretion import FROM_ABOVE
from apps.standards.figure_words import value_words


def for_desk(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """With how many standards there are and how many of them are graded."""
    standards = CycleStandard.objects.filter(cycle=OuterRef("evaluation__cycle")).order_by()
    marks = Mark.objects.filter(seat=OuterRef("pk")).order_by()
    return seats.select_related("evaluation__branch", "evaluation__cycle", "reviewer__person").annotate(
        asked=Coalesce(Subquery(standards.values("cycle").annotate(n=Count("pk")).values("n")), 0),
        graded=Coalesce(Subquery(marks.values("seat").annotate(n=Count("pk")).values("n")), 0),
        branch_name=F("evaluation__branch__name"),
    )


def cycles_of(seats: QuerySet[Seat]) -> list[tuple[int, str]]:
    rows = Cycle.objects.filter(pk__in=seats.values("evaluation__cycle"))
    return list(rows.order_by("-year", "pk").values_list("pk", "title"))


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureLine:
    """A figure as it is now; `then` as it was with the branch's report, where that was another."""

    figure: Figure
    then: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Appraised:
    """The counts of one item of the anonymous appraisal; `counted` None as long as there is no result."""

    name: str
    part: Part
    not_held: str
    counted: Counted | None

    @property
    def words(self) -> str:
        if self.counted is None:
            return self.not_held or "还没有结果"
        if not self.counted.shown:
            return self.counted.why
        return "，".join(f"{grade} {number} 票" for grade, number in self.counted.votes)


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenGrade:
    """What somebody gave a standard: the branch itself, a reviewer, the committee."""

    by: str
    grade: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StandardLine:
    """One standard with all that is there to judge it by."""

    row: CycleStandard
    evidence: StandardEvidence
    figures: Sequence[FigureLine]
    appraised: Sequence[Appraised]
    own: GivenGrade | None
    last_year: str
    mark: Mark | None
    grade: str
    others: Sequence[GivenGrade]
    wanting: Sequence[str]

    @property
    def state(self) -> FigureState | None:
        return self.evidence.state


@dataclass(frozen=True, kw_only=True, slots=True)
class LastYear:
    """The branch's result of the year before, where it was published."""

    evaluation: BranchEvaluation | None = None
    grade: str = ""
    marks: Mapping[int, str] = field(default_factory=dict)
    problems: Sequence[LastProblem] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """One branch as its reviewer sees it."""

    seat: Seat
    grades: Mapping[int, str]
    lines: Sequence[StandardLine]
    last_year: LastYear
    as_of: date

    @property
    def states(self) -> dict[int, FigureState | None]:
        return {line.row.pk: line.state for line in self.lines}

    @property
    def aspects(self) -> list[tuple[Aspect, list[StandardLine], int]]:
        """Each aspect with its standards and how many of them are graded."""
        parts = [(one, [line for line in self.lines if line.row.aspect == one]) for one in Aspect]
        return [(one, lines, sum(line.mark is not None for line in lines)) for one, lines in parts if lines]


def review_of(seat: Seat, *, user: User, today: date) -> Review:
    """`seat` with its evaluation, cycle and branch, as this person reads it."""
    evaluation = seat.evaluation
    found = evidence_of([evaluation], today=today, reader=FROM_ABOVE)[evaluation.pk]
    grades = grade_names([evaluation.cycle_id])[evaluation.cycle_id]
    last_year = last_year_of(evaluation, today=today)
    return Review(
        seat=seat,
        grades=grades,
        lines=_lines(
            found,
            seat=seat,
            grades=grades,
            last_year=last_year,
            appraised=appraised_in(evaluation, user=user, today=today),
        ),
        last_year=last_year,
        as_of=found.as_of,
    )


def _lines(
    found: BranchEvidence,
    *,
    seat: Seat,
    grades: Mapping[int, str],
    last_year: LastYear,
    appraised: Mapping[str, Appraised],
) -> list[StandardLine]:
    evaluation = found.evaluation
    then = frozen_values(evaluation, stage=FrozenStage.REPORT)
    own = own_answers(evaluation, grades=grades)
    marks = {mark.standard_id: mark for mark in Mark.objects.filter(seat=seat)}
    others = _others(seat, grades=grades)
    return [
        StandardLine(
            row=one.standard,
            evidence=one,
            figures=[FigureLine(figure=now, then=earlier_value(now, then=then)) for now in one.judged.now],
            appraised=[appraised[key] for key in _asked(one.standard)],
            own=own.get(one.standard.pk),
            last_year=last_year.marks.get(one.standard.standard_id, ""),
            mark=marks.get(one.standard.pk),
            grade=grades[marks[one.standard.pk].grade] if one.standard.pk in marks else "",
            others=others.get(one.standard.pk, ()),
            wanting=wanting_reason(one.state, grades=grades),
        )
        for one in found.standards
    ]


def wanting_reason(state: FigureState | None, *, grades: Mapping[int, str]) -> list[str]:
    """The names of the grades that differ from the evidence, the lowest among them."""
    free = agreeing(state, grades=len(grades))
    return [name for grade, name in grades.items() if grade not in free or grade == len(grades) - 1]


def earlier_value(now: Figure, *, then: Mapping[str, str]) -> str:
    """As it was kept, where it says something else now."""
    kept = then.get(now.key, "")
    return kept if kept != value_words(now) else ""


def frozen_values(evaluation: BranchEvaluation, *, stage: FrozenStage) -> dict[str, str]:
    rows = FrozenFigure.objects.filter(evaluation=evaluation, stage=stage)
    return dict(rows.values_list("measure", "value"))


def _asked(standard: CycleStandard) -> list[str]:
    """The items of the appraisal that the standard names."""
    sorts = (code.partition(":") for code in standard.evidence.split())
    return [key for sort, _, key in sorts if sort == "appraisal"]


def appraised_in(evaluation: BranchEvaluation, *, user: User, today: date) -> dict[str, Appraised]:
    """By item. Who gave which ballot nobody knows; under the threshold there is nothing to see either."""
    polls = {one.part: one for one in appraisals_of(evaluation, user=user, today=today)}
    counted = {part: {line.question.words: line for line in one.counted} for part, one in polls.items()}
    found = {}
    for key, name in APPRAISAL_ITEMS.items():
        part = Part.COMMITTEE if key in OF_THE_COMMITTEE else Part.MEMBERS
        found[key] = Appraised(
            name=name,
            part=part,
            not_held=polls[part].not_held,
            counted=counted[part].get(name),
        )
    return found


def own_answers(evaluation: BranchEvaluation, *, grades: Mapping[int, str]) -> dict[int, GivenGrade]:
    """What the branch said; nothing as long as it is still writing."""
    if evaluation.reported_on is None or evaluation.state == EvaluationState.REPORT:
        return {}
    rows = SelfAnswer.objects.filter(evaluation=evaluation)
    return {
        row.standard_id: GivenGrade(
            by="支部自评", grade="" if row.grade is None else grades[row.grade], reason=row.comment
        )
        for row in rows
        if row.grade is not None or row.comment
    }


def _others(seat: Seat, *, grades: Mapping[int, str]) -> dict[int, list[GivenGrade]]:
    """The other reviewer's marks, once both have handed in, so that neither leans on the other."""
    if seat.handed_in_on is None:
        return {}
    rows = Mark.objects.filter(
        seat__evaluation=seat.evaluation_id,
        seat__handed_in_on__isnull=False,
        seat__recused_on__isnull=True,
    ).exclude(seat=seat)
    return _by_standard(rows.select_related("seat__reviewer__person"), grades=grades)


def _by_standard(marks: Iterable[Mark], *, grades: Mapping[int, str]) -> dict[int, list[GivenGrade]]:
    found: dict[int, list[GivenGrade]] = {}
    for mark in marks:
        by = mark.seat.reviewer.person.name
        given = GivenGrade(by=by, grade=grades[mark.grade], reason=mark.reason)
        found.setdefault(mark.standard_id, []).append(given)
    return found


def last_year_of(evaluation: BranchEvaluation, *, today: date) -> LastYear:
    """Of the published evaluation before this one, with the problems that were to be put right."""
    rows = BranchEvaluation.objects.filter(
        branch=evaluation.branch_id,
        cycle__year__lt=evaluation.cycle.year,
        state=EvaluationState.PUBLISHED,
    )
    before = rows.select_related("cycle").order_by("-cycle__year", "-pk").first()
    if before is None:
        return LastYear()
    names = dict(CycleGrade.objects.filter(cycle=before.cycle_id).values_list("position", "name"))
    finals = FinalMark.objects.filter(evaluation=before).values_list("standard__standard_id", "grade")
    return LastYear(
        evaluation=before,
        grade=names[before.grade],  # type: ignore[index] # whoever is published has a grade
        marks={standard: names[grade] for standard, grade in finals},
        problems=problems_of(before, today=today),
    )


def visits_of(evaluation: BranchEvaluation, *, seat: Seat | None = None) -> QuerySet[VisitNote]:
    """A reviewer reads his own until both have handed in; then, and for the committee, all."""
    rows = VisitNote.objects.filter(evaluation=evaluation).select_related("written_by")
    if seat is not None and seat.handed_in_on is None:
        rows = rows.filter(written_by=seat.reviewer.person_id)
    return rows.order_by("visited_on", "pk")
