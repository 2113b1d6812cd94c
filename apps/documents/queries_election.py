"""What the system knows of an election to come: the term, who elects, how many seats and candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.branches.models import Organization, Term
from apps.branches.queries import term_of
from apps.documents.queries import Wanted, closed_sittings
from apps.meetings.models import Motion
from apps.members.facts import voter_facts
from apps.members.models import Member
from apps.rules.kinds import Matter, MemberStatus
from apps.rules.quorum import Electorate, electorate, opening
from apps.rules.terms import CommitteeAdvice, candidates_needed, committee_advice

ELECTIONS = (Matter.ELECTION, Matter.COMMITTEE_ELECTION)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """Counted on the day; the numbers of the sitting itself are fixed there."""

    branch: Organization
    term: Term | None
    full: int
    probationary: int
    people: Electorate

    @property
    def superior(self) -> str:
        return self.branch.parent.name if self.branch.parent else ""

    @property
    def members(self) -> int:
        return self.full + self.probationary

    @property
    def advice(self) -> CommitteeAdvice:
        return committee_advice(self.full)

    @property
    def has_committee(self) -> bool:
        return self.advice.needs_committee

    @property
    def seats(self) -> int:
        """The usual number; what is decided is for the branch and those above it."""
        return self.advice.seats_usual

    @property
    def candidates(self) -> int:
        return candidates_needed(self.seats)

    @property
    def needed_to_open(self) -> int:
        found = opening(Matter.ELECTION, entitled=self.people.size, present=0)
        return found.required

    @property
    def next_term(self) -> str:
        return f"第{self.term.number + 1}届" if self.term else "新一届"


def outlook_of(branch: Organization, *, today: date) -> Outlook:
    """Three queries, however large the branch."""
    voters = voter_facts([branch.pk]).get(branch.pk, [])
    active = Member.objects.active().filter(branch=branch).values_list("status", flat=True)
    full = sum(status == MemberStatus.FULL for status in active)
    return Outlook(
        branch=branch,
        term=term_of(branch, today=today),
        full=full,
        probationary=len(active) - full,
        people=electorate(voters, matter=Matter.ELECTION, on=today),
    )


def roster_of(branch: Organization) -> list[Member]:
    """Those whose membership goes on, in the order of names."""
    people = Member.objects.active().filter(branch=branch).select_related("person", "group")
    hidden = people.defer("id_number", "mobile_phone", "landline", "address")
    return list(hidden.order_by("person__pinyin", "pk"))


def elections_in(wanted: Wanted) -> Sequence[Motion]:
    """The elections of the year in filed sittings, each round on its own."""
    votes = Motion.objects.filter(
        item__meeting__in=closed_sittings(wanted), matter__in=ELECTIONS, seats__isnull=False
    )
    ordered = votes.select_related("item__meeting").prefetch_related("candidates")
    return list(ordered.order_by("item__meeting__held_on", "pk"))
