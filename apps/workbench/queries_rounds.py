"""The lines of 组织生活会 on the first pages: the next step of an open round, what waits for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.evaluations.models import Round
from apps.evaluations.queries_roll import waiting_in, waiting_words
from apps.evaluations.queries_round import open_rounds, stand_of
from apps.rules.member_evaluation import Stand


@dataclass(frozen=True, kw_only=True)
class RoundLine:
    round: Round
    next: Stand | None


@dataclass(frozen=True, kw_only=True)
class OwnLine:
    pk: int
    title: str
    words: str


def round_lines(branch: Organization, *, today: date) -> list[RoundLine]:
    """One query where no round is open."""
    return [RoundLine(round=row, next=stand_of(row, today=today).next) for row in open_rounds(branch)]


def own_lines(person: User) -> list[OwnLine]:
    """One query."""
    rows = [(one, waiting_words(one)) for one in waiting_in(person.pk)]
    return [OwnLine(pk=one.pk, title=str(one.round), words=words) for one, words in rows if words]
