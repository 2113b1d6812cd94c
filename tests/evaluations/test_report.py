"""The branch's side: its page in the cycle, its report, the appraisal."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.ballots.models import Poll, Question
from apps.evaluations.models import BranchEvaluation, FrozenFigure, Mark, ResultProblem, SelfAnswer
from apps.evaluations.queries_appraisal import Part, appraisals_of
from apps.evaluations.services_appraisal import AlreadyHeld, NotToLink, link_appraisal, start_appraisal
from apps.evaluations.services_report import (
    Answer,
    Missing,
    ReviewBegun,
    UnknownGrade,
    UnknownStandard,
    WrongDay,
    return_report,
    save_report,
    submit_report,
)
from apps.evaluations.services_review import recuse
from apps.evaluations.services_seats import WrongPhase, seat_reviewer
from apps.meetings.models import Attendance
from apps.rules.kinds import AttendanceStatus, PostKind
from apps.rules.kinds_ballots import Electorate, PollState
from apps.rules.kinds_evaluations import EvaluationState, FrozenStage
from apps.ui.refusals import Refusal, Stale
from tests import factories
from tests.conftest import NOW, TODAY
from tests.evaluations.makers_cycle import CycleWorld, make_world

pytestmark = pytest.mark.django_db
TEXTS = {"problems": "学习不够经常", "next_steps": "每月学习一次"}


@pytest.fixture
def world() -> CycleWorld:
    return make_world()


def save(world: CycleWorld, **changes: Any) -> BranchEvaluation:
    one = world.evaluations[0]
    given = {"version": one.version, "texts": TEXTS, "own_grade": 1, "answers": {}}
    return save_report(evaluation=one, actor=world.secretaries[0], **given | changes)


def submit(world: CycleWorld, **changes: Any) -> BranchEvaluation:
    one = world.evaluations[0]
    given = {"version": one.version, "reported_on": TODAY, "on_paper": False, "today": TODAY}
    return submit_report(evaluation=one, actor=world.secretaries[0], **given | changes)


def test_a_draft_keeps_what_is_not_named_and_drops_what_is_emptied(world: CycleWorld) -> None:
    first, second, *_ = [row.pk for row in world.standards]
    save(world, answers={first: Answer(0, "两次外出"), second: Answer(None, "补开一次")})
    one = save(world, texts={"strengths": "帮办"}, own_grade=None, answers={first: Answer(None, "")})
    assert (one.problems, one.strengths, one.own_grade) == ("学习不够经常", "帮办", None)
    assert list(SelfAnswer.objects.values_list("standard", "comment")) == [(second, "补开一次")]
    with pytest.raises(Stale):
        save(world, version=one.version - 1)
    with pytest.raises(UnknownStandard):
        save(world, answers={0: Answer(0, "")})
    for wrong in ({"own_grade": 9}, {"answers": {first: Answer(4, "")}}):
        with pytest.raises(UnknownGrade):
            save(world, **wrong)


def test_a_report_is_handed_in_whole_and_its_figures_stay(world: CycleWorld) -> None:
    with pytest.raises(Missing, match="存在的问题和原因、下一步打算"):
        submit(world)
    save(world)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(WrongDay):
            submit(world, reported_on=day)
    one = submit(world, on_paper=True)
    assert (one.state, one.reported_on, one.reported_by, one.report_on_paper) == (
        EvaluationState.REVIEW,
        TODAY,
        world.secretaries[0],
        True,
    )
    kept = FrozenFigure.objects.filter(evaluation=one, stage=FrozenStage.REPORT)
    assert dict(kept.values_list("measure", "value"))["participation"] == "66.6%"
    with pytest.raises(WrongPhase):
        save(world)
    back = return_report(evaluation=one, reason="请补问题原因", actor=world.organizer)
    assert (back.state, back.return_reason, back.reported_on) == (
        EvaluationState.REPORT,
        "请补问题原因",
        None,
    )
    assert submit(world).return_reason == ""
    told = {"actor": world.organizer, "today": TODAY}
    seat = seat_reviewer(evaluation=world.evaluations[0], reviewer=world.reviewers[0], **told)
    Mark.objects.create(seat=seat, standard=world.standards[0], grade=0)
    with pytest.raises(ReviewBegun):
        return_report(evaluation=world.evaluations[0], reason="再看", actor=world.organizer)
    recuse(seat=seat, reason="亲属", **told)
    assert return_report(evaluation=world.evaluations[0], reason="再看", actor=world.organizer).version


def last_year(world: CycleWorld) -> None:
    """A result of the year before, with a problem that is a task now."""
    old = make_world(branches=1)
    one = old.evaluations[0]
    type(old.cycle).objects.filter(pk=old.cycle.pk).update(year=2025)
    task = factories.make_rectification(world.branches[0], title="学习记录不全", due_on=date(2026, 3, 1))
    ResultProblem.objects.create(
        evaluation=one, text="学习记录不全", demand="每次有记录", due_on=date(2026, 3, 1), task=task
    )
    BranchEvaluation.objects.filter(pk=one.pk).update(
        branch=world.branches[0],
        state=EvaluationState.PUBLISHED,
        grade=1,
        grade_reason="较好",
        decided_on=date(2026, 1, 9),
    )


def test_what_was_named_last_year_is_answered_first(
    world: CycleWorld, sign_in: Callable[[User], Client]
) -> None:
    last_year(world)
    save(world)
    with pytest.raises(Missing, match="还没有写：上年度问题整改情况。"):
        submit(world)
    address = reverse("evaluations:report", args=[world.evaluations[0].pk])
    page = sign_in(world.secretaries[0]).get(address).content.decode()
    assert page.index("学习记录不全") < page.index("存在的问题和原因")
    assert "已过期限，还没整改完" in page
    save(world, texts={"last_year": "已补齐"})
    assert submit(world).state == EvaluationState.REVIEW


def test_the_page_saves_what_is_typed_and_loses_nothing(
    world: CycleWorld, sign_in: Callable[[User], Client]
) -> None:
    one, client = world.evaluations[0], sign_in(world.secretaries[0])
    address = reverse("evaluations:report", args=[one.pk])
    first = world.standards[0].pk
    form = client.get(address).context["form"]
    assert [name for name in form.fields if name.startswith("comment_")] == [
        f"comment_{row.pk}" for row in world.standards
    ]
    typed = {"version": one.version, f"comment_{first}": "两次外出", f"grade_{first}": "0", **TEXTS}
    assert client.post(address, typed).status_code == 302
    stale = client.post(address, typed | {"problems": "我的说法"})
    assert stale.status_code == 422
    assert stale.context["conflict"] == [
        {"label": "存在的问题和原因", "stored": "学习不够经常", "yours": "我的说法"}
    ]
    again = {field.html_name: field.value() or "" for field in stale.context["form"]}
    assert (again["problems"], again[f"comment_{first}"]) == ("我的说法", "两次外出")
    sent = client.post(address, again | {"submit": "1"})
    assert sent["Location"] == reverse("evaluations:report_submit", args=[one.pk])
    asked = {"reported_on": TODAY.isoformat(), "version": world.evaluations[0].version}
    assert client.post(sent["Location"], asked).status_code == 302
    page = client.get(reverse("evaluations:branch", args=[one.pk])).content.decode()
    assert "我的说法" in page
    assert "两次外出" in page
    assert "提交以后变了的数字" not in page
    Attendance.objects.update(status=AttendanceStatus.PRESENT)
    page = client.get(reverse("evaluations:branch", args=[one.pk])).content.decode()
    assert "组织生活参加率：提交自评时 66.6%，现在 100%" in page
    paper = client.get(reverse("evaluations:report_print", args=[one.pk])).content.decode()
    assert "100%（应到 3 人次，实到 3 人次）" in paper


def test_a_report_that_is_being_written_is_read_in_the_branch_alone(
    world: CycleWorld, sign_in: Callable[[User], Client]
) -> None:
    save(world)
    address = reverse("evaluations:branch", args=[world.evaluations[0].pk])
    read = {
        who: "学习不够经常" in sign_in(who).get(address).content.decode()
        for who in (world.organizer, world.secretaries[0])
    }
    assert read == {world.organizer: False, world.secretaries[0]: True}
    printed = reverse("evaluations:report_print", args=[world.evaluations[0].pk])
    assert sign_in(world.organizer).get(printed).status_code == 403


def appraisal(world: CycleWorld, part: Part, **changes: Any) -> Poll:
    one, two = (
        factories.make_member(world.branches[0], person=factories.make_user(username=uuid.uuid4().hex))
        for _ in range(2)
    )
    values = {"mode": "sealed", "teller_one": one, "teller_two": two, "closes_on": TODAY}
    given = {"today": TODAY, "now": NOW, "idempotency_key": uuid.uuid4(), "values": values}
    target = {"evaluation": world.evaluations[0], "part": part, "actor": world.secretaries[0]}
    return start_appraisal(**target, **given | changes)


def test_the_polls_of_the_appraisal_ask_what_is_always_asked(world: CycleWorld) -> None:
    key = uuid.uuid4()
    poll = appraisal(world, Part.MEMBERS, idempotency_key=key)
    asked = list(Question.objects.filter(poll=poll).order_by("position").values_list("words", flat=True))
    assert (len(asked), asked[15:17]) == (18, ["对支部班子的总体评价", "对支部书记的总体评价"])
    assert (poll.electorate, poll.threshold) == (Electorate.ALL, 5)
    assert appraisal(world, Part.MEMBERS, idempotency_key=key).pk == poll.pk
    with pytest.raises(AlreadyHeld):
        appraisal(world, Part.MEMBERS)
    with pytest.raises(Refusal, match="支委只有 1 人"):
        appraisal(world, Part.COMMITTEE)
    for kind in (PostKind.DEPUTY_SECRETARY, PostKind.ORGANIZATION, PostKind.PUBLICITY, PostKind.DISCIPLINE):
        person = factories.make_user()
        factories.make_member(world.branches[0], person=person)
        factories.make_post(person, world.branches[0], kind)
    second = appraisal(world, Part.COMMITTEE)
    assert (second.electorate, second.threshold) == (Electorate.COMMITTEE, 5)
    assert Question.objects.filter(poll=second).count() == 6


def test_a_poll_held_already_is_linked_and_one_destroyed_is_held_anew(world: CycleWorld) -> None:
    poll = appraisal(world, Part.MEMBERS)
    Poll.objects.update(state=PollState.DESTROYED)
    told = {"part": Part.MEMBERS, "actor": world.secretaries[0]}
    with pytest.raises(NotToLink):
        link_appraisal(evaluation=world.evaluations[0], poll=poll, **told)
    assert appraisals_of(world.evaluations[0], user=world.organizer, today=TODAY)[0].missing
    Poll.objects.update(state=PollState.OPEN)
    BranchEvaluation.objects.update(members_poll=None)
    with pytest.raises(NotToLink):
        link_appraisal(evaluation=world.evaluations[1], poll=poll, **told)
    link_appraisal(evaluation=world.evaluations[0], poll=poll, **told)
    assert world.evaluations[0].members_poll == poll


def test_a_branch_without_a_committee_is_told_why_it_asks_none(world: CycleWorld) -> None:
    world.branches[0].terms.update(with_committee=False)
    found = {
        one.part: one.not_held
        for one in appraisals_of(world.evaluations[0], user=world.organizer, today=TODAY)
    }
    assert found == {Part.MEMBERS: "", Part.COMMITTEE: "本支部没有设支部委员会，不用支委测评。"}


def test_the_pages_cost_the_same_for_three_branches_as_for_one(sign_in: Callable[[User], Client]) -> None:
    def cost(number: int) -> list[int]:
        world = make_world(branches=number)
        client, found = sign_in(world.organizer), []
        seat_reviewer(
            evaluation=world.evaluations[0], reviewer=world.reviewers[0], actor=world.organizer, today=TODAY
        )
        names = ("cycle_detail", "cycle_print", "reviewers")
        for address in (reverse(f"evaluations:{name}", args=[world.cycle.pk]) for name in names):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found.append(len(captured))
        return found

    assert cost(3) == cost(1)
