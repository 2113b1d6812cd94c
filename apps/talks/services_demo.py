"""Invented talks for the demo and for generated data, in bulk and past the services that people use.

The only door through which another app may put talks in; nothing comes out of it.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from apps.accounts.models import User
from apps.audit.services import record
from apps.branches.models import Organization
from apps.members.models import Member
from apps.rules.kinds import COMMITTEE_POSTS, PostKind, TalkOccasion, TalkState, TalkTrigger, TalkWay
from apps.rules.talks import pair_of
from apps.talks.models import (
    WORDS,
    MustState,
    MustTalk,
    Talk,
    TalkContent,
    TalkPerson,
    TalkRole,
    TalkWave,
)
from apps.talks.queries import READ
from apps.vault import record_keys

#: Invented words, one line for each column of `WORDS` but the result.
SAID = (
    (
        "工作压力和家里老人",
        "对组织是信任的，近来有些疲惫。",
        "手上两项工作时间撞在一起，想调一调先后。",
        "老人住院，每周要跑两趟医院。",
        "希望学习安排提前三天通知。",
        "先把紧的一项做完，另一项请同事搭把手。",
        "两周后再问一次老人的情况。",
    ),
    (
        "怎样当好新党员",
        "学得不少，觉得还没用上。",
        "愿意多跑基层。",
        "没有困难。",
        "建议老党员带一带。",
        "由支部安排一位老党员结对。",
        "",
    ),
    (
        "支委分工和配合",
        "两人对先抓什么看法不同，今天说开了。",
        "以后遇事先通气再上会。",
        "",
        "会前材料早一点发。",
        "每月碰头一次。",
        "",
    ),
    (
        "外出务工的近况",
        "在外面也想参加组织生活。",
        "厂里三班倒。",
        "孩子在老家上学。",
        "",
        "每月视频一次。",
        "",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A branch of the demo as its maker knows it."""

    branch: Organization
    members: Sequence[Member]
    #: Post → who holds it now.
    posts: dict[str, Member]


@dataclass
class Rows:
    talks: list[Talk] = field(default_factory=list)
    people: list[TalkPerson] = field(default_factory=list)
    contents: list[TalkContent] = field(default_factory=list)


def write_demo(*, places: Sequence[Place], seed: int, today: date, now: datetime) -> int:
    """Talks of every kind and state; in the first place also triggers and an open wave. Returns how many."""
    rng = random.Random(seed)  # noqa: S311 - invented data, the same for the same seed
    rows = Rows()
    for number, place in enumerate(places):
        committee = _committee(place)
        if committee and len(place.members) > len(committee) + 1:
            _year_of(place, committee=committee, first=number == 0, rng=rng, today=today, now=now, rows=rows)
    Talk.objects.bulk_create(rows.talks, batch_size=400)
    TalkPerson.objects.bulk_create(rows.people, batch_size=400)
    TalkContent.objects.bulk_create(rows.contents, batch_size=200)
    if places:
        _set_going(places[0], today=today, rng=rng)
        _read_again(places[0], rows=rows, since=today - timedelta(days=14), now=now)
    return len(rows.talks)


def _read_again(place: Place, *, rows: Rows, since: date, now: datetime) -> None:
    """Whoever began a recent talk has gone over its words, which the other one sees on his page."""
    for person in rows.people:
        talk = person.talk
        recent = talk.branch == place.branch and talk.held_on is not None and talk.held_on >= since
        if recent and person.role == TalkRole.INITIATOR:
            record(
                actor=person.member.person,
                action=READ,
                target=talk,
                path=talk.path,
                at=now - timedelta(hours=3),
            )


def _committee(place: Place) -> list[Member]:
    return [member for post, member in place.posts.items() if post in COMMITTEE_POSTS]


def _year_of(
    place: Place,
    *,
    committee: Sequence[Member],
    first: bool,
    rng: random.Random,
    today: date,
    now: datetime,
    rows: Rows,
) -> None:
    """Most of what the rule asks for, with gaps that a map can show."""
    plain = [member for member in place.members if member not in committee]
    pairs = [(one, other) for n, one in enumerate(committee) for other in committee[n + 1 :]]
    wanted: list[tuple[Member, Member]] = [pair for pair in pairs if rng.random() < 0.7]
    wanted += [(rng.choice(committee), member) for member in plain if rng.random() < 0.75]
    wanted += [
        (one, other) for one, other in zip(plain[::2], plain[1::2], strict=False) if rng.random() < 0.6
    ]
    days = (today - date(today.year, 1, 1)).days
    for one, other in wanted:
        day = today - timedelta(days=rng.randrange(0, max(days, 1)))
        _add(rows, place, people=(one, other), now=now, rng=rng, held_on=day)
    if first:
        for fields in _of_every_state(committee[0], plain, today=today):
            _add(rows, place, now=now, rng=rng, **fields)


