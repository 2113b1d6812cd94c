"""A reviewer's seat from the first mark to the last word."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.evaluations import policies_review as policies
from apps.evaluations import services_review as services
from apps.evaluations.models import BranchEvaluation, Cycle, Mark, Seat, VisitNote
from apps.evaluations.queries_review import review_of
from apps.evaluations.services_cycles import WrongPhase
from apps.evaluations.services_review import GivenMark
from apps.evaluations.services_seats import Conflicted
from apps.rules.figures import FigureState
from apps.rules.kinds import PostKind
from apps.ui.refusals import Stale
from tests import factories
from tests.conftest import TODAY
from tests.evaluations.makers_cycle import CycleWorld, make_cycle, make_reviewer, make_world, open_it
from tests.evaluations.makers_desk import (
    PLAIN,
    fresh,
    handed_in,
    make_two,
    marked,
    marks_by,
    reported,
    seated,
    states_of,
    whole_way,
)


@pytest.fixture
def world(db: None) -> CycleWorld:
    return make_two()


def seat_at(world: CycleWorld, *, number: int = 0) -> Seat:
    """The first branch, which has reported, and one of its reviewers."""
    first = world.evaluations[0]
    evaluation = first if first.state == "review" else reported(first)
    seat = seated(world, evaluation, number=number)
    return Seat.objects.select_related("evaluation__cycle", "reviewer__person").get(pk=seat.pk)


def save(seat: Seat, marks: list[GivenMark], **values: object) -> Seat:
    given = {"version": seat.version, "states": states_of(seat.evaluation), "actor": seat.reviewer.person}
    return services.save_marks(seat=seat, marks=marks, today=TODAY, **given | values)


def test_marks_are_saved_in_parts_and_changed_until_they_are_handed_in(world) -> None:
    seat = seat_at(world)
    seat = save(seat, marks_by(world, {"镇-1": 2}))
    seat = save(seat, marks_by(world, {"镇-1": 1, "镇-4": 0}, reason="补充说明"))
    found = {
        mark.standard.code: (mark.grade, mark.reason) for mark in Mark.objects.select_related("standard")
    }
    assert found == {"镇-1": (1, "补充说明"), "镇-4": (0, "补充说明")}
    with pytest.raises(Stale):
        save(seat, marks_by(world, {"镇-1": 1}), version=1)
    handed_in(world, seat)
    with pytest.raises(services.HandedIn):
        save(Seat.objects.get(pk=seat.pk), marks_by(world, {"镇-1": 3}))
    told = list(
        Deed.objects.filter(action__startswith="seat.").order_by("number").values_list("action", flat=True)
    )
    assert told == ["seat.marked", "seat.marked", "seat.marked", "seat.summed_up", "seat.handed_in"]


def test_a_reason_is_asked_for_where_the_grade_differs_from_the_records(world) -> None:
    seat = seat_at(world)
    states = {row.code: states_of(seat.evaluation)[row.pk] for row in world.standards}
    assert (states["镇-1"], states["镇-3"], states["镇-4"]) == (FigureState.WARN, FigureState.GOOD, None)
    bare = {"reason": ""}
    save(seat, marks_by(world, {"镇-1": 2, "镇-3": 0, "镇-4": 0}, **bare))
    for code, grade in (("镇-1", 0), ("镇-3", 2), ("镇-4", 3)):
        with pytest.raises(services.ReasonMissing):
            save(Seat.objects.get(pk=seat.pk), marks_by(world, {code: grade}, **bare))


def test_grades_and_standards_of_other_cycles_are_refused(world) -> None:
    seat = seat_at(world)
    standard = world.standards[0].pk
    for mark in (GivenMark(standard_id=standard, grade=4, reason="无"), GivenMark(standard_id=0, grade=1)):
        with pytest.raises(services.NotComplete):
            save(seat, [mark])


def test_what_is_missing_is_named_before_anything_is_handed_in(world) -> None:
    seat = seat_at(world)
    by = {"actor": seat.reviewer.person, "today": TODAY, "states": states_of(seat.evaluation)}
    seat = save(seat, marks_by(world, {"镇-1": 2, "镇-2": 2}))
    with pytest.raises(services.NotComplete, match="还有 2 条没有评定：镇-3 标准镇-3、镇-4 标准镇-4。"):
        services.hand_in(seat=seat, version=seat.version, handed_in_on=TODAY, **by)
    seat = save(seat, marks_by(world, {"镇-3": 0, "镇-4": 1}))
    with pytest.raises(services.NotComplete, match="总体评价"):
        services.hand_in(seat=seat, version=seat.version, handed_in_on=TODAY, **by)
    seat = marked(world, seat)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(services.WrongDay):
            services.hand_in(seat=seat, version=seat.version, handed_in_on=day, **by)
    done = services.hand_in(seat=seat, version=seat.version, handed_in_on=TODAY, **by)
    assert done.handed_in_on == TODAY


def test_evidence_that_changed_since_asks_for_its_reason_at_the_end(world) -> None:
    seat = save(seat_at(world), marks_by(world, PLAIN, reason=""))
    seat = marked(world, seat, {"镇-4": 1})
    turned = dict.fromkeys(states_of(seat.evaluation), FigureState.GOOD)
    with pytest.raises(services.ReasonMissing, match="镇-1 标准镇-1、镇-2 标准镇-2"):
        services.hand_in(
            seat=seat,
            version=seat.version,
            handed_in_on=TODAY,
            states=turned,
            actor=seat.reviewer.person,
            today=TODAY,
        )


def test_before_the_branch_reports_he_may_visit_and_not_mark(world) -> None:
    evaluation = world.evaluations[1]
    seat = Seat.objects.select_related("evaluation__cycle", "reviewer__person").get(
        pk=seated(world, evaluation).pk
    )
    person, key = seat.reviewer.person, uuid.uuid4()
    with pytest.raises(WrongPhase):
        save(seat, marks_by(world, {"镇-1": 2}))
    given = {"seat": seat, "text": "看了活动室。", "actor": person, "today": TODAY}
    with pytest.raises(services.WrongDay):
        services.add_visit(visited_on=TODAY + timedelta(days=1), idempotency_key=key, **given)
    for _ in range(2):
        services.add_visit(visited_on=TODAY, idempotency_key=key, **given)
    assert list(VisitNote.objects.values_list("text", "written_by")) == [("看了活动室。", person.pk)]
    assert policies.rights_on_seat(person, seat) == {"mark": False, "visit": True, "recuse": True}


def test_whoever_has_to_do_with_the_branch_since_then_may_write_no_more(world) -> None:
    seat = seat_at(world)
    factories.make_member(world.branches[0], person=seat.reviewer.person)
    with pytest.raises(Conflicted, match="应当回避"):
        save(seat, marks_by(world, {"镇-1": 2}))
    services.recuse(seat=seat, reason="组织关系转入", actor=seat.reviewer.person, today=TODAY)
    assert not policies.visible_seats(seat.reviewer.person).exists()
    with pytest.raises(services.GivenUp):
        services.recuse(seat=seat, reason="再来", actor=seat.reviewer.person, today=TODAY)


def test_a_reviewer_sees_his_seats_and_the_organizer_what_was_handed_in(world) -> None:
    mine, other = seat_at(world), seat_at(world, number=1)
    far = seated(world, world.evaluations[2], number=1)
    people = [reviewer.person for reviewer in world.reviewers]
    assert [set(policies.visible_seats(one)) for one in people] == [{mine}, {other, far}]
    assert not policies.visible_seats(world.organizer).exists()
    handed_in(world, mine)
    assert set(policies.visible_seats(world.organizer)) == {mine}
    assert not policies.visible_seats(world.secretaries[0]).exists()
    BranchEvaluation.objects.filter(pk=mine.evaluation_id).update(state="left_out", left_out_reason="撤销")
    assert not policies.seats_of(people[0]).exists()


def test_an_organizer_who_reviews_reads_the_others_marks_after_his_own(world) -> None:
    mine = seat_at(world, number=1)
    factories.make_post(mine.reviewer.person, world.committee, PostKind.ORGANIZER)
    other = handed_in(world, seat_at(world))
    assert set(policies.visible_seats(User.objects.get(pk=mine.reviewer.person_id))) == {mine}
    handed_in(world, mine)
    assert set(policies.visible_seats(User.objects.get(pk=mine.reviewer.person_id))) == {mine, other}


def test_the_organizer_enters_paper_and_never_over_what_was_begun_online(world) -> None:
    seat, begun = seat_at(world), seat_at(world, number=1)
    save(begun, marks_by(world, {"镇-1": 2}))
    assert set(policies.seats_to_take(world.organizer)) == {seat, begun}
    assert not policies.seats_to_take(world.secretaries[0]).exists()
    with pytest.raises(services.BegunOnline):
        services.start_paper(seat=begun, actor=world.organizer, today=TODAY)
    taken = services.start_paper(seat=seat, actor=world.organizer, today=TODAY)
    assert (taken.on_paper, taken.entered_by) == (True, world.organizer)
    taken = Seat.objects.select_related("evaluation__cycle", "reviewer__person").get(pk=seat.pk)
    assert policies.can_mark(world.organizer, taken)
    assert policies.can_recuse(world.organizer, taken)
    assert not policies.can_recuse(world.organizer, begun)
    assert not policies.can_mark(taken.reviewer.person, taken)
    assert set(policies.visible_seats(taken.reviewer.person)) == {taken}


def test_the_other_reviewers_marks_are_shown_when_both_have_handed_in(world) -> None:
    first, second = seat_at(world), seat_at(world, number=1)
    handed_in(world, first, PLAIN | {"镇-4": 0})

    def others(seat: Seat) -> dict[str, list[str]]:
        rows = Seat.objects.select_related("evaluation__cycle", "evaluation__branch", "reviewer__person")
        found = review_of(rows.get(pk=seat.pk), user=seat.reviewer.person, today=TODAY)
        return {line.row.code: [one.grade for one in line.others] for line in found.lines if line.others}

    assert others(first) == others(second) == {}
    marked(world, second)
    assert others(second) == {}
    handed_in(world, second)
    assert others(second) == {"镇-1": ["一般"], "镇-2": ["一般"], "镇-3": ["好"], "镇-4": ["好"]}
    assert others(first)["镇-4"] == ["较好"]


def test_last_years_marks_and_problems_stand_beside_this_years(db) -> None:
    world = make_world()
    before = whole_way(world, world.evaluations[0])
    Cycle.objects.filter(pk=world.cycle.pk).update(year=2025)
    again = make_next(world)
    seat = Seat.objects.select_related("evaluation__cycle", "evaluation__branch", "reviewer__person").get(
        pk=seated(again, reported(again.evaluations[0])).pk
    )
    found = review_of(seat, user=seat.reviewer.person, today=date(2027, 4, 1))
    assert (found.last_year.evaluation, found.last_year.grade) == (before, "较好")
    assert [(line.row.code, line.last_year) for line in found.lines] == [
        ("镇-1", "一般"),
        ("镇-2", "一般"),
        ("镇-3", "好"),
        ("镇-4", "较好"),
    ]
    problem = found.last_year.problems[0]
    assert (problem.problem.text, problem.badge) == ("党员大会缺席多", ("已过期限，还没整改完", "bad"))


def make_next(world: CycleWorld) -> CycleWorld:
    cycle = open_it(make_cycle(world.committee, actor=world.organizer), actor=world.organizer)
    person = world.reviewers[0].person
    reviewers = [make_reviewer(cycle, actor=world.organizer, person=person)]
    return CycleWorld(world.committee, world.organizer, world.branches, world.secretaries, cycle, reviewers)


def test_the_marks_of_a_seat_that_nobody_holds_any_more_stay_out(world) -> None:
    seat = seat_at(world)
    assert fresh(seat.evaluation).state == "review"
    services.recuse(seat=seat, reason="有亲属关系", actor=seat.reviewer.person, today=TODAY)
    with pytest.raises(services.GivenUp):
        save(seat, marks_by(world, {"镇-1": 2}))
