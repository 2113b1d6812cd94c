"""Years drawn at random for the property tests: small enough to be quick, odd enough to find what is odd."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from apps.rules.facts import MemberFacts, OrgFacts, SittingFacts, TermFacts
from apps.rules.facts_records import (
    ConcernFacts,
    ConsultationFacts,
    DatedFacts,
    DirectiveFacts,
    GoalFacts,
    ItemFacts,
    KeyPostFacts,
    MeetingFacts,
    MemberRecordFacts,
    MotionFacts,
    ProgressFacts,
    ProjectFacts,
    PublicConsultationFacts,
    RectificationFacts,
    RollFacts,
    StudyFacts,
    TalkFacts,
    TaskFacts,
    UnitFacts,
    VisitFacts,
)
from apps.rules.facts_year import BranchYearFacts
from apps.rules.kinds import (
    ActivityForm,
    AttendanceStatus,
    ConsultationKind,
    ItemNature,
    Matter,
    MeetingKind,
    PartnerKind,
    PostKind,
    Topic,
)
from apps.rules.voting import VoteState
from tests.rules.makers import make_org, make_post

FIRST, LAST = date(2024, 12, 1), date(2027, 1, 20)


class Draw(Random):
    """What a random year is made of."""

    def day(self) -> date:
        return FIRST + timedelta(days=self.randrange((LAST - FIRST).days))

    def maybe(self, day: date | None = None, *, odds: float = 0.7) -> date | None:
        found = day or self.day()
        return found if self.random() < odds else None

    def some(self, whole: Any, most: int = 3) -> list[Any]:
        whole = list(whole)
        return self.sample(whole, self.randint(0, min(most, len(whole))))

    def times(self, most: int = 8) -> range:
        return range(self.randint(0, most))

    def chance(self, odds: float = 0.5) -> bool:
        return self.random() < odds


def random_org(draw: Draw) -> OrgFacts:
    members = tuple(
        MemberFacts(
            id=number,
            joined_on=draw.maybe(odds=0.2),
            left_on=draw.maybe(odds=0.15),
            full_since=draw.maybe(date(2015, 7, 1), odds=0.9),
        )
        for number in range(1, draw.randint(2, 12))
    )
    with_committee = draw.chance(0.7)
    changed = draw.maybe(odds=0.3)
    posts = [make_post(starts_on=date(2024, 1, 1), ends_on=changed)]
    if changed and draw.chance(0.8):
        posts.append(make_post(person_id=draw.choice([1, 4, 99]), starts_on=changed))
    posts += [
        make_post(kind, person_id=n) for n, kind in ((2, PostKind.ORGANIZATION), (3, PostKind.PUBLICITY))
    ]
    term = TermFacts(
        id=1, number=1, starts_on=date(2024, 1, 1), ends_on=draw.day(), with_committee=with_committee
    )
    return make_org(
        members=members,
        posts=tuple(posts),
        terms=(term,) if draw.chance(0.9) else (),
        founded_on=draw.maybe(odds=0.1) or date(2015, 7, 1),
        closed_on=draw.maybe(odds=0.05),
        records_since=draw.maybe(odds=0.2),
        sittings=tuple(
            SittingFacts(
                id=number,
                held_on=draw.day(),
                kinds=frozenset(draw.some(MeetingKind)),
                closed=draw.chance(0.9),
            )
            for number in range(draw.randint(0, 40))
        ),
    )


def random_item(draw: Draw, id_: int, *, held_on: date, people: list[int]) -> ItemFacts:
    motions = tuple(
        MotionFacts(
            id=id_ * 10 + at,
            matter=draw.choice([Matter.ORDINARY, Matter.ADMISSION, Matter.COMMITTEE_DECISION]),
            entitled=len(people),
            present=draw.randint(0, len(people)),
            in_favour=draw.randint(0, len(people)),
            needed=len(people) // 2 + 1,
            state=draw.choice(list(VoteState)),
            replaced=draw.chance(0.2),
        )
        for at in range(draw.randint(0, 2))
    )
    consultations = tuple(
        ConsultationFacts(
            id=id_ * 10 + at,
            kind=draw.choice(list(ConsultationKind)),
            held_on=held_on - timedelta(days=draw.randint(-2, 5)),
            member_ids=frozenset(draw.some(people)),
        )
        for at in range(draw.randint(0, 2))
    )
    return ItemFacts(
        id=id_,
        position=draw.randint(1, 9) * 100 + id_ % 100,
        nature=draw.choice(list(ItemNature)),
        is_major=draw.chance(),
        decided=draw.chance(),
        opinions_by=frozenset(draw.some(people, 8)),
        motions=motions,
        consultations=consultations,
    )


def random_meeting(draw: Draw, id_: int, *, people: list[int]) -> MeetingFacts:
    held_on = draw.day()
    roll = tuple(
        RollFacts(
            member_id=number,
            status=draw.choice([AttendanceStatus.PRESENT] * 3 + list(AttendanceStatus)),
            has_vote=draw.chance(0.9),
            on_committee=number <= 3,
        )
        for number in draw.some(people, 12)
    )
    return MeetingFacts(
        id=id_,
        held_on=held_on,
        kinds=frozenset([draw.choice(list(MeetingKind)), *draw.some(MeetingKind, 1)]),
        group_id=draw.choice([None, None, None, 7]),
        closed=draw.chance(0.9),
        complete=draw.chance(0.9),
        entered_on=draw.maybe(held_on + timedelta(days=draw.randint(0, 9)), odds=0.95),
        near_copy_of=draw.choice([None] * 9 + [1]),
        chair_id=draw.choice([1, 2, None]),
        lecturer_id=draw.choice([1, 4, None]),
        form=draw.choice([None, *ActivityForm]),
        topics=frozenset(draw.some(Topic)),
        partners=frozenset(draw.some(PartnerKind, 2)) if draw.chance(0.3) else frozenset(),
        public_participants=draw.choice([0, 0, 3, 20]),
        roll=roll,
        items=tuple(
            random_item(draw, id_ * 10 + at, held_on=held_on, people=people)
            for at in range(draw.randint(0, 3))
        ),
    )


def random_work(draw: Draw) -> dict[str, Any]:
    times = draw.times

    def task(id_: int) -> dict[str, Any]:
        due = draw.maybe(odds=0.9)
        done = draw.maybe((due or draw.day()) + timedelta(days=draw.randint(-20, 10)))
        return {"id": id_, "due_on": due, "closed_on": done, "cancelled": draw.chance(0.1)}

    return {
        "tasks": tuple(TaskFacts(**task(n)) for n in times()),
        "concerns": tuple(ConcernFacts(**task(n), registered_on=draw.day()) for n in times()),
        "rectifications": tuple(
            RectificationFacts(**task(n), found_on=draw.day(), self_found=draw.chance()) for n in times()
        ),
        "directives": tuple(
            DirectiveFacts(
                id=n,
                convey_by=draw.maybe(),
                conveyed_on=draw.maybe(),
                asks_action=draw.chance(),
                do_by=draw.maybe(),
                implemented_on=draw.maybe(),
                cancelled=draw.chance(0.1),
            )
            for n in times()
        ),
    }


def random_plan(draw: Draw) -> dict[str, Any]:
    times = draw.times
    return {
        "plan_filed_on": draw.maybe(),
        "goals": tuple(
            GoalFacts(id=n, due_on=draw.day(), done_on=draw.maybe(), cancelled=draw.chance(0.1))
            for n in times()
        ),
        "project": ProjectFacts(
            id=1,
            progress=tuple(
                ProgressFacts(id=n, quarter=draw.randint(1, 4), recorded_on=draw.day()) for n in times(5)
            ),
        )
        if draw.chance(0.8)
        else None,
    }


def random_registers(draw: Draw) -> dict[str, Any]:
    times = draw.times
    return {
        "recognitions": tuple(DatedFacts(id=n, held_on=draw.day()) for n in times(4)),
        "public_consultations": tuple(
            PublicConsultationFacts(
                id=n, held_on=draw.day(), has_result=draw.chance(0.8), participants=draw.randint(0, 9)
            )
            for n in times(4)
        ),
        "key_posts": tuple(
            KeyPostFacts(
                id=n,
                listed_on=draw.maybe(odds=0.3),
                ended_on=draw.maybe(odds=0.2),
                checked_on=tuple(draw.day() for _ in times(2)),
            )
            for n in times(4)
        ),
        "units": tuple(
            UnitFacts(
                id=n,
                listed_on=draw.maybe(odds=0.3),
                ended_on=draw.maybe(odds=0.2),
                covered_on=draw.maybe(),
            )
            for n in times(4)
        ),
    }


def random_people(draw: Draw, people: list[int]) -> dict[str, Any]:
    return {
        "records": tuple(
            MemberRecordFacts(
                member_id=number,
                person_id=number,
                group_id=draw.choice([None, 7]),
                complete=draw.chance(0.9),
                verified_on=draw.maybe(odds=0.9),
                is_mobile=draw.chance(0.1),
                contact_until=draw.maybe(odds=0.3),
                exempt_since=draw.maybe(odds=0.1),
                needs_care=draw.chance(0.3),
            )
            for number in people
        ),
    }


def random_log(draw: Draw, people: list[int]) -> dict[str, Any]:
    return {
        "talks": tuple(
            TalkFacts(
                id=n,
                held_on=draw.day(),
                member_ids=frozenset(draw.sample(people, min(len(people), draw.choice([2, 2, 3])))),
                is_reminder=draw.chance(0.2),
                followed_up_on=draw.maybe(),
            )
            for n in range(draw.randint(0, 25))
        ),
        "study": tuple(
            StudyFacts(
                id=n,
                member_id=draw.choice(people),
                studied_on=draw.day(),
                hours=Decimal(draw.choice(["0.5", "2", "16", "40"])),
                category=draw.choice(["theory", "professional", "auxiliary", ""]),
            )
            for n in range(draw.randint(0, 20))
        ),
        "visits": tuple(
            VisitFacts(id=n, member_id=draw.choice(people), held_on=draw.day())
            for n in range(draw.randint(0, 6))
        ),
        "placements": tuple(
            VisitFacts(id=n, member_id=draw.choice(people), held_on=draw.day())
            for n in range(draw.randint(0, 4))
        ),
    }


def random_year(seed: int) -> BranchYearFacts:
    """The same seed gives the same year: some day of 2025 or 2026, or after it."""
    draw = Draw(seed)
    org = random_org(draw)
    people = [member.id for member in org.members]
    return BranchYearFacts(
        org=org,
        year=draw.choice([2025, 2026]),
        as_of=draw.choice([draw.day(), date(2025, 12, 31), date(2026, 12, 31), date(2027, 1, 20)]),
        meetings=tuple(random_meeting(draw, id_, people=people) for id_ in range(1, draw.randint(1, 30))),
        **random_work(draw),
        **random_plan(draw),
        **random_registers(draw),
        **random_log(draw, people),
        **random_people(draw, people),
    )
