"""Goals of the term and the feature project."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization, Term
from apps.plans.models import FeatureProgress, FeatureProject, GoalNote, TermGoal
from apps.plans.services_items import NotYet, ReasonMissing
from apps.rules.kinds import Progress
from apps.ui.refusals import Refusal, Stale

register(
    {
        "goal.created": "登记任期目标",
        "goal.updated": "修改任期目标",
        "goal.reported": "记录任期目标进展",
        "feature.created": "登记特色项目",
        "feature.updated": "修改特色项目",
        "feature.reported": "记录特色项目进展",
        "feature.ended": "结束特色项目",
    }
)
GOAL_FIELDS = ("title", "due_year")
PROJECT_FIELDS = ("title", "why", "starts_on")


class NoTerm(Refusal):
    default = "还没有登记本届任期，请先在“组织机构”里登记届次。"


class StillRunning(Refusal):
    default = "已有一个进行中的特色项目，请先登记它的结束日期。"


class Ended(Refusal):
    default = "这个特色项目已经结束。"


class OtherQuarter(Refusal):
    default = "这个季度不在项目期间，或者还没有到。"


class BadDay(Refusal):
    default = "结束日期应晚于开始日期。"


@transaction.atomic
def create_goal(
    *,
    branch: Organization,
    title: str,
    due_year: int,
    actor: User,
    today: date,
    now: datetime,
    idempotency_key: uuid.UUID,
) -> TermGoal:
    """A goal of the term in office. Raises NoTerm where none is entered."""
    Organization.objects.select_for_update().get(pk=branch.pk)
    known = TermGoal.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    term = Term.objects.filter(organization=branch, starts_on__lte=today).order_by("-starts_on").first()
    if term is None:
        raise NoTerm
    goal = TermGoal.objects.create(
        branch=branch,
        path=branch.path,
        term=term,
        title=title,
        due_year=due_year,
        created_by=actor,
        created_at=now,
        idempotency_key=idempotency_key,
    )
    branch_changed(branch.pk)
    record(actor=actor, action="goal.created", target=goal, path=goal.path)
    return goal


@transaction.atomic
def update_goal(*, goal: TermGoal, version: int, title: str, due_year: int, actor: User) -> TermGoal:
    locked = TermGoal.objects.select_for_update().get(pk=goal.pk)
    if locked.version != version:
        raise Stale
    before = snapshot(locked, GOAL_FIELDS)
    locked.title, locked.due_year = title, due_year
    locked.version += 1
    locked.save(update_fields=["title", "due_year", "version"])
    branch_changed(locked.branch_id)
    labels = labels_of(TermGoal, GOAL_FIELDS)
    changes = changed_fields(before, snapshot(locked, GOAL_FIELDS), labels=labels)
    record(actor=actor, action="goal.updated", target=locked, path=locked.path, changes=changes)
    return locked


@transaction.atomic
def report_goal(
    *,
    goal: TermGoal,
    state: str,
    actor: User,
    today: date,
    now: datetime,
    state_reason: str = "",
    done_on: date | None = None,
    note: str = "",
) -> TermGoal:
    """The new state, kept with its day and words as a line of progress."""
    if state in (Progress.POSTPONED, Progress.CANCELLED) and not state_reason:
        raise ReasonMissing(field="state_reason")
    if state == Progress.DONE and done_on and done_on > today:
        raise NotYet(field="done_on")
    locked = TermGoal.objects.select_for_update().get(pk=goal.pk)
    locked.state = state
    locked.state_reason = state_reason if state in (Progress.POSTPONED, Progress.CANCELLED) else ""
    locked.done_on = (done_on or today) if state == Progress.DONE else None
    locked.version += 1
    locked.save()
    text = "；".join(filter(None, (locked.state_reason, note)))
    GoalNote.objects.create(goal=locked, state=state, text=text[:300], written_by=actor, written_at=now)
    branch_changed(locked.branch_id)
    record(actor=actor, action="goal.reported", target=locked, path=locked.path, reason=Progress(state).label)
    return locked


@transaction.atomic
def create_project(
    *,
    branch: Organization,
    title: str,
    why: str,
    starts_on: date,
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
) -> FeatureProject:
    """Raises StillRunning while the branch has one: a branch has one feature project at a time."""
    Organization.objects.select_for_update().get(pk=branch.pk)
    known = FeatureProject.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if FeatureProject.objects.filter(branch=branch, ends_on__isnull=True).exists():
        raise StillRunning
    project = FeatureProject.objects.create(
        branch=branch,
        path=branch.path,
        title=title,
        why=why,
        starts_on=starts_on,
        created_by=actor,
        created_at=now,
        idempotency_key=idempotency_key,
    )
    branch_changed(branch.pk)
    record(actor=actor, action="feature.created", target=project, path=project.path)
    return project


def _locked_project(project: FeatureProject) -> FeatureProject:
    return FeatureProject.objects.select_for_update().get(pk=project.pk)


@transaction.atomic
def update_project(
    *, project: FeatureProject, version: int, title: str, why: str, starts_on: date, actor: User
) -> FeatureProject:
    locked = _locked_project(project)
    if locked.version != version:
        raise Stale
    if locked.ends_on and locked.ends_on <= starts_on:
        raise BadDay(field="starts_on")
    before = snapshot(locked, PROJECT_FIELDS)
    locked.title, locked.why, locked.starts_on = title, why, starts_on
    locked.version += 1
    locked.save(update_fields=["title", "why", "starts_on", "version"])
    branch_changed(locked.branch_id)
    labels = labels_of(FeatureProject, PROJECT_FIELDS)
    changes = changed_fields(before, snapshot(locked, PROJECT_FIELDS), labels=labels)
    record(actor=actor, action="feature.updated", target=locked, path=locked.path, changes=changes)
    return locked


@transaction.atomic
def add_project_progress(
    *,
    project: FeatureProject,
    year: int,
    quarter: int,
    text: str,
    actor: User,
    today: date,
    idempotency_key: uuid.UUID,
) -> FeatureProgress:
    """A line for a quarter of the project that has begun. Raises OtherQuarter for any other."""
    locked = _locked_project(project)
    known = FeatureProgress.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    asked = year * 4 + quarter - 1
    until = min(today, locked.ends_on or today)
    if not _quarter_of(locked.starts_on) <= asked <= _quarter_of(until):
        raise OtherQuarter(field="quarter")
    row = FeatureProgress.objects.create(
        project=locked,
        year=year,
        quarter=quarter,
        text=text,
        written_by=actor,
        written_on=today,
        idempotency_key=idempotency_key,
    )
    branch_changed(locked.branch_id)
    record(actor=actor, action="feature.reported", target=locked, path=locked.path)
    return row


def _quarter_of(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3


@transaction.atomic
def end_project(*, project: FeatureProject, ends_on: date, actor: User) -> FeatureProject:
    """`ends_on` is the first day on which it runs no more."""
    locked = _locked_project(project)
    if locked.ends_on is not None:
        raise Ended
    if ends_on <= locked.starts_on:
        raise BadDay(field="ends_on")
    locked.ends_on = ends_on
    locked.version += 1
    locked.save(update_fields=["ends_on", "version"])
    branch_changed(locked.branch_id)
    record(actor=actor, action="feature.ended", target=locked, path=locked.path)
    return locked
