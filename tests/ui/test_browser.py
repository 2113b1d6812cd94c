"""The pages' script and layout in a real browser; without the script everything else still holds."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from apps.accounts.models import User
from tests.journeys.browser import FLAGS
from tests.journeys.chromium import chromium_or_skip

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PAGES = ["/", "/people/", "/people/?name=没有", "/form/", "/confirm/", "/forbidden/", "/missing/", "/open/"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """
[...document.querySelectorAll('.btn, summary, nav a, select, input:not([type=hidden]), .ui-brand')]
  .filter(e => e.offsetParent && !['checkbox', 'radio'].includes(e.type))
  .filter(e => e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML.slice(0, 90))
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = chromium_or_skip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server, person) -> Iterator[Callable[..., Page]]:
    """`open_page(address, width=1280)`: a page of a reader who is signed in; its complaints fail the test."""
    User.objects.bulk_create(
        User(name=f"党员{n:02}", pinyin=f"dangyuan{n:02}", initials="dy", is_active=n != 3) for n in range(60)
    )
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
    }
    complaints: list[str] = []
    contexts = []

    def go(address: str, *, width: int = 1280, **options) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, base_url=live_server.url, locale="zh-CN", **options
        )
        contexts.append(context)
        context.add_cookies([{**cookie, "url": live_server.url}])
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None
        )
        page.on("request", lambda sent: complaints.append(sent.url) if away(sent.url) else None)
        page.goto(address)
        return page

    def away(url: str) -> bool:
        return not url.startswith((live_server.url, "data:", "blob:"))

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", PAGES)
def test_pages_fit_their_width_and_can_be_touched(open_page, address, width):
    page = open_page(address, width=width)

    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(SMALL_TARGETS) == []


def test_tab_reaches_the_skip_link_first_and_it_leads_to_the_content(open_page):
    page = open_page("/people/")
    page.keyboard.press("Tab")

    expect(page.locator(":focus")).to_have_text("跳到正文")
    assert page.locator(":focus").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_phone_menu_opens_and_closes_by_keyboard(open_page):
    page = open_page("/", width=390)
    page.locator("#menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#menu nav")).to_be_visible()

    page.keyboard.press("Escape")
    expect(page.locator("#menu nav")).to_be_hidden()

    page.get_by_role("link", name="更多").last.click()
    expect(page.locator("#menu nav")).to_be_visible()


def test_without_script_menu_filter_and_form_still_work(open_page):
    page = open_page("/people/", width=390, java_script_enabled=False)
    page.get_by_label("姓名").fill("党员07")
    page.get_by_role("button", name="查询").click()

    expect(page.locator("tbody tr")).to_have_count(1)
    page.goto("/form/")
    page.get_by_label("主持人").select_option(label="党员05")


def test_filtering_refreshes_only_the_list_and_keeps_the_address(open_page):
    page = open_page("/people/")
    page.evaluate("window.stillHere = true")
    page.get_by_label("姓名").fill("党员0")
    page.keyboard.press("Enter")

    expect(page.locator("tbody tr")).to_have_count(10)
    assert page.evaluate("window.stillHere")
    assert "name=%E5%85%9A%E5%91%980" in page.url
    expect(page.locator("#live")).to_have_text("共 10 条")


def test_turning_pages_and_going_back_brings_the_whole_page(open_page):
    page = open_page("/people/")
    first = page.locator("tbody tr").first.inner_text()
    page.get_by_role("link", name="末页").click()
    expect(page.get_by_role("link", name="首页")).to_be_visible()
    page.get_by_role("link", name="首页").click()
    expect(page.get_by_role("link", name="末页")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="首页")).to_be_visible()
    page.go_back()

    expect(page.locator(".ui-side")).to_have_count(1)
    expect(page.locator("tbody tr").first).to_contain_text(first.split()[0])
    assert page.evaluate("localStorage.length") == 0


def test_the_filter_folds_on_a_phone_unless_it_is_in_use(open_page):
    page = open_page("/people/", width=390)
    expect(page.get_by_label("姓名")).to_be_hidden()
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_label("姓名")).to_be_visible()

    page.goto("/people/?name=党员")
    expect(page.get_by_label("姓名")).to_be_visible()


def test_a_table_becomes_labelled_cards_on_a_phone(open_page):
    cell = open_page("/people/", width=390).locator('td[data-label="建立时间"]').first

    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"建立时间"'
    assert cell.evaluate("e => getComputedStyle(e.closest('tr')).display") == "block"


def test_typing_initials_narrows_a_search_select_and_enter_takes_the_first(open_page):
    page = open_page("/form/")
    box = page.get_by_role("combobox", name="主持人")
    box.click()
    box.press_sequentially("dangyuan1")
    expect(page.get_by_role("listbox", name="主持人").get_by_role("option")).to_have_count(10)
    box.press("ArrowDown")
    box.press("Enter")

    expect(box).to_have_value("党员11")
    assert page.locator("#id_person").evaluate("e => e.selectedOptions[0].text") == "党员11"

    box.press_sequentially("没有这个人")
    expect(page.get_by_text("没有找到")).to_be_visible()
    box.press("Escape")
    expect(box).to_have_value("党员11")

    box.fill("")
    box.blur()
    assert page.locator("#id_person").input_value() == ""


def test_a_form_is_sent_once_however_often_one_clicks(open_page):
    page = open_page("/confirm/")
    page.get_by_label("原因").fill("会议已经结束")
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('main form button').click()")
    page.wait_for_load_state()
    page.wait_for_timeout(200)

    assert len(posts) == 1


def test_a_question_that_is_answered_no_sends_nothing(open_page):
    page = open_page("/")
    asked: list[str] = []
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="提交").click()
    page.wait_for_timeout(200)

    assert (asked, posts) == (["确定提交吗？"], [])


def test_leaving_a_changed_form_warns_and_sending_it_does_not(open_page):
    page = open_page("/form/")
    kinds: list[str] = []
    page.on("dialog", lambda dialog: (kinds.append(dialog.type), dialog.accept()))
    page.get_by_label("主题").fill("主题党日")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    assert kinds == []

    page.get_by_label("主题").fill("十一月主题党日")
    page.goto("/people/")
    assert kinds == ["beforeunload"]


def test_a_refresh_that_fails_is_said(open_page):
    page = open_page("/people/")
    page.route("**/people/?**", lambda route: route.fulfill(status=500, body="x"))
    page.get_by_role("link", name="下一页").click()

    expect(page.get_by_role("alert")).to_contain_text("没有更新成功")


def test_paper_has_the_table_and_no_menu_or_buttons(open_page):
    page = open_page("/people/")
    page.emulate_media(media="print")

    expect(page.locator("tbody tr").first).to_be_visible()
    for gone in (".ui-side", ".ui-filter", ".ui-pager", ".ui-page-header .btn", ".ui-foot"):
        expect(page.locator(gone).first).to_be_hidden()
    assert page.locator("body").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
