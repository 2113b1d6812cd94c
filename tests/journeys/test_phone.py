"""In the hand, at 390 px: the menu, a list, and the roll during a sitting."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.meetings.models import Meeting
from apps.rules.kinds import AttendanceStatus
from tests.journeys.conftest import PHONE
from tests.journeys.steps import button, card, heading_is, link

pytestmark = pytest.mark.journey


def test_the_menu_opens_and_leads_on(cast, visit):
    page = visit(cast["secretary"], width=PHONE)
    page.goto("/")
    entries = page.get_by_role("navigation", name="全部菜单")
    expect(entries).to_be_hidden()
    page.get_by_text("菜单", exact=True).tap()
    expect(entries).to_be_visible()
    link(entries, "党员").tap()
    heading_is(page, "党员")
    expect(entries).to_be_hidden()

    link(page.get_by_role("navigation", name="常用"), "任务").tap()
    heading_is(page, "任务")


def test_a_list_shows_cards_with_labels(cast, visit):
    page = visit(cast["secretary"], width=PHONE)
    page.goto("/members/")
    row = page.get_by_role("row").filter(has_text="卫青松")
    expect(page.get_by_role("columnheader").first).not_to_be_in_viewport()
    assert row.evaluate("e => getComputedStyle(e).display") == "block"
    shown = row.get_by_role("cell").filter(has_text="正式党员")
    assert shown.evaluate("e => getComputedStyle(e, '::before').content") == '"人员类别"'
    link(row, "卫青松").tap()
    heading_is(page, "卫青松")


def test_the_roll_is_marked_with_two_taps(cast, visit):
    page = visit(cast["secretary"], width=PHONE)
    page.goto("/meetings/log/?kind=general")
    button(page, "保存并开始记录").tap()
    heading_is(page, "11月党员大会")
    roll = card(page, "出席情况")
    expect(roll).to_contain_text("7 应到")
    expect(roll).to_contain_text("7 实到")

    put_on_leave(page, "卫青松", kind="病假")
    expect(roll).to_contain_text("6 实到")
    mark(page, "陈静", "缺席")
    expect(roll).to_contain_text("5 实到")
    mark(page, "陈静", "出席")
    expect(roll).to_contain_text("6 实到")

    away = Meeting.objects.get().roll.exclude(status=AttendanceStatus.PRESENT)
    assert [(row.member.person.name, row.status) for row in away] == [("卫青松", AttendanceStatus.SICK_LEAVE)]


def put_on_leave(page: Page, name: str, *, kind: str) -> None:
    row = card(page, "出席情况").get_by_role("listitem").filter(has_text=name)
    row.get_by_text("请假", exact=True).tap()
    button(row, kind).tap()


def mark(page: Page, name: str, words: str) -> None:
    button(card(page, "出席情况").get_by_role("listitem").filter(has_text=name), words).tap()
