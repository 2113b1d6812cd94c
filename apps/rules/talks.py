"""Who has talked with whom this year, against the rule; who comes next; and the round before the meeting.

ZB 19 asks for talks between committee members, between them and the members, and among the members, each
generally once a year; it does not ask every two people to talk. Read here as: every two committee members,
every member with somebody of the committee, every member with another member. Each of the three may be
waived, or asked for more often, by a committee above. A branch without a committee has its secretary (and
deputy) in the committee's place.

Reminder talks (JY 28) are told to nobody but four people, so nothing here counts them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from apps.rules.cadences import Override
from apps.rules.kinds import TalkOccasion, TalkPair
from apps.rules.norms import NORMS

#: The three parts of the rule, as a committee above names them when it sets its own.
PAIRS, WITH_COMMITTEE, WITH_MEMBER = "TALK-1A", "TALK-1B", "TALK-1C"
TALK_RULES: tuple[tuple[str, str], ...] = (
    (PAIRS, "谈心谈话：委员之间两两谈（每年）"),
    (WITH_COMMITTEE, "谈心谈话：每位党员和委员谈（每年）"),
    (WITH_MEMBER, "谈心谈话：每位党员和另一位党员谈（每年）"),
)
#: From this month on a branch is told of that has got to less than half of its members.
BEHIND_FROM_MONTH = 10
#: A number of talks below this is told to those above only as "some".
SMALLEST_COUNT = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkFacts:
    """One talk that was held: who, when, what kind; never a word of it."""

    id: int
    held_on: date
    people: frozenset[int]
    pair: TalkPair
    occasion: TalkOccasion
    #: Those of `people` who sat on the committee that day, and the secretary among them.
    committee: frozenset[int] = frozenset()
    secretary: int | None = None
    follow_up_on: date | None = None
    closed_on: date | None = None

    @property
    def counts(self) -> bool:
        return self.occasion != TalkOccasion.REMINDER


@dataclass(frozen=True, kw_only=True, slots=True)
class Talker:
    """A member who belongs to the branch today."""

    id: int
    name: str
    on_committee: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkRule:
    """How often in a year each part is asked for; 0 where it is waived."""

    pairs: int
    with_committee: int
    with_member: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PairCover:
    """Two people and what they have had with each other."""

    first: Talker
    second: Talker
    held: int
    last: date | None
    asked: int

    @property
    def done(self) -> bool:
        return self.held >= self.asked


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonCover:
    """A member and his talks with the committee and with other members."""

    person: Talker
    committee_held: int
    member_held: int
    last: date | None
    lacks_committee: bool
    lacks_member: bool

    @property
    def done(self) -> bool:
        return not self.lacks_committee and not self.lacks_member


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    rule: TalkRule
    pairs: tuple[PairCover, ...]
    people: tuple[PersonCover, ...]
    #: Times that two people have talked, the smaller key first.
    met: dict[tuple[int, int], int]

    @property
    def asked(self) -> int:
        return len(self._points)

    @property
    def done(self) -> int:
        return sum(self._points)

    @property
    def _points(self) -> list[bool]:
        pairs = [pair.done for pair in self.pairs] if self.rule.pairs else []
        plain = [one for one in self.people if not one.person.on_committee]
        committee = [not one.lacks_committee for one in plain] if self.rule.with_committee else []
        members = [not one.lacks_member for one in plain] if self.rule.with_member else []
        return [*pairs, *committee, *members]


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """A talk that the rule still asks for. `second` is None where anybody of that kind will do."""

    first: Talker
    second: Talker | None
    pair: TalkPair
    last: date | None = None


def rule_in_force(overrides: Iterable[Override], *, on: date) -> TalkRule:
    """The general rule with the nearest committee's own version of each part."""
    usual = NORMS["TALK-1"].value("times_per_year")
    asked = {PAIRS: usual, WITH_COMMITTEE: usual, WITH_MEMBER: usual}
    for override in sorted(overrides, key=lambda item: item.depth):
        if override.code in asked and override.in_force_on(on):
            asked[override.code] = usual if override.min_count is None else override.min_count
            if override.applies is False:
                asked[override.code] = 0
    return TalkRule(pairs=asked[PAIRS], with_committee=asked[WITH_COMMITTEE], with_member=asked[WITH_MEMBER])


def pair_of(on_committee: Collection[bool]) -> TalkPair:
    """The kind of a talk from whether each of its people sat on the committee that day."""
    if all(on_committee):
        return TalkPair.COMMITTEE
    return TalkPair.MIXED if any(on_committee) else TalkPair.MEMBERS


def in_year(talks: Iterable[TalkFacts], year: int) -> list[TalkFacts]:
    return [talk for talk in talks if talk.held_on.year == year and talk.counts]


