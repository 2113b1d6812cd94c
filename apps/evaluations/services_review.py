"""What a reviewer writes of one branch: marks, a visit, his overall view; or that he stays out of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.evaluations.models import CycleGrade, CycleStandard, FinalMark, Mark, Seat, VisitNote
from apps.evaluations.queries_cycles import conflicts_of
from apps.evaluations.services_seats import Conflicted, locked_evaluation
from apps.rules.branch_review import needs_reason
from apps.rules.figures import FigureState
from apps.rules.kinds_evaluations import EvaluationState
from apps.ui.refusals import Refusal, Stale

register(
    {
        "seat.paper_started": "录入纸质评审",
        "seat.marked": "逐条评审",
        "seat.summed_up": "写总体评价",
        "seat.visited": "登记实地了解",
        "seat.handed_in": "提交评审",
        "seat.returned": "退回评审",
        "seat.recused": "评审回避",
    }
)
#: So many standards are named where some are missing.
NAMED = 5
EARLY = (EvaluationState.REPORT, EvaluationState.REVIEW)


class HandedIn(Refusal):
    default = "这份评审已经提交，不能再改。"


class NotHandedIn(Refusal):
    default = "这份评审还没有提交，评审人可以直接修改，不用退回。"


class GivenUp(Refusal):
    default = "评审人已经回避或者不再担任评审人。"


class ReasonMissing(Refusal):
    default = "这一等次与记录不一致，请写明理由。"


class NotComplete(Refusal):
    default = "还有标准没有评定。"


class BegunOnline(Refusal):
    default = "评审人已经在网上开始评定，请他本人继续。"


class WrongDay(Refusal):
    default = "日期不对，请检查。"


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenMark:
    standard_id: int
    grade: int
    reason: str = ""


def locked_seat(
    seat: Seat, *, today: date, states: Sequence[EvaluationState] = (EvaluationState.REVIEW,)
) -> Seat:
    """The seat as it stands, its evaluation locked first.

    Raises WrongPhase, GivenUp and HandedIn when nothing more may be written on it, Conflicted where he has to
    do with the branch: he may have joined it since he was given the seat.
    """
    evaluation = locked_evaluation(seat.evaluation, *states)
    rows = Seat.objects.select_for_update(of=("self",)).select_related("reviewer__person")
    locked = rows.get(pk=seat.pk)
    locked.evaluation = evaluation
    if locked.recused_on is not None or locked.reviewer.ended_on is not None:
        raise GivenUp
    if locked.handed_in_on is not None:
        raise HandedIn
    person, branch = locked.reviewer.person_id, evaluation.branch
    barred = conflicts_of([person], [branch], year=evaluation.cycle.year, today=today)
    if barred:
        raise Conflicted(barred[person, branch.pk])
    return locked


@transaction.atomic
def start_paper(*, seat: Seat, actor: User, today: date) -> Seat:
    """From here on the organizer writes what stands on the reviewer's sheet. Raises BegunOnline."""
    locked = locked_seat(seat, today=today)
    if not locked.on_paper and (locked.summary or Mark.objects.filter(seat=locked).exists()):
        raise BegunOnline
    locked.on_paper, locked.entered_by = True, actor
    locked.version += 1
    locked.save(update_fields=["on_paper", "entered_by", "version"])
    return _told(locked, action="seat.paper_started", actor=actor)


@transaction.atomic
def save_marks(
    *,
    seat: Seat,
    version: int,
    marks: Sequence[GivenMark],
    states: Mapping[int, FigureState | None],
    actor: User,
    today: date,
) -> Seat:
    """Some of the standards, as many as were graded so far; `states` is what the evidence says of each.

    Raises ReasonMissing where a grade differs from the evidence and no reason is given.
    """
    locked = _fresh(locked_seat(seat, today=today), version=version)
    grades = CycleGrade.objects.filter(cycle=locked.evaluation.cycle_id).count()
    known = set(CycleStandard.objects.filter(cycle=locked.evaluation.cycle_id).values_list("pk", flat=True))
    for mark in marks:
        if mark.standard_id not in known or not 0 <= mark.grade < grades:
            raise NotComplete("等次或标准不属于本次考核，请刷新页面。")
        if not mark.reason and needs_reason(mark.grade, grades=grades, state=states.get(mark.standard_id)):
            raise ReasonMissing(field=f"reason_{mark.standard_id}")
    rows = [
        Mark(seat=locked, standard_id=one.standard_id, grade=one.grade, reason=one.reason) for one in marks
    ]
    Mark.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["seat", "standard"],
        update_fields=["grade", "reason"],
    )
    _counted_on(locked)
    return _told(locked, action="seat.marked", actor=actor, reason=f"{len(marks)} 条")


@transaction.atomic
def sum_up(
    *, seat: Seat, version: int, summary: str, suggested_grade: int | None, actor: User, today: date
) -> Seat:
    locked = _fresh(locked_seat(seat, today=today), version=version)
    locked.summary, locked.suggested_grade = summary, suggested_grade
    locked.version += 1
    locked.save(update_fields=["summary", "suggested_grade", "version"])
    return _told(locked, action="seat.summed_up", actor=actor)


