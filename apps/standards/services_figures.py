"""Counting the figures of many branches for the overview, in batches and in the background."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.jobs.models import Job
from apps.jobs.services import job, progress, start_job
from apps.ledger.facts_year import branch_years
from apps.rules.facts_year import BranchYearFacts
from apps.rules.figures import Figure, FigureState
from apps.rules.measures import figures
from apps.standards.discretion import FROM_ABOVE, for_reader
from apps.standards.figure_words import value_words
from apps.standards.models_figures import BranchFigure
from apps.standards.queries import Levels, levels_for
from apps.standards.queries_record import specs_with, standing_on

COUNT_JOB = "standards.count_figures"
#: Branches read at once: so many fit well into memory with all their sittings of two years.
BATCH = 50
#: Warnings first, then what nobody can judge yet, then the rest.
NEED = {state: at for at, state in enumerate((FigureState.WARN, FigureState.UNKNOWN, FigureState.FAIR))}
LEAST = len(NEED)


@transaction.atomic
def count_figures(*, branches: Sequence[Organization], year: int, today: date) -> None:
    """Rewrite the kept figures of these branches for one year. The number of queries is always the same."""
    as_of = standing_on(year=year, today=today)
    levels = levels_for(branches, on=as_of)
    facts = branch_years(branches, years=[year], as_of=today)
    rows = [
        _row(branch, figure, year=year, as_of=as_of)
        for branch in branches
        for figure in _told(facts[branch.pk][year], levels=levels[branch.pk])
    ]
    BranchFigure.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["branch", "year", "measure"],
        update_fields=["path", "state", "need", "words", "why", "counted_on"],
        batch_size=1000,
    )


def _told(facts: BranchYearFacts, *, levels: Mapping[str, Levels]) -> list[Figure]:
    """As those above may see them."""
    found = figures(facts, specs=specs_with(levels)).values()
    return [for_reader(figure, reader=FROM_ABOVE) for figure in found]


def _row(branch: Organization, figure: Figure, *, year: int, as_of: date) -> BranchFigure:
    return BranchFigure(
        branch=branch,
        path=branch.path,
        year=year,
        measure=figure.key,
        state=figure.state,
        need=NEED.get(figure.state, LEAST + (figure.state is FigureState.NOT_APPLICABLE)),
        words=value_words(figure)[:40],
        why=figure.why[:300],
        counted_on=as_of,
    )


def start_counting(*, scope: Organization, year: int, actor: User, today: date, now: datetime) -> Job:
    return start_job(
        kind=COUNT_JOB,
        title=f"重新计算{scope}各支部 {year} 年的评议数字",
        actor=actor,
        run=COUNT_JOB,
        args={"path": scope.path, "year": year, "today": today.isoformat()},
        now=now,
    )


@job(COUNT_JOB)
def _count_all(job_id: int, *, path: str, year: int, today: str) -> str:
    total = open_branches(path).count()
    for done in count_below(path=path, year=year, today=date.fromisoformat(today)):
        progress(job_id=job_id, done=done, total=total, message=f"已计算 {done} 个党支部")
    return f"{reverse('standards:across')}?year={year}"


def open_branches(path: str) -> QuerySet[Organization]:
    return Organization.objects.branches().under(path).filter(closed_on__isnull=True)


def count_below(*, path: str, year: int, today: date) -> Iterator[int]:
    """Batch by batch, each in its own transaction; a run that was cut off is simply begun again."""
    rows, done = open_branches(path).order_by("path").iterator(), 0
    while batch := list(islice(rows, BATCH)):
        count_figures(branches=batch, year=year, today=today)
        done += len(batch)
        yield done
