"""Exceptions of many branches: which need help first, found and ordered by the database.

The conditions are those of `rules.exceptions`, said in SQL over one tally row per branch; the rules then put
the words to the rows of a page. A test holds the two against each other over random branches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, RawSQL

from apps.branches.models import below
from apps.ledger.models import Standing
from apps.ledger.ring import ring_mask, year_mask
from apps.rules import terms
from apps.rules.cadences import Cadence
from apps.rules.exceptions import CALL_AHEAD_DAYS, Urgency
from apps.rules.facts import BranchStanding
from apps.rules.kinds import BranchForm
from apps.rules.norms import NORMS
from apps.rules.periods import DatedPeriod, add_months, period_of, previous
from apps.rules.talks import BEHIND_FROM_MONTH
from apps.ui.sql import compiled

ASSEMBLY = "MTG-1"
NONE = 99
#: The first of the order, none left out.
GRAVE = (Urgency.LONG_VACANT, Urgency.TERM_EXPIRED, Urgency.TOO_FEW)
#: The assembly's cadence in each part of the tree: ("", the general rule) and (path, a committee's own).
Versions = Sequence[tuple[str, Cadence]]


def with_urgency(standings: QuerySet[Standing], *, versions: Versions, today: date) -> QuerySet[Standing]:
    """Standings with `urgency`: the number of the first concern that holds, NONE where there is none."""
    urgency = _urgency(tuple(versions), today)
    return standings.filter(_open_on(today)).annotate(urgency=urgency)


def _open_on(today: date) -> Q:
    return Q(closed_on__isnull=True) | Q(closed_on__gt=today)


def _held(versions: Versions, today: date) -> dict[str, Combinable]:
    """For each version of the assembly's cadence, the months of the last period that had one."""
    return {
        f"held_{number}": F("general_ring").bitand(ring_mask(*_last(cadence, today)))
        for number, (_, cadence) in enumerate(versions)
    }


@lru_cache(maxsize=256)
def _urgency(versions: tuple[tuple[str, Cadence], ...], today: date) -> RawSQL:
    """The same all day for everybody under the same rules."""
    conditions = conditions_of(versions=versions, today=today)
    whens = [When(conditions[urgency], then=Value(int(urgency))) for urgency in Urgency]
    case = Case(*whens, default=Value(NONE), output_field=IntegerField())
    return compiled(Standing.objects.alias(**_held(versions, today)).annotate(urgency=case), "urgency")


def gravest(standings: QuerySet[Standing], *, versions: Versions, today: date) -> QuerySet[Standing]:
    """Those that come first by urgency, found without weighing all the others."""
    return standings.filter(_grave(tuple(versions), today))


@lru_cache(maxsize=256)
def _grave(versions: tuple[tuple[str, Cadence], ...], today: date) -> RawSQL:
    conditions = conditions_of(versions=versions, today=today)
    grave = reduce(or_, (conditions[urgency] for urgency in GRAVE))
    wrapped = ExpressionWrapper(grave, output_field=BooleanField())
    return compiled(Standing.objects.annotate(grave=wrapped), "grave")


def with_concern(
    standings: QuerySet[Standing], urgency: Urgency, *, versions: Versions, today: date
) -> QuerySet[Standing]:
    """Those that have this concern, whether or not it is their first."""
    conditions = conditions_of(versions=versions, today=today)
    return standings.alias(**_held(versions, today)).filter(conditions[urgency])


def conditions_of(*, versions: Versions, today: date) -> dict[Urgency, Q]:
    """For each kind of concern, the standings that have it."""
    return _conditions(tuple(versions), today)


@lru_cache(maxsize=256)
def _conditions(versions: tuple[tuple[str, Cadence], ...], today: date) -> dict[Urgency, Q]:
    lasting = ~Q(form=BranchForm.TEMPORARY)
    vacant = Q(filled_from__isnull=True) | Q(filled_from__gt=today)
    return {
        Urgency.LONG_VACANT: Q(vacant_since__lt=_heavy_before(today)) & vacant,
        Urgency.VACANT: Q(vacant_since__lte=today) & vacant,
        Urgency.TERM_EXPIRED: lasting & Q(term_ends_on__lte=today),
        Urgency.TERM_ENDING: lasting & Q(term_ends_on__gt=today, term_ends_on__lte=_ending(today)),
        Urgency.TOO_FEW: Q(full_members__lt=NORMS["SET-1"].value("min_full")),
        Urgency.TOO_MANY: Q(all_members__gt=NORMS["SET-2"].value("max_members")),
        Urgency.NO_COMMITTEE: lasting
        & Q(with_committee=False, full_members__gte=NORMS["SET-8"].value("min_full")),
        Urgency.PERIOD_CLOSING: _by_version(versions, today=today, closing=True),
        Urgency.PERIOD_MISSED: _by_version(versions, today=today, closing=False),
        Urgency.TASKS_OVERDUE: Q(earliest_due_on__lt=today),
        Urgency.TALKS_BEHIND: _talks_behind(today),
    }


