"""Everything that the measures are told of branches and years: many branches cost the queries of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.branches.facts import override_facts
from apps.branches.models import Organization
from apps.ledger import facts_records as words
from apps.ledger.facts import org_facts
from apps.meetings import facts as meetings
from apps.meetings.facts_directives import directive_facts
from apps.meetings.facts_year import meeting_facts
from apps.members.facts_year import record_facts
from apps.plans.facts import plan_facts
from apps.rules.cadences import Override, cadences_since
from apps.rules.facts import OrgFacts
from apps.rules.facts_plans import PlanFacts
from apps.rules.facts_worklog import WorklogFacts
from apps.rules.facts_year import BranchYearFacts
from apps.talks.facts import talk_facts
from apps.tasks.facts import concern_facts, rectification_facts, task_facts
from apps.worklog import facts as worklog


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """What was read of all branches and years together, by branch."""

    parts: dict[str, dict[int, tuple[Any, ...]]]
    plans: dict[int, dict[int, PlanFacts]]
    logs: dict[int, WorklogFacts]
    overrides: dict[int, list[Override]]


def branch_years(
    branches: Sequence[Organization], *, years: Collection[int], as_of: date
) -> dict[int, dict[int, BranchYearFacts]]:
    """By branch and year. The records are read once for all the years; each measure takes its own part."""
    since = date(min(years) - 1, 1, 1)
    read = _read(branches, years=years, since=since, until=date(max(years) + 1, 4, 1))
    return {
        org.id: {year: _year(org, year=year, as_of=as_of, read=read) for year in years}
        for org in org_facts(branches, since=since)
    }


def _read(branches: Sequence[Organization], *, years: Collection[int], since: date, until: date) -> _Read:
    ids = [branch.pk for branch in branches]
    days = {"since": since, "until": until}
    parts: dict[str, dict[int, tuple[Any, ...]]] = {
        "records": record_facts(ids),
        "meetings": meeting_facts(ids, **days),
        "talks": _told(words.talks, talk_facts(ids, **days)),
        "tasks": _told(words.tasks, task_facts(ids)),
        "concerns": _told(words.concerns, concern_facts(ids)),
        "rectifications": _told(words.rectifications, rectification_facts(ids)),
        "directives": _told(words.directives, directive_facts(ids)),
        "study": _study(ids, **days),
    }
    return _Read(
        parts=parts,
        plans={year: plan_facts(ids, year=year) for year in years},
        logs=worklog.worklog_facts(ids, **days),
        overrides=override_facts(branches, since=since),
    )


def _told(convert: Any, /, rows: dict[int, Any]) -> dict[int, tuple[Any, ...]]:
    return {branch_id: convert(found) for branch_id, found in rows.items()}


def _study(ids: Collection[int], *, since: date, until: date) -> dict[int, tuple[Any, ...]]:
    """Hours from the log and from sittings together."""
    sources = (
        worklog.study_lines(ids, since=since, until=until),
        meetings.study_lines(ids, since=since, until=until),
    )
    return {pk: tuple(line for source in sources for line in words.study(source.get(pk, ()))) for pk in ids}


def _year(org: OrgFacts, *, year: int, as_of: date, read: _Read) -> BranchYearFacts:
    plan = read.plans[year][org.id]
    return BranchYearFacts(
        org=org,
        year=year,
        as_of=as_of,
        cadences=cadences_since(date(year - 1, 1, 1), read.overrides[org.id]),
        overrides=tuple(read.overrides[org.id]),
        plan_filed_on=plan.filed_on,
        goals=words.goals(plan, sittings=org.sittings),
        project=words.project(plan),
        **{name: rows.get(org.id, ()) for name, rows in read.parts.items()},
        **words.log(read.logs[org.id]),
    )
