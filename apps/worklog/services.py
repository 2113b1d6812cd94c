"""Writing entries of the log: enter once, mend, withdraw with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.members.models import Member
from apps.rules.kinds import OrgKind
from apps.rules.kinds_worklog import EntrySort
from apps.ui.refusals import Refusal, Stale
from apps.worklog.models import Entry, EntryMember
from apps.worklog.queries import branch_of, members_of, same_study, with_people

register(
    {
        "entry.created": "记入工作纪实",
        "entry.updated": "修改工作纪实",
        "entry.withdrawn": "撤回工作纪实",
    }
)

#: The columns that each sort uses, besides date, content and remark.
COLUMNS: dict[EntrySort, tuple[str, ...]] = {
    EntrySort.STUDY: ("category", "hours", "until"),
    EntrySort.CARE: ("care_form", "by_name"),
    EntrySort.RECOGNITION: ("recognition", "by_name"),
    EntrySort.PLACEMENT: ("placement", "until", "place"),
    EntrySort.CONSULTATION: ("participants", "result"),
}
COMMON = ("held_on", "title", "note")
#: Without a person such an entry says nothing; a commendation may go to the whole branch.
ABOUT_PEOPLE = frozenset({EntrySort.STUDY, EntrySort.CARE, EntrySort.PLACEMENT})
HOURS_A_DAY = 24
TENTH = Decimal("0.1")
FIRST_YEAR = 2000


class Untimely(Refusal):
    default = "日期不能晚于今天。"


class NobodyNamed(Refusal):
    default = "请至少选择一名党员。"


class NotOfThisBranch(Refusal):
    default = "所选的人不在这个支部（小组）的名册里，请重新选择。"


class SameAgain(Refusal):
    default = "这些学时已经登记过。"


class TooManyHours(Refusal):
    default = f"学时太多：一天最多 {HOURS_A_DAY} 学时。多天的培训请填写结束日期。"


class Withdrawn(Refusal):
    default = "这条记录已经撤回，不能再改。"


@transaction.atomic
def create_entry(
    *,
    place: Organization,
    sort: EntrySort,
    values: Mapping[str, Any],
    people: Collection[Member],
    actor: User,
    now: datetime,
    today: date,
    idempotency_key: uuid.UUID,
) -> Entry:
    """One line for a branch or a group. The same key gives the entry that it made the first time."""
    branch = Organization.objects.select_for_update().get(pk=branch_of(place).pk)
    known = Entry.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    entry = Entry(
        branch=branch,
        group=place if place.kind == OrgKind.GROUP else None,
        path=place.path,
        sort=sort,
        created_by=actor,
        created_at=now,
        idempotency_key=idempotency_key,
        **_used(sort, values),
    )
    _check(entry, people=people, today=today)
    entry.full_clean(exclude=["path"])
    entry.save()
    _name(entry, people)
    branch_changed(branch.pk)
    record(
        actor=actor, action="entry.created", target=entry, path=entry.path, reason=entry.get_sort_display()
    )
    return entry


@transaction.atomic
def update_entry(
    *,
    entry: Entry,
    version: int,
    values: Mapping[str, Any],
    people: Collection[Member],
    actor: User,
    today: date,
) -> Entry:
    locked = _locked(entry)
    if locked.version != version:
        raise Stale
    sort = EntrySort(locked.sort)
    fields = (*COMMON, *COLUMNS[sort])
    was = {person.pk: person for person in members_of(locked)}
    before = snapshot(locked, fields) | {"people": _names(was.values())}
    for name, value in _used(sort, values).items():
        setattr(locked, name, value)
    _check(locked, people=people, today=today, known=set(was))
    locked.version += 1
    locked.full_clean(exclude=["path"])
    locked.save()
    locked.people.exclude(member__in=people).delete()
    _name(locked, [person for person in people if person.pk not in was])
    branch_changed(locked.branch_id)
    after = snapshot(locked, fields) | {"people": _names(people)}
    labels = labels_of(Entry, fields) | {"people": "人员"}
    hidden = fields if sort == EntrySort.CARE else ()
    changes = changed_fields(before, after, labels=labels, secret=hidden)
    record(actor=actor, action="entry.updated", target=locked, path=locked.path, changes=changes)
    return locked


@transaction.atomic
def withdraw_entry(*, entry: Entry, reason: str, actor: User, today: date) -> Entry:
    """It counts no more, and stays readable with its reason."""
    locked = _locked(entry)
    locked.withdrawn_on, locked.withdraw_reason = today, reason
    locked.version += 1
    locked.save(update_fields=["withdrawn_on", "withdraw_reason", "version"])
    branch_changed(locked.branch_id)
    record(actor=actor, action="entry.withdrawn", target=locked, path=locked.path, reason=reason)
    return locked


def _locked(entry: Entry) -> Entry:
    """Raises Withdrawn for an entry that was taken back."""
    Organization.objects.select_for_update().get(pk=entry.branch_id)
    locked = with_people(Entry.objects.select_for_update(of=("self",))).get(pk=entry.pk)
    if locked.withdrawn_on:
        raise Withdrawn
    return locked


def _used(sort: EntrySort, values: Mapping[str, Any]) -> dict[str, Any]:
    used = {name: values[name] for name in (*COMMON, *COLUMNS[sort]) if name in values}
    if used.get("hours") is not None:
        used["hours"] = Decimal(used["hours"]).quantize(TENTH)
    return used


def _check(entry: Entry, *, people: Collection[Member], today: date, known: Collection[int] = ()) -> None:
    """Whoever the entry names already may have left since; new names are of its place."""
    if entry.held_on > today:
        raise Untimely(field="held_on")
    if entry.held_on.year < FIRST_YEAR:
        raise Untimely("日期太早，请检查年份。", field="held_on")
    if entry.sort in ABOUT_PEOPLE and not people:
        raise NobodyNamed(field="people")
    new = [person for person in people if person.pk not in known]
    if any(not person.path.startswith(entry.path) for person in new):
        raise NotOfThisBranch(field="people")
    if entry.sort == EntrySort.STUDY:
        _check_study(entry, people=people)


def _check_study(entry: Entry, *, people: Collection[Member]) -> None:
    last = entry.until or entry.held_on
    if entry.hours is not None and entry.hours > HOURS_A_DAY * (max(0, (last - entry.held_on).days) + 1):
        raise TooManyHours(field="hours")
    ids = [person.pk for person in people]
    what: dict[str, Any] = {"held_on": entry.held_on, "title": entry.title, "hours": entry.hours}
    again = [str(row.member) for row in same_study(member_ids=ids, but=entry.pk, **what)]
    if again:
        names = "、".join(dict.fromkeys(again))
        raise SameAgain(f"{names} 同一天、同样内容的学时已经登记过，不用再记。", field="people")


def _name(entry: Entry, people: Collection[Member]) -> None:
    EntryMember.objects.bulk_create([EntryMember(entry=entry, member=person) for person in people])


def _names(people: Collection[Member]) -> list[str]:
    return sorted(str(person) for person in people)
