"""A cheap world for the annual evaluation: a committee, three branches, some records, an opened cycle."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.evaluations.models import BranchEvaluation, Cycle, CycleStandard, Reviewer
from apps.evaluations.services_cycles import create_cycle, open_cycle
from apps.evaluations.services_seats import name_reviewer
from apps.rules.kinds import Aspect, AttendanceStatus, OrgKind, Polarity, PostKind
from apps.tasks.models import TaskState
from tests import factories
from tests.conftest import NOW, TODAY
from tests.standards.makers import local, text

YEAR = TODAY.year
GRADES = ("好", "较好", "一般", "差")
#: Code → aspect, polarity, evidence. Levels of the measures as they ship.
STANDARDS: dict[str, tuple[Aspect, Polarity, tuple[str, ...]]] = {
    "镇-1": (Aspect.QUALITY, Polarity.POSITIVE, ("measure:participation",)),
    "镇-2": (Aspect.QUALITY, Polarity.POSITIVE, ("measure:org_life_overall", "review")),
    "镇-3": (Aspect.FOUNDATION, Polarity.POSITIVE, ("measure:rectified_on_time",)),
    "镇-4": (Aspect.FOUNDATION, Polarity.POSITIVE, ("appraisal:virtue", "review")),
}
VALUES: dict[str, Any] = {
    "title": "2026 年度党支部考核",
    "notice": "请各支部实事求是。",
    "report_by": date(2026, 12, 10),
    "appraisal_by": date(2026, 12, 10),
    "review_by": date(2026, 12, 25),
    "objection_by": date(2026, 12, 31),
    "publish_by": date(2027, 1, 15),
    "reviewers_needed": 1,
    "weighted": False,
}


@dataclass
class CycleWorld:
    """`branches` in the order of the tree; the first has records, an organizer leads, two people review."""

    committee: Organization
    organizer: User
    branches: list[Organization]
    secretaries: list[User]
    cycle: Cycle
    reviewers: list[Reviewer] = field(default_factory=list)

    @property
    def evaluations(self) -> list[BranchEvaluation]:
        rows = BranchEvaluation.objects.filter(cycle=self.cycle).select_related(
            "cycle__organization", "branch"
        )
        return list(rows.order_by("path"))

    @property
    def standards(self) -> list[CycleStandard]:
        return list(CycleStandard.objects.filter(cycle=self.cycle).order_by("position"))


def make_standards(committee: Organization, *, actor: User) -> None:
    for code, (aspect, polarity, evidence) in STANDARDS.items():
        words = text(*evidence, title=f"标准{code}", aspect=aspect, polarity=polarity)
        local(committee, code=code, text=words, actor=actor)


def make_cycle(
    committee: Organization, *, actor: User, year: int = YEAR, today: date = TODAY, **values: Any
) -> Cycle:
    """A draft. Give the committee standards first."""
    grades = values.pop("grades", GRADES)
    return create_cycle(
        organization=committee,
        year=year,
        values=VALUES | values,
        grades=grades,
        actor=actor,
        today=today,
        now=NOW,
        idempotency_key=uuid.uuid4(),
    )


def open_it(cycle: Cycle, *, actor: User, left_out: dict[int, str] | None = None) -> Cycle:
    return open_cycle(cycle=cycle, version=cycle.version, left_out=left_out or {}, actor=actor, today=TODAY)


def make_world(*, branches: int = 3, opened: bool = True, **values: Any) -> CycleWorld:
    committee = factories.make_organization(OrgKind.COMMITTEE, name="青川镇党委", short_name="青川镇党委")
    organizer = factories.make_user("李组织", username=f"organizer{uuid.uuid4().hex[:8]}")
    factories.make_post(organizer, committee, PostKind.ORGANIZER)
    made = [
        factories.make_organization(parent=committee, name=f"第{n}党支部") for n in range(1, branches + 1)
    ]
    secretaries = [factories.make_secretary(branch) for branch in made]
    for branch in made:
        factories.make_term(branch)
    make_records(made[0])
    make_standards(committee, actor=organizer)
    cycle = make_cycle(committee, actor=organizer, **values)
    world = CycleWorld(committee, organizer, made, secretaries, cycle)
    if opened:
        world.cycle = open_it(cycle, actor=organizer)
        world.reviewers = [make_reviewer(world.cycle, actor=organizer) for _ in range(2)]
    return world


def make_reviewer(cycle: Cycle, *, actor: User, person: User | None = None) -> Reviewer:
    someone = person or factories.make_user(username=f"reviewer{uuid.uuid4().hex[:8]}")
    return name_reviewer(cycle=cycle, person=someone, actor=actor)


def make_records(branch: Organization) -> None:
    """An assembly where two of three came, and a problem put right in time."""
    here = [factories.make_member(branch) for _ in range(3)]
    meeting = factories.make_meeting(branch, held_on=date(2026, 3, 12))
    for place, member in enumerate(here):
        status = AttendanceStatus.PRESENT if place else AttendanceStatus.ABSENT
        factories.make_attendance(meeting, member, status=status)
    done = {"state": TaskState.DONE, "closed_on": date(2026, 6, 1)}
    factories.make_rectification(branch, due_on=date(2026, 6, 30), found_on=date(2026, 5, 6), **done)
