"""What somebody at the screen does, in the words of the pages."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

PASSWORD = "秋天的第17片红叶落在窗前"


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def link(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def content(page: Page) -> Locator:
    return page.get_by_role("main")


def menu(page: Page, name: str) -> None:
    """Choose from the main menu of a wide screen."""
    link(page.get_by_role("navigation", name="主菜单"), name).click()


def card(page: Page, title: str) -> Locator:
    """The panel with this heading."""
    return page.locator(".ui-card").filter(has=page.get_by_role("heading", name=title, exact=True))


def heading_is(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def fact(page: Page, label: str) -> Locator:
    """The value beside a label in a list of facts."""
    return page.locator(".ui-facts > div").filter(has=page.get_by_text(label, exact=True)).locator("dd")


def sign_in(page: Page, *, username: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码").fill(password)
    button(page, "登录").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("登录")


def set_password(page: Page) -> None:
    page.get_by_label("新密码", exact=False).first.fill(PASSWORD)
    page.get_by_label("再输一遍新密码").fill(PASSWORD)


def choose(page: Page, label: str, *, typed: str, wanted: str) -> None:
    """Find a name in a long list by typing the beginning of its pinyin."""
    box = page.get_by_role("combobox", name=label).and_(page.locator("input"))
    box.fill(typed)
    box.press("Enter")
    expect(box).to_have_value(wanted)
