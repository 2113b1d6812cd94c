"""Study hours and work with others, from the log and from the sittings together: what was typed once, in
either place, is counted once. Many branches cost what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.branches.facts import override_facts, post_facts
from apps.branches.models import Organization
from apps.meetings import facts as meetings
from apps.members.facts import learner_facts
from apps.rules.facts_worklog import ActivityFacts, StudyFacts, WorklogFacts
from apps.rules.kinds_worklog import StudyCategory
from apps.rules.study import StudyAccount, StudyTargets, account_of, targets_on
from apps.worklog import facts as worklog


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyBook:
    """The hours of one branch in one year, up to a day: one account for each member on the roster then."""

    year: int
    as_of: date
    targets: StudyTargets
    accounts: tuple[StudyAccount, ...]

    @property
    def asked(self) -> list[StudyAccount]:
        return [account for account in self.accounts if not account.exempt]

    @property
    def met(self) -> int:
        return sum(account.met for account in self.asked)

    @property
    def categories(self) -> frozenset[StudyCategory]:
        return frozenset().union(*(account.categories for account in self.accounts))


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkBook:
    """One year of one branch: its log, and the filed sittings."""

    log: WorklogFacts
    activities: tuple[ActivityFacts, ...]


def study_books(branches: Sequence[Organization], *, year: int, as_of: date) -> dict[int, StudyBook]:
    """At most seven queries, however many branches."""
    ids = [branch.pk for branch in branches]
    learners, posts = learner_facts(ids), post_facts(ids)
    overrides = override_facts(branches, since=as_of)
    lines = _lines(ids, year=year)
    found = {}
    for pk in ids:
        targets = targets_on(as_of, overrides[pk])
        told: dict[str, Any] = {"posts": posts.get(pk, []), "targets": targets, "year": year, "as_of": as_of}
        here = [learner for learner in learners.get(pk, []) if learner.here_on(as_of)]
        accounts = tuple(account_of(one, lines=lines[one.id], **told) for one in here)
        found[pk] = StudyBook(year=year, as_of=as_of, targets=targets, accounts=accounts)
    return found


def _lines(ids: Sequence[int], *, year: int) -> dict[int, list[StudyFacts]]:
    """Member → his hours of that year."""
    span = {"since": date(year, 1, 1), "until": date(year + 1, 1, 1)}
    found: dict[int, list[StudyFacts]] = defaultdict(list)
    for source in (worklog.study_lines(ids, **span), meetings.study_lines(ids, **span)):
        for lines in source.values():
            for line in lines:
                found[line.member_id].append(line)
    return found


def work_books(branches: Sequence[Organization], *, since: date, until: date) -> dict[int, WorkBook]:
    """From `since` up to, without, `until`. Eight queries, however many branches."""
    ids = [branch.pk for branch in branches]
    logs = worklog.worklog_facts(ids, since=since, until=until)
    activities = meetings.activity_facts(ids, since=since, until=until)
    return {pk: WorkBook(log=logs[pk], activities=tuple(activities.get(pk, ()))) for pk in ids}
