"""Everything that the measures are told of branches and years: many branches cost the queries of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from apps.branches.facts import override_facts
from apps.branches.models import Organization
from apps.ledger.facts import org_facts
from apps.meetings.facts_year import meeting_facts
from apps.members.facts_year import record_facts
from apps.rules.cadences import cadences_since
from apps.rules.facts_year import BranchYearFacts


def branch_years(
    branches: Sequence[Organization], *, years: Collection[int], as_of: date
) -> dict[int, dict[int, BranchYearFacts]]:
    """By branch and year. The records are read once for all the years; each measure takes its own part."""
    since = date(min(years) - 1, 1, 1)
    until = date(max(years) + 1, 4, 1)
    ids = [branch.pk for branch in branches]
    overrides = override_facts(branches, since=since)
    records, meetings = record_facts(ids), meeting_facts(ids, since=since, until=until)
    found: dict[int, dict[int, BranchYearFacts]] = {}
    for org in org_facts(branches, since=since):
        found[org.id] = {
            year: BranchYearFacts(
                org=org,
                year=year,
                as_of=as_of,
                cadences=cadences_since(date(year - 1, 1, 1), overrides[org.id]),
                records=records.get(org.id, ()),
                meetings=meetings.get(org.id, ()),
            )
            for year in years
        }
    return found
