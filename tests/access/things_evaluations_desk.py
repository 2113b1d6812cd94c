"""A branch in four later steps of the evaluation, with a seat, a mark, an objection and a problem."""

from datetime import date
from typing import Any

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.evaluations.models import (
    BranchEvaluation,
    CycleStandard,
    FinalMark,
    Mark,
    Objection,
    ResultProblem,
    Reviewer,
    Seat,
)
from apps.members.models import Member
from apps.rules.kinds_evaluations import EvaluationState
from tests.access.things_evaluations_cycle import cycle_of, part_of
from tests.conftest import TODAY

#: Who of the cast reviews in which place; in the third it is nobody of the cast.
REVIEWERS = {"机关一支部": "former_secretary", "机关二支部": "member"}


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    decided = {"grade": 1, "grade_reason": "扎实", "feedback": "继续努力", "decided_on": TODAY}
    told = _step(branch, member, year=2019, state=EvaluationState.OBJECTION, told_on=TODAY)
    published = _step(
        branch, member, year=2017, state=EvaluationState.PUBLISHED, published_on=TODAY, **decided
    )
    in_review = _step(branch, member, year=2020, state=EvaluationState.REVIEW, reported_on=TODAY)
    found = {
        "seat": _seat(in_review, branch, by=member.person),
        "in_review": in_review,
        "told": told,
        "objection": _objection(told, by=member.person),
        "decided": _step(branch, member, year=2018, state=EvaluationState.DECIDED, **decided),
        "published": published,
    }
    values = {"text": "缺席多", "demand": "通报", "due_on": date(2027, 3, 31)}
    ResultProblem.objects.create(evaluation=published, **values)
    standard = CycleStandard.objects.get(cycle=told.cycle_id)
    pair = {"pk": told.pk, "standard_pk": standard.pk}
    return {name: {"pk": row.pk} for name, row in found.items()} | {"told_standard": pair}


def _step(branch: Organization, member: Member, *, year: int, **fields: Any) -> BranchEvaluation:
    evaluation = part_of(cycle_of(branch, year=year, by=member), branch, **fields)
    if fields["state"] != EvaluationState.REVIEW:
        standard = CycleStandard.objects.get(cycle=evaluation.cycle_id)
        FinalMark.objects.create(evaluation=evaluation, standard=standard, grade=1, reason="属实")
    return evaluation


def _seat(evaluation: BranchEvaluation, branch: Organization, *, by: User) -> Seat:
    username = REVIEWERS.get(branch.short_name, "")
    person = User.objects.filter(username=username).first() or by
    reviewer = Reviewer.objects.create(cycle=evaluation.cycle, person=person, named_by=by)
    seat = Seat.objects.create(evaluation=evaluation, reviewer=reviewer)
    standard = CycleStandard.objects.get(cycle=evaluation.cycle_id)
    Mark.objects.create(seat=seat, standard=standard, grade=1)
    return seat


def _objection(evaluation: BranchEvaluation, *, by: User) -> Objection:
    standard = CycleStandard.objects.get(cycle=evaluation.cycle_id)
    values = {"reason": "不符", "raised_on": TODAY, "raised_by": by}
    return Objection.objects.create(evaluation=evaluation, standard=standard, **values)