@transaction.atomic
def add_visit(
    *, seat: Seat, visited_on: date, text: str, actor: User, today: date, idempotency_key: uuid.UUID
) -> VisitNote:
    """What he saw at the branch; before its report comes in as well. Raises WrongDay for a day to come."""
    locked = locked_seat(seat, today=today, states=EARLY)
    known = VisitNote.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if not date(locked.evaluation.cycle.year, 1, 1) <= visited_on <= today:
        raise WrongDay("实地了解的日期不能晚于今天，也不能早于考核年度。", field="visited_on")
    note = VisitNote.objects.create(
        evaluation=locked.evaluation,
        written_by=locked.reviewer.person,
        visited_on=visited_on,
        text=text,
        idempotency_key=idempotency_key,
    )
    _told(locked, action="seat.visited", actor=actor)
    return note


@transaction.atomic
def hand_in(
    *,
    seat: Seat,
    version: int,
    handed_in_on: date,
    states: Mapping[int, FigureState | None],
    actor: User,
    today: date,
) -> Seat:
    """Raises NotComplete and ReasonMissing with the standards by name, WrongDay."""
    locked = _fresh(locked_seat(seat, today=today), version=version)
    begun = locked.evaluation.reported_on or locked.evaluation.cycle.opened_on
    if handed_in_on > today or (begun and handed_in_on < begun):
        raise WrongDay("提交日期不能晚于今天，也不能早于支部提交自评的日期。", field="handed_in_on")
    _refuse_gaps(locked, states=states)
    if not locked.summary:
        raise NotComplete("请先写总体评价。")
    locked.handed_in_on, locked.return_reason = handed_in_on, ""
    locked.version += 1
    locked.save(update_fields=["handed_in_on", "return_reason", "version"])
    return _told(locked, action="seat.handed_in", actor=actor)


def _refuse_gaps(seat: Seat, *, states: Mapping[int, FigureState | None]) -> None:
    """The evidence may have changed since a grade was given, so the reasons are looked at once more."""
    standards = list(CycleStandard.objects.filter(cycle=seat.evaluation.cycle_id))
    grades = CycleGrade.objects.filter(cycle=seat.evaluation.cycle_id).count()
    marks = {mark.standard_id: mark for mark in Mark.objects.filter(seat=seat)}
    missing = [one for one in standards if one.pk not in marks]
    if missing:
        raise NotComplete(f"还有 {len(missing)} 条没有评定：{named(missing)}。")
    bare = [
        one
        for one in standards
        if not marks[one.pk].reason
        and needs_reason(marks[one.pk].grade, grades=grades, state=states.get(one.pk))
    ]
    if bare:
        raise ReasonMissing(f"有 {len(bare)} 条的等次与记录不一致，还没有写理由：{named(bare)}。")


def named(standards: Sequence[CycleStandard]) -> str:
    words = "、".join(f"{one.code} {one.title}" for one in standards[:NAMED])
    return f"{words}等" if len(standards) > NAMED else words


@transaction.atomic
def return_review(*, seat: Seat, reason: str, actor: User) -> Seat:
    """Back to the reviewer, his marks as they are, before the branch is told. Raises NotHandedIn."""
    evaluation = locked_evaluation(seat.evaluation, EvaluationState.REVIEW)
    locked = Seat.objects.select_for_update(of=("self",)).select_related("reviewer").get(pk=seat.pk)
    locked.evaluation = evaluation
    if locked.recused_on is not None or locked.reviewer.ended_on is not None:
        raise GivenUp
    if locked.handed_in_on is None:
        raise NotHandedIn
    # What was settled from these marks has to be settled anew.
    FinalMark.objects.filter(evaluation=evaluation).delete()
    locked.handed_in_on, locked.return_reason = None, reason
    locked.version += 1
    locked.save(update_fields=["handed_in_on", "return_reason", "version"])
    return _told(locked, action="seat.returned", actor=actor, reason=reason)


@transaction.atomic
def recuse(*, seat: Seat, reason: str, actor: User, today: date) -> Seat:
    """His marks no longer count; the committee gives the seat to somebody else."""
    evaluation = locked_evaluation(seat.evaluation, *EARLY)
    locked = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    locked.evaluation = evaluation
    if locked.recused_on is not None:
        raise GivenUp
    # What was settled from his marks, too, has to be settled anew.
    FinalMark.objects.filter(evaluation=evaluation).delete()
    locked.recused_on, locked.recusal_reason = today, reason
    locked.version += 1
    locked.save(update_fields=["recused_on", "recusal_reason", "version"])
    return _told(locked, action="seat.recused", actor=actor, reason=reason)


def _fresh(seat: Seat, *, version: int) -> Seat:
    if seat.version != version:
        raise Stale
    return seat


def _counted_on(seat: Seat) -> None:
    seat.version += 1
    seat.save(update_fields=["version"])


def _told(seat: Seat, *, action: str, actor: User, reason: str = "") -> Seat:
    evaluation = seat.evaluation
    record(actor=actor, action=action, target=evaluation, path=evaluation.path, reason=reason)
    return seat
