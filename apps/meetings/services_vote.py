"""Votes: what was counted at the table, weighed by the rules against the roll, and frozen.

The figures of the electorate are always counted here from the roll, never taken from a form.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.meetings.models import AgendaItem, Candidate, Meeting, Motion, MotionState
from apps.meetings.queries_vote import electorate, matters_for, motions_of
from apps.meetings.queries_vote_weigh import Problem, Verdict, VoteEntry, counted, problems_of, verdict_of
from apps.meetings.services_roll import locked_open
from apps.rules.kinds import Matter
from apps.rules.voting import Votes
from apps.ui.refusals import Refusal, Stale

register({"motion.recorded": "登记表决", "motion.replaced": "重新登记表决", "motion.removed": "删除表决"})


class CannotVote(Refusal):
    default = "这次会议现在不能就此表决。"


class ImpossibleVote(Refusal):
    """The entry cannot be that of one vote; `problems` are shown at their fields."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("；".join(problem.message for problem in problems), field=problems[0].field)


class FurtherRound(Refusal):
    default = "这次投票之后还有再次投票的记录，请先删除再次投票的记录。"


@transaction.atomic
def record_motion(
    *, item: AgendaItem, actor: User, data: VoteEntry, now: datetime, idempotency_key: uuid.UUID
) -> Motion:
    """Keep a vote on an item of an open sitting; the same key gives the same motion.

    Raises NotOpen, CannotVote, ImpossibleVote, FurtherRound, Stale.
    """
    meeting = locked_open(item.meeting)
    known = {motion.idempotency_key: motion for motion in motions_of(meeting) if motion.item_id == item.pk}
    if idempotency_key in known:
        return known[idempotency_key]
    motion = _to_replace(data, known=known) or Motion(item=item)
    if data.previous:
        data = replace(data, previous=_unchanged(data.previous.idempotency_key, known=known))
    verdict = weigh(item=item, data=data)
    for column, value in _columns(data, verdict).items():
        setattr(motion, column, value)
    motion.idempotency_key = idempotency_key
    motion.save()
    _keep_candidates(motion, data=data, elected=verdict.elected)
    action = "motion.replaced" if data.replaces else "motion.recorded"
    _audit(motion, meeting=meeting, action=action, actor=actor, now=now)
    return motions_of(meeting).get(pk=motion.pk)


@transaction.atomic
def remove_motion(*, motion: Motion, actor: User, now: datetime) -> None:
    """Take back a vote entered by mistake. Raises NotOpen, FurtherRound."""
    meeting = locked_open(motion.item.meeting)
    _refuse_further_round(motion)
    _audit(motion, meeting=meeting, action="motion.removed", actor=actor, now=now)
    motion.delete()


def unanimous(*, item: AgendaItem, matter: str) -> VoteEntry:
    """Everybody present in favour, by show of hands."""
    present = electorate(item.meeting, Matter(matter)).present
    return VoteEntry(matter=matter, text=item.title, votes=Votes(votes_for=present))


def weigh(*, item: AgendaItem, data: VoteEntry) -> Verdict:
    """What the rules say of the entry with the roll as it is now; writes nothing.

    Raises CannotVote, ImpossibleVote.
    """
    if data.matter not in matters_for(item.meeting):
        raise CannotVote("这次会议的类别不能就此事项表决，请先核对会议类别。")
    about = data.subject.pk if data.subject else None
    people = electorate(item.meeting, Matter(data.matter), about=about)
    if not people.opening.opens:
        raise CannotVote(f"{people.opening.words}，现在不能表决。")
    problems = problems_of(data, item=item, people=people)
    if problems:
        raise ImpossibleVote(problems)
    return verdict_of(data, people=people)


def _columns(data: VoteEntry, verdict: Verdict) -> dict[str, object]:
    votes = counted(data)
    ballots = data.ballots
    return {
        "matter": data.matter,
        "text": data.text,
        "subject": data.subject,
        "subject_name": data.person,
        "method": data.method,
        "round": data.previous.round + 1 if data.previous else 1,
        "previous": data.previous,
        "seats": data.seats if data.is_election else None,
        "competitive": data.is_election and data.competitive,
        "entitled": verdict.entitled,
        "present": verdict.present,
        "votes_for": votes.votes_for,
        "votes_against": votes.against,
        "votes_abstain": votes.abstain,
        "written_for": votes.written_for,
        "written_against": votes.written_against,
        "written_abstain": votes.written_abstain,
        "ballots_issued": ballots.issued if ballots else None,
        "ballots_returned": ballots.returned if ballots else None,
        "ballots_invalid": ballots.invalid if ballots else 0,
        "scrutineers": data.scrutineers.strip(),
        "tellers": data.tellers.strip(),
        "state": verdict.state,
        "needed": verdict.needed,
        "rule_code": verdict.rule_code,
        "ballot_id": data.ballot,
        "explanation": verdict.explanation,
    }


def _keep_candidates(motion: Motion, *, data: VoteEntry, elected: frozenset[str]) -> None:
    motion.candidates.all().delete()
    by_name = _members_by_name(motion.item.meeting) if data.candidates else {}
    Candidate.objects.bulk_create(
        Candidate(
            motion=motion,
            name=tally.name,
            member_id=by_name.get(tally.name),
            votes_for=tally.votes_for,
            votes_against=tally.against,
            votes_abstain=tally.abstain,
            elected=tally.name in elected,
        )
        for tally in data.candidates
    )


def _members_by_name(meeting: Meeting) -> dict[str, int | None]:
    """Members on the roll by name; two of one name stand for neither."""
    found: dict[str, int | None] = {}
    for name, pk in meeting.roll.values_list("member__person__name", "member_id"):
        found[name] = None if name in found else pk
    return found


def _to_replace(data: VoteEntry, *, known: dict[uuid.UUID, Motion]) -> Motion | None:
    if data.replaces is None:
        return None
    motion = _unchanged(data.replaces, known=known)
    _refuse_further_round(motion)
    return motion


def _unchanged(key: uuid.UUID, *, known: dict[uuid.UUID, Motion]) -> Motion:
    """A motion of the item as the form knew it: entered anew it has another key."""
    if key not in known:
        raise Stale
    return known[key]


def _refuse_further_round(motion: Motion) -> None:
    if Motion.objects.filter(previous=motion).exists():
        raise FurtherRound


def _audit(motion: Motion, *, meeting: Meeting, action: str, actor: User, now: datetime) -> None:
    words = f"{motion.text}：{MotionState(motion.state).label}（{motion.explanation}）"
    record(actor=actor, action=action, target=meeting, path=meeting.path, reason=words[:500], at=now)
