"""Casting a ballot: the roll is marked and a sealed ballot added, in one transaction, and nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from apps.ballots.models import Poll, PollKey, Question, RollEntry, SealedBallot
from apps.ballots.queries import questions_of
from apps.ballots.sealing import seal
from apps.ballots.services import locked_in, size_of
from apps.members.models import Member
from apps.rules.ballots import ballot_text, fits
from apps.rules.kinds_ballots import PollState, Scale
from apps.ui.refusals import Refusal


class AlreadyVoted(Refusal):
    default = "您已经投过票了。每人一票，投出后不能更改。"


class NotAsked(Refusal):
    default = "您不在这次测评的名册上。"


class VotingOver(Refusal):
    default = "投票已经截止。"


class Incomplete(Refusal):
    default = "还有项目没有选。请每一项都选一个。"


@transaction.atomic
def cast_ballot(*, poll: Poll, member: Member, answers: Mapping[int, int | str], today: date) -> None:
    """`answers` names the question by its key; a grade is its place on the scale.

    No deed and no time: whoever reads database, log and backups learns that somebody voted, and no more. The
    poll is locked, so that no ballot slips in while it is closed.
    """
    locked = locked_in(poll, *PollState)
    if locked.state != PollState.OPEN or locked.closes_on < today:
        raise VotingOver
    mine = RollEntry.objects.filter(poll=locked, member=member)
    if not mine.filter(voted=False).update(voted=True):
        raise AlreadyVoted if mine.exists() else NotAsked
    questions = questions_of(locked)
    given = [_answer(one, answers.get(one.pk)) for one in questions]
    content = ballot_text(given, nonce=secrets.token_hex(16))
    public = bytes(PollKey.objects.get(poll=locked).public_key)
    blob = seal(content, public=public, poll_id=locked.pk, size=size_of(questions))
    SealedBallot.objects.create(poll=locked, blob=blob)


def _answer(question: Question, given: int | str | None) -> int | str:
    """The whole sheet is filled in by everybody, as on paper: a line left out would name the voter, and the
    votes on a person would tell whether he voted."""
    scale = Scale(question.scale)
    if scale == Scale.TEXT:
        given = "".join(sign for sign in str(given or "").strip() if sign == "\n" or sign.isprintable())
    elif given is None:
        raise Incomplete
    if not fits(given, scale=scale):
        raise Incomplete
    return given
