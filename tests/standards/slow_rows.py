"""What the database says of one branch, read row by row into the dictionaries of the slow count.

Every table is read whole and sifted by plain loops: slow, and nothing of the readers of the ledger.
"""

from __future__ import annotations

from datetime import date, timedelta, timezone
from typing import Any

from apps.branches.models import Excuse, Organization, Post, RuleOverride, Term
from apps.meetings.models import (
    AgendaItem,
    Attendance,
    Consultation,
    DirectiveConveyed,
    Meeting,
    MeetingPurpose,
    MeetingTopic,
    Minutes,
    Motion,
    Opinion,
    Partner,
)
from apps.members.models import Member
from apps.plans.models import AnnualPlan, FeatureProgress, FeatureProject, PlanItem, TermGoal
from apps.talks.models import Talk, TalkPerson
from apps.tasks.models import Concern, Directive, Rectification, Task
from apps.worklog.models import CareUnit, Entry, EntryMember, KeyPost, KeyPostCheck

CHINA = timezone(timedelta(hours=8))
LONG_AGO = date(1950, 1, 1)
TABLES = (
    *(Organization, Term, Post, RuleOverride, Excuse, Member),
    *(Meeting, MeetingPurpose, MeetingTopic, Partner, Minutes, Attendance),
    *(AgendaItem, Opinion, Motion, Consultation, DirectiveConveyed),
    *(Talk, TalkPerson, Task, Concern, Rectification, Directive),
    *(AnnualPlan, PlanItem, TermGoal, FeatureProject, FeatureProgress),
    *(Entry, EntryMember, KeyPost, KeyPostCheck, CareUnit),
)
#: For each table the column by which the rows hang together here, so that a loop looks at few of them.
HANGS_ON = {
    **dict.fromkeys((Term, Post, Excuse, Task, Directive), "organization_id"),
    **dict.fromkeys((Member, Meeting, Talk, AnnualPlan, TermGoal, FeatureProject), "branch_id"),
    **dict.fromkeys((Entry, KeyPost, CareUnit), "branch_id"),
    **dict.fromkeys((MeetingPurpose, MeetingTopic, Partner, Minutes, Attendance, AgendaItem), "meeting_id"),
    **dict.fromkeys((Opinion, Motion, Consultation), "item_id"),
    DirectiveConveyed: "directive_id",
    TalkPerson: "talk_id",
    Concern: "task_id",
    Rectification: "task_id",
    PlanItem: "plan_id",
    FeatureProgress: "project_id",
    EntryMember: "entry_id",
    KeyPostCheck: "key_post_id",
    Organization: "parent_id",
    RuleOverride: "pk",
}


class Tables:
    """All rows of all tables, in memory."""

    def __init__(self) -> None:
        self.by: dict[Any, dict[Any, list[Any]]] = {}
        for model in TABLES:
            self.by[model] = {}
            for row in model._default_manager.all():
                self.by[model].setdefault(getattr(row, HANGS_ON[model]), []).append(row)
        self.consulted: dict[int, set[int]] = {}
        for link in Consultation.members.through.objects.all():
            self.consulted.setdefault(link.consultation_id, set()).add(link.member_id)

    def of(self, model: Any, key: Any) -> list[Any]:
        return self.by[model].get(key, [])

    def all(self, model: Any) -> list[Any]:
        return [row for rows in self.by[model].values() for row in rows]


def branch_dict(tables: Tables, branch: Organization, *, year: int, as_of: date) -> dict[str, Any]:
    meetings = [meeting_dict(tables, row) for row in tables.of(Meeting, branch.pk)]
    return {
        "year": year,
        "as_of": as_of,
        "org": org_dict(tables, branch),
        "rules": rules(tables, branch),
        "records": [record_dict(row) for row in tables.of(Member, branch.pk)],
        "meetings": [one for one in meetings if one["state"] in ("open", "closed")],
        "talks": talks(tables, branch),
        **work(tables, branch),
        **plans(tables, branch, year=year),
        **log(tables, branch),
    }


