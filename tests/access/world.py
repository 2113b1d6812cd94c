"""One of every thing in each of three places, and how an address of it is made."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.audit.services import record
from apps.branches.models import Excuse, Organization, RuleOverride
from apps.jobs.models import Job
from apps.meetings.models import (
    AgendaItem,
    Attachment,
    Consultation,
    Meeting,
    MeetingState,
    Motion,
    MotionState,
    Observer,
    Opinion,
)
from apps.meetings.services_files import path_of
from apps.members.models import ImportState, Member, RosterImport
from apps.rules.kinds import ConsultationKind, MeetingKind, OrgKind
from apps.tasks.models import Assignment, TaskState
from tests import factories
from tests.access import (
    things_ballots,
    things_documents,
    things_evaluations_cycle,
    things_evaluations_desk,
    things_evaluations_round,
    things_members,
    things_plans,
    things_standards,
    things_talks,
    things_tasks,
    things_worklog,
)
from tests.conftest import NOW, Cast

MOMENT = datetime.combine(date(2026, 10, 1), NOW.timetz())
PLACES = ("own", "sibling", "elsewhere")
CODES = {
    "op": "operator",
    "au": "auditor",
    "or": "organizer",
    "cs": "committee_secretary",
    "se": "secretary",
    "de": "deputy",
    "og": "organization",
    "pu": "publicity",
    "di": "discipline",
    "gl": "group_leader",
    "me": "member",
    "fo": "former_secretary",
    "st": "stranger_secretary",
}


#: What the other apps have in the place.
@dataclass
class Things:
    """What stands in one place; the name of a thing is the first word of its row in the table."""

    branch: Organization
    group: Organization
    member: Member
    meeting: Meeting
    planned: Meeting
    closed: Meeting
    rows: dict[str, Any]


THINGS = (
    things_documents,
    things_members,
    things_tasks,
    things_talks,
    things_worklog,
    things_ballots,
    things_plans,
    things_standards,
    things_evaluations_cycle,
    things_evaluations_desk,
    things_evaluations_round,
)


def things_in(branch: Organization, *, cast: Cast, member: Member) -> Things:
    """`own` uses the cast's member, who stands on the rolls; the people above and below stay the cast's."""
    committee, keeper = branch.parent, member.person
    group = branch.children.first() or factories.make_organization(OrgKind.GROUP, parent=branch)
    sitting = {"recorded_by": keeper, "held_on": date(2026, 11, 12)}
    meeting = factories.make_meeting(branch, MeetingKind.GENERAL, state=MeetingState.OPEN, **sitting)
    closed = factories.make_meeting(branch, MeetingKind.GENERAL, **sitting | {"held_on": date(2026, 10, 9)})
    planned = factories.make_meeting(
        branch,
        MeetingKind.THEMED_DAY,
        state=MeetingState.PLANNED,
        **sitting | {"held_on": date(2026, 11, 27)},
    )
    roll = [factories.make_attendance(one, member) for one in (meeting, closed)]
    item = AgendaItem.objects.create(meeting=meeting, position=1, title="议题", resolution="同意")
    things = Things(branch, group, member, meeting, planned, closed, {})
    things.rows = {
        "branch": {"pk": branch.pk},
        "group": {"pk": group.pk},
        "committee": {"pk": committee.pk},
        "member": {"pk": member.pk},
        "meeting": {"pk": meeting.pk},
        "planned": {"pk": planned.pk},
        "closed": {"pk": closed.pk},
        "item": {"pk": meeting.pk, "item_pk": item.pk},
        "roll": {"pk": meeting.pk, "row_pk": roll[0].pk},
        **_parts(meeting, item=item, member=member),
        **_papers(branch, committee=committee, keeper=keeper),
    }
    for module in THINGS:
        things.rows |= module.things(branch, member=member)
    return things


def _parts(meeting: Meeting, *, item: AgendaItem, member: Member) -> dict[str, Any]:
    opinion = Opinion.objects.create(item=item, member=member, text="同意")
    observer = Observer.objects.create(meeting=meeting, name="来宾")
    talk = Consultation.objects.create(
        item=item, kind=ConsultationKind.MAJOR, held_on=meeting.held_on, brief="已通气"
    )
    motion = Motion.objects.create(
        item=item,
        text="同意",
        entitled=1,
        present=1,
        votes_for=1,
        state=MotionState.PASSED,
        needed=1,
        rule_code="VOTE-1",
        explanation="通过",
        idempotency_key=uuid.uuid4(),
    )
    attachment = Attachment.objects.create(
        meeting=meeting,
        name="签到表.pdf",
        stored_as=uuid.uuid4().hex,
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        added_by=member.person,
        added_at=NOW,
    )
    path_of(attachment).parent.mkdir(parents=True, exist_ok=True)
    path_of(attachment).write_bytes(b"%PDF-1.4")
    return {
        "opinion": {"pk": meeting.pk, "opinion_pk": opinion.pk},
        "observer": {"pk": meeting.pk, "observer_pk": observer.pk},
        "consultation": {"pk": meeting.pk, "consultation_pk": talk.pk},
        "motion": {"pk": meeting.pk, "motion_pk": motion.pk},
        "attachment": {"pk": meeting.pk, "attachment_pk": attachment.pk},
    }


def _papers(branch: Organization, *, committee: Organization, keeper: Any) -> dict[str, Any]:
    task = factories.make_task(branch, created_by=keeper)
    done = factories.make_task(branch, created_by=keeper, state=TaskState.DONE, closed_on=date(2026, 11, 1))
    job = Job.objects.create(kind="test", title="测试", owner=keeper, created_at=MOMENT)
    return {
        **_local_rules(branch, committee=committee, keeper=keeper),
        **_sent(branch, committee=committee, keeper=keeper),
        "term": {"pk": branch.terms.first().pk},
        "post": {"pk": factories.make_post(factories.make_user(), branch, "youth").pk},
        "job": {"pk": job.pk},
        "task": {"pk": task.pk},
        "done_task": {"pk": done.pk},
        "deed": {"pk": record(actor=keeper, action="task.created", target=task).pk},
        "person": {"pk": keeper.pk},
    }


def _local_rules(branch: Organization, *, committee: Organization, keeper: Any) -> dict[str, Any]:
    override = RuleOverride.objects.create(
        organization=committee,
        path=committee.path,
        code="MTG-4",
        reason="文件",
        valid_from=date(2026, 1, 1),
        created_by=keeper,
    )
    excuse = Excuse.objects.create(
        organization=branch,
        path=branch.path,
        code="MTG-5",
        period_start=date(2026, 10, 1),
        reason="防汛",
        decided_by=keeper,
        decided_on=date(2026, 10, 9),
    )
    return {"override": {"pk": override.pk}, "excuse": {"pk": excuse.pk}}


def _sent(branch: Organization, *, committee: Organization, keeper: Any) -> dict[str, Any]:
    assignment = Assignment.objects.create(
        organization=committee,
        path=committee.path,
        title="核对名单",
        due_on=date(2026, 12, 1),
        created_by=keeper,
        created_at=MOMENT,
        idempotency_key=uuid.uuid4(),
    )
    roster = RosterImport.objects.create(
        organization=branch,
        path=branch.path,
        uploaded_by=keeper,
        uploaded_at=MOMENT,
        file_name="花名册.xlsx",
        file_hash="0" * 64,
        state=ImportState.READY,
    )
    return {"assignment": {"pk": assignment.pk}, "roster": {"pk": roster.pk}}


def world_of(cast: Cast) -> dict[str, Things]:
    return {
        "own": things_in(cast.ours, cast=cast, member=cast.members["member"]),
        "sibling": things_in(cast.sibling, cast=cast, member=cast.members["sibling_member"]),
        "elsewhere": things_in(cast.elsewhere, cast=cast, member=cast.members["elsewhere_member"]),
    }
