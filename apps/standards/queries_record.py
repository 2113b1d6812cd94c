"""The review record of a branch: every standard that holds, with what its own records say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache

from apps.branches.models import Organization
from apps.ledger.facts import marks_of
from apps.ledger.facts_year import branch_years
from apps.rules.figures import Figure, FigureState, MeasureSpec, Unit
from apps.rules.kinds import Aspect, EvidenceSort, Polarity
from apps.rules.measures import MEASURES, figures
from apps.standards.discretion import Reader, for_reader
from apps.standards.figure_words import worst
from apps.standards.queries import HeldStandard, Levels, Note, levels_for, notes_for, standards_for

#: The year asked for and the years before it that the trend shows.
YEARS_SHOWN = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One standard with the figures of its evidence, by year; `state` None where only people judge."""

    standard: HeldStandard
    figures: Mapping[str, Mapping[int, Figure]]
    state: FigureState | None
    year: int

    @property
    def now(self) -> list[Figure]:
        return [by_year[self.year] for by_year in self.figures.values()]

    @property
    def warned_of(self) -> list[Figure]:
        return [figure for figure in self.now if figure.state is FigureState.WARN]

    @property
    def lights(self) -> bool:
        """A standard that says what to avoid lights up when one of its figures warns."""
        return self.standard.polarity is Polarity.WARNING and self.state is FigureState.WARN

    @property
    def asked_of_people(self) -> list[str]:
        """What members are asked about in the anonymous appraisal."""
        return [item.name for item in self.standard.evidence if item.sort is EvidenceSort.APPRAISAL]

    @property
    def reviewed(self) -> bool:
        return any(item.sort is EvidenceSort.REVIEW for item in self.standard.evidence)


@dataclass(frozen=True, kw_only=True, slots=True)
class AspectPart:
    aspect: Aspect
    standards: Sequence[Judged]

    @property
    def counts(self) -> dict[FigureState | None, int]:
        return Counter(one.state for one in self.standards)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    branch: Organization
    year: int
    as_of: date
    aspects: Sequence[AspectPart]
    levels: Mapping[str, Levels]
    notes: Mapping[str, Note]
    reader: Reader

    @property
    def standards(self) -> list[Judged]:
        return [one for part in self.aspects for one in part.standards]

    @property
    def lit(self) -> list[Judged]:
        return [one for one in self.standards if one.lights]

    @property
    def weak(self) -> list[Judged]:
        """Standards to be met that fall short so far."""
        return [one for one in self.standards if one.state is FigureState.WARN and not one.lights]


def specs_with(levels: Mapping[str, Levels]) -> dict[str, MeasureSpec]:
    """The measures with the levels that a committee has set in place of the product's."""
    return {key: _with(spec, own=levels.get(key)) for key, spec in MEASURES.items()}


def _with(spec: MeasureSpec, *, own: Levels | None) -> MeasureSpec:
    if own is None:
        return spec
    share = 100 if spec.unit is Unit.RATIO else 1
    return replace(spec, good=Fraction(own.good, share), warn=Fraction(own.warn, share))


def standing_on(*, year: int, today: date) -> date:
    """The day by which a year's figures are counted: today, or its last day once it is over."""
    return min(today, date(year, 12, 31))


def record_of(branch: Organization, *, year: int, today: date, reader: Reader) -> Record:
    """Everything on the page, in a fixed number of queries however much the branch has recorded."""
    as_of = standing_on(year=year, today=today)
    levels = levels_for([branch], on=as_of)[branch.pk]
    by_measure = shown_figures(branch, year=year, today=today, levels=levels, reader=reader)
    held = standards_for(branch, on=as_of)
    return Record(
        branch=branch,
        year=year,
        as_of=as_of,
        aspects=_by_aspect([judged(one, by_measure=by_measure, year=year) for one in held]),
        levels=levels,
        notes=notes_for([branch], year=year)[branch.pk],
        reader=reader,
    )


def _by_aspect(found: Sequence[Judged]) -> list[AspectPart]:
    parts = [
        AspectPart(aspect=aspect, standards=[one for one in found if one.standard.aspect is aspect])
        for aspect in Aspect
    ]
    return [part for part in parts if part.standards]


def judged(standard: HeldStandard, *, by_measure: Mapping[str, Mapping[int, Figure]], year: int) -> Judged:
    mine = {key: by_measure[key] for key in standard.measures}
    states = [by_year[year].state for by_year in mine.values()]
    return Judged(standard=standard, figures=mine, state=worst(states) if states else None, year=year)


def shown_figures(
    branch: Organization, *, year: int, today: date, levels: Mapping[str, Levels], reader: Reader
) -> dict[str, dict[int, Figure]]:
    found = figures_of(branch, year=year, today=today, levels=levels)
    return {
        key: {shown: for_reader(figure, reader=reader) for shown, figure in by_year.items()}
        for key, by_year in found.items()
    }


def figures_of(
    branch: Organization, *, year: int, today: date, levels: Mapping[str, Levels]
) -> dict[str, dict[int, Figure]]:
    """By measure and year, kept in memory until the branch's records, its rules, levels or the day change."""
    revision, rules = marks_of(branch)
    marks = (branch.pk, revision, rules, year, today, tuple(sorted(levels.items())))
    if revision is None:
        return _figures(branch, year=year, today=today, levels=levels)
    return _kept(_Case(branch=branch, levels=levels, marks=marks), year=year, today=today)


@dataclass(frozen=True, kw_only=True)
class _Case:
    """Equal where the marks are: what the figures hang on."""

    branch: Organization = field(compare=False)
    levels: Mapping[str, Levels] = field(compare=False)
    marks: tuple[object, ...]


@lru_cache(maxsize=64)
def _kept(case: _Case, *, year: int, today: date) -> dict[str, dict[int, Figure]]:
    return _figures(case.branch, year=year, today=today, levels=case.levels)


def _figures(
    branch: Organization, *, year: int, today: date, levels: Mapping[str, Levels]
) -> dict[str, dict[int, Figure]]:
    years = range(year - YEARS_SHOWN + 1, year + 1)
    facts = branch_years([branch], years=years, as_of=today)[branch.pk]
    specs = specs_with(levels)
    by_year = {shown: figures(facts[shown], specs=specs) for shown in years}
    return {key: {shown: by_year[shown][key] for shown in years} for key in specs}
