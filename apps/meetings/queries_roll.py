"""Who is expected at a sitting, with what decides a vote on its day, and the figures of a roll."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from apps.branches.models import Organization, Post
from apps.meetings.models import Attendance, Meeting
from apps.members.facts import voter_fact
from apps.members.models import Member
from apps.members.policies import SECRET_FIELDS
from apps.rules.kinds import (
    COMMITTEE_POSTS,
    AttendanceStatus,
    ElectionExclusion,
    Matter,
    MeetingKind,
    MembershipState,
    MemberStatus,
)
from apps.rules.quorum import LeftOut, electorate

LEAVE = frozenset(
    {AttendanceStatus.PERSONAL_LEAVE, AttendanceStatus.SICK_LEAVE, AttendanceStatus.OFFICIAL_LEAVE}
)
#: Purposes that every member of the branch is called to, whatever else the sitting serves.
FOR_ALL = frozenset({MeetingKind.GENERAL, MeetingKind.LECTURE, MeetingKind.THEMED_DAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One person who should be there, as the record stands on the day."""

    member: Member
    standing: MemberStatus
    on_committee: bool
    exempt: bool
    no_vote_reason: str = ""
    exclusion_reason: str = ""

    def columns(self) -> dict[str, object]:
        """What the roll keeps of it."""
        return {
            "standing": self.standing,
            "on_committee": self.on_committee,
            "has_vote": not self.no_vote_reason,
            "no_vote_reason": self.no_vote_reason,
            "counts_in_election": not (self.no_vote_reason or self.exclusion_reason),
            "exclusion_reason": self.exclusion_reason,
        }


def calls_committee_only(kinds: Collection[str]) -> bool:
    return MeetingKind.COMMITTEE in kinds and not FOR_ALL & set(kinds)


def expected_at(
    *, branch: Organization, group: Organization | None, kinds: Collection[str], held_on: date
) -> list[Expected]:
    """Members of the group, the committee or the branch who belonged to it on the day. Two queries."""
    committee = committee_of(branch, day=held_on)
    members = members_on(branch, day=held_on).select_related("person").defer(*SECRET_FIELDS)
    if group:
        members = members.filter(group=group)
    elif calls_committee_only(kinds):
        members = members.filter(person_id__in=committee)
    return [
        expectation(member, day=held_on, on_committee=member.person_id in committee) for member in members
    ]


def committee_of(branch: Organization, *, day: date) -> set[int]:
    """The persons who sit on the committee of the branch on the day."""
    posts = Post.objects.current_on(day).filter(organization=branch, kind__in=COMMITTEE_POSTS)
    return set(posts.values_list("person_id", flat=True))


def members_on(branch: Organization, *, day: date) -> QuerySet[Member]:
    """Members who were on the branch's roster on the day: not those who came later or had gone by then."""
    gone = ~Q(state=MembershipState.ACTIVE)
    return (
        Member.objects.filter(branch=branch)
        .filter(Q(joined_on__isnull=True) | Q(joined_on__lte=day))
        .filter(Q(admitted_on__isnull=True) | Q(admitted_on__lte=day))
        .exclude(gone & (Q(state_since__isnull=True) | Q(state_since__lte=day)))
        .order_by("pk")
    )


def expectation(member: Member, *, day: date, on_committee: bool) -> Expected:
    standing = standing_on(member, day=day)
    return Expected(
        member=member,
        standing=standing,
        on_committee=on_committee,
        exempt=bool(member.exempt_reason and member.exempt_decided_on and member.exempt_decided_on <= day),
        no_vote_reason=no_vote_reason(member, standing=standing, day=day),
        exclusion_reason=exclusion_reason(member, standing=standing, day=day),
    )


def standing_on(member: Member, *, day: date) -> MemberStatus:
    """Full or probationary on the day, which may differ from today."""
    is_full = member.is_full and (member.full_since is None or member.full_since <= day)
    return MemberStatus.FULL if is_full else MemberStatus.PROBATIONARY


def no_vote_reason(member: Member, *, standing: MemberStatus, day: date) -> str:
    """Why there is no vote on the day (VOTE-5); empty for those who have one."""
    found = _left_out(member, standing=standing, matter=Matter.ORDINARY, day=day)
    return found[0].reason if found else ""


def exclusion_reason(member: Member, *, standing: MemberStatus, day: date) -> str:
    """Why only elections leave the member out of the count (VOTE-6): both consents were given by the day."""
    if no_vote_reason(member, standing=standing, day=day):
        return ""
    found = _left_out(member, standing=standing, matter=Matter.ELECTION, day=day)
    return ElectionExclusion(member.election_exclusion).label if found else ""


def _left_out(member: Member, *, standing: MemberStatus, matter: Matter, day: date) -> tuple[LeftOut, ...]:
    voter = replace(voter_fact(member), status=standing, state=MembershipState.ACTIVE)
    return electorate([voter], matter=matter, on=day).left_out


def numbers_at(*columns: str) -> list[str]:
    """The encrypted columns of the members at these foreign keys, to leave in the database."""
    return [f"{column}__{field}" for column in columns for field in SECRET_FIELDS]


def with_names(roll: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """The roll in its order: the committee first, then by name."""
    rows = roll.select_related("member__person").defer(*numbers_at("member"))
    return rows.order_by("-on_committee", "member__person__pinyin", "pk")


def roll_of(meeting: Meeting) -> list[Attendance]:
    """One query."""
    return list(with_names(meeting.roll.all()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCounts:
    """应到 leaves out those who are not asked to come; the voting figures leave out those without a vote."""

    expected: int
    present: int
    leave: int
    absent: int
    exempt: int
    entitled: int
    entitled_present: int


def counts_of(roll: Iterable[Attendance]) -> RollCounts:
    rows = list(roll)
    statuses = [row.status for row in rows]
    voters = [row.status for row in rows if row.has_vote]
    exempt = statuses.count(AttendanceStatus.EXEMPT)
    return RollCounts(
        expected=len(rows) - exempt,
        present=statuses.count(AttendanceStatus.PRESENT),
        leave=sum(status in LEAVE for status in statuses),
        absent=statuses.count(AttendanceStatus.ABSENT),
        exempt=exempt,
        entitled=len(voters),
        entitled_present=voters.count(AttendanceStatus.PRESENT),
    )
