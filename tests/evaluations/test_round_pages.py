"""The round on its pages: from the duty to the grade, on a phone and on paper; and who does not see what."""

from __future__ import annotations

import json
import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.branches.models import Post
from apps.evaluations.models import MemberEvaluation, OwnProblem, PartNote, Round
from apps.evaluations.services_round_grades import Decision, decide_grades
from apps.members.models import Member
from apps.rules.kinds import MeetingKind, PostKind
from apps.rules.kinds_evaluations import MemberGrade, RoundState
from apps.tasks.models import Task
from apps.workbench.queries_feed import events_of
from apps.workbench.queries_mine import cards_of, subject_of
from apps.workbench.services_mine import Form, as_data, gather
from tests import factories
from tests.conftest import NOW, TODAY
from tests.evaluations import makers_round as makers


def url(name: str, pk: int, *more: str) -> str:
    return reverse(f"evaluations:{name}", args=[pk, *more])


def words(client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def row(cast) -> Round:
    return makers.make_round(cast.ours, actor=cast["secretary"])


def test_from_the_duty_to_the_round_and_through_its_parts(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    go = f"{reverse('evaluations:round_go')}?branch={cast.ours.pk}&year=2026"
    assert client.get(go).headers["Location"].startswith(reverse("evaluations:round_create"))
    form = {
        "year": "2026",
        "starts_on": "2026-11-02",
        "self_by": "2026-12-10",
        "meeting_by": "2027-03-31",
        "with_grades": "on",
        "idempotency_key": str(uuid.uuid4()),
    }
    client.post(go.replace("go/", "new/"), form)
    row = Round.objects.get()
    again = client.post(go.replace("go/", "new/"), form | {"year": "2025", "starts_on": "2025-11-02"})
    assert again.headers["Location"] == url("round_detail", row.pk)
    assert client.get(go).headers["Location"] == url("round_detail", row.pk)
    page = words(client, url("round_detail", row.pk))
    assert "下一步：<strong>会前学习</strong>。还没有选会前学习，先学习再开会。" in page
    study = factories.make_meeting(cast.ours, held_on=date(2026, 11, 5), title="会前集中学习")
    client.post(url("study_choose", row.pk), {"meetings": [study.pk]})
    assert "会前集中学习" in words(client, url("round_detail", row.pk))
    both = {"done_on": "2026-11-06", "not_asked": "on", "text": "两样"}
    assert client.post(url("part_note", row.pk, "talks"), both).status_code == 422
    client.post(url("part_note", row.pk, "talks"), {"done_on": "2026-11-06", "text": "见谈话本"})
    assert PartNote.objects.get().text == "见谈话本"
    opinion = {"source": "masses", "about": "work", "text": "窗口中午没人", "received_on": "2026-11-06"}
    client.post(url("opinion_add", row.pk), opinion | {"idempotency_key": str(uuid.uuid4())})
    problem = {"text": "走访少", "measure": "每月走访", "owner": cast["deputy"].pk, "due_on": "2027-02-01"}
    client.post(url("problem_add", row.pk), problem | {"idempotency_key": str(uuid.uuid4())})
    client.post(url("rectify", row.pk))
    assert Task.objects.get().title == "走访少"
    page = words(client, url("round_detail", row.pk))
    assert "窗口中午没人" in page
    assert "已建整改任务 1 项，销号 0 项" in page
    report = words(client, url("round_report", row.pk))
    assert "征求意见 1 条" in report
    assert "谈心谈话、" not in report
    for paper, text in (("opinions", "窗口中午没人"), ("problems", "每月走访"), ("rectification", "进行中")):
        assert text in words(client, url("round_print", row.pk, paper))


def test_a_member_writes_on_his_own_page_and_others_read_what_their_posts_let_them(
    cast, row, sign_in
) -> None:
    member = makers.evaluation_of(row, cast.members["member"])
    client, own = sign_in(cast["member"]), url("round_member", member.pk)
    assert "请在 2026-12-10 前写好个人自评和问题清单" in words(client, reverse("workbench:home"))
    self_form = {"self_text": "枫叶自评", "self_grade": "qualified", "self_on": "2026-11-20", "version": "1"}
    client.post(url("self_write", member.pk), self_form)
    key = {"idempotency_key": str(uuid.uuid4())}
    client.post(url("own_problem_add", member.pk), {"text": "枫叶问题", **key})
    key = {"idempotency_key": str(uuid.uuid4())}
    client.post(url("peer_add", row.pk), {"member": cast.members["deputy"].pk, "text": "枫叶意见", **key})
    assert "请在" not in words(client, reverse("workbench:home"))
    assert [one.title for one in events_of(cast["member"], today=TODAY)] == []
    told = "最迟今天：写个人自评和问题清单"
    due = [one for one in events_of(cast["deputy"], today=TODAY) if one.title == told]
    assert [one.start for one in due] == [row.self_by]
    mine = words(client, own)
    assert [text for text in ("枫叶自评", "枫叶问题", "对郑明", "枫叶意见") if text not in mine] == []
    seen = {
        role: "".join(
            text[2:] for text in ("枫叶自评", "枫叶问题") if text in words(sign_in(cast[role]), own)
        )
        for role in ("secretary", "deputy", "organization", "discipline")
    }
    assert seen == {"secretary": "自评问题", "deputy": "自评", "organization": "自评", "discipline": "自评"}
    about = url("round_member", makers.evaluation_of(row, cast.members["deputy"]).pk)
    assert "枫叶意见" in words(sign_in(cast["deputy"]), about)
    assert "枫叶意见" in words(sign_in(cast["secretary"]), url("peer_list", row.pk))
    assert "枫叶" not in words(sign_in(cast["organization"]), about)
    for role in ("secretary", "publicity"):
        assert "枫叶" not in words(sign_in(cast[role]), url("round_detail", row.pk))
    assert "卫青松" not in words(sign_in(cast["publicity"]), url("round_detail", row.pk))
    export = json.loads(as_data(gather(person=cast["deputy"], form=Form.DATA, now=NOW)))["parts"]
    assert "枫叶意见" in json.dumps(export["peer_opinions"], ensure_ascii=False)
    assert "卫青松" not in json.dumps(export, ensure_ascii=False)


def test_a_paper_self_assessment_says_that_it_was_entered(cast, row, sign_in) -> None:
    one = makers.evaluation_of(row, cast.members["member"])
    form = {"self_text": "纸上写的", "self_on": "2026-11-19", "version": "1"}
    sign_in(cast["organization"]).post(url("self_write", one.pk), form)
    assert "由支部按纸质稿录入" in words(sign_in(cast["member"]), url("round_member", one.pk))


def test_nobody_changes_what_a_member_wrote_himself(cast, row, sign_in) -> None:
    one = makers.make_self(makers.evaluation_of(row, cast.members["member"]))
    problem, secretary = makers.make_own_problem(one), sign_in(cast["secretary"])
    form = {"self_text": "替他写", "self_on": "2026-11-20", "version": str(one.version)}
    page = words(secretary, url("round_member", one.pk))
    assert "一年来做了一些工作" in page
    for address in (url("self_write", one.pk), url("own_problem_update", problem.pk)):
        assert address not in page
        assert secretary.post(address, form).status_code == 403
    assert secretary.post(url("own_problem_remove", problem.pk)).status_code == 403
    OwnProblem.objects.filter(pk=problem.pk).update(entered_by=cast["secretary"])
    assert url("own_problem_update", problem.pk) in words(secretary, url("round_member", one.pk))
    secretary.post(url("own_problem_remove", problem.pk))
    assert not OwnProblem.objects.exists()


def test_somebody_else_answers_the_secretary_who_objects_where_there_is_somebody(cast, row, sign_in) -> None:
    one = makers.evaluation_of(row, cast.members["secretary"])
    day = {"decided_on": TODAY, "told_on": TODAY, "objected_on": TODAY}
    MemberEvaluation.objects.filter(pk=one.pk).update(grade="qualified", **day)
    answered = [
        sign_in(cast[name]).get(url("grade_answer", one.pk)).status_code
        for name in ("secretary", "organization")
    ]
    assert answered == [403, 200]
    Post.objects.filter(person=cast["organization"]).delete()
    assert sign_in(cast["secretary"]).get(url("grade_answer", one.pk)).status_code == 200


def test_the_table_of_grades_counts_refuses_and_keeps_what_was_typed(cast, row, sign_in) -> None:
    client, address = sign_in(cast["organization"]), url("grades_decide", row.pk)
    people = {one.member.person.name: one for one in MemberEvaluation.objects.filter(round=row)}
    makers.make_counted_poll(row, {one.member: [6, 1, 0, 0] for one in people.values()})
    page = words(client, address)
    assert "优秀 0 / 最多 2" in page
    assert page.count("优秀 6，合格 1，基本合格 0，不合格 0") == 6
    assert page.count("本人的票数不向本人显示") == 1
    mine = next(one for one in people.values() if one.member.person_id == cast["organization"].pk)
    printed = words(client, url("summary_print", row.pk))
    assert printed.count("<td>6</td>") == 7
    decide = {"row": row, "decided_on": TODAY, "today": TODAY, "actor": cast["secretary"]}
    decide_grades(decisions=[Decision(pk=mine.pk, version=1, grade="excellent")], **decide)
    kept = {f"p{mine.pk}-grade": "excellent", f"p{mine.pk}-version": "2", "decided_on": "2026-11-20"}
    rest = {f"p{one.pk}-version": "1" for one in people.values() if one != mine}
    assert client.post(address, kept | rest).status_code == 302
    decide_grades(decisions=[Decision(pk=mine.pk, version=2)], **decide)
    MemberEvaluation.objects.filter(pk=mine.pk).update(version=1)
    assert "selected>优秀" not in page

    def sent(**chosen: str) -> dict[str, str]:
        data = {"decided_on": "2026-11-20"}
        for name, one in people.items():
            data |= {f"p{one.pk}-grade": chosen.get(name, ""), f"p{one.pk}-version": "1"}
        return data

    over = client.post(address, sent(卫青松="excellent", 郑明="excellent", 褚红="excellent"))
    assert over.status_code == 422
    assert "优秀最多 2 人，现在选了 3 人，请减少 1 人。" in over.content.decode()
    assert over.content.decode().count('<option value="excellent" selected>') == 3
    low = client.post(address, sent(卫青松="qualified", 郑明="unqualified"))
    page = low.content.decode()
    assert "测评多数票是“优秀”，与评定不同，请写明理由。" in page
    assert MemberEvaluation.objects.exclude(grade="").count() == 0
    saved = sent(卫青松="excellent") | {f"p{people['卫青松'].pk}-reason": ""}
    assert client.post(address, saved).status_code == 302
    assert list(MemberEvaluation.objects.exclude(grade="")) == [people["卫青松"]]
    assert "优秀 1 / 最多 2" in words(client, address)


def test_each_sees_his_own_grade_once_told_and_answers_it(cast, row, sign_in) -> None:
    one = makers.evaluation_of(row, cast.members["member"])
    one.grade, one.reason, one.decided_on = MemberGrade.BASIC, "枫叶理由", TODAY
    one.save()
    client, own = sign_in(cast["member"]), url("round_member", one.pk)
    for address in (own, url("register_print", one.pk), reverse("workbench:mine")):
        assert "枫叶理由" not in words(client, address)
        assert "基本合格" not in words(client, address)
    assert "枫叶理由" not in exported(cast["member"])
    sign_in(cast["secretary"]).post(url("grades_tell", row.pk), {"told_on": "2026-11-20", "people": [one.pk]})
    assert "评定意见已告知您" in words(client, reverse("workbench:home"))
    assert "枫叶理由" in words(client, own)
    assert "枫叶理由" in exported(cast["member"])
    assert [line.badge for line in card(cast["member"]).lines] == [("基本合格", "info")]
    client.post(url("grade_object", one.pk), {"objection": "请过假"})
    assert client.post(url("grade_object", one.pk), {"objection": "又一次"}).headers["Location"] == own
    assert "请过假" in words(sign_in(cast["discipline"]), own)
    sign_in(cast["secretary"]).post(
        url("grade_answer", one.pk), {"answer": "已核对", "answered_on": "2026-11-20"}
    )
    assert "已核对" in words(client, own)
    client.post(url("grade_confirm", one.pk))
    one.refresh_from_db()
    assert one.confirmed_on == TODAY
    assert client.post(url("grade_confirm", one.pk)).headers["Location"] == own
    assert sign_in(cast["deputy"]).post(url("grade_confirm", one.pk)).status_code == 403


def exported(person) -> str:
    return json.dumps(json.loads(as_data(gather(person=person, form=Form.DATA, now=NOW))), ensure_ascii=False)


def card(person):
    return next(one for one in cards_of(subject_of(person, today=TODAY)) if one.title == "我的民主评议")


def test_those_above_see_parts_and_counts_and_no_name_or_word(cast, row, sign_in) -> None:
    client, address = sign_in(cast["organizer"]), reverse("evaluations:round_overview") + "?year=2026"
    people = list(MemberEvaluation.objects.filter(round=row))
    makers.make_self(people[0], self_text="枫叶自评")
    makers.make_problem(row, text="枫叶问题")
    makers.make_opinion(row, text="枫叶意见")
    youth = factories.make_user("团支书")
    factories.make_post(youth, cast.ours, PostKind.YOUTH)
    below = sign_in(youth)
    assert "最多 2 人" in words(below, url("round_detail", row.pk))
    assert "已评" not in words(below, url("round_detail", row.pk))
    for number, shown in ((4, "不足 5 人，不显示"), (5, "优秀 0，合格 5，基本合格 0，不合格 0")):
        for one in people[:number]:
            MemberEvaluation.objects.filter(pk=one.pk).update(grade="qualified", decided_on=TODAY)
        assert shown in words(client, address)
        assert shown in words(below, url("round_report", row.pk))
    page = words(client, address)
    assert "尚未登记" in page
    assert "枫叶" not in page
    assert not [name for name in Member.objects.values_list("person__name", flat=True) if name in page]
    assert client.get(url("round_detail", row.pk)).status_code == 404
    with CaptureQueriesContext(connection) as two:
        client.get(address)
    for number in range(3):
        makers.make_round(factories.make_organization(parent=cast.committee, name=f"再加{number}"))
    with CaptureQueriesContext(connection) as five:
        client.get(address)
    assert len(two) == len(five)


def test_the_page_takes_as_many_queries_for_three_as_for_one(cast, sign_in) -> None:
    client = sign_in(cast["secretary"])
    row = makers.make_round(cast.ours)
    listed = reverse("evaluations:round_list")

    def counted(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def fill() -> None:
        makers.make_opinion(row)
        makers.make_problem(row)
        makers.make_own_problem(makers.evaluation_of(row, cast.members["member"]))

    def both() -> list[int]:
        return [counted(address) for address in (listed, url("round_detail", row.pk))]

    fill()
    both()
    once = both()
    fill()
    fill()
    for number, year in enumerate((2024, 2025)):
        makers.make_round(cast.ours, **makers.of_year(year))
        factories.make_member(cast.ours, name=f"又来{number}")
    assert both() == once


def test_a_closed_round_stays_as_it_was_and_lists_only_take_the_day_of_mending(cast, row, sign_in) -> None:
    client = sign_in(cast["secretary"])
    problem = makers.make_own_problem(makers.evaluation_of(row, cast.members["member"]))
    assert client.post(url("round_close", row.pk), {"version": row.version}).status_code == 422
    client.post(url("round_close", row.pk), {"version": row.version, "reason": "上级推迟"})
    row.refresh_from_db()
    assert row.state == RoundState.CLOSED
    page = words(client, url("round_detail", row.pk))
    assert "上级推迟" in page
    factories.make_meeting(cast.ours, MeetingKind.ORG_LIFE_MEETING, held_on=TODAY, for_year=2026)
    assert "会前学习还没有完成，组织生活会先不要开。" in words(client, url("round_detail", row.pk))
    member = sign_in(cast["member"])
    form = {"done_on": "2026-11-20", "version": "1", "text": "改了话"}
    member.post(url("own_problem_update", problem.pk), form)
    kept = OwnProblem.objects.get()
    assert (str(kept.text), kept.done_on) == ("读书少", TODAY)
    assert client.post(url("grades_decide", row.pk), {}).status_code == 403
    one = makers.evaluation_of(row, cast.members["member"])
    day = {"decided_on": TODAY, "told_on": TODAY, "objected_on": TODAY}
    MemberEvaluation.objects.filter(pk=one.pk).update(grade="basic", **day)
    MemberEvaluation.objects.exclude(pk=one.pk).filter(member__person=cast["deputy"]).update(
        grade="excellent", decided_on=TODAY, told_on=TODAY
    )
    assert url("grades_decide", row.pk) in words(client, url("round_member", one.pk))
    page = words(client, url("grades_decide", row.pk))
    assert page.count("data-grade=") == page.count("<select") == 1
    assert "优秀 0 / 最多 1" in page
