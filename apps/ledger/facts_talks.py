"""The talks of one branch and year, for its ledger: dates and people, never a word."""

from __future__ import annotations

from datetime import date

from apps.branches.models import Organization
from apps.rules.talks import TalkFacts
from apps.talks.facts import talk_facts


def talks_in_year(branch: Organization, *, year: int, with_reminders: bool) -> list[TalkFacts]:
    """In the order of their days. Reminder talks only where the caller's policy says so. One query."""
    since, until = date(year, 1, 1), date(year + 1, 1, 1)
    found = talk_facts([branch.pk], since=since, until=until).get(branch.pk, [])
    return [talk for talk in found if talk.counts or with_reminders]
