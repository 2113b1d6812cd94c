"""Entering talks and following them up. The words pass through `services_words` alone."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.members.models import Member
from apps.rules.kinds import MembershipState, TalkOccasion, TalkState
from apps.rules.talks import pair_of
from apps.talks.models import MustState, MustTalk, Talk, TalkPerson, TalkRole
from apps.talks.policies import can_enter_for, can_remind_for, own_part, people_of, people_to_enter
from apps.talks.queries import Seat, seats_on
from apps.talks.services_words import write_words
from apps.ui.refusals import Refusal, Stale

register(
    {
        "talk.logged": "登记谈心谈话",
        "talk.planned": "约定谈心谈话",
        "talk.held": "登记约定的谈话已谈",
        "talk.updated": "修改谈话记录",
        "talk.closed": "办结谈话",
        "talk.cancelled": "取消谈话",
        "talk.opened": "向书记公开谈话内容",
        "talk.taken_back": "收回向书记的公开",
    }
)


class Untimely(Refusal):
    default = "日期不对，请检查。"


class WrongState(Refusal):
    default = "这次谈话现在不能这样处理，可能刚刚已被处理过。请返回查看。"


class NotTogether(Refusal):
    default = "谈话人和谈话对象都应是本支部现有的党员，同一个人只选一次。"


class OnlyTheFact(Refusal):
    default = "您不在这次谈话里，只登记时间和双方，不填写谈话内容。"


class NotYours(Refusal):
    default = "您只能登记自己的谈话，或按职责登记本支部（本小组）党员的谈话。"


class ReminderStaysSmall(Refusal):
    default = "提醒谈话只有谈话双方、书记和纪检委员可以登记。"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What talks entered in one go have in common."""

    occasion: str = TalkOccasion.ROUTINE
    trigger: str = ""
    way: str = "in_person"
    place: str = ""
    planned_on: date | None = None
    held_on: date | None = None
    follow_up_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Partner:
    """One of those talked with, and the words of this one talk."""

    member: Member
    words: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def log_talks(
    *,
    branch: Organization,
    initiator: Member,
    partners: Sequence[Partner],
    shape: Shape,
    actor: User,
    today: date,
    now: datetime,
    idempotency_key: uuid.UUID,
    partner_began: bool = False,
) -> list[Talk]:
    """One talk for each partner, held or only planned. The same key gives what it made the first time.

    Raises NotTogether, NotYours, OnlyTheFact, ReminderStaysSmall or Untimely.
    """
    Organization.objects.select_for_update().get(pk=branch.pk)
    keys = [uuid.uuid5(idempotency_key, str(number)) for number in range(len(partners))]
    known = list(Talk.objects.filter(idempotency_key__in=keys[:1]))
    if known:
        return known
    people = [initiator, *(partner.member for partner in partners)]
    _check_people(branch, people, actor=actor, shape=shape)
    _check_days(shape, today=today)
    talks = []
    for partner, key in zip(partners, keys, strict=True):
        if any(partner.words.values()) and actor.pk not in {initiator.person_id, partner.member.person_id}:
            raise OnlyTheFact(field="topic")
        pair = [(initiator, TalkRole.INITIATOR), (partner.member, TalkRole.PARTNER)]
        if partner_began:
            pair = [(initiator, TalkRole.PARTNER), (partner.member, TalkRole.INITIATOR)]
        made = Talk(branch=branch, path=branch.path, entered_by=actor, created_at=now, **vars(shape))
        made.idempotency_key = key
        talks.append(_enter(made, pair=pair, words=partner.words))
    branch_changed(branch.pk, years=_years(*talks))
    planned = shape.held_on is None
    for talk in talks:
        record(actor=actor, action="talk.planned" if planned else "talk.logged", target=talk, path=talk.path)
    return talks


def _check_people(branch: Organization, people: Sequence[Member], *, actor: User, shape: Shape) -> None:
    together = all(one.branch_id == branch.pk and one.state == MembershipState.ACTIVE for one in people)
    if not together or len({one.pk for one in people}) < len(people) or len(people) < 2:
        raise NotTogether(field="partner")
    if people[0].person_id == actor.pk:
        return
    if not can_enter_for(actor, branch):
        raise NotYours(field="initiator")
    if not people_to_enter(actor, branch).filter(pk=people[0].pk).exists():
        raise NotYours(field="initiator")
    if shape.occasion == TalkOccasion.REMINDER and not can_remind_for(actor, branch):
        raise ReminderStaysSmall(field="occasion")


