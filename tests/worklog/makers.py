"""Small makers of rows of the work log; valid by default, every field can be named."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.members.models import ImportState, Member
from apps.rules.kinds_worklog import CareForm, Coverage, EntrySort, PostArea, StudyCategory, UnitKind
from apps.worklog.models import CareUnit, Entry, EntryMember, KeyPost, KeyPostCheck, StudyImport
from tests.factories import SHANGHAI, make_user

MOMENT = datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI)


def _noted(branch: Organization, *, created_by: User | None) -> dict[str, Any]:
    return {
        "branch": branch,
        "path": branch.path,
        "created_by": created_by or make_user(),
        "created_at": MOMENT,
        "idempotency_key": uuid.uuid4(),
    }


def make_entry(
    branch: Organization,
    sort: EntrySort,
    *people: Member,
    created_by: User | None = None,
    group: Organization | None = None,
    **fields: Any,
) -> Entry:
    fields.setdefault("held_on", date(2026, 9, 10))
    fields.setdefault("title", "学习培训")
    noted = _noted(branch, created_by=created_by) | {"path": (group or branch).path}
    entry = Entry.objects.create(sort=sort, group=group, **noted, **fields)
    EntryMember.objects.bulk_create([EntryMember(entry=entry, member=member) for member in people])
    return entry


def make_study(branch: Organization, *people: Member, **fields: Any) -> Entry:
    fields.setdefault("category", StudyCategory.THEORY)
    fields.setdefault("hours", Decimal(2))
    return make_entry(branch, EntrySort.STUDY, *people, **fields)


def make_care(branch: Organization, *people: Member, **fields: Any) -> Entry:
    given = {"care_form": CareForm.COMFORT, "by_name": "支部书记", "title": "送慰问品"}
    return make_entry(branch, EntrySort.CARE, *people, **(given | fields))


def make_key_post(branch: Organization, *, created_by: User | None = None, **fields: Any) -> KeyPost:
    given = {"title": "出纳", "area": PostArea.MONEY, "holder_name": "方正", "since": date(2025, 1, 1)}
    return KeyPost.objects.create(**_noted(branch, created_by=created_by), **(given | fields))


def make_check(post: KeyPost, *, created_by: User | None = None, **fields: Any) -> KeyPostCheck:
    given = {"checked_on": date(2026, 6, 1), "by_name": "纪检委员", "finding": "账款相符。"}
    noted = _noted(post.branch, created_by=created_by)
    return KeyPostCheck.objects.create(key_post=post, **noted, **(given | fields))


def make_unit(branch: Organization, *, created_by: User | None = None, **fields: Any) -> CareUnit:
    given = {
        "name": "青川物流有限公司",
        "kind": UnitKind.ENTERPRISE,
        "coverage": Coverage.SINGLE,
        "covered_since": date(2025, 6, 1),
        "since": date(2025, 1, 1),
    }
    return CareUnit.objects.create(**_noted(branch, created_by=created_by), **(given | fields))


def make_import(branch: Organization, *, uploaded_by: User, **fields: Any) -> StudyImport:
    given = {
        "uploaded_at": MOMENT,
        "file_name": "学时.xlsx",
        "file_hash": "0" * 64,
        "state": ImportState.READY,
    }
    return StudyImport.objects.create(
        branch=branch, path=branch.path, uploaded_by=uploaded_by, **(given | fields)
    )
