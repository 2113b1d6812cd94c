"""The desk, the settlement, the decision and the result as people meet them."""

from __future__ import annotations

import re

import pytest

from apps.evaluations.models import FinalMark, Mark, Objection, ResultProblem, Seat, VisitNote
from apps.evaluations.services_settle import take_over_marks
from tests import factories
from tests.conftest import TODAY
from tests.evaluations.makers_cycle import CycleWorld, make_world
from tests.evaluations.makers_desk import (
    PLAIN,
    decided,
    fresh,
    handed_in,
    make_two,
    marked,
    published,
    reported,
    reviewed,
    seated,
    told,
    whole_way,
)


@pytest.fixture
def world(db: None) -> CycleWorld:
    return make_world()


def field(world: CycleWorld, code: str, name: str) -> str:
    return f"{name}_{next(row.pk for row in world.standards if row.code == code)}"


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_desk_lists_the_branches_of_the_reviewer_by_name(
    world, sign_in, django_assert_num_queries
) -> None:
    client = sign_in(world.reviewers[0].person)
    assert client.get("/evaluations/desk/").status_code == 403
    first = seated(world, reported(world.evaluations[0]))

    def page(query: str = "") -> str:
        return text_of(client.get(f"/evaluations/desk/{query}"))

    assert 'href="/evaluations/desk/"' in text_of(client.get("/evaluations/"))
    page()
    with django_assert_num_queries(6):
        page()
    seated(world, world.evaluations[2])
    seated(world, reported(world.evaluations[1]))
    with django_assert_num_queries(6):
        names = re.findall(r"第\d党支部", page())
    assert names == ["第1党支部", "第2党支部", "第3党支部"]
    marked(world, first)
    assert "4 / 4 条" in page("?state=todo")
    handed_in(world, first)
    assert re.findall(r"第\d党支部", page("?state=done")) == ["第1党支部"]
    assert re.findall(r"第\d党支部", page("?state=todo")) == ["第2党支部"]
    assert re.findall(r"第\d党支部", page("?state=waiting")) == ["第3党支部"]


def test_marks_are_typed_aspect_by_aspect_and_mistakes_keep_what_was_typed(world, sign_in) -> None:
    seat = seated(world, reported(world.evaluations[0]))
    client = sign_in(world.reviewers[0].person)
    start = f"/evaluations/desk/{seat.pk}/"
    assert "已评定 0 / 2 条，2 条记录显示不足" in text_of(client.get(start))
    address = f"{start}marks/quality/"
    page = text_of(client.get(address))
    assert "66.6%" in page
    assert "选好、较好、差的，写明理由。" in page
    typed = {
        "version": 1,
        field(world, "镇-1", "grade"): "0",
        field(world, "镇-2", "grade"): "2",
        field(world, "镇-2", "reason"): "会议少了一次",
    }
    wrong = client.post(address, typed)
    assert wrong.status_code == 422
    assert "这一等次与记录不一致，请写明理由。" in wrong.content.decode()
    assert "会议少了一次" in wrong.content.decode()
    assert not Mark.objects.exists()
    typed |= {field(world, "镇-1", "reason"): "缺席的是年老体弱党员", "next": "1"}
    assert client.post(address, typed).url == f"{start}marks/foundation/"
    assert dict(Mark.objects.values_list("grade", "reason")) == {0: "缺席的是年老体弱党员", 2: "会议少了一次"}
    only_reason = {"version": 2, field(world, "镇-3", "reason"): "说明"}
    assert (
        "写了理由，还没有选等次。" in client.post(f"{start}marks/foundation/", only_reason).content.decode()
    )
    assert client.get(f"{start}marks/nothing/").status_code == 404


