"""Two things timed in turn, so that whatever else the machine does falls on both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Subject:
    """Something to time; `before` makes ready for each round and is not timed."""

    run: Callable[[], object]
    before: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Pair:
    """Medians of one against the other. `ratio` is of wall time, `cpu_ratio` of this process's own time."""

    ratio: float
    cpu_ratio: float
    milliseconds: float
    yardstick_milliseconds: float


def paired(subject: Subject, yardstick: Subject, *, rounds: int, warm_up: int = 3) -> Pair:
    """AB, BA, AB, … after a few untimed rounds."""
    for _ in range(warm_up):
        timed(subject)
        timed(yardstick)
    walls, cpus = ([], []), ([], [])
    for number in range(rounds):
        for at in (0, 1) if number % 2 else (1, 0):
            wall, cpu = timed((subject, yardstick)[at])
            walls[at].append(wall)
            cpus[at].append(cpu)
    return Pair(
        ratio=median(a / b for a, b in zip(*walls, strict=True)),
        cpu_ratio=median(cpus[0]) / median(cpus[1]),
        milliseconds=median(walls[0]) * 1000,
        yardstick_milliseconds=median(walls[1]) * 1000,
    )


def timed(subject: Subject) -> tuple[float, float]:
    """Seconds on the wall and seconds of this process."""
    subject.before()
    wall, cpu = time.perf_counter(), time.process_time()
    subject.run()
    return time.perf_counter() - wall, time.process_time() - cpu


def statements_of(subject: Subject) -> list[str]:
    """The SQL of one round (the second, when everything is warm), transaction bounds left out."""
    timed(subject)
    subject.before()
    with CaptureQueriesContext(connection) as captured:
        subject.run()
    bounds = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in captured if not query["sql"].startswith(bounds)]
