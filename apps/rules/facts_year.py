"""One branch and one calendar year as its own records tell it: all that the measures are ever told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from apps.rules.cadences import CADENCES, Cadence, Override
from apps.rules.facts import MemberFacts, OrgFacts, PostFacts, Span
from apps.rules.facts_records import (
    ConcernFacts,
    DatedFacts,
    DirectiveFacts,
    GoalFacts,
    KeyPostFacts,
    MeetingFacts,
    MemberRecordFacts,
    ProjectFacts,
    PublicConsultationFacts,
    RectificationFacts,
    StudyFacts,
    TalkFacts,
    TaskFacts,
    UnitFacts,
    VisitFacts,
)
from apps.rules.kinds import COMMITTEE_POSTS, PostKind
from apps.rules.periods import add_months
from apps.rules.study import StudyTargets, targets_on


@dataclass(frozen=True, kw_only=True, slots=True)
class Tenure:
    """The secretary in office and since when without a break; no `member_id` when not on this roster."""

    person_id: int
    name: str
    since: date
    member_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BranchYearFacts:
    """One branch in one calendar year up to `as_of`, both included.

    What to bring: `org.sittings` and `org.excuses` from 1 January of the year before (a round may close in
    March), `meetings` from twelve months before `as_of` or 1 January, whichever is earlier, `talks` from
    1 December before, everything else of the year. More does no harm: each measure takes its own part.
    """

    org: OrgFacts
    year: int
    as_of: date
    cadences: tuple[Cadence, ...] = CADENCES
    overrides: tuple[Override, ...] = ()
    records: tuple[MemberRecordFacts, ...] = ()
    meetings: tuple[MeetingFacts, ...] = ()
    talks: tuple[TalkFacts, ...] = ()
    tasks: tuple[TaskFacts, ...] = ()
    concerns: tuple[ConcernFacts, ...] = ()
    rectifications: tuple[RectificationFacts, ...] = ()
    directives: tuple[DirectiveFacts, ...] = ()
    plan_filed_on: date | None = None
    goals: tuple[GoalFacts, ...] = ()
    project: ProjectFacts | None = None
    study: tuple[StudyFacts, ...] = ()
    visits: tuple[VisitFacts, ...] = ()
    recognitions: tuple[DatedFacts, ...] = ()
    placements: tuple[VisitFacts, ...] = ()
    public_consultations: tuple[PublicConsultationFacts, ...] = ()
    key_posts: tuple[KeyPostFacts, ...] = ()
    units: tuple[UnitFacts, ...] = ()

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def next_year(self) -> date:
        return date(self.year + 1, 1, 1)

    @property
    def judged_on(self) -> date:
        """What was due before this day is late. After the year it is 1 January, after a closing that day."""
        return min(self.as_of, self.next_year, self.org.closed_on or date.max)

    @property
    def until(self) -> date:
        """The last day whose records count."""
        last = min(self.as_of, self.next_year - timedelta(days=1))
        closed = self.org.closed_on
        return last if closed is None else min(last, closed - timedelta(days=1))

    @property
    def start(self) -> date:
        """From when the branch is asked in this year: founded, and its records begun."""
        return max(self.first_day, self.org.founded_on or date.min, self.org.records_since or date.min)

    @property
    def study_targets(self) -> StudyTargets:
        """Hours a year, as the organization above has set them or as the regulations have them."""
        return targets_on(self.until, self.overrides)

    def in_year(self, day: date | None) -> bool:
        return day is not None and self.first_day <= day <= self.until

    def due(self, due_on: date | None, *, done_on: date | None) -> bool:
        """Whether it was due in this year and can be judged: past its day, or done on the day itself."""
        if due_on is None or not self.first_day <= due_on < self.next_year:
            return False
        return due_on < self.judged_on or (due_on <= self.until and done_on is not None and done_on <= due_on)

    def members_here(self) -> tuple[MemberFacts, ...]:
        return tuple(member for member in self.org.members if member.here_on(self.until))

    def records_by_member(self) -> dict[int, MemberRecordFacts]:
        return {record.member_id: record for record in self.records}

    def member_of(self, person_id: int) -> int | None:
        return next((one.member_id for one in self.records if one.person_id == person_id), None)

    def committee_on(self, day: date) -> frozenset[int]:
        """Members (ids) of the branch committee that day; empty when there was none."""
        term = self.org.term_on(day)
        if term is None or not term.with_committee:
            return frozenset()
        people = {post.person_id for post in self.org.posts_on(day) if post.kind in COMMITTEE_POSTS}
        return frozenset(one.member_id for one in self.records if one.person_id in people)

    def leaders_on(self, day: date) -> frozenset[int]:
        """Whose talks reach a member: the committee, or the secretary where there is none."""
        committee = self.committee_on(day)
        if committee:
            return committee
        secretary = self.secretary_on(day)
        member_id = self.member_of(secretary.person_id) if secretary else None
        return frozenset() if member_id is None else frozenset({member_id})

    def secretary_on(self, day: date) -> PostFacts | None:
        held = (post for post in self.org.posts_on(day) if post.kind is PostKind.SECRETARY)
        return max(held, key=lambda post: post.starts_on, default=None)

    def tenure(self) -> Tenure | None:
        """The secretary in office at the end, his posts joined where one follows the other at once."""
        held = self.secretary_on(self.until)
        if held is None:
            return None
        since = held.starts_on
        for span in self._earlier_posts_of(held.person_id):
            if span.start < since and (span.end is None or span.end >= since):
                since = span.start
        return Tenure(
            person_id=held.person_id,
            name=held.person_name,
            since=since,
            member_id=self.member_of(held.person_id),
        )

    def _earlier_posts_of(self, person_id: int) -> Iterator[Span]:
        own = [
            Span(start=post.starts_on, end=post.ends_on)
            for post in self.org.posts
            if post.kind is PostKind.SECRETARY and post.person_id == person_id
        ]
        yield from sorted(own, key=lambda span: span.start, reverse=True)

    def months_since(self, start: date) -> int:
        """Full calendar months from `start` up to the last day that counts."""
        begins = max(start, self.first_day)
        first = begins.month if begins.day == 1 else begins.month + 1
        after = self.until + timedelta(days=1)
        last = 12 if after.year > self.year else after.month - 1
        return max(0, last - first + 1) if begins < self.next_year else 0

    @property
    def months(self) -> int:
        return self.months_since(self.start)

    @property
    def window_start(self) -> date:
        """First day of the twelve months that end with the last day that counts."""
        return add_months(self.until + timedelta(days=1), -12)
