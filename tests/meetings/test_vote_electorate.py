"""Who is entitled, who is left out and why: VOTE-4 to VOTE-6 from real rolls."""

from datetime import date

import pytest

from apps.branches.models import Organization
from apps.meetings.models import Meeting, MeetingState, MotionState
from apps.meetings.queries_roll import expectation
from apps.meetings.queries_vote import electorate, matters_for
from apps.members.models import Member
from apps.rules.kinds import (
    AttendanceStatus,
    ElectionExclusion,
    ExemptReason,
    Matter,
    MeetingKind,
    MembershipState,
    MemberStatus,
    OrgKind,
    PostKind,
    VoteException,
)
from tests import factories
from tests.meetings.vote_rooms import add_to_roll, make_room, simple, take

DAY = date(2026, 10, 15)
EXCLUDED = {
    "election_exclusion": ElectionExclusion.INFIRM,
    "exclusion_approved_on": date(2026, 9, 1),
    "exclusion_passed_on": date(2026, 9, 20),
}


@pytest.fixture
def branch(db: None) -> Organization:
    return factories.make_organization(name="青川镇机关第一党支部")


@pytest.fixture
def meeting(branch: Organization) -> Meeting:
    """An assembly with four ordinary members on its roll."""
    return make_room(branch, entitled=4).meeting


def enrol(meeting: Meeting, name: str, **fields: object) -> Member:
    """Put a member on the roll as the service does: with what his record says on the day."""
    member = factories.make_member(meeting.branch, name=name, **fields)
    columns = expectation(member, day=meeting.held_on, on_committee=False).columns()
    factories.make_attendance(meeting, member, **columns)
    return member


def left_out(meeting: Meeting, matter: Matter) -> dict[str, str]:
    return {aside.name: aside.reason for aside in electorate(meeting, matter).left_out}


def test_probationary_members_have_no_vote_in_any_matter(meeting: Meeting) -> None:
    enrol(meeting, "蒋预备", status=MemberStatus.PROBATIONARY, admitted_on=date(2026, 3, 1))
    for matter in (Matter.ORDINARY, Matter.ADMISSION, Matter.ELECTION):
        assert left_out(meeting, matter) == {"蒋预备": "预备党员没有表决权、选举权"}
        assert electorate(meeting, matter).entitled == 4


def test_a_member_on_probation_within_the_party_has_no_vote_while_it_lasts(meeting: Meeting) -> None:
    during = {"vote_exception": VoteException.PROBATION_IN_PARTY, "vote_exception_from": date(2026, 1, 1)}
    enrol(meeting, "朱留察", **during)
    enrol(meeting, "秦已满", **during, vote_exception_to=DAY)
    assert left_out(meeting, Matter.ORDINARY) == {"朱留察": "留党察看期间"}
    assert electorate(meeting, Matter.ORDINARY).entitled == 5


def test_an_election_exclusion_counts_in_elections_only(meeting: Meeting) -> None:
    enrol(meeting, "许卧床", **EXCLUDED)
    assert electorate(meeting, Matter.ORDINARY).entitled == 5
    assert electorate(meeting, Matter.ADMISSION).entitled == 5
    assert electorate(meeting, Matter.ELECTION).entitled == 4
    reason = "年老、卧床或长期患病，生活不能自理，经上级同意并经党员大会通过，选举时不计入应到会人数"
    assert left_out(meeting, Matter.ELECTION) == {"许卧床": reason}


@pytest.mark.parametrize("missing", ["exclusion_approved_on", "exclusion_passed_on"])
def test_an_election_exclusion_needs_both_dates(meeting: Meeting, missing: str) -> None:
    enrol(meeting, "许卧床", **{**EXCLUDED, missing: None})
    people = electorate(meeting, Matter.ELECTION)
    assert (people.entitled, people.left_out) == (5, ())
    assert [aside.name for aside in people.pending] == ["许卧床"]
    assert electorate(meeting, Matter.ORDINARY).pending == ()


def test_a_date_after_the_sitting_does_not_count_yet(meeting: Meeting) -> None:
    enrol(meeting, "许卧床", **{**EXCLUDED, "exclusion_passed_on": date(2026, 10, 16)})
    assert electorate(meeting, Matter.ELECTION).entitled == 5


def test_an_exclusion_passed_in_the_same_assembly_holds_for_the_election_after_it(meeting: Meeting) -> None:
    member = enrol(meeting, "许卧床", **{**EXCLUDED, "exclusion_passed_on": None})
    item = meeting.items.get()
    failed = simple(2, against=3, matter=Matter.EXCLUSION, subject=member, text="许卧床选举时不计入应到会")
    assert take(item, failed).state == MotionState.FAILED
    assert electorate(meeting, Matter.ELECTION).entitled == 5
    take(item, simple(5, matter=Matter.EXCLUSION, subject=member, text="许卧床选举时不计入应到会"))
    assert electorate(meeting, Matter.ELECTION).entitled == 4
    assert electorate(meeting, Matter.ORDINARY).entitled == 5


