"""The talks of one branch and year, for its ledger: dates and people, never a word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from apps.branches.models import Organization
from apps.rules.talks import BEFORE_MEETING, Coverage, TalkFacts, coverage
from apps.talks.facts import talk_facts, talkers


def talks_in_year(branch: Organization, *, year: int, with_reminders: bool) -> list[TalkFacts]:
    """In the order of their days. Reminder talks only where the caller's policy says so. One query."""
    since, until = date(year, 1, 1), date(year + 1, 1, 1)
    found = talk_facts([branch.pk], since=since, until=until).get(branch.pk, [])
    return [talk for talk in found if talk.counts or with_reminders]


def talks_before(since: Mapping[int, date], *, today: date) -> dict[int, Coverage]:
    """Branch → how far it is with the talks before its 组织生活会, each from its own day. Three queries."""
    if not since:
        return {}
    people = talkers(since, on=today)
    held = talk_facts(since, since=min(since.values()), until=date.max)
    return {
        branch_id: coverage(
            people.get(branch_id, []),
            [talk for talk in held.get(branch_id, []) if talk.held_on >= day],
            rule=BEFORE_MEETING,
        )
        for branch_id, day in since.items()
    }
