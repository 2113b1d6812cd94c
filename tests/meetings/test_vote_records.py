"""Keeping votes: once, anew, taken back, and what becomes of them when the roll changes."""

import uuid

import pytest

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.meetings.models import AgendaItem, MeetingState, Motion, MotionState
from apps.meetings.queries_vote import stale_motions, stale_words, vote_context
from apps.meetings.services_roll import NotOpen, mark_attendance
from apps.meetings.services_vote import remove_motion, unanimous
from apps.rules.kinds import AttendanceStatus, Matter, MeetingKind
from apps.rules.voting import Votes
from apps.ui.refusals import Stale
from tests import factories
from tests.conftest import NOW
from tests.meetings.vote_rooms import add_to_roll, election, make_item, make_room, secret, simple, take


@pytest.fixture
def item(db: None) -> AgendaItem:
    return make_room(factories.make_organization(name="青川镇机关第一党支部"), entitled=5)


@pytest.fixture
def actor(db: None) -> User:
    return factories.make_user("吴向前")


def test_the_same_key_records_one_vote(item: AgendaItem) -> None:
    key = uuid.uuid4()
    first = take(item, simple(5), key=key)
    again = take(item, simple(3, against=2), key=key)
    assert (again.pk, again.votes_for) == (first.pk, 5)
    assert Motion.objects.count() == 1
    assert Deed.objects.filter(action="motion.recorded").count() == 1


def test_the_same_election_sent_twice_keeps_its_candidates_once(item: AgendaItem) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        motion = take(item, election(1, {"甲": 4, "乙": 1}, issued=5), key=key)
    assert motion.candidates.count() == 2


def test_a_vote_leaves_a_deed(item: AgendaItem, actor: User) -> None:
    take(item, simple(5), actor=actor)
    deed = Deed.objects.get(action="motion.recorded")
    assert (deed.actor, deed.object_id, deed.path) == (actor, item.meeting_id, item.meeting.path)
    assert deed.reason.startswith("同意年度计划：通过")
    assert deed.at == NOW


def test_a_vote_entered_anew_takes_the_place_of_the_wrong_one(item: AgendaItem, actor: User) -> None:
    wrong = take(item, simple(2, against=3))
    right = take(item, simple(4, against=1, replaces=wrong.idempotency_key), actor=actor)
    assert (right.pk, right.state, right.votes_for) == (wrong.pk, MotionState.PASSED, 4)
    assert Motion.objects.count() == 1
    assert Deed.objects.get(action="motion.replaced").actor == actor


def test_entered_anew_twice_with_one_key_is_entered_anew_once(item: AgendaItem) -> None:
    wrong, key = take(item, simple(2, against=3)), uuid.uuid4()
    for _ in range(2):
        take(item, simple(4, against=1, replaces=wrong.idempotency_key), key=key)
    assert Deed.objects.filter(action="motion.replaced").count() == 1


def test_two_people_who_put_the_same_vote_right_do_not_overwrite_each_other(item: AgendaItem) -> None:
    wrong = take(item, simple(2, against=3)).idempotency_key
    take(item, simple(4, against=1, replaces=wrong))
    with pytest.raises(Stale):
        take(item, simple(3, against=2, replaces=wrong))
    assert Motion.objects.get().votes_for == 4


def test_a_vote_is_put_right_on_its_own_item_only(item: AgendaItem) -> None:
    elsewhere = take(make_item(item.meeting), simple(5)).idempotency_key
    with pytest.raises(Stale):
        take(item, simple(5, replaces=elsewhere))


def test_an_admission_may_be_entered_anew(item: AgendaItem) -> None:
    wrong = take(item, secret(Votes(votes_for=4, against=1), issued=5)).idempotency_key
    assert take(item, secret(Votes(votes_for=5), issued=5, replaces=wrong)).votes_for == 5


def test_a_vote_is_taken_back_with_its_candidates(item: AgendaItem, actor: User) -> None:
    motion = take(item, election(1, {"甲": 4, "乙": 1}, issued=5))
    remove_motion(motion=motion, actor=actor, now=NOW)
    assert not Motion.objects.exists()
    assert Deed.objects.get(action="motion.removed").reason.startswith("选举支部委员会委员")


@pytest.mark.parametrize("state", [MeetingState.CLOSED, MeetingState.PLANNED])
def test_a_filed_vote_stays(item: AgendaItem, actor: User, state: str) -> None:
    motion = take(item, simple(5))
    type(item.meeting).objects.update(state=state, closed_at=NOW)
    with pytest.raises(NotOpen):
        remove_motion(motion=motion, actor=actor, now=NOW)
    assert Motion.objects.exists()


def test_all_present_in_favour_is_one_entry(item: AgendaItem) -> None:
    add_to_roll(item.meeting, status=AttendanceStatus.SICK_LEAVE)
    motion = take(item, unanimous(item=item, matter=Matter.ORDINARY))
    assert (motion.text, motion.method) == ("审议年度计划", "show_of_hands")
    assert (motion.entitled, motion.present, motion.votes_for, motion.state) == (6, 5, 5, "passed")


def test_a_vote_no_longer_fits_once_the_roll_changes(item: AgendaItem, actor: User) -> None:
    motion = take(item, simple(5))
    assert stale_motions(item.meeting) == []
    row = item.meeting.roll.first()
    mark_attendance(attendance=row, status=AttendanceStatus.ABSENT, actor=actor)
    assert stale_motions(item.meeting) == [motion]
    assert stale_words(stale_motions(item.meeting)) == [
        "议题 1 的表决“同意年度计划”：到会人数在表决后有变动，请核对"
    ]
    take(item, simple(4, replaces=motion.idempotency_key))
    assert stale_motions(item.meeting) == []


def test_the_coming_of_someone_without_a_vote_leaves_votes_as_they_are(item: AgendaItem) -> None:
    take(item, simple(5))
    add_to_roll(item.meeting, standing="probationary")
    assert stale_motions(item.meeting) == []


def test_a_filed_sitting_has_no_vote_to_check(item: AgendaItem) -> None:
    take(item, simple(5))
    item.meeting.roll.first().delete()
    type(item.meeting).objects.update(state=MeetingState.CLOSED, closed_at=NOW)
    item.meeting.refresh_from_db()
    assert stale_motions(item.meeting) == []
    assert vote_context(item.meeting) == {"quick": None, "vote_matters": (), "stale_ids": frozenset()}


def test_the_quick_button_speaks_for_those_present(item: AgendaItem) -> None:
    add_to_roll(item.meeting, standing="probationary")
    quick = vote_context(item.meeting)["quick"]
    assert (quick.matter, quick.present, quick.opening.opens) == (Matter.ORDINARY, 5, True)


def test_a_sitting_that_decides_nothing_has_no_quick_button(db: None) -> None:
    item = make_room(factories.make_organization(), MeetingKind.LECTURE, entitled=3)
    assert vote_context(item.meeting)["quick"] is None


@pytest.mark.parametrize("votes", [1, 3])
def test_the_page_of_a_sitting_asks_the_same_number_of_questions_for_more_votes(
    item: AgendaItem, votes: int, django_assert_num_queries: object
) -> None:
    for _ in range(votes):
        take(item, simple(5))
    with django_assert_num_queries(6):
        vote_context(item.meeting)
