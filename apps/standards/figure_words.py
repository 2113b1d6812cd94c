"""A figure as a reader sees it: value, level, and the row over the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.safestring import SafeString

from apps.rules.figures import Figure, FigureState, MeasureSpec, Unit
from apps.rules.measure_names import unit_of
from apps.ui.charts import Point, trend

#: State → the word on the badge, its tone, and a sign that is told apart without colour.
STATES: dict[FigureState, tuple[str, str, str]] = {
    FigureState.WARN: ("需要加强", "bad", "▲"),
    FigureState.FAIR: ("接近要求", "warn", "◐"),
    FigureState.GOOD: ("达到要求", "ok", "●"),
    FigureState.UNKNOWN: ("尚无法判断", "info", "？"),
    FigureState.NOT_APPLICABLE: ("不作要求", "muted", "－"),
}
SHORT = {FigureState.UNKNOWN: "无记录", FigureState.NOT_APPLICABLE: "不作要求"}


def number(value: Fraction) -> str:
    """Whole numbers without, others with at most one decimal; never rounded up to a level not reached."""
    tenths = value.numerator * 10 // value.denominator
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def per_cent(value: Fraction) -> str:
    return f"{number(value * 100)}%"


def amount(figure: Figure, value: Fraction) -> str:
    return per_cent(value) if figure.unit is Unit.RATIO else f"{number(value)} {unit_of(figure.key)}"


def value_words(figure: Figure) -> str:
    """「85%」, 「3 次」; why there is none, where there is none."""
    return amount(figure, figure.value) if figure.value is not None else SHORT.get(figure.state, figure.why)


def made_of(figure: Figure) -> str:
    """Numerator and denominator, or what was asked by now."""
    if figure.value is None:
        return figure.why
    if figure.unit is Unit.RATIO:
        return f"{number(figure.numerator)} / {number(figure.denominator)}"
    return f"到现在应有 {number(figure.good)}，全年 {number(figure.target)}"


def level_words(figure: Figure) -> str:
    gap = " " if figure.unit is Unit.RATIO else ""
    return f"{amount(figure, figure.good)}{gap}以上为达到要求，不到 {amount(figure, figure.warn)}{gap}提示"


def spec_words(spec: MeasureSpec) -> str:
    """The product's own levels, in the unit in which a committee types its own."""
    share = 100 if spec.unit is Unit.RATIO else 1
    return f"良好 {number(spec.good * share)}、提示 {number(spec.warn * share)}"


def trend_of(figures: Mapping[int, Figure]) -> SafeString:
    """The same measure over the years, the latest last, with the level of the latest."""
    last = figures[max(figures)]
    points = [
        Point(
            name=str(year),
            value=None if figure.value is None else float(figure.value),
            words=value_words(figure),
        )
        for year, figure in sorted(figures.items())
    ]
    return trend(points, level=float(last.target), label=last.title)


def worst(states: Sequence[FigureState]) -> FigureState:
    """What several figures say together: the weakest of those that say anything."""
    for state in (FigureState.WARN, FigureState.FAIR, FigureState.GOOD, FigureState.UNKNOWN):
        if state in states:
            return state
    return FigureState.NOT_APPLICABLE
