"""What a measure says: a tally of records first, then a figure with its level and its reasons.

A tally knows numbers and records, never levels; levels are data that a committee may change. Not applicable
and unknown are states of their own: no value, left out of every average.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from apps.rules.facts_year import BranchYearFacts
from apps.rules.kinds import Kind
from apps.rules.periods import day_words

#: Grows with every change of how a measure is counted, so that an old figure can say what it was counted by.
RULE_VERSION = "2026.1"


class FigureState(Kind):
    GOOD = "good", "达到要求"
    FAIR = "fair", "接近要求"
    WARN = "warn", "需要加强"
    NOT_APPLICABLE = "not_applicable", "不作要求"
    UNKNOWN = "unknown", "尚无法判断"


class Unit(Kind):
    RATIO = "ratio", "比率"
    COUNT = "count", "数量"


class Pace(Enum):
    """How the levels follow the months of a year that is not over.

    STEADY: the same on any day. FILLING: the year is there to be filled, so only the share of the months gone
    by is asked before a warning. TARGET: both levels are yearly counts, pro rata and rounded down.
    """

    STEADY = "steady"
    FILLING = "filling"
    TARGET = "target"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ref:
    """A record behind a figure. `words` where the record has no row of its own (a seat, a quarter)."""

    kind: str
    id: int | str
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """A record that did not count, and why in plain words."""

    ref: Ref
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What was counted. `months` are those the levels follow; None means the branch's own.

    `counted` made the numerator, `missed` are in the denominator only, `excluded` in neither.
    """

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    counted: tuple[Ref, ...] = ()
    missed: tuple[Left, ...] = ()
    excluded: tuple[Left, ...] = ()
    months: int | None = None
    not_applicable: str = ""
    unknown: str = ""
    warn_because: str = ""


