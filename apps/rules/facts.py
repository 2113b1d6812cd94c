"""All that the rules are ever told: frozen values without a database behind them.

Every pair of dates is half-open: the first day counts, the last day named does not. A missing date says
"not known" (or "not ended") and never stands for zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from apps.rules.kinds import (
    SELF_FOUND,
    BranchForm,
    ConcernSource,
    MeetingKind,
    OrgKind,
    PostKind,
    ProblemSource,
    TaskKind,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Days from `start` up to, but without, `end`; open-ended when `end` is None."""

    start: date
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, kw_only=True, slots=True)
class TermFacts:
    """One term of office (届). It is up on `ends_on`; an approved delay moves that day to `extended_to`."""

    id: int
    number: int
    starts_on: date
    ends_on: date
    extended_to: date | None = None
    with_committee: bool = False

    @property
    def up_on(self) -> date:
        return self.extended_to or self.ends_on


@dataclass(frozen=True, kw_only=True, slots=True)
class PostFacts:
    kind: PostKind
    person_id: int
    person_name: str
    starts_on: date
    ends_on: date | None = None

    def held_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupFacts:
    id: int
    name: str
    founded_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberFacts:
    """When a member belonged to the branch and since when as a full member.

    An unknown `joined_on` means: here before the records begin.
    """

    id: int
    joined_on: date | None = None
    left_on: date | None = None
    admitted_on: date | None = None
    full_since: date | None = None

    def here_on(self, day: date) -> bool:
        joined = self.joined_on is None or self.joined_on <= day
        return joined and (self.left_on is None or day < self.left_on)

    def full_on(self, day: date) -> bool:
        return self.here_on(day) and self.full_since is not None and self.full_since <= day


@dataclass(frozen=True, kw_only=True, slots=True)
class SittingFacts:
    """One sitting, which may serve several purposes. Only a closed sitting counts for a duty."""

    id: int
    held_on: date
    kinds: frozenset[MeetingKind]
    group_id: int | None = None
    for_year: int | None = None
    closed: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ExcuseFacts:
    """A duty that was set aside for one period, by whom and why."""

    code: str
    period_start: date
    reason: str
    by_name: str
    group_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OrgFacts:
    """One organization with everything that its duties are derived from."""

    id: int
    name: str
    kind: OrgKind
    form: BranchForm | None = None
    is_village: bool = False
    founded_on: date | None = None
    closed_on: date | None = None
    records_since: date | None = None
    terms: tuple[TermFacts, ...] = ()
    posts: tuple[PostFacts, ...] = ()
    groups: tuple[GroupFacts, ...] = ()
    members: tuple[MemberFacts, ...] = ()
    sittings: tuple[SittingFacts, ...] = ()
    excuses: tuple[ExcuseFacts, ...] = ()

    def term_on(self, day: date) -> TermFacts | None:
        """The latest term begun by that day; it stays in office until the next one is elected."""
        begun = [term for term in self.terms if term.starts_on <= day]
        return max(begun, key=lambda term: term.starts_on, default=None)

    def posts_on(self, day: date) -> Iterator[PostFacts]:
        return (post for post in self.posts if post.held_on(day))

    def full_members_on(self, day: date) -> int:
        return sum(member.full_on(day) for member in self.members)

    def members_on(self, day: date) -> int:
        return sum(member.here_on(day) for member in self.members)


@dataclass(frozen=True, kw_only=True, slots=True)
class BranchStanding:
    """The few values that an overview keeps of one branch (a tally, not the records themselves).

    `term_ends_on` has an approved extension already applied. The month masks are twelve bits of `year`:
    bit 0 is January. An appointment that is entered already ends the vacancy on `secretary_again_from`.
    `records_since` None means that the records are held to be complete.
    """

    id: int
    name: str
    form: BranchForm
    year: int
    full_members: int
    all_members: int
    with_committee: bool
    founded_on: date | None = None
    term_ends_on: date | None = None
    secretary_since_vacant: date | None = None
    secretary_again_from: date | None = None
    last_general_on: date | None = None
    general_months: int = 0
    themed_months: int = 0
    committee_months: int = 0
    overdue_tasks: int = 0
    records_since: date | None = None
    talk_year: int | None = None
    talks_reached: int = 0
    talks_asked: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskFact:
    """A task that was not cancelled. One assigned from above is closed on the day the branch reported."""

    id: int
    kind: TaskKind
    created_on: date
    due_on: date | None = None
    reported_on: date | None = None
    closed_on: date | None = None
    reopened_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConcernFact:
    """`id` is that of its task; `told_on` is the day on which whoever raised it was told the result."""

    id: int
    raised_by: ConcernSource
    raised_on: date
    due_on: date | None = None
    closed_on: date | None = None
    told_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RectificationFact:
    """`id` is that of its task; `closed_on` the day on which it was struck off on evidence."""

    id: int
    source: ProblemSource
    found_on: date
    due_on: date | None = None
    closed_on: date | None = None
    reopened_on: date | None = None

    @property
    def self_found(self) -> bool:
        return self.source in SELF_FOUND


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectiveFact:
    """A document from above. `conveyed_on` is the day of the first filed sitting at which it was conveyed."""

    id: int
    received_on: date
    convey_by: date | None = None
    do_by: date | None = None
    asks_action: bool = False
    conveyed_on: date | None = None
    conveyed_at: int | None = None
    tasks: tuple[TaskFact, ...] = ()

    @property
    def done_on(self) -> date | None:
        """The day on which the first task that carries it out was done."""
        return min((task.closed_on for task in self.tasks if task.closed_on), default=None)
