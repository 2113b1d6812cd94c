"""Which branches need a call today and why: an organizer's list of exceptions, from one tally row per branch.

The order says where help is needed first. It is no score: nothing is summed up and no branch is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from apps.rules import talks, terms
from apps.rules.cadences import Cadence
from apps.rules.facts import BranchStanding
from apps.rules.kinds import BranchForm, Period
from apps.rules.norms import NORMS
from apps.rules.periods import DatedPeriod, add_months, day_words, mask_of, period_of, previous
from apps.rules.periods import words as period_words

#: How many days before its end an open period without a sitting is worth a call.
CALL_AHEAD_DAYS = {Period.MONTH: 7, Period.QUARTER: 21, Period.HALF_YEAR: 30, Period.YEAR: 60}


class Urgency(IntEnum):
    """Who is helped first: the smaller, the sooner."""

    LONG_VACANT = 1
    TERM_EXPIRED = 2
    TOO_FEW = 3
    PERIOD_CLOSING = 4
    VACANT = 5
    PERIOD_MISSED = 6
    NO_COMMITTEE = 7
    TERM_ENDING = 8
    TOO_MANY = 9
    TASKS_OVERDUE = 10
    TALKS_BEHIND = 11


@dataclass(frozen=True, kw_only=True, slots=True)
class Concern:
    """`on` is the day it turns on: the end that comes, or the beginning of what already is."""

    code: str
    title: str
    words: str
    regulation: str
    article: str
    urgency: Urgency
    on: date | None = None


def exceptions(standing: BranchStanding, *, cadences: Iterable[Cadence], today: date) -> tuple[Concern, ...]:
    found = [*_of_secretary(standing, today), *_of_members(standing), *_of_tasks(standing)]
    found += _of_talks(standing, today)
    if standing.form != BranchForm.TEMPORARY:
        found += [*_of_term(standing, today), *_of_committee(standing)]
    for cadence in cadences:
        if cadence.code == "MTG-1" and cadence.in_force_on(today):
            found += _of_assembly(standing, cadence=cadence, today=today)
    return tuple(sorted(found, key=lambda concern: (concern.urgency, concern.on or date.max)))


def help_order(concerns: Iterable[Concern]) -> tuple[int, ...]:
    """Sort key for branches: the most urgent concern first, then the next; more concerns before fewer."""
    last = max(Urgency) + 1
    return (*sorted(int(concern.urgency) for concern in concerns), last)


def _concern(code: str, *, title: str, words: str, urgency: Urgency, on: date | None = None) -> Concern:
    norm = NORMS[code]
    return Concern(
        code=code,
        title=title,
        words=words,
        regulation=norm.regulation,
        article=norm.article,
        urgency=urgency,
        on=on,
    )


def _of_secretary(standing: BranchStanding, today: date) -> Iterator[Concern]:
    since, again = standing.secretary_since_vacant, standing.secretary_again_from
    if since is None or since > today or (again is not None and again <= today):
        return
    months = NORMS["EL-4"].value("heavy_months")
    long = today > add_months(since, months)
    yield _concern(
        "EL-4",
        title=f"书记空缺超过{months}个月" if long else "书记空缺",
        words=f"{day_words(since)}起没有书记，应尽快补选或指派。",
        urgency=Urgency.LONG_VACANT if long else Urgency.VACANT,
        on=since,
    )


def _of_term(standing: BranchStanding, today: date) -> Iterator[Concern]:
    ends = standing.term_ends_on
    if ends is None:
        return
    words = f"{terms.words(ends, today=today)}，"
    state = terms.state(ends, today=today)
    if state is terms.TermState.EXPIRED:
        words += "应换届，或报上级批准延期。"
        yield _concern("EL-1", title="任期已届满", words=words, urgency=Urgency.TERM_EXPIRED, on=ends)
    elif state is terms.TermState.ENDING:
        words += "应提醒做好换届准备。"
        yield _concern("EL-2", title="半年内届满", words=words, urgency=Urgency.TERM_ENDING, on=ends)


def _of_members(standing: BranchStanding) -> Iterator[Concern]:
    full, everyone = standing.full_members, standing.all_members
    if full < NORMS["SET-1"].value("min_full"):
        words = (
            f"现有正式党员{full}名，应考虑联合设立或调整。"
            if everyone
            else "系统里还没有党员，请先导入花名册。"
        )
        yield _concern("SET-6", title="正式党员不足3名", words=words, urgency=Urgency.TOO_FEW)
    if everyone > NORMS["SET-2"].value("max_members"):
        words = f"现有党员{everyone}名，可考虑分设支部或成立党总支。"
        yield _concern("SET-2", title="党员超过50名", words=words, urgency=Urgency.TOO_MANY)


def _of_committee(standing: BranchStanding) -> Iterator[Concern]:
    advice = terms.committee_advice(standing.full_members)
    if advice.needs_committee and not standing.with_committee:
        words = f"现有正式党员{standing.full_members}名，应选举支部委员会。"
        yield _concern("SET-8", title="应设支委会而未设", words=words, urgency=Urgency.NO_COMMITTEE)


def _of_tasks(standing: BranchStanding) -> Iterator[Concern]:
    """Tasks rest on no article; what stands behind them is the assignment of the organization above."""
    if standing.overdue_tasks:
        yield Concern(
            code="TASK",
            title="任务逾期",
            words=f"有{standing.overdue_tasks}项任务过了期限还没有办结。",
            regulation="LOCAL",
            article="（上级交办和支部决议）",
            urgency=Urgency.TASKS_OVERDUE,
        )


def _of_talks(standing: BranchStanding, today: date) -> Iterator[Concern]:
    """Numbers only: those above never read who talked with whom."""
    behind = talks.is_behind(
        asked=standing.talks_asked,
        done=standing.talks_reached,
        last_year=standing.talk_year,
        today=today,
        kept_since=standing.records_since,
    )
    if behind:
        words = f"已进入{today.month}月，今年谈到的党员还不到一半，请提醒支部把谈心谈话排上日程。"
        yield _concern("TALK-1", title="谈心谈话进度明显落后", words=words, urgency=Urgency.TALKS_BEHIND)


def _of_assembly(standing: BranchStanding, *, cadence: Cadence, today: date) -> Iterator[Concern]:
    """Whether the running period nears its end without an assembly, and whether the last one had none."""
    if cadence.waived or not cadence.min_count or cadence.period not in CALL_AHEAD_DAYS:
        return
    running = period_of(cadence.period, today)
    calls_from = running.end - timedelta(days=CALL_AHEAD_DAYS[cadence.period])
    if today >= calls_from and _asked(standing, running) and _held(standing, running) is False:
        days = (running.last_day - today).days
        words = f"{period_words(cadence.period, running)}还没有召开党员大会，离期末{days}天。"
        yield _assembly(
            cadence,
            title="党员大会还没有开",
            words=words,
            urgency=Urgency.PERIOD_CLOSING,
            on=running.last_day,
        )
    last = previous(cadence.period, running)
    recorded = standing.records_since is None or standing.records_since <= last.start
    dated = standing.founded_on is not None or standing.last_general_on is not None
    judged = recorded and dated and cadence.in_force_on(last.last_day)
    if judged and _asked(standing, last) and _held(standing, last) is False:
        words = f"{period_words(cadence.period, last)}没有召开党员大会的记录。"
        yield _assembly(
            cadence, title="上期党员大会缺开", words=words, urgency=Urgency.PERIOD_MISSED, on=last.last_day
        )


def _assembly(cadence: Cadence, *, title: str, words: str, urgency: Urgency, on: date) -> Concern:
    return Concern(
        code=cadence.code,
        title=title,
        words=words,
        regulation=cadence.regulation,
        article=cadence.article,
        urgency=urgency,
        on=on,
    )


def _asked(standing: BranchStanding, period: DatedPeriod) -> bool:
    """A branch founded in the second half of a period is not asked for it (as in applicability.py)."""
    return standing.founded_on is None or standing.founded_on <= period.middle


def _held(standing: BranchStanding, period: DatedPeriod) -> bool | None:
    """Whether an assembly lies in the period; None when the tally cannot tell (it holds only a later one)."""
    if standing.year == period.start.year:
        return bool(standing.general_months & mask_of(period))
    last = standing.last_general_on
    if last is None or last < period.start:
        return False
    return True if last in period else None