def test_the_whole_review_of_a_branch_by_hand(world, sign_in) -> None:
    seat = seated(world, reported(world.evaluations[0]))
    client = sign_in(world.reviewers[0].person)
    start = f"/evaluations/desk/{seat.pk}/"
    note = re.search(r'idempotency_key" value="([^"]+)', text_of(client.get(f"{start}visit/")))[1]
    visit = {"visited_on": TODAY, "text": "看了党员活动室", "idempotency_key": note}
    assert client.post(f"{start}visit/", visit).status_code == 302
    assert VisitNote.objects.get().written_by == world.reviewers[0].person
    early = client.post(f"{start}hand-in/", {"version": 1})
    assert "还有 4 条没有评定" in early.content.decode()
    for aspect, codes in (("quality", ("镇-1", "镇-2")), ("foundation", ("镇-3", "镇-4"))):
        seat.refresh_from_db()
        given = {field(world, code, "grade"): PLAIN[code] for code in codes}
        assert client.post(f"{start}marks/{aspect}/", given | {"version": seat.version}).url == start
    seat.refresh_from_db()
    summary = {"version": seat.version, "summary": "组织生活正常", "suggested_grade": "1"}
    assert client.post(f"{start}sum-up/", summary).url == start
    seat.refresh_from_db()
    assert client.post(f"{start}hand-in/", {"version": seat.version}).url == start
    page = text_of(client.get(start))
    for words in ("已提交", "组织生活正常", "建议等次：<strong>较好</strong>", "看了党员活动室"):
        assert words in page
    marks = client.get(f"{start}marks/quality/")
    assert "<textarea" not in text_of(marks)
    assert client.post(f"{start}marks/quality/", {}).status_code == 403


def test_a_page_of_marks_costs_the_same_however_much_is_there(
    world, sign_in, django_assert_num_queries
) -> None:
    seat = seated(world, reported(world.evaluations[0]))
    client = sign_in(world.reviewers[0].person)
    address = f"/evaluations/desk/{seat.pk}/marks/quality/"
    client.get(address)
    with django_assert_num_queries(MARKS_COST):
        client.get(address)
    marked(world, seat)
    with django_assert_num_queries(MARKS_COST):
        client.get(address)


MARKS_COST = 52


def test_recusal_takes_the_branch_away(world, sign_in) -> None:
    seat = seated(world, reported(world.evaluations[0]))
    client = sign_in(world.reviewers[0].person)
    address = f"/evaluations/desk/{seat.pk}/recuse/"
    assert client.post(address, {"reason": "爱人在这个支部"}).url == "/"
    assert client.get(f"/evaluations/desk/{seat.pk}/").status_code == 404
    assert "爱人在这个支部" in text_of(
        sign_in(world.organizer).get(f"/evaluations/results/{seat.evaluation_id}/settle/")
    )


def test_a_review_goes_back_to_the_reviewer_until_the_branch_is_told(world, sign_in) -> None:
    seat = handed_in(world, seated(world, reported(world.evaluations[0])))
    organizer, reviewer = sign_in(world.organizer), sign_in(world.reviewers[0].person)
    settle = f"/evaluations/results/{seat.evaluation_id}/settle/"
    take_over_marks(evaluation=seat.evaluation, actor=world.organizer)
    back = f"/evaluations/desk/{seat.pk}/return/"
    assert "退回重评" in text_of(organizer.get(settle))
    assert reviewer.get(back).status_code == 404
    assert organizer.post(back, {"reason": "Z1.1 再看一遍记录"}).url == settle
    seat.refresh_from_db()
    assert (seat.handed_in_on, Mark.objects.filter(seat=seat).exists()) == (None, True)
    assert not FinalMark.objects.exists()
    assert "组织员退回了这份评审：Z1.1 再看一遍记录" in text_of(reviewer.get(f"/evaluations/desk/{seat.pk}/"))
    assert "还没有提交，评审人可以直接修改" in organizer.post(back, {"reason": "再退一次"}).content.decode()
    handed_in(world, seat)
    assert Seat.objects.get().return_reason == ""


def test_the_organizer_enters_a_sheet_of_paper_with_its_day(world, sign_in) -> None:
    seat = seated(world, reported(world.evaluations[0]))
    client = sign_in(world.organizer)
    start = f"/evaluations/desk/{seat.pk}/"
    assert client.get(start).status_code == 404
    assert client.post(f"{start}take/").url == start
    marked_by(client, world, seat)
    seat.refresh_from_db()
    assert "纸质评审表上的日期" in text_of(client.get(f"{start}hand-in/"))
    done = client.post(f"{start}hand-in/", {"version": seat.version, "handed_in_on": TODAY})
    assert done.url == start
    seat.refresh_from_db()
    assert (seat.on_paper, seat.entered_by, seat.handed_in_on) == (True, world.organizer, TODAY)