def org_dict(tables: Tables, branch: Organization) -> dict[str, Any]:
    sittings = []
    for row in tables.of(Meeting, branch.pk):
        kinds = {purpose.kind for purpose in tables.of(MeetingPurpose, row.pk)}
        told = {"held_on": row.held_on, "group_id": row.group_id, "for_year": row.for_year}
        sittings.append({**told, "kinds": kinds, "closed": row.state == "closed"})
    return {
        "form": branch.form or None,
        "founded_on": branch.founded_on,
        "closed_on": branch.closed_on,
        "records_since": branch.records_since,
        "terms": [dict(vars(row)) for row in tables.of(Term, branch.pk)],
        "posts": [dict(vars(row)) for row in tables.of(Post, branch.pk)],
        "groups": [dict(vars(row)) for row in tables.of(Organization, branch.pk) if row.kind == "group"],
        "members": [member_dict(row) for row in tables.of(Member, branch.pk)],
        "excuses": [dict(vars(row)) for row in tables.of(Excuse, branch.pk)],
        "sittings": sittings,
    }


def rules(tables: Tables, branch: Organization) -> list[dict[str, Any]]:
    return [dict(vars(row)) for row in tables.all(RuleOverride) if branch.path.startswith(row.path)]


def member_dict(row: Member) -> dict[str, Any]:
    left = None
    if row.state != "active":
        left = row.state_since or LONG_AGO
    full = None
    if row.status == "full":
        full = row.full_since or LONG_AGO
    return {"id": row.pk, "joined_on": row.joined_on, "left_on": left, "full_since": full}


def record_dict(row: Member) -> dict[str, Any]:
    complete = True
    for value in (row.sex, row.ethnicity, row.born_on, row.id_index, row.education, row.admitted_on):
        if not value:
            complete = False
    if row.status == "full" and row.full_since is None:
        complete = False
    return {
        "member_id": row.pk,
        "person_id": row.person_id,
        "group_id": row.group_id,
        "complete": complete,
        "verified_on": row.verified_on,
        "is_mobile": row.is_mobile,
        "contact_until": row.contact_until,
        "exempt_since": row.exempt_decided_on if row.exempt_reason else None,
        "needs_care": row.needs_care,
    }


def meeting_dict(tables: Tables, row: Meeting) -> dict[str, Any]:
    summary = "".join(one.summary for one in tables.of(Minutes, row.pk)).strip()
    items = [item_dict(tables, item) for item in tables.of(AgendaItem, row.pk)]
    named = row.chair_id is not None and row.recorder_id is not None and row.place != ""
    return {
        "state": row.state,
        "closed": row.state == "closed",
        "held_on": row.held_on,
        "group_id": row.group_id,
        "kinds": {one.kind for one in tables.of(MeetingPurpose, row.pk)},
        "topics": {one.topic for one in tables.of(MeetingTopic, row.pk)},
        "partners": {one.kind for one in tables.of(Partner, row.pk)},
        "roll": [dict(vars(one)) for one in tables.of(Attendance, row.pk)],
        "items": items,
        "complete": named and bool(items or summary),
        "entered_on": row.recorded_at.astimezone(CHINA).date(),
        "near_copy_of": row.near_copy_of_id,
        "chair_id": row.chair_id,
        "lecturer_id": row.lecturer_id,
        "form": row.form or None,
        "public_participants": row.public_participants,
    }


def item_dict(tables: Tables, row: AgendaItem) -> dict[str, Any]:
    votes = tables.of(Motion, row.pk)
    taken_again = {vote.previous_id for vote in votes}
    return {
        "position": row.position,
        "nature": row.nature,
        "is_major": row.is_major,
        "decided": row.resolution.strip() != "",
        "opinions_by": {one.member_id for one in tables.of(Opinion, row.pk)},
        "motions": [
            {
                **vars(vote),
                "in_favour": vote.votes_for + vote.written_for,
                "replaced": vote.pk in taken_again,
            }
            for vote in votes
        ],
        "consultations": [
            {**vars(one), "member_ids": tables.consulted.get(one.pk, set())}
            for one in tables.of(Consultation, row.pk)
        ],
    }


