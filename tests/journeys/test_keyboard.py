"""Without a mouse: Tab, Enter and Space are enough, and one always sees where one is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.meetings.models import Meeting
from apps.rules.kinds import MeetingKind
from tests.factories import PASSWORD
from tests.journeys.steps import button, content, heading_is, link

pytestmark = pytest.mark.journey
MOST_TABS = 60
OUTLINE = "e => { const s = getComputedStyle(e); return [s.outlineStyle, parseFloat(s.outlineWidth)] }"


def test_a_meeting_is_entered_by_keyboard_alone(cast, visit):
    page = visit()
    sign_in_by_keyboard(page, username="secretary")

    tab_to(page, link(page, "跳到正文"), at_most=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    tab_to(page, link(content(page), "记一次").first, at_most=5)
    page.keyboard.press("Enter")
    heading_is(page, "记一次会议活动")
    tab_to(page, page.get_by_role("checkbox", name="主题党日"))
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="主题党日")).to_be_checked()
    tab_to(page, page.get_by_label("地点"))
    page.keyboard.type("镇会议室")
    tab_to(page, button(page, "保存并开始记录"))
    page.keyboard.press("Enter")
    heading_is(page, "11月主题党日")

    meeting = Meeting.objects.get()
    assert [purpose.kind for purpose in meeting.purposes.all()] == [MeetingKind.THEMED_DAY]
    assert (meeting.held_on.isoformat(), meeting.place) == ("2026-11-20", "镇会议室")


def sign_in_by_keyboard(page: Page, *, username: str) -> None:
    page.goto("/accounts/login/")
    expect(page.get_by_label("登录名")).to_be_focused()
    page.keyboard.type(username)
    tab_to(page, page.get_by_label("密码"), at_most=1)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    heading_is(page, "青川镇机关第一党支部")


def tab_to(page: Page, target: Locator, *, at_most: int = MOST_TABS) -> None:
    """Press Tab until the target has the focus; every stop on the way shows that it has it."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        if here.count():
            style, width = here.evaluate(OUTLINE)
            assert style != "none", here.evaluate("e => e.outerHTML")
            assert width >= 2, here.evaluate("e => e.outerHTML")
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{target} was not reached in {at_most} steps")