def marked_by(client, world: CycleWorld, seat: Seat) -> None:
    for aspect, codes in (("quality", ("镇-1", "镇-2")), ("foundation", ("镇-3", "镇-4"))):
        seat.refresh_from_db()
        given = {field(world, code, "grade"): PLAIN[code] for code in codes} | {"version": seat.version}
        assert client.post(f"/evaluations/desk/{seat.pk}/marks/{aspect}/", given).status_code == 302
    seat.refresh_from_db()
    given = {"version": seat.version, "summary": "照表录入"}
    assert client.post(f"/evaluations/desk/{seat.pk}/sum-up/", given).status_code == 302


def test_the_committee_settles_what_differs_and_tells_the_branch(db, sign_in) -> None:
    world = make_two()
    evaluation = reviewed(world, world.evaluations[0], PLAIN, PLAIN | {"镇-4": 3})
    client = sign_in(world.organizer)
    address = f"/evaluations/results/{evaluation.pk}/"
    page = text_of(client.get(f"{address}settle/"))
    assert "意见不同的 1 条" in page
    assert "3 条还没有采用" in page
    assert client.post(f"{address}take-over/").url == f"{address}settle/"
    typed = {"version": 1, field(world, "镇-4", "grade"): "2"}
    assert "请写明这样定的理由" in client.post(f"{address}settle/", typed).content.decode()
    typed |= {field(world, "镇-4", "reason"): "会上研究过"}
    assert client.post(f"{address}settle/", typed).url == f"{address}settle/"
    assert FinalMark.objects.count() == 4
    assert f"{address}tell/" in text_of(client.get(f"{address}settle/"))
    assert client.post(f"{address}tell/", {"told_on": TODAY}).url == address
    below = text_of(sign_in(world.secretaries[0]).get(address))
    for words in ("会上研究过", "提出意见", "没有（更多）意见", "2026年12月31日"):
        assert words in below


def test_an_objection_is_raised_answered_and_read(world, sign_in) -> None:
    evaluation = told(world, reviewed(world, world.evaluations[0]))
    branch, above = sign_in(world.secretaries[0]), sign_in(world.organizer)
    address = f"/evaluations/results/{evaluation.pk}/"
    standard = world.standards[0]
    raised = branch.post(f"{address}object/{standard.pk}/", {"reason": "请了假的没有算"})
    assert raised.url == address
    objection = Objection.objects.get()
    assert (objection.raised_on, objection.on_paper) == (TODAY, False)
    assert branch.post(f"/evaluations/objections/{objection.pk}/answer/", {}).status_code == 403
    given = {"ruling": "upheld", "grade": "1", "answer": "已核实", "answered_on": TODAY, "version": 1}
    assert above.post(f"/evaluations/objections/{objection.pk}/answer/", given).url == address
    page = text_of(branch.get(address))
    assert "初评为一般，采纳支部意见后改定" in page
    assert "已核实" in page
    paper = {"reason": "书面意见", "raised_on": TODAY}
    assert above.post(f"{address}object/{world.standards[1].pk}/", paper).url == address
    assert Objection.objects.get(standard=world.standards[1]).on_paper
    assert branch.post(f"{address}agree/").url == address
    assert branch.get(f"{address}object/{world.standards[2].pk}/").status_code == 403


