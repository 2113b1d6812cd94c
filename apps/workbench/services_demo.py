"""Loading the demo: an invented committee with eighteen months of records, in a few seconds.

The rows are written in bulk, past the services that people use; the command refuses a database with data, and
one deed says that a demo was loaded.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.names import pinyin_of
from apps.audit.services import record
from apps.branches.models import Organization
from apps.ledger.services import recount_all
from apps.members.models import Member
from apps.ui.refusals import Refusal
from apps.workbench.services_demo_ballots import write_ballots
from apps.workbench.services_demo_cycle import write_cycles
from apps.workbench.services_demo_desk import write_desk, write_last_problems
from apps.workbench.services_demo_figures import count_demo_figures, write_variety
from apps.workbench.services_demo_mine import write_own_pages
from apps.workbench.services_demo_people import Settled, settle
from apps.workbench.services_demo_plans import write_plans
from apps.workbench.services_demo_records import write_records
from apps.workbench.services_demo_round import write_rounds
from apps.workbench.services_demo_standards import write_standards
from apps.workbench.services_demo_talks import write_talks
from apps.workbench.services_demo_taskbook import write_task_book
from apps.workbench.services_demo_worklog import write_worklog

#: login name, the word for it, and where in the demo the person is found.
ACCOUNTS = (
    ("operator", "系统操作员", "operator"),
    ("auditor", "审计员", "auditor"),
    ("organizer", "镇党委组织员", "organizer"),
    ("leader", "镇党委书记", "committee_secretary"),
    ("secretary", "机关一支部书记", "secretary"),
    ("deputy", "机关一支部副书记", "deputy_secretary"),
    ("organization", "机关一支部组织委员", "organization"),
    ("publicity", "机关一支部宣传委员", "publicity"),
    ("discipline", "机关一支部纪检委员", "discipline"),
    ("groupleader", "机关一支部第一党小组组长", "group_leader"),
    ("member", "机关一支部普通党员", "member"),
    ("village", "柳树村支部书记", "village"),
    ("small", "供销社支部书记（不设支委会）", "small"),
)


class NotEmpty(Refusal):
    default = (
        "数据库里已有数据，演示数据只能载入空的数据库。请换一个 DATABASE_URL，或删除演示用的数据库文件。"
    )


@dataclass
class Demo:
    """What the loading hands on to the command that prints it."""

    password: str
    accounts: list[tuple[str, str, str]] = field(default_factory=list)
    branches: int = 0
    members: int = 0
    sittings: int = 0
    tasks: int = 0


@transaction.atomic
def load_demo(*, today: date, now: datetime, seed: int = 7) -> Demo:
    """Raises NotEmpty where there is any person or organization. The password is made anew each time."""
    if User.objects.exists() or Organization.objects.exists():
        raise NotEmpty
    rng = random.Random(seed)  # noqa: S311 - invented data, the same for the same seed
    demo = Demo(password="-".join(secrets.choice(WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}")
    settled = settle(rng=rng, today=today)
    _give_logins(settled, demo=demo)
    demo.sittings, demo.tasks = write_records(settled=settled, rng=rng, today=today, now=now)
    write_own_pages(settled=settled, rng=rng, today=today, now=now)
    write_standards(settled=settled, today=today, now=now, rng=rng)
    write_plans(settled=settled, today=today, now=now, seed=seed)
    demo.tasks += write_task_book(settled=settled, rng=rng, today=today, now=now)
    write_worklog(settled=settled, rng=rng, today=today, now=now)
    write_talks(settled=settled, seed=seed, today=today, now=now)
    write_variety(settled=settled, today=today, now=now)
    write_ballots(settled=settled, rng=random.Random(seed), today=today, now=now)  # noqa: S311 - as above
    write_rounds(settled=settled, rng=random.Random(seed), today=today, now=now)  # noqa: S311 - as above
    write_last_problems(settled=settled, today=today, now=now)
    recount_all(years=range(today.year - 2, today.year + 2))
    count_demo_figures(today=today)
    write_cycles(settled=settled, today=today, now=now)
    write_desk(settled=settled, today=today)
    demo.branches, demo.members = len(settled.branches), Member.objects.count()
    record(actor=settled.people["operator"], action="demo.loaded", at=now)
    return demo


#: Words of the generated password: easy to type on a phone, hard to guess in threes.
WORDS = (
    "maple river lantern cedar pebble orchid harbor meadow copper willow ginger bamboo saddle velvet "
    "thunder walnut island candle rocket jasmine pepper marble basket summit falcon cactus anchor mango"
).split()


def _give_logins(settled: Settled, *, demo: Demo) -> None:
    """One account for each role, all with the same password of this demo."""
    hashed = make_password(demo.password)
    for username, words, role in ACCOUNTS:
        person = settled.people.get(role) or _extra(role, name=EXTRA_NAMES[role])
        person.username, person.password = username, hashed
        person.is_operator, person.is_auditor = role == "operator", role == "auditor"
        person.save()
        settled.people[role] = person
        demo.accounts.append((username, words, person.name))


EXTRA_NAMES = {"operator": "石磊", "auditor": "纪文清"}


def _extra(role: str, *, name: str) -> User:  # noqa: ARG001 - the role is for the reader of the call
    pinyin, initials = pinyin_of(name)
    return User.objects.create(name=name, pinyin=pinyin, initials=initials, password=make_password(None))
