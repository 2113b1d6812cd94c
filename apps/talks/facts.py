"""The only way out of this app: who talked with whom on which day, never a word of it.

For many branches in a fixed number of queries; `ledger` alone may ask.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from apps.branches.models import Post
from apps.members.models import Member
from apps.rules.kinds import COMMITTEE_POSTS, MembershipState, TalkOccasion, TalkPair, TalkState
from apps.rules.talks import Talker, TalkFacts
from apps.talks.models import MustState, MustTalk, TalkPerson, TalkWave

OF_TALK = ("pk", "branch_id", "held_on", "pair", "occasion", "follow_up_on", "closed_on")


def talk_facts(branch_ids: Collection[int], *, since: date, until: date) -> dict[int, list[TalkFacts]]:
    """Talks held from `since` up to, without, `until`. One query."""
    rows = (
        TalkPerson.objects.filter(
            talk__branch_id__in=branch_ids,
            talk__held_on__gte=since,
            talk__held_on__lt=until,
            talk__state__in=[TalkState.HELD, TalkState.CLOSED],
        )
        .order_by("talk__held_on", "talk_id", "pk")
        .values_list(*(f"talk__{name}" for name in OF_TALK), "member_id", "on_committee", "is_secretary")
    )
    people: dict[tuple, list[tuple[int, bool, bool]]] = defaultdict(list)
    for *talk, member_id, on_committee, is_secretary in rows:
        people[tuple(talk)].append((member_id, on_committee, is_secretary))
    found: dict[int, list[TalkFacts]] = defaultdict(list)
    for (pk, branch_id, held_on, pair, occasion, follow_up_on, closed_on), inside in people.items():
        found[branch_id].append(
            TalkFacts(
                id=pk,
                held_on=held_on,
                people=frozenset(one for one, _, _ in inside),
                pair=TalkPair(pair),
                occasion=TalkOccasion(occasion),
                committee=frozenset(one for one, on_committee, _ in inside if on_committee),
                secretary=next((one for one, _, is_secretary in inside if is_secretary), None),
                follow_up_on=follow_up_on,
                closed_on=closed_on,
            )
        )
    return found


def talkers(branch_ids: Collection[int], *, on: date) -> dict[int, list[Talker]]:
    """Who belongs to each branch, those of its committee on that day first. Two queries."""
    seated = set(
        Post.objects.current_on(on)
        .filter(organization_id__in=branch_ids, kind__in=COMMITTEE_POSTS)
        .values_list("organization_id", "person_id")
    )
    found: dict[int, list[Talker]] = defaultdict(list)
    members = Member.objects.active().filter(branch_id__in=branch_ids).order_by("person__pinyin", "pk")
    for pk, branch_id, person_id, name in members.values_list("pk", "branch_id", "person_id", "person__name"):
        found[branch_id].append(Talker(id=pk, name=name, on_committee=(branch_id, person_id) in seated))
    for people in found.values():
        people.sort(key=lambda person: not person.on_committee)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What a secretary is reminded of: how many must-talks wait, how many of them are late, and the wave."""

    musts: int = 0
    late: int = 0
    meeting_on: date | None = None


def waiting(branch_ids: Collection[int], *, today: date) -> dict[int, Waiting]:
    """Two queries."""
    rows = MustTalk.objects.filter(branch_id__in=branch_ids, state=MustState.OPEN).order_by()
    late = Count("pk", filter=Q(due_on__lt=today))
    musts = {
        branch_id: (count, overdue)
        for branch_id, count, overdue in rows.values_list("branch_id").annotate(count=Count("pk"), late=late)
    }
    waves = TalkWave.objects.filter(branch_id__in=branch_ids, closed_on__isnull=True)
    meetings = dict(waves.values_list("branch_id", "meeting_on"))
    return {
        branch_id: Waiting(
            musts=musts.get(branch_id, (0, 0))[0],
            late=musts.get(branch_id, (0, 0))[1],
            meeting_on=meetings.get(branch_id),
        )
        for branch_id in branch_ids
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkYear:
    """The latest year in which a branch held talks, and how many of today's members were in one of them."""

    year: int
    reached: int


def talk_years(branch_ids: Collection[int]) -> dict[int, TalkYear]:
    """One query: for each branch the members talked with, by year; the latest year is kept."""
    rows = (
        TalkPerson.objects.filter(
            talk__branch_id__in=branch_ids,
            talk__state__in=[TalkState.HELD, TalkState.CLOSED],
            member__state=MembershipState.ACTIVE,
        )
        .exclude(talk__occasion=TalkOccasion.REMINDER)
        .order_by("talk__held_on__year")
        .values_list("talk__branch_id", "talk__held_on__year")
        .annotate(reached=Count("member_id", distinct=True))
    )
    return {branch_id: TalkYear(year=year, reached=reached) for branch_id, year, reached in rows}
