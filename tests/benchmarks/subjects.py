"""What is measured: pages through all middleware, the filing of a sitting, the import of a roster."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from io import BytesIO
from zoneinfo import ZoneInfo

import xlsxwriter
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from apps.accounts.models import User
from apps.branches import changes
from apps.branches.models import Organization
from apps.ledger import facts
from apps.meetings.models import Attendance, Meeting, MeetingPurpose, MeetingState, Minutes
from apps.meetings.services_close import close_meeting
from apps.members.id_numbers import check_digit
from apps.members.models import ImportState, Member, RosterImport
from apps.members.services_confirm import confirm_import
from apps.members.services_import import start_import
from apps.rules.kinds import MeetingKind, MemberStatus, OrgKind, PostKind
from apps.ui import clock
from apps.vault.index import blind_index
from apps.workbench import queries
from tests.benchmarks.timing import Subject

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
HOME, BOARD, LIST = "/", "/board/", "/meetings/"
BARE, ADMIN = "/benchmark/bare/", "/benchmark/admin/meetings/meeting/"
ROLL = 20


def stop_the_clock() -> None:
    """The generated records end on this day, whenever they were generated."""
    clock.today, clock.now = lambda: TODAY, lambda: NOW


class UnexpectedAnswer(RuntimeError):
    """A page that is to be measured did not come."""


@dataclass(frozen=True)
class Visitor:
    """One signed-in browser."""

    client: Client

    def page(self, address: str) -> Subject:
        return Subject(lambda: self.get(address))

    def get(self, address: str) -> bytes:
        answer = self.client.get(address)
        if answer.status_code != 200:
            raise UnexpectedAnswer(f"{address}: {answer.status_code}")
        return bytes(answer.content)

    def workbench_after_a_change(self) -> Subject:
        """What the branch's records say is not kept in memory yet."""

        def forget() -> None:
            facts._kept.cache_clear()
            queries._judged.cache_clear()
            cache.clear()

        return Subject(lambda: self.get(HOME), before=forget)


@dataclass(frozen=True)
class World:
    """The accounts of the generated data and what belongs to them."""

    secretary: User
    organizer: User

    @classmethod
    def found(cls) -> World:
        people = User.objects.in_bulk(["secretary", "organizer"], field_name="username")
        return cls(people["secretary"], people["organizer"])

    def visitor(self, user: User) -> Visitor:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return Visitor(client)

    @cached_property
    def branch(self) -> Organization:
        return self.secretary.posts.get(kind=PostKind.SECRETARY).organization

    def deep_page(self) -> str:
        """The page in the middle of all meetings, newest first."""
        middle = Meeting.objects.order_by("-held_on", "-pk")[Meeting.objects.count() // 2]
        return f"{LIST}?after={middle.pk}"

    def last_admin_page(self) -> str:
        return f"{ADMIN}?p={-(-Meeting.objects.count() // 25)}"


def page_pairs(world: World) -> list[tuple[str, Subject, Subject]]:
    """Every page with what it is measured against: the same visitor's bare page or first page."""
    secretary, organizer = world.visitor(world.secretary), world.visitor(world.organizer)
    mine, whole = secretary.page(BARE), organizer.page(BARE)
    own_list, all_list = secretary.page(LIST), organizer.page(LIST)
    return [
        ("bare", mine, mine),
        ("workbench", secretary.page(HOME), mine),
        ("workbench_changed", secretary.workbench_after_a_change(), mine),
        ("board", organizer.page(BOARD), whole),
        ("own_list", own_list, mine),
        ("own_list_last", secretary.page(f"{LIST}?end=1"), own_list),
        ("all_list", all_list, whole),
        ("all_list_deep", organizer.page(world.deep_page()), all_list),
        ("all_list_last", organizer.page(f"{LIST}?end=1"), all_list),
        ("admin_list", organizer.page(ADMIN), whole),
        ("admin_list_last", organizer.page(world.last_admin_page()), whole),
    ]


# --- filing a sitting --------------------------------------------------------------------------------


def filing(world: World, *, with_tallies: bool) -> Subject:
    """`close_meeting` of an open record with twenty on the roll; each round has a new one."""
    waiting: list[Meeting] = []

    def run() -> None:
        meeting = waiting.pop()
        if with_tallies:
            close_meeting(meeting=meeting, actor=world.secretary, now=NOW)
            return
        with nobody_listening():
            close_meeting(meeting=meeting, actor=world.secretary, now=NOW)

    return Subject(run, before=lambda: waiting.append(open_record(world)))


@transaction.atomic
def open_record(world: World) -> Meeting:
    held_on = TODAY - timedelta(days=2)
    meeting = Meeting.objects.create(
        branch=world.branch,
        path=world.branch.path,
        title="主题党日",
        state=MeetingState.OPEN,
        held_on=held_on,
        recorded_at=NOW,
        recorded_by=world.secretary,
        idempotency_key=uuid.uuid4(),
    )
    Minutes.objects.create(meeting=meeting, summary="学习文件，讨论修渠。")
    MeetingPurpose.objects.create(meeting=meeting, kind=MeetingKind.THEMED_DAY)
    members = Member.objects.filter(branch=world.branch).order_by("pk")[:ROLL]
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, member=member, standing=member.status) for member in members
    )
    return meeting


