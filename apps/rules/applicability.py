"""Whether a branch, or one of its groups, is asked for a duty in one period at all, and if not, why not.

The boundaries, each decided once:
- What began inside a period (a branch or group founded, a committee elected) is asked for that period only
  when it began in the period's first half, the middle day included.
- What ended before the period's last day to act (a branch or group closed, a committee not elected again) is
  no longer asked for that period.
- A committee stays in office until the next term begins, even when its own term is up.
- A missing founding date is made good by the earliest dated fact of the branch; before that fact nothing is
  known, and a branch without any is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from apps.rules.cadences import Condition
from apps.rules.facts import GroupFacts, OrgFacts, Span
from apps.rules.kinds import BranchForm
from apps.rules.periods import DatedPeriod, clip, day_words


class Answer(Enum):
    """Ordered from the freest to the firmest reason for not asking."""

    ASKED = 0
    PARTLY = 1
    UNKNOWN = 2
    NOT_ASKED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Whether a duty is asked for; `reason` in plain words unless it is."""

    answer: Answer
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One period of a duty: `period` names it, the first and last day between them allow it to be done."""

    period: DatedPeriod
    closes_before: date
    usual_from: date


YES = Asked(answer=Answer.ASKED)


def asked_of_branch(org: OrgFacts, *, condition: Condition, no_words: str, round_: Round) -> Asked:
    exists = _while_branch_exists(org, round_)
    fits = _condition_holds(org, condition=condition, no_words=no_words, round_=round_)
    return max(exists, fits, key=lambda asked: asked.answer.value)


def asked_of_group(org: OrgFacts, group: GroupFacts, *, round_: Round) -> Asked:
    branch = _while_branch_exists(org, round_)
    span = group_span(org, group)
    if span is None:
        reason = f"没有登记{group.name}的成立时间，无法判断；请补填。"
        return max(branch, Asked(answer=Answer.UNKNOWN, reason=reason), key=lambda asked: asked.answer.value)
    own = _stretch([span], round_, named=group.name, began="成立", ended="撤销", no_words="")
    if group.founded_on is None and own.answer is not Answer.ASKED and round_.period.start < span.start:
        own = Asked(answer=Answer.UNKNOWN, reason=f"没有登记{group.name}的成立时间，无法判断；请补填。")
    return max(branch, own, key=lambda asked: asked.answer.value)


def branch_span(org: OrgFacts) -> Span | None:
    """When the branch existed as far as is known; None when nothing dates it."""
    if org.founded_on is not None:
        return Span(start=org.founded_on, end=org.closed_on)
    evidence = [
        *(term.starts_on for term in org.terms),
        *(post.starts_on for post in org.posts),
        *(sitting.held_on for sitting in org.sittings if sitting.closed),
    ]
    return Span(start=min(evidence), end=org.closed_on) if evidence else None


def group_span(org: OrgFacts, group: GroupFacts) -> Span | None:
    if group.founded_on is not None:
        return Span(start=group.founded_on, end=group.closed_on)
    held = [item.held_on for item in org.sittings if item.closed and item.group_id == group.id]
    return Span(start=min(held), end=group.closed_on) if held else None


def groups_in(org: OrgFacts, period: DatedPeriod) -> tuple[GroupFacts, ...]:
    """Groups that existed on some day of the period, or may have (no founding date, not closed before it)."""
    found = []
    for group in org.groups:
        begun = group.founded_on is None or group.founded_on < period.end
        if begun and (group.closed_on is None or group.closed_on > period.start):
            found.append(group)
    return tuple(found)


def committee_spans(org: OrgFacts) -> list[Span]:
    """The stretches with a branch committee, adjoining terms joined."""
    terms = sorted(org.terms, key=lambda term: term.starts_on)
    spans: list[Span] = []
    for term, following in zip(terms, [*terms[1:], None], strict=True):
        if not term.with_committee:
            continue
        end = following.starts_on if following else None
        if spans and spans[-1].end == term.starts_on:
            spans[-1] = Span(start=spans[-1].start, end=end)
        else:
            spans.append(Span(start=term.starts_on, end=end))
    return spans


def _while_branch_exists(org: OrgFacts, round_: Round) -> Asked:
    span = branch_span(org)
    missing = Asked(answer=Answer.UNKNOWN, reason="没有登记支部成立时间，无法判断；请在支部资料里补填。")
    if span is None:
        return missing
    asked = _stretch([span], round_, named="党支部", began="成立", ended="撤销", no_words="")
    if org.founded_on is None and asked.answer is not Answer.ASKED and round_.period.start < span.start:
        return missing
    return asked


def _condition_holds(org: OrgFacts, *, condition: Condition, no_words: str, round_: Round) -> Asked:
    if condition is Condition.NOT_TEMPORARY and org.form == BranchForm.TEMPORARY:
        return Asked(answer=Answer.NOT_ASKED, reason=no_words)
    if condition is Condition.HAS_COMMITTEE:
        return _with_committee(org, no_words=no_words, round_=round_)
    return YES


def _with_committee(org: OrgFacts, *, no_words: str, round_: Round) -> Asked:
    if not org.terms:
        if org.form == BranchForm.TEMPORARY:
            return Asked(answer=Answer.NOT_ASKED, reason="临时党支部的班子由上级指定，没有登记支委会。")
        return Asked(
            answer=Answer.UNKNOWN, reason="没有登记届次，不知道是否设支委会；请在「届次与职务」里登记。"
        )
    asked = _stretch(
        committee_spans(org),
        round_,
        named="支部委员会",
        began="选举产生",
        ended="届满后不再设立",
        no_words=no_words,
    )
    first = min(org.terms, key=lambda term: term.starts_on)
    if asked.answer is not Answer.ASKED and first.number > 1 and round_.period.start < first.starts_on:
        reason = f"{day_words(first.starts_on)}以前的届次没有登记，不知道当时是否设支委会。"
        return Asked(answer=Answer.UNKNOWN, reason=reason)
    return asked


def _stretch(
    spans: Iterable[Span], round_: Round, *, named: str, began: str, ended: str, no_words: str
) -> Asked:
    """How the spans in which something exists meet one period."""
    met: Span | None = None
    for span in spans:
        if clip(span, within=round_.period) is None:
            continue
        met = span
        if span.start <= round_.period.middle and (span.end is None or span.end >= round_.closes_before):
            return YES
    if met is None:
        return Asked(answer=Answer.NOT_ASKED, reason=no_words or f"这段时间{named}不存在。")
    if met.start > round_.period.middle:
        reason = f"{named}{day_words(met.start)}{began}，已过本期的一半，从下一期起要求。"
    else:
        reason = f"{named}{day_words(met.end or round_.closes_before)}{ended}，本期未满，不再要求。"
    return Asked(answer=Answer.PARTLY, reason=reason)
