"""A cycle from its draft to its opening: what is frozen then, and who may review where."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.models import Organization, RuleOverride
from apps.branches.services import WrongPlace, move_organization
from apps.evaluations.models import BranchEvaluation, CycleStandard, FrozenFigure, Seat
from apps.evaluations.policies import visible_cycles, visible_evaluations
from apps.evaluations.queries_cycles import share_words, usually_left_out, weight_shares
from apps.evaluations.queries_evidence import Beside, evidence_of, frozen_beside_live
from apps.evaluations.services_cycles import (
    NoBranches,
    NoStandards,
    WrongGrades,
    WrongPhase,
    WrongWeights,
    choose_standards,
    update_cycle,
    withdraw_cycle,
)
from apps.evaluations.services_freeze import AlreadyPublished, freeze_figures
from apps.evaluations.services_seats import (
    AlreadyReviewing,
    Conflicted,
    SeatsTaken,
    distribute_seats,
    end_reviewer,
    leave_out_branch,
    name_reviewer,
    seat_at,
    seat_reviewer,
    take_in_branch,
)
from apps.evaluations.views_cycles import who
from apps.meetings.models import Attendance
from apps.rules.figures import RULE_VERSION, FigureState
from apps.rules.kinds import AttendanceStatus, OrgKind, PostKind
from apps.rules.kinds_evaluations import CycleState, EvaluationState, FrozenStage
from apps.standards.discretion import FROM_ABOVE
from apps.standards.models import LevelOverride, StandardVersion
from apps.ui.refusals import Stale
from tests import factories
from tests.conftest import TODAY
from tests.evaluations.makers_cycle import (
    GRADES,
    VALUES,
    CycleWorld,
    make_cycle,
    make_reviewer,
    make_world,
    open_it,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> CycleWorld:
    return make_world()


def values_of(world: CycleWorld, place: int = 0) -> dict[str, tuple[str, FigureState | None]]:
    one = world.evaluations[place]
    found = evidence_of([one], today=TODAY, reader=FROM_ABOVE)[one.pk]
    return {
        line.standard.code: (
            "、".join(str(figure.value) for figure in line.judged.now),
            line.state,
        )
        for line in found.standards
    }


def test_a_draft_ticks_every_standard_and_is_changed_until_it_is_opened() -> None:
    world = make_world(opened=False)
    cycle = world.cycle
    assert [one.code for one in world.standards] == ["镇-1", "镇-2", "镇-3", "镇-4"]
    kept = {one.standard_id: None for one in world.standards[1:]}
    cycle = choose_standards(
        cycle=cycle, version=cycle.version, chosen=kept, actor=world.organizer, today=TODAY
    )
    assert [one.code for one in world.standards] == ["镇-2", "镇-3", "镇-4"]
    told = {"cycle": cycle, "actor": world.organizer}
    with pytest.raises(NoStandards):
        choose_standards(version=cycle.version, chosen={}, today=TODAY, **told)
    with pytest.raises(Stale):
        update_cycle(version=1, values=VALUES, grades=GRADES, **told)
    for wrong in (
        ("好",),
        ("好", "好"),
        ("好", ""),
        ("一二三四五六七八九十十一十二", "差"),
        tuple("一二三四五六七"),
    ):
        with pytest.raises(WrongGrades):
            update_cycle(version=cycle.version, values=VALUES, grades=wrong, **told)
    cycle = update_cycle(
        version=cycle.version, values=VALUES | {"weighted": True}, grades=("优", "良"), **told
    )
    with pytest.raises(WrongWeights):
        open_it(cycle, actor=world.organizer)
    weighed = {pk: 20 + place for place, pk in enumerate(kept)}
    cycle = choose_standards(
        cycle=cycle, version=cycle.version, chosen=weighed, actor=world.organizer, today=TODAY
    )
    assert [one.weight for one in world.standards] == [20, 21, 22]


def test_each_open_branch_takes_part_or_is_left_out_with_a_reason() -> None:
    world = make_world(opened=False)
    cycle = world.cycle
    everybody = {branch.pk: "本年度不考核" for branch in world.branches}
    with pytest.raises(NoBranches):
        open_it(cycle, actor=world.organizer, left_out=everybody)
    opened = open_it(cycle, actor=world.organizer, left_out={world.branches[2].pk: "刚成立"})
    assert (opened.state, opened.opened_on, opened.rule_version) == (CycleState.OPEN, TODAY, RULE_VERSION)
    assert [(one.branch, one.state, one.left_out_reason) for one in world.evaluations] == [
        (world.branches[0], EvaluationState.REPORT, ""),
        (world.branches[1], EvaluationState.REPORT, ""),
        (world.branches[2], EvaluationState.LEFT_OUT, "刚成立"),
    ]
    with pytest.raises(WrongPhase):
        update_cycle(
            cycle=opened, version=opened.version, values=VALUES, grades=GRADES, actor=world.organizer
        )


def test_a_branch_is_evaluated_once_a_year_however_the_committees_are_nested() -> None:
    world = make_world(opened=False, branches=1)
    general = factories.make_organization(OrgKind.GENERAL_BRANCH, parent=world.committee, name="厂总支")
    below = factories.make_organization(parent=general, name="厂一支部")
    open_it(make_cycle(general, actor=world.organizer), actor=world.organizer)
    assert usually_left_out(world.cycle, today=TODAY) == [(below, "已参加厂总支组织的本年度考核")]
    below.closed_on = TODAY
    below.save(update_fields=["closed_on"])
    row = BranchEvaluation.objects.select_related("cycle", "branch").get(branch=below)
    assert who(row) == "支部已撤销，请组织考核的党组织办理“本年度不参加”"
    bare = factories.make_organization(OrgKind.COMMITTEE, name="没有标准的党委")
    with pytest.raises(NoStandards, match="还没有可用的考核标准"):
        make_cycle(bare, actor=world.organizer)


def test_a_draft_with_weights_begins_without_any(db) -> None:
    world = make_world(opened=False, weighted=True)
    assert {one.weight for one in world.standards} == {None}
    with pytest.raises(WrongWeights):
        open_it(world.cycle, actor=world.organizer)


def test_weights_are_only_spread_over_the_grades() -> None:
    rows = [CycleStandard(pk=pk, weight=weight) for pk, weight in ((1, 50), (2, 30), (3, 20), (4, 60))]
    shares = weight_shares({1: 0, 2: 1, 3: 0}, standards=rows, grades=dict(enumerate(GRADES)))
    assert share_words(shares) == "按权重：好占 70%、较好占 30%"
    assert share_words(weight_shares({}, standards=rows, grades={})) == ""


def local_rule(world: CycleWorld, place: Organization) -> None:
    RuleOverride.objects.create(code="MTG-1", applies=False, **bearing(world, place))


def local_level(world: CycleWorld, *, good: int, warn: int) -> None:
    LevelOverride.objects.create(
        measure="participation",
        good=good,
        warn=warn,
        idempotency_key=uuid.uuid4(),
        **bearing(world, world.committee),
    )


def bearing(world: CycleWorld, place: Organization) -> dict[str, object]:
    return {
        "organization": place,
        "path": place.path,
        "reason": "镇〔2026〕8 号",
        "valid_from": date(2026, 1, 1),
        "created_by": world.organizer,
    }


def test_what_is_changed_after_the_opening_changes_nothing(world: CycleWorld) -> None:
    before = values_of(world)
    assert before["镇-1"] == ("2/3", FigureState.WARN)
    assert before["镇-4"] == ("", None)
    StandardVersion.objects.update(title="改过的标题")
    local_rule(world, world.branches[0])
    local_level(world, good=100, warn=100)
    assert values_of(world) == before
    assert world.standards[0].title == "标准镇-1"


def test_what_held_at_the_opening_is_what_the_figures_go_by(world: CycleWorld) -> None:
    ours = make_world(opened=False)
    local_rule(ours, ours.branches[0])
    local_level(ours, good=66, warn=50)
    ours.cycle = open_it(ours.cycle, actor=ours.organizer)
    RuleOverride.objects.all().delete()
    LevelOverride.objects.all().delete()
    assert values_of(ours)["镇-1"] == ("2/3", FigureState.GOOD)
    assert values_of(world)["镇-2"] == ("1/25", FigureState.WARN)
    assert values_of(ours)["镇-2"] == ("0", FigureState.WARN)
    assert values_of(world, 1)["镇-2"] == values_of(ours, 1)["镇-2"]


def test_a_branch_that_is_moved_keeps_its_rules_and_the_committee_that_evaluates_it(sign_in) -> None:
    ours = make_world(opened=False, branches=2)
    local_rule(ours, ours.committee)
    ours.cycle = open_it(ours.cycle, actor=ours.organizer)
    before = values_of(ours)
    elsewhere = make_world(opened=False, branches=1)
    with pytest.raises(WrongPlace, match="之下已经有叫“第1党支部”的，请先改名再移动"):
        move_organization(organization=ours.branches[0], parent=elsewhere.committee, actor=ours.organizer)
    Organization.objects.filter(pk=ours.branches[0].pk).update(name="原第一党支部")
    move_organization(organization=ours.branches[0], parent=elsewhere.committee, actor=ours.organizer)
    moved = BranchEvaluation.objects.get(cycle=ours.cycle, branch=ours.branches[0])
    ours.cycle.refresh_from_db()
    assert moved.path.startswith(elsewhere.committee.path)
    place = [one.pk for one in ours.evaluations].index(moved.pk)
    assert values_of(ours, place) == before
    client = sign_in(ours.organizer)
    for name in ("branch", "settle", "leave_out"):
        assert client.get(reverse(f"evaluations:{name}", args=[moved.pk])).status_code == 200
    assert sign_in(elsewhere.organizer).get(reverse("evaluations:settle", args=[moved.pk])).status_code == 404


def test_a_frozen_figure_stays_beside_the_one_of_today(world: CycleWorld) -> None:
    one = world.evaluations[0]
    assert freeze_figures(evaluation=one, stage=FrozenStage.RESULT, today=TODAY) == 3
    Attendance.objects.update(status=AttendanceStatus.PRESENT)
    found = {line.measure: line for line in beside(world)}
    assert found["participation"].words == "发布时 66.6%，现在 100%"
    assert (found["participation"].state, found["participation"].state_now) == (
        FigureState.WARN,
        FigureState.GOOD,
    )
    assert found["rectified_on_time"].words == "100%"
    freeze_figures(evaluation=one, stage=FrozenStage.RESULT, today=TODAY)
    assert {line.measure: line.words for line in beside(world)}["participation"] == "100%"
    BranchEvaluation.objects.filter(pk=one.pk).update(
        state=EvaluationState.PUBLISHED, grade=0, grade_reason="好", decided_on=TODAY
    )
    with pytest.raises(AlreadyPublished):
        freeze_figures(evaluation=one, stage=FrozenStage.RESULT, today=TODAY)
    assert FrozenFigure.objects.count() == 3


def beside(world: CycleWorld) -> list[Beside]:
    one = world.evaluations[0]
    return frozen_beside_live([one], stage=FrozenStage.RESULT, today=TODAY)[one.pk]


def test_the_evidence_of_three_branches_costs_what_one_costs(world: CycleWorld) -> None:
    def cost(number: int) -> int:
        some = world.evaluations[:number]
        with CaptureQueriesContext(connection) as captured:
            evidence_of(some, today=TODAY, reader=FROM_ABOVE)
        return len(captured)

    assert cost(3) == cost(1)


def test_whoever_has_to_do_with_a_branch_does_not_review_it(world: CycleWorld) -> None:
    told = {"actor": world.organizer, "today": TODAY}
    member = factories.make_member(world.branches[0]).person
    secretary = world.secretaries[1]
    former = factories.make_user("韩退")
    factories.make_post(
        former, world.branches[2], PostKind.PUBLICITY, starts_on=date(2023, 3, 1), ends_on=date(2026, 2, 1)
    )
    long_ago = factories.make_user("齐远")
    days = {"starts_on": date(2023, 3, 1), "ends_on": date(2025, 12, 31)}
    factories.make_post(long_ago, world.branches[2], PostKind.PUBLICITY, **days)
    refused = {
        member: (0, "是本支部党员"),
        secretary: (1, "是本支部党员"),
        former: (2, "担任过本支部宣传委员"),
    }
    for person, (place, words) in refused.items():
        reviewer = make_reviewer(world.cycle, actor=world.organizer, person=person)
        with pytest.raises(Conflicted, match=words):
            seat_reviewer(evaluation=world.evaluations[place], reviewer=reviewer, **told)
    reviewer = make_reviewer(world.cycle, actor=world.organizer, person=long_ago)
    seat_reviewer(evaluation=world.evaluations[2], reviewer=reviewer, **told)
    with pytest.raises(SeatsTaken):
        seat_reviewer(evaluation=world.evaluations[2], reviewer=world.reviewers[0], **told)


def test_seats_are_spread_evenly_and_never_against_a_conflict(world: CycleWorld) -> None:
    told = {"actor": world.organizer, "today": TODAY}
    one, two = world.reviewers
    factories.make_member(world.branches[2], person=two.person)
    assert distribute_seats(cycle=world.cycle, **told) == 0
    seats = list(Seat.objects.order_by("evaluation__path").values_list("reviewer", flat=True))
    assert sorted(seats) == sorted([one.pk, two.pk, one.pk])
    assert seats[2] == one.pk
    first, second, third = world.evaluations
    leave_out_branch(evaluation=third, reason="撤并", **told)
    mine = [pk for pk, who in zip((first.pk, second.pk), seats, strict=False) if who == two.pk]
    with pytest.raises(SeatsTaken):
        seat_at(reviewer=one, chosen=[first.pk, second.pk], **told)
    end_reviewer(reviewer=two, **told)
    assert not Seat.objects.filter(evaluation__in=mine).exists()
    seat_at(reviewer=one, chosen=[first.pk, second.pk], **told)
    seat_at(reviewer=one, chosen=[first.pk], **told)
    assert set(Seat.objects.filter(reviewer=one).values_list("evaluation", flat=True)) == {first.pk, third.pk}
    Seat.objects.filter(evaluation=first).update(summary="已写")
    with pytest.raises(AlreadyReviewing, match="不再担任"):
        seat_at(reviewer=one, chosen=[], **told)
    end_reviewer(reviewer=one, **told)
    left = Seat.objects.get(evaluation=first, reviewer=one)
    assert (left.recused_on, left.recusal_reason) == (TODAY, "不再担任评审人")
    again = name_reviewer(cycle=world.cycle, person=two.person, actor=world.organizer)
    assert (again.pk, again.ended_on) == (two.pk, None)
    seat_reviewer(evaluation=first, reviewer=two, **told)
    with pytest.raises(Conflicted, match="已经退出"):
        seat_reviewer(
            evaluation=first,
            reviewer=name_reviewer(cycle=world.cycle, person=one.person, actor=world.organizer),
            **told,
        )
    assert take_in_branch(evaluation=third, actor=world.organizer).state == EvaluationState.REPORT


def test_each_sees_his_own_part_only(world: CycleWorld) -> None:
    reviewer = world.reviewers[0]
    told = {"actor": world.organizer, "today": TODAY}
    seat_reviewer(evaluation=world.evaluations[1], reviewer=reviewer, **told)
    stranger = make_world()
    first, second, third = world.evaluations

    def seen() -> list[set[BranchEvaluation]]:
        people = (world.organizer, world.secretaries[0], reviewer.person, stranger.organizer)
        return [set(visible_evaluations(fresh(one)).filter(cycle=world.cycle)) for one in people]

    assert seen() == [{first, second, third}, {first}, {second}, set()]
    assert set(visible_cycles(fresh(reviewer.person))) == {world.cycle}
    Seat.objects.update(recused_on=TODAY, recusal_reason="亲属")
    assert seen()[2] == set()
    Seat.objects.update(recused_on=None, recusal_reason="")
    withdraw_cycle(cycle=world.cycle, reason="上级另有安排", actor=world.organizer)
    assert seen() == [{first, second, third}, set(), set(), set()]
    assert not visible_cycles(fresh(world.secretaries[0])).exists()
    make_cycle(world.committee, actor=world.organizer)


def fresh(person: User) -> User:
    """Without the posts that were kept for the last request."""
    return User.objects.get(pk=person.pk)
