"""Whether a decision was taken: the second halves of VOTE-1, VOTE-2 and VOTE-4 (elections: elections.py).

Needed votes are counted against those entitled, not those present: a thinner meeting passes no more easily.
"""

from __future__ import annotations

from dataclasses import dataclass

from apps.rules.kinds import Kind, Matter, VoteMethod
from apps.rules.quorum import MATTER_RULES, MORE_THAN_HALF, opening


class VoteState(Kind):
    PASSED = "passed", "通过"
    FAILED = "failed", "未通过"
    INVALID = "invalid", "表决无效"
    NOT_OPEN = "not_open", "到会人数不够，不能表决"
    RUNOFF = "runoff", "需再次投票"


class CommitteeMajority(Kind):
    """A setting, because the branch regulations name no majority for the committee (VOTE-4)."""

    WHOLE = "whole", "超过全体委员的半数"
    PRESENT = "present", "超过到会委员的半数"


#: Matters that are put to the vote person by person, and by secret ballot.
ONE_PERSON_MATTERS = frozenset({Matter.ADMISSION, Matter.CONFIRMATION})
SECRET_MATTERS = ONE_PERSON_MATTERS | {Matter.ELECTION, Matter.COMMITTEE_ELECTION}
COMMITTEE_MATTERS = frozenset({Matter.COMMITTEE_DECISION, Matter.COMMITTEE_ELECTION})


class ImpossibleCount(ValueError):
    """The figures cannot be those of one vote. `problems` says in Chinese what does not fit."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ballots:
    issued: int
    returned: int
    invalid: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Votes:
    """Counted votes of those present, and valid written opinions of those absent."""

    votes_for: int
    against: int = 0
    abstain: int = 0
    written_for: int = 0
    written_against: int = 0
    written_abstain: int = 0
    ballots: Ballots | None = None

    @property
    def cast(self) -> int:
        return self.votes_for + self.against + self.abstain

    @property
    def written(self) -> int:
        return self.written_for + self.written_against + self.written_abstain


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    state: VoteState
    needed: int
    words: str
    rule_code: str
    regulation: str
    article: str
    assumed: str = ""


def procedure_problems(matter: Matter, *, method: VoteMethod, subjects: int = 1) -> list[str]:
    """What is wrong with the way the vote is taken (VOTE-2, VOTE-7)."""
    problems = []
    if matter in SECRET_MATTERS and method != VoteMethod.SECRET_BALLOT:
        problems.append(f"{matter.label}须采用无记名投票。")
    if matter in ONE_PERSON_MATTERS and subjects != 1:
        problems.append(f"{matter.label}须逐个讨论、逐个表决，一次只能表决一个人。")
    return problems


def electorate_problems(*, entitled: int, present: int) -> list[str]:
    if entitled < 0 or present < 0:
        return ["人数不能是负数。"]
    if entitled == 0:
        return ["没有可以参加表决的人，请先核对应到会人数。"]
    if present > entitled:
        return [f"实到{present}人，多于应到{entitled}人。"]
    return []


def ballot_problems(ballots: Ballots, *, present: int) -> list[str]:
    """More ballots returned than issued is no typing error but an invalid vote, and not listed here."""
    if min(ballots.issued, ballots.returned, ballots.invalid) < 0:
        return ["票数不能是负数。"]
    problems = []
    if ballots.issued > present:
        problems.append(f"发出{ballots.issued}张票，多于实到{present}人。")
    if ballots.invalid > ballots.returned:
        problems.append(f"无效票{ballots.invalid}张，多于收回的{ballots.returned}张。")
    return problems


def check_counts(matter: Matter, *, entitled: int, present: int, votes: Votes) -> list[str]:
    """Everything that makes the figures impossible, in words for the person at the vote desk."""
    if matter == Matter.ELECTION:
        return ["选举请逐名登记候选人的得票。"]
    figures = (
        votes.votes_for,
        votes.against,
        votes.abstain,
        votes.written_for,
        votes.written_against,
        votes.written_abstain,
    )
    if min(figures) < 0:
        return ["票数不能是负数。"]
    problems = electorate_problems(entitled=entitled, present=present)
    if problems:
        return problems
    if votes.cast > present:
        problems.append(f"赞成、反对、弃权合计{votes.cast}票，多于实到{present}人。")
    problems += _written_problems(matter, absent=entitled - present, votes=votes)
    if votes.ballots is not None:
        problems += ballot_problems(votes.ballots, present=present)
        valid = votes.ballots.returned - votes.ballots.invalid
        if votes.ballots.returned <= votes.ballots.issued and votes.cast > valid >= 0:
            problems.append(f"赞成、反对、弃权合计{votes.cast}票，多于有效票{valid}张。")
    return problems


def _written_problems(matter: Matter, *, absent: int, votes: Votes) -> list[str]:
    if not votes.written:
        return []
    if not MATTER_RULES[matter].written_opinions:
        return [f"{matter.label}不计书面意见。"]
    if votes.written > absent:
        return [f"书面意见{votes.written}份，多于未到会的{absent}人。"]
    return []


def votes_needed(
    matter: Matter,
    *,
    entitled: int,
    present: int,
    committee_majority: CommitteeMajority = CommitteeMajority.WHOLE,
) -> int:
    by_present = matter == Matter.ELECTION or (
        matter in COMMITTEE_MATTERS and committee_majority == CommitteeMajority.PRESENT
    )
    return MORE_THAN_HALF.required(present if by_present else entitled)


def outcome(
    matter: Matter,
    *,
    entitled: int,
    present: int,
    votes: Votes,
    committee_majority: CommitteeMajority = CommitteeMajority.WHOLE,
) -> Outcome:
    """Passed or not and by which rule. Raises ImpossibleCount where the figures cannot be true."""
    problems = check_counts(matter, entitled=entitled, present=present, votes=votes)
    if problems:
        raise ImpossibleCount(problems)
    rule = MATTER_RULES[matter]
    needed = votes_needed(matter, entitled=entitled, present=present, committee_majority=committee_majority)
    state, words = _verdict(matter, entitled=entitled, present=present, votes=votes, needed=needed)
    return Outcome(
        state=state,
        needed=needed,
        words=words,
        rule_code=rule.rule_code,
        regulation=rule.regulation,
        article=rule.article,
        assumed=rule.assumed,
    )


def _verdict(
    matter: Matter, *, entitled: int, present: int, votes: Votes, needed: int
) -> tuple[VoteState, str]:
    opened = opening(matter, entitled=entitled, present=present)
    if not opened.opens:
        words = f"应到{entitled}人，须到会{opened.required}人，实到{present}人，{opened.words}，不能表决。"
        return VoteState.NOT_OPEN, words
    ballots = votes.ballots
    if ballots is not None and ballots.returned > ballots.issued:
        words = f"收回{ballots.returned}张票，多于发出的{ballots.issued}张，表决无效，应重新投票。"
        return VoteState.INVALID, words
    in_favour = votes.votes_for + votes.written_for
    written = f"（含书面意见{votes.written_for}票）" if votes.written_for else ""
    state = VoteState.PASSED if in_favour >= needed else VoteState.FAILED
    head = f"应到{entitled}人，实到{present}人，须有{needed}票赞成；实得赞成{in_favour}票{written}"
    return state, f"{head}，{state.label}。"
