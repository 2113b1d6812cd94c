"""The measures agree with a second, slow count over years drawn at random."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

import pytest

from apps.rules.facts_year import BranchYearFacts
from apps.rules.figures import Unit
from apps.rules.measures import MEASURES, figure
from tests.rules.random_years import random_year
from tests.standards import slow

SEEDS = range(300)


YEARS: list[tuple[BranchYearFacts, dict[str, Any]]] = [
    (facts, asdict(facts)) for facts in map(random_year, SEEDS)
]


def test_every_measure_is_counted_twice() -> None:
    assert set(MEASURES) == set(slow.RATIOS) | set(slow.COUNTS)
    assert not set(slow.RATIOS) & set(slow.COUNTS)


@pytest.mark.parametrize("key", MEASURES)
def test_both_ways_of_counting_agree(key: str) -> None:
    for seed, (facts, branch) in enumerate(YEARS):
        found, expected = figure(key, facts), slow.answer(key, branch)
        assert found.state == slow.state(key, branch), seed
        if found.value is None or isinstance(expected, str):
            continue
        assert found.numerator == expected[0], seed
        if found.unit is Unit.RATIO:
            assert found.denominator == expected[1], seed


@pytest.mark.parametrize("key", MEASURES)
def test_the_random_years_show_each_measure_at_its_best_and_at_its_worst(key: str) -> None:
    states = Counter(figure(key, facts).state.value for facts, _ in YEARS)
    assert states["good"] >= 3, states
    assert states["warn"] >= 3, states
    assert states["unknown"] >= 3, states
