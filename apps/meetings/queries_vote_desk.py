"""The vote desk for one matter: who is entitled, whether the sitting may open, what passes it and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from apps.ballots.queries_motions import MotionCount
from apps.meetings.models import AgendaItem, Attendance, Motion
from apps.meetings.queries_vote import (
    MATTER_HELP,
    Electorate,
    Revote,
    Room,
    free_ballots,
    matters_for,
    revote_after,
    room_of,
)
from apps.members.models import Member
from apps.rules.kinds import BranchForm, Matter, MemberStatus, Sureness, VoteMethod
from apps.rules.norms import NORMS
from apps.rules.periods import add_months
from apps.rules.quorum import MATTER_RULES, MatterRule, Opening
from apps.rules.regulations import Norm
from apps.rules.voting import COMMITTEE_MATTERS, ONE_PERSON_MATTERS, SECRET_MATTERS, votes_needed

#: What a temporary branch normally leaves to the branches its members come from, or to the one above.
LEFT_TO_OTHERS = ONE_PERSON_MATTERS | {Matter.DISCIPLINE, Matter.ELECTION}
#: Months after the end of a probation within which an assembly is still taken to decide on it.
LATEST_CONFIRMATION = 6


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything the vote desk shows about one matter before a figure is entered."""

    item: AgendaItem
    matters: tuple[Matter, ...]
    matter: Matter
    room: Room
    electorate: Electorate
    previous: Motion | None = None
    replaces: Motion | None = None

    @cached_property
    def ballots(self) -> list[MotionCount]:
        """Secret votes whose totals may be taken over here; an election is counted name by name."""
        if self.is_election:
            return []
        replaces = self.replaces.idempotency_key if self.replaces else None
        free = free_ballots(self.item.meeting.branch_id, replaces=replaces)
        return [count for count in free if count.of_committee == self.of_committee]

    @property
    def help(self) -> str:
        return MATTER_HELP[self.matter]

    @property
    def choices(self) -> list[tuple[Matter, str]]:
        return [(matter, MATTER_HELP[matter]) for matter in self.matters]

    @property
    def opening(self) -> Opening:
        return self.electorate.opening

    @property
    def caution(self) -> Norm | None:
        """What speaks against this matter in a branch of this form; the vote is not refused (SET-7)."""
        is_temporary = self.item.meeting.branch.form == BranchForm.TEMPORARY
        return NORMS["SET-7"] if is_temporary and self.matter in LEFT_TO_OTHERS else None

    @property
    def rule(self) -> MatterRule:
        return MATTER_RULES[self.matter]

    @property
    def norm(self) -> Norm:
        return NORMS[self.rule.rule_code]

    @property
    def is_election(self) -> bool:
        return self.matter == Matter.ELECTION

    @property
    def of_committee(self) -> bool:
        return self.matter in COMMITTEE_MATTERS

    @property
    def is_one_person(self) -> bool:
        return self.matter in ONE_PERSON_MATTERS

    @property
    def is_verified(self) -> bool:
        return self.rule.sureness == Sureness.VERIFIED

    @property
    def needs_person(self) -> bool:
        return self.matter in ONE_PERSON_MATTERS | {Matter.EXCLUSION, Matter.COMMITTEE_ELECTION}

    @property
    def methods(self) -> tuple[VoteMethod, ...]:
        return (VoteMethod.SECRET_BALLOT,) if self.matter in SECRET_MATTERS else tuple(VoteMethod)

    @property
    def needed(self) -> int:
        return votes_needed(self.matter, entitled=self.electorate.entitled, present=self.electorate.present)

    @property
    def needed_words(self) -> str:
        people = self.electorate
        if self.is_election:
            if self.revote and self.revote.tied:
                return "得票多的当选（上一次票数相同，再次投票）"
            return f"得 {self.needed} 票赞成才能当选（超过实到会 {people.present} 人的半数）"
        of = "全体委员" if self.of_committee else "应到会有表决权的"
        return f"得 {self.needed} 票赞成才能通过（超过{of} {people.entitled} 人的半数）"

    @cached_property
    def revote(self) -> Revote | None:
        return revote_after(self.previous) if self.previous else None

    @property
    def subjects(self) -> QuerySet[Member]:
        """Members on the roll whom the matter may be about."""
        rows = [row for row in self.room.roll if _may_be_subject(row, matter=self.matter, item=self.item)]
        members = Member.objects.filter(pk__in=[row.member_id for row in rows])
        return members.select_related("person").order_by("person__pinyin", "pk")


def _just_confirmed(row: Attendance, *, day: date) -> bool:
    """On the roster full since shortly before the day: perhaps by the vote that is only now entered."""
    since = row.member.full_since
    return since is not None and since <= day < add_months(since, LATEST_CONFIRMATION)


def _may_be_subject(row: Attendance, *, matter: Matter, item: AgendaItem) -> bool:
    if matter == Matter.CONFIRMATION:
        return row.standing == MemberStatus.PROBATIONARY or _just_confirmed(row, day=item.meeting.held_on)
    if matter == Matter.COMMITTEE_ELECTION:
        return row.on_committee
    if matter == Matter.EXCLUSION:
        consent = row.member.exclusion_approved_on
        return bool(row.member.election_exclusion and consent and consent <= item.meeting.held_on)
    return matter == Matter.DISCIPLINE


def desk_of(
    item: AgendaItem,
    *,
    matter: str = "",
    previous: Motion | None = None,
    replaces: Motion | None = None,
) -> Desk | None:
    """The desk for one matter; the likeliest one where none (or none that is possible here) is asked for.

    None where this sitting decides nothing. A further round, or a vote entered anew, keeps its own matter.
    """
    matters = matters_for(item.meeting)
    if not matters:
        return None
    kept = previous or replaces
    wanted = kept.matter if kept else matter
    chosen = Matter(wanted) if wanted in matters else matters[0]
    room = room_of(item.meeting)
    return Desk(
        item=item,
        matters=matters,
        matter=chosen,
        room=room,
        electorate=room.electorate(chosen),
        previous=previous or (replaces.previous if replaces else None),
        replaces=replaces,
    )
