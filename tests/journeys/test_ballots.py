"""A secret vote on a motion: drafted, opened with a passphrase, voted on in the hand, unsealed, printed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.ballots.models import SealedBallot
from tests.journeys.conftest import PHONE
from tests.journeys.steps import button, card, choose, content, fact, heading_is, link

pytestmark = pytest.mark.journey
TITLE = "年度党费使用计划表决"


def test_a_secret_vote_from_the_draft_to_the_printed_sheet(cast, visit):
    secretary = visit(cast["secretary"])
    draft(secretary)
    teller = visit(cast["deputy"])
    teller.goto("/")
    link(card(teller, "测评投票"), TITLE).click()
    link(teller, "开始投票").click()
    button(teller, "开始投票").click()
    words = teller.locator(".vote-words li")
    expect(words).to_have_count(6)
    passphrase = " ".join(words.all_inner_texts())

    for role, answer in (("member", "赞成"), ("publicity", "反对")):
        vote(visit(cast[role], width=PHONE), answer)
    assert SealedBallot.objects.count() == 2

    secretary.reload()
    expect(fact(secretary, "已投票")).to_have_text("2 人")
    link(secretary, "截止投票").click()
    button(secretary, "截止投票").click()
    teller.goto(secretary.url)
    link(teller, "开票").click()
    teller.get_by_label("开票口令").fill(passphrase.upper())
    button(teller, "开票").click()
    expect(card(teller, "结果")).to_contain_text("赞成 1 票，反对 1 票，弃权 0 票")
    link(teller, "打印测评结果单").click()
    heading_is(teller, "测评结果单")
    expect(content(teller)).to_contain_text("发出 7 张，收回 2 张，有效 2 张，无效 0 张")
    assert SealedBallot.objects.count() == 0


def draft(page: Page) -> None:
    page.goto("/ballots/new/")
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("测什么").select_option(label="议题表决")
    page.get_by_label("截止日期").fill("2026-11-30")
    choose(page, "计票人", typed="zheng", wanted="郑明")
    choose(page, "监票人", typed="wang", wanted="王小兰")
    page.get_by_label("事项").fill("同意本年度党费使用计划")
    button(page, "保存").click()
    heading_is(page, TITLE)
    expect(content(page)).to_contain_text("请计票人郑明或监票人王小兰登录后开始投票")


def vote(page: Page, answer: str) -> None:
    page.goto("/ballots/")
    link(card(page, "请您投票"), TITLE).tap()
    page.get_by_text(answer, exact=True).tap()
    button(page, "投出我的票").tap()
    expect(content(page)).to_contain_text("您已经投过票")
