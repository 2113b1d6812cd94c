"""Who may vote in a sitting, what the vote desk has to say, and which votes no longer fit the roll."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.ballots.queries_motions import MotionCount, motion_counts
from apps.branches.models import Post
from apps.meetings.models import Attendance, Meeting, MeetingState, Motion, MotionState
from apps.meetings.queries import kinds_of
from apps.meetings.queries_roll import roll_of
from apps.rules.elections import Tally, elect
from apps.rules.kinds import (
    COMMITTEE_POSTS,
    AttendanceStatus,
    ElectionExclusion,
    Matter,
    MeetingKind,
    MembershipState,
    MemberStatus,
)
from apps.rules.quorum import Opening, opening
from apps.rules.voting import COMMITTEE_MATTERS, Ballots

ASSEMBLY_MATTERS = (
    Matter.ORDINARY,
    Matter.ADMISSION,
    Matter.CONFIRMATION,
    Matter.ELECTION,
    Matter.EXCLUSION,
    Matter.DISCIPLINE,
)
#: Annual sittings of the whole branch that may decide without being called an assembly (ZB 18).
ANNUAL_SITTINGS = frozenset({MeetingKind.ORG_LIFE_MEETING, MeetingKind.MEMBER_EVALUATION})
#: Decided by show of hands without a named person: what one button may record.
QUICK_MATTERS = frozenset({Matter.ORDINARY, Matter.COMMITTEE_DECISION, Matter.GROUP_OPINION})
MATTER_HELP: dict[Matter, str] = {
    Matter.ORDINARY: "工作报告、计划、制度等，超过应到会半数赞成为通过。",
    Matter.ADMISSION: "支委会审查后讨论接收，一次一人，无记名投票，可计书面意见，通过后报基层党委审批。",
    Matter.CONFIRMATION: "支委会审查后讨论转正、延长或取消资格，一次一人，无记名投票，通过后报基层党委审批。",
    Matter.ELECTION: "选支委、代表，或不设支委会时选书记、副书记，无记名投票，结果报上级批准或备案。",
    Matter.EXCLUSION: "上级已同意的长期病号、出国等党员，表决选举时不计入应到会。",
    Matter.DISCIPLINE: "支委会研究后表决表彰推荐、组织处置、处分意见，通过后按权限报上级。",
    Matter.COMMITTEE_DECISION: "支委会研究决定的事项，超过全体委员半数赞成为通过。",
    Matter.COMMITTEE_ELECTION: "委员会选书记、副书记，逐人无记名投票，结果报上级批准。",
    Matter.GROUP_OPINION: "党小组讨论形成意见或推荐，报支部。",
}
#: Who left the Party or the branch sits on no committee, even where nobody entered the end of the post.
GONE = frozenset(MembershipState) - {MembershipState.ACTIVE}
CONFIRMED_TODAY = "本次会议表决其转正，当时是预备党员，没有表决权、选举权"
EXCLUDED_TODAY = "本次党员大会已表决，选举时不计入应到会人数"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voter:
    """Somebody entitled. Without a `member_id` he holds a committee post but is not on the roll."""

    member_id: int | None
    name: str
    present: bool
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A name and what is to be known about it: left out, or counted although an exclusion was noted."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    matter: Matter
    voters: tuple[Voter, ...]
    left_out: tuple[Aside, ...]
    pending: tuple[Aside, ...]

    @property
    def entitled(self) -> int:
        return len(self.voters)

    @property
    def present(self) -> int:
        return len(self.attending)

    @property
    def opening(self) -> Opening:
        return opening(self.matter, entitled=self.entitled, present=self.present)

    @property
    def attending(self) -> list[Voter]:
        return [voter for voter in self.voters if voter.present]

    @property
    def absent(self) -> list[Voter]:
        return [voter for voter in self.voters if not voter.present]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """All that is read of a sitting to know the electorate of any matter."""

    roll: tuple[Attendance, ...]
    committee_elsewhere: tuple[str, ...]
    excluded_today: frozenset[int]

    def electorate(self, matter: Matter, *, about: int | None = None) -> Electorate:
        """VOTE-5 and VOTE-6 from the roll, which keeps what decides a vote as it was on the day.

        `about` is the member whose confirmation is voted on: probationary until then, although a late entry
        finds him on the roster as a full member from the day on which the probation was up.
        """
        of_committee = matter in COMMITTEE_MATTERS
        rows = [row for row in self.roll if row.on_committee or not of_committee]
        reasons = {row.pk: self._reason(row, matter) for row in rows}
        if matter == Matter.CONFIRMATION:
            reasons |= {
                row.pk: CONFIRMED_TODAY for row in rows if row.member_id == about and not reasons[row.pk]
            }
        voters = [_voter(row) for row in rows if not reasons[row.pk]]
        if of_committee:
            voters += [
                Voter(member_id=None, name=name, present=False, where="不在应到名单")
                for name in self.committee_elsewhere
            ]
        return Electorate(
            matter=matter,
            voters=tuple(voters),
            left_out=tuple(
                Aside(name=str(row.member), reason=reasons[row.pk]) for row in rows if reasons[row.pk]
            ),
            pending=tuple(_pending(row for row in rows if not reasons[row.pk] and matter == Matter.ELECTION)),
        )

    def _reason(self, row: Attendance, matter: Matter) -> str:
        if row.standing != MemberStatus.FULL:
            return "预备党员没有表决权、选举权"
        if not row.has_vote:
            return row.no_vote_reason or "没有表决权"
        if matter != Matter.ELECTION:
            return ""
        if not row.counts_in_election:
            return f"{row.exclusion_reason}，经上级同意并经党员大会通过，选举时不计入应到会人数"
        return EXCLUDED_TODAY if row.member_id in self.excluded_today else ""


def _voter(row: Attendance) -> Voter:
    return Voter(
        member_id=row.member_id,
        name=str(row.member),
        present=row.status == AttendanceStatus.PRESENT,
        where=row.get_status_display(),
    )


def _pending(rows: Iterable[Attendance]) -> Iterable[Aside]:
    for row in rows:
        if row.member.election_exclusion:
            label = ElectionExclusion(row.member.election_exclusion).label
            words = f"{label}；上级同意和党员大会通过的日期没有登记齐，仍计入应到会人数"
            yield Aside(name=str(row.member), reason=words)


def committee_elsewhere(meeting: Meeting, *, roll: Iterable[Attendance]) -> tuple[str, ...]:
    """Who sat on the committee on the day but is not on the roll: counted, and not there. One query."""
    posts = (
        Post.objects.current_on(meeting.held_on)
        .filter(organization_id=meeting.branch_id, kind__in=COMMITTEE_POSTS)
        .exclude(person__member__state__in=GONE)
    )
    on_roll = [row.member.person_id for row in roll if row.on_committee]
    elsewhere = posts.exclude(person_id__in=on_roll).values_list("person__name", flat=True).distinct()
    return tuple(elsewhere.order_by("person__name"))


def room_of(meeting: Meeting) -> Room:
    """Three queries."""
    roll = roll_of(meeting)
    passed = motions_of(meeting).filter(
        matter=Matter.EXCLUSION,
        state=MotionState.PASSED,
        subject__exclusion_approved_on__lte=meeting.held_on,
    )
    return Room(
        roll=tuple(roll),
        committee_elsewhere=committee_elsewhere(meeting, roll=roll),
        excluded_today=frozenset(passed.values_list("subject_id", flat=True)),
    )


def electorate(meeting: Meeting, matter: Matter, *, about: int | None = None) -> Electorate:
    return room_of(meeting).electorate(matter, about=about)


def matters_for(meeting: Meeting) -> tuple[Matter, ...]:
    """What this sitting may decide, the likeliest first. A group forms opinions; it does not decide."""
    if meeting.group_id:
        return (Matter.GROUP_OPINION,)
    kinds = set(kinds_of(meeting))
    in_committee = (Matter.COMMITTEE_DECISION, Matter.COMMITTEE_ELECTION)
    if MeetingKind.GENERAL in kinds:
        return ASSEMBLY_MATTERS + (in_committee if MeetingKind.COMMITTEE in kinds else ())
    if MeetingKind.COMMITTEE in kinds:
        return in_committee
    return (Matter.ORDINARY,) if kinds & ANNUAL_SITTINGS else ()


def motions_of(meeting: Meeting) -> QuerySet[Motion]:
    motions = Motion.objects.filter(item__meeting=meeting).select_related("item", "previous")
    return motions.prefetch_related("candidates").order_by("item__position", "pk")


def free_ballots(branch_id: int, *, replaces: uuid.UUID | None = None) -> list[MotionCount]:
    """Counted secret votes of the branch that no other recorded vote has taken over."""
    counts = motion_counts(branch_id)
    taken = Motion.objects.filter(ballot__in=[count.key for count in counts])
    if replaces:
        taken = taken.exclude(idempotency_key=replaces)
    used = set(taken.values_list("ballot_id", flat=True)) if counts else set()
    return [count for count in counts if count.key not in used]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revote:
    """What a further round is about; between `tied` names most votes decide (VOTE-3)."""

    seats: int
    names: tuple[str, ...]
    tied: bool


def tallies_of(motion: Motion) -> tuple[Tally, ...]:
    return tuple(
        Tally(
            key=row.name,
            name=row.name,
            votes_for=row.votes_for,
            against=row.votes_against,
            abstain=row.votes_abstain,
        )
        for row in motion.candidates.all()
    )


def ballots_of(motion: Motion) -> Ballots:
    """Of a vote by secret ballot; no other has any."""
    return Ballots(
        issued=motion.ballots_issued or 0,
        returned=motion.ballots_returned or 0,
        invalid=motion.ballots_invalid,
    )


def revote_after(motion: Motion) -> Revote:
    """Who stands again, and for how many seats, after an election that left seats open or was invalid."""
    before = revote_after(motion.previous) if motion.previous else None
    tallies, seats = tallies_of(motion), motion.seats or 0
    names = tuple(tally.name for tally in tallies)
    if motion.state == MotionState.INVALID:
        return before or Revote(seats=seats, names=names, tied=False)
    outcome = elect(
        seats=seats,
        entitled=motion.entitled,
        present=motion.present,
        candidates=tallies,
        ballots=ballots_of(motion),
        runoff=before is not None and before.tied,
    )
    standing = outcome.tied or [tally for tally in tallies if tally not in outcome.elected]
    return Revote(
        seats=outcome.open_seats, names=tuple(tally.name for tally in standing), tied=bool(outcome.tied)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    """The one-button vote of a sitting: everybody present in favour, by show of hands."""

    matter: Matter
    present: int
    opening: Opening


def vote_context(meeting: Meeting) -> dict[str, object]:
    """What `vote/_quick.html` and `vote/_motions.html` need on the page of a sitting. At most six queries."""
    if meeting.state != MeetingState.OPEN:
        return {"quick": None, "vote_matters": (), "stale_ids": frozenset()}
    room, matters = room_of(meeting), matters_for(meeting)
    quick = None
    if matters and matters[0] in QUICK_MATTERS:
        people = room.electorate(matters[0])
        quick = Quick(matter=matters[0], present=people.present, opening=people.opening)
    stale = _stale(motions_of(meeting), room=room)
    return {"quick": quick, "vote_matters": matters, "stale_ids": frozenset(motion.pk for motion in stale)}


def stale_motions(meeting: Meeting) -> list[Motion]:
    """Votes of an open sitting whose electorate is no longer that of the roll: not to be filed so."""
    if meeting.state != MeetingState.OPEN:
        return []
    return _stale(motions_of(meeting), room=room_of(meeting))


def stale_words(motions: Collection[Motion]) -> list[str]:
    """One line for each, for the check before filing."""
    return [
        f"议题 {motion.item.position} 的表决“{motion.text}”：到会人数在表决后有变动，请核对"
        for motion in motions
    ]


def _stale(motions: Iterable[Motion], *, room: Room) -> list[Motion]:
    def fits(motion: Motion) -> bool:
        now = room.electorate(Matter(motion.matter), about=motion.subject_id)
        return (motion.entitled, motion.present) == (now.entitled, now.present)

    return [motion for motion in motions if not fits(motion)]
