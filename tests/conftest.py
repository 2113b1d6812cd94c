"""The cast: one small world that every test may ask for, and the date on which it plays."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import User
from apps.ballots import sealing
from apps.branches import policies
from apps.branches.models import Organization
from apps.members.models import Member
from apps.rules.kinds import OrgKind, PostKind
from apps.workbench.services_demo import Demo, load_demo
from tests import factories
from tests.factories import SHANGHAI
from tests.kept_rows import SET_UP, KeptRows

TODAY = date(2026, 11, 20)
REAL_SCRYPT, CHEAP_SCRYPT = dict(sealing.SCRYPT), 2**4
NOW = datetime(2026, 11, 20, 10, 30, tzinfo=SHANGHAI)


def pytest_collection_finish() -> None:
    """Look for garbage among what the tests make, seldom; what was loaded before them stays to the end."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One key ring for the whole run, outside the checkout."""
    from django.conf import settings

    from apps.vault.keys import create_keyring

    path = tmp_path_factory.mktemp("vault") / "keys.json"
    settings.VAULT_KEYRING = path
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    create_keyring(path)
    return path


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_row_by_row() -> Iterator[None]:
    """After a test that commits. Django would truncate (on PostgreSQL five hundred new files) and then write
    its own four hundred rows again, which no test changes."""

    def deletions(_operations: object, _style: object, names: list[str], **_flags: object) -> list[str]:
        return [f'DELETE FROM "{name}"' for name in names if name not in SET_UP]  # noqa: S608 - names of models

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "sql_flush", deletions)
        yield


@pytest.fixture(scope="session", autouse=True)
def _passphrases_are_stretched_little() -> Iterator[None]:
    """As passwords are hashed quickly here. `tests/ballots/voting_on_file.py` votes with the real cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sealing.SCRYPT, "n", CHEAP_SCRYPT)
        yield


@pytest.fixture(autouse=True)
def _sizes_are_counted_anew() -> None:
    """The day never ends here, and every test has a tree of its own under the same paths."""
    policies._size_below.cache_clear()


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """It is Friday, 20 November 2026, 10:30 in Shanghai, unless a test or a journey says otherwise."""
    if "real_clock" in request.fixturenames:
        return
    set_today(monkeypatch, NOW)


def set_today(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Everything reads the clock through `apps.ui.clock`, so this is the only place to turn it."""
    from apps.ui import clock

    monkeypatch.setattr(clock, "today", lambda: moment.astimezone(SHANGHAI).date())
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def real_clock() -> None:
    """Ask for this to let the real clock run."""


@dataclass
class Cast:
    """A committee with two branches (ours and its sibling), and another committee with one."""

    committee: Organization
    ours: Organization
    group: Organization
    sibling: Organization
    elsewhere_committee: Organization
    elsewhere: Organization
    people: dict[str, User] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)

    def __getitem__(self, role: str) -> User:
        return self.people[role]


BRANCH_POSTS = {
    "secretary": PostKind.SECRETARY,
    "deputy": PostKind.DEPUTY_SECRETARY,
    "organization": PostKind.ORGANIZATION,
    "publicity": PostKind.PUBLICITY,
    "discipline": PostKind.DISCIPLINE,
}
#: Every role of the access table, strongest reach first.
ROLES = (
    "operator",
    "auditor",
    "organizer",
    "committee_secretary",
    *BRANCH_POSTS,
    "group_leader",
    "member",
    "former_secretary",
    "stranger_secretary",
)


@pytest.fixture
def cast(db: None) -> Cast:
    return CAST.world()


def make_cast() -> Cast:
    committee = factories.make_organization(OrgKind.COMMITTEE, name="青川镇党委", short_name="青川镇党委")
    ours = factories.make_organization(parent=committee, name="青川镇机关第一党支部", short_name="机关一支部")
    group = factories.make_organization(OrgKind.GROUP, parent=ours, name="第一党小组", short_name="第一小组")
    sibling = factories.make_organization(
        parent=committee, name="青川镇机关第二党支部", short_name="机关二支部"
    )
    elsewhere_committee = factories.make_organization(OrgKind.COMMITTEE, name="白石镇党委")
    elsewhere = factories.make_organization(parent=elsewhere_committee, name="白石镇机关党支部")
    world = Cast(committee, ours, group, sibling, elsewhere_committee, elsewhere)

    def add(role: str, name: str, **fields: object) -> User:
        world.people[role] = factories.make_user(name, username=role, **fields)
        return world.people[role]

    add("operator", "钱运维", is_operator=True)
    add("auditor", "孙审计", is_auditor=True)
    factories.make_post(add("organizer", "李组织"), committee, PostKind.ORGANIZER)
    factories.make_post(add("committee_secretary", "周书记"), committee, PostKind.COMMITTEE_SECRETARY)
    names = ("吴向前", "郑明", "王小兰", "冯刚", "陈静")
    for (role, kind), name in zip(BRANCH_POSTS.items(), names, strict=True):
        factories.make_post(add(role, name), ours, kind)
        world.members[role] = factories.make_member(ours, person=world[role])
    factories.make_post(add("group_leader", "褚红"), group, PostKind.GROUP_LEADER)
    world.members["group_leader"] = factories.make_member(ours, person=world["group_leader"], group=group)
    world.members["member"] = factories.make_member(ours, person=add("member", "卫青松"), group=group)
    world.members["sibling_member"] = factories.make_member(sibling, name="蒋立")
    world.members["elsewhere_member"] = factories.make_member(elsewhere, name="沈川")
    former = add("former_secretary", "韩退")
    factories.make_post(
        former, ours, PostKind.SECRETARY, starts_on=date(2022, 3, 1), ends_on=TODAY - timedelta(days=1)
    )
    stranger = add("stranger_secretary", "杨邻")
    factories.make_post(stranger, elsewhere, PostKind.SECRETARY)
    world.members["stranger_secretary"] = factories.make_member(elsewhere, person=stranger)
    for branch in (ours, sibling, elsewhere):
        factories.make_term(branch)
    return world


#: Half of the tests begin with it.
CAST = KeptRows(make_cast)


def write_demo() -> Demo:
    return load_demo(today=TODAY, now=DEMO_LOADED)


DEMO_LOADED = datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)
DEMO = KeptRows(write_demo)


@pytest.fixture
def demo(db: None) -> Demo:
    """The demo as it was loaded at nine o'clock of the fixed day."""
    return DEMO.world()


@pytest.fixture
def sign_in(client: Client) -> Iterator:
    """`sign_in(user)` gives a client in which that person is signed in."""

    def enter(user: User) -> Client:
        fresh = Client()
        fresh.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return fresh

    return enter
