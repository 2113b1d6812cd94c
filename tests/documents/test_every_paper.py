"""Every document that the product makes, made of the demo by HTTP: each opens, and becomes pages."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.documents import urls
from apps.documents.facts import OFFERS
from apps.documents.facts_evaluations import EVALUATION, MEMBERS, ROUND
from apps.documents.models import MadeFile
from apps.documents.services_yearbook import path_of
from apps.evaluations.models import BranchEvaluation, Cycle, MemberEvaluation, OwnProblem, Round, Seat
from apps.meetings.models import Meeting, MeetingPurpose
from apps.members.models import Member
from apps.plans.models import AnnualPlan
from apps.rules.kinds_evaluations import CycleState, EvaluationState
from apps.ui.docx import CONTENT_TYPE as WORD
from apps.ui.docx_book import laid_out
from apps.ui.export import CONTENT_TYPE as EXCEL
from apps.ui.pdf import converter
from tests.documents.reading import HOSTILE, formulas_in, package_of
from tests.ui.documents import lines_of

#: Addresses that give no document of the records, and what the demo has nothing for.
OTHERS = {"list", "year_books", "made_file", "take_file"} | {
    f"template_{name}" for name in ("list", "upload", "fields", "sample", "file", "use", "withdraw")
}
NOT_IN_DEMO = {"evaluation_appraisal"}
PAPERS_OF_SITTINGS = ("minutes", "notice", "agenda", "sign_in_sheet")
YEAR, SECONDS = 2026, 240
#: Dates of one style, and nothing of how a program writes to itself.
PROGRAMS_WORDS = re.compile(r"\d{4}-\d\d-\d\d|\bNone\b|\bTrue\b|\bFalse\b|\{\{|datetime\.")
Asked = tuple[str, str, list[Any]]


def sittings_of_each_kind(branch: Organization) -> list[Meeting]:
    """One of each purpose and state, the latest."""
    found: dict[tuple[str, str], Meeting] = {}
    purposes = MeetingPurpose.objects.select_related("meeting").filter(meeting__branch=branch)
    for purpose in purposes.order_by("-meeting__held_on", "pk"):
        found.setdefault((purpose.kind, purpose.meeting.state), purpose.meeting)
    return list(found.values())


def asked_of_branch(login: str, branch: Organization) -> Iterator[Asked]:
    for offer in OFFERS:
        yield login, offer.name, [branch.pk, YEAR]
    for row in Round.objects.filter(branch=branch):
        for one in ROUND:
            yield login, "round_paper", [row.pk, one.name]
        for one in MEMBERS:
            yield login, "round_summary", [row.pk, one.name]
        people = MemberEvaluation.objects.filter(round=row)
        yield login, "member_register", [people.first().pk]
        listed = people.filter(member__in=OwnProblem.objects.filter(round=row).values("member"))
        yield from ((login, "member_problems", [one.pk]) for one in listed[:1])
    for evaluation in BranchEvaluation.objects.filter(branch=branch):
        for one in EVALUATION:
            yield login, one.name, [evaluation.pk]
    yield login, "plan", [AnnualPlan.objects.filter(branch=branch).first().pk]
    yield login, "transfer", [Member.objects.active().filter(branch=branch).first().pk]


def asked_of_all() -> Iterator[Asked]:
    for login, name in (("secretary", "青川镇机关第一党支部"), ("village", "柳树村党支部")):
        branch = Organization.objects.get(name=name)
        yield from asked_of_branch(login, branch)
    for meeting in sittings_of_each_kind(Organization.objects.get(name="青川镇机关第一党支部")):
        yield from (("secretary", name, [meeting.pk]) for name in PAPERS_OF_SITTINGS)
    smallest = Organization.objects.get(name="青川镇供销社党支部")
    yield "small", "year_book", [smallest.pk, YEAR]
    settled = BranchEvaluation.objects.filter(state=EvaluationState.DECIDED).first()
    yield "organizer", "evaluation_review", [settled.pk]
    for cycle in Cycle.objects.exclude(state=CycleState.DRAFT):
        yield "organizer", "cycle_tables", [cycle.pk]
    seat = Seat.objects.filter(reviewer__person__username="organizer").first()
    yield "organizer", "seat_review", [seat.pk]


def book_made() -> bytes:
    return laid_out(path_of(MadeFile.objects.latest("pk")).read_bytes())


def made_of_demo(sign_in, jobs_done) -> dict[str, bytes]:
    """By the name of a file: what is in it. A paper without lines leads back to its page, and is left out."""
    clients: dict[str, Client] = {}
    found: dict[str, bytes] = {}
    for login, name, place in asked_of_all():
        if login not in clients:
            clients[login] = sign_in(User.objects.get(username=login))
        with jobs_done(execute=True):
            answer = clients[login].post(reverse(f"documents:{name}", args=place))
        assert answer.status_code in (200, 302, 404), (login, name, place)
        kind = answer.headers.get("Content-Type", "")
        title = "_".join([name, *map(str, place)])
        if name == "year_book":
            found[f"{title}.docx"] = book_made()
        elif kind in (WORD, EXCEL):
            found[f"{title}.{'docx' if kind == WORD else 'xlsx'}"] = answer.content
    return found


def test_every_document_of_the_demo_opens_and_becomes_pages(
    demo, sign_in, django_capture_on_commit_callbacks, tmp_path: Path
) -> None:
    hostile = Meeting.objects.filter(minutes__isnull=False).latest("held_on")
    hostile.minutes.summary = "\n".join(HOSTILE)
    hostile.minutes.save()
    made = made_of_demo(sign_in, django_capture_on_commit_callbacks)
    names = {pattern.name for pattern in urls.urlpatterns} - OTHERS - NOT_IN_DEMO
    assert {name for name in names if not any(title.startswith(f"{name}_") for title in made)} == set()
    rounds = {title.split("_")[-1].split(".")[0] for title in made if title.startswith("round_")}
    assert rounds == {one.name for one in (*ROUND, *MEMBERS)}
    for title, content in made.items():
        if title.endswith(".xlsx"):
            assert formulas_in(content) == 0
            book = load_workbook(BytesIO(content))
            assert book.properties.creator, title
            assert all(sheet.max_row > 1 for sheet in book)
        else:
            assert docx.Document(BytesIO(content)).core_properties.author, title
            told = lines_of(package_of(content))
            assert [line for line in told if PROGRAMS_WORDS.search(line) and line not in HOSTILE] == [], title
            (tmp_path / title).write_bytes(content)
    assert len(made) > 100
    if converter() and connection.vendor == "sqlite":
        become_pages(tmp_path)


def become_pages(folder: Path) -> None:
    """All in one run of the program, which takes its time to start; once is enough for all databases."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    papers = sorted(str(path) for path in folder.glob("*.docx"))
    options = [profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder / "pdf")]
    subprocess.run([converter(), *options, *papers], check=True, capture_output=True, timeout=SECONDS)
    made = {path.stem: path.read_bytes()[:4] for path in (folder / "pdf").glob("*.pdf")}
    assert made == {Path(paper).stem: b"%PDF" for paper in papers}
