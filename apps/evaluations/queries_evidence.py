"""What the records say of the branches of a cycle, by the standards, levels and rules frozen with it.

Many branches cost the queries of one. Nothing here grades anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from apps.evaluations.frozen import restored
from apps.evaluations.models import (
    BranchEvaluation,
    Cycle,
    CycleLevel,
    CycleRule,
    CycleStandard,
    FrozenFigure,
)
from apps.ledger.facts_year import branch_years
from apps.rules.cadences import Override, cadences_since
from apps.rules.facts_year import BranchYearFacts
from apps.rules.figures import Figure, FigureState, MeasureSpec
from apps.rules.kinds import Aspect, Polarity
from apps.rules.kinds_evaluations import FrozenStage
from apps.rules.measure_names import MEASURE_NAMES
from apps.rules.measures import figure
from apps.rules.year_data import Line, data_lines, talks_held
from apps.standards.discretion import FROM_ABOVE, SMALL, Reader, for_reader
from apps.standards.evidence import BY_CODE
from apps.standards.figure_words import value_words
from apps.standards.queries import HeldStandard, Levels
from apps.standards.queries_record import Judged, judged, specs_with, standing_on


@dataclass(frozen=True, kw_only=True, slots=True)
class StandardEvidence:
    """One standard of the cycle with what the branch's records say to it."""

    standard: CycleStandard
    judged: Judged

    @property
    def state(self) -> FigureState | None:
        """None where only people judge."""
        return self.judged.state

    @property
    def wants_words(self) -> bool:
        """So far below its target that the branch is asked for a word."""
        return self.judged.state is FigureState.WARN


@dataclass(frozen=True, kw_only=True, slots=True)
class BranchEvidence:
    evaluation: BranchEvaluation
    as_of: date
    standards: Sequence[StandardEvidence]
    figures: Mapping[str, Figure]
    #: The data page of the yearly report: label and words.
    data: Sequence[Line]

    @property
    def aspects(self) -> list[tuple[Aspect, list[StandardEvidence]]]:
        parts = [
            (aspect, [one for one in self.standards if one.standard.aspect == aspect]) for aspect in Aspect
        ]
        return [(aspect, found) for aspect, found in parts if found]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Frozen:
    """What one cycle keeps, read once for all its branches."""

    standards: list[CycleStandard]
    held: list[HeldStandard]
    specs: Mapping[str, MeasureSpec]
    rules: list[tuple[str, Override]]

    @property
    def measures(self) -> list[str]:
        return list(dict.fromkeys(key for one in self.held for key in one.measures))


def evidence_of(
    evaluations: Iterable[BranchEvaluation], *, today: date, reader: Reader
) -> dict[int, BranchEvidence]:
    """By evaluation, each read together with its cycle and branch."""
    by_cycle: dict[Cycle, list[BranchEvaluation]] = defaultdict(list)
    for one in evaluations:
        by_cycle[one.cycle].append(one)
    found: dict[int, BranchEvidence] = {}
    for cycle, mine in by_cycle.items():
        found |= _of_cycle(cycle, mine, today=today, reader=reader)
    return found


def _of_cycle(
    cycle: Cycle, evaluations: Sequence[BranchEvaluation], *, today: date, reader: Reader
) -> dict[int, BranchEvidence]:
    frozen = _frozen(cycle)
    facts = branch_years([one.branch for one in evaluations], years=[cycle.year], as_of=today)
    found = {}
    for one in evaluations:
        mine = _under_rules(facts[one.branch_id][cycle.year], path=one.rules_path, rules=frozen.rules)
        found[one.pk] = _evidence(one, mine, frozen=frozen, today=today, reader=reader)
    return found


def _evidence(
    evaluation: BranchEvaluation, facts: BranchYearFacts, *, frozen: _Frozen, today: date, reader: Reader
) -> BranchEvidence:
    shown = {
        key: for_reader(figure(key, facts, specs=frozen.specs), reader=reader) for key in frozen.measures
    }
    by_measure = {key: {facts.year: one} for key, one in shown.items()}
    pairs = zip(frozen.standards, frozen.held, strict=True)
    return BranchEvidence(
        evaluation=evaluation,
        as_of=standing_on(year=facts.year, today=today),
        standards=[
            StandardEvidence(standard=row, judged=judged(held, by_measure=by_measure, year=facts.year))
            for row, held in pairs
        ],
        figures=shown,
        data=data_lines(facts, talks=_talks(facts, reader=reader)),
    )


