"""Who sees which cycle and which branch's evaluation in it (security.md 4).

Those above see their subtree, the branch's committee its own branch, a reviewer only the branches in which
he has a seat. What of it is shown at which step is asked of the state besides.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, COMMITTEE, KEEPERS, holds, is_organizer, within
from apps.evaluations.models import BranchEvaluation, Cycle, Reviewer, Seat
from apps.rules.kinds import OrgKind, PostKind
from apps.rules.kinds_evaluations import CycleState, EvaluationState

ORGANIZER = frozenset({PostKind.ORGANIZER})
#: Until the grade is decided a branch may still be left out, and its appraisal still be held.
UNDECIDED = frozenset(
    {
        EvaluationState.REPORT,
        EvaluationState.REVIEW,
        EvaluationState.OBJECTION,
        EvaluationState.DECISION,
    }
)


def own_seats(user: User) -> QuerySet[Seat]:
    return seats_held_by(user.pk)


def seats_held_by(person_id: int) -> QuerySet[Seat]:
    """Seats that the person still holds in cycles under way."""
    return Seat.objects.filter(
        reviewer__person_id=person_id,
        reviewer__ended_on__isnull=True,
        recused_on__isnull=True,
        evaluation__cycle__state=CycleState.OPEN,
    )


def visible_evaluations(user: User) -> QuerySet[BranchEvaluation]:
    """A cycle that was withdrawn is seen from above only.

    The committee that opened a cycle sees it through, also where a branch was moved away since.
    """
    own = within(user, COMMITTEE) & ~Q(cycle__state=CycleState.WITHDRAWN)
    seats = own_seats(user).values("evaluation")
    above = within(user, ABOVE) | within(user, ABOVE, column="cycle__path")
    return BranchEvaluation.objects.filter(above | own | Q(pk__in=seats))


def visible_cycles(user: User) -> QuerySet[Cycle]:
    """Those of committees in reach, and those in which an evaluation is seen."""
    asked = visible_evaluations(user).values("cycle")
    return Cycle.objects.filter(within(user, ABOVE) | Q(pk__in=asked))


def visible_reviewers(user: User) -> QuerySet[Reviewer]:
    return Reviewer.objects.filter(within(user, ABOVE, column="cycle__path"))


def places_to_evaluate(user: User) -> QuerySet[Organization]:
    """Committees for whose subtree the person may open a cycle."""
    kinds = [OrgKind.COMMITTEE, OrgKind.GENERAL_BRANCH]
    mine = Organization.objects.filter(within(user, ORGANIZER), kind__in=kinds, closed_on__isnull=True)
    return mine.order_by("path")


def can_create(user: User) -> bool:
    return is_organizer(user)


def runs(user: User, cycle: Cycle) -> bool:
    """Whether the cycle is the person's to lead."""
    return holds(user, ORGANIZER, cycle.path)


def reads_tables(user: User, cycle: Cycle) -> bool:
    """All branches of the cycle side by side, once there are any."""
    return cycle.state != CycleState.DRAFT and holds(user, ABOVE, cycle.path)


def can_update(user: User, cycle: Cycle) -> bool:
    return cycle.state == CycleState.DRAFT and runs(user, cycle)


def can_open(user: User, cycle: Cycle) -> bool:
    return can_update(user, cycle)


def can_withdraw(user: User, cycle: Cycle) -> bool:
    return cycle.state in (CycleState.DRAFT, CycleState.OPEN) and runs(user, cycle)


def can_name(user: User, cycle: Cycle) -> bool:
    """Name reviewers, before the opening and after."""
    return cycle.state in (CycleState.DRAFT, CycleState.OPEN) and runs(user, cycle)


def can_seat(user: User, cycle: Cycle) -> bool:
    return cycle.state == CycleState.OPEN and runs(user, cycle)


def can_leave_out(user: User, evaluation: BranchEvaluation) -> bool:
    return evaluation.state in UNDECIDED and can_seat(user, evaluation.cycle)


def can_take_in(user: User, evaluation: BranchEvaluation) -> bool:
    return evaluation.state == EvaluationState.LEFT_OUT and can_seat(user, evaluation.cycle)


def reads_records(user: User, evaluation: BranchEvaluation) -> bool:
    """Whether the branch's records open to him as well; to a reviewer only its evaluation does."""
    return holds(user, ABOVE | COMMITTEE, evaluation.path)


def keeps(user: User, evaluation: BranchEvaluation) -> bool:
    return holds(user, KEEPERS, evaluation.path)


def can_report(user: User, evaluation: BranchEvaluation) -> bool:
    waiting = evaluation.state == EvaluationState.REPORT and evaluation.cycle.state == CycleState.OPEN
    return waiting and keeps(user, evaluation)


def can_return_report(user: User, evaluation: BranchEvaluation) -> bool:
    return evaluation.state == EvaluationState.REVIEW and can_seat(user, evaluation.cycle)


def can_appraise(user: User, evaluation: BranchEvaluation) -> bool:
    running = evaluation.state in UNDECIDED and evaluation.cycle.state == CycleState.OPEN
    return running and keeps(user, evaluation)
