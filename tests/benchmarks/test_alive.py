"""Keeps the benchmark alive: all that it measures runs on five branches, and pages ask what they should.

Nothing here is timed.
"""

import pytest
from django.core.cache import cache

from apps.ledger.models import BranchYear
from apps.members.models import Member
from apps.workbench.services_generate import generate
from tests.benchmarks import subjects, table
from tests.benchmarks.subjects import World, page_pairs
from tests.benchmarks.timing import Pair, Subject, paired, statements_of
from tests.conftest import NOW, TODAY

#: What each page may ask the database, the three of the bare page included.
MOST_QUERIES = {
    "bare": 3,
    "workbench": 8,
    "workbench_changed": 18,
    "board": 9,
    "own_list": 7,
    "own_list_last": 7,
    "all_list": 7,
    "all_list_deep": 8,
    "all_list_last": 7,
}


@pytest.fixture
def world(db, settings) -> World:
    settings.ROOT_URLCONF = "tests.benchmarks.urls"
    generate(branches=5, years=1, seed=7, today=TODAY, now=NOW)
    cache.clear()
    return World.found()


def test_pages_ask_no_more_than_they_should_and_never_skip_rows(world) -> None:
    asked = {key: statements_of(subject) for key, subject, _ in page_pairs(world)}
    assert {key: len(asked[key]) for key in MOST_QUERIES if len(asked[key]) > MOST_QUERIES[key]} == {}
    ours = [sql for key in MOST_QUERIES for sql in asked[key]]
    assert not [sql for sql in ours if "OFFSET" in sql]


@pytest.mark.parametrize("with_tallies", [True, False])
def test_filing_a_sitting_reaches_the_tallies_only_where_they_listen(world, with_tallies) -> None:
    year = BranchYear.objects.filter(branch=world.branch, year=TODAY.year)
    before = year.get().sittings
    subject = subjects.filing(world, with_tallies=with_tallies)
    assert len(statements_of(subject)) <= (36 if with_tallies else 25)
    assert year.get().sittings == before + (2 if with_tallies else 0)


def test_a_roster_is_previewed_and_taken_in(world, django_capture_on_commit_callbacks) -> None:
    people = subjects.people_for(subjects.first_committee(), rows=40)
    before = Member.objects.count()
    subjects.bare_insert(people)
    assert Member.objects.count() == before
    with django_capture_on_commit_callbacks(execute=True) as _:
        roster = subjects.upload(world, subjects.workbook(people))
    subjects.confirm(world, subjects.judged(roster))
    assert Member.objects.count() == before + 40


def test_two_things_are_timed_in_turn(world) -> None:
    order: list[str] = []
    pair = paired(Subject(lambda: order.append("a")), Subject(lambda: order.append("b")), rounds=4, warm_up=0)
    assert order == ["b", "a", "a", "b", "b", "a", "a", "b"]
    assert isinstance(pair, Pair)


def test_the_table_says_what_was_missed() -> None:
    keys = [line.key for line in table.LINES] + ["preview", "confirm", "bare_insert"]
    figure = {"ratio": 1.0, "cpu_ratio": 1.0, "milliseconds": 1000.0, "queries": 7}
    figures = [{"key": key, **figure} for key in keys]
    figures[1]["ratio"] = 1.91
    text = table.markdown(
        {100: {"engine": "SQLite 3.40", "figures": figures}}, rows={100: 10}, command="bench", machine="one"
    )
    assert text.count("missed") == 1
    assert (
        "| secretary's workbench | bare page | T1 ≤ 1.9 | 1.91× (1000.0 ms; process 1.00×) **missed** | 7 |"
        in text
    )
    assert "| both, 100 branches | 10 | 2.0 | 5 | 50% |" in text
