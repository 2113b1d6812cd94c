"""The service says of a random roll what the rules say of the same people."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.branches.models import Organization
from apps.meetings.models import AgendaItem, Attendance
from apps.meetings.services_vote import CannotVote
from apps.rules import quorum, voting
from apps.rules.elections import elect
from apps.rules.kinds import AttendanceStatus, ElectionExclusion, Matter, MemberStatus, VoteException
from apps.rules.quorum import VoterFacts
from apps.rules.voting import Ballots, Votes
from tests import factories
from tests.meetings.vote_rooms import election, make_room, secret, simple, take

SIZE = 9
#: What one person on the roll is: a full member, and the two ways of not counting, and whether he came.
KINDS = ["full", "full", "full", "probationary", "sanctioned", "excluded"]
PERSON = st.tuples(st.sampled_from(KINDS), st.booleans())
ROLL = st.lists(PERSON, min_size=SIZE, max_size=SIZE)
MATTERS = st.sampled_from([Matter.ORDINARY, Matter.DISCIPLINE, Matter.ADMISSION, Matter.ELECTION])


@pytest.fixture
def item(db: None) -> AgendaItem:
    branch: Organization = factories.make_organization()
    return make_room(branch, entitled=SIZE)


def write_roll(item: AgendaItem, people: list[tuple[str, bool]]) -> None:
    rows = list(item.meeting.roll.order_by("pk"))
    for row, (kind, came) in zip(rows, people, strict=True):
        row.standing = MemberStatus.PROBATIONARY if kind == "probationary" else MemberStatus.FULL
        row.has_vote = kind in ("full", "excluded")
        row.counts_in_election = kind == "full"
        row.exclusion_reason = ElectionExclusion.INFIRM.label if kind == "excluded" else ""
        row.status = AttendanceStatus.PRESENT if came else AttendanceStatus.ABSENT
    Attendance.objects.bulk_update(
        rows, ["standing", "has_vote", "counts_in_election", "exclusion_reason", "status"]
    )


def by_the_rules(people: list[tuple[str, bool]], *, matter: Matter, item: AgendaItem) -> tuple[int, int]:
    """How many the rules hold entitled, and how many of these have come."""
    day = item.meeting.held_on
    facts = [
        VoterFacts(
            id=number,
            name=str(number),
            status=MemberStatus.PROBATIONARY if kind == "probationary" else MemberStatus.FULL,
            vote_exception=VoteException.DETAINED if kind == "sanctioned" else None,
            election_exclusion=ElectionExclusion.INFIRM if kind == "excluded" else None,
            approved_above_on=day,
            approved_by_assembly_on=day,
        )
        for number, (kind, _) in enumerate(people)
    ]
    entitled = quorum.electorate(facts, matter=matter, on=day).entitled
    return len(entitled), sum(people[number][1] for number in entitled)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=ROLL, matter=MATTERS, share=st.floats(0, 1))
def test_the_service_says_what_the_rules_say(
    item: AgendaItem, people: list[tuple[str, bool]], matter: Matter, share: float
) -> None:
    entitled, present = by_the_rules(people, matter=matter, item=item)
    votes_for = round(present * share)
    votes = Votes(votes_for=votes_for, against=present - votes_for)
    with transaction.atomic():
        write_roll(item, people)
        if not quorum.opening(matter, entitled=entitled, present=present).opens:
            with pytest.raises(CannotVote):
                take(item, entry(matter, votes=votes, present=present))
        else:
            motion = take(item, entry(matter, votes=votes, present=present))
            expected = result(matter, votes=votes, entitled=entitled, present=present)
            assert (motion.entitled, motion.present) == (entitled, present)
            assert (motion.state, motion.needed, motion.rule_code) == expected
        transaction.set_rollback(True)


def entry(matter: Matter, *, votes: Votes, present: int) -> object:
    if matter == Matter.ELECTION:
        return election(1, {"甲": votes.votes_for, "乙": votes.against}, issued=present)
    if matter == Matter.ADMISSION:
        return secret(votes, issued=present)
    return simple(votes.votes_for, against=votes.against, matter=matter)


def result(matter: Matter, *, votes: Votes, entitled: int, present: int) -> tuple[str, int, str]:
    if matter == Matter.ELECTION:
        ballots = Ballots(issued=present, returned=present)
        tallies = election(1, {"甲": votes.votes_for, "乙": votes.against}, issued=present).candidates
        found = elect(seats=1, entitled=entitled, present=present, candidates=tallies, ballots=ballots)
    else:
        found = voting.outcome(matter, entitled=entitled, present=present, votes=votes)
    return str(found.state), found.needed, found.rule_code
