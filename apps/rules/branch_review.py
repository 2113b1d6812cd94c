"""What a reviewer's grade of a standard has to do with the evidence, and two reviewers with each other.

Grades are positions, the best is 0. Nothing here makes a grade out of figures: the evidence only says where a
reason has to be written. A standard that names what is to be avoided is read the same way: a warning figure
lights it, and then the better grades want their reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from apps.rules.figures import FigureState

#: However late a branch is told, it has so many days to say what it thinks.
LEAST_DAYS_TO_OBJECT = 5


def agreeing(state: FigureState | None, *, grades: int) -> range:
    """The grades that go with the evidence; all of them where it says nothing either way."""
    half = (grades + 1) // 2
    if state is FigureState.GOOD:
        return range(half)
    if state is FigureState.WARN:
        return range(grades - half, grades)
    if state is FigureState.FAIR and grades > 2:
        return range(1, grades - 1)
    return range(grades)


def needs_reason(grade: int, *, grades: int, state: FigureState | None) -> bool:
    """Nobody is given the lowest grade without being told why, whatever the figures say."""
    return grade == grades - 1 or grade not in agreeing(state, grades=grades)


def differing(one: Mapping[int, int], other: Mapping[int, int]) -> list[int]:
    """The standards that both have graded, and not alike, in the order of the first."""
    return [standard for standard, grade in one.items() if standard in other and other[standard] != grade]


def agreed(marks: Sequence[Mapping[int, int]]) -> dict[int, int]:
    """What all reviewers graded, and alike."""
    if not marks:
        return {}
    first, *others = marks
    return {
        standard: grade
        for standard, grade in first.items()
        if all(other.get(standard) == grade for other in others)
    }


def objection_until(objection_by: date, *, told_on: date | None) -> date:
    """The last day for objections: that of the calendar, or later where the branch was told late."""
    if told_on is None:
        return objection_by
    return max(objection_by, told_on + timedelta(days=LEAST_DAYS_TO_OBJECT))