def _talks(facts: BranchYearFacts, *, reader: Reader) -> str:
    number = talks_held(facts)
    if reader.talks or number >= SMALL:
        return f"{number} 次"
    return "已开展" if number else "未开展"


def _frozen(cycle: Cycle) -> _Frozen:
    standards = list(standards_of(cycle))
    return _Frozen(
        standards=standards,
        held=[held_of(row) for row in standards],
        specs=specs_with(levels_of(cycle)),
        rules=rules_of(cycle),
    )


def standards_of(cycle: Cycle) -> QuerySet[CycleStandard]:
    return CycleStandard.objects.filter(cycle=cycle).select_related("standard").order_by("position")


def held_of(row: CycleStandard) -> HeldStandard:
    """The frozen text in the form that the review record reads."""
    return HeldStandard(
        id=row.standard_id,
        code=row.code,
        aspect=Aspect(row.aspect),
        polarity=Polarity(row.polarity),
        title=row.title,
        requirement=row.requirement,
        source=row.source,
        locator="",
        owner_id=row.standard.organization_id,
        owner_name="",
        version_id=0,
        number=0,
        valid_from=date.min,
        valid_to=None,
        evidence=tuple(BY_CODE[code] for code in row.evidence.split()),
    )


def levels_of(cycle: Cycle) -> dict[str, Levels]:
    return {
        row.measure: Levels(
            measure=row.measure,
            good=row.good,
            warn=row.warn,
            override_id=0,
            by_id=cycle.organization_id,
            by_name=cycle.title,
            reason="",
            valid_from=date.min,
            valid_to=None,
        )
        for row in CycleLevel.objects.filter(cycle=cycle)
    }


def rules_of(cycle: Cycle) -> list[tuple[str, Override]]:
    rows = CycleRule.objects.filter(cycle=cycle).order_by("bearing_path", "pk")
    return [(row.bearing_path, restored(row.values)) for row in rows]


def _under_rules(
    facts: BranchYearFacts, *, path: str, rules: Sequence[tuple[str, Override]]
) -> BranchYearFacts:
    mine = tuple(rule for bearing, rule in rules if path.startswith(bearing))
    return replace(facts, overrides=mine, cadences=cadences_since(date(facts.year - 1, 1, 1), mine))


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """A figure as it was kept, and as it is now."""

    measure: str
    name: str
    stage: FrozenStage
    as_of: date
    then: str
    made_of: str
    why: str
    state: FigureState
    now: str
    state_now: FigureState

    @property
    def changed(self) -> bool:
        return self.then != self.now or self.state != self.state_now

    @property
    def words(self) -> str:
        """「发布时 92%，现在 95%」."""
        return f"{self.stage.label} {self.then}，现在 {self.now}" if self.changed else self.then


def frozen_beside_live(
    evaluations: Sequence[BranchEvaluation], *, stage: FrozenStage, today: date
) -> dict[int, list[Beside]]:
    """By evaluation; both as those above may see them, so that they can be compared."""
    live = evidence_of(evaluations, today=today, reader=FROM_ABOVE)
    found: dict[int, list[Beside]] = {one.pk: [] for one in evaluations}
    rows = FrozenFigure.objects.filter(evaluation__in=found, stage=stage).order_by("pk")
    for row in rows:
        now = live[row.evaluation_id].figures.get(row.measure)
        found[row.evaluation_id].append(_beside(row, now=now))
    return found


def _beside(row: FrozenFigure, *, now: Figure | None) -> Beside:
    return Beside(
        measure=row.measure,
        name=MEASURE_NAMES.get(row.measure, row.measure),
        stage=FrozenStage(row.stage),
        as_of=row.as_of,
        then=row.value,
        made_of=row.made_of,
        why=row.why,
        state=FigureState(row.state),
        now=value_words(now)[:VALUE_LENGTH] if now else "",
        state_now=now.state if now else FigureState.UNKNOWN,
    )


#: As long as the column that keeps it.
VALUE_LENGTH = FrozenFigure._meta.get_field("value").max_length
