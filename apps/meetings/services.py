"""Planning, logging, changing and opening a sitting (closing it: services_close)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.meetings.drafts import COLUMNS, LABELS, PEOPLE, TEXTS, Draft, as_entered
from apps.meetings.models import (
    AgendaItem,
    Meeting,
    MeetingPurpose,
    MeetingState,
    MeetingTopic,
    Minutes,
    Observer,
    Partner,
)
from apps.meetings.queries import has_committee, kinds_of, same_day_sitting
from apps.meetings.services_roll import locked_in, make_roll
from apps.meetings.titles import suggested_title, year_of_round
from apps.rules.kinds import MeetingKind
from apps.ui.refusals import Refusal, Stale

register(
    {
        "meeting.planned": "计划会议活动",
        "meeting.logged": "登记会议活动",
        "meeting.updated": "修改会议活动",
        "meeting.opened": "开始记录会议活动",
    }
)
NO_COMMITTEE = (
    "这一天支部没有设支部委员会，不召开支委会。"
    "如果设了，请先登记届次和委员任职；没有设的，请选党员大会等类别。"
)
#: A plan further ahead than this is a slip of the keyboard.
FURTHEST_PLAN = timedelta(days=400)
#: No branch is older than the Party.
FIRST_YEAR = 1921


class WrongKinds(Refusal):
    default = "会议类别与召开单位不相符。"


class WrongDay(Refusal):
    default = "日期不对，请检查。"


class WrongPerson(Refusal):
    default = "所选人员不在本支部。"


class AlreadyRecorded(Refusal):
    """The same body already has a sitting of that kind on that day; `existing` is it."""

    def __init__(self, existing: Meeting) -> None:
        self.existing = existing
        super().__init__(
            f"{existing.held_on} 已经有“{existing.title}”（{existing.get_state_display()}）。"
            "如果是同一次会议，请直接打开它；确实另有一次，请勾选“确实另有一次”后再保存。"
        )


@transaction.atomic
def plan_meeting(
    *, draft: Draft, actor: User, now: datetime, idempotency_key: uuid.UUID, another: bool = False
) -> Meeting:
    """A sitting to come. The same key gives the same sitting.

    Raises WrongKinds, WrongDay, WrongPerson, and AlreadyRecorded unless `another` sitting is meant.
    """
    known = _known(draft, idempotency_key)
    if known:
        return known
    meeting = _create(draft, actor=actor, now=now, key=idempotency_key, another=another)
    branch_changed(meeting.branch_id)
    record(actor=actor, action="meeting.planned", target=meeting, path=meeting.path)
    return meeting


@transaction.atomic
def log_meeting(
    *, draft: Draft, actor: User, now: datetime, idempotency_key: uuid.UUID, another: bool = False
) -> Meeting:
    """Enter a sitting that was held, its roll made and its record open; otherwise as `plan_meeting`."""
    known = _known(draft, idempotency_key)
    if known:
        return known
    _refuse_days_to_come(draft.held_on, now=now)
    meeting = _create(draft, actor=actor, now=now, key=idempotency_key, another=another)
    _open(meeting)
    branch_changed(meeting.branch_id)
    record(actor=actor, action="meeting.logged", target=meeting, path=meeting.path)
    return meeting


def _known(draft: Draft, key: uuid.UUID) -> Meeting | None:
    """What this key made before; the branch is locked, so that a second submission waits for the first."""
    Organization.objects.select_for_update().get(pk=draft.branch.pk)
    return Meeting.objects.filter(idempotency_key=key).first()


def _create(draft: Draft, *, actor: User, now: datetime, key: uuid.UUID, another: bool) -> Meeting:
    _check(draft, now=now)
    existing = same_day_sitting(
        branch=draft.branch, group=draft.group, held_on=draft.held_on, kinds=draft.kinds
    )
    if existing and not another:
        raise AlreadyRecorded(existing)
    meeting = Meeting(
        branch=draft.branch,
        group=draft.group,
        path=(draft.group or draft.branch).path,
        recorded_at=now,
        recorded_by=actor,
        idempotency_key=key,
    )
    _fill(meeting, draft)
    meeting.full_clean(exclude=["path", "closed_by"])
    meeting.save()
    Minutes.objects.create(meeting=meeting, **{name: getattr(draft, name) for name in TEXTS})
    _write_lists(meeting, draft)
    titles = [line.strip() for line in draft.agenda if line.strip()]
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=number, title=title[:200])
        for number, title in enumerate(titles, start=1)
    )
    return meeting


def _refuse_days_to_come(held_on: date, *, now: datetime) -> None:
    if held_on > timezone.localtime(now).date():
        raise WrongDay("这一天还没有到。要提前安排，请用“计划会议”。", field="held_on")


def _check(draft: Draft, *, now: datetime) -> None:
    """Raises WrongKinds, WrongDay or WrongPerson where the parts of a draft do not fit together."""
    if draft.held_on > timezone.localtime(now).date() + FURTHEST_PLAN:
        raise WrongDay("日期离现在太远，请检查年份。", field="held_on")
    if draft.held_on.year < FIRST_YEAR:
        raise WrongDay("年份不对，请检查。", field="held_on")
    if draft.branch.founded_on and draft.held_on < draft.branch.founded_on:
        raise WrongDay("这一天支部还没有成立，请检查年份。", field="held_on")
    if draft.group and draft.group.founded_on and draft.held_on < draft.group.founded_on:
        raise WrongDay("这一天党小组还没有成立，请检查日期。", field="held_on")
    if draft.for_year is not None and not 0 <= draft.held_on.year - draft.for_year <= 1:
        raise WrongDay("所属年度只能是会议当年或上一年。", field="for_year")
    _check_kinds(draft)
    for name in PEOPLE:
        person = getattr(draft, name)
        if person and person.branch_id != draft.branch.pk:
            raise WrongPerson(field=name)


def _check_kinds(draft: Draft) -> None:
    if not draft.kinds:
        raise WrongKinds("请至少勾选一个类别。", field="kinds")
    if draft.group and draft.group.parent_id != draft.branch.pk:
        raise WrongKinds("所选党小组不属于本支部。", field="organization")
    if draft.group is None and MeetingKind.GROUP in draft.kinds:
        raise WrongKinds("党小组会请在“召开单位”中选择党小组。", field="organization")
    if draft.group and {MeetingKind.GENERAL, MeetingKind.COMMITTEE} & set(draft.kinds):
        raise WrongKinds("党员大会和支委会由支部召开，请在“召开单位”中选择支部。", field="organization")
    if MeetingKind.COMMITTEE in draft.kinds and not has_committee(draft.branch, day=draft.held_on):
        raise WrongKinds(NO_COMMITTEE, field="kinds")


def _fill(meeting: Meeting, draft: Draft) -> None:
    for name in COLUMNS:
        setattr(meeting, name, getattr(draft, name))
    meeting.held_on = draft.held_on
    meeting.for_year = draft.for_year or year_of_round(kinds=draft.kinds, held_on=draft.held_on)
    meeting.title = draft.title.strip() or suggested_title(
        kinds=draft.kinds,
        held_on=draft.held_on,
        for_year=meeting.for_year,
        group=str(draft.group or ""),
        form=draft.form,
    )


def _write_lists(meeting: Meeting, draft: Draft) -> None:
    """Purposes, topics and partners, written whole."""
    for rows in (meeting.purposes, meeting.topics, meeting.partners):
        rows.all().delete()
    kinds = [kind for kind in MeetingKind if kind in draft.kinds]
    MeetingPurpose.objects.bulk_create(MeetingPurpose(meeting=meeting, kind=kind) for kind in kinds)
    MeetingTopic.objects.bulk_create(
        MeetingTopic(meeting=meeting, topic=topic) for topic in dict.fromkeys(draft.topics)
    )
    Partner.objects.bulk_create(
        Partner(meeting=meeting, kind=kind, name=name) for kind, name in draft.partners
    )


@transaction.atomic
def update_meeting(*, meeting: Meeting, version: int, draft: Draft, actor: User, now: datetime) -> Meeting:
    """Change what was entered of a sitting that is not filed. An open one's roll follows its day and kinds.

    Raises NotOpen, Stale, and what `plan_meeting` raises (but for a second sitting on the same day).
    """
    locked = locked_in(meeting, MeetingState.PLANNED, MeetingState.OPEN)
    if locked.version != version:
        raise Stale
    _check(draft, now=now)
    is_open = locked.state == MeetingState.OPEN
    if is_open:
        _refuse_days_to_come(draft.held_on, now=now)
    before, called = as_entered(locked), (locked.held_on, kinds_of(locked))
    _fill(locked, draft)
    locked.version += 1
    locked.full_clean(exclude=["path", "closed_by"])
    locked.save()
    Minutes.objects.filter(meeting=locked).update(**{name: getattr(draft, name) for name in TEXTS})
    _write_lists(locked, draft)
    fresh = Meeting.objects.select_related("branch", "group", "minutes").get(pk=locked.pk)
    if is_open and called != (fresh.held_on, kinds_of(fresh)):
        make_roll(meeting=fresh)
    branch_changed(fresh.branch_id)
    changes = changed_fields(before, as_entered(fresh), labels=LABELS)
    record(actor=actor, action="meeting.updated", target=fresh, path=fresh.path, changes=changes)
    return fresh


@transaction.atomic
def open_meeting(*, meeting: Meeting, actor: User, now: datetime) -> Meeting:
    """Begin the record: the roll is made, the invited are put down as observers. Raises WrongDay, NotOpen.

    A sitting is entered when its record is begun: a plan does not make a late entry a timely one.
    """
    locked = locked_in(meeting, MeetingState.PLANNED)
    _refuse_days_to_come(locked.held_on, now=now)
    locked.recorded_at = now
    _open(locked)
    branch_changed(locked.branch_id)
    record(actor=actor, action="meeting.opened", target=locked, path=locked.path)
    return locked


def _open(meeting: Meeting) -> None:
    meeting.state = MeetingState.OPEN
    meeting.version += 1
    meeting.save(update_fields=["state", "version", "recorded_at"])
    make_roll(meeting=meeting)
    for line in meeting.minutes.invitees.splitlines():
        name, *post = line.split(maxsplit=1) or [""]
        if name:
            words = "".join(post).strip()[:100]
            Observer.objects.get_or_create(meeting=meeting, name=name[:50], post=words)
