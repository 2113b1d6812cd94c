"""What an organization has to do, has done and need not do: facts and today in, duties out.

One duty is one cadence in one period (for cadences of groups: of one group). Decided once, for all cadences:
- The version of a rule in force on the last day of a period judges that period.
- Only closed sittings count, each for every purpose it names. Enough of them make a duty done, whatever else.
- An open period is due; a past one is overdue only after its last day (the round for year N: 31 March N + 1).
- A past period that began before the records do is unknown, never overdue. While such a period is still open
  the duty is due, and the reason asks to enter a sitting that was held earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from apps.rules.applicability import (
    Answer,
    Asked,
    Round,
    asked_of_branch,
    asked_of_group,
    branch_span,
    groups_in,
)
from apps.rules.cadences import Cadence, Condition
from apps.rules.facts import ExcuseFacts, GroupFacts, OrgFacts, SittingFacts
from apps.rules.kinds import DutyState, MeetingKind, Period, Strength, Sureness
from apps.rules.periods import DatedPeriod, between, day_words, period_of, previous
from apps.rules.regulations import HowTo


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """`period_end` is exclusive, `due_on` the last day to act, `usual_from` when it is usually taken up."""

    code: str
    title: str
    state: DutyState
    meeting_kind: MeetingKind
    period: Period
    period_start: date
    period_end: date
    usual_from: date
    due_on: date
    count: int
    needed: int
    why: str
    how_to: HowTo
    strength: Strength
    sureness: Sureness
    regulation: str
    article: str
    why_not: str = ""
    group_id: int | None = None
    group_name: str = ""
    excused_by: str = ""
    sitting_ids: tuple[int, ...] = ()
    planned_on: date | None = None

    @property
    def key(self) -> str:
        return f"{self.code}:{self.period_start.isoformat()}:{self.group_id or 0}"

    @property
    def for_year(self) -> int | None:
        return self.period_start.year if self.period == Period.FOR_YEAR else None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Case:
    org: OrgFacts
    cadence: Cadence
    round: Round
    today: date
    group: GroupFacts | None = None


def looks_back_to(today: date) -> date:
    """How far back duties are listed: this year, and in its first quarter also the quarter before."""
    quarter_before = previous(Period.QUARTER, period_of(Period.QUARTER, today))
    return min(date(today.year, 1, 1), quarter_before.start)


def duties(
    org: OrgFacts, *, cadences: Iterable[Cadence], today: date, since: date | None = None
) -> tuple[Duty, ...]:
    """The duties of every period begun by today whose last day to act is not before `since`.

    Give it `cadences_since(looks_back_to(today), overrides)`: a changed rule then judges only its own time.
    """
    start = since or looks_back_to(today)
    found = [
        _judge(case)
        for cadence in cadences
        if org.kind in cadence.scope
        for round_ in _rounds(cadence, org, since=start, today=today)
        for case in _cases(org, cadence=cadence, round_=round_, today=today)
    ]
    return tuple(sorted(found, key=lambda duty: (duty.due_on, duty.code, duty.group_id or 0)))


def _rounds(cadence: Cadence, org: OrgFacts, *, since: date, today: date) -> Iterator[Round]:
    """Periods in which the branch existed (or may have) and this version of the rule judges."""
    span = branch_span(org)
    for round_ in _all_rounds(cadence, org, since=since, today=today):
        period = round_.period
        founded_later = org.founded_on is not None and span is not None and span.start >= period.end
        closed_before = org.closed_on is not None and org.closed_on <= period.start
        if cadence.in_force_on(period.last_day) and not founded_later and not closed_before:
            yield round_


def _all_rounds(cadence: Cadence, org: OrgFacts, *, since: date, today: date) -> Iterator[Round]:
    if cadence.period == Period.TERM:
        for period in _terms(org):
            if period.start <= today and period.end > since:
                yield Round(period=period, closes_before=period.end, usual_from=period.start)
        return
    if cadence.period != Period.FOR_YEAR:
        for period in between(cadence.period, start=since, until=today):
            yield Round(period=period, closes_before=period.end, usual_from=period.start)
        return
    for year in range(since.year - 1, today.year + 1):
        closes = cadence.window.closes_on(year)
        if closes >= since:
            yield Round(
                period=period_of(Period.FOR_YEAR, date(year, 1, 1)),
                closes_before=closes + timedelta(days=1),
                usual_from=cadence.window.opens_on(year),
            )


def _terms(org: OrgFacts) -> Iterator[DatedPeriod]:
    """Each term as a period: up to the day it is up, or to the next term when that began earlier."""
    terms = sorted(org.terms, key=lambda term: term.starts_on)
    for term, following in zip(terms, [*terms[1:], None], strict=True):
        end = min(term.up_on, following.starts_on) if following else term.up_on
        if term.starts_on < end:
            yield DatedPeriod(start=term.starts_on, end=end)


def _cases(org: OrgFacts, *, cadence: Cadence, round_: Round, today: date) -> Iterator[_Case]:
    groups = groups_in(org, round_.period) if cadence.per_group else ()
    if not groups:
        yield _Case(org=org, cadence=cadence, round=round_, today=today)
    for group in groups:
        yield _Case(org=org, cadence=cadence, round=round_, today=today, group=group)


def _asked(case: _Case) -> Asked:
    cadence = case.cadence
    if case.group is not None:
        return asked_of_group(case.org, case.group, round_=case.round)
    if cadence.applies_when is Condition.HAS_GROUPS:
        return Asked(answer=Answer.NOT_ASKED, reason=cadence.not_applicable_words)
    return asked_of_branch(
        case.org,
        condition=cadence.applies_when,
        no_words=cadence.not_applicable_words,
        round_=case.round,
    )


def _matches(sitting: SittingFacts, case: _Case) -> bool:
    if case.cadence.meeting_kind not in sitting.kinds:
        return False
    period = case.round.period
    if case.cadence.period == Period.FOR_YEAR:
        year = case.cadence.window.year_of(held_on=sitting.held_on, for_year=sitting.for_year)
        return year == period.start.year
    return sitting.held_on in period


def _counted(case: _Case) -> tuple[int, tuple[SittingFacts, ...]]:
    """How many sittings count, and which. A round held group by group counts once every group has held it."""
    org = case.org
    held = [
        item for item in org.sittings if item.closed and item.held_on <= case.today and _matches(item, case)
    ]
    if case.group is not None:
        own = tuple(item for item in held if item.group_id == case.group.id)
        return len(own), own
    whole = [item for item in held if item.group_id is None]
    if not case.cadence.joins_groups:
        return len(whole), tuple(whole)
    asked = [
        group
        for group in groups_in(org, case.round.period)
        if asked_of_group(org, group, round_=case.round).answer in (Answer.ASKED, Answer.UNKNOWN)
    ]
    by_group = [sum(item.group_id == group.id for item in held) for group in asked]
    return len(whole) + min(by_group, default=0), tuple(held)


def _planned_on(case: _Case) -> date | None:
    group_id = case.group.id if case.group else None
    days = (
        item.held_on
        for item in case.org.sittings
        if not item.closed and item.group_id == group_id and _matches(item, case)
    )
    return min(days, default=None)


def _excuse(case: _Case) -> ExcuseFacts | None:
    """An excuse that names no group covers every group."""
    for excuse in case.org.excuses:
        same = excuse.code == case.cadence.code and excuse.period_start == case.round.period.start
        if same and (excuse.group_id is None or (case.group and excuse.group_id == case.group.id)):
            return excuse
    return None


def _judge(case: _Case) -> Duty:
    count, sittings = _counted(case)
    excuse = _excuse(case)
    state, why_not = _state(case, count=count, excuse=excuse)
    cadence, round_ = case.cadence, case.round
    return Duty(
        code=cadence.code,
        title=cadence.title,
        state=state,
        meeting_kind=cadence.meeting_kind,
        period=cadence.period,
        period_start=round_.period.start,
        period_end=round_.period.end,
        usual_from=round_.usual_from,
        due_on=round_.closes_before - timedelta(days=1),
        count=count,
        needed=cadence.min_count,
        why=_why(case, state=state),
        how_to=cadence.how_to,
        strength=cadence.strength,
        sureness=cadence.sureness,
        regulation=cadence.regulation,
        article=cadence.article,
        why_not=why_not,
        group_id=case.group.id if case.group else None,
        group_name=case.group.name if case.group else "",
        excused_by=excuse.by_name if excuse and state is DutyState.EXCUSED else "",
        sitting_ids=tuple(item.id for item in sittings),
        planned_on=_planned_on(case),
    )


def _state(case: _Case, *, count: int, excuse: ExcuseFacts | None) -> tuple[DutyState, str]:
    """The state, and in words why the branch is not asked (or cannot be judged)."""
    cadence, asked = case.cadence, _asked(case)
    if cadence.waived:
        return DutyState.NOT_APPLICABLE, f"{cadence.override_by}规定不作要求：{cadence.override_reason}。"
    if cadence.min_count == 0:
        return DutyState.NOT_APPLICABLE, cadence.not_applicable_words or "上级党组织没有规定次数。"
    if asked.answer is Answer.NOT_ASKED:
        return DutyState.NOT_APPLICABLE, asked.reason
    if count >= cadence.min_count:
        return DutyState.DONE, ""
    if excuse is not None:
        return DutyState.EXCUSED, excuse.reason
    if asked.answer is Answer.UNKNOWN:
        return DutyState.UNKNOWN, asked.reason
    if asked.answer is Answer.PARTLY:
        return DutyState.NOT_APPLICABLE, asked.reason
    if case.today < case.round.closes_before:
        return DutyState.DUE, ""
    since = case.org.records_since
    if since is not None and since > case.round.period.start:
        return DutyState.UNKNOWN, f"{day_words(since)}起才在本系统记录，此前的情况系统不作判断。"
    return DutyState.OVERDUE, ""


def _why(case: _Case, *, state: DutyState) -> str:
    cadence, since = case.cadence, case.org.records_since
    words = f"{cadence.citation}：{cadence.plain_words}"
    if cadence.sureness is not Sureness.VERIFIED:
        words += f"（{cadence.sureness.label}，以原文为准）"
    if state is DutyState.DUE and since is not None and since > case.round.period.start:
        words += f"系统从{day_words(since)}起记录，此前如已开过，请补记。"
    return words
