"""The ballot of a round, and the grades: decided by the committee, told to each, never set by the system."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.ballots.models import Poll
from apps.ballots.services import create_poll
from apps.evaluations.models import MemberEvaluation, Round
from apps.evaluations.policies_round import disputed_in
from apps.evaluations.queries_roll import ballot_of
from apps.evaluations.queries_round import polls_to_link, stand_of
from apps.evaluations.services_round import Closed, NotYet, locked_round
from apps.evaluations.services_round_own import AlreadyDecided, locked_evaluation
from apps.rules.ballots import TEXT_THRESHOLD, THRESHOLD
from apps.rules.kinds_ballots import Electorate, PollPurpose, PollState
from apps.rules.kinds_evaluations import MemberGrade, RoundState, Ungraded
from apps.rules.member_evaluation import needs_reason
from apps.ui.refusals import Refusal, Stale

register(
    {
        "round.poll_begun": "发起民主评议党员的测评",
        "round.poll_linked": "选定民主评议党员的测评",
        "member_evaluation.ungraded": "标明不定等次",
        "round.decided": "评定等次",
        "round.told": "把评定意见告知本人",
    }
)


class OverCap(Refusal):
    """More 优秀 than there may be."""


class ReasonMissing(Refusal):
    default = "请写明理由。"


class NoGrade(Refusal):
    default = "不定等次的党员不能评定等次。"


class HasPoll(Refusal):
    default = "这次评议已经有一次测评，要换的请先把它作废。"


class NobodyToTell(Refusal):
    default = "没有可以告知的：评定了等次、还没有告知的才列在这里。"


class ByStatus(Refusal):
    default = "预备党员本来就不定等次，不用改。"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the committee decided of one member; no grade takes an earlier one back."""

    pk: int
    version: int
    grade: str = ""
    reason: str = ""


@transaction.atomic
def begin_poll(*, row: Round, values: dict[str, Any], actor: User, today: date, now: datetime) -> Poll:
    """A draft of the ballot on the members: `values` are the way, the last day and the two tellers."""
    locked = _without_poll(row)
    usual = {
        "title": f"{locked.year}年度民主评议党员",
        "purpose": PollPurpose.MEMBERS,
        "electorate": Electorate.ALL,
        "threshold": THRESHOLD,
        "text_threshold": TEXT_THRESHOLD,
    }
    locked.poll = create_poll(
        branch=locked.branch,
        values=usual | values,
        words="",
        with_text=False,
        actor=actor,
        today=today,
        now=now,
        idempotency_key=uuid.uuid5(locked.idempotency_key, f"poll after {locked.poll_id}"),
    )
    locked.save(update_fields=["poll"])
    record(actor=actor, action="round.poll_begun", target=locked, path=locked.path)
    return locked.poll


def _without_poll(row: Round) -> Round:
    """A poll that was destroyed uncounted may be followed by another."""
    locked = locked_round(row)
    if locked.poll is not None and locked.poll.state != PollState.DESTROYED:
        raise HasPoll
    return locked


@transaction.atomic
def link_poll(*, row: Round, poll: Poll, actor: User) -> Round:
    """A ballot of the branch that was set up already."""
    locked = _without_poll(row)
    if poll not in polls_to_link(locked):
        raise HasPoll(
            "这次测评不能选：须是本支部评议党员的测评，没有作废，也没有用在别的年度。", field="poll"
        )
    locked.poll = poll
    locked.save(update_fields=["poll"])
    record(actor=actor, action="round.poll_linked", target=locked, path=locked.path)
    return locked


@transaction.atomic
def set_ungraded(
    *, evaluation: MemberEvaluation, version: int, ungraded: str, actor: User
) -> MemberEvaluation:
    """Why somebody gets no grade (EV-5, EV-6), or nothing again."""
    locked = locked_evaluation(evaluation, version=version, undecided=True)
    if locked.ungraded == Ungraded.PROBATIONARY and not locked.member.is_full:
        raise ByStatus
    if ungraded and locked.grade:
        raise AlreadyDecided
    locked.ungraded = ungraded
    if ungraded:
        locked.self_grade = ""
    locked.version += 1
    locked.full_clean(exclude=["path"])
    locked.save()
    record(actor=actor, action="member_evaluation.ungraded", target=locked, path=locked.path)
    return locked


