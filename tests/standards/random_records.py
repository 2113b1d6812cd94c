"""Branches drawn at random and written to the database as rows, with two years of records."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from apps.accounts.models import User
from apps.branches.models import Excuse, Organization, Post, RuleOverride, Term
from apps.members.models import Member
from apps.rules.kinds import (
    BranchForm,
    ExemptReason,
    MembershipState,
    MemberStatus,
    OrgKind,
    Period,
    PostKind,
)
from apps.tasks.models import Assignment, Directive
from tests import factories
from tests.factories import SHANGHAI

FIRST, LAST = date(2024, 12, 1), date(2027, 1, 20)
DAY = timedelta(days=1)
COMMITTEE = (PostKind.DEPUTY_SECRETARY, PostKind.ORGANIZATION, PostKind.PUBLICITY, PostKind.DISCIPLINE)
#: Codes of what a committee above may change: hours of study, and duties.
HOURS = ("EDU-1", "EDU-2")
CODES = ("MTG-1", "MTG-2", "MTG-3", "MTG-4", "MTG-5", "OL-1", "EV-1")
#: Drawn late, written early.
POINTED_AT = (User, Assignment, Directive)


class Draw(Random):
    """Draws values, and keeps the rows until all of them are written at once."""

    def __init__(self, seed: int, *, writer: User) -> None:
        super().__init__(seed)
        self.writer = writer
        self.rows: dict[type[Model], list[Any]] = {}

    def add(self, model: type[Model], **fields: Any) -> Any:
        row = model(**fields)
        self.rows.setdefault(model, []).append(row)
        return row

    def noted(self, model: type[Model], **fields: Any) -> Any:
        """A row with the fields that every row typed by somebody has."""
        fields |= {"created_by": self.writer, "created_at": NOON, "idempotency_key": uuid.uuid4()}
        return self.add(model, **fields)

    def write(self) -> None:
        """What others point at comes first; otherwise in the order in which they were first drawn."""
        for model in dict.fromkeys((*POINTED_AT, *self.rows)):
            model._default_manager.bulk_create(self.rows.get(model, []), batch_size=400)
        self.rows = {}

    def day(self, first: date = FIRST) -> date:
        return first + timedelta(days=self.randrange((LAST - first).days))

    def maybe(self, day: date | None = None, *, odds: float = 0.7) -> date | None:
        found = day or self.day()
        return found if self.random() < odds else None

    def chance(self, odds: float = 0.5) -> bool:
        return self.random() < odds

    def some(self, whole: Iterable[Any], most: int = 3) -> list[Any]:
        whole = list(whole)
        return self.sample(whole, self.randint(0, min(most, len(whole))))

    def times(self, most: int = 6) -> range:
        return range(self.randint(0, most))

    def key(self) -> uuid.UUID:
        return uuid.uuid4()


NOON = datetime(2025, 1, 1, 12, 0, tzinfo=SHANGHAI)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=SHANGHAI)


class Place:
    """One branch as it is being drawn."""

    def __init__(self, branch: Organization, *, groups: list[Organization]) -> None:
        self.branch, self.groups = branch, groups
        self.members: list[Member] = []
        self.term: Term | None = None
        self.common = {"branch": branch, "path": branch.path}


def draw_branch(draw: Draw, *, committee: Organization) -> Place:
    founded = draw.maybe(odds=0.15) or date(2015, 7, 1)
    closed = draw.maybe(draw.day(founded + DAY) if founded < LAST - 9 * DAY else LAST, odds=0.08)
    branch = factories.make_organization(
        parent=committee,
        form=draw.choice([BranchForm.ORDINARY] * 8 + [BranchForm.TEMPORARY]),
        founded_on=founded if draw.chance(0.97) else None,
        closed_on=closed if closed and closed > founded else None,
        records_since=draw.maybe(odds=0.25),
    )
    groups = []
    for _ in range(draw.choice([0, 0, 0, 2, 3])):
        begun = draw.maybe(odds=0.3) or date(2016, 1, 1)
        ended = draw.maybe(odds=0.15)
        groups.append(
            factories.make_organization(
                OrgKind.GROUP,
                parent=branch,
                founded_on=begun if draw.chance(0.9) else None,
                closed_on=ended if ended and ended > begun else None,
            )
        )
    return Place(branch, groups=groups)


def draw_people(draw: Draw, place: Place) -> None:
    for _ in range(draw.randint(1, 11)):
        person = draw.add(User, name="党员", pinyin="dangyuan", initials="dy", password="!")
        full, gone = draw.chance(0.9), draw.chance(0.15)
        exempt = draw.maybe(odds=0.12)
        group = draw.choice([None, *place.groups]) if place.groups else None
        place.members.append(
            draw.add(
                Member,
                person=person,
                branch=place.branch,
                group=group,
                path=(group or place.branch).path,
                status=MemberStatus.FULL if full else MemberStatus.PROBATIONARY,
                joined_on=draw.maybe(odds=0.2) or draw.choice([None, date(2016, 1, 1)]),
                state=draw.choice(list(MembershipState)[1:]) if gone else MembershipState.ACTIVE,
                state_since=draw.maybe(odds=0.95) if gone else None,
                admitted_on=draw.maybe(date(2010, 6, 20), odds=0.97),
                full_since=draw.maybe(draw.choice([date(2011, 6, 20), draw.day()]), odds=0.95)
                if full
                else None,
                **draw_record(draw),
                exempt_reason=ExemptReason.AGE if exempt and draw.chance(0.9) else "",
                exempt_decided_on=exempt,
            )
        )


def draw_record(draw: Draw) -> dict[str, Any]:
    return {
        "sex": draw.choice(["male", "female"] * 9 + [""]),
        "ethnicity": draw.choice(["汉族"] * 19 + [""]),
        "education": draw.choice(["大学本科"] * 19 + [""]),
        "born_on": draw.maybe(date(1980, 5, 5), odds=0.98),
        "id_index": draw.key().hex if draw.chance(0.98) else None,
        "verified_on": draw.maybe(odds=0.9),
        "is_mobile": draw.chance(0.15),
        "contact_until": draw.maybe(odds=0.3),
        "needs_care": draw.chance(0.3),
    }


def draw_posts(draw: Draw, place: Place) -> None:
    """Terms with and without a committee, and posts that change hands within the year."""
    begins = date(2024, 1, 1)
    numbers = draw.choice([(1,), (4,), (1, 2), ()])
    for number in numbers:
        ends = begins + timedelta(days=draw.choice([400, 700, 1096]))
        extended = draw.maybe(ends + timedelta(days=90), odds=0.15)
        place.term = draw.add(
            Term,
            organization=place.branch,
            number=number,
            starts_on=begins,
            ends_on=ends,
            with_committee=draw.chance(0.75),
            extended_to=extended,
            extension_note="批复" if extended else "",
        )
        begins = draw.day()
    people = [member.person for member in place.members]
    people.append(draw.add(User, name="上级来的书记", pinyin="shuji", initials="sj", password="!"))
    draw_secretaries(draw, place, people=people)
    for kind in COMMITTEE:
        if draw.chance(0.6):
            begins = draw.choice([date(2024, 1, 1), draw.day()])
            ends = draw.maybe(draw.day(), odds=0.2)
            draw_post(draw, place, person=draw.choice(people[:4]), kind=kind, starts_on=begins, ends_on=ends)


def draw_secretaries(draw: Draw, place: Place, *, people: list[User]) -> None:
    begins: date | None = date(2024, 1, 1) if draw.chance(0.9) else None
    while begins is not None:
        ends = draw.maybe(draw.day(begins) if begins < LAST - DAY else LAST, odds=0.3)
        person = draw.choice([people[0], people[0], *people])
        draw_post(draw, place, person=person, kind=PostKind.SECRETARY, starts_on=begins, ends_on=ends)
        begins = ends + draw.choice([0, 0, 40]) * DAY if ends and draw.chance(0.8) else None


def draw_post(draw: Draw, place: Place, *, person: User, ends_on: date | None, **fields: Any) -> None:
    late = ends_on is not None and ends_on < fields["starts_on"]
    ends_on = fields["starts_on"] if late else ends_on
    draw.add(Post, organization=place.branch, person=person, ends_on=ends_on, **fields)


def draw_rules(draw: Draw, place: Place) -> None:
    """The local rules of the branch itself, and the rounds that it need not hold."""
    for code in draw.some(CODES, 2):
        begins = draw.day(date(2025, 1, 1))
        ends = draw.maybe(begins + timedelta(days=draw.randint(20, 500)), odds=0.4)
        draw_rule(draw, place.branch, code=code, valid_from=begins, valid_to=ends)
    for code in draw.some(HOURS, 2) if draw.chance(0.3) else ():
        asked = {"min_count": draw.choice([None, 0, 12, 40]), "applies": draw.chance(0.9)}
        draw_rule(
            draw, place.branch, code=code, valid_from=draw.day(date(2025, 1, 1)), valid_to=None, **asked
        )
    for code in draw.some(CODES, 1):
        start = date(draw.choice([2025, 2026]), draw.choice([1, 4, 7]), 1)
        draw.add(
            Excuse,
            organization=place.branch,
            path=place.branch.path,
            code=code,
            period_start=start,
            reason="改选",
            decided_by=draw.writer,
            decided_on=start,
        )


def draw_rule(draw: Draw, organization: Organization, **fields: Any) -> None:
    yearly = fields["code"] in ("OL-1", "EV-1", *HOURS)
    periods = ["", Period.MONTH, Period.QUARTER, Period.HALF_YEAR, Period.YEAR]
    draw.add(
        RuleOverride,
        organization=organization,
        path=organization.path,
        reason="文件",
        created_by=draw.writer,
        **{
            "period": "" if yearly else draw.choice(periods),
            "min_count": draw.choice([None, 0, 1, 2]),
            "applies": draw.chance(0.8),
            **fields,
        },
    )
