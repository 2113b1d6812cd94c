"""From the marks side by side to what the branch is told, its objections and their answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.evaluations import policies_review as policies
from apps.evaluations import services_settle as services
from apps.evaluations.models import BranchEvaluation, Cycle, FinalMark, Objection, Seat
from apps.evaluations.queries_cycles import is_overdue, step_of
from apps.evaluations.queries_settle import settlement_of
from apps.evaluations.services_cycles import WrongPhase
from apps.evaluations.services_review import NotComplete, ReasonMissing, WrongDay, recuse
from apps.rules.kinds_evaluations import Ruling
from apps.ui.refusals import Stale
from tests.conftest import TODAY
from tests.evaluations.makers_cycle import CycleWorld, make_world
from tests.evaluations.makers_desk import (
    PLAIN,
    fresh,
    handed_in,
    make_two,
    marks_by,
    reported,
    reviewed,
    seated,
    told,
)

LAST = date(2026, 12, 31)


@pytest.fixture
def world(db: None) -> CycleWorld:
    return make_world()


def finals(evaluation: BranchEvaluation) -> dict[str, tuple[int, int | None]]:
    rows = FinalMark.objects.filter(evaluation=evaluation).select_related("standard")
    return {row.standard.code: (row.grade, row.first_grade) for row in rows}


def object_to(world: CycleWorld, evaluation: BranchEvaluation, **values: object) -> Objection:
    given = {"standard": world.standards[0], "reason": "那次会议请了假的没有算", "on_paper": False}
    given |= {"raised_on": TODAY, "actor": world.secretaries[0], "today": TODAY}
    return services.raise_objection(evaluation=evaluation, **given | values)


def answer(objection: Objection, world: CycleWorld, **values: object) -> Objection:
    given = {"ruling": Ruling.UPHELD, "grade": 1, "answer": "已核实", "answered_on": TODAY}
    given |= {"version": objection.version, "actor": world.organizer, "today": TODAY}
    return services.answer_objection(objection=objection, **given | values)


def test_two_reviewers_side_by_side(db: None) -> None:
    world = make_two()
    evaluation = reported(world.evaluations[0])
    by = {"evaluation": evaluation, "actor": world.organizer}
    with pytest.raises(services.StillReviewing, match="应有 2 名评审人，现在只安排了 0 名"):
        services.take_over_marks(**by)
    first, second = seated(world, evaluation), seated(world, evaluation, number=1)
    handed_in(world, first)
    with pytest.raises(services.StillReviewing):
        services.take_over_marks(**by)
    found = settlement_of(evaluation, today=TODAY)
    assert (found.complete, list(found.lines), found.missing) == (False, [], 0)
    handed_in(world, second, PLAIN | {"镇-4": 3})
    found = settlement_of(evaluation, today=TODAY)
    assert [line.row.code for line in found.differing] == ["镇-4"]
    assert [(one.by, one.grade) for one in found.differing[0].given] == [
        (world.reviewers[0].person.name, "较好"),
        (world.reviewers[1].person.name, "差"),
    ]
    assert services.take_over_marks(**by) == 3
    assert finals(evaluation) == {"镇-1": (2, None), "镇-2": (2, None), "镇-3": (0, None)}
    assert FinalMark.objects.first().reason == "看了会议记录，情况属实"
    with pytest.raises(services.NothingToTakeOver):
        services.take_over_marks(**by)
    with pytest.raises(NotComplete, match="还有 1 条没有确定：镇-4 标准镇-4。"):
        services.tell_branch(**by, told_on=TODAY, today=TODAY)
    with pytest.raises(ReasonMissing):
        services.settle_marks(**by, version=1, chosen=marks_by(world, {"镇-4": 2}, reason=""))
    with pytest.raises(services.NotDiffering):
        services.settle_marks(**by, version=1, chosen=marks_by(world, {"镇-1": 0}))
    for version, grade in ((1, 3), (2, 2)):
        assert services.settle_marks(**by, version=version, chosen=marks_by(world, {"镇-4": grade})) == 1
    with pytest.raises(Stale):
        services.settle_marks(**by, version=1, chosen=marks_by(world, {"镇-4": 3}))
    assert finals(evaluation)["镇-4"] == (2, None)
    with pytest.raises(WrongDay):
        services.tell_branch(**by, told_on=TODAY + timedelta(days=1), today=TODAY)
    assert services.tell_branch(**by, told_on=TODAY, today=TODAY).state == "objection"
    with pytest.raises(WrongPhase):
        services.take_over_marks(**by)


def test_the_marks_of_whoever_stood_back_do_not_count(db: None) -> None:
    world = make_two()
    evaluation = reported(world.evaluations[0])
    first, second = seated(world, evaluation), seated(world, evaluation, number=1)
    handed_in(world, first)
    handed_in(world, second, PLAIN | {"镇-4": 3})
    seat = Seat.objects.select_related("evaluation").get(pk=second.pk)
    assert services.take_over_marks(evaluation=evaluation, actor=world.organizer) == 3
    recuse(seat=seat, reason="亲属", actor=world.reviewers[1].person, today=TODAY)
    assert finals(evaluation) == {}
    with pytest.raises(services.StillReviewing, match="只安排了 1 名"):
        services.take_over_marks(evaluation=evaluation, actor=world.organizer)
    found = settlement_of(evaluation, today=TODAY)
    assert (found.missing, [seat.recusal_reason for seat in found.recused]) == (1, ["亲属"])


def test_the_branch_reads_its_marks_once_it_is_told(world) -> None:
    evaluation = reviewed(world, world.evaluations[0])
    mine, other = world.secretaries[:2]
    assert not policies.visible_results(mine).exists()
    evaluation = told(world, evaluation)
    assert set(policies.visible_results(mine)) == {evaluation}
    assert not policies.visible_results(other).exists()
    assert not policies.visible_results(world.reviewers[0].person).exists()
    rights = policies.rights_on_result(mine, evaluation)
    assert {name for name, may in rights.items() if may} == {"object", "marks"}
    Cycle.objects.update(state="withdrawn")
    assert not policies.visible_results(mine).exists()


def test_an_objection_that_is_upheld_changes_the_grade_and_keeps_the_first(world) -> None:
    evaluation = told(world, reviewed(world, world.evaluations[0]))
    raised = object_to(world, evaluation)
    with pytest.raises(services.Answered, match="已经提出过意见"):
        object_to(world, evaluation)
    assert policies.can_answer(world.organizer, raised)
    assert not policies.can_answer(world.secretaries[0], raised)
    with pytest.raises(services.SameGrade):
        answer(raised, world, grade=2)
    with pytest.raises(services.SameGrade):
        answer(raised, world, grade=None)
    with pytest.raises(Stale):
        answer(raised, world, version=9)
    with pytest.raises(WrongDay):
        answer(raised, world, answered_on=TODAY + timedelta(days=1))
    done = answer(raised, world)
    assert (done.ruling, done.answered_by) == ("upheld", world.organizer)
    assert finals(evaluation)["镇-1"] == (1, 2)
    with pytest.raises(services.Answered):
        answer(done, world)


def test_an_objection_that_is_not_upheld_leaves_the_grade(world) -> None:
    evaluation = told(world, reviewed(world, world.evaluations[0]))
    answer(object_to(world, evaluation), world, ruling=Ruling.KEPT, answer="记录里没有请假", grade=None)
    assert finals(evaluation)["镇-1"] == (2, None)


def test_objections_have_their_last_day_and_paper_in_time_is_entered_later(world) -> None:
    evaluation = told(world, reviewed(world, world.evaluations[0]))
    after = LAST + timedelta(days=1)
    with pytest.raises(services.TooLate, match="截止日期是2026年12月31日，已经过了"):
        object_to(world, evaluation, raised_on=after, today=after)
    for day in (TODAY - timedelta(days=1), LAST):
        with pytest.raises(WrongDay):
            object_to(world, evaluation, raised_on=day)
    paper = {"raised_on": LAST, "today": after + timedelta(days=3), "on_paper": True}
    assert object_to(world, evaluation, actor=world.organizer, **paper).raised_on == LAST
    assert policies.is_open_to_objections(evaluation, today=LAST)
    assert not policies.is_open_to_objections(evaluation, today=after)


def test_a_branch_that_agrees_may_object_no_more(world) -> None:
    evaluation = told(world, reviewed(world, world.evaluations[0]))
    agreed = fresh(services.agree(evaluation=evaluation, actor=world.secretaries[0]))
    assert agreed.state == "decision"
    for call in (lambda: object_to(world, agreed), lambda: services.agree(evaluation=agreed, actor=None)):
        with pytest.raises(WrongPhase):
            call()


def test_a_branch_that_lets_the_days_pass_is_not_late_but_waits_for_the_decision(world) -> None:
    evaluation = told(world, reviewed(world, world.evaluations[0]))
    after = LAST + timedelta(days=1)
    steps = [step_of(evaluation, today=day).title for day in (LAST, after)]
    assert steps == ["听取支部意见", "定等次"]
    rows = BranchEvaluation.objects.filter(pk=evaluation.pk)
    late = [day for day in (after, date(2027, 1, 15), date(2027, 1, 16)) if rows.filter(is_overdue(day))]
    assert late == [date(2027, 1, 16)]
