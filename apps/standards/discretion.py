"""What of the talks' figures who may see (security.md 4.2): names for few, small numbers for fewer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from apps.rules.figures import Figure, FigureState

ABOUT_TALKS = frozenset({"talks_coverage", "talks_by_secretary"})
REMINDERS = "reminders_followed_up"
#: Fewer than this many are told as 「已开展」 or 「未开展」.
SMALL = 3
KEPT = "提醒谈话的情况只有谈话双方、支部书记和纪检委员能看。"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """`talks`: may know who talked with whom; `reminders`: also that there were reminder talks.

    `acts`: writes the records of the branch, so that the next step is his to take.
    """

    talks: bool = False
    reminders: bool = False
    acts: bool = False


#: Those above, and every overview: numbers only.
FROM_ABOVE = Reader()


def for_reader(figure: Figure, *, reader: Reader) -> Figure:
    """The figure as this reader may see it; all others pass as they are."""
    if figure.key == REMINDERS and not reader.reminders:
        nought = Fraction(0)
        hidden = replace(figure, numerator=nought, denominator=nought, value=None, why=KEPT)
        return _without_names(replace(hidden, state=FigureState.NOT_APPLICABLE))
    if figure.key in ABOUT_TALKS and not reader.talks:
        if figure.value is not None and figure.numerator < SMALL:
            held = "已开展" if figure.numerator else "未开展"
            figure = replace(figure, value=None, why=f"{held}（不足 {SMALL} 人次不显示数字）")
        return _without_names(figure)
    return figure


def _without_names(figure: Figure) -> Figure:
    return replace(figure, counted=(), missed=(), excluded=())
