"""What the rules say of a vote that was counted: what makes its figures impossible, or its result."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from apps.meetings.models import AgendaItem, Motion, MotionState
from apps.meetings.queries_vote import Electorate, Revote, free_ballots, motions_of, revote_after
from apps.members.models import Member
from apps.rules.elections import ElectionOutcome, Tally, check_election, elect
from apps.rules.kinds import Matter, VoteMethod
from apps.rules.norms import NORMS
from apps.rules.quorum import opening
from apps.rules.voting import (
    ONE_PERSON_MATTERS,
    Ballots,
    Outcome,
    Votes,
    VoteState,
    check_counts,
    outcome,
    procedure_problems,
)

SEPARATORS = re.compile(r"[、，,;；/\s]+")
#: 「王　刚」: a name of two characters, written apart so that it is as wide as one of three.
APART = re.compile(r"\b(\w)\s+(\w)\b")
#: What the result says where the committee above reads 「五分之四」 strictly (VOTE-3).
STRICT_WORDS = "按上级要求，到会须超过应到会的五分之四。"
#: A vote on these needs the person it is about.
PERSON_MATTERS = ONE_PERSON_MATTERS | {Matter.EXCLUSION, Matter.COMMITTEE_ELECTION}
#: The field at which the rules' words about figures are shown, by how they begin.
FIELD_OF_WORDS = (
    ("书面意见", "written_for"),
    ("发出", "ballots_issued"),
    ("无效票", "ballots_invalid"),
    ("赞成", "votes_for"),
    ("应选", "seats"),
)


def together(name: str) -> str:
    return APART.sub(r"\1\2", name.strip())


def names_in(text: str) -> list[str]:
    return [name for name in SEPARATORS.split(together(text)) if name]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteEntry:
    """A vote as it was counted. An election has `seats` and `candidates`; any other matter has `votes`.

    `replaces` is the key under which the vote that this one puts right was recorded.
    """

    matter: str
    text: str
    method: str = VoteMethod.SHOW_OF_HANDS
    subject: Member | None = None
    subject_name: str = ""
    votes: Votes | None = None
    ballots: Ballots | None = None
    scrutineers: str = ""
    tellers: str = ""
    seats: int = 0
    competitive: bool = False
    strict_four_fifths: bool = False
    candidates: tuple[Tally, ...] = ()
    previous: Motion | None = None
    replaces: uuid.UUID | None = None
    #: The question of a poll whose totals these are.
    ballot: int | None = None

    @property
    def is_election(self) -> bool:
        return self.matter == Matter.ELECTION

    @property
    def person(self) -> str:
        return str(self.subject) if self.subject else together(self.subject_name)

    @property
    def standing(self) -> list[str]:
        """Those who are voted on, and so may not watch over the count."""
        return [tally.name for tally in self.candidates] if self.is_election else [self.person]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rules say of an entry; kept on the motion as it is."""

    entitled: int
    present: int
    needed: int
    state: str
    rule_code: str
    explanation: str
    elected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    message: str
    field: str | None = None


def problems_of(data: VoteEntry, *, item: AgendaItem, people: Electorate) -> list[Problem]:
    """Everything that keeps the entry from being a vote of these people, each at its field."""
    problems = _procedure(item, data=data) + _ballot_problems(item, data=data)
    if data.is_election:
        return problems + _election_problems(item, data=data, people=people)
    return problems + _count_problems(data, people=people)


def verdict_of(data: VoteEntry, *, people: Electorate) -> Verdict:
    """For an entry without problems, in a sitting that may open."""
    if data.is_election and data.ballots:
        return _elect(data, ballots=data.ballots, people=people)
    return _decide(data, people=people)


def counted(data: VoteEntry) -> Votes:
    """The votes that are kept: none in an election (its candidates have them), none where it is void."""
    return Votes(votes_for=0) if data.is_election else _votes(data)