def coverage(people: Collection[Talker], talks: Iterable[TalkFacts], *, rule: TalkRule) -> Coverage:
    """The talks given (of one year, or since a wave began) against the rule, for those who belong today.

    Whether a talk was one with the committee is judged by the posts of its own day, so a secretary who has
    since stepped down was still the secretary when he talked.
    """
    counted = [talk for talk in talks if talk.counts]
    met, last = _met(counted), _last_met(counted)
    committee = [person for person in people if person.on_committee]
    others = len(people) - len(committee)
    return Coverage(
        rule=rule,
        met=met,
        pairs=tuple(
            PairCover(
                first=first,
                second=second,
                held=met.get(_key(first.id, second.id), 0),
                last=last.get(_key(first.id, second.id)),
                asked=rule.pairs,
            )
            for first, second in combinations(committee, 2)
        ),
        people=tuple(_cover(person, counted, rule=rule, others=others) for person in people),
    )


def _cover(person: Talker, talks: Collection[TalkFacts], *, rule: TalkRule, others: int) -> PersonCover:
    own = [talk for talk in talks if person.id in talk.people]
    with_committee = sum(bool(talk.committee - {person.id}) for talk in own)
    with_member = sum(bool(talk.people - talk.committee - {person.id}) for talk in own)
    # Committee members have their own part of the rule; somebody alone has no other member to talk with.
    plain = not person.on_committee
    return PersonCover(
        person=person,
        committee_held=with_committee,
        member_held=with_member,
        last=max((talk.held_on for talk in own), default=None),
        lacks_committee=plain and with_committee < rule.with_committee,
        lacks_member=plain and others > 1 and with_member < rule.with_member,
    )


def _key(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _meetings_of_two(talks: Iterable[TalkFacts]) -> Iterator[tuple[tuple[int, int], date]]:
    for talk in talks:
        for one, other in combinations(sorted(talk.people), 2):
            yield (one, other), talk.held_on


def _met(talks: Iterable[TalkFacts]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    for key, _ in _meetings_of_two(talks):
        found[key] += 1
    return dict(found)


def _last_met(talks: Iterable[TalkFacts]) -> dict[tuple[int, int], date]:
    found: dict[tuple[int, int], date] = {}
    for key, day in _meetings_of_two(talks):
        found[key] = max(day, found.get(key, day))
    return found


def still_to_come(cover: Coverage) -> tuple[Next, ...]:
    """What is asked for and was not held, committee pairs first, then who has waited longest."""
    pairs = [
        Next(first=pair.first, second=pair.second, pair=TalkPair.COMMITTEE, last=pair.last)
        for pair in cover.pairs
        if not pair.done
    ]
    lacking = sorted((one for one in cover.people if not one.done), key=lambda one: one.last or date.min)
    mixed = [
        Next(first=one.person, second=None, pair=TalkPair.MIXED, last=one.last)
        for one in lacking
        if one.lacks_committee
    ]
    members = [
        Next(first=one.person, second=None, pair=TalkPair.MEMBERS, last=one.last)
        for one in lacking
        if one.lacks_member
    ]
    return (*pairs, *mixed, *members)


def next_for(person_id: int, cover: Coverage) -> tuple[Next, ...]:
    """The same for one person: with whom of the committee, and what is still open of his own."""
    return tuple(
        item
        for item in still_to_come(cover)
        if item.first.id == person_id or (item.second is not None and item.second.id == person_id)
    )


#: Before the 组织生活会 committee members must talk with each other, and members with one of them (TALK-4).
BEFORE_MEETING = TalkRule(pairs=1, with_committee=1, with_member=0)


def reached(people: Iterable[Talker], talks: Iterable[TalkFacts]) -> int:
    """How many of these had any talk at all."""
    talked = {person for talk in talks if talk.counts for person in talk.people}
    return sum(person.id in talked for person in people)


def is_behind(*, asked: int, done: int, last_year: int | None, today: date, kept_since: date | None) -> bool:
    """Whether those above are told: past September, and less than half of the members were talked with.

    Only of a branch that is known to keep its talks here: it has recorded one, or all of this year's records.
    `last_year` is the year that `done` belongs to.
    """
    known = last_year is not None or (kept_since is not None and kept_since <= date(today.year, 1, 1))
    held = done if last_year == today.year else 0
    return today.month >= BEHIND_FROM_MONTH and known and asked > 0 and held * 2 < asked


def count_words(count: int) -> str:
    """A number as those above read it: what is too small to hide a person is only "some"."""
    if count >= SMALLEST_COUNT:
        return str(count)
    return "已开展" if count else "未开展"
