"""Writing a member's record: entering, changing, verifying, grouping, and showing a number in clear."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.accounts.names import tidy_name
from apps.accounts.services import create_person, update_person
from apps.audit.actions import register
from apps.audit.changes import changed_fields, snapshot
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.members.consistency import DATE_FIELDS, SEX_WORDS, date_problems, too_new_to_be_full
from apps.members.id_numbers import WrongIdNumber, read_id_number
from apps.members.models import Member
from apps.members.policies import SECRET_FIELDS, is_own, visible_members
from apps.members.queries import people_without_record
from apps.members.roster_checks import index_of
from apps.members.roster_dates import RosterDate
from apps.ui.refusals import Refusal, Stale

register(
    {
        "member.created": "登记党员",
        "member.updated": "修改党员信息",
        "member.grouped": "编入党小组",
        "member.verified": "核实党员信息",
        "member.revealed": "查看敏感信息",
    }
)

#: What the form writes. State, exemption, votes, branch and group have services of their own.
FIELDS = (
    "sex",
    "ethnicity",
    "native_place",
    "born_on",
    "id_number",
    "education",
    "degree",
    "work_started_on",
    "work_unit",
    "job_title",
    "mobile_phone",
    "landline",
    "address",
    "status",
    "admitted_on",
    "full_since",
    "joined_on",
    "is_mobile",
    "mobile_place",
    "mobile_since",
    "contact_until",
    "remark",
)
LABELS = {
    name: str(Member._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    for name in [field.name for field in Member._meta.fields]
}
SHORTEST_REASON = 5


class WrongRecord(Refusal):
    default = "填写的内容前后不一致，请检查。"


class DuplicatePerson(Refusal):
    default = "该身份证号已在其他党组织登记，请联系上级组织员。"


class WrongGroup(Refusal):
    default = "党小组不属于该支部，或已撤销。"


class ReasonMissing(Refusal):
    default = f"请写明事由（至少 {SHORTEST_REASON} 个字）。"


class NothingToShow(Refusal):
    default = "这一项还没有登记。"


def lock_member(*, member: Member, version: int | None = None) -> Member:
    """The row, locked, with its names. Raises Stale when a form was opened before the last change."""
    locked = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if version is not None and locked.version != version:
        raise Stale
    return locked


def require_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing(field="reason")
    return reason


def save_and_record(
    *,
    member: Member,
    before: dict[str, Any],
    action: str,
    actor: User,
    fields: Sequence[str],
    reason: str = "",
) -> Member:
    """The last steps of every change: version, row, tallies, trail."""
    member.version += 1
    write_row(member=member)
    branch_changed(member.branch_id)
    changes = changed_fields(before, snapshot(member, fields), labels=LABELS, secret=set(SECRET_FIELDS))
    record(actor=actor, action=action, target=member, path=member.path, reason=reason, changes=changes)
    return member


@transaction.atomic
def create_member(
    *,
    branch: Organization,
    name: str,
    actor: User,
    today: date,
    idempotency_key: uuid.UUID,
    group: Organization | None = None,
    **fields: Any,
) -> Member:
    """Enter a member. Somebody of that name with a post here but without a record becomes this member."""
    branch = Organization.objects.select_for_update().get(pk=branch.pk)
    standing = Member.objects.filter(idempotency_key=idempotency_key).first()
    if standing is not None:
        return standing
    name = tidy_name(name)
    member = Member(branch=branch, idempotency_key=idempotency_key)
    _put(member, fields, group=group, actor=actor, today=today)
    _refuse_namesake(member, name)
    member.person = people_without_record(branch.path, today=today).get((branch.pk, name)) or create_person(
        name=name, actor=actor
    )
    write_row(member=member)
    branch_changed(branch.pk)
    record(actor=actor, action="member.created", target=member, path=member.path)
    return member


def write_row(*, member: Member) -> None:
    """Two people who enter the same number at once: the database lets only one through."""
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as error:
        if "id_index" in str(error):
            raise DuplicatePerson(field="id_number") from None
        raise


@transaction.atomic
def update_member(
    *, member: Member, version: int, actor: User, today: date, name: str | None = None, **fields: Any
) -> Member:
    """Change what is named. Raises Stale when somebody saved in between."""
    locked = lock_member(member=member, version=version)
    before = snapshot(locked, [*FIELDS, "group"])
    group = fields.pop("group", locked.group)
    _put(locked, fields, group=group, actor=actor, today=today)
    if name is not None and tidy_name(name) != locked.person.name:
        update_person(person=locked.person, name=name, version=locked.person.version, actor=actor)
        locked.person.refresh_from_db()
    return save_and_record(
        member=locked, before=before, action="member.updated", actor=actor, fields=[*FIELDS, "group"]
    )


def _put(
    member: Member, fields: dict[str, Any], *, group: Organization | None, actor: User, today: date
) -> None:
    for name in FIELDS:
        if name in fields:
            setattr(member, name, fields[name])
    member.group = check_group(group=group, branch=member.branch)
    member.path = (group or member.branch).path
    if "id_number" in fields:
        _put_id_number(member, actor=actor)
    check_dates(member=member, today=today)
    if not member.is_full and member.full_since:
        raise WrongRecord("预备党员不填转正日期。", field="full_since")


def _put_id_number(member: Member, *, actor: User) -> None:
    """Check the number; take birth date and sex from it where they are blank, refuse where they differ."""
    if not member.id_number:
        member.id_index = None
        return
    try:
        number = read_id_number(str(member.id_number))
    except WrongIdNumber as error:
        raise WrongRecord(f"{error}。", field="id_number") from None
    if member.born_on and member.born_on != number.born_on:
        raise WrongRecord(f"与身份证号中的出生日期 {number.born_on} 不一致。", field="born_on")
    if member.sex and member.sex != number.sex:
        raise WrongRecord(f"与身份证号不一致（身份证号表示{SEX_WORDS[number.sex]}性）。", field="sex")
    member.id_number, member.born_on, member.sex = number.text, number.born_on, number.sex
    member.id_index = index_of(number)
    other = Member.objects.filter(id_index=member.id_index).exclude(pk=member.pk).first()
    if other is None:
        return
    if visible_members(actor).filter(pk=other.pk).exists():
        raise DuplicatePerson(f"该身份证号已登记在“{other.branch}”的{other}名下。", field="id_number")
    raise DuplicatePerson(field="id_number")


def check_dates(*, member: Member, today: date) -> None:
    """Raises WrongRecord at the first date that cannot be true."""
    dates = {name: RosterDate(day) if (day := getattr(member, name)) else None for name in DATE_FIELDS}
    for field, words in date_problems(dates, today=today):
        raise WrongRecord(f"{words}。", field=field)
    if member.is_full and not member.full_since and too_new_to_be_full(dates["admitted_on"], today=today):
        raise WrongRecord("入党不满一年，还不是正式党员。", field="status")


def check_group(*, group: Organization | None, branch: Organization) -> Organization | None:
    if group is not None and (group.parent_id != branch.pk or group.closed_on):
        raise WrongGroup(field="group")
    return group


def _refuse_namesake(member: Member, name: str) -> None:
    """Without an ID number the same name and birth date in one branch is taken to be the same person."""
    namesakes = Member.objects.on_roster().filter(branch=member.branch, person__name=name)
    if not member.id_index and namesakes.filter(born_on=member.born_on).exists():
        raise WrongRecord(f"本支部已有“{name}”，出生日期也相同。确是两个人的，请填写身份证号。", field="name")


@transaction.atomic
def verify(*, member: Member, actor: User, today: date) -> Member:
    """The branch has checked this record against the documents."""
    locked = lock_member(member=member)
    before = snapshot(locked, ["verified_on"])
    locked.verified_on = today
    return save_and_record(
        member=locked, before=before, action="member.verified", actor=actor, fields=["verified_on"]
    )


@transaction.atomic
def assign_group(
    *, branch: Organization, members: Sequence[Member], group: Organization | None, actor: User
) -> int:
    """Put these members of one branch into a group, or into none. Returns how many moved."""
    check_group(group=group, branch=branch)
    moved = 0
    rows = Member.objects.select_for_update(of=("self",)).filter(
        branch=branch, pk__in=[member.pk for member in members]
    )
    for member in rows.order_by("pk"):
        if member.group_id == (group.pk if group else None):
            continue
        before = snapshot(member, ["group"])
        member.group, member.path = group, (group or branch).path
        save_and_record(member=member, before=before, action="member.grouped", actor=actor, fields=["group"])
        moved += 1
    return moved


@transaction.atomic
def reveal_field(*, member: Member, field: str, reason: str, actor: User) -> str:
    """The value in clear, once. Everybody but the member himself gives a reason, and it is on record."""
    if field not in SECRET_FIELDS:
        raise NothingToShow
    if not is_own(actor, member):
        reason = require_reason(reason)
    value = str(getattr(member, field))
    if not value:
        raise NothingToShow
    record(
        actor=actor,
        action="member.revealed",
        target=member,
        path=member.path,
        reason=reason,
        changes=[{"field": field, "label": LABELS[field], "before": "", "after": ""}],
    )
    return value