def talks(tables: Tables, branch: Organization) -> list[dict[str, Any]]:
    found = []
    for row in tables.of(Talk, branch.pk):
        if row.state in ("held", "closed"):
            found.append(
                {
                    "held_on": row.held_on,
                    "member_ids": {one.member_id for one in tables.of(TalkPerson, row.pk)},
                    "is_reminder": row.occasion == "reminder",
                    "followed_up_on": row.closed_on,
                }
            )
    return found


def task_dict(row: Task) -> dict[str, Any]:
    """A task from above is done, for the branch, on the day it reported."""
    done = row.reported_on if row.reported_on is not None else row.closed_on
    return {"due_on": row.due_on, "closed_on": done, "cancelled": row.state == "cancelled"}


def work(tables: Tables, branch: Organization) -> dict[str, Any]:
    tasks, concerns, problems = [], [], []
    own = ("self_check", "org_life_meeting", "member_evaluation", "opinions")
    for row in tables.of(Task, branch.pk):
        tasks.append(task_dict(row))
        for concern in tables.of(Concern, row.pk):
            concerns.append({**task_dict(row), "registered_on": concern.raised_on})
        for one in tables.of(Rectification, row.pk):
            found = {"found_on": one.found_on, "self_found": one.source in own}
            problems.append({**task_dict(row), **found})
    papers = [directive_dict(tables, row) for row in tables.of(Directive, branch.pk)]
    return {"tasks": tasks, "concerns": concerns, "rectifications": problems, "directives": papers}


def directive_dict(tables: Tables, row: Directive) -> dict[str, Any]:
    filed = {one.pk: one.held_on for one in tables.all(Meeting) if one.state == "closed"}
    conveyed = [
        filed[one.meeting_id] for one in tables.of(DirectiveConveyed, row.pk) if one.meeting_id in filed
    ]
    tasks = []
    for task in tables.of(Task, row.organization_id):
        if task.directive_id == row.pk and task.state != "cancelled":
            tasks.append(task.closed_on)
    return {
        "convey_by": row.convey_by,
        "conveyed_on": min(conveyed) if conveyed else None,
        "asks_action": row.asks_action,
        "do_by": row.do_by,
        "implemented_on": max(tasks) if tasks and None not in tasks else None,
        "cancelled": row.withdrawn_on is not None,
    }


def plans(tables: Tables, branch: Organization, *, year: int) -> dict[str, Any]:
    filed_on, goals = None, []
    for plan in tables.of(AnnualPlan, branch.pk):
        if plan.year == year and plan.state == "filed":
            filed_on = plan.filed_on
            for item in tables.of(PlanItem, plan.pk):
                told = {"due_on": item_due(item, year), "cancelled": item.state == "cancelled"}
                goals.append({**told, "done_on": item_done(tables, item, branch=branch, year=year)})
    for goal in tables.of(TermGoal, branch.pk):
        if goal.due_year == year:
            told = {"due_on": date(year, 12, 31), "cancelled": goal.state == "cancelled"}
            goals.append({**told, "done_on": goal.done_on})
    return {"plan_filed_on": filed_on, "goals": goals, "project": project(tables, branch, year=year)}


def months_named(item: PlanItem) -> list[int]:
    return [month for month in range(1, 13) if item.months // 2 ** (month - 1) % 2]


def item_due(item: PlanItem, year: int) -> date:
    last = months_named(item)[-1]
    after = date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)
    return item.due_on or after - timedelta(days=1)


