"""Who has left has left: nothing private comes back, and nothing of the pages stays in the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.conftest import NOW, set_today
from tests.factories import PASSWORD
from tests.journeys.steps import button, heading_is, link, menu, sign_in

pytestmark = pytest.mark.journey
#: htmx notes the address that stands in the bar, for this tab alone; it may keep no page beside it.
ALLOWED = "htmx-current-path-for-history"
KEPT = f"[Object.keys(localStorage), Object.keys(sessionStorage).filter(name => name !== '{ALLOWED}')]"


def test_after_signing_out_the_back_button_shows_no_private_page(cast, visit):
    page = visit()
    sign_in(page, username="secretary", password=PASSWORD)
    menu(page, "党员")
    link(page, "卫青松").click()
    heading_is(page, "卫青松")
    button(page, "退出登录").first.click()
    expect(page.get_by_text("已退出登录。")).to_be_visible()

    for _ in range(3):
        page.go_back()
        heading_is(page, "登录")
        expect(page.get_by_text("卫青松")).to_have_count(0)


def test_the_browser_keeps_nothing_of_the_pages(cast, visit):
    page = visit(cast["secretary"])
    page.goto("/members/")
    page.get_by_label("姓名").fill("卫")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_text("共 1 条")).to_be_visible()
    for address in ("/", "/meetings/", "/meetings/log/"):
        page.goto(address)

    assert page.evaluate(KEPT) == [[], []]
    button(page, "退出登录").first.click()
    heading_is(page, "登录")
    assert page.evaluate(KEPT) == [[], []]
    names = [cookie["name"] for cookie in page.context.cookies()]
    assert names == ["csrftoken"]


def test_after_half_an_hour_away_one_is_told_and_led_back_to_the_page(cast, visit, monkeypatch):
    page = visit()
    sign_in(page, username="secretary", password=PASSWORD)
    page.goto("/tasks/")
    heading_is(page, "任务")

    set_today(monkeypatch, NOW + timedelta(minutes=31))
    menu(page, "党员")
    expect(page.get_by_text("登录已超时，请重新登录。")).to_be_visible()
    heading_is(page, "登录")
    expect(page.get_by_text("卫青松")).to_have_count(0)

    page.get_by_label("登录名").fill("secretary")
    page.get_by_label("密码").fill(PASSWORD)
    button(page, "登录").click()
    heading_is(page, "党员")