def _talks_behind(today: date) -> Q:
    """See `rules.talks.is_behind`."""
    if today.month < BEHIND_FROM_MONTH:
        return Q(pk__in=[])
    known = Q(talk_year__isnull=False) | Q(records_since__lte=date(today.year, 1, 1))
    nothing = Q(talk_year__isnull=True) | ~Q(talk_year=today.year)
    little = Q(talk_year=today.year, talks_asked__gt=F("talks_reached") * 2)
    return Q(talks_asked__gt=0) & known & (nothing | little)


@lru_cache(maxsize=16)
def _heavy_before(today: date) -> date:
    """A post that fell vacant before this day has been so for longer than is borne (EL-4)."""
    months = NORMS["EL-4"].value("heavy_months")
    day = today - timedelta(days=366)
    while today > add_months(day, months):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=16)
def _ending(today: date) -> date:
    """The last end of a term of which one is reminded today."""
    day = add_months(today, 12)
    while terms.remind_from(day) > today:
        day -= timedelta(days=1)
    return day


@lru_cache(maxsize=256)
def _last(cadence: Cadence, today: date) -> tuple[date, date]:
    last = previous(cadence.period, period_of(cadence.period, today))
    return last.start, last.end


def _by_version(versions: Versions, *, today: date, closing: bool) -> Q:
    """A committee's own cadence holds in its subtree instead of the one above it."""
    parts = []
    for number, (path, cadence) in enumerate(versions):
        deeper = [other for other, _ in versions if other != path and other.startswith(path)]
        inside = reduce(or_, [below(other) for other in deeper]) if deeper else None
        part = _assembly(cadence, today=today, closing=closing, held=f"held_{number}")
        if path:
            part &= below(path)
        parts.append(part & ~inside if inside is not None else part)
    return reduce(or_, parts)


def _assembly(cadence: Cadence, *, today: date, closing: bool, held: str) -> Q:
    nothing = Q(pk__in=[])
    if cadence.waived or not cadence.min_count or cadence.period not in CALL_AHEAD_DAYS:
        return nothing
    running = period_of(cadence.period, today)
    not_yet = Q(last_general_on__isnull=True) | Q(last_general_on__lt=running.start)
    if closing:
        calls_from = running.end - timedelta(days=CALL_AHEAD_DAYS[cadence.period])
        return _asked(running) & not_yet if today >= calls_from else nothing
    last = previous(cadence.period, running)
    recorded = Q(records_since__isnull=True) | Q(records_since__lte=last.start)
    dated = Q(founded_on__isnull=False) | Q(last_general_on__isnull=False)
    return recorded & dated & _asked(last) & _missed(last, running=running, held=held)


def _missed(last: DatedPeriod, *, running: DatedPeriod, held: str) -> Q:
    """Nothing in the last period: nothing since it began, or only later and its months empty."""
    never = Q(last_general_on__isnull=True) | Q(last_general_on__lt=last.start)
    return never | Q(last_general_on__gte=running.start, **{held: 0})


def _asked(period: DatedPeriod) -> Q:
    return Q(founded_on__isnull=True) | Q(founded_on__lte=period.middle)


def cadence_for(path: str, *, versions: Versions) -> Cadence:
    """The nearest committee's version, or the general rule."""
    return max((item for item in versions if path.startswith(item[0])), key=lambda item: len(item[0]))[1]


def standing_facts(
    standings: Iterable[Any], *, versions: Versions, overdue: dict[int, int], today: date
) -> dict[int, BranchStanding]:
    """Tallies as the rules want them: rows with the columns of `Standing` and the `name` of the branch.
    `overdue` counts late tasks."""
    found = {}
    for row in standings:
        year = _last(cadence_for(row.path, versions=versions), today)[0].year
        found[row.branch_id] = _facts(row, overdue=overdue.get(row.branch_id, 0), year=year)
    return found


def _facts(row: Any, *, overdue: int, year: int) -> BranchStanding:
    return BranchStanding(
        id=row.branch_id,
        name=row.name,
        form=BranchForm(row.form or BranchForm.ORDINARY),
        year=year,
        full_members=row.full_members,
        all_members=row.all_members,
        with_committee=row.with_committee,
        founded_on=row.founded_on,
        term_ends_on=row.term_ends_on,
        secretary_since_vacant=row.vacant_since,
        secretary_again_from=row.filled_from,
        last_general_on=row.last_general_on,
        general_months=year_mask(row.general_ring, year, last=row.last_general_on),
        overdue_tasks=overdue,
        records_since=row.records_since,
        talk_year=row.talk_year,
        talks_reached=row.talks_reached,
        talks_asked=row.talks_asked,
    )