def _check_days(shape: Shape, *, today: date) -> None:
    if shape.held_on and shape.held_on > today:
        raise Untimely("还没有谈的，请用“约一次谈话”。", field="held_on")
    if shape.held_on is None and (shape.planned_on is None or shape.planned_on < today):
        raise Untimely("约定的日期不能早于今天；已经谈过的，请用“记一次谈话”。", field="planned_on")
    if shape.follow_up_on and shape.held_on and shape.follow_up_on < shape.held_on:
        raise Untimely("跟进日期不能早于谈话日期。", field="follow_up_on")


def _enter(talk: Talk, *, pair: Sequence[tuple[Member, TalkRole]], words: Mapping[str, str]) -> Talk:
    day = talk.held_on or talk.planned_on
    assert day is not None  # noqa: S101 - checked by _check_days
    seats = seats_on(talk.branch, people=[member.person_id for member, _ in pair], day=day)
    people = [_seated(TalkPerson(member=m, role=role), seats.get(m.person_id, Seat())) for m, role in pair]
    if talk.occasion == TalkOccasion.REMINDER and not any(one.on_committee for one in people):
        raise ReminderStaysSmall("提醒谈话由支部委员（书记）来谈。", field="occasion")
    talk.pair = pair_of([one.on_committee for one in people])
    talk.state = TalkState.HELD if talk.held_on else TalkState.PLANNED
    talk.full_clean(exclude=["path"])
    talk.save()
    for one in people:
        one.talk = talk
    TalkPerson.objects.bulk_create(people)
    if any(words.values()):
        write_words(talk=talk, words=words)
    _clear_musts(talk)
    return talk


def _seated(person: TalkPerson, seat: Seat) -> TalkPerson:
    person.post, person.on_committee, person.is_secretary = seat.post, seat.on_committee, seat.is_secretary
    return person


def _clear_musts(talk: Talk) -> None:
    """A must-talk that was held ends what waited for it: the same reason, or any where none is named.

    Asked for is somebody of the committee; who talked with whom is his post that day.
    """
    if talk.state != TalkState.HELD or talk.occasion != TalkOccasion.MUST:
        return
    people = list(TalkPerson.objects.filter(talk=talk))
    for one in people:
        if not any(other.on_committee for other in people if other is not one):
            continue
        waiting = MustTalk.objects.filter(
            branch=talk.branch, member=one.member_id, state=MustState.OPEN, since__lte=talk.held_on
        )
        if talk.trigger:
            waiting = waiting.filter(trigger=talk.trigger)
        waiting.update(state=MustState.CLEARED, talk=talk, closed_on=talk.held_on)


def _years(*talks: Talk) -> set[int]:
    return {talk.held_on.year for talk in talks if talk.held_on}


def locked(talk: Talk, *, version: int | None = None) -> Talk:
    """The row, for one change. Raises Stale where it was changed since that version."""
    row = Talk.objects.select_for_update(of=("self",)).select_related("branch").get(pk=talk.pk)
    if version is not None and row.version != version:
        raise Stale
    return row


def _done(talk: Talk, *, actor: User, action: str) -> Talk:
    branch_changed(talk.branch_id, years=_years(talk))
    record(actor=actor, action=action, target=talk, path=talk.path)
    return talk


@transaction.atomic
def hold_talk(
    *,
    talk: Talk,
    held_on: date,
    way: str,
    place: str,
    follow_up_on: date | None,
    words: Mapping[str, str],
    actor: User,
    today: date,
) -> Talk:
    """A planned talk took place. Raises WrongState, Untimely, OnlyTheFact."""
    row = locked(talk)
    if row.state != TalkState.PLANNED:
        raise WrongState
    row.state = TalkState.HELD
    shape = Shape(held_on=held_on, way=way, place=place, follow_up_on=follow_up_on)
    _write_facts(row, shape=shape, today=today)
    if any(words.values()):
        if own_part(actor, row) is None and row.recorder_id != actor.pk:
            raise OnlyTheFact(field="topic")
        write_words(talk=row, words=words)
    _clear_musts(row)
    return _done(row, actor=actor, action="talk.held")


