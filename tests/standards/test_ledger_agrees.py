"""The way through the database: what the ledger tells the measures of, against rows read by plain loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from apps.branches.models import Organization
from apps.ledger.facts_year import branch_years
from apps.rules.figures import Figure, Unit
from apps.rules.kinds import OrgKind
from apps.rules.measures import MEASURES, figures
from tests import factories
from tests.standards import slow
from tests.standards.random_branches import draw_whole
from tests.standards.random_records import Draw, draw_rule
from tests.standards.slow_rows import Tables, branch_dict

BRANCHES, YEARS = 60, (2025, 2026)
#: In the middle of the second year, on its last day, and after it.
DAYS = (date(2026, 9, 17), date(2026, 12, 31), date(2027, 1, 4))

# Nothing is read from the database in the tests themselves; the mark makes pytest-django set it up.
pytestmark = pytest.mark.django_db

Case = tuple[str, dict[str, Figure], dict[str, Any]]


@pytest.fixture(scope="module")
def cases(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Case]:
    """Every branch, year and day: its figures by the ledger, and its rows for the slow count."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = [*counted(written())]
        transaction.set_rollback(True)
    return found


def written() -> list[Organization]:
    committee = factories.make_organization(OrgKind.COMMITTEE)
    writer = factories.make_user()
    draw_above = Draw(0, writer=writer)
    draw_rule(draw_above, committee, code="MTG-4", valid_from=date(2025, 3, 1), valid_to=None)
    draw_above.write()
    return [draw_whole(Draw(seed, writer=writer), committee=committee) for seed in range(BRANCHES)]


def counted(branches: list[Organization]) -> Iterator[Case]:
    tables = Tables()
    for as_of in DAYS:
        facts = branch_years(branches, years=YEARS, as_of=as_of)
        for branch in branches:
            for year in YEARS:
                rows = branch_dict(tables, branch, year=year, as_of=as_of)
                yield f"{branch.pk} {year} {as_of}", figures(facts[branch.pk][year]), rows


def test_the_ledger_agrees_with_the_rows_of_two_hundred_years(cases: list[Case]) -> None:
    """One test, so that the years are drawn once, however many processes share the tests."""
    assert len(cases) >= 200
    wrong = {
        (key, name): pair
        for key in MEASURES
        for name, found, rows in cases
        if (pair := difference(found[key], rows))
    }
    assert not wrong
    for key in MEASURES:
        states = Counter(found[key].state.value for _, found, _ in cases)
        assert min(states["good"], states["warn"], states["unknown"]) >= 3, (key, states)


def difference(found: Figure, rows: dict[str, Any]) -> tuple[Any, Any] | None:
    """What the ledger says and what the rows say, unless they say the same."""
    answer, state = slow.answer(found.key, rows), slow.state(found.key, rows)
    mine: tuple[Any, ...] = (found.state.value,)
    other: tuple[Any, ...] = (state,)
    if found.value is not None and not isinstance(answer, str):
        mine, other = (*mine, found.numerator), (*other, answer[0])
        if found.unit is Unit.RATIO:
            mine, other = (
                (*mine, found.denominator, found.value),
                (*other, answer[1], min(1, answer[0] / answer[1])),
            )
        else:
            mine, other = (*mine, found.value), (*other, answer[0])
    return None if mine == other else (mine, other)
