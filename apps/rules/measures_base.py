"""What several measures ask of the same records: which sittings count, and what was done in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from apps.rules.facts_records import ItemFacts, MeetingFacts
from apps.rules.facts_year import BranchYearFacts
from apps.rules.figures import Counter
from apps.rules.kinds import MeetingKind
from apps.rules.periods import day_words

#: Sittings that decide: the assembly and the committee.
DECIDING = frozenset({MeetingKind.GENERAL, MeetingKind.COMMITTEE})
COMMITTEE = frozenset({MeetingKind.COMMITTEE})

NOT_FILED = "记录还没有归档，归档后计入。"
CANCELLED = "已取消。"


def sittings(
    facts: BranchYearFacts, counter: Counter, *, kinds: frozenset[MeetingKind] = frozenset()
) -> Iterator[MeetingFacts]:
    """Closed sittings of the year, of any of these kinds (of all when none is named), in order.

    Those not filed yet are left out with the reason.
    """
    for meeting in in_order(facts.meetings):
        if not facts.in_year(meeting.held_on) or (kinds and not kinds & meeting.kinds):
            continue
        if meeting.closed:
            yield meeting
        else:
            counter.leave_out(meeting.id, reason=NOT_FILED)


def in_order(meetings: Iterable[MeetingFacts]) -> list[MeetingFacts]:
    return sorted(meetings, key=lambda meeting: (meeting.held_on, meeting.id))


def decisions(facts: BranchYearFacts, counter: Counter) -> Iterator[tuple[MeetingFacts, ItemFacts]]:
    """What assemblies and committee meetings decided or voted on, item by item, once they are filed."""
    for meeting in in_order(facts.meetings):
        if not facts.in_year(meeting.held_on) or not DECIDING & meeting.kinds:
            continue
        for item in sorted(meeting.items, key=lambda item: item.position):
            if not (item.decided or item.motions):
                continue
            if meeting.closed:
                yield meeting, item
            else:
                counter.leave_out(item.id, reason=NOT_FILED)


def judge_deadline(
    counter: Counter,
    facts: BranchYearFacts,
    *,
    id_: int,
    due_on: date | None,
    done_on: date | None,
    cancelled: bool,
) -> None:
    """One thing with a day to be done by: in time, late, still open, or not yet to be judged."""
    if due_on is None or not facts.first_day <= due_on < facts.next_year:
        return
    if cancelled:
        counter.leave_out(id_, reason=CANCELLED)
    elif not facts.due(due_on, done_on=done_on):
        counter.leave_out(id_, reason=f"{day_words(due_on)}到期，还没有到期限。")
    else:
        counter.judge(id_, short=_late_words(facts, due_on=due_on, done_on=done_on))


def _late_words(facts: BranchYearFacts, *, due_on: date, done_on: date | None) -> str:
    if done_on is not None and done_on <= due_on:
        return ""
    if done_on is None or done_on > facts.until:
        return f"{day_words(due_on)}到期，还没有办结。"
    return f"{day_words(due_on)}到期，{day_words(done_on)}才办结。"
