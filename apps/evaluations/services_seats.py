"""Which branches take part, who reviews, and who sits where. Whoever has to do with a branch keeps out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.db.models import F, Q

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.models import Organization
from apps.evaluations.models import BranchEvaluation, Cycle, Mark, Reviewer, Seat
from apps.evaluations.policies import UNDECIDED
from apps.evaluations.queries_cycles import branches_of, conflicts_of, reviewers_of
from apps.evaluations.services_cycles import WrongPhase, close_when_all_are_out, locked_cycle
from apps.rules.kinds_evaluations import CycleState, EvaluationState
from apps.ui.refusals import Refusal

register(
    {
        "cycle.branch_left_out": "支部不参加年度考核",
        "cycle.branch_taken_in": "支部参加年度考核",
        "cycle.reviewer_named": "确定评审人",
        "cycle.reviewer_ended": "不再担任评审人",
        "cycle.seats_changed": "安排评审支部",
        "cycle.seats_distributed": "平均分配评审支部",
    }
)


ENDED = "不再担任评审人"


class NoReason(Refusal):
    default = "请写明不参加的原因。"


class NotBelow(Refusal):
    default = "这个党支部不在本次考核的范围内，或者已经参加。"


class NotAPerson(Refusal):
    default = "系统操作员、审计员不能担任评审人。"


class Conflicted(Refusal):
    default = "评审人与这个支部有关系，应当回避。"


class SeatsTaken(Refusal):
    default = "这个支部的评审人已经够了。"


class AlreadyReviewing(Refusal):
    default = (
        "评审人已经开始评审，不能直接取消。确有关系的，请评审人申请回避；"
        "不能再评审的，在评审人页面办理“不再担任”。"
    )


class NoReviewers(Refusal):
    default = "还没有评审人，请先确定评审人。"


@transaction.atomic
def leave_out_branch(
    *, evaluation: BranchEvaluation, reason: str, actor: User, today: date
) -> BranchEvaluation:
    """Where the others are published already, the cycle is published with it."""
    cycle = locked_cycle(evaluation.cycle, CycleState.OPEN)
    locked = locked_evaluation(evaluation, *UNDECIDED)
    if not reason:
        raise NoReason(field="reason")
    locked.state, locked.left_out_reason = EvaluationState.LEFT_OUT, reason
    locked.version += 1
    locked.save(update_fields=["state", "left_out_reason", "version"])
    record(actor=actor, action="cycle.branch_left_out", target=locked, path=locked.path, reason=reason)
    close_when_all_are_out(cycle=cycle, actor=actor, today=today)
    return locked


@transaction.atomic
def take_in_branch(*, evaluation: BranchEvaluation, actor: User) -> BranchEvaluation:
    """Back to its report, or to the review where it has handed that in already."""
    locked = locked_evaluation(evaluation, EvaluationState.LEFT_OUT)
    locked.state = EvaluationState.REVIEW if locked.reported_on else EvaluationState.REPORT
    locked.left_out_reason = ""
    locked.version += 1
    locked.save(update_fields=["state", "left_out_reason", "version"])
    record(actor=actor, action="cycle.branch_taken_in", target=locked, path=locked.path)
    return locked


@transaction.atomic
def add_branch(*, cycle: Cycle, branch: Organization, actor: User, today: date) -> BranchEvaluation:
    """A branch that was founded, or moved here, after the opening. Raises NotBelow."""
    locked = locked_cycle(cycle, CycleState.OPEN)
    known = BranchEvaluation.objects.filter(cycle=locked, branch=branch).exists()
    if known or not branches_of(locked.organization, today=today).filter(pk=branch.pk).exists():
        raise NotBelow(field="branch")
    places = {"path": branch.path, "rules_path": branch.path}
    evaluation = BranchEvaluation.objects.create(cycle=locked, branch=branch, **places)
    record(actor=actor, action="cycle.branch_taken_in", target=evaluation, path=evaluation.path)
    return evaluation


@transaction.atomic
def name_reviewer(*, cycle: Cycle, person: User, actor: User) -> Reviewer:
    """Naming somebody again who had stopped takes him back. One without a login reviews on paper."""
    locked = locked_cycle(cycle, CycleState.DRAFT, CycleState.OPEN)
    if person.is_operator or person.is_auditor:
        raise NotAPerson(field="person")
    reviewer, _ = Reviewer.objects.get_or_create(cycle=locked, person=person, defaults={"named_by": actor})
    if reviewer.ended_on is not None:
        reviewer.ended_on = None
        reviewer.save(update_fields=["ended_on"])
    record(actor=actor, action="cycle.reviewer_named", target=reviewer, path=locked.path, reason=person.name)
    return reviewer


@transaction.atomic
def end_reviewer(*, reviewer: Reviewer, actor: User, today: date) -> Reviewer:
    """What he has not handed in is given up, also where he had begun; what he handed in stays and counts."""
    locked_cycle(reviewer.cycle, CycleState.DRAFT, CycleState.OPEN)
    locked = (
        Reviewer.objects.select_for_update(of=("self",)).select_related("cycle", "person").get(pk=reviewer.pk)
    )
    open_seats = Seat.objects.filter(reviewer=locked, recused_on__isnull=True, handed_in_on__isnull=True)
    begun = open_seats.filter(Q(summary__gt="") | Q(pk__in=Mark.objects.values("seat")))
    given_up = {"recused_on": today, "recusal_reason": ENDED, "version": F("version") + 1}
    Seat.objects.filter(pk__in=list(begun.values_list("pk", flat=True))).update(**given_up)
    open_seats.delete()
    locked.ended_on = today
    locked.save(update_fields=["ended_on"])
    words = locked.person.name
    record(actor=actor, action="cycle.reviewer_ended", target=locked, path=locked.cycle.path, reason=words)
    return locked


@transaction.atomic
def seat_reviewer(*, evaluation: BranchEvaluation, reviewer: Reviewer, actor: User, today: date) -> Seat:
    """Raises Conflicted, SeatsTaken, WrongPhase."""
    locked = locked_evaluation(evaluation, *UNDECIDED)
    seat = _seat([locked], reviewer, today=today)[0]
    words = f"{locked.branch}：{reviewer.person.name}"
    record(actor=actor, action="cycle.seats_changed", target=reviewer, path=locked.path, reason=words)
    return seat


@transaction.atomic
def seat_at(*, reviewer: Reviewer, chosen: Collection[int], actor: User, today: date) -> None:
    """The branches (evaluations) of one reviewer, as ticked on one page. Raises as `seat_reviewer` does,
    and AlreadyReviewing where a tick was taken away too late."""
    cycle = locked_cycle(reviewer.cycle, CycleState.OPEN)
    rows = BranchEvaluation.objects.select_for_update(of=("self",)).filter(cycle=cycle, state__in=UNDECIDED)
    evaluations = {one.pk: one for one in rows.select_related("cycle", "branch")}
    held = {
        seat.evaluation_id: seat
        for seat in Seat.objects.filter(reviewer=reviewer, recused_on__isnull=True)
        if seat.evaluation_id in evaluations
    }
    if not set(chosen) <= set(evaluations):
        raise WrongPhase
    _unseat([seat for pk, seat in held.items() if pk not in chosen])
    _seat([evaluations[pk] for pk in chosen if pk not in held], reviewer, today=today)
    words = f"{reviewer.person.name}：{len(chosen)} 个支部"
    record(actor=actor, action="cycle.seats_changed", target=reviewer, path=cycle.path, reason=words)


@transaction.atomic
def distribute_seats(*, cycle: Cycle, actor: User, today: date) -> int:
    """Fill what is missing, each time with whoever has fewest, never against a conflict.

    Returns how many seats stay empty. Raises NoReviewers.
    """
    locked = locked_cycle(cycle, CycleState.OPEN)
    reviewers = list(reviewers_of(locked))
    if not reviewers:
        raise NoReviewers
    made, missing = _filled(locked, reviewers, today=today)
    Seat.objects.bulk_create(made)
    words = f"安排 {len(made)} 个，空缺 {missing} 个"
    record(actor=actor, action="cycle.seats_distributed", target=locked, path=locked.path, reason=words)
    return missing


def _filled(cycle: Cycle, reviewers: list[Reviewer], *, today: date) -> tuple[list[Seat], int]:
    rows = BranchEvaluation.objects.filter(cycle=cycle, state__in=UNDECIDED)
    evaluations = list(rows.select_related("branch").order_by("path"))
    people, branches = [one.person_id for one in reviewers], [one.branch for one in evaluations]
    barred = conflicts_of(people, branches, year=cycle.year, today=today)
    all_seats = Seat.objects.filter(evaluation__in=evaluations)
    seats = list(all_seats.values_list("evaluation_id", "reviewer_id", "recused_on"))
    load = Counter(reviewer for _, reviewer, recused in seats if recused is None)
    taken = Counter(evaluation for evaluation, _, recused in seats if recused is None)
    # Whoever once stood back from a branch is not sent there again.
    known = {(evaluation, reviewer) for evaluation, reviewer, _ in seats}
    made: list[Seat] = []
    missing = 0
    for evaluation in evaluations:
        able = [
            one
            for one in reviewers
            if (one.person_id, evaluation.branch_id) not in barred and (evaluation.pk, one.pk) not in known
        ]
        able.sort(key=lambda one: load[one.pk])
        wanted = max(0, cycle.reviewers_needed - taken[evaluation.pk])
        made += [Seat(evaluation=evaluation, reviewer=one) for one in able[:wanted]]
        load.update(one.pk for one in able[:wanted])
        missing += max(0, wanted - len(able))
    return made, missing


def locked_evaluation(evaluation: BranchEvaluation, *states: EvaluationState) -> BranchEvaluation:
    """The evaluation, locked, in one of these states of a cycle under way. Raises WrongPhase."""
    rows = BranchEvaluation.objects.select_for_update(of=("self",)).select_related(
        "cycle__organization", "branch"
    )
    locked = rows.get(pk=evaluation.pk)
    if locked.state not in states or locked.cycle.state != CycleState.OPEN:
        raise WrongPhase
    return locked


def _seat(evaluations: Sequence[BranchEvaluation], reviewer: Reviewer, *, today: date) -> list[Seat]:
    cycle = reviewer.cycle
    if reviewer.ended_on is not None or any(one.cycle_id != cycle.pk for one in evaluations):
        raise WrongPhase
    branches = [one.branch for one in evaluations]
    barred = conflicts_of([reviewer.person_id], branches, year=cycle.year, today=today)
    rows = Seat.objects.filter(evaluation__in=evaluations)
    taken = Counter(rows.filter(recused_on__isnull=True).values_list("evaluation_id", flat=True))
    recused = set(rows.filter(reviewer=reviewer).values_list("evaluation_id", flat=True))
    for one in evaluations:
        why = barred.get((reviewer.person_id, one.branch_id))
        if why or one.pk in recused:
            raise Conflicted(f"{one.branch}：{why or '这名评审人已经退出这个支部的评审，请安排别人。'}")
        if taken[one.pk] >= cycle.reviewers_needed:
            raise SeatsTaken(f"{one.branch}的评审人已经够了（每个支部 {cycle.reviewers_needed} 名）。")
    return Seat.objects.bulk_create([Seat(evaluation=one, reviewer=reviewer) for one in evaluations])


def _unseat(seats: Collection[Seat]) -> None:
    begun = Mark.objects.filter(seat__in=[seat.pk for seat in seats]).exists()
    if begun or any(seat.handed_in_on or seat.summary for seat in seats):
        raise AlreadyReviewing
    Seat.objects.filter(pk__in=[seat.pk for seat in seats]).delete()
