"""Measures one generated database; run.py starts it. The figures go to a file as JSON.

python -m tests.benchmarks.scale build --branches 100
python -m tests.benchmarks.scale measure --rounds 60 --rows 1000 --out figures.json
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import django


@dataclass(frozen=True)
class Figure:
    """One line of the table: `key` names it, `ratio` is against the yardstick of the same line."""

    key: str
    ratio: float
    cpu_ratio: float
    milliseconds: float
    queries: int


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=["build", "measure"])
    parser.add_argument("--branches", type=int, default=100)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(words)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    django.setup()
    if options.step == "build":
        build(branches=options.branches, years=options.years, seed=options.seed)
    else:
        found = {"engine": engine(), "figures": measure(rounds=options.rounds, rows=options.rows)}
        options.out.write_text(json.dumps(found), encoding="utf-8")


def build(*, branches: int, years: int, seed: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from tests.benchmarks.subjects import stop_the_clock

    stop_the_clock()
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("generate", branches=branches, years=years, seed=seed, verbosity=0)
    if connection.vendor == "postgresql":  # what autovacuum would have done by the time somebody looks
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def engine() -> str:
    from django.db import connection

    connection.ensure_connection()
    version = connection.get_database_version()
    return f"{connection.display_name} {'.'.join(str(part) for part in version)}"


def measure(*, rounds: int, rows: int) -> list[dict[str, object]]:
    from tests.benchmarks.subjects import World, stop_the_clock

    stop_the_clock()
    world = World.found()
    found = [*pages(world, rounds=rounds), filed(world, rounds=rounds), *roster(world, rows=rows)]
    return [asdict(figure) for figure in found]


def pages(world: object, *, rounds: int) -> list[Figure]:
    from tests.benchmarks.subjects import page_pairs

    few = max(5, rounds // 4)
    return [
        compared(key, subject, yardstick, rounds=few if key.startswith("admin") else rounds)
        for key, subject, yardstick in page_pairs(world)
    ]


def compared(key: str, subject: object, yardstick: object, *, rounds: int) -> Figure:
    from tests.benchmarks.timing import paired, statements_of

    pair = paired(subject, yardstick, rounds=rounds)
    queries = len(statements_of(subject))
    words = f"{pair.ratio:.2f}x ({pair.cpu_ratio:.2f}x cpu), {pair.milliseconds:.1f} ms"
    say(f"  {key}: {words}, {queries} queries")
    return Figure(key, pair.ratio, pair.cpu_ratio, pair.milliseconds, queries)


def filed(world: object, *, rounds: int) -> Figure:
    from tests.benchmarks.subjects import filing

    with_tallies, without = (filing(world, with_tallies=choice) for choice in (True, False))
    return compared("closing", with_tallies, without, rounds=rounds)


def roster(world: object, *, rows: int) -> list[Figure]:
    """One import, in its two steps, against the bare insert of the same members."""
    from tests.benchmarks import subjects
    from tests.benchmarks.timing import Subject, timed

    people = subjects.people_for(subjects.first_committee(), rows=rows)
    content = subjects.workbook(people)
    floor = timed(Subject(lambda: subjects.bare_insert(people)))
    kept: list = []
    steps: list[tuple[str, Callable[[], object]]] = [
        ("preview", lambda: kept.append(subjects.preview(world, content))),
        ("confirm", lambda: subjects.confirm(world, kept[0])),
    ]
    found = []
    for key, step in steps:
        wall, cpu = timed(Subject(step))
        say(f"  {key}: {rows} rows, {wall:.1f} s, {rows / wall:.0f} rows/s; bare insert {floor[0]:.1f} s")
        found.append(Figure(key, wall / floor[0], cpu / floor[1], wall * 1000, 0))
    return [*found, Figure("bare_insert", 1.0, 1.0, floor[0] * 1000, 0)]


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
