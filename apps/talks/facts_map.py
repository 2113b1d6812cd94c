"""The coverage map of one branch, put together from facts for the page and for paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.branches.facts import override_facts
from apps.branches.models import Organization
from apps.rules.kinds import TalkPair
from apps.rules.talks import (
    BEFORE_MEETING,
    Coverage,
    Next,
    PersonCover,
    Talker,
    TalkRule,
    coverage,
    in_year,
    next_for,
    rule_in_force,
    still_to_come,
)
from apps.talks.facts import talk_facts, talkers
from apps.talks.models import TalkWave
from apps.talks.queries import open_wave


@dataclass(frozen=True, kw_only=True)
class MapLine:
    """One member: how often with each of the committee, and with other members."""

    cover: PersonCover
    cells: tuple[str, ...]
    members: str


@dataclass(frozen=True, kw_only=True)
class TalkMap:
    branch: Organization
    year: int
    rule: TalkRule
    cover: Coverage
    committee: tuple[Talker, ...]
    lines: tuple[MapLine, ...]
    next: tuple[Next, ...]


@dataclass(frozen=True, kw_only=True)
class WaveStand:
    """Who still has to talk before the meeting."""

    wave: TalkWave
    cover: Coverage
    next: tuple[Next, ...]


def map_of(branch: Organization, *, year: int, today: date) -> TalkMap:
    """Four queries, however many people and talks."""
    people = talkers([branch.pk], on=today).get(branch.pk, [])
    found = talk_facts([branch.pk], since=date(year, 1, 1), until=date(year + 1, 1, 1))
    rule = _rule(branch, on=min(today, date(year, 12, 31)))
    cover = coverage(people, in_year(found.get(branch.pk, []), year), rule=rule)
    committee = tuple(person for person in people if person.on_committee)
    return TalkMap(
        branch=branch,
        year=year,
        rule=rule,
        cover=cover,
        committee=committee,
        lines=tuple(_line(one, cover, committee=committee) for one in cover.people),
        next=still_to_come(cover),
    )


def _rule(branch: Organization, *, on: date) -> TalkRule:
    return rule_in_force(override_facts([branch], since=on)[branch.pk], on=on)


def _line(one: PersonCover, cover: Coverage, *, committee: tuple[Talker, ...]) -> MapLine:
    return MapLine(
        cover=one,
        cells=tuple(_times(one.person, other, cover=cover) for other in committee),
        members=str(one.member_held or ""),
    )


def _times(one: Talker, other: Talker, *, cover: Coverage) -> str:
    if one.id == other.id:
        return "—"
    return str(cover.met.get((min(one.id, other.id), max(one.id, other.id)), "") or "")


def wave_of(branch: Organization, *, today: date) -> WaveStand | None:
    """The open round before the meeting, where there is one."""
    wave = open_wave(branch)
    if wave is None:
        return None
    people = talkers([branch.pk], on=today).get(branch.pk, [])
    found = talk_facts([branch.pk], since=wave.opens_on, until=date.max).get(branch.pk, [])
    cover = coverage(people, found, rule=BEFORE_MEETING)
    return WaveStand(wave=wave, cover=cover, next=still_to_come(cover))


@dataclass(frozen=True, kw_only=True)
class OwnStand:
    """What the rule still asks of one person this year, and before the meeting."""

    year: tuple[str, ...] = ()
    wave: TalkWave | None = None
    before_meeting: tuple[str, ...] = ()


def own_stand(member_id: int, branch: Organization, *, today: date) -> OwnStand:
    stand = map_of(branch, year=today.year, today=today)
    wave = wave_of(branch, today=today)
    return OwnStand(
        year=_own_lines(member_id, cover=stand.cover),
        wave=wave.wave if wave else None,
        before_meeting=_own_lines(member_id, cover=wave.cover) if wave else (),
    )


def _own_lines(member_id: int, *, cover: Coverage) -> tuple[str, ...]:
    return tuple(_own_line(item, member_id=member_id) for item in next_for(member_id, cover))


def _own_line(item: Next, *, member_id: int) -> str:
    if item.second is None:
        return "和一位支委谈一次" if item.pair == TalkPair.MIXED else "和另一位党员谈一次"
    other = item.second if item.first.id == member_id else item.first
    return f"和{other.name}谈一次"
