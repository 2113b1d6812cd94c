"""The demo's tasks: from above, from resolutions, one's own; done, open and late."""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, timedelta

from apps.rules.kinds import TaskKind
from apps.tasks.models import Assignment, Task, TaskState
from apps.workbench import demo_world as world
from apps.workbench.services_demo_people import Settled, SettledBranch

OWN = ("更新公开栏", "整理上季度会议记录并归档", "联系外出党员", "补录入党积极分子谈话安排")
DUE_IN_DAYS = (-20, 9, 24)


def write_tasks(*, settled: Settled, rng: random.Random, today: date, now: datetime) -> list[Task]:
    """Unsaved tasks; the assignments they belong to are saved."""
    tasks: list[Task] = []
    for (title, detail), days in zip(world.ASSIGNMENTS, DUE_IN_DAYS, strict=True):
        due_on = today + timedelta(days=days)
        assignment = Assignment.objects.create(
            organization=settled.committee,
            path=settled.committee.path,
            title=title,
            detail=detail,
            due_on=due_on,
            minutes=30,
            created_by=settled.people["organizer"],
            created_at=now - timedelta(days=40),
            idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
        )
        tasks += [_assigned(branch, assignment, rng=rng, now=now) for branch in settled.branches]
    for branch in settled.branches:
        tasks += _own(branch, rng=rng, today=today, now=now)
    return tasks


def _assigned(branch: SettledBranch, assignment: Assignment, *, rng: random.Random, now: datetime) -> Task:
    late = branch.plan.gap == "tasks"
    is_past = assignment.due_on < now.date()
    is_done = not late and (is_past or rng.random() < 0.3)
    return Task(
        organization=branch.organization,
        path=branch.organization.path,
        kind=TaskKind.ASSIGNED,
        title=assignment.title,
        detail=assignment.detail,
        due_on=assignment.due_on,
        assignment=assignment,
        state=TaskState.DONE if is_done else TaskState.OPEN,
        reported_on=min(assignment.due_on, now.date()) - timedelta(days=3) if is_done else None,
        closed_on=min(assignment.due_on, now.date()) - timedelta(days=3) if is_done else None,
        result="已办结。" if is_done else "",
        created_by=assignment.created_by,
        created_at=assignment.created_at,
        idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
    )


def _own(branch: SettledBranch, *, rng: random.Random, today: date, now: datetime) -> list[Task]:
    people = [member.person for member in branch.members[:6]]
    rows = []
    for number, title in enumerate(rng.sample(OWN, 3)):
        is_done = number == 0
        rows.append(
            Task(
                organization=branch.organization,
                path=branch.organization.path,
                kind=TaskKind.RESOLUTION if number == 1 else TaskKind.OWN,
                title=title,
                owner=rng.choice(people),
                due_on=today + timedelta(days=rng.randrange(2, 30)),
                state=TaskState.DONE if is_done else TaskState.OPEN,
                closed_on=today - timedelta(days=4) if is_done else None,
                result="已办结。" if is_done else "",
                created_by=people[0],
                created_at=now - timedelta(days=15),
                idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
            )
        )
    return rows
