"""The appraisal: setting up its polls with what is always asked, or naming one that was held already."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.ballots.models import Poll
from apps.ballots.services import create_poll
from apps.evaluations.models import BranchEvaluation
from apps.evaluations.policies import UNDECIDED
from apps.evaluations.queries_appraisal import (
    Part,
    poll_of,
    polls_to_link,
    why_not_held,
)
from apps.evaluations.services_seats import locked_evaluation
from apps.rules.ballots import TEXT_THRESHOLD, THRESHOLD
from apps.rules.kinds_ballots import Electorate, PollPurpose, PollState
from apps.ui.refusals import Refusal

register({"appraisal.started": "发起年度测评", "appraisal.linked": "关联年度测评"})

#: What is asked besides the fixed items.
OVERALL = "对支部班子的总体评价\n对支部书记的总体评价"
ELECTORATE = {Part.MEMBERS: Electorate.ALL, Part.COMMITTEE: Electorate.COMMITTEE}


class AlreadyHeld(Refusal):
    default = "这项测评已经有了，请直接打开。"


class NotToLink(Refusal):
    default = "这次测评不能关联，请重新选择。"


@transaction.atomic
def start_appraisal(
    *,
    evaluation: BranchEvaluation,
    part: Part,
    values: Mapping[str, Any],
    actor: User,
    today: date,
    now: datetime,
    idempotency_key: uuid.UUID,
) -> Poll:
    """`values`: mode, tellers and last day. The same key gives the poll that it made the first time."""
    locked = _free(evaluation, part, key=idempotency_key)
    known = poll_of(locked, part)
    if known and known.idempotency_key == idempotency_key:
        return known
    reason = why_not_held(locked.branch, part, today=today)
    if reason:
        raise Refusal(reason)
    given = {
        "title": f"{locked.cycle.year} 年度考核{part.label}",
        "purpose": PollPurpose.APPRAISAL,
        "electorate": ELECTORATE[part],
        "threshold": THRESHOLD,
        "text_threshold": TEXT_THRESHOLD,
        **values,
    }
    poll = create_poll(
        branch=locked.branch,
        values=given,
        words=OVERALL if part is Part.MEMBERS else "",
        with_text=part is Part.MEMBERS,
        actor=actor,
        today=today,
        now=now,
        idempotency_key=idempotency_key,
    )
    _link(locked, part, poll=poll)
    record(actor=actor, action="appraisal.started", target=locked, path=locked.path, reason=part.label)
    return poll


@transaction.atomic
def link_appraisal(*, evaluation: BranchEvaluation, part: Part, poll: Poll, actor: User) -> BranchEvaluation:
    """One that the branch has held in the year already. Raises AlreadyHeld, NotToLink."""
    locked = _free(evaluation, part)
    if not polls_to_link(locked, part).filter(pk=poll.pk).exists():
        raise NotToLink(field="poll")
    _link(locked, part, poll=poll)
    record(actor=actor, action="appraisal.linked", target=locked, path=locked.path, reason=part.label)
    return locked


def _free(evaluation: BranchEvaluation, part: Part, *, key: uuid.UUID | None = None) -> BranchEvaluation:
    locked = locked_evaluation(evaluation, *UNDECIDED)
    known = poll_of(locked, part)
    if known and known.state != PollState.DESTROYED and known.idempotency_key != key:
        raise AlreadyHeld
    return locked


def _link(locked: BranchEvaluation, part: Part, *, poll: Poll) -> None:
    setattr(locked, part.value, poll)
    locked.version += 1
    locked.save(update_fields=[part.value, "version"])
