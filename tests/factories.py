"""Small makers of rows for tests: valid by default, every field can be named. Invented people only."""

import itertools
import uuid
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.models import User
from apps.accounts.names import pinyin_of
from apps.branches.models import Organization, Post, Term, path_step
from apps.meetings.models import Attendance, Meeting, MeetingPurpose, MeetingState, Minutes
from apps.members.models import Member
from apps.rules.kinds import (
    BranchForm,
    ConcernSource,
    MeetingKind,
    MemberStatus,
    OrgKind,
    PostKind,
    ProblemSource,
    TaskKind,
)
from apps.tasks.models import Assignment, Concern, Directive, Rectification, Task

PASSWORD = "秋天的第17片枫树红叶"
SHANGHAI = ZoneInfo("Asia/Shanghai")
_numbers = itertools.count(1)


def make_user(name: str = "", *, username: str | None = None, **fields: Any) -> User:
    name = name or f"测试{next(_numbers)}"
    pinyin, initials = pinyin_of(name)
    user = User(name=name, username=username, pinyin=pinyin, initials=initials, **fields)
    if username:
        user.set_password(PASSWORD)
    else:
        user.set_unusable_password()
    user.save()
    return user


def make_organization(
    kind: str = OrgKind.BRANCH, *, parent: Organization | None = None, name: str = "", **fields: Any
) -> Organization:
    if kind == OrgKind.BRANCH:
        fields.setdefault("form", BranchForm.ORDINARY)
    fields.setdefault("founded_on", date(2015, 7, 1))
    organization = Organization.objects.create(
        kind=kind, parent=parent, name=name or f"第{next(_numbers)}党组织", **fields
    )
    organization.path = (parent.path if parent else "") + path_step(organization.pk)
    organization.save(update_fields=["path"])
    return organization


def make_term(organization: Organization, *, starts_on: date = date(2025, 3, 1), **fields: Any) -> Term:
    fields.setdefault("number", 3)
    fields.setdefault("years", 3)
    fields.setdefault("ends_on", starts_on.replace(year=starts_on.year + fields["years"]))
    return Term.objects.create(organization=organization, starts_on=starts_on, **fields)


def make_post(person: User, organization: Organization, kind: str, **fields: Any) -> Post:
    fields.setdefault("starts_on", date(2025, 3, 1))
    return Post.objects.create(person=person, organization=organization, kind=kind, **fields)


def make_member(
    branch: Organization,
    *,
    name: str = "",
    person: User | None = None,
    group: Organization | None = None,
    **fields: Any,
) -> Member:
    person = person or make_user(name)
    fields.setdefault("status", MemberStatus.FULL)
    fields.setdefault("admitted_on", date(2010, 6, 20))
    if fields["status"] == MemberStatus.FULL:
        fields.setdefault("full_since", date(2011, 6, 20))
    fields.setdefault("joined_on", date(2015, 7, 1))
    return Member.objects.create(
        person=person, branch=branch, group=group, path=(group or branch).path, **fields
    )


def make_meeting(
    branch: Organization,
    *kinds: str,
    held_on: date = date(2026, 10, 15),
    group: Organization | None = None,
    recorded_by: User | None = None,
    state: str = MeetingState.CLOSED,
    **fields: Any,
) -> Meeting:
    recorder = recorded_by or make_user()
    moment = datetime(held_on.year, held_on.month, held_on.day, 17, 0, tzinfo=SHANGHAI)
    if state == MeetingState.CLOSED:
        fields.setdefault("closed_at", moment)
        fields.setdefault("closed_by", recorder)
    fields.setdefault("recorded_at", moment)
    meeting = Meeting.objects.create(
        branch=branch,
        group=group,
        path=(group or branch).path,
        title=fields.pop("title", "十月党员大会"),
        held_on=held_on,
        state=state,
        recorded_by=recorder,
        idempotency_key=uuid.uuid4(),
        **fields,
    )
    for kind in kinds or (MeetingKind.GENERAL,):
        MeetingPurpose.objects.create(meeting=meeting, kind=kind)
    Minutes.objects.create(meeting=meeting)
    return meeting


def make_attendance(meeting: Meeting, member: Member, **fields: Any) -> Attendance:
    fields.setdefault("standing", member.status)
    fields.setdefault("has_vote", member.status == MemberStatus.FULL)
    return Attendance.objects.create(meeting=meeting, member=member, **fields)


def make_task(organization: Organization, *, created_by: User | None = None, **fields: Any) -> Task:
    fields.setdefault("title", "报送年度计划")
    fields.setdefault("due_on", date(2026, 12, 1))
    fields.setdefault("created_at", datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI))
    return Task.objects.create(
        organization=organization,
        path=organization.path,
        created_by=created_by or make_user(),
        idempotency_key=uuid.uuid4(),
        **fields,
    )


def make_assigned(branch: Organization, *, created_by: User | None = None, **fields: Any) -> Task:
    """One branch's task of an assignment from the committee above it."""
    sender = created_by or make_user()
    due_on = fields.pop("due_on", date(2026, 12, 1))
    moment = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
    assignment = fields.pop("assignment", None) or Assignment.objects.create(
        organization=branch.parent,
        path=branch.parent.path,
        title=fields.get("title", "核对名单"),
        due_on=due_on,
        minutes=30,
        created_by=sender,
        created_at=moment,
        idempotency_key=uuid.uuid4(),
    )
    kept = {"title": assignment.title, "created_at": moment, **fields}
    return make_task(
        branch, created_by=sender, kind=TaskKind.ASSIGNED, assignment=assignment, due_on=due_on, **kept
    )


def make_concern(branch: Organization, **fields: Any) -> Task:
    own = {
        "raised_by": fields.pop("raised_by", ConcernSource.PUBLIC),
        "raised_on": fields.pop("raised_on", date(2026, 11, 3)),
        "told_on": fields.pop("told_on", None),
    }
    fields.setdefault("title", "三号楼楼道灯不亮")
    task = make_task(branch, kind=TaskKind.CONCERN, **fields)
    Concern.objects.create(task=task, **own)
    return task


def make_rectification(branch: Organization, **fields: Any) -> Task:
    own = {
        "source": fields.pop("source", ProblemSource.SELF_CHECK),
        "found_on": fields.pop("found_on", date(2026, 11, 3)),
        "measure": fields.pop("measure", "每月底由组织委员核对一次。"),
        "evidence": fields.pop("evidence", ""),
    }
    fields.setdefault("title", "会议记录不及时")
    task = make_task(branch, kind=TaskKind.RECTIFICATION, **fields)
    Rectification.objects.create(task=task, **own)
    return task


def make_directive(branch: Organization, *, created_by: User | None = None, **fields: Any) -> Directive:
    fields.setdefault("title", "关于做好冬季安全工作的通知")
    fields.setdefault("issuer", "青川镇党委")
    fields.setdefault("received_on", date(2026, 11, 2))
    fields.setdefault("created_at", datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI))
    return Directive.objects.create(
        organization=branch,
        path=branch.path,
        created_by=created_by or make_user(),
        idempotency_key=uuid.uuid4(),
        **fields,
    )


def make_secretary(branch: Organization, name: str = "", **fields: Any) -> User:
    """A person with a login, a Party record in the branch, and the post of secretary."""
    number = next(_numbers)
    person = make_user(name or f"书记{number}", username=f"secretary{number}")
    make_member(branch, person=person)
    make_post(person, branch, PostKind.SECRETARY, **fields)
    return person