def test_the_decision_with_its_problems_is_typed_and_published(world, sign_in) -> None:
    evaluation = told(world, reviewed(world, world.evaluations[0]))
    sign_in(world.secretaries[0]).post(f"/evaluations/results/{evaluation.pk}/agree/")
    client = sign_in(world.organizer)
    address = f"/evaluations/results/{evaluation.pk}/"
    page = text_of(client.get(f"{address}decide/"))
    assert "checked" not in page
    assert "系统不推算" in page
    empty = {"problems-TOTAL_FORMS": "3", "problems-INITIAL_FORMS": "0"}
    typed = {"grade_reason": "扎实", "feedback": "", "decided_on": TODAY, "version": 3, **empty}
    typed |= {"problems-0-text": "缺席多", "problems-0-demand": "每季度通报"}
    wrong = client.post(f"{address}decide/", typed)
    assert wrong.status_code == 422
    assert "缺席多" in wrong.content.decode()
    typed |= {"grade": "1", "problems-0-due_on": "2027-03-31"}
    assert client.post(f"{address}decide/", typed).url == address
    assert list(ResultProblem.objects.values_list("text", flat=True)) == ["缺席多"]
    assert client.post(f"{address}reopen/", {"reason": "补充材料"}).url == address
    again = text_of(client.get(f"{address}decide/"))
    assert "checked" not in again
    assert "缺席多" in again
    rows = {"problems-TOTAL_FORMS": "4", "problems-INITIAL_FORMS": "1", "problems-0-removed": "on"}
    assert client.post(f"{address}decide/", typed | rows | {"version": 5}).url == address
    assert not ResultProblem.objects.exists()
    assert client.post(f"{address}publish/").url == address
    assert fresh(evaluation).state == "published"


def test_the_result_page_costs_the_same_for_one_problem_and_for_three(
    world, sign_in, django_assert_num_queries
) -> None:
    evaluation = published(world, decided(world, told(world, reviewed(world, world.evaluations[0]))))
    client = sign_in(world.secretaries[0])
    address = f"/evaluations/results/{evaluation.pk}/"
    client.get(address)
    with django_assert_num_queries(RESULT_COST):
        client.get(address)
    row = ResultProblem.objects.get()
    for place in (1, 2):
        task = factories.make_task(world.branches[0])
        values = {"text": "问题", "demand": "整改", "due_on": TODAY, "position": place, "task": task}
        ResultProblem.objects.create(evaluation=row.evaluation, **values)
    with django_assert_num_queries(RESULT_COST):
        client.get(address)


RESULT_COST = 51


def test_the_cycle_is_published_with_the_undecided_named(world, sign_in) -> None:
    whole_way(world, world.evaluations[0])
    decided(world, told(world, reviewed(world, world.evaluations[1])))
    client = sign_in(world.organizer)
    address = f"/evaluations/{world.cycle.pk}/publish/"
    page = text_of(client.get(address))
    assert "已定等次，待发布（1 个）" in page
    refused = client.post(address, {})
    assert "还有 1 个支部没有定等次：第3党支部。" in refused.content.decode()
    assert client.post(address, {"others_later": "on"}).url == f"/evaluations/{world.cycle.pk}/"
    assert sign_in(world.secretaries[0]).get(address).status_code == 403


def test_every_link_that_a_reviewer_meets_opens(world, sign_in) -> None:
    """He sees the branch's evaluation and nothing else of the branch."""
    evaluation = reported(world.evaluations[0])
    seat = seated(world, evaluation)
    client = sign_in(world.reviewers[0].person)
    pages = ["/evaluations/", "/evaluations/desk/", f"/evaluations/{world.cycle.pk}/"]
    pages += [f"/evaluations/desk/{seat.pk}/", f"/evaluations/branches/{evaluation.pk}/"]
    pages += [
        f"/evaluations/desk/{seat.pk}/marks/quality/",
        f"/evaluations/branches/{evaluation.pk}/report/print/",
    ]
    assert dead_links(client, pages) == set()


def dead_links(client, pages: list[str]) -> set[tuple[str, str]]:
    dead = set()
    for page in pages:
        main = text_of(client.get(page)).partition("<main")[2].partition("</main")[0]
        links = set(re.findall(r'href="(/[^"#]*)"', main))
        dead |= {(page, link) for link in links if client.get(link).status_code >= 400}
    return dead


def test_every_link_of_a_published_result_opens(db, sign_in) -> None:
    world = make_world(branches=1)
    evaluation = whole_way(world, world.evaluations[0])
    assert fresh(evaluation).cycle.state == "published"
    member = factories.make_user("卫青松", username="plain")
    factories.make_member(world.branches[0], person=member)
    address = f"/evaluations/results/{evaluation.pk}/"
    for person in (member, world.secretaries[0], world.organizer):
        pages = [address, f"{address}letter/"]
        pages += [f"{address}settle/", f"/evaluations/branches/{evaluation.pk}/"] * (
            person == world.organizer
        )
        assert dead_links(sign_in(person), pages) == set()