@transaction.atomic
def update_talk(
    *,
    talk: Talk,
    version: int,
    held_on: date,
    way: str,
    place: str,
    follow_up_on: date | None,
    recorder: User | None,
    words: Mapping[str, str],
    actor: User,
    today: date,
) -> Talk:
    """By somebody in the talk or its recorder. Raises Stale, WrongState, Untimely and as write_words."""
    row = locked(talk, version=version)
    if row.state not in (TalkState.HELD, TalkState.CLOSED):
        raise WrongState
    before = _years(row)
    if own_part(actor, row) is not None:
        row.recorder = recorder
    shape = Shape(held_on=held_on, way=way, place=place, follow_up_on=follow_up_on)
    _write_facts(row, shape=shape, today=today)
    write_words(talk=row, words=words)
    if before != _years(row):
        branch_changed(row.branch_id, years=before)
    return _done(row, actor=actor, action="talk.updated")


def _write_facts(row: Talk, *, shape: Shape, today: date) -> None:
    """The day decides over the posts of the people, and so over the kind of the talk."""
    _check_days(shape, today=today)
    assert shape.held_on is not None  # noqa: S101 - the callers give the day
    row.held_on, row.way, row.place = shape.held_on, shape.way, shape.place
    row.follow_up_on = shape.follow_up_on
    people = people_of(row)
    seats = seats_on(row.branch, people=[one.member.person_id for one in people], day=shape.held_on)
    for one in people:
        _seated(one, seats.get(one.member.person_id, Seat()))
    TalkPerson.objects.bulk_update(people, ["post", "on_committee", "is_secretary"])
    row.pair = pair_of([one.on_committee for one in people])
    row.version += 1
    row.full_clean(exclude=["path"])
    row.save()


@transaction.atomic
def close_talk(*, talk: Talk, closed_on: date, result: str, actor: User, today: date) -> Talk:
    """What came of it, sealed like the rest. Raises WrongState or Untimely."""
    row = locked(talk)
    if row.state != TalkState.HELD:
        raise WrongState
    if closed_on > today or (row.held_on and closed_on < row.held_on):
        raise Untimely("办结日期应在谈话日期和今天之间。", field="closed_on")
    row.state, row.closed_on = TalkState.CLOSED, closed_on
    row.version += 1
    row.save(update_fields=["state", "closed_on", "version"])
    if result:
        write_words(talk=row, words={"result": result})
    return _done(row, actor=actor, action="talk.closed")


@transaction.atomic
def cancel_talk(*, talk: Talk, actor: User) -> Talk:
    """A plan that came to nothing, or an entry made by mistake; what it had cleared waits again."""
    row = locked(talk)
    if row.state not in (TalkState.PLANNED, TalkState.HELD):
        raise WrongState
    row.state = TalkState.CANCELLED
    row.version += 1
    row.save(update_fields=["state", "version"])
    cleared = MustTalk.objects.filter(talk=row, state=MustState.CLEARED)
    cleared.update(state=MustState.OPEN, talk=None, closed_on=None)
    return _done(row, actor=actor, action="talk.cancelled")


@transaction.atomic
def open_to_secretary(*, talk: Talk, actor: User, now: datetime) -> None:
    """Somebody in the talk lets the secretary of his branch read it. Twice does no more than once."""
    row = locked(talk)
    part = own_part(actor, row)
    if part is None:
        raise WrongState
    if part.opened_at is None:
        TalkPerson.objects.filter(pk=part.pk).update(opened_at=now)
        record(actor=actor, action="talk.opened", target=row, path=row.path)


@transaction.atomic
def take_back(*, talk: Talk, actor: User) -> None:
    row = locked(talk)
    part = own_part(actor, row)
    if part is None:
        raise WrongState
    if part.opened_at is not None:
        TalkPerson.objects.filter(pk=part.pk).update(opened_at=None)
        record(actor=actor, action="talk.taken_back", target=row, path=row.path)
