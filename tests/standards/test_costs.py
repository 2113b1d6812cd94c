"""Figures of many branches, each with many records, cost the queries of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.branches.models import Organization
from apps.ledger.facts_year import branch_years
from apps.ledger.services import recount_all
from apps.rules.figures import Figure, Ref
from apps.rules.measures import figure, figures
from apps.standards.discretion import Reader
from apps.standards.queries_record import record_of
from apps.standards.queries_refs import lines_of
from apps.standards.services_figures import count_figures
from apps.standards.services_load import load_standards
from tests import factories
from tests.conftest import TODAY, Cast
from tests.standards.random_branches import draw_whole
from tests.standards.random_records import Draw


def cost(work: Callable[[], object], *, writing: bool = True) -> int:
    """How many queries; without those that write, of which a batch holds only so many rows."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(writing or not query["sql"].startswith("INSERT") for query in captured)


@pytest.fixture
def branches(cast: Cast) -> list[Organization]:
    """Twelve branches, each with some records of most sorts."""
    load_standards(today=TODAY)
    writer = factories.make_user()
    drawn = [draw_whole(Draw(seed, writer=writer), committee=cast.committee) for seed in range(1, 13)]
    recount_all(years=[2026])
    return drawn


def test_the_facts_of_twelve_branches_cost_what_one_costs(branches: list[Organization]) -> None:
    def read(some: list[Organization]) -> int:
        return cost(lambda: branch_years(some, years=(2025, 2026), as_of=TODAY))

    # One question fewer is asked where no sitting was about the central work.
    assert read(branches) == max(read([branch]) for branch in branches)


def test_counting_twelve_branches_reads_what_one_reads(branches: list[Organization]) -> None:
    def count(some: list[Organization]) -> int:
        return cost(lambda: count_figures(branches=some, year=2026, today=TODAY), writing=False)

    assert count(branches) == max(count([branch]) for branch in branches)


def test_the_record_costs_the_same_however_much_was_written_down(branches: list[Organization]) -> None:
    def read(branch: Organization) -> int:
        return cost(lambda: record_of(branch, year=2026, today=TODAY, reader=Reader()))

    costs = [read(branch) for branch in branches]
    assert max(costs) - min(costs) <= 1


@pytest.mark.parametrize(
    "measure", ["talks_coverage", "plan_progress", "study_breadth", "public_participants"]
)
def test_the_records_behind_a_figure_are_named_at_one_query_for_each_sort(
    measure: str, branches: list[Organization]
) -> None:
    facts = branch_years(branches, years=[2026], as_of=TODAY)
    found = [figure(measure, facts[branch.pk][2026]) for branch in branches]

    def named(one: Figure) -> int:
        return cost(lambda: lines_of(one))

    sorts = [{ref.kind for ref in refs_of(one) if not ref.words} for one in found]
    assert [named(one) for one in found] == [len(kinds) for kinds in sorts]
    assert max(len(refs_of(one)) for one in found) > 3


def refs_of(one: Figure) -> list[Ref]:
    return [*one.counted, *(left.ref for left in (*one.missed, *one.excluded))]


def test_every_sort_of_record_has_a_name_and_where_it_has_a_page_an_address(
    branches: list[Organization],
) -> None:
    facts = branch_years(branches, years=[2026], as_of=TODAY)
    without: Counter[str] = Counter()
    for branch in branches:
        for one in figures(facts[branch.pk][2026]).values():
            for lines, refs in zip(lines_of(one).values(), parts_of(one), strict=True):
                assert all(line.words and line.words != "记录" for line in lines), one.key
                without.update(ref.kind for line, ref in zip(lines, refs, strict=True) if not line.url)
    assert set(without) <= {"duty", "seat", "quarter", "pair", "goal", "talk"}


def parts_of(one: Figure) -> list[list[Ref]]:
    missed, excluded = ([left.ref for left in part] for part in (one.missed, one.excluded))
    return [list(one.counted), missed, excluded]
