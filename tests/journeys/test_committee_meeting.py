"""How long it takes to put a committee meeting of five on record, from the workbench to the filed record."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.meetings.models import Meeting, MeetingState, MotionState
from apps.rules.kinds import MeetingKind
from tests.factories import make_meeting
from tests.journeys.steps import button, card, heading_is, link

pytestmark = pytest.mark.journey
MOST_SECONDS = 90
MOST_INTERACTIONS = 30
# The keystroke-level model (Card, Moran, Newell): decide, point and click; then the key of somebody who is no
# typist. A Chinese character takes three keys in pinyin, a digit one.
SECONDS_TO_POINT = 1.35 + 1.1 + 0.2
SECONDS_FOR_A_KEY = 0.28


@dataclass
class Hand:
    """A secretary's hand: every click and every field filled is one interaction."""

    started: float = field(default_factory=time.monotonic)
    interactions: int = 0
    keys: int = 0

    def click(self, target: Locator) -> None:
        self.interactions += 1
        target.click()

    def fill(self, target: Locator, words: str) -> None:
        self.interactions += 1
        self.keys += sum(1 if sign.isascii() else 3 for sign in words)
        target.fill(words)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def seconds_of_a_person(self) -> float:
        """What the machine took, and what a person takes for the pointing and the typing besides."""
        return self.seconds + self.interactions * SECONDS_TO_POINT + self.keys * SECONDS_FOR_A_KEY


def test_a_committee_meeting_with_two_decisions_is_filed_within_thirty_interactions(cast, visit, announce):
    last_month = {"held_on": date(2026, 10, 20), "place": "支部会议室", "recorded_by": cast["secretary"]}
    make_meeting(cast.ours, MeetingKind.COMMITTEE, title="10月支委会", **last_month)
    page = visit(cast["secretary"])
    page.goto("/")
    heading_is(page, "青川镇机关第一党支部")

    hand = Hand()
    enter_the_sitting(page, hand)
    one_was_ill(page, hand)
    hand.fill(item_card(page, "推荐发展对象").get_by_label("讨论情况"), "各委员逐一发言，意见一致。")
    decide(page, hand, item="推荐发展对象", resolution="同意列为发展对象。")
    decide(page, hand, item="慰问困难党员", resolution="月底前由郑明走访。")
    file_the_record(page, hand)

    seconds, by_hand = hand.seconds, hand.seconds_of_a_person
    figures = (
        f"{hand.interactions} interactions, {seconds:.1f} s here, about {by_hand:.0f} s at a person's pace"
    )
    announce("Committee meeting of five, two decisions", figures)

    everything_is_on_record()
    assert hand.interactions <= MOST_INTERACTIONS
    assert seconds < MOST_SECONDS
    assert by_hand < MOST_SECONDS


def enter_the_sitting(page: Page, hand: Hand) -> None:
    due = page.get_by_role("listitem").filter(has=page.get_by_text("支委会", exact=True))
    hand.click(link(due.filter(has_text="2026年11月"), "记一次"))
    expect(page.get_by_role("checkbox", name="支委会")).to_be_checked()
    hand.fill(page.get_by_label("开始时间"), "09:00")
    expect(page.get_by_label("地点")).to_have_value("支部会议室")
    hand.fill(page.get_by_label("议题（每行一个）"), "推荐发展对象\n慰问困难党员")
    hand.click(button(page, "保存并开始记录"))
    heading_is(page, "11月支委会")
    expect(card(page, "出席情况")).to_contain_text("5 应到")


def one_was_ill(page: Page, hand: Hand) -> None:
    row = card(page, "出席情况").get_by_role("listitem").filter(has_text="陈静")
    hand.click(row.get_by_text("请假", exact=True))
    hand.click(button(row, "病假"))
    expect(card(page, "出席情况")).to_contain_text("4 实到")


def item_card(page: Page, item: str) -> Locator:
    return page.locator(".meet-item").filter(has=page.get_by_role("heading", name=item))


def decide(page: Page, hand: Hand, *, item: str, resolution: str) -> None:
    """What was decided, and that all who were there agreed."""
    place = item_card(page, item)
    hand.fill(place.get_by_label("决议"), resolution)
    hand.click(button(place, "保存并记一致通过"))
    expect(place.get_by_text("通过", exact=True)).to_be_visible()


def file_the_record(page: Page, hand: Hand) -> None:
    hand.click(link(page, "归档"))
    hand.click(button(page, "归档"))
    expect(page.get_by_text("记录已归档。")).to_be_visible()


def everything_is_on_record() -> None:
    meeting = Meeting.objects.get(title="11月支委会")
    assert meeting.state == MeetingState.CLOSED
    assert meeting.roll.count() == 5
    motions = [motion for item in meeting.items.all() for motion in item.motions.all()]
    figures = [(motion.entitled, motion.present, motion.votes_for, motion.state) for motion in motions]
    assert figures == [(5, 4, 4, MotionState.PASSED)] * 2