@contextmanager
def nobody_listening() -> Iterator[None]:
    listeners, changes._listeners = changes._listeners, []
    try:
        yield
    finally:
        changes._listeners = listeners


# --- the roster --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """One invented line of a roster. The numbers carry the code of no real county."""

    number: int
    branch: str

    @property
    def name(self) -> str:
        surnames, given = "赵钱孙李周吴郑王冯陈", "一二三四五六七八九十"
        digits = f"{self.number % 1000:03d}"
        return surnames[int(digits[0])] + given[int(digits[1])] + given[int(digits[2])]

    @property
    def born_on(self) -> date:
        return date(1940, 1, 1) + timedelta(days=self.number % 15_000)

    @property
    def id_number(self) -> str:
        first = f"119999{self.born_on:%Y%m%d}{self.number // 15_000 * 2 + 1:03d}"
        return first + check_digit(first)

    def cells(self) -> list[str]:
        return [
            self.name,
            self.id_number,
            "正式党员",
            "2001-07-01",
            "2002-07-01",
            f"199{self.number:08d}",
            self.branch,
        ]


HEADINGS = ["姓名", "身份证号", "人员类别", "入党日期", "转正日期", "手机", "所在党支部"]


def people_for(committee: Organization, *, rows: int) -> list[Person]:
    """As many lines as wanted, spread over the branches of the committee."""
    below = Organization.objects.branches().under(committee.path).order_by("pk")
    names = list(below.values_list("name", flat=True))
    return [Person(number, names[number % len(names)]) for number in range(rows)]


def workbook(people: list[Person]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("花名册")
        for number, cells in enumerate([HEADINGS, *(person.cells() for person in people)]):
            sheet.write_row(number, 0, cells)
    return buffer.getvalue()


def first_committee() -> Organization:
    return Organization.objects.filter(kind=OrgKind.COMMITTEE, parent__isnull=False).order_by("pk").first()


def preview(world: World, content: bytes) -> RosterImport:
    """Upload and judge. The job runs in this process once the upload is committed."""
    return judged(upload(world, content))


def upload(world: World, content: bytes) -> RosterImport:
    return start_import(
        organization=first_committee(),
        upload=SimpleUploadedFile("花名册.xlsx", content),
        actor=world.organizer,
        now=NOW,
        today=TODAY,
    )


def judged(roster: RosterImport) -> RosterImport:
    roster.refresh_from_db()
    if roster.state != ImportState.READY or roster.error_count:
        raise UnexpectedAnswer(f"{roster.state} {roster.message} {roster.error_count}")
    return roster


def confirm(world: World, roster: RosterImport) -> None:
    done = confirm_import(roster=roster, actor=world.organizer, now=NOW)
    if done.state != ImportState.DONE:
        raise UnexpectedAnswer(done.message)


@transaction.atomic
def bare_insert(people: list[Person]) -> None:
    """The floor below the import: the same encrypted members by `bulk_create`, then taken back."""
    places = {branch.name: branch for branch in Organization.objects.branches().under(first_committee().path)}
    locked = make_password(None)
    users = User.objects.bulk_create(
        [User(name=person.name, password=locked) for person in people], batch_size=500
    )
    Member.objects.bulk_create(
        [
            Member(
                person=user,
                branch=places[person.branch],
                path=places[person.branch].path,
                id_number=person.id_number,
                id_index=blind_index("members.id_number", person.id_number),
                born_on=person.born_on,
                mobile_phone=f"199{person.number:08d}",
                status=MemberStatus.FULL,
                admitted_on=date(2001, 7, 1),
                full_since=date(2002, 7, 1),
            )
            for user, person in zip(users, people, strict=True)
        ],
        batch_size=500,
    )
    transaction.set_rollback(True)