def item_done(tables: Tables, item: PlanItem, *, branch: Organization, year: int) -> date | None:
    """An item that names a kind of sitting is done once one was held in every month (quarter) named."""
    if item.state == "done":
        return item.done_on
    if not item.meeting_kind:
        return None
    months, firsts = months_named(item), []
    for month in months:
        span = (month - 2, month - 1, month) if months == [3, 6, 9, 12] else (month,)
        days = []
        for row in tables.of(Meeting, branch.pk):
            named = any(one.kind == item.meeting_kind for one in tables.of(MeetingPurpose, row.pk))
            if named and row.state == "closed" and row.held_on.year == year and row.held_on.month in span:
                days.append(row.held_on)
        if not days:
            return None
        firsts.append(min(days))
    return max(firsts)


def project(tables: Tables, branch: Organization, *, year: int) -> dict[str, Any] | None:
    """Progress counts for its quarter whenever it was written down."""
    any_running, progress = False, []
    for row in tables.of(FeatureProject, branch.pk):
        if row.starts_on > date(year, 12, 31) or (row.ends_on and row.ends_on <= date(year, 1, 1)):
            continue
        any_running = True
        for entry in tables.of(FeatureProgress, row.pk):
            if entry.year == year:
                progress.append({"quarter": entry.quarter, "recorded_on": None})
    return {"progress": progress} if any_running else None


def log(tables: Tables, branch: Organization) -> dict[str, Any]:
    found: dict[str, Any] = {"visits": [], "placements": [], "recognitions": [], "public_consultations": []}
    for row in tables.of(Entry, branch.pk):
        if row.withdrawn_on is not None:
            continue
        day = {"held_on": row.held_on}
        people = [one.member_id for one in tables.of(EntryMember, row.pk)]
        if row.sort == "care":
            found["visits"] += [{**day, "member_id": one} for one in people]
        if row.sort == "placement":
            found["placements"] += [{**day, "member_id": one} for one in people]
        if row.sort == "recognition":
            found["recognitions"].append(day)
        if row.sort == "consultation":
            told = {"has_result": row.result != "", "participants": row.participants or 0}
            found["public_consultations"].append({**day, **told})
    return {**found, "study": study(tables, branch), **registers(tables, branch)}


def study(tables: Tables, branch: Organization) -> list[dict[str, Any]]:
    """Hours go with the person, wherever they were written down."""
    here = {row.pk for row in tables.of(Member, branch.pk)}
    found = []
    for row in tables.all(Entry):
        if row.sort == "study" and row.withdrawn_on is None:
            told = {"studied_on": row.held_on, "hours": row.hours, "category": row.category}
            for one in tables.of(EntryMember, row.pk):
                if one.member_id in here:
                    found.append({**told, "member_id": one.member_id})
    for row in tables.all(Meeting):
        if row.state != "closed" or not row.class_hours:
            continue
        topics = {one.topic for one in tables.of(MeetingTopic, row.pk)}
        lecture = any(one.kind == "lecture" for one in tables.of(MeetingPurpose, row.pk))
        work = "central_work" in topics and "political_study" not in topics and not lecture
        category = "professional" if work else "theory"
        told = {"studied_on": row.held_on, "hours": row.class_hours, "category": category}
        for line in tables.of(Attendance, row.pk):
            if line.member_id in here and line.status == "present":
                found.append({**told, "member_id": line.member_id})
    return found


def registers(tables: Tables, branch: Organization) -> dict[str, Any]:
    posts, units = [], []
    for row in tables.of(KeyPost, branch.pk):
        if row.withdrawn_on is None:
            days = [one.checked_on for one in tables.of(KeyPostCheck, row.pk) if one.withdrawn_on is None]
            posts.append({"listed_on": row.since, "ended_on": row.until, "checked_on": days})
    for row in tables.of(CareUnit, branch.pk):
        if row.withdrawn_on is None:
            covered = row.covered_since if row.coverage in ("single", "joint", "trade") else None
            units.append({"listed_on": row.since, "ended_on": row.until, "covered_on": covered})
    return {"key_posts": posts, "units": units}
