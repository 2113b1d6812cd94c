"""What of the annual evaluation stands in one place: cycles in two states, the branch in three steps."""

import uuid
from datetime import date
from typing import Any

from apps.branches.models import Organization
from apps.evaluations.models import BranchEvaluation, Cycle, CycleGrade, CycleStandard, Reviewer
from apps.members.models import Member
from apps.rules.kinds_evaluations import CycleState, EvaluationState
from tests.conftest import NOW, TODAY
from tests.standards import makers

DAYS = ("report_by", "appraisal_by", "review_by", "objection_by", "publish_by")


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    keeper = member.person
    running = cycle_of(branch, year=2026, by=member)
    reviewer, _ = Reviewer.objects.get_or_create(cycle=running, person=keeper, named_by=keeper)
    reported = {"reported_on": TODAY, "reported_by": keeper, "state": EvaluationState.REVIEW}
    left = {"state": EvaluationState.LEFT_OUT, "left_out_reason": "刚成立"}
    found = {
        "evaluation": part_of(running, branch),
        "reported": part_of(cycle_of(branch, year=2025, by=member), branch, **reported),
        "left_out": part_of(cycle_of(branch, year=2024, by=member), branch, **left),
        "cycle": running,
        "draft_cycle": cycle_of(branch, year=2027, by=member, state=CycleState.DRAFT),
        "reviewer": reviewer,
    }
    return {name: {"pk": row.pk} for name, row in found.items()}


def part_of(cycle: Cycle, branch: Organization, **fields: Any) -> BranchEvaluation:
    return BranchEvaluation.objects.create(
        cycle=cycle, branch=branch, path=branch.path, rules_path=branch.path, **fields
    )


def cycle_of(branch: Organization, *, year: int, by: Member, state: str = CycleState.OPEN) -> Cycle:
    """One for each committee and year: branches below the same committee share it."""
    committee = branch.parent
    known = Cycle.objects.filter(organization=committee, year=year).first()
    if known:
        return known
    cycle = Cycle.objects.create(
        organization=committee,
        path=committee.path,
        year=year,
        title=f"{year} 年度考核",
        state=state,
        opened_on=None if state == CycleState.DRAFT else date(2026, 11, 2),
        created_by=by.person,
        created_at=NOW,
        idempotency_key=uuid.uuid4(),
        **dict.fromkeys(DAYS, date(2026, 12, 10)),
    )
    names = ("好", "较好", "一般", "差")
    CycleGrade.objects.bulk_create(
        [CycleGrade(cycle=cycle, position=place, name=name) for place, name in enumerate(names)]
    )
    CycleStandard.objects.create(
        cycle=cycle,
        standard=makers.shipped(),
        position=0,
        code="Z1.1",
        aspect="quality",
        polarity="warning",
        title="理论学习不深",
        requirement="应及时提示并安排补学。",
        evidence="measure:study_breadth",
    )
    return cycle
