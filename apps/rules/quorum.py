"""Who may vote and whether a meeting may open: the first halves of VOTE-1 to VOTE-6.

Three denominators are kept apart: entitled members for opening and for decisions, those present for
elections by the assembly, the whole committee for the committee. Shares are compared in whole numbers.

Assumptions, where the texts name no number: DISCIPLINE, EXCLUSION and GROUP_OPINION open and pass like an
ordinary matter of the assembly, COMMITTEE_ELECTION like a committee decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from apps.rules.kinds import (
    ElectionExclusion,
    Matter,
    MembershipState,
    MemberStatus,
    Sureness,
    VoteException,
)
from apps.rules.norms import NORMS


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A part of a number: reached at `numerator`/`denominator`, or only above it when `strict` (超过)."""

    numerator: int
    denominator: int
    strict: bool

    def required(self, whole: int) -> int:
        """The smallest count that reaches the share of `whole`."""
        part = self.numerator * whole
        return part // self.denominator + 1 if self.strict else -(-part // self.denominator)


HALF = Share(numerator=1, denominator=2, strict=False)
MORE_THAN_HALF = Share(numerator=1, denominator=2, strict=True)
FOUR_FIFTHS = Share(
    numerator=NORMS["VOTE-3"].value("present_numerator"),
    denominator=NORMS["VOTE-3"].value("present_denominator"),
    strict=False,
)
MORE_THAN_FOUR_FIFTHS = Share(
    numerator=FOUR_FIFTHS.numerator, denominator=FOUR_FIFTHS.denominator, strict=True
)


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterRule:
    """Which rule a matter follows; `assumed` says in words where the texts leave it open."""

    rule_code: str
    opening: Share
    written_opinions: bool = False
    assumed: str = ""

    @property
    def regulation(self) -> str:
        return NORMS[self.rule_code].regulation

    @property
    def article(self) -> str:
        return NORMS[self.rule_code].article

    @property
    def sureness(self) -> Sureness:
        return Sureness.MEMORY if self.assumed else NORMS[self.rule_code].sureness


_LIKE_ORDINARY = "条文没有单独规定人数，系统按党员大会一般事项计算，以上级要求为准。"
_LIKE_COMMITTEE = "条文没有单独规定人数，系统按支委会决定计算，以上级要求为准。"

MATTER_RULES: dict[Matter, MatterRule] = {
    Matter.ORDINARY: MatterRule(rule_code="VOTE-1", opening=HALF),
    Matter.ADMISSION: MatterRule(rule_code="VOTE-2", opening=MORE_THAN_HALF, written_opinions=True),
    Matter.CONFIRMATION: MatterRule(rule_code="VOTE-2", opening=MORE_THAN_HALF, written_opinions=True),
    Matter.ELECTION: MatterRule(rule_code="VOTE-3", opening=FOUR_FIFTHS),
    Matter.EXCLUSION: MatterRule(rule_code="VOTE-1", opening=HALF, assumed=_LIKE_ORDINARY),
    Matter.DISCIPLINE: MatterRule(rule_code="VOTE-1", opening=HALF, assumed=_LIKE_ORDINARY),
    Matter.COMMITTEE_DECISION: MatterRule(rule_code="VOTE-4", opening=HALF),
    Matter.COMMITTEE_ELECTION: MatterRule(rule_code="VOTE-4", opening=HALF, assumed=_LIKE_COMMITTEE),
    Matter.GROUP_OPINION: MatterRule(rule_code="VOTE-1", opening=HALF, assumed=_LIKE_ORDINARY),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class VoterFacts:
    """One member as far as voting goes. Exceptions are half-open; without a first day they hold already."""

    id: int
    name: str
    status: MemberStatus
    state: MembershipState = MembershipState.ACTIVE
    vote_exception: VoteException | None = None
    exception_from: date | None = None
    exception_until: date | None = None
    election_exclusion: ElectionExclusion | None = None
    approved_above_on: date | None = None
    approved_by_assembly_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    id: int
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Electorate:
    """Who counts; `pending` are counted although an exclusion was noted, because a consent is missing."""

    entitled: tuple[int, ...]
    left_out: tuple[LeftOut, ...]
    pending: tuple[LeftOut, ...]

    @property
    def size(self) -> int:
        return len(self.entitled)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    opens: bool
    required: int
    missing: int
    words: str
    rule_code: str
    regulation: str
    article: str


def electorate(voters: Iterable[VoterFacts], *, matter: Matter, on: date) -> Electorate:
    """VOTE-5 and VOTE-6. For matters of the committee give only its members, for a group only its own."""
    entitled: list[int] = []
    left_out: list[LeftOut] = []
    pending: list[LeftOut] = []
    for voter in voters:
        reason = _no_vote(voter, on)
        if not reason and matter == Matter.ELECTION and voter.election_exclusion is not None:
            lacking = _lacking_consent(voter, on)
            excluded = f"{voter.election_exclusion.label}，经上级同意并经党员大会通过，选举时不计入应到会人数"
            if lacking:
                pending.append(LeftOut(id=voter.id, name=voter.name, reason=lacking))
            reason = "" if lacking else excluded
        if reason:
            left_out.append(LeftOut(id=voter.id, name=voter.name, reason=reason))
        else:
            entitled.append(voter.id)
    return Electorate(entitled=tuple(entitled), left_out=tuple(left_out), pending=tuple(pending))


def _no_vote(voter: VoterFacts, on: date) -> str:
    if voter.state != MembershipState.ACTIVE:
        return voter.state.label
    if voter.status != MemberStatus.FULL:
        return "预备党员没有表决权、选举权"
    begun = voter.exception_from is None or voter.exception_from <= on
    ended = voter.exception_until is not None and voter.exception_until <= on
    if voter.vote_exception is not None and begun and not ended:
        return voter.vote_exception.label
    return ""


def _lacking_consent(voter: VoterFacts, on: date) -> str:
    consents = ((voter.approved_above_on, "上级党组织同意"), (voter.approved_by_assembly_on, "党员大会通过"))
    lacking = [words for day, words in consents if day is None or day > on]
    return f"仍计入应到会人数：还没有{'、'.join(lacking)}" if lacking else ""


def opening_share(matter: Matter, *, strict_four_fifths: bool = False) -> Share:
    if matter == Matter.ELECTION and strict_four_fifths:
        return MORE_THAN_FOUR_FIFTHS
    return MATTER_RULES[matter].opening


def opening(matter: Matter, *, entitled: int, present: int, strict_four_fifths: bool = False) -> Opening:
    """Whether the meeting may deal with the matter. A written opinion never counts as presence (VOTE-2)."""
    rule = MATTER_RULES[matter]
    required = max(1, opening_share(matter, strict_four_fifths=strict_four_fifths).required(entitled))
    missing = max(0, required - present)
    if entitled < 1:
        words = "没有可以参加表决的人，不能表决。"
    elif missing:
        words = f"还差{missing}人"
    else:
        words = f"应到{entitled}人，实到{present}人，达到{required}人，可以开会"
    return Opening(
        opens=entitled > 0 and not missing,
        required=required,
        missing=missing,
        words=words,
        rule_code=rule.rule_code,
        regulation=rule.regulation,
        article=rule.article,
    )
