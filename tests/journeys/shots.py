"""Screenshots of every page at 1280 and 390 px, from the demo, into screenshots/ (and README's picture).

Run it with `python3 dev.py shots [name …]`; it loads a demo of its own and starts a server of its own.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.journeys.browser import FLAGS, find_chromium  # noqa: E402 - the checkout is no installed package
from tests.journeys.shots_pages import PAGES  # noqa: E402 - as above

OUT = ROOT / "screenshots"
README_PICTURE = ROOT / "docs" / "workbench.png"
WIDTHS = {1280: 900, 390: 844}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def demo_server() -> Iterator[tuple[str, str]]:
    """A server with a fresh demo in a temporary folder; gives its address and the demo's password."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "DEBUG": "true", "VAR_DIR": folder}
        env.pop("DATABASE_URL", None)
        manage = [sys.executable, str(ROOT / "manage.py")]
        subprocess.run([*manage, "migrate", "-v0", "--skip-checks"], env=env, check=True)
        told = subprocess.run([*manage, "demo"], env=env, check=True, capture_output=True, text=True).stdout
        password = re.search(r"密码：(\S+)", told)[1]
        port = free_port()
        commands = [["runserver", "--noreload", f"127.0.0.1:{port}"], ["run_huey"]]
        running = [subprocess.Popen([*manage, *words], env=env) for words in commands]
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}", password
        finally:
            for process in running:
                process.send_signal(signal.SIGINT)
                process.wait()


def wait_for(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url)  # noqa: S310 - our own server on this machine
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server did not start")


def sign_in(page: object, *, base: str, username: str, password: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_load_state()


def address_of(page: object, *, base: str, address: str) -> str:
    if address.startswith("desk:"):
        return vote_desk(page, base=base, matter=address.removeprefix("desk:"))
    if address == "assign:":
        return question_of_assignment(page, base=base)
    if address.startswith("upload:"):
        return uploaded(page, base=base, file=address.removeprefix("upload:"))
    wanted = re.fullmatch(r"\{first:(\S+) (.+)\}(\S*)", address)
    if not wanted:
        return address
    page.goto(base + wanted[1])
    links = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
    return next((link for link in links if re.search(wanted[2], link)), wanted[1]) + wanted[3]


def vote_desk(page: object, *, base: str, matter: str) -> str:
    """The desk of an agenda item that is open for votes; members' matters need an assembly of one's own."""
    kind = "committee" if matter == "ordinary" else "general"
    page.goto(f"{base}/meetings/log/?kind={kind}")
    page.fill("textarea[name=agenda]", "选举支部委员会" if "election" in matter else "讨论接收预备党员")
    page.click("main form button[type=submit]")
    another = page.locator("input[type=checkbox][name=another]")
    if another.count():
        another.check()
        page.click("main form button[type=submit]")
    page.wait_for_selector("#items")
    link = page.locator("#items a[href*='/motions/add/']").first.get_attribute("href")
    return f"{link.split('?')[0]}?matter={matter}"


def question_of_assignment(page: object, *, base: str) -> str:
    """The page that asks before an assignment is sent, as it stands after the form was sent."""
    page.goto(f"{base}/tasks/assign/")
    page.fill("input[name=title]", "报送党员花名册和三会一课情况统计")
    page.fill("input[name=due_on]", "2030-01-31")
    page.fill("input[name=minutes]", "45")
    page.check("input[name=to_all]")
    page.click("main form button[type=submit]")
    page.wait_for_selector("button[value=send]")
    return ""


def uploaded(page: object, *, base: str, file: str) -> str:
    """The preview of a roster, once the worker has read it."""
    page.goto(f"{base}/members/import/")
    page.set_input_files("input[type=file]", ROOT / file)
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/members/import/\d+/"), timeout=60_000)
    return page.url.removeprefix(base)


def main(names: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    OUT.mkdir(exist_ok=True)
    README_PICTURE.parent.mkdir(exist_ok=True)
    with demo_server() as (base, password), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for width, height in WIDTHS.items():
            pages: dict[str, object] = {}
            for name, username, address in PAGES:
                if names and name not in names:
                    continue
                if username not in pages:
                    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
                    pages[username] = context.new_page()
                    if username:
                        sign_in(pages[username], base=base, username=username, password=password)
                page = pages[username]
                url = address_of(page, base=base, address=address)
                answer = page.goto(base + url) if url else None
                wide = page.evaluate("document.documentElement.scrollWidth")
                page.screenshot(path=OUT / f"{name}-{width}.png", full_page=True)
                too_wide = f", wider than the screen: {wide}" if wide > width else ""
                print(f"{name} {width} px: {answer.status if answer else 'as it stands'}{too_wide}")  # noqa: T201 - a command-line tool
                if name == "workbench" and width == 1280:
                    page.screenshot(path=README_PICTURE)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