@dataclass(kw_only=True, slots=True)
class Counter:
    """Sorts records, one by one, into those that count, those that fall short and those left out."""

    kind: str
    counted: list[Ref] = field(default_factory=list)
    missed: list[Left] = field(default_factory=list)
    excluded: list[Left] = field(default_factory=list)

    def ref(self, id_: int | str, *, words: str = "", kind: str = "") -> Ref:
        return Ref(kind=kind or self.kind, id=id_, words=words)

    def judge(self, id_: int | str, *, short: str, words: str = "", kind: str = "") -> None:
        """In the denominator; in the numerator too unless `short` says what it falls short of."""
        ref = self.ref(id_, words=words, kind=kind)
        if short:
            self.missed.append(Left(ref=ref, reason=short))
        else:
            self.counted.append(ref)

    def leave_out(self, id_: int | str, *, reason: str, words: str = "", kind: str = "") -> None:
        self.excluded.append(Left(ref=self.ref(id_, words=words, kind=kind), reason=reason))

    def share(self, *, nothing: str, months: int | None = None) -> Tally:
        """The counted among all judged; not applicable, because of `nothing`, when none was judged."""
        whole = len(self.counted) + len(self.missed)
        return Tally(
            numerator=Fraction(len(self.counted)),
            denominator=Fraction(whole),
            counted=tuple(self.counted),
            missed=tuple(self.missed),
            excluded=tuple(self.excluded),
            months=months,
            not_applicable="" if whole else nothing,
        )

    def total(self, amount: int | None = None, *, months: int | None = None) -> Tally:
        """How many there are, or the `amount` that they add up to."""
        return Tally(
            numerator=Fraction(len(self.counted) if amount is None else amount),
            counted=tuple(self.counted),
            missed=tuple(self.missed),
            excluded=tuple(self.excluded),
            months=months,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasureSpec:
    """A measure without its function; the more the better, for every one of them.

    For counts `good` is the yearly target, and `out_of` how many there can be at most. `allowance` is taken
    off a pro rata warning level.
    """

    key: str
    title: str
    formula: str
    good: Fraction
    warn: Fraction
    unit: Unit = Unit.RATIO
    pace: Pace = Pace.STEADY
    allowance: Fraction = Fraction(0)
    out_of: int | None = None
    version: str = RULE_VERSION

    def levels(self, months: int) -> tuple[Fraction, Fraction]:
        """Good and warn as they stand after so many full months."""
        gone = Fraction(months, 12)
        if self.pace is Pace.FILLING:
            return self.good, max(Fraction(0), self.warn * gone - self.allowance)
        if self.pace is Pace.TARGET:
            return Fraction(int(self.good * gone)), Fraction(int(self.warn * gone))
        return self.good, self.warn


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One measure of one branch and year. `good` and `warn` are the levels used, after pro rata.

    `value` is numerator over denominator for a ratio (at most 1), the number itself for a count; None while
    the state is not applicable or unknown. `target` is the level of the whole year. `why` says in plain words
    why there is no value, or why the level is a warning although the value would do.
    """

    key: str
    title: str
    unit: Unit
    numerator: Fraction
    denominator: Fraction
    value: Fraction | None
    state: FigureState
    target: Fraction
    good: Fraction
    warn: Fraction
    formula: str
    counted: tuple[Ref, ...] = ()
    missed: tuple[Left, ...] = ()
    excluded: tuple[Left, ...] = ()
    why: str = ""
    version: str = RULE_VERSION


Count = Callable[[BranchYearFacts], Tally]


def figure_of(spec: MeasureSpec, *, count: Count, facts: BranchYearFacts) -> Figure:
    tally = _before_counting(facts) or count(facts)
    good, warn = spec.levels(facts.months if tally.months is None else tally.months)
    state, why = _state(spec, tally=tally, levels=(good, warn))
    without = state in (FigureState.NOT_APPLICABLE, FigureState.UNKNOWN)
    return Figure(
        key=spec.key,
        title=spec.title,
        unit=spec.unit,
        numerator=tally.numerator,
        denominator=_whole(spec, tally=tally, good=good),
        value=None if without else _value(spec, tally),
        state=state,
        target=spec.good,
        good=good,
        warn=warn,
        formula=spec.formula,
        counted=tally.counted,
        missed=tally.missed,
        excluded=tally.excluded,
        why=why,
        version=spec.version,
    )


def _whole(spec: MeasureSpec, *, tally: Tally, good: Fraction) -> Fraction:
    if spec.unit is Unit.RATIO:
        return tally.denominator
    return good if spec.out_of is None else Fraction(spec.out_of)


def _before_counting(facts: BranchYearFacts) -> Tally | None:
    """Why nothing of this branch can be counted in this year at all."""
    org = facts.org
    if facts.as_of < facts.first_day:
        return Tally(not_applicable=f"{facts.year}年还没有开始。")
    if org.founded_on is not None and org.founded_on > facts.until:
        return Tally(not_applicable=f"支部{day_words(org.founded_on)}才成立。")
    if facts.until < facts.first_day:
        return Tally(not_applicable="支部在这一年以前已经撤销。")
    if org.records_since is not None and org.records_since > facts.until:
        return Tally(unknown=f"{day_words(org.records_since)}起才在本系统记录，此前的情况系统不作判断。")
    return None


def _value(spec: MeasureSpec, tally: Tally) -> Fraction:
    if spec.unit is Unit.COUNT:
        return tally.numerator
    return min(Fraction(1), tally.numerator / tally.denominator)


def _state(spec: MeasureSpec, *, tally: Tally, levels: tuple[Fraction, Fraction]) -> tuple[FigureState, str]:
    if tally.unknown:
        return FigureState.UNKNOWN, tally.unknown
    if tally.not_applicable:
        return FigureState.NOT_APPLICABLE, tally.not_applicable
    good, warn = levels
    value = _value(spec, tally)
    if spec.unit is Unit.COUNT and not good and not value:
        return FigureState.NOT_APPLICABLE, f"全年要求{spec.good}，按已过去的月份折算，现在还不作要求。"
    if tally.warn_because:
        return FigureState.WARN, tally.warn_because
    if value >= good:
        return FigureState.GOOD, ""
    return (FigureState.WARN if value < warn else FigureState.FAIR), ""