def _procedure(item: AgendaItem, *, data: VoteEntry) -> list[Problem]:
    """What is wrong with the way the vote was taken (VOTE-2, VOTE-7)."""
    names = [] if data.subject else names_in(data.subject_name)
    subjects = 1 if data.subject else len(names)
    problems = [
        Problem(message=words, field="method" if "投票。" in words else _person_field(data))
        for words in procedure_problems(
            Matter(data.matter), method=VoteMethod(data.method), subjects=subjects or 1
        )
    ]
    if data.matter in PERSON_MATTERS and not subjects:
        problems.append(Problem(message="请写明表决的是哪一位同志。", field=_person_field(data)))
    if data.matter == Matter.ADMISSION and _voted_before(item, data=data):
        words = f"本次会议已经表决过是否接收{data.person}。登记有误的，请在原记录上重新登记。"
        problems.append(Problem(message=words, field="subject_name"))
    if data.method == VoteMethod.SECRET_BALLOT:
        problems += _ballot_people(data)
        if data.ballots is None:
            problems.append(Problem(message="无记名投票请填发出和收回的票数。", field="ballots_issued"))
    return problems


def _person_field(data: VoteEntry) -> str:
    return "subject_name" if data.matter == Matter.ADMISSION or data.subject_name else "subject"


def _voted_before(item: AgendaItem, *, data: VoteEntry) -> bool:
    decided = motions_of(item.meeting).filter(matter=data.matter, subject_name=data.person)
    return _others(decided.exclude(state=MotionState.INVALID), data=data).exists()


def _others(motions: QuerySet[Motion], *, data: VoteEntry) -> QuerySet[Motion]:
    """Without the one that the entry puts right."""
    return motions.exclude(idempotency_key=data.replaces) if data.replaces else motions


def _ballot_problems(item: AgendaItem, *, data: VoteEntry) -> list[Problem]:
    """Totals that were taken over stay as the tellers vouched for them."""
    if data.ballot is None:
        return []
    free = free_ballots(item.meeting.branch_id, replaces=data.replaces)
    count = next((one for one in free if one.key == data.ballot), None)
    if count is None:
        return [Problem(message="这次无记名投票的票数不能取用：不是本支部的，或已登记在另一次表决里。")]
    votes, ballots = data.votes, data.ballots
    typed = votes and ballots and (votes.votes_for, votes.against, votes.abstain, ballots)
    counted_then = Ballots(issued=count.issued, returned=count.returned, invalid=count.invalid)
    if typed != (count.votes_for, count.against, count.abstain, counted_then):
        words = "票数与无记名投票的测评结果单不一致，请照结果单填写。"
        return [Problem(message=words, field="votes_for")]
    return []


def _ballot_people(data: VoteEntry) -> list[Problem]:
    problems = []
    if not data.scrutineers.strip():
        problems.append(Problem(message="无记名投票须有监票人。", field="scrutineers"))
    if not data.tellers.strip():
        problems.append(Problem(message="无记名投票须有计票人。", field="tellers"))
    watching = set(names_in(data.scrutineers)) & {together(name) for name in data.standing}
    if watching:
        words = f"{'、'.join(sorted(watching))}是被表决的人，不能担任监票人。"
        problems.append(Problem(message=words, field="scrutineers"))
    return problems


def _count_problems(data: VoteEntry, *, people: Electorate) -> list[Problem]:
    if data.votes is None:
        return [Problem(message="请填写赞成、反对、弃权的票数。", field="votes_for")]
    votes = _votes(data)
    words = check_counts(Matter(data.matter), entitled=people.entitled, present=people.present, votes=votes)
    problems = [Problem(message=one, field=_field_of(one)) for one in words]
    if not problems and not _void(data) and votes.cast != _to_count(data, people=people):
        count = _to_count(data, people=people)
        noun = "有效票" if data.ballots else "实到会"
        sums = f"赞成、反对、弃权合计 {votes.cast}，应等于{noun} {count}；没有表态的计入弃权。"
        problems.append(Problem(message=sums, field="votes_abstain"))
    return problems


def _to_count(data: VoteEntry, *, people: Electorate) -> int:
    return data.ballots.returned - data.ballots.invalid if data.ballots else people.present


def _void(data: VoteEntry) -> bool:
    """More ballots came back than were given out: nothing is counted (VOTE-7)."""
    return data.ballots is not None and data.ballots.returned > data.ballots.issued


def _votes(data: VoteEntry) -> Votes:
    if data.votes is None or _void(data):
        return Votes(votes_for=0, ballots=data.ballots)
    return replace(data.votes, ballots=data.ballots)


def _field_of(words: str) -> str | None:
    return next((field for start, field in FIELD_OF_WORDS if words.startswith(start)), None)