def _of_every_state(head: Member, plain: Sequence[Member], *, today: date) -> Iterator[dict]:
    soon, ago = today + timedelta(days=5), today - timedelta(days=12)
    yield {"people": (head, plain[0]), "state": TalkState.PLANNED, "planned_on": soon}
    yield {"people": (head, plain[1]), "state": TalkState.PLANNED, "planned_on": today - timedelta(days=2)}
    yield {"people": (head, plain[2]), "held_on": ago, "follow_up_on": today - timedelta(days=1)}
    yield {
        "people": (head, plain[3]),
        "held_on": ago,
        "state": TalkState.CLOSED,
        "closed_on": today - timedelta(days=3),
        "occasion": TalkOccasion.MUST,
        "trigger": TalkTrigger.HEALTH,
    }
    yield {
        "people": (head, plain[4]),
        "held_on": ago,
        "occasion": TalkOccasion.REMINDER,
        "follow_up_on": soon,
    }
    yield {"people": (head, plain[5]), "held_on": ago, "occasion": TalkOccasion.CARE, "way": TalkWay.VISIT}
    yield {"people": (head, plain[6]), "state": TalkState.CANCELLED, "planned_on": ago}
    yield {
        "people": (head, plain[7]),
        "held_on": ago,
        "occasion": TalkOccasion.BEFORE_MEETING,
        "opened": True,
    }


def _add(
    rows: Rows,
    place: Place,
    *,
    people: tuple[Member, Member],
    now: datetime,
    rng: random.Random,
    opened: bool = False,
    **fields: object,
) -> None:
    seats = [_posts_of(member, place) for member in people]
    committee = [any(post in COMMITTEE_POSTS for post in posts) for posts in seats]
    talk = Talk(
        branch=place.branch,
        path=place.branch.path,
        pair=pair_of(committee),
        entered_by=people[0].person,
        created_at=now,
        idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
        **fields,
    )
    rows.talks.append(talk)
    for role, member, posts, seated in zip(TalkRole, people, seats, committee, strict=True):
        person = TalkPerson(talk=talk, member=member, role=role, on_committee=seated)
        person.post = "、".join(PostKind(post).label for post in posts)
        person.is_secretary = PostKind.SECRETARY in posts
        person.opened_at = now if opened and role == TalkRole.PARTNER else None
        rows.people.append(person)
    if talk.held_on:
        rows.contents.append(_content(talk, rng=rng))


def _posts_of(member: Member, place: Place) -> list[str]:
    return [post for post, holder in place.posts.items() if holder == member]


def _content(talk: Talk, *, rng: random.Random) -> TalkContent:
    content = TalkContent(talk=talk, record_key=record_keys.new_key())
    said = dict(zip(WORDS, rng.choice(SAID), strict=False))
    if talk.state == TalkState.CLOSED:
        said["result"] = "已回访，情况好转，本人表示感谢。"
    for name, text in said.items():
        where = record_keys.place_of(TalkContent._meta.db_table, column=name, row=content.vault_id)
        setattr(content, name, record_keys.seal(text, key=content.record_key, place=where))
    return content


def _set_going(place: Place, *, today: date, rng: random.Random) -> None:
    """Must-talks that wait, are late, and were withdrawn; and the round before the meeting."""
    committee = _committee(place)
    plain = [member for member in place.members if member not in committee]
    secretary = place.posts.get(PostKind.SECRETARY, committee[0])
    kinds = (TalkTrigger.HARDSHIP, TalkTrigger.NEW_MEMBER, TalkTrigger.POST_CHANGE, TalkTrigger.MOBILE)
    for number, trigger in enumerate(kinds):
        since = today - timedelta(days=20 - number)
        must = MustTalk(
            branch=place.branch,
            path=place.branch.path,
            member=plain[8 + number],
            trigger=trigger,
            since=since,
            due_on=since + timedelta(days=14 + 6 * number),
            asked=committee[1] if number == 1 and len(committee) > 1 else None,
            set_by=secretary.person,
            idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
        )
        if number == len(kinds) - 1:
            must.state, must.closed_on, must.withdrawn_because = MustState.WITHDRAWN, today, "已回本地工作。"
        must.save()
    TalkWave.objects.create(
        branch=place.branch,
        path=place.branch.path,
        opens_on=today - timedelta(days=10),
        meeting_on=today + timedelta(days=25),
        opened_by=secretary.person,
    )


def write_generated(
    *, places: Collection[tuple[Organization, Sequence[Member]]], entered_by: User, on: date, now: datetime
) -> None:
    """One talk for each branch with nearly everybody in it: enough for a tally, cheap in thousands."""
    talks, people = [], []
    for branch, members in places:
        talk = Talk(branch=branch, path=branch.path, pair="members", held_on=on, entered_by=entered_by)
        talk.created_at, talk.idempotency_key = now, uuid.uuid4()
        talks.append(talk)
        people += [TalkPerson(talk=talk, member=member, role=TalkRole.PARTNER) for member in members]
    Talk.objects.bulk_create(talks, batch_size=400)
    TalkPerson.objects.bulk_create(people, batch_size=400)
