"""The same poll of many branches side by side, and what of a single result its reader may see beside that.

A total over all branches is a second result about each of them: what the one hides, the other must not give
away, on whatever page the same person reads it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from apps.accounts.models import User
from apps.ballots import policies
from apps.ballots.models import Poll, Result, Tally
from apps.ballots.queries import ALIKE, Counted, counted_in, few, too_alike, without_votes
from apps.rules.ballots import COMPARED, THRESHOLD, covered, enough, hidden_cells, scale_for
from apps.rules.kinds_ballots import GRADES, PollPurpose

ASIDE = "与合计对照会看出别的小支部的结果，不予显示"
FOR_OTHERS = "每人的票数由支部书记、副书记、组织委员和纪检委员看"
HIS_OWN = "关于您本人的一项不向本人显示票数，只告知评议结论"
TOO_FEW_BEHIND = "隐去的支部太少，合计票数一并不予显示"


@dataclass(frozen=True, slots=True)
class Line:
    """A poll, or all of them: how many ballots, and the votes of all its questions grade by grade."""

    poll: Poll | None
    issued: int
    returned: int
    valid: int
    invalid: int
    #: Empty where they are hidden; then `why` says so.
    votes: tuple[int, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Across:
    grades: tuple[str, ...]
    lines: dict[int, Line]
    total: Line


def across(polls: QuerySet[Poll], *, purpose: PollPurpose) -> Across:
    """All of one purpose and year; four queries, however many they are."""
    results = list(Result.objects.filter(poll__in=polls).select_related("poll__branch"))
    votes = _votes_of(polls)
    why = {result.poll_id: few(result.poll.threshold) for result in results if not _enough(result)}
    why |= dict.fromkeys(too_alike(polls), ALIKE)
    cells = {str(one.poll_id): one.valid for one in results if one.poll_id in votes}
    hidden = hidden_cells(cells, threshold=THRESHOLD, held_back=[str(pk) for pk in why])
    why = {int(pk): ASIDE for pk in hidden} | why
    grades = GRADES[scale_for(purpose)]
    lines = {
        one.poll_id: _line(one, votes=votes, grades=len(grades), why=why.get(one.poll_id, ""))
        for one in results
    }
    safe = covered([cells[pk] for pk in hidden], threshold=THRESHOLD)
    return Across(grades, lines, _total(results, votes=votes if safe else {}, grades=len(grades)))


def counted_for(user: User, *, poll: Poll, result: Result) -> list[Counted]:
    """The result as this person may see it: of himself the verdict alone, and from above no more than the
    table of all branches tells."""
    found = counted_in(poll, result=result)
    if not policies.can_read_counts(user, poll):
        return [without_votes(one, why=FOR_OTHERS) for one in found]
    if poll.purpose in COMPARED and poll.opened_on and policies.only_oversees(user, poll):
        same = policies.compared_polls(user).filter(purpose=poll.purpose, opened_on__year=poll.opened_on.year)
        # A reviewer without a post above has no table to compare with.
        line = across(same, purpose=PollPurpose(poll.purpose)).lines.get(poll.pk)
        if line and line.why == ASIDE:
            found = [without_votes(one, why=ASIDE) if one.shown else one for one in found]
    return [without_votes(one, why=HIS_OWN) if _about(one, user) else one for one in found]


def years_of(polls: QuerySet[Poll]) -> list[int]:
    """The years in which they began, the latest first."""
    return [day.year for day in polls.dates("opened_on", "year", order="DESC")]


def _about(one: Counted, user: User) -> bool:
    return one.question.subject is not None and one.question.subject.person_id == user.pk


def _enough(result: Result) -> bool:
    poll = result.poll
    return enough(result.valid, purpose=PollPurpose(poll.purpose), threshold=poll.threshold)


def _votes_of(polls: QuerySet[Poll]) -> dict[int, Counter[int]]:
    rows = Tally.objects.filter(question__poll__in=polls).values_list("question__poll_id", "grade")
    found: dict[int, Counter[int]] = {}
    for poll_id, grade, number in rows.annotate(number=Sum("votes")).order_by():
        found.setdefault(poll_id, Counter())[grade] = number
    return found


def _line(result: Result, *, votes: dict[int, Counter[int]], grades: int, why: str) -> Line:
    counted = votes.get(result.poll_id, Counter())
    told = () if why else tuple(counted[grade] for grade in range(grades))
    return Line(result.poll, result.issued, result.returned, result.valid, result.invalid, told, why)


def _total(results: list[Result], *, votes: dict[int, Counter[int]], grades: int) -> Line:
    counted = sum(votes.values(), Counter())
    return Line(
        None,
        sum(one.issued for one in results),
        sum(one.returned for one in results),
        sum(one.valid for one in results),
        sum(one.invalid for one in results),
        tuple(counted[grade] for grade in range(grades)) if votes else (),
        "" if votes else TOO_FEW_BEHIND,
    )
