"""Who reviews what, who settles it, who may object to it and who reads the result.

A reviewer sees the branches in which he has a seat and no others; a seat that he gave up is gone. Settling,
answering, deciding and publishing are for organizers of the committee that opened the cycle, or above it.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.branches.policies import ABOVE, COMMITTEE, holds, within
from apps.evaluations.models import BranchEvaluation, Cycle, Objection, Seat
from apps.evaluations.policies import keeps, own_seats, reads_records
from apps.members.models import Member
from apps.rules.branch_review import objection_until
from apps.rules.kinds import PostKind
from apps.rules.kinds_evaluations import CycleState, EvaluationState

ORGANIZER = frozenset({PostKind.ORGANIZER})
TOLD = (
    EvaluationState.OBJECTION,
    EvaluationState.DECISION,
    EvaluationState.DECIDED,
    EvaluationState.PUBLISHED,
)


def seats_of(user: User) -> QuerySet[Seat]:
    """The person's own seats in cycles that are under way."""
    return own_seats(user).exclude(evaluation__state=EvaluationState.LEFT_OUT)


def can_review(user: User) -> bool:
    return seats_of(user).exists()


def visible_seats(user: User) -> QuerySet[Seat]:
    """His own as long as the cycle runs; for the organizer those handed in, or that he enters from paper.

    An organizer who reviews a branch himself reads the other's marks once he has handed in.
    """
    shown = Q(handed_in_on__isnull=False) | Q(on_paper=True)
    above = within(user, ORGANIZER, column="evaluation__cycle__path") & shown & ~_still_marking(user)
    standing = ~Q(evaluation__cycle__state=CycleState.WITHDRAWN) & Q(recused_on__isnull=True)
    return Seat.objects.filter(Q(pk__in=seats_of(user)) | (above & standing))


def _still_marking(user: User) -> Q:
    mine = own_seats(user).filter(evaluation=OuterRef("evaluation"), handed_in_on__isnull=True)
    return Q(Exists(mine.exclude(pk=OuterRef("pk"))))


def seats_to_take(user: User) -> QuerySet[Seat]:
    """Seats for which the organizer may enter what was written on paper."""
    return Seat.objects.filter(
        within(user, ORGANIZER, column="evaluation__cycle__path"),
        evaluation__cycle__state=CycleState.OPEN,
        evaluation__state=EvaluationState.REVIEW,
        recused_on__isnull=True,
        handed_in_on__isnull=True,
    )


def seats_to_return(user: User) -> QuerySet[Seat]:
    """Seats whose review the organizer may give back, as long as the branch has not been told."""
    return Seat.objects.filter(
        within(user, ORGANIZER, column="evaluation__cycle__path"),
        evaluation__cycle__state=CycleState.OPEN,
        evaluation__state=EvaluationState.REVIEW,
        recused_on__isnull=True,
    )


def is_own(user: User, seat: Seat) -> bool:
    return seat.reviewer.person_id == user.pk


def can_write_seat(user: User, seat: Seat) -> bool:
    """The reviewer himself; the organizer what came on paper."""
    if seat.handed_in_on is not None or seat.recused_on is not None:
        return False
    if seat.on_paper:
        return holds(user, ORGANIZER, seat.evaluation.cycle.path)
    return is_own(user, seat)


def can_mark(user: User, seat: Seat) -> bool:
    return seat.evaluation.state == EvaluationState.REVIEW and can_write_seat(user, seat)


def can_visit(user: User, seat: Seat) -> bool:
    """Reviewers look at a branch before its report comes in as well."""
    early = (EvaluationState.REPORT, EvaluationState.REVIEW)
    return seat.evaluation.state in early and can_write_seat(user, seat)


def can_recuse(user: User, seat: Seat) -> bool:
    """The reviewer himself; for one who reviews on paper the organizer, who enters what he says."""
    early = (EvaluationState.REPORT, EvaluationState.REVIEW)
    speaks = is_own(user, seat) or (seat.on_paper and organizes(user, seat.evaluation))
    return seat.evaluation.state in early and speaks and seat.recused_on is None


def rights_on_seat(user: User, seat: Seat) -> dict[str, bool]:
    return {
        "mark": can_mark(user, seat),
        "visit": can_visit(user, seat),
        "recuse": can_recuse(user, seat),
    }


