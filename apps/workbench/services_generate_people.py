"""Members, terms and posts of generated branches, some hundred branches at a time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password

from apps.accounts.models import User
from apps.accounts.names import pinyin_of
from apps.branches.models import Organization, Post, Term
from apps.members.id_numbers import check_digit
from apps.members.models import Member, Sex
from apps.rules.kinds import MemberStatus, PostKind
from apps.rules.periods import add_months, add_years
from apps.vault.index import blind_index
from apps.workbench import demo_world as world
from apps.workbench.services_demo_people import AREA, SEATS

AT_ONCE = 400
FOUNDED = date(2012, 7, 1)
#: Full members from which on a branch has a committee.
COMMITTEE_FROM = 7
#: Serial numbers of members, and with them identity numbers, are spaced by branch.
MOST_MEMBERS = 32
#: Birthdays fall on this many days from this one on; 7919 shares no factor with their number.
FIRST_BIRTHDAY, BIRTHDAYS, STRIDE = date(1958, 1, 1), 14_600, 7_919

cached_pinyin = cache(pinyin_of)


@dataclass
class Plot:
    """One branch while it is being filled. `trouble` is what the organizer will find there."""

    organization: Organization
    number: int
    trouble: str = ""
    size: int = 0
    groups: list[Organization] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)

    @property
    def with_committee(self) -> bool:
        return self.size > COMMITTEE_FROM


def fill(*, plots: Sequence[Plot], rng: random.Random, today: date) -> int:
    """Returns the number of members."""
    people = iter(_people(sum(plot.size for plot in plots), rng=rng))
    for plot in plots:
        plot.members = [
            _member(next(people), plot, number=number, today=today) for number in range(plot.size)
        ]
    made = Member.objects.bulk_create([m for plot in plots for m in plot.members], batch_size=AT_ONCE)
    terms = Term.objects.bulk_create([_term(plot, today=today) for plot in plots], batch_size=AT_ONCE)
    posts = [post for plot, term in zip(plots, terms, strict=True) for post in _posts(plot, term=term)]
    Post.objects.bulk_create(posts, batch_size=AT_ONCE)
    return len(made)


def _people(count: int, *, rng: random.Random) -> list[User]:
    people, locked = [], make_password(None)
    for _ in range(count):
        name = rng.choice(world.SURNAMES) + rng.choice(world.GIVEN)
        pinyin, initials = cached_pinyin(name)
        people.append(User(name=name, pinyin=pinyin, initials=initials, password=locked))
    return User.objects.bulk_create(people, batch_size=AT_ONCE)


def _member(person: User, plot: Plot, *, number: int, today: date) -> Member:
    is_last = plot.size > COMMITTEE_FROM and number == plot.size - 1
    serial = plot.number * MOST_MEMBERS + number
    born, sex, id_number = _identity(serial)
    group = plot.groups[number % len(plot.groups)] if plot.groups else None
    admitted = add_months(today, -8) if is_last else add_years(born, 22)
    return Member(
        person=person,
        branch=plot.organization,
        group=group,
        path=(group or plot.organization).path,
        sex=sex,
        ethnicity="汉族",
        born_on=born,
        id_number=id_number,
        id_index=blind_index("members.id_number", id_number),
        mobile_phone=f"199{serial:08d}",
        status=MemberStatus.PROBATIONARY if is_last else MemberStatus.FULL,
        admitted_on=admitted,
        full_since=None if is_last else add_years(admitted, 1),
        joined_on=admitted if is_last else add_years(FOUNDED, 1),
        verified_on=add_months(today, -2),
    )


def _identity(serial: int) -> tuple[date, Sex, str]:
    """Birthday, sex, and a number of a place that does not exist; no two serials share one."""
    block, at = divmod(serial, BIRTHDAYS)
    born = FIRST_BIRTHDAY + timedelta(days=at * STRIDE % BIRTHDAYS)
    sex = Sex.MALE if serial % 3 else Sex.FEMALE
    first17 = f"{AREA}{born:%Y%m%d}{block % 499 * 2 + (sex == Sex.MALE):03d}"
    return born, sex, first17 + check_digit(first17)


def _term(plot: Plot, *, today: date) -> Term:
    age = {"expired": 40, "ending": 33}.get(plot.trouble, 8 + plot.number % 20)
    starts_on = add_months(today, -age)
    return Term(
        organization=plot.organization,
        number=4,
        starts_on=starts_on,
        years=3,
        ends_on=add_years(starts_on, 3),
        with_committee=plot.with_committee,
    )


def _posts(plot: Plot, *, term: Term) -> list[Post]:
    seats = SEATS if plot.with_committee else SEATS[:1]
    posts = [
        Post(
            person=member.person,
            organization=plot.organization,
            kind=kind,
            term=term,
            starts_on=term.starts_on,
            ends_on=add_months(term.starts_on, 3)
            if plot.trouble == "vacant" and kind == PostKind.SECRETARY
            else None,
            note="选举产生",
        )
        for kind, member in zip(seats, plot.members, strict=False)
    ]
    leaders = plot.members[len(SEATS) : len(SEATS) + len(plot.groups)]
    for group, member in zip(plot.groups, leaders, strict=True):
        posts.append(
            Post(
                person=member.person,
                organization=group,
                kind=PostKind.GROUP_LEADER,
                starts_on=term.starts_on,
            )
        )
    return posts
