"""The agenda of a sitting: items, what was said on them, talked over before, and set as a task."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of
from apps.audit.services import record
from apps.meetings.models import (
    AgendaItem,
    Consultation,
    Meeting,
    MeetingState,
    Opinion,
    ResolutionTask,
)
from apps.meetings.queries_vote import QUICK_MATTERS, matters_for
from apps.meetings.services_roll import locked_in
from apps.meetings.services_vote import CannotVote, record_motion
from apps.meetings.services_vote import unanimous as unanimous_vote
from apps.members.models import Member
from apps.rules.kinds import ItemNature, TaskKind
from apps.tasks.services import create_task
from apps.ui.refusals import Refusal, Stale

register(
    {
        "meeting.item_added": "增加议题",
        "meeting.item_updated": "修改议题",
        "meeting.item_removed": "删除议题",
        "meeting.item_moved": "调整议题顺序",
        "meeting.opinion_added": "记录发言",
        "meeting.opinion_removed": "删除发言",
        "meeting.consultation_added": "登记会前通气",
        "meeting.consultation_removed": "删除会前通气",
        "meeting.resolution_assigned": "决议转为任务",
    }
)
ITEM_FIELDS = ("title", "nature", "reporter", "is_major", "discussion", "resolution")
UP, DOWN = "up", "down"


class SameItem(Refusal):
    default = "这个议题已经在议程里了。"


class ItemInUse(Refusal):
    default = "这个议题已经有表决或落实任务，不能删除。请先删除表决；已下达的任务请在任务里取消。"


class NoResolution(Refusal):
    default = "请先写明决议，再转为任务。"


class TooEarly(Refusal):
    default = "会议还没有开始记录，讨论情况和决议请开始记录后再写。"


class WrongDay(Refusal):
    default = "通气应在会前进行，日期不能晚于会议日期。"


class WrongPerson(Refusal):
    default = "所选人员不在本支部。"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """One agenda item as it was entered."""

    title: str
    nature: str = ItemNature.PARTY_AFFAIRS
    reporter: str = ""
    is_major: bool = False
    discussion: str = ""
    resolution: str = ""


def fingerprint(item: AgendaItem) -> str:
    """Stands for the text that a form was opened with; another at saving: somebody changed it."""
    text = "\x1f".join(str(getattr(item, name)) for name in ITEM_FIELDS)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _locked(item: AgendaItem, *, states: Collection[str]) -> AgendaItem:
    """The item as it stands now, its meeting locked and in one of `states`."""
    meeting = locked_in(item.meeting, *states)
    fresh = AgendaItem.objects.get(pk=item.pk)
    fresh.meeting = meeting
    return fresh


BEFORE_CLOSING = (MeetingState.PLANNED, MeetingState.OPEN)
WHILE_OPEN = (MeetingState.OPEN,)


def _tell(item: AgendaItem, *, actor: User, action: str, **more: object) -> None:
    record(actor=actor, action=action, target=item.meeting, path=item.meeting.path, **more)  # type: ignore[arg-type]


def _refuse_early(meeting: Meeting, text: ItemText) -> None:
    if meeting.state == MeetingState.PLANNED and (text.discussion or text.resolution):
        raise TooEarly


@transaction.atomic
def add_item(
    *, meeting: Meeting, text: ItemText, actor: User, now: datetime, unanimous: bool = False
) -> AgendaItem:
    """Put an item at the end of the agenda, and record with it that all present agreed where `unanimous`.

    The same item sent twice is one; another one of the same title is refused (SameItem). Raises NotOpen and,
    for the vote, what `services_vote.record_motion` raises.
    """
    locked = locked_in(meeting, *BEFORE_CLOSING)
    _refuse_early(locked, text)
    known = locked.items.filter(title=text.title).first()
    if known and all(getattr(known, name) == getattr(text, name) for name in ITEM_FIELDS):
        return known
    if known:
        raise SameItem(f"议题“{text.title}”已经在议程里了，请直接修改它。", field="title")
    last = locked.items.order_by("-position").values_list("position", flat=True).first() or 0
    item = AgendaItem(meeting=locked, position=last + 1, **asdict(text))
    item.full_clean()
    item.save()
    _tell(item, actor=actor, action="meeting.item_added", reason=item.title)
    if unanimous:
        _all_agree(item, actor=actor, now=now)
    return item


def _all_agree(item: AgendaItem, *, actor: User, now: datetime) -> None:
    """Everybody present in favour by show of hands, once for each item; the key follows from the item."""
    matters = [matter for matter in matters_for(item.meeting) if matter in QUICK_MATTERS]
    if not matters:
        raise CannotVote("这次会议的类别不能就此表决，请先核对会议类别。", field="unanimous")
    if item.motions.exists():
        return
    record_motion(
        item=item,
        actor=actor,
        data=unanimous_vote(item=item, matter=matters[0]),
        now=now,
        idempotency_key=uuid.uuid5(uuid.NAMESPACE_OID, f"unanimous {item.pk}"),
    )


@transaction.atomic
def update_item(
    *, item: AgendaItem, seen: str, text: ItemText, actor: User, now: datetime, unanimous: bool = False
) -> AgendaItem:
    """`seen` is the fingerprint that the form was opened with. Raises Stale and what `add_item` raises."""
    fresh = _locked(item, states=BEFORE_CLOSING)
    _refuse_early(fresh.meeting, text)
    before = {name: getattr(fresh, name) for name in ITEM_FIELDS}
    if before != asdict(text):
        _rewrite(fresh, seen=seen, text=text)
        changes = changed_fields(before, asdict(text), labels=labels_of(AgendaItem, ITEM_FIELDS))
        _tell(fresh, actor=actor, action="meeting.item_updated", changes=changes)
    if unanimous:
        _all_agree(fresh, actor=actor, now=now)
    return fresh


def _rewrite(fresh: AgendaItem, *, seen: str, text: ItemText) -> None:
    if fingerprint(fresh) != seen:
        raise Stale
    if fresh.meeting.items.filter(title=text.title).exclude(pk=fresh.pk).exists():
        raise SameItem(f"议题“{text.title}”已经在议程里了。", field="title")
    for name in ITEM_FIELDS:
        setattr(fresh, name, getattr(text, name))
    fresh.full_clean()
    fresh.save()


@transaction.atomic
def remove_item(*, item: AgendaItem, actor: User) -> None:
    """Raises ItemInUse where a vote was taken on it or a task follows from it."""
    fresh = _locked(item, states=BEFORE_CLOSING)
    if fresh.motions.exists() or fresh.resolution_tasks.exists():
        raise ItemInUse
    _tell(fresh, actor=actor, action="meeting.item_removed", reason=fresh.title)
    position = fresh.position
    fresh.delete()
    _shift(fresh.meeting, after=position)


def _shift(meeting: Meeting, *, after: int) -> None:
    """Close the gap; one by one from below, because SQLite checks uniqueness row by row."""
    for pk in meeting.items.filter(position__gt=after).order_by("position").values_list("pk", flat=True):
        AgendaItem.objects.filter(pk=pk).update(position=F("position") - 1)


@transaction.atomic
def move_item(*, item: AgendaItem, direction: str, actor: User) -> AgendaItem:
    """Swap places with the item above or below; at the end of the list nothing happens."""
    fresh = _locked(item, states=BEFORE_CLOSING)
    others = fresh.meeting.items.exclude(pk=fresh.pk)
    if direction == UP:
        other = others.filter(position__lt=fresh.position).order_by("-position").first()
    else:
        other = others.filter(position__gt=fresh.position).order_by("position").first()
    if other is None:
        return fresh
    mine, theirs = fresh.position, other.position
    for pk, position in ((fresh.pk, 0), (other.pk, mine), (fresh.pk, theirs)):
        AgendaItem.objects.filter(pk=pk).update(position=position)
    _tell(fresh, actor=actor, action="meeting.item_moved", reason=fresh.title)
    fresh.position = theirs
    return fresh


@transaction.atomic
def add_opinion(
    *, item: AgendaItem, member: Member, text: str, actor: User, differs: bool = False
) -> Opinion:
    """What one person said, as it was said; the same words of the same person again are the same opinion."""
    fresh = _locked(item, states=WHILE_OPEN)
    if not fresh.meeting.roll.filter(member=member).exists():
        raise WrongPerson("发言人不在本次会议的名单里。", field="member")
    opinion, is_new = Opinion.objects.get_or_create(item=fresh, member=member, text=text, differs=differs)
    if is_new:
        _tell(fresh, actor=actor, action="meeting.opinion_added", reason=str(member))
    return opinion


@transaction.atomic
def remove_opinion(*, opinion: Opinion, actor: User) -> None:
    fresh = _locked(opinion.item, states=WHILE_OPEN)
    _tell(fresh, actor=actor, action="meeting.opinion_removed", reason=str(opinion.member))
    opinion.delete()


@transaction.atomic
def add_consultation(
    *, item: AgendaItem, kind: str, held_on: date, members: Collection[Member], brief: str, actor: User
) -> Consultation:
    """Talking a matter over before it is decided (五个通气). Raises WrongDay, WrongPerson."""
    fresh = _locked(item, states=BEFORE_CLOSING)
    if held_on > fresh.meeting.held_on:
        raise WrongDay(field="held_on")
    if any(member.branch_id != fresh.meeting.branch_id for member in members):
        raise WrongPerson(field="members")
    talk, is_new = Consultation.objects.get_or_create(item=fresh, kind=kind, held_on=held_on, brief=brief)
    if is_new:
        talk.members.set(members)
        _tell(fresh, actor=actor, action="meeting.consultation_added", reason=fresh.title)
    return talk


@transaction.atomic
def remove_consultation(*, consultation: Consultation, actor: User) -> None:
    fresh = _locked(consultation.item, states=BEFORE_CLOSING)
    _tell(fresh, actor=actor, action="meeting.consultation_removed", reason=fresh.title)
    consultation.delete()


@transaction.atomic
def add_resolution_task(
    *,
    item: AgendaItem,
    title: str,
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
    owner: User | None = None,
    due_on: date | None = None,
) -> ResolutionTask:
    """Who carries the resolution out, by when. The same key gives the same task. Raises NoResolution."""
    fresh = _locked(item, states=WHILE_OPEN)
    if not fresh.resolution.strip():
        raise NoResolution
    task = create_task(
        organization=fresh.meeting.branch,
        title=title,
        detail=fresh.resolution,
        owner=owner,
        due_on=due_on,
        kind=TaskKind.RESOLUTION,
        actor=actor,
        now=now,
        idempotency_key=idempotency_key,
    )
    link, is_new = ResolutionTask.objects.get_or_create(task=task, defaults={"item": fresh})
    if is_new:
        _tell(fresh, actor=actor, action="meeting.resolution_assigned", reason=title)
    return link
