"""Synthetic data in bulk, to try the product at the size of a county, a city or a province.

`generate` fills an empty database with N branches below one committee:

- organizations: the root committee, and a committee for each hundred branches; of its branches forty stand
  directly below it and the others below general branches of ten;
- people: two to nine members a branch, six on average; the first branch, whose secretary gets an account, has
  twenty-four and two groups; every member has an encrypted identity number and telephone number;
- one term a branch; its secretary, and a committee of five where there are seven full members;
- sittings of the last Y years, all filed, with minutes and roll: a themed day each month (in the first month
  of a quarter an assembly as well, in the last a lecture, in January the yearly meeting), and a committee
  meeting each month where there is a committee: some fifteen a year and branch;
- tasks: one done and one open for each branch;
- trouble in a third of the branches, so that the organizer's page has something to say: a term that is over
  or ends soon, no secretary, two members only, no assembly for half a year, a late task.

Everything is invented, the same for the same seed and day, and written past the services that people use.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.names import pinyin_of
from apps.audit.services import record
from apps.branches.models import Organization, Post, path_step
from apps.ledger.services import recount_all
from apps.rules.kinds import BranchForm, OrgKind, PostKind
from apps.rules.periods import add_months, add_years
from apps.standards.services_load import load_standards
from apps.ui.refusals import Refusal
from apps.workbench.services_demo_talks import write_talks_of_plots
from apps.workbench.services_generate_people import AT_ONCE, FOUNDED, Plot, fill
from apps.workbench.services_generate_records import write_records

PER_COMMITTEE, DIRECT, PER_GENERAL_BRANCH = 100, 40, 10
FIRST_MEMBERS = 24
SHARE_IN_TROUBLE = 0.36
TROUBLES = ("expired", "ending", "vacant", "few", "silent", "late")


class NotEmpty(Refusal):
    default = "数据库里已有数据，测试数据只能生成到空的数据库。请换一个 DATABASE_URL。"


@dataclass(kw_only=True)
class Generated:
    """What the command prints. `accounts` are login names with their words."""

    password: str
    accounts: tuple[tuple[str, str], ...] = (
        ("operator", "系统操作员"),
        ("organizer", "最上级党委组织员"),
        ("secretary", "第 1 党支部书记"),
    )
    branches: int = 0
    members: int = 0
    sittings: int = 0


@transaction.atomic
def generate(
    *,
    branches: int,
    years: int,
    seed: int,
    today: date,
    now: datetime,
    tell: Callable[[str], object] = lambda words: None,  # noqa: ARG005 - says nothing
) -> Generated:
    """Raises NotEmpty where there is any person or organization. The password is made anew each time."""
    if User.objects.exists() or Organization.objects.exists():
        raise NotEmpty
    rng = random.Random(seed)  # noqa: S311 - invented data, the same for the same seed
    done = Generated(password=secrets.token_urlsafe(12))
    root, plots = _grow(branches, since=add_months(today.replace(day=1), 1 - 12 * years), rng=rng)
    for batch in _batches(plots):
        done.members += fill(plots=batch, rng=rng, today=today)
        done.sittings += write_records(plots=batch, years=years, rng=rng, today=today, now=now)
        tell(f"{batch[-1].number + 1}/{branches}")
    write_talks_of_plots(plots=plots, entered_by=plots[0].members[0].person, today=today, now=now)
    operator = _give_logins(root, first=plots[0], password=done.password, today=today)
    load_standards(today=today)
    done.branches = recount_all(years=range(today.year - years, today.year + 2))
    record(actor=operator, action="data.generated", at=now, reason=f"{branches} 个党支部，{years} 年")
    return done


def _batches(plots: Sequence[Plot]) -> Iterator[Sequence[Plot]]:
    return (plots[start : start + AT_ONCE] for start in range(0, len(plots), AT_ONCE))


def _grow(count: int, *, since: date, rng: random.Random) -> tuple[Organization, list[Plot]]:
    """The tree, level by level, because a path contains the keys of all above. Returns root and branches."""
    root = _level([_organization(OrgKind.COMMITTEE, None, name="中共示例市委员会")])[0]
    branches = _level(
        [
            _organization(
                OrgKind.BRANCH,
                parent,
                name=f"第{number}党支部",
                form=BranchForm.ORDINARY,
                records_since=since,
                contact_phone="（示例）0000",
            )
            for number, parent in enumerate(_places(root, count=count), start=1)
        ]
    )
    plots = [Plot(branch, number=number) for number, branch in enumerate(branches)]
    for plot in plots[1:]:
        plot.trouble = rng.choice(TROUBLES) if rng.random() < SHARE_IN_TROUBLE else ""
        plot.size = 2 if plot.trouble == "few" else rng.randrange(3, 10)
    plots[0].size = FIRST_MEMBERS
    plots[0].groups = _level(
        [_organization(OrgKind.GROUP, branches[0], name=f"第{number}党小组") for number in "一二"]
    )
    return root, plots


def _places(root: Organization, *, count: int) -> list[Organization]:
    """The organization above each branch, in turn."""
    committees = _level(
        [
            _organization(OrgKind.COMMITTEE, root, name=f"中共第{number}街道工作委员会")
            for number in range(1, -(-count // PER_COMMITTEE) + 1)
        ]
    )
    above = [parent for parent in committees for _ in range(PER_COMMITTEE)][:count]
    below_general = [at for at in range(count) if at % PER_COMMITTEE >= DIRECT]
    firsts = below_general[::PER_GENERAL_BRANCH]
    general_branches = _level(
        [
            _organization(OrgKind.GENERAL_BRANCH, above[at], name=f"第{number}党总支")
            for number, at in enumerate(firsts, start=1)
        ]
    )
    for number, at in enumerate(below_general):
        above[at] = general_branches[number // PER_GENERAL_BRANCH]
    return above


def _organization(kind: str, parent: Organization | None, **fields: object) -> Organization:
    return Organization(kind=kind, parent=parent, founded_on=FOUNDED, **fields)


def _level(rows: list[Organization]) -> list[Organization]:
    made = Organization.objects.bulk_create(rows, batch_size=AT_ONCE)
    for row in made:
        row.path = (row.parent.path if row.parent else "") + path_step(row.pk)
    Organization.objects.bulk_update(made, ["path"], batch_size=AT_ONCE)
    return made


def _give_logins(root: Organization, *, first: Plot, password: str, today: date) -> User:
    """An operator, the organizer of it all, and the secretary of the first branch. Returns the operator."""
    hashed = make_password(password)
    operator = _person("石磊", username="operator", password=hashed, is_operator=True)
    organizer = _person("李组织", username="organizer", password=hashed)
    Post.objects.create(
        person=organizer, organization=root, kind=PostKind.ORGANIZER, starts_on=add_years(today, -2)
    )
    secretary = first.members[0].person
    secretary.username, secretary.password = "secretary", hashed
    secretary.save(update_fields=["username", "password"])
    return operator


def _person(name: str, **fields: object) -> User:
    pinyin, initials = pinyin_of(name)
    return User.objects.create(name=name, pinyin=pinyin, initials=initials, **fields)
