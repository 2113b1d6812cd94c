"""Where a reviewer's grade wants a reason, and how two reviewers are laid side by side."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules.branch_review import agreed, agreeing, differing, needs_reason, objection_until
from apps.rules.figures import FigureState

GOOD, FAIR, WARN = FigureState.GOOD, FigureState.FAIR, FigureState.WARN
SILENT = (None, FigureState.NOT_APPLICABLE, FigureState.UNKNOWN)
MARKS = st.dictionaries(st.integers(1, 9), st.integers(0, 3))


@pytest.mark.parametrize(
    ("grades", "good", "fair", "warn"),
    [
        (2, {0}, {0, 1}, {1}),
        (3, {0, 1}, {1}, {1, 2}),
        (4, {0, 1}, {1, 2}, {2, 3}),
        (5, {0, 1, 2}, {1, 2, 3}, {2, 3, 4}),
    ],
)
def test_the_grades_that_go_with_the_evidence(grades, good, fair, warn) -> None:
    found = [set(agreeing(state, grades=grades)) for state in (GOOD, FAIR, WARN)]
    assert found == [good, fair, warn]


@pytest.mark.parametrize("state", SILENT)
def test_where_the_evidence_says_nothing_every_grade_goes_with_it(state) -> None:
    assert set(agreeing(state, grades=4)) == {0, 1, 2, 3}
    assert [needs_reason(grade, grades=4, state=state) for grade in range(4)] == [False, False, False, True]


def test_a_reason_is_asked_for_where_the_grade_differs_and_always_for_the_lowest() -> None:
    asked = {state: [needs_reason(one, grades=4, state=state) for one in range(4)] for state in (GOOD, WARN)}
    assert asked == {GOOD: [False, False, True, True], WARN: [True, True, False, True]}
    assert [needs_reason(one, grades=4, state=FAIR) for one in range(4)] == [True, False, False, True]


@given(st.integers(2, 9), st.sampled_from([*SILENT, GOOD, FAIR, WARN]))
def test_there_is_always_a_grade_that_agrees_and_the_lowest_is_never_free(grades, state) -> None:
    assert set(agreeing(state, grades=grades)) & set(range(grades))
    assert needs_reason(grades - 1, grades=grades, state=state)


@given(st.integers(2, 9))
def test_good_and_bad_evidence_are_each_others_mirror(grades) -> None:
    mirrored = {grades - 1 - grade for grade in agreeing(WARN, grades=grades)}
    assert mirrored == set(agreeing(GOOD, grades=grades))


def test_two_reviewers_differ_where_both_graded_and_not_alike() -> None:
    assert differing({3: 0, 1: 1, 2: 2}, {1: 2, 2: 2, 3: 3, 4: 0}) == [3, 1]


def test_all_reviewers_agree_on_what_each_of_them_graded_alike() -> None:
    assert agreed([]) == {}
    assert agreed([{1: 0, 2: 1}]) == {1: 0, 2: 1}
    assert agreed([{1: 0, 2: 1, 3: 2}, {1: 0, 2: 2}]) == {1: 0}


@given(MARKS, MARKS)
def test_every_standard_that_both_graded_is_either_agreed_or_differing(one, other) -> None:
    assert agreed([one, other]).keys() ^ set(differing(one, other)) == one.keys() & other.keys()
    assert not agreed([one, other]).keys() & set(differing(one, other))


def test_a_branch_that_is_told_late_has_its_days_all_the_same() -> None:
    by = date(2026, 12, 10)
    told = {day: objection_until(by, told_on=date(2026, 12, day)) for day in (1, 5, 6, 12)}
    assert told == {1: by, 5: by, 6: date(2026, 12, 11), 12: date(2026, 12, 17)}
    assert objection_until(by, told_on=None) == by