@transaction.atomic
def decide_grades(
    *, row: Round, decisions: Sequence[Decision], decided_on: date, actor: User, today: date
) -> int:
    """Write what the committee decided; returns how many were changed.

    Raises OverCap, ReasonMissing, NoGrade, Stale, NotYet; nothing is written then.
    """
    locked = Round.objects.select_for_update().get(pk=row.pk)
    if decided_on > today:
        raise NotYet(field="decided_on")
    if decided_on < locked.starts_on:
        raise NotYet(
            f"不能早于开始准备的日期 {locked.starts_on}。那个日期填错了的，先在“修改安排”里改。",
            field="decided_on",
        )
    rows = MemberEvaluation.objects.select_for_update().filter(round=locked)
    kept = {one.pk: one for one in rows}
    changed = [one for one in decisions if one.pk in kept and _differs(kept[one.pk], one)]
    _check_open(locked, changed)
    ballot = ballot_of(locked.poll)
    before = _excellent(kept.values())
    for one in changed:
        _check(kept[one.pk], one, leading=ballot.leading(kept[one.pk].member_id))
        _write(kept[one.pk], one, decided_on=decided_on)
    excellent, cap = _excellent(kept.values()), stand_of(locked, today=today).cap
    # Where members left since, the cap sank below what was rightly given; only nobody is added then.
    if excellent > max(cap, before):
        raise OverCap(f"优秀最多 {cap} 人，现在选了 {excellent} 人，请减少 {excellent - cap} 人。")
    for one in changed:
        kept[one.pk].save()
    if changed:
        record(actor=actor, action="round.decided", target=locked, path=locked.path)
    return len(changed)


def _check_open(row: Round, changed: Sequence[Decision]) -> None:
    """In a closed round only what somebody objected to is decided anew. Raises Closed."""
    disputed = set(disputed_in(row).values_list("pk", flat=True))
    if row.state != RoundState.OPEN and any(one.pk not in disputed for one in changed):
        raise Closed("这一年度已经完成，只能重新评定提出不同意见、还没有答复的人。")


def _excellent(rows: Iterable[MemberEvaluation]) -> int:
    return sum(one.grade == MemberGrade.EXCELLENT for one in rows)


def _differs(kept: MemberEvaluation, decision: Decision) -> bool:
    return (kept.grade, str(kept.reason)) != (decision.grade, decision.reason)


def _check(kept: MemberEvaluation, decision: Decision, *, leading: MemberGrade | None) -> None:
    if kept.version != decision.version:
        raise Stale
    if not decision.grade:
        return
    if kept.ungraded:
        raise NoGrade
    if needs_reason(MemberGrade(decision.grade), leading=leading) and not decision.reason:
        raise ReasonMissing


def _write(kept: MemberEvaluation, decision: Decision, *, decided_on: date) -> None:
    """What was decided anew is told anew; an objection and its answer stay on record."""
    kept.grade, kept.reason = decision.grade, decision.reason
    kept.decided_on = decided_on if decision.grade else None
    kept.told_on = kept.confirmed_on = None
    kept.decided_anew = kept.objected_on is not None
    kept.version += 1


@transaction.atomic
def tell_grades(*, row: Round, told_on: date, people: Collection[int], actor: User, today: date) -> int:
    """From now on each sees his own grade and reason, in a closed round, too. Returns how many were told."""
    locked = Round.objects.select_for_update().get(pk=row.pk)
    if told_on > today:
        raise NotYet(field="told_on")
    rows = MemberEvaluation.objects.select_for_update().filter(round=locked, pk__in=people)
    waiting = list(rows.exclude(grade="").filter(told_on__isnull=True))
    if not waiting:
        raise NobodyToTell
    if any(one.decided_on and told_on < one.decided_on for one in waiting):
        raise NotYet("不能早于评定的日期。", field="told_on")
    for one in waiting:
        one.told_on = told_on
        one.version += 1
        one.save(update_fields=["told_on", "version"])
    record(actor=actor, action="round.told", target=locked, path=locked.path)
    return len(waiting)
