"""Items, opinions, consultations, and tasks from resolutions."""

import uuid
from datetime import date

import pytest

from apps.audit.models import Deed
from apps.meetings.models import MeetingState, Motion
from apps.meetings.queries_vote_weigh import VoteEntry
from apps.meetings.services_agenda import (
    ItemInUse,
    ItemText,
    NoResolution,
    SameItem,
    TooEarly,
    WrongDay,
    WrongPerson,
    add_consultation,
    add_item,
    add_opinion,
    add_resolution_task,
    fingerprint,
    move_item,
    remove_consultation,
    remove_item,
    remove_opinion,
    update_item,
)
from apps.meetings.services_roll import NotOpen, mark_many
from apps.meetings.services_vote import CannotVote, record_motion
from apps.rules.kinds import ConsultationKind, Matter, MeetingKind, TaskKind
from apps.rules.voting import Votes
from apps.tasks.models import Task
from apps.ui.refusals import Refusal, Stale
from tests import factories
from tests.conftest import NOW, TODAY, Cast
from tests.meetings.sittings import logged, planned

PLAN = ItemText(title="研究年度计划", resolution="同意年度计划")


def titles(meeting) -> list[tuple[int, str]]:
    return list(meeting.items.order_by("position").values_list("position", "title"))


def test_items_are_added_at_the_end(cast: Cast) -> None:
    meeting = logged(cast, agenda=["通报工作"])
    item = add_item(meeting=meeting, text=PLAN, actor=cast["secretary"], now=NOW)
    assert titles(meeting) == [(1, "通报工作"), (2, "研究年度计划")]
    assert (item.nature, item.resolution) == ("party_affairs", "同意年度计划")


def test_the_same_item_sent_twice_is_one_and_another_of_its_title_is_refused(cast: Cast) -> None:
    meeting = logged(cast)
    first, second = (add_item(meeting=meeting, text=PLAN, actor=cast["secretary"], now=NOW) for _ in range(2))
    assert first == second
    with pytest.raises(SameItem) as refused:
        add_item(meeting=meeting, text=ItemText(title=PLAN.title), actor=cast["secretary"], now=NOW)
    assert refused.value.field == "title"
    assert titles(meeting) == [(1, "研究年度计划")]


def test_a_planned_sitting_has_an_agenda_but_no_resolutions_yet(cast: Cast) -> None:
    meeting = planned(cast)
    with pytest.raises(TooEarly):
        add_item(meeting=meeting, text=PLAN, actor=cast["secretary"], now=NOW)
    item = add_item(meeting=meeting, text=ItemText(title="研究年度计划"), actor=cast["secretary"], now=NOW)
    with pytest.raises(TooEarly):
        update_item(item=item, seen=fingerprint(item), text=PLAN, actor=cast["secretary"], now=NOW)
    assert titles(meeting) == [(1, "研究年度计划")]


def test_one_step_enters_an_item_its_resolution_and_that_all_present_agreed(cast: Cast) -> None:
    meeting = logged(cast)
    absent = meeting.roll.get(member=cast.members["deputy"]).pk
    mark_many(meeting=meeting, marks={absent: ("absent", "")}, actor=cast["secretary"])
    for _ in range(2):
        item = add_item(meeting=meeting, text=PLAN, unanimous=True, actor=cast["secretary"], now=NOW)
    motion = Motion.objects.get()
    assert (motion.item, motion.matter, motion.state) == (item, "committee_decision", "passed")
    assert (motion.entitled, motion.present, motion.votes_for) == (5, 4, 4)


def test_agreement_is_recorded_once_however_often_the_item_is_saved(cast: Cast) -> None:
    meeting = logged(cast, agenda=["研究年度计划"])
    item = meeting.items.get()
    for _ in range(2):
        item = update_item(
            item=item, seen=fingerprint(item), text=PLAN, unanimous=True, actor=cast["secretary"], now=NOW
        )
    assert Motion.objects.count() == 1


def test_a_vote_that_was_counted_stands_when_the_item_is_saved_as_agreed(cast: Cast) -> None:
    item = logged(cast, agenda=["研究年度计划"]).items.get()
    votes = Votes(votes_for=2, against=3)
    entry = VoteEntry(matter=Matter.COMMITTEE_DECISION, text=item.title, votes=votes)
    record_motion(item=item, actor=cast["secretary"], data=entry, now=NOW, idempotency_key=uuid.uuid4())
    update_item(
        item=item, seen=fingerprint(item), text=PLAN, unanimous=True, actor=cast["secretary"], now=NOW
    )
    assert list(Motion.objects.values_list("state", "votes_for")) == [("failed", 2)]


