"""What a member writes in a round: of himself, of others, and in answer to his grade. Deeds tell no word."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.evaluations.models import MemberEvaluation, OwnProblem, PeerOpinion, Round
from apps.evaluations.services_round import Closed, NotYet, locked_round
from apps.members.models import Member
from apps.rules.kinds_evaluations import RoundState
from apps.rules.periods import day_words
from apps.ui.refusals import Refusal, Stale

register(
    {
        "member_evaluation.self_written": "填写个人自评",
        "member_evaluation.problem_added": "列出个人问题",
        "member_evaluation.problem_updated": "修改个人问题",
        "member_evaluation.problem_removed": "删去个人问题",
        "member_evaluation.spoken": "登记互评意见",
        "member_evaluation.speech_removed": "撤回互评意见",
        "member_evaluation.confirmed": "确认评定意见",
        "member_evaluation.objected": "对评定意见提出不同意见",
        "member_evaluation.answered": "答复不同意见",
    }
)


class AlreadyDecided(Refusal):
    default = "评定意见已经定了，自评和互评不能再改。"


class NotTold(Refusal):
    default = "评定意见还没有告知本人，或者本人已经答复。"


class AboutOneself(Refusal):
    default = "互评意见是对别人的，对自己请写在自评里。"


class NotOnRoll(Refusal):
    default = "两个人都要在这次评议的名单里。"


class NoGradeHere(Refusal):
    default = "不定等次的党员写自评，不填自评等次。"


def locked_evaluation(
    evaluation: MemberEvaluation, *, version: int | None = None, undecided: bool = False
) -> MemberEvaluation:
    """Raises Stale, and AlreadyDecided where it must not be."""
    rows = MemberEvaluation.objects.select_for_update(of=("self",)).select_related("round", "member")
    locked = rows.get(pk=evaluation.pk)
    if undecided and locked.round.state != RoundState.OPEN:
        raise Closed
    if undecided and locked.grade:
        raise AlreadyDecided
    if version is not None and locked.version != version:
        raise Stale
    return locked


def _done(locked: MemberEvaluation, *, actor: User, action: str) -> MemberEvaluation:
    locked.version += 1
    locked.full_clean(exclude=["path"])
    locked.save()
    record(actor=actor, action=action, target=locked, path=locked.path)
    return locked


@transaction.atomic
def write_self(
    *,
    evaluation: MemberEvaluation,
    version: int,
    self_text: str,
    self_on: date,
    actor: User,
    today: date,
    self_grade: str = "",
) -> MemberEvaluation:
    """By the member himself, or by a keeper from paper; then it says so."""
    locked = locked_evaluation(evaluation, version=version, undecided=True)
    if self_on > today:
        raise NotYet(field="self_on")
    if locked.ungraded and self_grade:
        raise NoGradeHere(field="self_grade")
    locked.self_text, locked.self_grade, locked.self_on = self_text, self_grade, self_on
    locked.self_on_paper = locked.member.person_id != actor.pk
    return _done(locked, actor=actor, action="member_evaluation.self_written")


@transaction.atomic
def add_own_problem(
    *, evaluation: MemberEvaluation, actor: User, idempotency_key: uuid.UUID, **fields: Any
) -> OwnProblem:
    row = locked_round(evaluation.round)
    known = OwnProblem.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    made = {"entered_by": actor, "idempotency_key": idempotency_key}
    problem = OwnProblem(round=row, member=evaluation.member, **made, **fields)
    problem.full_clean()
    problem.save()
    record(actor=actor, action="member_evaluation.problem_added", target=evaluation, path=row.path)
    return problem


@transaction.atomic
def update_own_problem(
    *,
    problem: OwnProblem,
    version: int,
    actor: User,
    today: date,
    done_on: date | None = None,
    **fields: Any,
) -> OwnProblem:
    """After the round is closed only the day on which he has put it right is written."""
    locked = OwnProblem.objects.select_for_update(of=("self",)).select_related("round").get(pk=problem.pk)
    if locked.version != version:
        raise Stale
    if done_on and done_on > today:
        raise NotYet(field="done_on")
    if locked.round.state == RoundState.OPEN:
        for name, value in fields.items():
            setattr(locked, name, value)
    locked.done_on = done_on
    locked.version += 1
    locked.full_clean()
    locked.save()
    record(actor=actor, action="member_evaluation.problem_updated", target=locked, path=locked.round.path)
    return locked


@transaction.atomic
def remove_own_problem(*, problem: OwnProblem, actor: User) -> None:
    row = locked_round(problem.round)
    OwnProblem.objects.filter(pk=problem.pk).delete()
    record(actor=actor, action="member_evaluation.problem_removed", target=row, path=row.path)


@transaction.atomic
def speak_of(
    *,
    row: Round,
    member: Member,
    author: Member,
    text: str,
    actor: User,
    today: date,
    idempotency_key: uuid.UUID,
) -> PeerOpinion:
    """What `author` says of `member`. Raises AboutOneself, NotOnRoll, AlreadyDecided."""
    locked = locked_round(row)
    known = PeerOpinion.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if member.pk == author.pk:
        raise AboutOneself(field="member")
    both = {one.member_id: one for one in MemberEvaluation.objects.filter(round=locked)}
    if member.pk not in both or author.pk not in both:
        raise NotOnRoll(field="member")
    evaluation = both[member.pk]
    if evaluation.grade:
        raise AlreadyDecided(field="member")
    made = {"entered_by": actor, "entered_on": today, "idempotency_key": idempotency_key}
    opinion = PeerOpinion(evaluation=evaluation, author=author, text=text, **made)
    opinion.full_clean()
    opinion.save()
    record(actor=actor, action="member_evaluation.spoken", target=locked, path=locked.path)
    return opinion


@transaction.atomic
def take_back_speech(*, opinion: PeerOpinion, actor: User) -> None:
    locked = locked_evaluation(opinion.evaluation, undecided=True)
    PeerOpinion.objects.filter(pk=opinion.pk).delete()
    record(actor=actor, action="member_evaluation.speech_removed", target=locked.round, path=locked.path)


@transaction.atomic
def confirm_grade(*, evaluation: MemberEvaluation, actor: User, today: date) -> MemberEvaluation:
    locked = _told(evaluation)
    locked.confirmed_on = today
    return _done(locked, actor=actor, action="member_evaluation.confirmed")


def _told(evaluation: MemberEvaluation) -> MemberEvaluation:
    locked = locked_evaluation(evaluation)
    if locked.told_on is None or locked.confirmed_on is not None:
        raise NotTold
    return locked


@transaction.atomic
def object_to_grade(
    *, evaluation: MemberEvaluation, objection: str, actor: User, today: date
) -> MemberEvaluation:
    """Once to each decision; what was said of an earlier one stays above it."""
    locked = _told(evaluation)
    if locked.objected_on is not None and not locked.decided_anew:
        raise NotTold("不同意见已经提出，请等支部答复。")
    locked.objection, locked.objected_on = _said_before(locked) + objection, today
    locked.answer, locked.answered_on, locked.decided_anew = "", None, False
    return _done(locked, actor=actor, action="member_evaluation.objected")


def _said_before(locked: MemberEvaluation) -> str:
    if locked.objected_on is None:
        return ""
    said = [str(locked.objection)]
    if locked.answered_on:
        said.append(f"（{day_words(locked.answered_on)}支部答复：{locked.answer}）")
    return "\n".join([*said, "重新评定以后再次提出："]) + "\n"


@transaction.atomic
def answer_objection(
    *, evaluation: MemberEvaluation, answer: str, answered_on: date, actor: User, today: date
) -> MemberEvaluation:
    """In writing; the grade itself is changed, where it is, by deciding again."""
    locked = locked_evaluation(evaluation)
    if locked.objected_on is None:
        raise NotTold("本人没有提出不同意见。")
    if answered_on > today:
        raise NotYet(field="answered_on")
    if answered_on < locked.objected_on:
        raise NotYet(f"不能早于本人提出的日期 {locked.objected_on}。", field="answered_on")
    locked.answer, locked.answered_on = answer, answered_on
    return _done(locked, actor=actor, action="member_evaluation.answered")
