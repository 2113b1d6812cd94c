"""Polls of one place, in every phase that has a page of its own."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from apps.ballots.models import PaperCount, Poll, PollKey, Question, Result, RollEntry
from apps.branches.models import Organization
from apps.members.models import Member
from apps.rules.kinds_ballots import Electorate, PollMode, PollPurpose, PollState, Scale
from tests.ballots.makers import MOMENT


def other_teller(branch: Organization, *, member: Member) -> Member:
    """Somebody of the branch; where there is nobody else, a person without a role."""
    own = Member.objects.filter(branch=branch).exclude(pk=member.pk).order_by("pk").first()
    return own or Member.objects.exclude(branch=branch).filter(person__username=None).latest("pk")


def poll_in(branch: Organization, *, tellers: list[Member], state: PollState, mode: PollMode) -> Poll:
    poll = Poll.objects.create(
        branch=branch,
        path=branch.path,
        title=f"测评（{state.label}）",
        purpose=PollPurpose.OTHER,
        mode=mode,
        electorate=Electorate.ALL,
        state=state,
        closes_on=date(2026, 12, 30),
        teller_one=tellers[0],
        teller_two=tellers[1],
        created_by=tellers[0].person,
        created_at=MOMENT,
        idempotency_key=uuid.uuid4(),
        opened_on=None if state == PollState.DRAFT else date(2026, 11, 2),
        roll_count=0 if state == PollState.DRAFT else 2,
    )
    Question.objects.create(poll=poll, position=1, words="工作作风", scale=Scale.GOOD)
    Question.objects.create(poll=poll, position=2, words="意见和建议", scale=Scale.TEXT)
    if state != PollState.DRAFT:
        RollEntry.objects.bulk_create([RollEntry(poll=poll, member=one) for one in tellers])
    return poll


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    tellers = [member, other_teller(branch, member=member)]

    def poll(state: PollState, mode: PollMode = PollMode.SEALED) -> Poll:
        return poll_in(branch, tellers=tellers, state=state, mode=mode)

    voting, result = poll(PollState.OPEN), poll(PollState.OPENED)
    PollKey.objects.create(poll=voting, public_key=b"\x09" + bytes(31), wrapped_key=bytes(100))
    Result.objects.create(poll=result, issued=2, returned=2, valid=2, invalid=0, counted_on=date(2026, 11, 9))
    entered = poll(PollState.CLOSED, PollMode.PAPER)
    PaperCount.objects.create(
        poll=entered,
        issued=2,
        returned=2,
        valid=2,
        invalid=0,
        entered_by=tellers[1],
        counts=counts_of(entered),
    )
    return {
        "poll": {"pk": poll(PollState.DRAFT).pk},
        "poll_open": {"pk": voting.pk},
        "poll_closed": {"pk": poll(PollState.CLOSED).pk},
        "poll_paper": {"pk": poll(PollState.OPEN, PollMode.PAPER).pk},
        "poll_entered": {"pk": entered.pk},
        "poll_result": {"pk": result.pk},
    }


def counts_of(poll: Poll) -> list[list[Any]]:
    return [[Question.objects.get(poll=poll, position=1).pk, [2, 0, 0, 0, 0]]]
