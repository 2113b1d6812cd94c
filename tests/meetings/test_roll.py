"""Who stands on the roll, with which standing and vote, and what a mark does."""

from datetime import date, timedelta

import pytest

from apps.audit.models import Deed
from apps.meetings.models import MeetingState
from apps.meetings.queries_roll import counts_of, roll_of
from apps.meetings.services_roll import (
    NotExempt,
    NotExpected,
    NotOpen,
    add_observer,
    mark_attendance,
    mark_many,
    refresh_roll,
    remove_observer,
)
from apps.members.models import Member
from apps.rules.kinds import (
    AttendanceStatus,
    ElectionExclusion,
    ExemptReason,
    MeetingKind,
    MembershipState,
    MemberStatus,
    VoteException,
)
from tests import factories
from tests.conftest import TODAY, Cast
from tests.meetings.sittings import line, logged, roll

COMMITTEE = {"吴向前", "郑明", "王小兰", "冯刚", "陈静"}
GROUP = {"褚红", "卫青松"}
YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("kinds", "in_group", "names"),
    [
        ({MeetingKind.COMMITTEE}, False, COMMITTEE),
        ({MeetingKind.COMMITTEE, MeetingKind.MEMBER_EVALUATION}, False, COMMITTEE),
        ({MeetingKind.COMMITTEE, MeetingKind.THEMED_DAY}, False, COMMITTEE | GROUP),
        ({MeetingKind.GENERAL}, False, COMMITTEE | GROUP),
        ({MeetingKind.LECTURE}, False, COMMITTEE | GROUP),
        ({MeetingKind.ORG_LIFE_MEETING}, False, COMMITTEE | GROUP),
        ({MeetingKind.GROUP}, True, GROUP),
        ({MeetingKind.ORG_LIFE_MEETING}, True, GROUP),
    ],
)
def test_everyone_called_stands_on_the_roll_as_present(cast: Cast, kinds, in_group, names) -> None:
    meeting = logged(cast, kinds=kinds, group=cast.group if in_group else None)
    assert roll(meeting) == dict.fromkeys(names, AttendanceStatus.PRESENT)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"joined_on": TODAY}, True),
        ({"joined_on": TODAY + timedelta(days=1)}, False),
        ({"joined_on": None}, True),
        ({"state": MembershipState.LEFT, "state_since": TODAY}, False),
        ({"state": MembershipState.LEFT, "state_since": TODAY + timedelta(days=1)}, True),
        ({"state": MembershipState.SUSPENDED, "state_since": YESTERDAY}, False),
        ({"state": MembershipState.DIED}, False),
        ({"admitted_on": TODAY + timedelta(days=1), "status": MemberStatus.PROBATIONARY}, False),
    ],
)
def test_only_those_who_belonged_to_the_branch_on_the_day_are_expected(cast: Cast, fields, expected) -> None:
    factories.make_member(cast.ours, name="沈小满", **fields)
    assert ("沈小满" in roll(logged(cast, kinds={MeetingKind.GENERAL}))) == expected


def test_a_member_whom_the_branch_asks_nothing_of_stands_as_exempt_and_is_not_expected(cast: Cast) -> None:
    factories.make_member(cast.ours, name="沈小满", exempt_reason=ExemptReason.AGE, exempt_decided_on=TODAY)
    factories.make_member(
        cast.ours,
        name="沈大满",
        exempt_reason=ExemptReason.AGE,
        exempt_decided_on=TODAY + timedelta(days=1),
    )
    meeting = logged(cast, kinds={MeetingKind.GENERAL})
    assert (roll(meeting)["沈小满"], roll(meeting)["沈大满"]) == ("exempt", "present")
    counts = counts_of(roll_of(meeting))
    assert (counts.expected, counts.present, counts.exempt) == (8, 8, 1)
    assert (counts.entitled, counts.entitled_present) == (9, 8)


@pytest.mark.parametrize(
    ("fields", "vote", "election"),
    [
        ({}, (True, ""), (True, "")),
        (
            {"status": MemberStatus.PROBATIONARY, "admitted_on": date(2026, 6, 1)},
            (False, "预备党员没有表决权、选举权"),
            (False, ""),
        ),
        (
            {"full_since": TODAY + timedelta(days=1)},
            (False, "预备党员没有表决权、选举权"),
            (False, ""),
        ),
        ({"full_since": TODAY}, (True, ""), (True, "")),
        (
            {"vote_exception": VoteException.PROBATION_IN_PARTY, "vote_exception_from": TODAY},
            (False, "留党察看期间"),
            (False, ""),
        ),
        (
            {
                "vote_exception": VoteException.PROBATION_IN_PARTY,
                "vote_exception_from": date(2025, 1, 1),
                "vote_exception_to": TODAY,
            },
            (True, ""),
            (True, ""),
        ),
        (
            {
                "election_exclusion": ElectionExclusion.ABROAD,
                "exclusion_approved_on": YESTERDAY,
                "exclusion_passed_on": TODAY,
            },
            (True, ""),
            (False, "自费出国（境）半年以上"),
        ),
        (
            {"election_exclusion": ElectionExclusion.ABROAD, "exclusion_approved_on": YESTERDAY},
            (True, ""),
            (True, ""),
        ),
    ],
)
def test_the_roll_keeps_what_decides_a_vote_on_the_day(cast: Cast, fields, vote, election) -> None:
    factories.make_member(cast.ours, name="沈小满", **fields)
    row = line(logged(cast, kinds={MeetingKind.GENERAL}), "沈小满")
    assert (row.has_vote, row.no_vote_reason) == vote
    assert (row.counts_in_election, row.exclusion_reason) == election


