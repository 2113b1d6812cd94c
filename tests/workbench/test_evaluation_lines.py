"""What of the annual evaluation stands on the first pages, and for whom."""

from __future__ import annotations

from datetime import date, timedelta

from apps.accounts.models import User
from apps.evaluations.models import BranchEvaluation
from apps.evaluations.services_settle import raise_objection
from apps.workbench import queries_evaluations as queries
from apps.workbench.queries_feed import events_of
from apps.workbench.queries_mine import subject_of
from apps.workbench.queries_mine_evaluations import evaluation_parts
from tests import factories
from tests.conftest import TODAY
from tests.evaluations.makers_cycle import make_world
from tests.evaluations.makers_desk import (
    decided,
    handed_in,
    published,
    reported,
    reviewed,
    seated,
    told,
)


def words(lines: list[queries.EvaluationLine]) -> list[str]:
    return [line.words for line in lines]


def home_of(sign_in, user: User) -> str:
    return sign_in(user).get("/").content.decode()


def test_a_reviewer_without_any_post_is_led_to_his_desk(db, sign_in) -> None:
    world = make_world()
    person = world.reviewers[0].person
    assert "年度考核" not in home_of(sign_in, person)
    seat = seated(world, reported(world.evaluations[0]))
    seated(world, world.evaluations[1])
    page = home_of(sign_in, person)
    assert "1 个支部等您评审" in page
    assert 'href="/evaluations/desk/?state=todo"' in page
    assert "等您评审" not in home_of(sign_in, world.reviewers[1].person)
    handed_in(world, seat)
    assert "您评审的 2 个支部" in home_of(sign_in, person)
    late = queries.review_lines(person, today=date(2026, 12, 26))
    assert [line.is_late for line in late] == [False]


def test_organizers_see_what_waits_for_them_step_by_step(db, sign_in, django_assert_num_queries) -> None:
    world = make_world()

    def above(*, today: date = TODAY) -> list[str]:
        with django_assert_num_queries(1):
            found = words(queries.above_lines(world.organizer, today=today))
        return [one for one in found if "还缺评审人" not in one]

    assert words(queries.above_lines(world.organizer, today=TODAY)) == ["3 个支部还缺评审人，请安排"]
    assert above() == []
    waiting = reviewed(world, world.evaluations[0])
    assert above() == ["1 个支部评审完毕，请研究评审意见"]
    evaluation = told(world, waiting)
    assert above() == []
    assert above(today=date(2027, 1, 1)) == ["2 个支部没有按期完成", "1 个支部待定等次"]
    BranchEvaluation.objects.filter(pk=evaluation.pk).update(told_on=date(2026, 12, 30))
    assert above(today=date(2027, 1, 4)) == ["2 个支部没有按期完成"]
    assert above(today=date(2027, 1, 5))[1:] == ["1 个支部待定等次"]
    BranchEvaluation.objects.filter(pk=evaluation.pk).update(told_on=TODAY)
    by = {"reason": "不符", "raised_on": TODAY, "on_paper": False, "today": TODAY}
    raise_objection(
        evaluation=told(world, reviewed(world, world.evaluations[1])),
        standard=world.standards[0],
        actor=world.secretaries[1],
        **by,
    )
    assert above(today=date(2027, 1, 1))[1:] == ["1 个支部提出的意见待答复", "1 个支部待定等次"]
    decided(world, evaluation)
    assert above() == ["1 个支部提出的意见待答复", "1 个支部已定等次，待发布"]
    assert (
        "1 个支部已定等次，待发布" in home_of(sign_in, world.organizer)
        or "待发布" in sign_in(world.organizer).get("/board/").content.decode()
    )
    assert queries.above_lines(world.secretaries[0], today=TODAY) == []


