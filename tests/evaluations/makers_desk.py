"""From a branch that has reported to a published result, one step a function, through the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from apps.accounts.models import User
from apps.evaluations.models import BranchEvaluation, FinalMark, Seat
from apps.evaluations.queries_evidence import evidence_of
from apps.evaluations.services_result import GivenProblem, decide, publish_branch
from apps.evaluations.services_review import GivenMark, hand_in, save_marks, sum_up
from apps.evaluations.services_seats import seat_reviewer
from apps.evaluations.services_settle import agree, settle_marks, take_over_marks, tell_branch
from apps.rules.figures import FigureState
from apps.rules.kinds_evaluations import EvaluationState
from apps.standards.discretion import FROM_ABOVE
from tests.conftest import NOW, TODAY
from tests.evaluations.makers_cycle import CycleWorld, make_world

#: Code → grade: what the records of the first branch say, and 「较好」 where they say nothing.
PLAIN = {"镇-1": 2, "镇-2": 2, "镇-3": 0, "镇-4": 1}
REASON = "看了会议记录，情况属实。"
PROBLEM = GivenProblem(text="党员大会缺席多", demand="每季度通报一次出勤情况。", due_on=date(2027, 3, 31))


def fresh(evaluation: BranchEvaluation) -> BranchEvaluation:
    rows = BranchEvaluation.objects.select_related("cycle__organization", "branch")
    return rows.get(pk=evaluation.pk)


def reported(evaluation: BranchEvaluation, *, on: date = TODAY) -> BranchEvaluation:
    BranchEvaluation.objects.filter(pk=evaluation.pk).update(state=EvaluationState.REVIEW, reported_on=on)
    return fresh(evaluation)


def states_of(evaluation: BranchEvaluation) -> dict[int, FigureState | None]:
    found = evidence_of([fresh(evaluation)], today=TODAY, reader=FROM_ABOVE)[evaluation.pk]
    return {one.standard.pk: one.state for one in found.standards}


def marks_by(world: CycleWorld, grades: Mapping[str, int], *, reason: str = REASON) -> list[GivenMark]:
    return [
        GivenMark(standard_id=row.pk, grade=grades[row.code], reason=reason)
        for row in world.standards
        if row.code in grades
    ]


def seated(world: CycleWorld, evaluation: BranchEvaluation, *, number: int = 0) -> Seat:
    reviewer = world.reviewers[number]
    return seat_reviewer(evaluation=evaluation, reviewer=reviewer, actor=world.organizer, today=TODAY)


def marked(world: CycleWorld, seat: Seat, grades: Mapping[str, int] = PLAIN) -> Seat:
    """All standards graded, the overall view written, not handed in yet."""
    seat = Seat.objects.select_related("evaluation__cycle", "reviewer__person").get(pk=seat.pk)
    by = {"actor": seat.reviewer.person, "today": TODAY}
    states = states_of(seat.evaluation)
    seat = save_marks(seat=seat, version=seat.version, marks=marks_by(world, grades), states=states, **by)
    return sum_up(seat=seat, version=seat.version, summary="总体较好。", suggested_grade=1, **by)


def handed_in(world: CycleWorld, seat: Seat, grades: Mapping[str, int] = PLAIN) -> Seat:
    seat = marked(world, seat, grades)
    states = states_of(seat.evaluation)
    by = {"actor": seat.reviewer.person, "today": TODAY}
    return hand_in(seat=seat, version=seat.version, handed_in_on=TODAY, states=states, **by)


def reviewed(world: CycleWorld, evaluation: BranchEvaluation, *given: Mapping[str, int]) -> BranchEvaluation:
    """Every reviewer has handed in; each of `given` is one reviewer's grades."""
    evaluation = reported(evaluation)
    for number, grades in enumerate(given or (PLAIN,)):
        handed_in(world, seated(world, evaluation, number=number), grades)
    return fresh(evaluation)


def told(world: CycleWorld, evaluation: BranchEvaluation, *, on: date = TODAY) -> BranchEvaluation:
    by = {"evaluation": evaluation, "actor": world.organizer}
    take_over_marks(**by)
    open_ones = [
        one
        for one in marks_by(world, PLAIN)
        if not FinalMark.objects.filter(evaluation=evaluation, standard=one.standard_id).exists()
    ]
    if open_ones:
        settle_marks(**by, version=evaluation.version, chosen=open_ones)
    return fresh(tell_branch(**by, told_on=on, today=TODAY))


def decided(
    world: CycleWorld, evaluation: BranchEvaluation, *, by: User | None = None, **values: Any
) -> BranchEvaluation:
    """The branch has nothing to say, and the committee decides."""
    if evaluation.state == EvaluationState.OBJECTION:
        evaluation = agree(evaluation=evaluation, actor=world.organizer)
    words = {"grade": 1, "grade_reason": "工作扎实，出勤不足。", "feedback": "继续努力。"}
    words |= {"problems": [PROBLEM], "decided_on": TODAY, "version": evaluation.version} | values
    return fresh(decide(evaluation=evaluation, actor=by or world.organizer, today=TODAY, **words))


def published(world: CycleWorld, evaluation: BranchEvaluation) -> BranchEvaluation:
    made = publish_branch(evaluation=evaluation, actor=world.organizer, today=TODAY, now=NOW)
    return fresh(made)


def whole_way(world: CycleWorld, evaluation: BranchEvaluation) -> BranchEvaluation:
    return published(world, decided(world, told(world, reviewed(world, evaluation))))


def make_two(**values: Any) -> CycleWorld:
    """A world in which two reviewers look at every branch."""
    return make_world(reviewers_needed=2, **values)
