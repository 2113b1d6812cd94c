"""The words that a sitting is called by when nobody wrote any, and how late it was entered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone

from apps.rules.kinds import ActivityForm, MeetingKind

#: Sittings that are held for a year, which need not be the year they are held in (trap 2).
ANNUAL = frozenset({MeetingKind.ORG_LIFE_MEETING, MeetingKind.MEMBER_EVALUATION})
#: Until the end of this month the annual round is taken to be the past year's.
ROUND_ENDS_IN_MONTH = 3


def words_of(kinds: Collection[str], *, form: str = "") -> str:
    """「党员大会暨主题党日」, in the order of the list of kinds."""
    return _words_of(frozenset(kinds), form)


@lru_cache(maxsize=512)
def _words_of(kinds: frozenset[str], form: str) -> str:
    named = [kind.label for kind in MeetingKind if kind in kinds and kind != MeetingKind.OTHER]
    if named:
        return "暨".join(named)
    return ActivityForm(form).label if form else "组织活动"


def suggested_title(
    *, kinds: Collection[str], held_on: date, for_year: int | None = None, group: str = "", form: str = ""
) -> str:
    """「11月支委会」「2026年度组织生活会」「第一小组11月党小组会」."""
    when = f"{for_year}年度" if for_year and ANNUAL & set(kinds) else f"{held_on.month}月"
    return f"{group}{when}{words_of(kinds, form=form)}"


def year_of_round(*, kinds: Collection[str], held_on: date) -> int | None:
    """The year that an annual sitting is for when nobody said; None for sittings that belong to no year."""
    if not ANNUAL & set(kinds):
        return None
    return held_on.year - 1 if held_on.month <= ROUND_ENDS_IN_MONTH else held_on.year


def late_words(*, held_on: date, recorded_at: datetime) -> str:
    """「会后 6 天补记」 for a record first entered after the day; a plain statement, not a fault."""
    days = (timezone.localtime(recorded_at).date() - held_on).days
    return f"会后 {days} 天补记" if days > 0 else ""