def reviews_to_settle(user: User) -> QuerySet[BranchEvaluation]:
    """Evaluations whose marks those above read side by side."""
    seen = within(user, ABOVE, column="cycle__path")
    return BranchEvaluation.objects.filter(seen).exclude(state=EvaluationState.LEFT_OUT)


def organizes(user: User, evaluation: BranchEvaluation) -> bool:
    return holds(user, ORGANIZER, evaluation.cycle.path)


def leads_now(user: User, evaluation: BranchEvaluation) -> bool:
    """Of a cycle that was withdrawn everything is read and nothing is changed."""
    return evaluation.cycle.state == CycleState.OPEN and organizes(user, evaluation)


def can_settle(user: User, evaluation: BranchEvaluation) -> bool:
    return evaluation.state == EvaluationState.REVIEW and leads_now(user, evaluation)


def visible_results(user: User) -> QuerySet[BranchEvaluation]:
    """Those above see all; the branch's committee what it was told; its members what is published."""
    above = within(user, ABOVE, column="cycle__path")
    told = within(user, ABOVE | COMMITTEE) & Q(state__in=TOLD) & ~Q(cycle__state=CycleState.WITHDRAWN)
    own = Member.objects.on_roster().filter(person_id=user.pk).values("branch_id")
    members = Q(branch_id__in=own, state=EvaluationState.PUBLISHED)
    return BranchEvaluation.objects.filter(above | told | members).exclude(state=EvaluationState.LEFT_OUT)


def reads_marks(user: User, evaluation: BranchEvaluation) -> bool:
    """Standard by standard: the branch's committee, and those above."""
    return reads_records(user, evaluation) or holds(user, ABOVE, evaluation.cycle.path)


def reads_grade(user: User, evaluation: BranchEvaluation) -> bool:
    """Before it is published, the grade is known to those above alone."""
    return evaluation.state == EvaluationState.PUBLISHED or holds(user, ABOVE, evaluation.cycle.path)


def is_open_to_objections(evaluation: BranchEvaluation, *, today: date) -> bool:
    until = objection_until(evaluation.cycle.objection_by, told_on=evaluation.told_on)
    return evaluation.state == EvaluationState.OBJECTION and today <= until


def can_object(user: User, evaluation: BranchEvaluation) -> bool:
    """The branch itself; the organizer what came on paper. Of the day the service is judge."""
    return evaluation.state == EvaluationState.OBJECTION and (
        keeps(user, evaluation) or leads_now(user, evaluation)
    )


def can_agree(user: User, evaluation: BranchEvaluation) -> bool:
    return can_object(user, evaluation)


def visible_objections(user: User) -> QuerySet[Objection]:
    above = within(user, ABOVE, column="evaluation__cycle__path")
    return Objection.objects.filter(above | within(user, COMMITTEE, column="evaluation__path"))


def can_answer(user: User, objection: Objection) -> bool:
    waiting = objection.ruling == "" and objection.evaluation.state in TOLD[:2]
    return waiting and leads_now(user, objection.evaluation)


def can_decide(user: User, evaluation: BranchEvaluation) -> bool:
    """Whether it is time is the service's to judge, and it says what is still missing."""
    return evaluation.state in TOLD[:2] and leads_now(user, evaluation)


def can_reopen(user: User, evaluation: BranchEvaluation) -> bool:
    return evaluation.state == EvaluationState.DECIDED and leads_now(user, evaluation)


def can_publish(user: User, evaluation: BranchEvaluation) -> bool:
    return evaluation.state == EvaluationState.DECIDED and leads_now(user, evaluation)


def can_publish_cycle(user: User, cycle: Cycle) -> bool:
    return cycle.state == CycleState.OPEN and holds(user, ORGANIZER, cycle.path)


def rights_on_result(user: User, evaluation: BranchEvaluation) -> dict[str, bool]:
    return {
        "settle": can_settle(user, evaluation),
        "organize": organizes(user, evaluation),
        "object": can_object(user, evaluation),
        "answer": evaluation.state in TOLD[:2] and leads_now(user, evaluation),
        "decide": can_decide(user, evaluation),
        "reopen": can_reopen(user, evaluation),
        "publish": can_publish(user, evaluation),
        "marks": reads_marks(user, evaluation),
        "grade": reads_grade(user, evaluation),
    }
