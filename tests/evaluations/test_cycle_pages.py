"""The committee's pages: drafting, opening, naming reviewers, following the branches."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.evaluations.models import BranchEvaluation, Cycle, CycleStandard, Reviewer, Seat
from apps.rules.evaluation_steps import usual_calendar
from apps.rules.kinds import BranchForm, OrgKind, PostKind
from apps.rules.kinds_evaluations import CycleState, EvaluationState
from tests import factories
from tests.conftest import TODAY
from tests.evaluations.makers_cycle import CycleWorld, make_standards, make_world

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def world() -> CycleWorld:
    return make_world()


def address(name: str, pk: int) -> str:
    return reverse(f"evaluations:{name}", args=[pk])


def typed(**changes: Any) -> dict[str, Any]:
    days = {name: day.isoformat() for name, day in usual_calendar(TODAY).items()}
    given = {"title": "考核", "grades": "优，良、中", "reviewers_needed": 1, "idempotency_key": uuid.uuid4()}
    return given | {"year": 2026, **days, **changes}


def test_a_cycle_is_drafted_changed_and_opened_on_its_pages(sign_in: SignIn) -> None:
    committee = factories.make_organization(OrgKind.COMMITTEE)
    organizer = factories.make_user(username="leader")
    factories.make_post(organizer, committee, PostKind.ORGANIZER)
    make_standards(committee, actor=organizer)
    factories.make_organization(parent=committee)
    late = factories.make_organization(parent=committee, form=BranchForm.TEMPORARY)
    client, new = sign_in(organizer), reverse("evaluations:cycle_create")
    wrong = client.post(new, typed(organization=committee.pk, grades="好", publish_by=TODAY.isoformat()))
    assert (wrong.status_code, Cycle.objects.count()) == (422, 0)
    assert "日期顺序不对" in wrong.content.decode()
    client.post(new, typed(organization=committee.pk))
    cycle = Cycle.objects.get()
    again = client.post(new, typed(organization=committee.pk))
    assert "这一年度的考核已经有了" in again.content.decode()
    form = client.get(address("cycle_update", cycle.pk)).context["form"]
    assert form.initial["grades"] == "优、良、中"
    client.post(address("cycle_update", cycle.pk), typed(weighted="on", version=1))
    rows = list(CycleStandard.objects.order_by("position").values_list("standard", flat=True))
    ticks = {f"take_{pk}": "on" for pk in rows[:2]} | {"version": 2}
    unweighted = client.post(address("cycle_standards", cycle.pk), ticks)
    assert "每条勾选的标准都填" in unweighted.content.decode()
    client.post(address("cycle_standards", cycle.pk), ticks | {f"weight_{pk}": 30 for pk in rows})
    assert list(CycleStandard.objects.values_list("standard", "weight")) == [(pk, 30) for pk in rows[:2]]
    asked = client.get(address("cycle_open", cycle.pk)).context["form"]
    assert asked.initial == {"version": 3, "left_out": [str(late.pk)]}
    client.post(address("cycle_open", cycle.pk), {"version": 3, "left_out": [late.pk]})
    cycle.refresh_from_db()
    assert cycle.state == CycleState.OPEN
    assert BranchEvaluation.objects.get(branch=late).left_out_reason == "临时党支部"
    assert client.get(address("cycle_update", cycle.pk)).status_code == 403


def test_reviewers_are_named_and_seated_on_their_pages(world: CycleWorld, sign_in: SignIn) -> None:
    client, cycle = sign_in(world.organizer), world.cycle
    page = address("reviewers", cycle.pk)
    for data, words in (({}, "请选择一个人"), ({"username": "nobody"}, "没有这个登录名")):
        assert words in client.post(page, data).content.decode()
    client.post(page, {"person": world.secretaries[1].pk})
    client.post(page, {"username": world.secretaries[2].username})
    named = Reviewer.objects.get(person=world.secretaries[1])
    seats = address("seats", named.pk)
    form = client.get(seats).context["form"]
    assert [(one.branch, why[-10:]) for one, why in form.barred] == [
        (world.branches[1], "支部党员，应当回避。")
    ]
    first, second, _ = (one.pk for one in world.evaluations)
    assert client.post(seats, {"seats": [second]}).status_code == 422
    client.post(seats, {"seats": [first]})
    client.post(address("distribute", cycle.pk))
    assert Seat.objects.count() == 3
    assert Seat.objects.filter(evaluation=first).get().reviewer == named
    others = client.get(address("seats", world.reviewers[0].pk)).content.decode()
    assert f"已安排：{world.secretaries[1]}" in others
    client.post(address("reviewer_end", named.pk))
    assert not Seat.objects.filter(evaluation=first).exists()
    assert [one.pk for one in client.get(page).context["gaps"]] == [first]


def test_the_branches_are_found_by_step_reviewer_and_lateness_and_ordered_by_name_never_by_grade(
    world: CycleWorld, sign_in: SignIn
) -> None:
    client, page = sign_in(world.organizer), address("cycle_detail", world.cycle.pk)
    first, second, third = world.evaluations
    reviewer = world.reviewers[0]
    Seat.objects.create(evaluation=second, reviewer=reviewer)
    decided = {"grade": 0, "grade_reason": "好", "decided_on": TODAY}
    BranchEvaluation.objects.filter(pk=third.pk).update(state=EvaluationState.DECIDED, **decided)
    Cycle.objects.update(report_by=TODAY - timedelta(days=1))

    def found(**asked: Any) -> list[BranchEvaluation]:
        return client.get(page, asked).context["rows"]

    assert found() == [first, second, third]
    assert found(state="report") == [first, second]
    assert found(reviewer=reviewer.pk) == [second]
    assert found(reviewer="none") == [first, third]
    assert found(late="late") == [first, second]
    assert found(order="grade") == [first, second, third]
    Organization.objects.filter(pk=second.branch_id).update(short_name="A 支部")
    Organization.objects.filter(pk=first.branch_id).update(short_name="B 支部")
    assert found() == [second, first, third]


def test_a_branch_is_left_out_taken_in_again_and_a_new_one_added(world: CycleWorld, sign_in: SignIn) -> None:
    client, one = sign_in(world.organizer), world.evaluations[0]
    client.post(address("leave_out", one.pk), {"reason": "撤并"})
    page = client.get(address("branch", one.pk)).content.decode()
    assert "本年度不参加" in page
    assert "撤并" in page
    client.post(address("take_in", one.pk))
    assert world.evaluations[0].state == EvaluationState.REPORT
    add = address("add_branch", world.cycle.pk)
    assert "都已经在里面" in client.get(add).content.decode()
    new = factories.make_organization(parent=world.committee)
    client.post(add, {"branch": new.pk})
    assert len(world.evaluations) == 4
    client.post(address("cycle_withdraw", world.cycle.pk), {"reason": "上级另有安排"})
    assert sign_in(world.secretaries[0]).get(address("branch", one.pk)).status_code == 404
