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

<<<<<<< HEAD
=======
#: The key of this year's evaluation of the demo's first branch; the others follow in their order.
THIS_YEAR = 13

#: name, login (empty for nobody), address; `{first:…}` stands for the first link of a page that matches.
PAGES = [
    ("login", "", "/accounts/login/"),
    ("workbench", "secretary", "/"),
    ("workbench-village", "village", "/"),
    ("workbench-small", "small", "/"),
    ("month", "secretary", "/month/"),
    ("guide", "secretary", "/guide/"),
    ("board", "organizer", "/board/"),
    ("member-home", "member", "/"),
    ("operator-home", "operator", "/"),
    ("organizations", "organizer", "/organizations/"),
    ("organization", "secretary", "{first:/organizations/ ^/organizations/\\d+/$}"),
    ("posts", "organizer", "/organizations/posts/"),
    ("rules", "secretary", "/organizations/rules/"),
    ("rule", "secretary", "/organizations/rules/MTG-1/"),
    ("override-new", "organizer", "/organizations/rules/overrides/new/"),
    ("tasks", "secretary", "/tasks/"),
    ("task", "secretary", "{first:/tasks/ ^/tasks/\\d+/$}"),
    ("task-new", "secretary", "/tasks/new/"),
    ("task-assign", "organizer", "/tasks/assign/"),
    ("assignments", "organizer", "/tasks/assignments/"),
    ("ballots", "secretary", "/ballots/"),
    ("ballot-new", "secretary", "/ballots/new/"),
    ("ballot-vote", "secretary", "{first:/ballots/ ^/ballots/vote/\\d+/$}"),
    ("ballot-open", "deputy", "{first:/ballots/?state=draft ^/ballots/\\d+/$}open/"),
    ("ballot-unseal", "deputy", "{first:/ballots/?state=closed&q=上半年 ^/ballots/\\d+/$}unseal/"),
    ("ballot-paper", "deputy", "{first:/ballots/?state=closed&q=作风 ^/ballots/\\d+/$}totals/"),
    ("ballot-result", "secretary", "{first:/ballots/?state=opened&q=书记 ^/ballots/\\d+/$}"),
    ("ballot-print", "secretary", "{first:/ballots/?state=opened&q=书记 ^/ballots/\\d+/$}print/"),
    ("cycles", "organizer", "/evaluations/"),
    ("cycle-new", "organizer", "/evaluations/new/"),
    ("cycle-draft", "organizer", "{first:/evaluations/?state=draft ^/evaluations/\\d+/$}"),
    ("cycle-standards", "organizer", "{first:/evaluations/?state=draft ^/evaluations/\\d+/$}standards/"),
    ("cycle-open", "organizer", "{first:/evaluations/?state=draft ^/evaluations/\\d+/$}open/"),
    ("cycle", "organizer", "{first:/evaluations/?state=open ^/evaluations/\\d+/$}"),
    ("cycle-reviewers", "organizer", "{first:/evaluations/?state=open ^/evaluations/\\d+/$}reviewers/"),
    ("cycle-seats", "organizer", "{first:/evaluations/2/reviewers/ ^/evaluations/reviewers/\\d+/seats/$}"),
    ("cycle-print", "organizer", "{first:/evaluations/?state=open ^/evaluations/\\d+/$}print/"),
    ("evaluation", "secretary", "{first:/ ^/evaluations/branches/\\d+/$}"),
    ("evaluation-report", "secretary", "{first:/ ^/evaluations/branches/\\d+/$}report/"),
    ("evaluation-submit", "secretary", "{first:/ ^/evaluations/branches/\\d+/$}report/submit/"),
    ("evaluation-print", "secretary", "{first:/ ^/evaluations/branches/\\d+/$}report/print/"),
    ("evaluation-poll", "secretary", "{first:/ ^/evaluations/branches/\\d+/$}appraisal/committee/start/"),
    (
        "evaluation-handed-in",
        "organizer",
        "{first:/evaluations/2/?state=review ^/evaluations/branches/\\d+/$}",
    ),
    ("evaluation-above", "village", "{first:/evaluations/ ^/evaluations/\\d+/$}"),
    ("desk", "village", "/evaluations/desk/"),
    ("seat", "village", "{first:/evaluations/desk/?state=todo ^/evaluations/desk/\\d+/$}"),
    (
        "seat-marks",
        "village",
        "{first:/evaluations/desk/?state=todo ^/evaluations/desk/\\d+/$}marks/quality/",
    ),
    ("seat-sum-up", "village", "{first:/evaluations/desk/?state=todo ^/evaluations/desk/\\d+/$}sum-up/"),
    ("seat-hand-in", "village", "{first:/evaluations/desk/?state=todo ^/evaluations/desk/\\d+/$}hand-in/"),
    ("seat-done", "village", "{first:/evaluations/desk/?state=done ^/evaluations/desk/\\d+/$}marks/team/"),
    ("settle", "organizer", f"/evaluations/results/{THIS_YEAR + 1}/settle/"),
    ("tell", "organizer", f"/evaluations/results/{THIS_YEAR + 1}/tell/"),
    ("result-told", "village", f"/evaluations/results/{THIS_YEAR + 4}/"),
    ("result-object", "village", f"{{first:/evaluations/results/{THIS_YEAR + 4}/ /object/}}"),
    ("result-answer", "organizer", f"{{first:/evaluations/results/{THIS_YEAR + 4}/ /answer/}}"),
    ("decide", "organizer", f"/evaluations/results/{THIS_YEAR + 7}/decide/"),
    ("result-decided", "organizer", f"/evaluations/results/{THIS_YEAR + 10}/"),
    ("result", "secretary", "/evaluations/results/1/"),
    ("result-member", "member", "/evaluations/results/1/"),
    ("result-letter", "secretary", "/evaluations/results/1/letter/"),
    ("cycle-publish", "organizer", "/evaluations/2/publish/"),
    ("talks-mine", "secretary", "/talks/"),
    ("talks-branch", "secretary", "/talks/branch/"),
    ("talks-map", "secretary", "/talks/map/"),
    ("talks-log", "secretary", "/talks/log/"),
    ("talks-plan", "member", "/talks/plan/"),
    ("talk", "secretary", "{first:/talks/branch/?state=closed ^/talks/\\d+/$}"),
    ("talk-update", "secretary", "{first:/talks/branch/?state=closed ^/talks/\\d+/$}update/"),
    ("talk-print", "secretary", "{first:/talks/branch/?state=closed ^/talks/\\d+/$}print/"),
    ("talk-fact", "deputy", "{first:/talks/branch/?pair=members ^/talks/\\d+/$}"),
    ("talks-must", "secretary", "/talks/must/"),
    ("talks-counts", "organizer", "/talks/counts/"),
    ("members", "secretary", "/members/"),
    ("member", "secretary", "{first:/members/ ^/members/\\d+/$}"),
    ("member-new", "secretary", "/members/new/"),
    ("member-reveal", "secretary", "{first:/members/ ^/members/\\d+/$}reveal/id_number/"),
    ("me", "member", "/members/me/"),
    ("mine", "member", "/mine/"),
    ("mine-secretary", "secretary", "/mine/"),
    ("mine-organizer", "organizer", "/mine/"),
    ("mine-attendance", "member", "/mine/attendance/"),
    ("mine-looks", "member", "/mine/looks/"),
    ("mine-export", "member", "/mine/export/"),
    ("correction-choose", "member", "/members/corrections/new/"),
    ("correction-new", "member", "/members/corrections/new/?field=native_place"),
    ("correction-own", "member", "{first:/mine/ ^/members/corrections/\\d+/$}"),
    ("corrections", "secretary", "/members/corrections/"),
    ("correction", "secretary", "{first:/members/corrections/ ^/members/corrections/\\d+/$}"),
    ("correction-accept", "secretary", "{first:/members/corrections/ ^/members/corrections/\\d+/$}accept/"),
    ("correction-refuse", "secretary", "{first:/members/corrections/ ^/members/corrections/\\d+/$}refuse/"),
    ("import", "secretary", "/members/import/"),
    ("import-preview", "secretary", "upload:fixtures/rosters/faulty.xlsx"),
    ("meetings", "secretary", "/meetings/"),
    ("meeting-closed", "secretary", "{first:/meetings/?state=closed ^/meetings/\\d+/$}"),
    ("meeting-open", "secretary", "{first:/meetings/?state=open ^/meetings/\\d+/$}"),
    ("meeting-print", "secretary", "{first:/meetings/?state=closed&kind=committee ^/meetings/\\d+/$}print/"),
    ("sign-in-sheet", "secretary", "{first:/meetings/?state=open ^/meetings/\\d+/$}sign-in-sheet/"),
    ("meeting-log", "secretary", "/meetings/log/?kind=committee"),
    ("meeting-plan", "secretary", "/meetings/plan/"),
    ("plans", "secretary", "/plans/"),
    ("plan", "secretary", "{first:/plans/?state=filed ^/plans/\\d+/$}"),
    ("plan-new", "village", "/plans/new/"),
    ("plan-items", "secretary", "{first:/plans/?state=filed ^/plans/\\d+/$}items/"),
    ("plan-print", "secretary", "{first:/plans/?state=filed ^/plans/\\d+/$}print/"),
    ("plan-overview", "organizer", "/plans/overview/?state=all"),
    ("plan-goals", "secretary", "/plans/goals/"),
    ("documents", "secretary", "/documents/"),
    ("documents-above", "organizer", "/documents/"),
    ("calendar", "secretary", "/calendar/"),
    ("worklog", "secretary", "/worklog/"),
    ("worklog-choose", "secretary", "/worklog/new/"),
    ("worklog-study", "secretary", "/worklog/new/study/"),
    ("worklog-care", "secretary", "/worklog/new/care/"),
    ("worklog-entry", "secretary", "{first:/worklog/ ^/worklog/\\d+/$}"),
    ("worklog-import", "secretary", "/worklog/imports/new/"),
    ("key-posts", "discipline", "/worklog/key-posts/"),
    ("key-post", "discipline", "{first:/worklog/key-posts/ ^/worklog/key-posts/\\d+/$}"),
    ("key-post-check", "discipline", "{first:/worklog/key-posts/ ^/worklog/key-posts/\\d+/$}check/"),
    ("units", "secretary", "/worklog/units/"),
    ("unit-new", "secretary", "/worklog/units/new/"),
    ("study", "secretary", "/study/"),
    ("study-print", "secretary", "/study/print/"),
    ("study-counted", "secretary", "/counted/"),
    ("accounts", "operator", "/accounts/people/"),
    ("account-me", "secretary", "/accounts/me/"),
    ("audit", "auditor", "/audit/"),
    ("audit-mine", "secretary", "/audit/mine/"),
    ("admin", "organizer", "/admin/"),
    ("system", "operator", "/system/"),
    ("branch-from-above", "organizer", "{first:/board/ ^/branches/\\d+/$}"),
    ("month-from-above", "organizer", "/month/"),
    ("meeting-roll", "secretary", "{first:/meetings/?state=open ^/meetings/\\d+/$}roll/"),
    ("meeting-update", "secretary", "{first:/meetings/?state=open ^/meetings/\\d+/$}update/"),
    ("meeting-close", "secretary", "{first:/meetings/?state=open ^/meetings/\\d+/$}close/"),
    ("meeting-cancel", "secretary", "{first:/meetings/?state=open ^/meetings/\\d+/$}cancel/"),
    ("record", "secretary", "/standards/records/"),
    ("record-small", "small", "/standards/records/"),
    ("figure", "secretary", "{first:/standards/records/ ^/standards/records/\\d+/participation/}"),
    ("across", "organizer", "/standards/across/"),
    ("recount", "organizer", "/standards/across/recount/"),
    ("vote-desk", "secretary", "desk:ordinary"),
    ("vote-election", "secretary", "desk:election"),
    ("vote-admission", "secretary", "desk:admission"),
    ("blank-form", "secretary", "/meetings/blank/"),
    ("addendum", "secretary", "{first:/meetings/?state=closed ^/meetings/\\d+/$}addenda/add/"),
    ("meeting-outline", "member", "{first:/meetings/?state=closed ^/meetings/\\d+/$}"),
    ("organization-new", "organizer", "{first:/organizations/ ^/organizations/\\d+/$}new/branch/"),
    ("organization-update", "secretary", "{first:/organizations/ ^/organizations/\\d+/$}update/"),
    ("term-new", "secretary", "{first:/organizations/ ^/organizations/\\d+/$}terms/new/"),
    ("post-new", "secretary", "{first:/organizations/ ^/organizations/\\d+/$}posts/new/"),
    ("excuse-new", "organizer", "{first:/organizations/?kind=branch ^/organizations/\\d+/$}excuses/new/"),
    ("root-new", "operator", "/organizations/new/"),
    ("member-update", "secretary", "{first:/members/ ^/members/\\d+/$}update/"),
    ("member-state", "secretary", "{first:/members/ ^/members/\\d+/$}state/"),
    ("member-exemption", "secretary", "{first:/members/ ^/members/\\d+/$}exemption/"),
    ("member-voting", "secretary", "{first:/members/ ^/members/\\d+/$}voting/"),
    ("member-history", "secretary", "{first:/members/ ^/members/\\d+/$}history/"),
    ("groups", "secretary", "/members/groups/"),
    ("export", "secretary", "/members/export/"),
    ("task-close", "secretary", "{first:/tasks/ ^/tasks/\\d+/$}close/"),
    ("task-note", "secretary", "{first:/tasks/ ^/tasks/\\d+/$}notes/new/"),
    ("assignment", "organizer", "{first:/tasks/assignments/ ^/tasks/assignments/\\d+/$}"),
    ("task-list", "secretary", "/tasks/"),
    ("concern-new", "secretary", "/tasks/new/?kind=concern"),
    ("rectification-new", "secretary", "/tasks/new/?kind=rectification"),
    ("concerns", "secretary", "/tasks/concerns/"),
    ("concern", "secretary", "{first:/tasks/concerns/ ^/tasks/\\d+/$}"),
    ("concern-close", "secretary", "{first:/tasks/concerns/?state=open ^/tasks/\\d+/$}close/"),
    ("rectifications", "secretary", "/tasks/rectifications/"),
    ("rectification", "secretary", "{first:/tasks/rectifications/?state=done ^/tasks/\\d+/$}"),
    ("rectification-close", "secretary", "{first:/tasks/rectifications/?state=open ^/tasks/\\d+/$}close/"),
    ("rectifications-print", "secretary", "/tasks/rectifications/print/"),
    ("directives", "secretary", "/meetings/directives/"),
    ("directive", "secretary", "{first:/meetings/directives/?state=conveyed ^/meetings/directives/\\d+/$}"),
    (
        "directive-convey",
        "secretary",
        "{first:/meetings/directives/?state=to_convey ^/meetings/directives/\\d+/$}convey/",
    ),
    ("directive-new", "secretary", "/tasks/directives/new/"),
    ("circular", "organizer", "/tasks/directives/send/"),
    ("assign", "organizer", "/tasks/assign/"),
    ("assign-confirm", "organizer", "assign:"),
    ("assignments", "organizer", "/tasks/assignments/"),
    ("assignment-remind", "organizer", "{first:/tasks/assignments/ ^/tasks/assignments/\\d+/$}remind/"),
    ("assigned-task", "secretary", "{first:/tasks/?kind=assigned ^/tasks/\\d+/$}"),
    ("task-report", "secretary", "{first:/tasks/?kind=assigned ^/tasks/\\d+/$}report/"),
    ("task-feedback", "secretary", "{first:/tasks/?kind=assigned ^/tasks/\\d+/$}feedback/"),
    ("task-review", "organizer", "{first:/tasks/?state=reported ^/tasks/\\d+/$}"),
    ("jobs", "secretary", "/jobs/"),
    ("person", "operator", "{first:/accounts/people/ ^/accounts/people/\\d+/$}"),
    ("person-new", "operator", "/accounts/people/new/"),
    ("password", "secretary", "/accounts/password/"),
    ("deed", "auditor", "{first:/audit/ ^/audit/\\d+/$}"),
    ("audit-export", "auditor", "/audit/export/"),
    ("admin-organizations", "organizer", "/admin/branches/organization/"),
    (
        "admin-organization",
        "organizer",
        "{first:/admin/branches/organization/ /admin/branches/organization/\\d+/change/}",
    ),
    ("admin-member", "organizer", "{first:/admin/members/member/ /admin/members/member/\\d+/change/}"),
    ("admin-meetings", "organizer", "/admin/meetings/meeting/"),
    ("admin-operator", "operator", "/admin/accounts/user/"),
    ("standards", "secretary", "/standards/"),
    ("standards-organizer", "organizer", "/standards/"),
    ("standard", "secretary", "{first:/standards/ ^/standards/\\d+/$}"),
    ("standard-local", "organizer", "{first:/standards/?state=local ^/standards/\\d+/$}"),
    ("standard-new", "organizer", "/standards/new/"),
    ("standard-off", "organizer", "{first:/standards/ ^/standards/\\d+/$}switch-off/"),
    ("levels", "organizer", "/standards/levels/?state=all"),
    ("level-new", "organizer", "/standards/levels/new/"),
    ("notes", "secretary", "/standards/notes/"),
    ("note", "secretary", "{first:/standards/notes/ ^/standards/notes/\\d+/$}"),
    ("note-new", "secretary", "/standards/notes/new/"),
    ("standards-import", "organizer", "/standards/import/"),
    ("forbidden", "member", "/members/import/"),
]

>>>>>>> 394ab77 (Let the demo show last year's results and this year's reviews in every state)

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