def test_the_secretary_sees_what_is_due_and_those_above_who_is_late(db, sign_in) -> None:
    world = make_world()
    page = home_of(sign_in, world.secretaries[0])
    assert "2026 年度党支部考核：支部自评" in page
    assert "2026 年度党支部考核：党员测评还没有发起" in page
    BranchEvaluation.objects.filter(branch=world.branches[0]).update(return_reason="请补充")
    assert "自评被退回，请补充后再提交" in home_of(sign_in, world.secretaries[0])
    due, unasked = queries.branch_lines(world.branches[0].pk, today=date(2026, 12, 11))
    assert (due.beside, due.is_late, unasked.is_late) == ("2026年12月10日以前完成", True, True)
    reported(world.evaluations[0])
    assert len(queries.branch_lines(world.branches[0].pk, today=TODAY)) == 1
    late = queries.above_lines(world.organizer, today=date(2026, 12, 11))[0]
    assert (late.words, late.is_late) == ("2 个支部没有按期完成", True)
    found = sign_in(world.organizer).get(late.url, headers={"hx-request": "true"})
    assert found.status_code == 200


def test_the_last_days_stand_in_the_month_and_in_the_calendar_feed(db, sign_in) -> None:
    world = make_world()
    secretary = world.secretaries[0]
    page = sign_in(secretary).get("/month/?month=2026-12").context["page"]
    days = {day.day: [one.words for one in day.evaluations] for day in page.busy_days if day.evaluations}
    assert days == {date(2026, 12, 10): ["党员测评截止", "支部自评提交截止"]}
    fed = [(one.title, one.start) for one in events_of(secretary, today=TODAY) if "evaluation" in one.key]
    assert fed == [
        ("最迟今天：党员测评截止", date(2026, 12, 10)),
        ("最迟今天：支部自评提交截止", date(2026, 12, 10)),
    ]
    reported(world.evaluations[0])
    found = queries.days_due([world.branches[0].pk], first=TODAY, until=date(2027, 1, 1))
    assert [one.words for one in found] == ["党员测评截止"]


def test_the_branch_is_told_and_its_members_learn_the_result(db, sign_in) -> None:
    world = make_world()
    branch = world.branches[0]
    member = factories.make_user("卫青松", username="plain")
    factories.make_member(branch, person=member)
    evaluation = told(world, reviewed(world, world.evaluations[0]))
    line = queries.branch_lines(branch.pk, today=TODAY)[0]
    assert line.beside == "有不同意见，2026年12月31日以前提出"
    over = queries.branch_lines(branch.pk, today=date(2027, 1, 1))[0]
    assert over.beside == "提出意见的时间已过，等党组织定等次"
    assert "初评意见已告知" in home_of(sign_in, world.secretaries[0])
    assert "年度考核" not in home_of(sign_in, member).partition("<main")[2]
    evaluation = published(world, decided(world, evaluation))
    for person in (world.secretaries[0], member):
        page = home_of(sign_in, person)
        assert "2026 年度党支部考核结果已发布" in page
        assert f'href="/evaluations/results/{evaluation.pk}/"' in page
    assert queries.branch_lines(branch.pk, today=TODAY + timedelta(days=60)) == []
    assert queries.result_lines(world.branches[1].pk, today=TODAY) == []


def test_what_somebody_wrote_in_the_evaluation_is_in_his_export(db) -> None:
    world = make_world()
    evaluation = told(world, reviewed(world, world.evaluations[0]))
    by = {"reason": "不符", "raised_on": TODAY, "on_paper": False, "today": TODAY}
    standard, secretary = world.standards[3], world.secretaries[0]
    raise_objection(evaluation=evaluation, standard=standard, actor=secretary, **by)

    def rows_of(person: User) -> list[tuple[object, ...]]:
        parts = list(evaluation_parts(subject_of(person, today=TODAY)))
        return [row[1:] for part in parts for row in part.rows]

    branch = world.branches[0].name
    wrote = rows_of(world.reviewers[0].person)
    assert ("评审", branch, "总体较好。", TODAY) in wrote
    assert ("逐条评审", branch, "镇-4 标准镇-4：第 2 等。看了会议记录，情况属实。", "") in wrote
    assert rows_of(secretary) == [("提出意见", branch, "镇-4 标准镇-4：不符", TODAY)]
