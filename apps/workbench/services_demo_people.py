"""The demo's organizations, people, posts and terms."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from apps.accounts.models import User
from apps.accounts.names import pinyin_of
from apps.branches.models import Organization, Post, Term, path_step
from apps.members.id_numbers import check_digit
from apps.members.models import Member, Sex
from apps.rules.kinds import ExemptReason, MemberStatus, OrgKind, PostKind
from apps.rules.periods import add_months, add_years
from apps.vault.index import blind_index
from apps.workbench import demo_world as world
from apps.workbench.demo_world import BranchPlan

SEATS = (
    PostKind.SECRETARY,
    PostKind.DEPUTY_SECRETARY,
    PostKind.ORGANIZATION,
    PostKind.PUBLICITY,
    PostKind.DISCIPLINE,
)
#: An area code that no place in China has.
AREA = "999901"
MONTHS_OF_RECORDS = 18


@dataclass
class SettledBranch:
    plan: BranchPlan
    organization: Organization
    groups: list[Organization]
    members: list[Member]
    posts: dict[str, Member] = field(default_factory=dict)
    leaders: dict[int, Member] = field(default_factory=dict)


@dataclass
class Settled:
    committee: Organization
    branches: list[SettledBranch] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)


def settle(*, rng: random.Random, today: date) -> Settled:
    names = _names(rng)
    committee = _organization(OrgKind.COMMITTEE, None, name=world.COMMITTEE, short_name="青川镇党委")
    general = _organization(
        OrgKind.GENERAL_BRANCH, committee, name=world.GENERAL_BRANCH, short_name="涉农总支"
    )
    settled = Settled(committee)
    for role, kind in (
        ("organizer", PostKind.ORGANIZER),
        ("committee_secretary", PostKind.COMMITTEE_SECRETARY),
    ):
        settled.people[role] = _people([next(names)])[0]
        Post.objects.create(
            person=settled.people[role], organization=committee, kind=kind, starts_on=add_years(today, -2)
        )
    for plan in world.BRANCHES:
        parent = general if plan.under_general else committee
        settled.branches.append(_branch(plan, parent=parent, names=names, rng=rng, today=today))
    _name_roles(settled)
    return settled


def _names(rng: random.Random) -> Iterator[str]:
    """Different full names without end (well past three hundred)."""
    pairs = [surname + given for surname in world.SURNAMES for given in world.GIVEN]
    rng.shuffle(pairs)
    return iter(pairs)


def _organization(kind: str, parent: Organization | None, **fields: object) -> Organization:
    fields.setdefault("founded_on", date(2012, 7, 1))
    made = Organization.objects.create(kind=kind, parent=parent, **fields)
    made.path = (parent.path if parent else "") + path_step(made.pk)
    made.save(update_fields=["path"])
    return made


def _people(names: list[str]) -> list[User]:
    people = []
    for name in names:
        pinyin, initials = pinyin_of(name)
        people.append(User(name=name, pinyin=pinyin, initials=initials, password=make_password(None)))
    return User.objects.bulk_create(people)


def _branch(
    plan: BranchPlan, *, parent: Organization, names: Iterator[str], rng: random.Random, today: date
) -> SettledBranch:
    records_since = add_months(today.replace(day=1), -MONTHS_OF_RECORDS)
    elected = add_months(today, -plan.term_age_months)
    organization = _organization(
        OrgKind.BRANCH,
        parent,
        name=plan.name,
        short_name=plan.short,
        form=plan.form,
        is_village=plan.is_village,
        units_covered=plan.units,
        records_since=records_since,
        founded_on=elected if plan.term_age_months < 12 else date(2012, 7, 1),
        contact_phone="（演示）" + f"{rng.randrange(1000, 9999)}",
    )
    ordinals = "一二三四"
    groups = [
        _organization(
            OrgKind.GROUP, organization, name=f"第{ordinals[n]}党小组", short_name=f"第{ordinals[n]}小组"
        )
        for n in range(plan.groups)
    ]
    branch = SettledBranch(plan, organization, groups, [])
    people = _people([next(names) for _ in range(plan.members)])
    branch.members = Member.objects.bulk_create(
        [_member(branch, person, number=n, rng=rng, today=today) for n, person in enumerate(people)]
    )
    term = _term(branch, elected=elected)
    _posts(branch, term=term)
    return branch


def _member(branch: SettledBranch, person: User, *, number: int, rng: random.Random, today: date) -> Member:
    plan = branch.plan
    is_probationary = plan.members - number <= plan.probationary
    is_exempt = 9 < number <= 9 + plan.exempt
    age = rng.randrange(66, 88) if is_exempt else rng.randrange(26, 60)
    born = add_years(today, -age) - timedelta(days=rng.randrange(1, 360))
    admitted = (
        add_months(today, -8) if is_probationary else add_years(born, rng.randrange(20, min(age - 2, 40)))
    )
    group = branch.groups[number % len(branch.groups)] if branch.groups else None
    sex = rng.choice(["male", "female"])
    id_number = _id_number(born, sex=sex, serial=person.pk)
    return Member(
        person=person,
        branch=branch.organization,
        group=group,
        path=(group or branch.organization).path,
        sex=Sex(sex),
        ethnicity="汉族",
        native_place="青川镇",
        born_on=born,
        id_number=id_number,
        id_index=blind_index("members.id_number", id_number),
        education=rng.choice(world.EDUCATION),
        work_started_on=add_years(born, 22),
        work_unit=plan.short if plan.is_village else rng.choice(world.UNITS),
        job_title="退休" if is_exempt else rng.choice(world.JOBS),
        mobile_phone=f"199{rng.randrange(10_000_000, 99_999_999)}",
        address=f"青川镇演示路{rng.randrange(1, 200)}号",
        status=MemberStatus.PROBATIONARY if is_probationary else MemberStatus.FULL,
        admitted_on=admitted,
        full_since=None if is_probationary else add_years(admitted, 1),
        joined_on=max(admitted, date(2013, 1, 1)),
        exempt_reason=ExemptReason.AGE if is_exempt else "",
        exempt_decided_on=add_months(today, -17) if is_exempt else None,
        verified_on=add_months(today, -rng.randrange(1, 18)),
        needs_care=is_exempt and number % 3 == 0,
        **_mobile(plan, number=number, rng=rng, today=today),
    )


def _mobile(plan: BranchPlan, *, number: int, rng: random.Random, today: date) -> dict[str, object]:
    if number < plan.members - plan.mobile:
        return {}
    return {
        "is_mobile": True,
        "mobile_place": rng.choice(world.TOWNS_AWAY),
        "mobile_since": add_months(today, -rng.randrange(7, 30)),
        "contact_until": today - timedelta(days=rng.randrange(5, 150)),
    }


def _id_number(born: date, *, sex: str, serial: int) -> str:
    """A number with a right check digit, in an area that does not exist."""
    order = serial * 2 % 1000
    order = order | 1 if sex == "male" else order & ~1
    first17 = f"{AREA}{born:%Y%m%d}{order % 1000:03d}"
    return first17 + check_digit(first17)


def _term(branch: SettledBranch, *, elected: date) -> Term:
    years = 5 if branch.plan.is_village else 3
    return Term.objects.create(
        organization=branch.organization,
        number=4,
        starts_on=elected,
        years=years,
        ends_on=add_years(elected, years),
        with_committee=branch.plan.with_committee,
    )


def _posts(branch: SettledBranch, *, term: Term) -> None:
    seats = SEATS if branch.plan.with_committee else SEATS[:1]
    rows = []
    for kind, member in zip(seats if branch.plan.has_secretary else (), branch.members, strict=False):
        branch.posts[kind] = member
        rows.append(_post(member, branch.organization, kind=kind, term=term, starts_on=term.starts_on))
    for number, group in enumerate(branch.groups):
        leader = branch.members[len(SEATS) + (number - len(SEATS)) % len(branch.groups)]
        branch.leaders[group.pk] = leader
        rows.append(_post(leader, group, kind=PostKind.GROUP_LEADER, term=None, starts_on=term.starts_on))
    if not branch.plan.has_secretary:
        gone = _post(
            branch.members[0], branch.organization, kind=SEATS[0], term=term, starts_on=term.starts_on
        )
        gone.ends_on = add_months(term.starts_on, 15)
        rows.append(gone)
    Post.objects.bulk_create(rows)


def _post(
    member: Member, organization: Organization, *, kind: str, term: Term | None, starts_on: date
) -> Post:
    return Post(
        person=member.person,
        organization=organization,
        kind=kind,
        term=term,
        starts_on=starts_on,
        note="选举产生",
    )


def _name_roles(settled: Settled) -> None:
    first, village, small = settled.branches[0], settled.branches[4], settled.branches[10]
    for kind, member in first.posts.items():
        settled.people[str(kind)] = member.person
    settled.people["group_leader"] = first.leaders[first.groups[0].pk].person
    held = {member.pk for member in (*first.posts.values(), *first.leaders.values())}
    settled.people["member"] = next(
        m.person for m in first.members if m.pk not in held and not m.exempt_reason
    )
    settled.people["village"] = village.posts[PostKind.SECRETARY].person
    settled.people["small"] = small.posts[PostKind.SECRETARY].person
