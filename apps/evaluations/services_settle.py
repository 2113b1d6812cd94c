"""From the reviewers' marks to what the branch is told, and what it holds against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.evaluations.models import (
    BranchEvaluation,
    CycleGrade,
    CycleStandard,
    FinalMark,
    Mark,
    Objection,
    Seat,
)
from apps.evaluations.services_review import GivenMark, NotComplete, ReasonMissing, WrongDay, named
from apps.evaluations.services_seats import locked_evaluation
from apps.rules.branch_review import agreed, differing, objection_until
from apps.rules.kinds_evaluations import EvaluationState, Ruling
from apps.rules.periods import day_words
from apps.ui.refusals import Refusal, Stale

register(
    {
        "evaluation.marks_taken_over": "采用一致的评审意见",
        "evaluation.marks_settled": "研究确定意见不同的标准",
        "evaluation.told": "告知支部初评意见",
        "evaluation.agreed": "支部没有（更多）意见",
        "objection.raised": "支部提出意见",
        "objection.answered": "答复支部意见",
    }
)
ANSWERING = (EvaluationState.OBJECTION, EvaluationState.DECISION)
REASON_LENGTH = FinalMark._meta.get_field("reason").max_length


class NotDiffering(Refusal):
    default = "这一条评审人意见一致，或者不属于本次考核，请刷新页面。"


class StillReviewing(Refusal):
    default = "评审人还没有全部提交评审。"


class NothingToTakeOver(Refusal):
    default = "没有可以采用的一致意见。"


class TooLate(Refusal):
    default = "提出意见的日期已过。"


class NotNow(Refusal):
    default = "支部还可以提出意见，现在不能定等次。"


class Answered(Refusal):
    default = "这条意见已经答复。"


class SameGrade(Refusal):
    default = "采纳意见，等次应与原来的不同；不改等次的，请选“不采纳”。"


def counting_seats(evaluation: BranchEvaluation) -> list[Seat]:
    """The seats whose marks count: not given up. Raises StillReviewing until all of them are handed in."""
    rows = Seat.objects.filter(evaluation=evaluation, recused_on__isnull=True).order_by("pk")
    seats = [
        seat for seat in rows.select_related("reviewer") if seat.handed_in_on or not seat.reviewer.ended_on
    ]
    needed = evaluation.cycle.reviewers_needed
    if len(seats) < needed:
        raise StillReviewing(f"这个支部应有 {needed} 名评审人，现在只安排了 {len(seats)} 名，请先安排。")
    if any(seat.handed_in_on is None for seat in seats):
        raise StillReviewing
    return seats


def marks_of(seats: Sequence[Seat]) -> list[dict[int, Mark]]:
    found: dict[int, dict[int, Mark]] = {seat.pk: {} for seat in seats}
    for mark in Mark.objects.filter(seat__in=seats).order_by("standard__position"):
        found[mark.seat_id][mark.standard_id] = mark
    return list(found.values())


def grades_of(marks: Sequence[dict[int, Mark]]) -> list[dict[int, int]]:
    return [{standard: mark.grade for standard, mark in mine.items()} for mine in marks]


@transaction.atomic
def take_over_marks(*, evaluation: BranchEvaluation, actor: User) -> int:
    """What all reviewers graded alike becomes what the branch is told. Raises StillReviewing."""
    locked = locked_evaluation(evaluation, EvaluationState.REVIEW)
    marks = marks_of(counting_seats(locked))
    alike = agreed(grades_of(marks))
    there = set(FinalMark.objects.filter(evaluation=locked).values_list("standard_id", flat=True))
    rows = [
        FinalMark(
            evaluation=locked,
            standard_id=standard,
            grade=grade,
            reason=_joined([mine[standard].reason for mine in marks]),
        )
        for standard, grade in alike.items()
        if standard not in there
    ]
    if not rows:
        raise NothingToTakeOver
    FinalMark.objects.bulk_create(rows)
    words = f"{len(rows)} 条"
    record(actor=actor, action="evaluation.marks_taken_over", target=locked, path=locked.path, reason=words)
    return len(rows)


def _joined(reasons: Sequence[str]) -> str:
    return "；".join(dict.fromkeys(filter(None, (reason.rstrip("。；") for reason in reasons))))[
        :REASON_LENGTH
    ]


@transaction.atomic
def settle_marks(
    *, evaluation: BranchEvaluation, version: int, chosen: Sequence[GivenMark], actor: User
) -> int:
    """The committee chooses where the reviewers differ, each with a reason. Raises ReasonMissing, Stale."""
    locked = locked_evaluation(evaluation, EvaluationState.REVIEW)
    if locked.version != version:
        raise Stale
    first, *others = grades_of(marks_of(counting_seats(locked)))
    open_ones = {standard for other in others for standard in differing(first, other)}
    grades = CycleGrade.objects.filter(cycle=locked.cycle_id).count()
    for one in chosen:
        if one.standard_id not in open_ones or not 0 <= one.grade < grades:
            raise NotDiffering
        if not one.reason:
            raise ReasonMissing("评审人意见不同的，请写明这样定的理由。", field=f"reason_{one.standard_id}")
    rows = [
        FinalMark(evaluation=locked, standard_id=one.standard_id, grade=one.grade, reason=one.reason)
        for one in chosen
    ]
    FinalMark.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["evaluation", "standard"],
        update_fields=["grade", "reason"],
    )
    locked.version += 1
    locked.save(update_fields=["version"])
    words = f"{len(rows)} 条"
    record(actor=actor, action="evaluation.marks_settled", target=locked, path=locked.path, reason=words)
    return len(rows)


@transaction.atomic
def tell_branch(*, evaluation: BranchEvaluation, told_on: date, actor: User, today: date) -> BranchEvaluation:
    """From here on the branch reads its marks and may object. Raises NotComplete, WrongDay."""
    locked = locked_evaluation(evaluation, EvaluationState.REVIEW)
    counting_seats(locked)
    settled = FinalMark.objects.filter(evaluation=locked).values("standard")
    missing = list(CycleStandard.objects.filter(cycle=locked.cycle_id).exclude(pk__in=settled))
    if missing:
        raise NotComplete(f"还有 {len(missing)} 条没有确定：{named(missing)}。")
    if told_on > today or (locked.reported_on and told_on < locked.reported_on):
        raise WrongDay("告知日期不能晚于今天，也不能早于支部提交自评的日期。", field="told_on")
    locked.state, locked.told_on = EvaluationState.OBJECTION, told_on
    locked.version += 1
    locked.save(update_fields=["state", "told_on", "version"])
    record(actor=actor, action="evaluation.told", target=locked, path=locked.path)
    return locked


@transaction.atomic
def raise_objection(
    *,
    evaluation: BranchEvaluation,
    standard: CycleStandard,
    reason: str,
    raised_on: date,
    on_paper: bool,
    actor: User,
    today: date,
) -> Objection:
    """What came on paper in time is entered later with its day. Raises TooLate, WrongDay, Answered."""
    locked = locked_evaluation(evaluation, EvaluationState.OBJECTION)
    until = objection_until(locked.cycle.objection_by, told_on=locked.told_on)
    if raised_on > until:
        late = f"提出意见的截止日期是{day_words(until)}，已经过了。"
        raise TooLate(f"{late}在此以前书面提出的，请上级党组织录入，并写明提出的日期。", field="raised_on")
    if raised_on > today or (locked.told_on and raised_on < locked.told_on):
        raise WrongDay("提出日期不能晚于今天，也不能早于告知初评意见的日期。", field="raised_on")
    if Objection.objects.filter(evaluation=locked, standard=standard).exists():
        raise Answered("对这一条已经提出过意见。")
    objection = Objection.objects.create(
        evaluation=locked,
        standard=standard,
        reason=reason,
        raised_on=raised_on,
        raised_by=actor,
        on_paper=on_paper,
    )
    record(actor=actor, action="objection.raised", target=locked, path=locked.path, reason=str(standard))
    return objection


@transaction.atomic
def answer_objection(
    *,
    objection: Objection,
    version: int,
    ruling: str,
    answer: str,
    answered_on: date,
    actor: User,
    today: date,
    grade: int | None = None,
) -> Objection:
    """Upheld, the grade changes and what was told first is kept. Raises Answered, SameGrade, WrongDay."""
    evaluation = locked_evaluation(objection.evaluation, *ANSWERING)
    locked = Objection.objects.select_for_update(of=("self",)).select_related("standard").get(pk=objection.pk)
    if locked.ruling:
        raise Answered
    if locked.version != version:
        raise Stale
    if not locked.raised_on <= answered_on <= today:
        raise WrongDay("答复日期不能晚于今天，也不能早于提出日期。", field="answered_on")
    if ruling == Ruling.UPHELD:
        _regrade(locked, grade=grade)
    locked.ruling, locked.answer, locked.answered_on, locked.answered_by = ruling, answer, answered_on, actor
    locked.version += 1
    locked.save(update_fields=["ruling", "answer", "answered_on", "answered_by", "version"])
    words = f"{locked.standard}：{Ruling(ruling).label}"
    record(actor=actor, action="objection.answered", target=evaluation, path=evaluation.path, reason=words)
    return locked


def _regrade(objection: Objection, *, grade: int | None) -> None:
    final = FinalMark.objects.get(evaluation=objection.evaluation_id, standard=objection.standard_id)
    grades = CycleGrade.objects.filter(cycle=objection.standard.cycle_id).count()
    if grade is None or grade == final.grade or not 0 <= grade < grades:
        raise SameGrade(field="grade")
    final.first_grade, final.grade = final.grade, grade
    final.save(update_fields=["first_grade", "grade"])


@transaction.atomic
def agree(*, evaluation: BranchEvaluation, actor: User) -> BranchEvaluation:
    """The branch has nothing (more) to say, so that nobody has to wait for the day."""
    locked = locked_evaluation(evaluation, EvaluationState.OBJECTION)
    locked.state = EvaluationState.DECISION
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    record(actor=actor, action="evaluation.agreed", target=locked, path=locked.path)
    return locked


def refuse_open_objections(evaluation: BranchEvaluation, *, today: date) -> None:
    """Raises NotNow while the branch may still object, NotComplete while it waits for an answer."""
    until = objection_until(evaluation.cycle.objection_by, told_on=evaluation.told_on)
    if evaluation.state == EvaluationState.OBJECTION and today <= until:
        raise NotNow(f"支部可以在{day_words(until)}以前提出意见，过了这一天或者支部表示没有意见后再定等次。")
    waiting = Objection.objects.filter(evaluation=evaluation, ruling="").select_related("standard")
    missing = Counter(str(one.standard) for one in waiting.order_by("pk"))
    if missing:
        raise NotComplete(f"支部提出的意见还没有答复：{'、'.join(missing)}。")
