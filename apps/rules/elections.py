"""Elections by the assembly: VOTE-3, VOTE-7, VOTE-8. Elected is who has more than half of those present."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.rules.kinds import Matter
from apps.rules.quorum import MATTER_RULES, MORE_THAN_HALF, Opening, opening
from apps.rules.terms import candidates_needed
from apps.rules.voting import Ballots, ImpossibleCount, VoteState, ballot_problems, electorate_problems


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What one candidate got. `key` tells candidates of the same name apart."""

    key: str
    name: str
    votes_for: int
    against: int = 0
    abstain: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ElectionOutcome:
    """`open_seats` are still to be filled; `tied` are voted on again for them; `notes` are no obstacle."""

    state: VoteState
    elected: tuple[Tally, ...]
    tied: tuple[Tally, ...]
    open_seats: int
    needed: int
    words: str
    rule_code: str
    regulation: str
    article: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Result:
    state: VoteState
    words: str
    elected: tuple[Tally, ...] = ()
    tied: tuple[Tally, ...] = ()


def check_election(
    *, seats: int, entitled: int, present: int, candidates: Sequence[Tally], ballots: Ballots
) -> list[str]:
    problems = electorate_problems(entitled=entitled, present=present)
    problems += ballot_problems(ballots, present=present)
    if seats < 1:
        problems.append("应选名额至少1名。")
    if not candidates:
        problems.append("没有登记候选人。")
    if len({item.key for item in candidates}) < len(candidates):
        problems.append("同一候选人登记了两次。")
    if any(min(item.votes_for, item.against, item.abstain) < 0 for item in candidates):
        problems.append("票数不能是负数。")
    if not problems and ballots.returned <= ballots.issued:
        problems += _tally_problems(seats, candidates=candidates, valid=ballots.returned - ballots.invalid)
    return problems


def _tally_problems(seats: int, *, candidates: Sequence[Tally], valid: int) -> list[str]:
    problems = []
    for item in candidates:
        cast = item.votes_for + item.against + item.abstain
        if cast > valid:
            problems.append(f"{item.name}得票合计{cast}张，多于有效票{valid}张。")
    chosen = sum(item.votes_for for item in candidates)
    if chosen > seats * valid:
        problems.append(f"赞成票合计{chosen}票，超出{valid}张有效票、每张最多选{seats}名的总数。")
    return problems


def elect(
    *,
    seats: int,
    entitled: int,
    present: int,
    candidates: Sequence[Tally],
    ballots: Ballots,
    strict_four_fifths: bool = False,
    nominated: int | None = None,
    runoff: bool = False,
) -> ElectionOutcome:
    """One round; a `runoff` is one between tied candidates, in which most votes win.

    `nominated`, the number of official candidates for committee seats, adds the check of VOTE-8.
    Raises ImpossibleCount where the figures cannot be true.
    """
    problems = check_election(
        seats=seats, entitled=entitled, present=present, candidates=candidates, ballots=ballots
    )
    if problems:
        raise ImpossibleCount(problems)
    needed = 1 if runoff else MORE_THAN_HALF.required(present)
    opened = opening(
        Matter.ELECTION, entitled=entitled, present=present, strict_four_fifths=strict_four_fifths
    )
    result = _void(opened, entitled=entitled, present=present, ballots=ballots)
    result = result or _count(seats, candidates=candidates, needed=needed)
    rule = MATTER_RULES[Matter.ELECTION]
    return ElectionOutcome(
        state=result.state,
        elected=result.elected,
        tied=result.tied,
        open_seats=seats - len(result.elected),
        needed=needed,
        words=result.words,
        rule_code=rule.rule_code,
        regulation=rule.regulation,
        article=rule.article,
        notes=() if nominated is None else _notes(seats, nominated=nominated),
    )


def _void(opened: Opening, *, entitled: int, present: int, ballots: Ballots) -> _Result | None:
    """Why the round counts for nothing; None when it counts."""
    if not opened.opens:
        words = f"应到{entitled}人，须到会{opened.required}人，实到{present}人，{opened.words}，不能选举。"
        return _Result(state=VoteState.NOT_OPEN, words=words)
    if ballots.returned > ballots.issued:
        words = f"收回{ballots.returned}张选票，多于发出的{ballots.issued}张，选举无效，应重新选举。"
        return _Result(state=VoteState.INVALID, words=words)
    return None


def _notes(seats: int, *, nominated: int) -> tuple[str, ...]:
    lacking = candidates_needed(seats) - nominated
    words = f"委员选举应选{seats}名，候选人应不少于{candidates_needed(seats)}名，还差{lacking}名。"
    return (words,) if lacking > 0 else ()


def _count(seats: int, *, candidates: Sequence[Tally], needed: int) -> _Result:
    """Too many pass: most votes. A tie for the last seat: the tied again. Too few: seats stay open."""
    passed = sorted(
        (item for item in candidates if item.votes_for >= needed), key=lambda item: -item.votes_for
    )
    if len(passed) <= seats:
        return _not_too_many(seats, passed=tuple(passed))
    last = passed[seats - 1].votes_for
    if passed[seats].votes_for < last:
        elected = tuple(passed[:seats])
        return _Result(state=VoteState.PASSED, words=_named(elected), elected=elected)
    elected = tuple(item for item in passed if item.votes_for > last)
    tied = tuple(item for item in passed if item.votes_for == last)
    names = "、".join(item.name for item in tied)
    words = f"{_named(elected)}{names}票数相同，余{seats - len(elected)}个名额，就这{len(tied)}人再次投票。"
    return _Result(state=VoteState.RUNOFF, words=words, elected=elected, tied=tied)


def _not_too_many(seats: int, *, passed: tuple[Tally, ...]) -> _Result:
    lacking = seats - len(passed)
    if not lacking:
        return _Result(state=VoteState.PASSED, words=_named(passed), elected=passed)
    words = f"{_named(passed)}还缺{lacking}名，可对未当选的再次投票；"
    words += "当选人数接近应选名额的，经超过半数的选举人同意，也可以减少名额，不再选举。"
    return _Result(state=VoteState.RUNOFF, words=words, elected=passed)


def _named(elected: Sequence[Tally]) -> str:
    names = "、".join(f"{item.name}（{item.votes_for}票）" for item in elected)
    return f"{names}当选。" if names else "无人当选。"


def may_reduce_seats(*, consenting: int, present: int) -> bool:
    """Too few elected: seats may stay empty when more than half of those present agree (VOTE-3)."""
    return consenting >= MORE_THAN_HALF.required(present)
