"""From an empty database to a meeting that the committee above sees, each person at his own screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.steps import (
    button,
    card,
    choose,
    content,
    fact,
    heading_is,
    link,
    menu,
    set_password,
    sign_in,
)

pytestmark = pytest.mark.journey
ROSTERS = Path(__file__).resolve().parents[2] / "fixtures" / "rosters"


def test_from_the_first_run_to_a_filed_assembly_that_the_organizer_sees(visit):
    operator = visit()
    set_the_system_up(operator)
    register_the_committee(operator)
    for_organizer = give_login(operator, name="李组织", username="li.zuzhi")
    appoint_the_first_organizer(operator)

    organizer = visit()
    take_up_login(organizer, address=for_organizer, username="li.zuzhi")
    heading_is(organizer, "今日关注")
    found_the_branch(organizer)

    for_secretary = give_login(operator, name="周建国", username="zhou.jianguo")
    appoint_the_secretary(organizer)

    secretary = visit()
    take_up_login(secretary, address=for_secretary, username="zhou.jianguo")
    heading_is(secretary, "开始使用")
    import_the_roster(secretary)
    see_what_is_due_and_why(secretary)
    plan_a_themed_day(secretary)
    log_an_assembly(secretary)
    file_it(secretary)

    see_it_from_above(organizer)


def set_the_system_up(page: Page) -> None:
    page.goto("/")
    heading_is(page, "首次使用：建立系统操作员")
    page.get_by_label("姓名").fill("钱运维")
    page.get_by_label("登录名").fill("qian.yunwei")
    set_password(page)
    button(page, "完成设置").click()
    heading_is(page, "设置完成")
    link(page, "去登录").click()
    sign_in(page, username="qian.yunwei")
    heading_is(page, "首页")


def register_the_committee(page: Page) -> None:
    link(page, "登记最上级党委").click()
    link(content(page), "登记最上级党委").click()
    page.get_by_label("党委全称").fill("中共青川镇委员会")
    button(page, "保存").click()
    expect(link(page, "中共青川镇委员会")).to_be_visible()


def give_login(page: Page, *, name: str, username: str) -> str:
    """The one-time link that the operator hands over."""
    menu(page, "账号管理")
    link(page, "登记人员").click()
    page.get_by_label("姓名").fill(name)
    button(page, "保存").click()
    link(page, "开通登录").click()
    page.get_by_label("登录名").fill(username)
    button(page, "下一步：签发链接").click()
    button(page, "签发设置密码的链接").click()
    heading_is(page, "设置密码的链接")
    return page.get_by_label("链接").input_value()


def take_up_login(page: Page, *, address: str, username: str) -> None:
    page.goto(address)
    heading_is(page, "设置密码")
    set_password(page)
    button(page, "保存密码").click()
    expect(page.get_by_text("密码已设置，请登录。")).to_be_visible()
    sign_in(page, username=username)


def appoint_the_first_organizer(page: Page) -> None:
    menu(page, "组织机构")
    link(page, "中共青川镇委员会").click()
    link(page, "按登录名登记任职").click()
    page.get_by_label("登录名").fill("li.zuzhi")
    page.get_by_label("职务").select_option(label="组织员")
    button(page, "保存").click()
    expect(content(page).get_by_role("cell", name="李组织", exact=True)).to_be_visible()


def found_the_branch(page: Page) -> None:
    menu(page, "组织机构")
    link(page, "中共青川镇委员会").click()
    link(page, "党支部").click()
    page.get_by_label("全称").fill("中共青川镇机关第一支部委员会")
    page.get_by_label("简称").fill("机关一支部")
    page.get_by_label("成立时间").fill("2015-07-01")
    page.get_by_label("启用本系统").fill("2026-11-01")
    button(page, "保存").click()
    expect(page.get_by_text("“中共青川镇机关第一支部委员会”已建立。")).to_be_visible()


def appoint_the_secretary(page: Page) -> None:
    link(page, "机关一支部").click()
    link(page, "按登录名登记任职").click()
    page.get_by_label("登录名").fill("zhou.jianguo")
    page.get_by_label("职务").select_option(label="支部书记")
    button(page, "保存").click()
    expect(content(page).get_by_role("cell", name="周建国", exact=True)).to_be_visible()


def import_the_roster(page: Page) -> None:
    link(page, "上传花名册").click()
    page.get_by_label("花名册文件").set_input_files(ROSTERS / "clean.xlsx")
    button(page, "上传并预览").click()
    heading_is(page, "导入预览")
    expect(fact(page, "新增")).to_have_text("28 人")
    expect(fact(page, "有问题")).to_have_text("0 行")
    expect(page.get_by_text("到确认为止，没有写入任何内容。")).to_be_visible()
    expect(page.get_by_text("此人已有账号和任职，导入后与之合并为同一人")).to_be_visible()
    button(page, "确认导入").click()
    expect(page.get_by_text("已导入：新增 28 人，变更 0 人。")).to_be_visible()


def see_what_is_due_and_why(page: Page) -> None:
    menu(page, "工作台")
    heading_is(page, "中共青川镇机关第一支部委员会")
    assembly = duty(page, "接下来", title="党员大会")
    expect(assembly).to_contain_text("2026年第四季度")
    expect(assembly).to_contain_text("最迟 12月31日")
    assembly.get_by_text("为什么", exact=True).click()
    expect(assembly).to_contain_text("《中国共产党支部工作条例（试行）》第十一条")
    expect(assembly.get_by_text("会后整理记录，把决议的事定到人、定时限。")).to_be_visible()
    expect(duty(page, "本月要做", title="主题党日")).to_contain_text("最迟 11月30日")
    page.get_by_text("对本支部不作要求（2）").click()
    expect(page.get_by_text("本支部没有划分党小组，不需要召开党小组会。")).to_be_visible()


def duty(page: Page, group: str, *, title: str) -> Locator:
    return card(page, group).get_by_role("listitem").filter(has=page.get_by_text(title, exact=True))


def plan_a_themed_day(page: Page) -> None:
    link(page, "排一次").click()
    page.get_by_role("checkbox", name="主题党日").check()
    page.get_by_label("日期").fill("2026-11-27")
    page.get_by_label("地点").fill("镇会议室")
    button(page, "保存计划").click()
    heading_is(page, "11月主题党日")
    expect(page.get_by_text("到开会那天点“开始记录”")).to_be_visible()
    menu(page, "工作台")
    expect(duty(page, "本月要做", title="主题党日")).to_contain_text("已安排")


def log_an_assembly(page: Page) -> None:
    link(duty(page, "接下来", title="党员大会"), "记一次").click()
    expect(page.get_by_role("checkbox", name="党员大会")).to_be_checked()
    page.get_by_label("开始时间").fill("09:00")
    page.get_by_label("议题（每行一个）").fill("讨论明年支部工作计划")
    button(page, "保存并开始记录").click()
    heading_is(page, "11月党员大会")
    put_on_leave(page, "李桂英")
    take_the_vote(page)
    write_the_resolution(page)
    make_it_a_task(page)


def put_on_leave(page: Page, name: str) -> None:
    """Two taps."""
    roll = card(page, "出席情况")
    expect(roll).to_contain_text("28 实到")
    row = roll.get_by_role("listitem").filter(has_text=name)
    row.get_by_text("请假", exact=True).click()
    button(row, "事假").click()
    expect(roll).to_contain_text("27 实到")
    expect(roll).to_contain_text("1 请假")
    expect(roll).to_contain_text("23／24 有表决权实到／应到")


def take_the_vote(page: Page) -> None:
    link(page, "填写票数").click()
    expect(page.get_by_text("到会 23 人，达到 12 人，可以表决")).to_be_visible()
    page.get_by_label("赞成").fill("22")
    page.get_by_label("弃权").fill("1")
    button(page, "登记表决").click()
    expect(page.get_by_text("已登记表决：通过。")).to_be_visible()


def write_the_resolution(page: Page) -> None:
    page.locator("#items").get_by_label("决议").first.fill("同意支部工作计划，由各党小组分头落实。")
    button(page, "保存议题").click()
    expect(link(page, "决议转为任务")).to_be_visible()


def make_it_a_task(page: Page) -> None:
    link(page, "决议转为任务").click()
    page.get_by_label("任务").fill("印发支部工作计划")
    choose(page, "责任人", typed="zjg", wanted="周建国")
    page.get_by_label("完成期限").fill("2026-12-10")
    button(page, "保存").click()
    expect(link(page, "印发支部工作计划")).to_be_visible()


def file_it(page: Page) -> None:
    expect(page.get_by_text("可以归档。")).to_be_visible()
    link(page, "归档").click()
    heading_is(page, "归档“11月党员大会”")
    button(page, "归档").click()
    expect(page.get_by_text("记录已归档。")).to_be_visible()
    expect(button(page, "保存议题")).to_have_count(0)
    expect(fact(page, "缺席及原因")).to_have_text("李桂英（事假）")


def see_it_from_above(page: Page) -> None:
    menu(page, "今日关注")
    branch = card(page, "机关一支部")
    expect(branch).to_contain_text("党员 28 名")
    expect(branch.get_by_role("listitem")).to_have_count(1)
    expect(branch).to_contain_text("现有正式党员24名，应选举支部委员会。")
    link(branch, "机关一支部").click()
    page.get_by_text("已完成（1）").click()
    done = page.get_by_role("listitem").filter(has_text="2026年第四季度")
    expect(done).to_contain_text("党员大会")
    link(done, "记录").click()
    heading_is(page, "11月党员大会")
    expect(page.get_by_text("应到24人，实到23人，须有13票赞成；实得赞成22票，通过。")).to_be_visible()
    expect(page.get_by_text("同意支部工作计划，由各党小组分头落实。")).to_be_visible()
    expect(content(page)).to_contain_text("责任人：周建国　期限：2026-12-10")