def _election_problems(item: AgendaItem, *, data: VoteEntry, people: Electorate) -> list[Problem]:
    if data.ballots is None:
        return []
    words = check_election(
        seats=data.seats,
        entitled=people.entitled,
        present=people.present,
        candidates=data.candidates,
        ballots=data.ballots,
    )
    problems = [Problem(message=one, field=_field_of(one)) for one in words]
    strictly = opening(
        Matter.ELECTION,
        entitled=people.entitled,
        present=people.present,
        strict_four_fifths=data.strict_four_fifths,
    )
    if strictly.missing:
        few = f"{STRICT_WORDS}须到会{strictly.required}人，{strictly.words}。"
        problems.append(Problem(message=few, field="strict_four_fifths"))
    if 0 < len(data.candidates) < data.seats:
        few = f"只有 {len(data.candidates)} 名候选人，少于应选的 {data.seats} 名。"
        problems.append(Problem(message=few, field="seats"))
    if data.previous:
        problems += _round_problems(data.previous, item=item, data=data)
    return problems


def _round_problems(before: Motion, *, item: AgendaItem, data: VoteEntry) -> list[Problem]:
    """A further round is about the seats and the names that the round before left (VOTE-3)."""
    again: set[str] = {MotionState.RUNOFF, MotionState.INVALID}
    if before.item_id != item.pk or before.matter != data.matter or before.state not in again:
        return [Problem(message="上一次投票已有结果，不需要再次投票。")]
    if _others(Motion.objects.filter(previous=before), data=data).exists():
        return [Problem(message="这次投票之后的再次投票已经登记过了。")]
    left, names = revote_after(before), {tally.name for tally in data.candidates}
    problems = []
    if left.tied and names != set(left.names):
        words = f"票数相同的再次投票，只在{'、'.join(left.names)}之间进行。"
        problems.append(Problem(message=words, field="candidates"))
    elif chosen := names & set(_elected_before(before)):
        words = f"{'、'.join(sorted(chosen))}已经当选，不再列为候选人。"
        problems.append(Problem(message=words, field="candidates"))
    problems += _seat_problems(left, seats=data.seats)
    return problems


def _seat_problems(left: Revote, *, seats: int) -> list[Problem]:
    if seats > left.seats or (left.tied and seats != left.seats):
        return [Problem(message=f"再次投票的名额是 {left.seats} 名。", field="seats")]
    return []


def _elected_before(motion: Motion | None) -> list[str]:
    if motion is None:
        return []
    names = [row.name for row in motion.candidates.all() if row.elected]
    return names + _elected_before(motion.previous)


def _decide(data: VoteEntry, *, people: Electorate) -> Verdict:
    result = outcome(
        Matter(data.matter), entitled=people.entitled, present=people.present, votes=_votes(data)
    )
    chosen = data.matter == Matter.COMMITTEE_ELECTION and result.state == VoteState.PASSED
    words = f"{result.words}当选：{data.person}。" if chosen else result.words
    return _verdict(people, result=result, words=words + result.assumed)


def _elect(data: VoteEntry, *, ballots: Ballots, people: Electorate) -> Verdict:
    result = elect(
        seats=data.seats,
        entitled=people.entitled,
        present=people.present,
        candidates=data.candidates,
        ballots=ballots,
        strict_four_fifths=data.strict_four_fifths,
        nominated=len(data.candidates) if data.competitive and data.previous is None else None,
        runoff=data.previous is not None and revote_after(data.previous).tied,
    )
    words = (
        f"应到{people.entitled}人，实到{people.present}人，发出{ballots.issued}张票，"
        f"收回{ballots.returned}张。{result.words}{''.join(result.notes)}"
        f"{STRICT_WORDS if data.strict_four_fifths else ''}"
    )
    return _verdict(
        people, result=result, words=words, elected=frozenset(tally.name for tally in result.elected)
    )


def _verdict(
    people: Electorate,
    *,
    result: Outcome | ElectionOutcome,
    words: str,
    elected: frozenset[str] = frozenset(),
) -> Verdict:
    citation = NORMS[result.rule_code].citation
    return Verdict(
        entitled=people.entitled,
        present=people.present,
        needed=result.needed,
        state=MotionState(str(result.state)),
        rule_code=result.rule_code,
        explanation=f"{words}依据：{citation}。",
        elected=elected,
    )