def test_without_enough_people_nothing_of_the_step_is_kept(cast: Cast) -> None:
    meeting = logged(cast)
    marks = {row.pk: ("absent", "") for row in meeting.roll.all()[:3]}
    mark_many(meeting=meeting, marks=marks, actor=cast["secretary"])
    with pytest.raises(Refusal):
        add_item(meeting=meeting, text=PLAN, unanimous=True, actor=cast["secretary"], now=NOW)
    assert (titles(meeting), Motion.objects.count()) == ([], 0)


def test_a_lecture_decides_nothing(cast: Cast) -> None:
    meeting = logged(cast, kinds={MeetingKind.LECTURE})
    with pytest.raises(CannotVote):
        add_item(meeting=meeting, text=PLAN, unanimous=True, actor=cast["secretary"], now=NOW)


def test_a_change_of_an_item_leaves_its_trail(cast: Cast) -> None:
    item = logged(cast, agenda=["研究年度计划"]).items.get()
    update_item(item=item, seen=fingerprint(item), text=PLAN, actor=cast["deputy"], now=NOW)
    deed = Deed.objects.get(action="meeting.item_updated")
    assert [(c["label"], c["before"], c["after"]) for c in deed.changes] == [("决议", "", "同意年度计划")]


def test_two_people_change_an_item_and_the_second_is_told(cast: Cast) -> None:
    item = logged(cast, agenda=["研究年度计划"]).items.get()
    seen = fingerprint(item)
    update_item(item=item, seen=seen, text=PLAN, actor=cast["deputy"], now=NOW)
    other = ItemText(title="研究年度计划", resolution="暂不研究")
    with pytest.raises(Stale):
        update_item(item=item, seen=seen, text=other, actor=cast["secretary"], now=NOW)
    item.refresh_from_db()
    assert item.resolution == "同意年度计划"
    update_item(
        item=item, seen=seen, text=PLAN, actor=cast["secretary"], now=NOW
    )  # the same words: no conflict


def test_moving_swaps_places_and_stops_at_the_ends(cast: Cast) -> None:
    meeting = logged(cast, agenda=["甲", "乙", "丙"])
    first = meeting.items.get(title="甲")
    move_item(item=first, direction="up", actor=cast["secretary"])
    assert titles(meeting) == [(1, "甲"), (2, "乙"), (3, "丙")]
    move_item(item=first, direction="down", actor=cast["secretary"])
    assert titles(meeting) == [(1, "乙"), (2, "甲"), (3, "丙")]
    move_item(item=meeting.items.get(title="丙"), direction="up", actor=cast["secretary"])
    assert titles(meeting) == [(1, "乙"), (2, "丙"), (3, "甲")]


def test_removing_closes_the_gap(cast: Cast) -> None:
    meeting = logged(cast, agenda=["甲", "乙", "丙"])
    remove_item(item=meeting.items.get(title="甲"), actor=cast["secretary"])
    assert titles(meeting) == [(1, "乙"), (2, "丙")]


def test_an_item_with_a_vote_or_a_task_stays(cast: Cast) -> None:
    meeting = logged(cast)
    voted = add_item(meeting=meeting, text=PLAN, unanimous=True, actor=cast["secretary"], now=NOW)
    tasked = add_item(
        meeting=meeting,
        text=ItemText(title="义务植树", resolution="三月进行"),
        actor=cast["secretary"],
        now=NOW,
    )
    add_resolution_task(
        item=tasked, title="联系苗木", actor=cast["secretary"], now=NOW, idempotency_key=uuid.uuid4()
    )
    for item in (voted, tasked):
        with pytest.raises(ItemInUse):
            remove_item(item=item, actor=cast["secretary"])
    assert meeting.items.count() == 2


def test_opinions_are_kept_as_they_were_said(cast: Cast) -> None:
    item = logged(cast, agenda=["研究年度计划"]).items.get()
    for _ in range(2):
        opinion = add_opinion(
            item=item,
            member=cast.members["discipline"],
            text="时间太紧",
            differs=True,
            actor=cast["secretary"],
        )
    assert [(o.member, o.text, o.differs) for o in item.opinions.all()] == [
        (cast.members["discipline"], "时间太紧", True)
    ]
    remove_opinion(opinion=opinion, actor=cast["secretary"])
    assert item.opinions.count() == 0


