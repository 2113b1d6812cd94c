"""Confirming a previewed roster: everything at once, rechecked against what happened since the preview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.accounts.services import create_persons
from apps.audit.changes import changed_fields, snapshot
from apps.audit.services import Entry, record, record_all
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.members.models import ImportRow, ImportState, Member, RosterImport, RowVerdict
from apps.members.policies import SECRET_FIELDS
from apps.members.queries import batches, members_by_index
from apps.members.roster_rows import StoredRow, content_with_error, stored_row
from apps.members.services import LABELS
from apps.members.services_import import NotReady
from apps.ui.refusals import Refusal

AT_ONCE = 500


class RaceLost(Refusal):
    default = "确认时有人刚登记了名单中的人，没有写入任何内容。请重新上传，再预览一次。"


@dataclass(slots=True)
class Plan:
    """The rows to write, and those that what happened since the preview forbids."""

    new: list[tuple[ImportRow, StoredRow]] = field(default_factory=list)
    changed: list[tuple[ImportRow, StoredRow]] = field(default_factory=list)
    refused: list[tuple[ImportRow, str, str]] = field(default_factory=list)


def confirm_import(*, roster: RosterImport, actor: User, now: datetime) -> RosterImport:
    """One transaction: all rows that still hold, or none. Raises NotReady the second time."""
    try:
        return _confirm(roster=roster, actor=actor, now=now)
    except IntegrityError as error:
        if "id_index" in str(error) or "person" in str(error):
            raise RaceLost from None
        raise


@transaction.atomic
def _confirm(*, roster: RosterImport, actor: User, now: datetime) -> RosterImport:
    locked = RosterImport.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if locked.state != ImportState.READY:
        raise NotReady
    rows = locked.rows.filter(verdict__in=[RowVerdict.NEW, RowVerdict.CHANGED]).order_by("line")
    stored = [(row, stored_row(row)) for row in rows]
    places = _lock_places(kept for _, kept in stored)
    plan = _plan(stored, places=places)
    entries = _write_changed(plan, places=places, file_name=locked.file_name)
    created = _write_new(plan, places=places, actor=actor)
    _finish(locked, plan, now=now)
    branches = {kept.branch for _, kept in [*plan.new, *plan.changed] if kept.branch}
    branch_changed(*sorted(branches))
    reason = f"花名册导入：{locked.file_name}"
    entries += [Entry("member.created", target=member, path=member.path, reason=reason) for member in created]
    record_all(actor=actor, entries=entries)
    record(actor=actor, action="roster.imported", target=locked, path=locked.path, reason=_words(locked))
    return locked


def _words(roster: RosterImport) -> str:
    return (
        f"新增 {roster.new_count} 人，变更 {roster.changed_count} 人，"
        f"无变化 {roster.unchanged_count} 人，有问题 {roster.error_count} 行"
    )


def _lock_places(rows: Iterable[StoredRow]) -> dict[int, Organization]:
    """Branches and groups of the rows, locked in one order, so that two imports wait for each other."""
    ids = sorted({pk for kept in rows for pk in (kept.branch, kept.group) if pk})
    found: dict[int, Organization] = {}
    for start in range(0, len(ids), AT_ONCE):
        batch = Organization.objects.select_for_update().filter(pk__in=ids[start : start + AT_ONCE])
        found.update({organization.pk: organization for organization in batch.order_by("pk")})
    return found


def _plan(stored: list[tuple[ImportRow, StoredRow]], *, places: dict[int, Organization]) -> Plan:
    plan = Plan()
    taken = members_by_index({kept.index for _, kept in stored if kept.index})
    branches = {kept.branch for _, kept in stored if kept.branch and not kept.member}
    names = set(
        Member.objects.on_roster()
        .filter(branch_id__in=branches)
        .values_list("branch_id", "person__name", "born_on")
    )
    versions = _versions([kept.member for _, kept in stored if kept.member])
    for row, kept in stored:
        words = _moved_on(kept, places)
        if not words and kept.member and versions.get(kept.member) != kept.version:
            words = "预览之后有人改过这名党员的信息，请重新上传再核对"
        if not words and kept.index in taken and taken[kept.index].pk != kept.member:
            words = "预览之后该身份证号已被登记，请重新上传再核对"
        born = kept.model_values().get("born_on")
        if not words and not kept.member and (kept.branch, row.name, born) in names:
            words = "预览之后本支部已登记同名、同出生日期的党员，请重新上传再核对"
        if words:
            plan.refused.append((row, "name", words))
        else:
            (plan.changed if kept.member else plan.new).append((row, kept))
    return plan


def _moved_on(kept: StoredRow, places: dict[int, Organization]) -> str:
    ids = [pk for pk in (kept.branch, kept.group) if pk]
    if any(pk not in places or places[pk].closed_on for pk in ids):
        return "预览之后该党支部或党小组已撤销"
    return ""


def _versions(ids: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(ids), AT_ONCE):
        found.update(
            Member.objects.select_for_update()
            .filter(pk__in=sorted(ids)[start : start + AT_ONCE])
            .order_by("pk")
            .values_list("pk", "version")
        )
    return found


def _write_changed(plan: Plan, *, places: dict[int, Organization], file_name: str) -> list[Entry]:
    members = {}
    for batch in batches([kept.member for _, kept in plan.changed if kept.member]):
        rows = Member.objects.filter(pk__in=batch).select_related("person", "branch", "group")
        members.update({member.pk: member for member in rows})
    entries = []
    for _, kept in plan.changed:
        member = members[kept.member or 0]
        fields = [change["field"] for change in kept.changes]
        before = snapshot(member, fields)
        _put(member, kept, places=places)
        member.version += 1
        member.save(update_fields=[*fields, *_beside(fields), "version"])
        changes = changed_fields(before, snapshot(member, fields), labels=LABELS, secret=set(SECRET_FIELDS))
        entries.append(
            Entry(
                "member.updated",
                target=member,
                path=member.path,
                reason=f"花名册导入：{file_name}",
                changes=changes,
            )
        )
    return entries


def _beside(fields: list[str]) -> list[str]:
    """Columns that follow from others."""
    following = {"id_number": "id_index", "group": "path"}
    return [column for name, column in following.items() if name in fields]


def _put(member: Member, kept: StoredRow, *, places: dict[int, Organization]) -> None:
    for name, value in kept.model_values().items():
        setattr(member, name, value)
    if kept.index:
        member.id_index = kept.index
    if kept.group:
        member.group = places[kept.group]
        member.path = member.group.path


def _write_new(plan: Plan, *, places: dict[int, Organization], actor: User) -> list[Member]:
    waiting = {kept.person for _, kept in plan.new if kept.person}
    people = {person.pk: person for person in User.objects.filter(pk__in=waiting, member__isnull=True)}
    names = [row.name for row, kept in plan.new if kept.person not in people]
    created = iter(create_persons(names=names, actor=actor))
    members = []
    for _, kept in plan.new:
        branch = places[kept.branch or 0]
        person = people[kept.person] if kept.person in people else next(created)
        member = Member(person=person, branch=branch, path=branch.path)
        _put(member, kept, places=places)
        members.append(member)
    return Member.objects.bulk_create(members, batch_size=AT_ONCE)


def _finish(roster: RosterImport, plan: Plan, *, now: datetime) -> None:
    """Keep the faulty rows for download; what was written needs no second copy."""
    for row, key, words in plan.refused:
        row.content = content_with_error(row, key=key, words=words)
        row.verdict = RowVerdict.ERROR
        row.save(update_fields=["content", "verdict"])
    roster.rows.exclude(verdict=RowVerdict.ERROR).delete()
    roster.new_count, roster.changed_count = len(plan.new), len(plan.changed)
    roster.error_count += len(plan.refused)
    roster.state, roster.confirmed_at = ImportState.DONE, now
    roster.save()
