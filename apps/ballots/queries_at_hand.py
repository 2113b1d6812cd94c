"""Polls that still want something done, for first pages: how many have voted, never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.ballots.models import PaperCount, Poll, RollEntry
from apps.rules.kinds_ballots import PollMode, PollState

UNFINISHED = (PollState.DRAFT, PollState.OPEN, PollState.CLOSED)


@dataclass(frozen=True, slots=True)
class PollLine:
    pk: int
    title: str
    #: Where it stands, and who goes on with it.
    words: str
    #: Nothing comes of it unless somebody does something now.
    waits: bool
    #: The reader himself has not voted yet.
    asks_reader: bool


def at_branch(branch_id: int) -> QuerySet[Poll]:
    return Poll.objects.filter(branch=branch_id)


def told_by(user: User) -> QuerySet[Poll]:
    """Those in which this person counts."""
    return Poll.objects.filter(Q(teller_one__person_id=user.pk) | Q(teller_two__person_id=user.pk))


def at_hand(polls: QuerySet[Poll], *, user: User, today: date) -> list[PollLine]:
    """One query."""
    roll = RollEntry.objects.filter(poll=OuterRef("pk"))
    voted = roll.filter(voted=True).order_by().values("poll").annotate(number=Count("pk")).values("number")
    rows = polls.filter(state__in=UNFINISHED).annotate(
        voted=Coalesce(Subquery(voted), 0),
        entered=Exists(PaperCount.objects.filter(poll=OuterRef("pk"))),
        unvoted=Exists(roll.filter(voted=False, member__person_id=user.pk)),
    )
    return [_line(poll, today=today) for poll in rows.order_by("closes_on", "pk")]


def _line(poll: Any, *, today: date) -> PollLine:
    voting = poll.state == PollState.OPEN and poll.mode == PollMode.SEALED and poll.closes_on >= today
    words = _words(poll, today=today)
    return PollLine(poll.pk, poll.title, words, waits=not voting, asks_reader=voting and poll.unvoted)


def _words(poll: Any, *, today: date) -> str:
    if poll.state == PollState.DRAFT:
        return "已起草，待计票人或监票人开始投票"
    if poll.mode == PollMode.PAPER:
        if poll.entered:
            return "票数已录入一遍，待另一位计票（监票）人核对确认"
        return f"纸质票，名册 {poll.roll_count} 人，投完后由计票人、监票人录入票数"
    counted = f"{poll.roll_count} 人中已投 {poll.voted} 票"
    if poll.state == PollState.CLOSED:
        return f"{counted}，已截止，待计票人或监票人开票"
    if poll.closes_on < today:
        return f"{counted}，已过截止日期，请截止投票"
    return f"{counted}，{poll.closes_on.month}月{poll.closes_on.day}日截止"
