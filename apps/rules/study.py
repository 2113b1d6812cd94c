"""Hours of study of one member over one year, against the share of the year that has gone by.

Whole months count: from the day the year or the membership here began up to the day asked about. A month at
whose beginning the member sat on the committee asks for the committee's share, any other for the members'.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from apps.rules.cadences import Override
from apps.rules.facts import PostFacts
from apps.rules.facts_worklog import LearnerFacts, StudyFacts
from apps.rules.kinds import COMMITTEE_POSTS, PostKind
from apps.rules.kinds_worklog import StudyCategory
from apps.rules.norms import NORMS
from apps.rules.periods import add_months

MEMBERS, COMMITTEE = "EDU-1", "EDU-2"
YEAR_MONTHS = 12
TENTH = Decimal("0.1")
NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyTargets:
    """Hours a year; 0 where the organization above asks for none."""

    members: int
    committee: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyAccount:
    """`due` and `of_year` are twelfths of hours, so that comparing them never rounds."""

    learner: LearnerFacts
    months: tuple[Decimal, ...]
    categories: frozenset[StudyCategory]
    post: PostKind | None
    exempt: bool
    due: int
    of_year: int

    @property
    def total(self) -> Decimal:
        return sum(self.months, NOTHING)

    @property
    def met(self) -> bool:
        """Whether the hours are enough for the part of the year that has gone by."""
        return self.total * YEAR_MONTHS >= self.due

    @property
    def due_hours(self) -> Decimal:
        return in_hours(self.due)

    @property
    def hours_of_year(self) -> Decimal:
        return in_hours(self.of_year)

    @property
    def missing(self) -> Decimal:
        return max(NOTHING, self.due_hours - self.total)


def in_hours(twelfths: int) -> Decimal:
    return (Decimal(twelfths) / YEAR_MONTHS).quantize(TENTH, rounding=ROUND_DOWN)


def targets_on(day: date, overrides: Iterable[Override] = ()) -> StudyTargets:
    """The hours asked of a year; of local rules the nearest wins, then the more recent one."""
    local = [override for override in overrides if override.in_force_on(day)]
    return StudyTargets(members=_target(MEMBERS, local), committee=_target(COMMITTEE, local))


def _target(code: str, local: list[Override]) -> int:
    own = [override for override in local if override.code == code]
    nearest = max(own, key=lambda item: (item.depth, item.valid_from), default=None)
    if nearest is None or (nearest.applies is not False and nearest.min_count is None):
        return NORMS[code].value("hours")
    return 0 if nearest.applies is False else nearest.min_count or 0


def account_of(
    learner: LearnerFacts,
    *,
    lines: Iterable[StudyFacts],
    posts: Iterable[PostFacts],
    targets: StudyTargets,
    year: int,
    as_of: date,
) -> StudyAccount:
    """`lines` are the member's own, `posts` those of the branch."""
    own = [post for post in posts if post.kind in COMMITTEE_POSTS and post.person_id == learner.person_id]
    months, categories = [NOTHING] * YEAR_MONTHS, set()
    for line in lines:
        if line.held_on.year == year and line.held_on <= as_of:
            months[line.held_on.month - 1] += line.hours
            categories.add(line.category)
    end = date(year + 1, 1, 1)
    held = [post.kind for post in own if post.held_on(min(as_of, end - timedelta(days=1)))]
    return StudyAccount(
        learner=learner,
        months=tuple(months),
        categories=frozenset(categories),
        post=PostKind.SECRETARY if PostKind.SECRETARY in held else next(iter(held), None),
        exempt=learner.exempt_on(as_of),
        due=_share(learner, posts=own, targets=targets, year=year, end=min(as_of + timedelta(days=1), end)),
        of_year=_share(learner, posts=own, targets=targets, year=year, end=end),
    )


def _share(
    learner: LearnerFacts, *, posts: list[PostFacts], targets: StudyTargets, year: int, end: date
) -> int:
    """Twelfths of the hours for the whole months from the start of the year, or from joining, up to `end`."""
    first = date(year, 1, 1)
    start = max(first, learner.joined_on) if learner.joined_on else first
    last = min(end, learner.left_on) if learner.left_on else end
    share, month = 0, 0
    while add_months(start, month + 1) <= last:
        in_office = any(post.held_on(add_months(start, month)) for post in posts)
        share += targets.committee if in_office else targets.members
        month += 1
    return share
