"""What each app tells of its records, put into the words of the measures. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from apps.rules import facts as told
from apps.rules import facts_plans, facts_records, facts_worklog
from apps.rules.branch_year import months_that_meet
from apps.rules.kinds import Progress, TalkOccasion
from apps.rules.talks import TalkFacts

MONTHS = range(1, 13)


def talks(rows: Iterable[TalkFacts]) -> tuple[facts_records.TalkFacts, ...]:
    return tuple(
        facts_records.TalkFacts(
            id=row.id,
            held_on=row.held_on,
            member_ids=row.people,
            is_reminder=row.occasion is TalkOccasion.REMINDER,
            followed_up_on=row.closed_on,
        )
        for row in rows
    )


def tasks(rows: Iterable[told.TaskFact]) -> tuple[facts_records.TaskFacts, ...]:
    return tuple(
        facts_records.TaskFacts(id=row.id, due_on=row.due_on, closed_on=row.reported_on or row.closed_on)
        for row in rows
    )


def concerns(rows: Iterable[told.ConcernFact]) -> tuple[facts_records.ConcernFacts, ...]:
    return tuple(
        facts_records.ConcernFacts(
            id=row.id, due_on=row.due_on, closed_on=row.closed_on, registered_on=row.raised_on
        )
        for row in rows
    )


def rectifications(rows: Iterable[told.RectificationFact]) -> tuple[facts_records.RectificationFacts, ...]:
    return tuple(
        facts_records.RectificationFacts(
            id=row.id,
            due_on=row.due_on,
            closed_on=row.closed_on,
            found_on=row.found_on,
            self_found=row.self_found,
        )
        for row in rows
    )


def directives(rows: Iterable[told.DirectiveFact]) -> tuple[facts_records.DirectiveFacts, ...]:
    return tuple(
        facts_records.DirectiveFacts(
            id=row.id,
            convey_by=row.convey_by,
            conveyed_on=row.conveyed_on,
            asks_action=row.asks_action,
            do_by=row.do_by,
            implemented_on=_last_done(row.tasks),
        )
        for row in rows
    )


def _last_done(rows: Iterable[told.TaskFact]) -> date | None:
    """The day on which the last task that carries the paper out was done; None while one is open."""
    days = [row.closed_on for row in rows]
    return max((day for day in days if day), default=None) if all(days) else None


def goals(
    plan: facts_plans.PlanFacts, *, sittings: Iterable[told.SittingFacts]
) -> tuple[facts_records.GoalFacts, ...]:
    """Items of the plan and goals of the term; an item that names a sitting is met by the sittings held."""
    held = [row for row in sittings if row.closed]
    rows = (*((row, False) for row in plan.items), *((row, True) for row in plan.term_goals))
    return tuple(
        facts_records.GoalFacts(
            id=row.id,
            due_on=row.due_on,
            done_on=_done_on(row, year=plan.year, held=held),
            cancelled=row.state is Progress.CANCELLED,
            of_term=of_term,
        )
        for row, of_term in rows
    )


def _done_on(row: facts_plans.GoalFacts, *, year: int, held: list[told.SittingFacts]) -> date | None:
    if row.state is Progress.DONE:
        return row.done_on or row.due_on
    if row.meeting_kind is None or not row.months:
        return None
    firsts = [
        min(_days_of(row, month=month, year=year, held=held), default=None)
        for month in MONTHS
        if row.months >> (month - 1) & 1
    ]
    return max((day for day in firsts if day), default=None) if all(firsts) else None


def _days_of(
    row: facts_plans.GoalFacts, *, month: int, year: int, held: list[told.SittingFacts]
) -> Iterator[date]:
    for sitting in held:
        day = sitting.held_on
        fits = day.year == year and day.month in months_that_meet(row.months, month)
        if fits and row.meeting_kind in sitting.kinds:
            yield day


def project(plan: facts_plans.PlanFacts) -> facts_records.ProjectFacts | None:
    """The feature project of the year; where there were two, the words on both count."""
    first, after = date(plan.year, 1, 1), date(plan.year + 1, 1, 1)
    running = [
        row for row in plan.features if row.starts_on < after and (row.ends_on is None or row.ends_on > first)
    ]
    if not running:
        return None
    quarters = sorted({quarter for row in running for year, quarter in row.quarters if year == plan.year})
    return facts_records.ProjectFacts(
        id=running[-1].id,
        progress=tuple(facts_records.ProgressFacts(id=number, quarter=number) for number in quarters),
    )


def study(rows: Iterable[facts_worklog.StudyFacts]) -> tuple[facts_records.StudyFacts, ...]:
    return tuple(
        facts_records.StudyFacts(
            id=row.source_id,
            member_id=row.member_id,
            studied_on=row.held_on,
            hours=row.hours,
            category=row.category.value,
            from_sitting=row.from_sitting,
        )
        for row in rows
    )


def visits(
    rows: Iterable[facts_worklog.CareFacts | facts_worklog.PlacementFacts],
) -> tuple[facts_records.VisitFacts, ...]:
    return tuple(
        facts_records.VisitFacts(id=row.id, member_id=member_id, held_on=row.held_on)
        for row in rows
        for member_id in sorted(row.member_ids)
    )


def log(found: facts_worklog.WorklogFacts) -> dict[str, Any]:
    """The log as fields of `BranchYearFacts`."""
    return {
        "visits": visits(found.cares),
        "placements": visits(found.placements),
        "recognitions": tuple(
            facts_records.DatedFacts(id=row.id, held_on=row.held_on) for row in found.recognitions
        ),
        "public_consultations": tuple(
            facts_records.PublicConsultationFacts(
                id=row.id, held_on=row.held_on, has_result=row.has_result, participants=row.participants
            )
            for row in found.consultations
        ),
        "key_posts": tuple(
            facts_records.KeyPostFacts(
                id=row.id, listed_on=row.since, ended_on=row.until, checked_on=row.checked_on
            )
            for row in found.key_posts
        ),
        "units": tuple(_unit(row) for row in found.units),
    }


def _unit(row: facts_worklog.CareUnitFacts) -> facts_records.UnitFacts:
    covered = row.covered_since if row.coverage in facts_worklog.COVERED else None
    return facts_records.UnitFacts(id=row.id, listed_on=row.since, ended_on=row.until, covered_on=covered)
