"""Counted secret votes on motions, as a sitting takes them over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.ballots.models import Question, Result, Tally
from apps.rules.kinds_ballots import Electorate, PollPurpose, PollState, Scale

#: The latest ones; an older vote belongs to no sitting of today.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class MotionCount:
    """One motion of a poll. Valid ballots without a mark on it count as abstentions."""

    key: int
    poll_id: int
    title: str
    words: str
    of_committee: bool
    votes_for: int
    against: int
    abstain: int
    issued: int
    returned: int
    invalid: int
    teller: str
    scrutineer: str
    counted_on: date


def motion_counts(branch_id: int) -> list[MotionCount]:
    """The latest first; three queries at most."""
    counted = {
        "poll__branch": branch_id,
        "poll__purpose": PollPurpose.MOTION,
        "poll__state": PollState.OPENED,
    }
    asked = Question.objects.filter(**counted, scale=Scale.VOTE).select_related(
        "poll__teller_one__person", "poll__teller_two__person"
    )
    questions = list(asked.order_by("-poll__pk", "position")[:SHOWN])
    if not questions:
        return []
    results = Result.objects.in_bulk({one.poll_id for one in questions})
    votes = {
        (pk, grade): number
        for pk, grade, number in Tally.objects.filter(question__in=questions).values_list(
            "question", "grade", "votes"
        )
    }
    return [_count(one, result=results[one.poll_id], votes=votes) for one in questions]


def _count(question: Question, *, result: Result, votes: dict[tuple[int, int], int]) -> MotionCount:
    poll = question.poll
    votes_for, against = votes.get((question.pk, 0), 0), votes.get((question.pk, 1), 0)
    return MotionCount(
        key=question.pk,
        poll_id=poll.pk,
        title=poll.title,
        words=question.words,
        of_committee=poll.electorate == Electorate.COMMITTEE,
        votes_for=votes_for,
        against=against,
        abstain=result.valid - votes_for - against,
        issued=result.issued,
        returned=result.returned,
        invalid=result.invalid,
        teller=poll.teller_one.person.name,
        scrutineer=poll.teller_two.person.name,
        counted_on=result.counted_on,
    )