def test_the_committee_is_that_of_the_day(cast: Cast) -> None:
    cast["deputy"].posts.update(ends_on=TODAY)
    assert "郑明" not in roll(logged(cast))
    assert "郑明" in roll(logged(cast, held_on=YESTERDAY))


def test_leave_absence_and_presence_are_marked_with_a_trail(cast: Cast) -> None:
    meeting = logged(cast)
    row = line(meeting, "郑明")
    mark_attendance(
        attendance=row, status=AttendanceStatus.SICK_LEAVE, reason=" 住院 ", actor=cast["secretary"]
    )
    row.refresh_from_db()
    assert (row.status, row.reason) == ("sick_leave", "住院")
    counts = counts_of(roll_of(meeting))
    assert (counts.expected, counts.present, counts.leave, counts.absent) == (5, 4, 1, 0)
    mark_attendance(attendance=row, status=AttendanceStatus.PRESENT, reason="住院", actor=cast["secretary"])
    row.refresh_from_db()
    assert (row.status, row.reason) == ("present", "")
    changes = [deed.changes for deed in Deed.objects.filter(action="meeting.roll_marked").order_by("pk")]
    assert changes[0] == [{"field": "status", "label": "郑明", "before": "出席", "after": "病假（住院）"}]


def test_a_mark_that_changes_nothing_leaves_no_trail(cast: Cast) -> None:
    row = line(logged(cast), "郑明")
    mark_attendance(attendance=row, status=AttendanceStatus.PRESENT, actor=cast["secretary"])
    assert not Deed.objects.filter(action="meeting.roll_marked").exists()


def test_exempt_needs_a_decision_of_the_branch(cast: Cast) -> None:
    meeting = logged(cast)
    with pytest.raises(NotExempt, match="郑明"):
        mark_attendance(
            attendance=line(meeting, "郑明"), status=AttendanceStatus.EXEMPT, actor=cast["secretary"]
        )
    assert roll(meeting)["郑明"] == "present"


def test_many_marks_are_written_together_or_not_at_all(cast: Cast) -> None:
    meeting = logged(cast)
    deputy, publicity = line(meeting, "郑明").pk, line(meeting, "冯刚").pk
    mark_many(
        meeting=meeting,
        marks={deputy: ("absent", ""), publicity: ("official_leave", "出差")},
        actor=cast["secretary"],
    )
    assert roll(meeting) == dict.fromkeys(COMMITTEE, "present") | {"郑明": "absent", "冯刚": "official_leave"}
    foreign = factories.make_attendance(factories.make_meeting(cast.sibling), cast.members["sibling_member"])
    with pytest.raises(NotExpected):
        mark_many(
            meeting=meeting,
            marks={deputy: ("present", ""), foreign.pk: ("absent", "")},
            actor=cast["secretary"],
        )
    assert roll(meeting)["郑明"] == "absent"
    foreign.refresh_from_db()
    assert foreign.status == "present"


def test_the_roll_follows_the_roster_when_asked_and_keeps_the_marks(cast: Cast) -> None:
    meeting = logged(cast, kinds={MeetingKind.GENERAL})
    mark_attendance(attendance=line(meeting, "郑明"), status="absent", actor=cast["secretary"])
    factories.make_member(cast.ours, name="沈小满")
    Member.objects.filter(pk=cast.members["member"].pk).update(
        state=MembershipState.LEFT, state_since=YESTERDAY
    )
    Member.objects.filter(pk=cast.members["discipline"].pk).update(
        vote_exception=VoteException.DETAINED, vote_exception_from=YESTERDAY
    )
    assert refresh_roll(meeting=meeting, actor=cast["secretary"]) == (1, 1)
    assert roll(meeting) == dict.fromkeys(COMMITTEE | {"褚红", "沈小满"}, "present") | {"郑明": "absent"}
    assert line(meeting, "陈静").has_vote is False


@pytest.mark.parametrize("state", [MeetingState.PLANNED, MeetingState.CLOSED, MeetingState.CANCELLED])
def test_only_an_open_roll_is_marked_or_refreshed(cast: Cast, state: str) -> None:
    meeting = factories.make_meeting(
        cast.ours, state=state, cancel_reason="x" if state == MeetingState.CANCELLED else ""
    )
    row = factories.make_attendance(meeting, cast.members["member"])
    with pytest.raises(NotOpen):
        mark_attendance(attendance=row, status="absent", actor=cast["secretary"])
    with pytest.raises(NotOpen):
        mark_many(meeting=meeting, marks={row.pk: ("absent", "")}, actor=cast["secretary"])
    with pytest.raises(NotOpen):
        refresh_roll(meeting=meeting, actor=cast["secretary"])
    assert roll(meeting) == {"卫青松": "present"}


def test_an_observer_entered_twice_is_one(cast: Cast) -> None:
    meeting = logged(cast)
    for _ in range(2):
        observer = add_observer(meeting=meeting, name="蒋立", post="镇团委书记", actor=cast["secretary"])
    assert meeting.observers.count() == 1
    assert Deed.objects.filter(action="meeting.observer_added").count() == 1
    remove_observer(observer=observer, actor=cast["secretary"])
    assert meeting.observers.count() == 0


def test_observers_of_a_filed_record_stay(cast: Cast) -> None:
    meeting = factories.make_meeting(cast.ours)
    observer = meeting.observers.create(name="蒋立")
    with pytest.raises(NotOpen):
        remove_observer(observer=observer, actor=cast["secretary"])
    with pytest.raises(NotOpen):
        add_observer(meeting=meeting, name="沈川", actor=cast["secretary"])
    assert list(meeting.observers.values_list("name", flat=True)) == ["蒋立"]
