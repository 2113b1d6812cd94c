"""The committee's decision, its publication, and what a later correction does to it: nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from apps.audit.models import Deed
from apps.evaluations import policies_review as policies
from apps.evaluations import services_result as services
from apps.evaluations.models import BranchEvaluation, Cycle, FrozenFigure, Objection, ResultProblem
from apps.evaluations.queries_result import outcome_of, standing_of
from apps.evaluations.services_cycles import PartlyPublished, WrongPhase, withdraw_cycle
from apps.evaluations.services_review import NotComplete, WrongDay
from apps.evaluations.services_seats import leave_out_branch
from apps.evaluations.services_settle import NotNow, answer_objection, raise_objection
from apps.meetings.models import Attendance
from apps.rules.kinds import AttendanceStatus
from apps.tasks.models import Task
from apps.ui.refusals import Stale
from tests import factories
from tests.conftest import NOW, TODAY
from tests.evaluations.makers_cycle import CycleWorld, make_world
from tests.evaluations.makers_desk import (
    PROBLEM,
    decided,
    fresh,
    published,
    reviewed,
    told,
    whole_way,
)

AFTER = date(2027, 1, 4)


@pytest.fixture
def world(db: None) -> CycleWorld:
    return make_world()


@pytest.fixture
def waiting(world) -> BranchEvaluation:
    return told(world, reviewed(world, world.evaluations[0]))


def decide(world: CycleWorld, evaluation: BranchEvaluation, **values: object) -> BranchEvaluation:
    given = {"grade": 1, "grade_reason": "工作扎实", "feedback": "", "decided_on": AFTER, "problems": []}
    given |= {"version": evaluation.version, "actor": world.organizer, "today": AFTER}
    return services.decide(evaluation=evaluation, **given | values)


def test_nothing_is_decided_before_the_branch_has_had_its_say(world, waiting) -> None:
    with pytest.raises(NotNow, match="支部可以在2026年12月31日以前提出意见"):
        decide(world, waiting, decided_on=TODAY, today=TODAY)
    raise_objection(
        evaluation=waiting,
        standard=world.standards[3],
        reason="不符",
        raised_on=TODAY,
        on_paper=False,
        actor=world.secretaries[0],
        today=TODAY,
    )
    with pytest.raises(NotComplete, match="还没有答复：镇-4 标准镇-4。"):
        decide(world, waiting)
    given = {"ruling": "kept", "answer": "已核实", "version": 1, "answered_on": AFTER, "today": AFTER}
    answer_objection(objection=Objection.objects.get(), actor=world.organizer, **given)
    with pytest.raises(WrongDay, match="最后一条意见是2027年1月"):
        decide(world, waiting, decided_on=TODAY)
    assert decide(world, waiting).grade == 1


def test_of_a_withdrawn_cycle_nothing_is_offered_to_be_changed(world, waiting) -> None:
    assert policies.rights_on_result(world.organizer, waiting)["decide"]
    withdraw_cycle(cycle=world.cycle, reason="重来", actor=world.organizer)
    may = policies.rights_on_result(world.organizer, fresh(waiting))
    assert {name for name, given in may.items() if given} == {"organize", "marks", "grade"}


def test_the_decision_is_the_committees_and_can_be_thought_over(world, waiting) -> None:
    assert waiting.grade is None
    for wrong, refusal in (
        ({"grade": 4}, services.NotDecided),
        ({"decided_on": AFTER + timedelta(days=1)}, WrongDay),
        ({"decided_on": TODAY - timedelta(days=1)}, WrongDay),
        ({"version": 99}, Stale),
        ({"problems": [replace(PROBLEM, due_on=TODAY)]}, WrongDay),
    ):
        with pytest.raises(refusal):
            decide(world, waiting, **wrong)
    done = fresh(decide(world, waiting))
    assert (done.state, done.grade, done.decided_by) == ("decided", 1, world.organizer)
    with pytest.raises(WrongPhase):
        decide(world, done)
    again = services.reopen(evaluation=done, reason="补充材料", actor=world.organizer)
    assert (again.state, again.grade, again.grade_reason) == ("decision", None, "工作扎实")
    assert decide(world, fresh(again), grade=0).grade == 0
    assert Deed.objects.get(action="evaluation.reopened").reason == "补充材料"


def test_a_publication_keeps_the_figures_and_hands_the_problems_down(world, waiting) -> None:
    evaluation = published(world, decided(world, waiting))
    assert (evaluation.state, evaluation.published_on) == ("published", TODAY)
    kept = set(FrozenFigure.objects.filter(stage="result").values_list("measure", flat=True))
    assert kept == {"participation", "org_life_overall", "rectified_on_time"}
    task = ResultProblem.objects.get().task
    assert (task.title, task.due_on, task.organization) == (
        "党员大会缺席多",
        date(2027, 3, 31),
        world.branches[0],
    )
    assert (task.rectification.source, task.rectification.found_on) == ("work_review", TODAY)
    with pytest.raises(WrongPhase):
        services.publish_branch(evaluation=evaluation, actor=world.organizer, today=TODAY, now=NOW)
    with pytest.raises(WrongPhase):
        services.reopen(evaluation=evaluation, reason="再想想", actor=world.organizer)
    assert Cycle.objects.get().state == "open"


def test_branches_without_a_grade_hold_the_publication_up_by_name_or_wait(world, waiting) -> None:
    by = {"cycle": world.cycle, "actor": world.organizer, "today": TODAY, "now": NOW}
    names = "第1党支部、第2党支部、第3党支部"
    with pytest.raises(services.Undecided, match=f"还有 3 个支部没有定等次：{names}。"):
        services.publish_cycle(**by, others_later=False)
    with pytest.raises(services.NotDecided):
        services.publish_cycle(**by, others_later=True)
    decided(world, waiting)
    with pytest.raises(services.Undecided, match="还有 2 个支部没有定等次：第2党支部、第3党支部。"):
        services.publish_cycle(**by, others_later=False)
    assert services.publish_cycle(**by, others_later=True) == 1
    assert standing_of(world.cycle) == [
        ("待支部自评（2 个）", "第2党支部、第3党支部"),
        ("已发布（1 个）", "第1党支部"),
    ]
    assert Cycle.objects.get().state == "open"


def test_with_the_last_branch_the_cycle_is_published(world) -> None:
    first, second, third = world.evaluations
    BranchEvaluation.objects.filter(pk=third.pk).update(state="left_out", left_out_reason="新成立")
    whole_way(world, first)
    with pytest.raises(PartlyPublished):
        withdraw_cycle(cycle=world.cycle, reason="重来", actor=world.organizer)
    decided(world, told(world, reviewed(world, second)), problems=[])
    by = {"cycle": world.cycle, "actor": world.organizer, "today": TODAY, "now": NOW}
    assert services.publish_cycle(**by, others_later=False) == 1
    cycle = Cycle.objects.get()
    assert (cycle.state, cycle.published_on) == ("published", TODAY)
    assert Deed.objects.filter(action="cycle.published").count() == 1
    assert FrozenFigure.objects.filter(evaluation=second, stage="result").count() == 3
    assert Task.objects.filter(kind="rectification", state="open").count() == 1
    with pytest.raises(WrongPhase):
        services.publish_cycle(**by, others_later=True)


def test_a_cycle_does_not_wait_for_branches_that_are_left_out_in_the_end(world) -> None:
    first, second, third = world.evaluations
    out = {"reason": "撤销", "actor": world.organizer, "today": TODAY}
    leave_out_branch(evaluation=second, **out)
    whole_way(world, first)
    assert Cycle.objects.get().state == "open"
    leave_out_branch(evaluation=third, **out)
    assert Cycle.objects.get().state == "published"


def test_a_frozen_result_stays_when_a_record_behind_it_is_corrected(world, sign_in) -> None:
    evaluation = whole_way(world, world.evaluations[0])
    before = outcome_of(evaluation, with_marks=True, today=TODAY)
    assert before.changed == []
    Attendance.objects.filter(status=AttendanceStatus.ABSENT).update(status=AttendanceStatus.PRESENT)
    after = outcome_of(fresh(evaluation), with_marks=True, today=TODAY)
    assert (after.grade, [(line.row.code, line.grade) for line in after.lines]) == (
        before.grade,
        [(line.row.code, line.grade) for line in before.lines],
    )
    assert [one.words for one in after.changed if one.measure == "participation"] == [
        "发布时 66.6%，现在 100%"
    ]
    page = sign_in(world.secretaries[0]).get(f"/evaluations/results/{evaluation.pk}/").content.decode()
    assert "发布时 66.6%，现在 100%" in page
    paper = sign_in(world.secretaries[0]).get(f"/evaluations/results/{evaluation.pk}/letter/")
    assert "<td>组织生活参加率</td><td>66.6%</td><td>2 / 3</td>" in paper.content.decode()


def test_members_read_the_grade_and_the_committee_the_marks(world, sign_in) -> None:
    evaluation = whole_way(world, world.evaluations[0])
    member = factories.make_user("卫青松", username="plain")
    factories.make_member(world.branches[0], person=member)
    stranger = factories.make_user("外人", username="stranger")
    factories.make_member(world.branches[1], person=stranger)
    address = f"/evaluations/results/{evaluation.pk}/"
    own = sign_in(member).get(address).content.decode()
    for words in ("较好", "工作扎实，出勤不足。", "继续努力。", "党员大会缺席多"):
        assert words in own
    assert "标准镇-1" not in own
    assert "标准镇-1" in sign_in(world.secretaries[0]).get(address).content.decode()
    assert sign_in(stranger).get(address).status_code == 404
    assert sign_in(world.reviewers[0].person).get(address).status_code == 404
    assert policies.reads_marks(world.organizer, evaluation)


def test_before_it_is_published_the_grade_is_known_above_only(world, waiting, sign_in) -> None:
    evaluation = decided(world, waiting, grade_reason="尚未公开的理由")
    address = f"/evaluations/results/{evaluation.pk}/"
    assert "尚未公开的理由" in sign_in(world.organizer).get(address).content.decode()
    below = sign_in(world.secretaries[0]).get(address)
    assert below.status_code == 200
    assert "尚未公开的理由" not in below.content.decode()
    assert sign_in(world.secretaries[0]).get(address + "letter/").status_code == 403
