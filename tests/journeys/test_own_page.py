"""A member puts his record right from his phone, reads the answer, and takes home what is his."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from apps.members.models import Member
from tests.factories import PASSWORD
from tests.journeys.conftest import PHONE
from tests.journeys.steps import button, card, heading_is, link

pytestmark = pytest.mark.journey


def test_a_request_is_asked_answered_and_read(cast, visit):
    own = visit(cast["member"], width=PHONE)
    own.goto("/mine/")
    link(own, "信息有误，申请更正").tap()
    own.locator("a[href$='?field=native_place']").tap()
    heading_is(own, "申请更正：籍贯")
    own.get_by_label("应改为").fill("白石镇")
    own.get_by_label("依据").fill("户口簿")
    button(own, "提交申请").tap()
    expect(card(own, "我的更正申请")).to_contain_text("待答复")

    keeper = visit(cast["secretary"])
    keeper.goto("/")
    link(keeper, "1 份申请待答复").click()
    link(keeper, "籍贯").click()
    link(keeper, "同意并更正").click()
    keeper.get_by_label("答复").fill("已与户口簿核对。")
    button(keeper, "同意并更正").click()
    expect(keeper.get_by_text("已更正，并告知本人。")).to_be_visible()

    own.goto("/")
    expect(card(own, "我的档案")).to_contain_text("籍贯")
    own.goto("/mine/")
    expect(card(own, "我的更正申请")).to_contain_text("已与户口簿核对。")
    assert Member.objects.get(person=cast["member"]).native_place == "白石镇"


def test_everything_is_taken_home_with_the_password(cast, visit, tmp_path: Path):
    page = visit(cast["member"], width=PHONE)
    page.goto("/mine/")
    link(page, "导出我的全部信息").tap()
    page.get_by_text("数据文件（JSON").tap()
    page.get_by_label("您的登录密码").fill(PASSWORD)
    with page.expect_download() as started:
        button(page, "导出").tap()
    started.value.save_as(tmp_path / "export.json")
    whole = json.loads((tmp_path / "export.json").read_text(encoding="utf-8"))
    assert whole["person"] == "卫青松"
    assert started.value.suggested_filename == "卫青松的个人信息 2026-11-20.json"
