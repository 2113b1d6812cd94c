"""What a person's own page is made of, and how a higher app adds its share without being imported.

A share is a card to look at, parts of the export, looks at what is private, and days for his calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from apps.accounts.models import User
from apps.audit.models import Deed
from apps.members.models import Member


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whose page it is. People above and auditors need have no Party record here."""

    person: User
    member: Member | None
    #: He stands on the roster today, so the pages of his sittings open to him.
    on_roster: bool
    today: date


class Line(NamedTuple):
    """One line of a card: words with a link, more words beside them, and a badge (text, tone)."""

    text: Any
    url: str = ""
    beside: str = ""
    badge: tuple[str, str] | None = None
    below: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    title: str
    icon: str
    facts: Sequence[tuple[str, Any]] = ()
    lines: Sequence[Line] = ()
    #: (label, address) of the buttons below.
    more: Sequence[tuple[str, str]] = ()
    #: What it says where there is nothing.
    empty: str = ""


class Fact(NamedTuple):
    key: str
    label: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class Part:
    """One heading of the export: facts, or a table. Keys are English and stay; labels are Chinese."""

    key: str
    title: str
    facts: Sequence[Fact] = ()
    #: (key, label)
    columns: Sequence[tuple[str, str]] = ()
    rows: Sequence[Sequence[Any]] = ()
    #: Shares of the width of a page, one a column; equal shares where there are none.
    widths: Sequence[int] = ()


def columns(*words: str) -> list[tuple[str, str]]:
    """`columns("held_on 日期", …)`: each word is a key and its label."""
    return [(key, label) for key, _, label in (word.partition(" ") for word in words)]


@dataclass(frozen=True, kw_only=True)
class Looks:
    """Deeds by which somebody came to read what is private of a person."""

    actions: Sequence[str]
    of: Callable[[Subject], Q]
    #: Deed → what was looked at, in words; for all deeds of a page at once.
    words: Callable[[Sequence[Deed]], dict[int, str]]


class OwnDay(NamedTuple):
    """A day in a person's calendar. The feed leaves the system, so the title names nobody."""

    key: str
    title: str
    day: date
    url: str


class Days(NamedTuple):
    """From `since` up to, without, `until`."""

    since: date
    until: date


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one app has to say of a person, on his page, in his export and in his calendar."""

    card: Callable[[Subject], Card | None] | None = None
    parts: Callable[[Subject], Iterable[Part]] | None = None
    looks: Looks | None = None
    days: Callable[[User, Days], Iterable[OwnDay]] | None = None


_shares: dict[Share, int] = {}


def register_share(share: Share, *, order: int) -> None:
    """Shares are read from the smallest `order` up."""
    _shares[share] = order


def registered_shares() -> list[tuple[int, Share]]:
    return [(order, share) for share, order in _shares.items()]


def facts_of(row: models.Model, *, leave_out: frozenset[str]) -> list[Fact]:
    """Every column of a row but those named, so that a new column is exported without being thought of."""
    found = []
    for field in row._meta.concrete_fields:
        if field.name in leave_out:
            continue
        value = getattr(row, field.name)
        choices = dict(field.flatchoices)
        shown = choices.get(value, value) if choices else value
        is_row = isinstance(shown, models.Model)
        found.append(Fact(field.name, str(field.verbose_name), str(shown) if is_row else shown))
    return found
