"""What the measures are told of plans, goals and the feature project: frozen values without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.rules.kinds import MeetingKind, Progress


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalFacts:
    """An item of an annual plan, or a goal of the term that is due in the year.

    `due_on` is the last day on which it is still in time. `months` are twelve bits, bit 0 for January. With a
    kind of sitting, a closed sitting of that kind meets the item for a month (see `SittingFacts`, and
    `branch_year.months_that_meet` for a quarterly item).
    """

    id: int
    due_on: date
    state: Progress
    done_on: date | None = None
    months: int = 0
    meeting_kind: MeetingKind | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FeatureFacts:
    """A feature project (一支部一特色) and the quarters, as (year, quarter), that have a word of progress."""

    id: int
    starts_on: date
    ends_on: date | None = None
    quarters: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFacts:
    """One branch and one year. `filed_on` None: there is no plan, or it is a draft still."""

    branch_id: int
    year: int
    filed_on: date | None = None
    items: tuple[GoalFacts, ...] = ()
    term_goals: tuple[GoalFacts, ...] = ()
    features: tuple[FeatureFacts, ...] = ()