def test_without_consent_from_above_the_assembly_alone_excludes_nobody(meeting: Meeting) -> None:
    member = enrol(
        meeting, "许卧床", **{**EXCLUDED, "exclusion_approved_on": None, "exclusion_passed_on": None}
    )
    take(meeting.items.get(), simple(5, matter=Matter.EXCLUSION, subject=member, text="不计入应到会"))
    assert electorate(meeting, Matter.ELECTION).entitled == 5


def test_who_is_exempt_from_coming_keeps_the_vote(meeting: Meeting) -> None:
    member = factories.make_member(
        meeting.branch, name="何高龄", exempt_reason=ExemptReason.AGE, exempt_decided_on=date(2026, 1, 5)
    )
    add_to_roll(meeting, member=member, status=AttendanceStatus.EXEMPT)
    people = electorate(meeting, Matter.ORDINARY)
    assert (people.entitled, people.present) == (5, 4)
    assert [(voter.name, voter.where) for voter in people.absent] == [("何高龄", "不作出席要求")]


@pytest.mark.parametrize("status", [status for status in AttendanceStatus if status != "present"])
def test_only_who_stands_on_the_roll_as_present_is_present(meeting: Meeting, status: str) -> None:
    add_to_roll(meeting, status=status)
    people = electorate(meeting, Matter.ORDINARY)
    assert (people.entitled, people.present) == (5, 4)


def test_committee_matters_are_for_the_committee_alone(branch: Organization) -> None:
    meeting = make_room(branch, MeetingKind.COMMITTEE, entitled=3).meeting
    add_to_roll(meeting, name="列席党员", on_committee=False)
    assert electorate(meeting, Matter.COMMITTEE_DECISION).entitled == 3


def test_a_committee_member_who_is_not_on_the_roll_counts_as_absent(branch: Organization) -> None:
    meeting = make_room(branch, MeetingKind.COMMITTEE, entitled=3).meeting
    factories.make_post(factories.make_user("孔下派"), branch, PostKind.DEPUTY_SECRETARY)
    factories.make_post(factories.make_user("曹卸任"), branch, PostKind.YOUTH, ends_on=DAY)
    people = electorate(meeting, Matter.COMMITTEE_DECISION)
    assert (people.entitled, people.present) == (4, 3)
    assert [(voter.name, voter.where) for voter in people.absent] == [("孔下派", "不在应到名单")]


@pytest.mark.parametrize("state", [MembershipState.LEFT, MembershipState.DIED, MembershipState.REMOVED])
def test_who_is_gone_is_no_committee_member_though_the_post_was_never_ended(
    branch: Organization, state: str
) -> None:
    meeting = make_room(branch, MeetingKind.COMMITTEE, entitled=3).meeting
    gone = factories.make_member(branch, name="曹已走", state=state, state_since=date(2026, 5, 1))
    factories.make_post(gone.person, branch, PostKind.YOUTH)
    assert electorate(meeting, Matter.COMMITTEE_DECISION).entitled == 3


def test_a_holder_of_two_committee_posts_counts_once(branch: Organization) -> None:
    meeting = make_room(branch, MeetingKind.COMMITTEE, entitled=3).meeting
    person = factories.make_user("孔下派")
    factories.make_post(person, branch, PostKind.PUBLICITY)
    factories.make_post(person, branch, PostKind.YOUTH)
    assert electorate(meeting, Matter.COMMITTEE_DECISION).entitled == 4


ASSEMBLY = {
    Matter.ORDINARY,
    Matter.ADMISSION,
    Matter.CONFIRMATION,
    Matter.ELECTION,
    Matter.EXCLUSION,
    Matter.DISCIPLINE,
}
COMMITTEE = {Matter.COMMITTEE_DECISION, Matter.COMMITTEE_ELECTION}


@pytest.mark.parametrize(
    ("kinds", "matters"),
    [
        ([MeetingKind.GENERAL], ASSEMBLY),
        ([MeetingKind.GENERAL, MeetingKind.THEMED_DAY], ASSEMBLY),
        ([MeetingKind.COMMITTEE], COMMITTEE),
        ([MeetingKind.GENERAL, MeetingKind.COMMITTEE], ASSEMBLY | COMMITTEE),
        ([MeetingKind.MEMBER_EVALUATION], {Matter.ORDINARY}),
        ([MeetingKind.ORG_LIFE_MEETING, MeetingKind.COMMITTEE], COMMITTEE),
        ([MeetingKind.THEMED_DAY], set()),
        ([MeetingKind.LECTURE, MeetingKind.OTHER], set()),
    ],
)
def test_the_purposes_of_a_sitting_say_what_it_may_decide(
    branch: Organization, kinds: list[str], matters: set[str]
) -> None:
    meeting = factories.make_meeting(branch, *kinds, state=MeetingState.OPEN)
    assert set(matters_for(meeting)) == matters


def test_a_group_forms_an_opinion_and_decides_nothing(branch: Organization) -> None:
    group = factories.make_organization(OrgKind.GROUP, parent=branch)
    meeting = factories.make_meeting(branch, MeetingKind.GROUP, group=group, state=MeetingState.OPEN)
    assert matters_for(meeting) == (Matter.GROUP_OPINION,)
