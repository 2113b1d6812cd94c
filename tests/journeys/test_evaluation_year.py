"""A year's evaluation of twelve branches: one of them step by step on the screen, the others beside it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.evaluations.models import BranchEvaluation, Cycle, CycleStandard, ResultProblem, Seat
from apps.evaluations.services_cycles import withdraw_cycle
from apps.evaluations.services_report import save_report, submit_report
from apps.evaluations.services_result import decide
from apps.evaluations.services_review import GivenMark, hand_in, save_marks, sum_up
from apps.evaluations.services_settle import agree, take_over_marks, tell_branch
from apps.rules.kinds_evaluations import EvaluationState
from apps.workbench.services_demo import load_demo
from tests.conftest import NOW, TODAY
from tests.journeys.steps import button, card, heading_is, link

pytestmark = pytest.mark.journey
TEXTS = {
    "last_year": "上年度的问题都已整改。",
    "strengths": "党员帮办。",
    "problems": "学习联系实际不够。",
    "next_steps": "按月排好学习。",
}
STANDARDS = 3
UNTICK = "document.querySelectorAll('main input[type=checkbox]').forEach(box => { box.checked = false; })"
BRANCH = "青川镇机关第一党支部"


def test_a_year_from_the_draft_to_the_published_results(db, visit) -> None:
    load_demo(today=TODAY, now=NOW)
    people = {
        name: User.objects.get(username=name) for name in ("organizer", "secretary", "village", "small")
    }
    running = Cycle.objects.get(year=2026, state="open")
    withdraw_cycle(cycle=running, reason="重新组织", actor=people["organizer"])

    above = visit(people["organizer"])
    cycle = draft_and_open(above, people)
    ours = BranchEvaluation.objects.get(cycle=cycle, branch__name=BRANCH)

    below = visit(people["secretary"])
    report(below, cycle)
    carry_others(cycle, ours=ours, organizer=people["organizer"])

    seat = Seat.objects.select_related("reviewer__person").get(evaluation=ours)
    review(visit(seat.reviewer.person), cycle)
    settle(above, cycle)
    disagree(below, cycle)
    answer(above, ours)
    link(below, "没有（更多）意见").click()
    button(below, "没有（更多）意见").click()
    decide_and_publish(above, ours)

    states = BranchEvaluation.objects.filter(cycle=cycle).values_list("state", flat=True)
    assert len(states) == 12
    assert set(states) == {EvaluationState.PUBLISHED}
    below.goto("/")
    link(below, f"{cycle}结果已发布").click()
    expect(card(below, "考核等次")).to_contain_text("较好")
    expect(card(below, "反馈的问题")).to_contain_text("会议记录归档晚")
    expect(content_of(below)).to_contain_text("采纳支部意见后改定")
    assert ResultProblem.objects.get(evaluation=ours).task.organization.name == BRANCH
    link(below, "反馈单").click()
    expect(content_of(below)).to_contain_text("2026 年度党支部考核结果反馈单")


def content_of(page: Page):
    return page.get_by_role("main")


def draft_and_open(page: Page, people: dict[str, User]) -> Cycle:
    """Every branch takes part; three standards are enough for one screen."""
    page.goto("/evaluations/new/")
    button(page, "保存草稿").click()
    link(page, "选定标准").click()
    page.evaluate(
        "document.querySelectorAll('main input[type=checkbox]').forEach(box => box.checked = false)"
    )
    boxes = page.locator("main input[type=checkbox]")
    for place in range(STANDARDS):
        boxes.nth(place).check()
    button(page, "保存").click()
    for reviewer in ("village", "small"):
        link(page, "确定评审人").click()
        page.get_by_label("或者填登录名").fill(people[reviewer].username or "")
        button(page, "加入").click()
        expect(card(page, "已确定的评审人")).to_contain_text(people[reviewer].name)
        link(page, "返回").click()
    link(page, "开始考核").click()
    for box in page.locator("main input[type=checkbox]:checked").all():
        box.uncheck()
    button(page, "开始考核").click()
    link(page, "评审人和分工").click()
    link(page, "平均分配").click()
    button(page, "平均分配").click()
    expect(page.get_by_text("每个支部都有评审人了。").first).to_be_visible()
    cycle = Cycle.objects.get(year=2026, state="open")
    assert CycleStandard.objects.filter(cycle=cycle).count() == STANDARDS
    return cycle


def report(page: Page, cycle: Cycle) -> None:
    page.goto("/")
    link(page, f"{cycle}：支部自评").click()
    link(page, "写自评").click()
    for name, words in TEXTS.items():
        page.locator(f"textarea[name={name}]").fill(words)
    button(page, "保存并提交…").click()
    button(page, "提交").click()
    expect(page.get_by_text("自评已提交")).to_be_visible()


def review(page: Page, cycle: Cycle) -> None:
    page.goto("/evaluations/desk/?state=todo")
    link(page, BRANCH).click()
    page.locator(".review-parts a").first.click()
    for field in page.locator("main fieldset").all():
        field.get_by_label("一般", exact=True).check()
    for area in page.locator("main textarea").all():
        area.fill("查了会议记录，情况属实。")
    button(page, "保存").click()
    link(page, "写总体评价").click()
    page.get_by_label("总体评价").fill("组织生活正常。")
    button(page, "保存").click()
    link(page, "提交评审").click()
    button(page, "提交评审").click()
    expect(page.get_by_text("评审已提交。")).to_be_visible()
    assert cycle.reviewers_needed == 1


def settle(page: Page, cycle: Cycle) -> None:
    page.goto("/board/")
    link(page, "1 个支部评审完毕，请研究评审意见").click()
    link(page, Organization.objects.get(name=BRANCH).short_name).click()
    link(page, "研究评审意见").click()
    button(page, "全部采用").click()
    link(page, "告知支部").click()
    button(page, "告知支部").click()
    expect(page.get_by_text("支部现在可以看到逐条评定和理由。")).to_be_visible()
    assert cycle.state == "open"


def disagree(page: Page, cycle: Cycle) -> None:
    page.goto("/")
    link(page, f"{cycle}：初评意见已告知，请看逐条评定").click()
    link(page, "提出意见").first.click()
    page.get_by_label("意见和理由").fill("八月的会议因防汛推迟，上级有通知。")
    button(page, "提出").click()
    expect(page.get_by_text("已提出，等上级党组织书面答复。")).to_be_visible()


def answer(page: Page, evaluation: BranchEvaluation) -> None:
    page.goto(f"/evaluations/results/{evaluation.pk}/")
    link(page, "答复").click()
    page.get_by_label("采纳，改定等次").check()
    page.get_by_label("较好", exact=True).check()
    page.get_by_label("答复理由").fill("已核对通知，情况属实。")
    button(page, "答复").click()
    expect(page.get_by_text("已答复，支部会看到。")).to_be_visible()


def decide_and_publish(page: Page, evaluation: BranchEvaluation) -> None:
    page.goto(f"/evaluations/results/{evaluation.pk}/")
    link(page, "定等次").click()
    heading_is(page, "定等次")
    assert page.locator("input[type=radio]:checked").count() == 0
    page.get_by_label("较好", exact=True).check()
    page.get_by_label("定这一等次的理由").fill("组织生活经常，个别记录不及时。")
    page.get_by_label("党委（总支）会议研究确定的日期").fill(str(TODAY))
    page.get_by_label("问题", exact=True).first.fill("会议记录归档晚")
    page.get_by_label("整改要求").first.fill("开完会一周内归档。")
    page.get_by_label("整改期限").first.fill("2027-03-31")
    button(page, "保存决定").click()
    page.goto(f"/evaluations/{evaluation.cycle_id}/")
    link(page, "发布结果").click()
    expect(content_of(page)).to_contain_text("已定等次，待发布（12 个）")
    button(page, "发布").click()
    expect(page.get_by_text("已发布。")).to_be_visible()


def carry_others(cycle: Cycle, *, ours: BranchEvaluation, organizer: User) -> None:
    """What the other eleven branches, their reviewers and the committee do meanwhile."""
    rows = BranchEvaluation.objects.filter(cycle=cycle).exclude(pk=ours.pk)
    others = list(rows.select_related("cycle__organization", "branch"))
    assert len(others) == 11
    standards = list(CycleStandard.objects.filter(cycle=cycle))
    for one in others:
        kept = save_report(
            evaluation=one, version=one.version, texts=TEXTS, own_grade=1, answers={}, actor=organizer
        )
        submit_report(
            evaluation=kept,
            version=kept.version,
            reported_on=TODAY,
            on_paper=True,
            actor=organizer,
            today=TODAY,
        )
        _review_one(
            Seat.objects.select_related("evaluation", "reviewer__person").get(evaluation=one), standards
        )
        _decide_one(one, organizer=organizer)


def _review_one(seat: Seat, standards: list[CycleStandard]) -> None:
    by = {"actor": seat.reviewer.person, "today": TODAY}
    marks = [GivenMark(standard_id=row.pk, grade=1, reason="属实") for row in standards]
    seat = save_marks(seat=seat, version=seat.version, marks=marks, states={}, **by)
    seat = sum_up(seat=seat, version=seat.version, summary="正常", suggested_grade=1, **by)
    hand_in(seat=seat, version=seat.version, handed_in_on=TODAY, states={}, **by)


def _decide_one(evaluation: BranchEvaluation, *, organizer: User) -> None:
    by = {"evaluation": evaluation, "actor": organizer}
    take_over_marks(**by)
    tell_branch(**by, told_on=TODAY, today=TODAY)
    done = agree(**by)
    words = {"grade": 1, "grade_reason": "正常", "feedback": "", "problems": []}
    decide(**by, version=done.version, decided_on=TODAY, today=TODAY, **words)