def test_only_those_on_the_roll_speak(cast: Cast) -> None:
    item = logged(cast, agenda=["研究年度计划"]).items.get()
    with pytest.raises(WrongPerson):
        add_opinion(item=item, member=cast.members["member"], text="同意", actor=cast["secretary"])


def test_a_consultation_is_held_before_the_sitting_with_people_of_the_branch(cast: Cast) -> None:
    item = planned(cast, agenda=["研究年度计划"]).items.get()
    fields = {"item": item, "kind": ConsultationKind.MAJOR, "brief": "都赞成", "actor": cast["secretary"]}
    people = [cast.members["deputy"], cast.members["discipline"]]
    with pytest.raises(WrongDay):
        add_consultation(held_on=date(2026, 11, 21), members=people, **fields)
    with pytest.raises(WrongPerson):
        add_consultation(held_on=TODAY, members=[cast.members["sibling_member"]], **fields)
    for _ in range(2):
        talk = add_consultation(held_on=TODAY, members=people, **fields)
    assert item.consultations.count() == 1
    assert set(talk.members.all()) == set(people)
    remove_consultation(consultation=talk, actor=cast["secretary"])
    assert item.consultations.count() == 0


def test_a_resolution_becomes_a_task_once(cast: Cast) -> None:
    item = add_item(meeting=logged(cast), text=PLAN, actor=cast["secretary"], now=NOW)
    key = uuid.uuid4()
    for _ in range(2):
        link = add_resolution_task(
            item=item,
            title="起草年度计划",
            owner=cast["deputy"],
            due_on=date(2026, 12, 10),
            actor=cast["secretary"],
            now=NOW,
            idempotency_key=key,
        )
    task = Task.objects.get()
    assert link.task == task
    assert (task.organization, task.kind, task.title) == (cast.ours, TaskKind.RESOLUTION, "起草年度计划")
    assert (task.detail, task.owner, task.due_on) == ("同意年度计划", cast["deputy"], date(2026, 12, 10))


def test_without_a_resolution_there_is_no_task(cast: Cast) -> None:
    item = logged(cast, agenda=["研究年度计划"]).items.get()
    with pytest.raises(NoResolution):
        add_resolution_task(
            item=item, title="起草", actor=cast["secretary"], now=NOW, idempotency_key=uuid.uuid4()
        )


def test_the_agenda_of_a_filed_record_does_not_change(cast: Cast) -> None:
    meeting = factories.make_meeting(cast.ours, MeetingKind.COMMITTEE)
    factories.make_attendance(meeting, cast.members["secretary"])
    item = meeting.items.create(position=1, title="研究年度计划", resolution="同意")
    opinion = item.opinions.create(member=cast.members["secretary"], text="同意")
    talk = item.consultations.create(kind="major", held_on=TODAY, brief="赞成")
    actor = cast["secretary"]
    calls = [
        lambda: add_item(meeting=meeting, text=PLAN, actor=actor, now=NOW),
        lambda: update_item(item=item, seen=fingerprint(item), text=PLAN, actor=actor, now=NOW),
        lambda: remove_item(item=item, actor=actor),
        lambda: move_item(item=item, direction="up", actor=actor),
        lambda: add_opinion(item=item, member=cast.members["secretary"], text="反对", actor=actor),
        lambda: remove_opinion(opinion=opinion, actor=actor),
        lambda: add_consultation(item=item, kind="major", held_on=TODAY, members=[], brief="另", actor=actor),
        lambda: remove_consultation(consultation=talk, actor=actor),
        lambda: add_resolution_task(
            item=item, title="落实", actor=actor, now=NOW, idempotency_key=uuid.uuid4()
        ),
    ]
    for call in calls:
        with pytest.raises(NotOpen, match="已经归档"):
            call()
    assert meeting.state == MeetingState.CLOSED
    assert (titles(meeting), item.opinions.count(), item.consultations.count()) == (
        [(1, "研究年度计划")],
        1,
        1,
    )
    assert (Task.objects.count(), Deed.objects.count()) == (0, 0)
