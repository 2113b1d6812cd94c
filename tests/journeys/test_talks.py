"""A talk in the hand, at 390 px: logged, on the map, read by the partner, refused to those above."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from apps.talks.models import Talk, TalkContent
from tests.journeys.conftest import PHONE
from tests.journeys.steps import button, card, choose, content, fact, heading_is, link
from tests.talks.talking import make_talk

pytestmark = pytest.mark.journey


def test_a_talk_is_logged_seen_on_the_map_read_by_the_partner_and_refused_above(cast, visit):
    secretary = visit(cast["secretary"], width=PHONE)
    secretary.goto("/talks/map/")
    line = card(secretary, "谈话情况").get_by_role("listitem").filter(has_text="卫青松")
    expect(line).to_contain_text("缺和支委谈")
    expect(content(secretary)).to_contain_text("应谈 14 项，已谈 0 项")

    link(secretary, "记一次谈话").tap()
    heading_is(secretary, "记一次谈话")
    choose(secretary, "谈话对象", typed="weiqing", wanted="卫青松")
    secretary.get_by_label("主题").fill("近来怎么样")
    secretary.get_by_label("生活方面", exact=True).fill("老人住院，想调一调班")
    button(secretary, "保存").tap()
    heading_is(secretary, "吴向前 — 卫青松")
    expect(fact(secretary, "生活")).to_have_text("老人住院，想调一调班")

    secretary.goto("/talks/map/")
    expect(line).not_to_contain_text("缺和支委谈")
    expect(content(secretary)).to_contain_text("已谈 1 项")

    talk = Talk.objects.get()
    assert TalkContent.objects.get().talk_id == talk.pk
    partner = visit(cast["member"], width=PHONE)
    partner.goto("/talks/")
    link(partner, "吴向前 — 卫青松").tap()
    expect(fact(partner, "生活")).to_have_text("老人住院，想调一调班")
    expect(card(partner, "谁能看、谁看过")).to_contain_text("吴向前")

    deputy = visit(cast["deputy"], width=PHONE)
    deputy.goto(f"/talks/{talk.pk}/")
    heading_is(deputy, "吴向前 — 卫青松")
    expect(content(deputy)).not_to_contain_text("老人住院")

    organizer = visit(cast["organizer"], width=PHONE)
    organizer.goto("/talks/counts/")
    expect(organizer.get_by_role("row").filter(has_text="机关一支部")).to_contain_text("已开展")
    expect(content(organizer)).not_to_contain_text("卫青松")


def test_those_above_find_nothing_at_the_address_of_a_talk(cast, visit, complaints):
    talk = make_talk(cast.members["secretary"], cast.members["member"], words={"life": "悄悄话"})
    page = visit(cast["organizer"], width=PHONE)
    assert page.goto(f"/talks/{talk.pk}/").status == 404
    expect(content(page)).not_to_contain_text("悄悄话")
    complaints.clear()  # the browser itself reports the 404
