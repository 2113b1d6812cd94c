"""The branch's report on itself: saved as often as one likes, handed in once, given back with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.evaluations.models import BranchEvaluation, CycleGrade, SelfAnswer
from apps.evaluations.queries_report import last_problems, review_has_begun, standards_in
from apps.evaluations.services_freeze import freeze_figures
from apps.evaluations.services_seats import locked_evaluation
from apps.rules.kinds_evaluations import EvaluationState, FrozenStage
from apps.ui.refusals import Refusal, Stale

register(
    {
        "report.saved": "填写支部自评",
        "report.submitted": "提交支部自评",
        "report.returned": "退回支部自评",
    }
)
TEXTS = ("last_year", "strengths", "problems", "next_steps")
FIELDS = (*TEXTS, "own_grade")
LABELS = labels_of(BranchEvaluation, FIELDS)


class Missing(Refusal):
    default = "自评还没有写完。"


class WrongDay(Refusal):
    default = "提交日期不能晚于今天，也不能早于考核开始的日期。"


class ReviewBegun(Refusal):
    default = "评审人已经开始评定，不能再退回。情况有出入的，请评审人在理由里写明，支部以后可以提出意见。"


class UnknownStandard(Refusal):
    default = "这条标准不在本次考核里，请刷新页面。"


class UnknownGrade(Refusal):
    default = "没有这个等次，请重新选择。"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the branch says to one standard: a grade of its own (position), a word, or neither."""

    grade: int | None
    comment: str


@transaction.atomic
def save_report(
    *,
    evaluation: BranchEvaluation,
    version: int,
    texts: Mapping[str, str],
    own_grade: int | None,
    answers: Mapping[int, Answer],
    actor: User,
) -> BranchEvaluation:
    """A draft, whole or in part: standards that are not named keep what was said of them."""
    locked = locked_evaluation(evaluation, EvaluationState.REPORT)
    if locked.version != version:
        raise Stale
    _check(locked, own_grade=own_grade, answers=answers)
    before = snapshot(locked, FIELDS)
    for name in TEXTS:
        setattr(locked, name, texts.get(name, getattr(locked, name)))
    locked.own_grade = own_grade
    locked.version += 1
    locked.save(update_fields=[*FIELDS, "version"])
    _write_answers(locked, answers)
    changes = changed_fields(before, snapshot(locked, FIELDS), labels=LABELS)
    record(actor=actor, action="report.saved", target=locked, path=locked.path, changes=changes)
    return locked


@transaction.atomic
def submit_report(
    *,
    evaluation: BranchEvaluation,
    version: int,
    reported_on: date,
    on_paper: bool,
    actor: User,
    today: date,
) -> BranchEvaluation:
    """Hand the report in and keep the figures as they are. Raises Missing, WrongDay, Stale."""
    locked = locked_evaluation(evaluation, EvaluationState.REPORT)
    if locked.version != version:
        raise Stale
    missing = missing_parts(locked, today=today)
    if missing:
        raise Missing(f"还没有写：{'、'.join(missing)}。")
    if reported_on > today or reported_on < (locked.cycle.opened_on or today):
        raise WrongDay(field="reported_on")
    locked.state, locked.reported_on, locked.reported_by = EvaluationState.REVIEW, reported_on, actor
    locked.report_on_paper, locked.return_reason = on_paper, ""
    locked.version += 1
    locked.save()
    freeze_figures(evaluation=locked, stage=FrozenStage.REPORT, today=today)
    words = "先在纸上完成" if on_paper else ""
    record(actor=actor, action="report.submitted", target=locked, path=locked.path, reason=words)
    return locked


@transaction.atomic
def return_report(*, evaluation: BranchEvaluation, reason: str, actor: User) -> BranchEvaluation:
    """Before anybody has marked anything: a draft of the branch again. Raises ReviewBegun."""
    locked = locked_evaluation(evaluation, EvaluationState.REVIEW)
    if review_has_begun(locked):
        raise ReviewBegun
    locked.state, locked.return_reason, locked.reported_on = EvaluationState.REPORT, reason, None
    locked.version += 1
    locked.save(update_fields=["state", "return_reason", "reported_on", "version"])
    record(actor=actor, action="report.returned", target=locked, path=locked.path, reason=reason)
    return locked


def missing_parts(evaluation: BranchEvaluation, *, today: date) -> list[str]:
    """What has to be written before the report can be handed in, in the words of the form."""
    wanted = ["problems", "next_steps"]
    if not evaluation.last_year.strip() and last_problems(evaluation, today=today):
        wanted.insert(0, "last_year")
    return [LABELS[name] for name in wanted if not getattr(evaluation, name).strip()]


def _check(evaluation: BranchEvaluation, *, own_grade: int | None, answers: Mapping[int, Answer]) -> None:
    known = set(standards_in(evaluation).values_list("pk", flat=True))
    if not set(answers) <= known:
        raise UnknownStandard
    grades = set(CycleGrade.objects.filter(cycle=evaluation.cycle_id).values_list("position", flat=True))
    given = {own_grade, *(answer.grade for answer in answers.values())} - {None}
    if not given <= grades:
        raise UnknownGrade


def _write_answers(evaluation: BranchEvaluation, answers: Mapping[int, Answer]) -> None:
    """What says nothing is no row."""
    empty = [pk for pk, answer in answers.items() if answer.grade is None and not answer.comment]
    SelfAnswer.objects.filter(evaluation=evaluation, standard__in=empty).delete()
    SelfAnswer.objects.bulk_create(
        [
            SelfAnswer(evaluation=evaluation, standard_id=pk, grade=answer.grade, comment=answer.comment)
            for pk, answer in answers.items()
            if pk not in empty
        ],
        update_conflicts=True,
        unique_fields=["evaluation", "standard"],
        update_fields=["grade", "comment"],
    )
