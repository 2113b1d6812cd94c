"""What the first pages show: duties, hints, tasks and sittings of one branch; exceptions of many."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.ballots.models import Poll
from apps.ballots.queries import waiting_for
from apps.ballots.queries_at_hand import PollLine, at_hand, told_by
from apps.branches.facts import override_facts
from apps.branches.models import Organization
from apps.ledger.facts import kept_facts, marks_of
from apps.meetings.models import Meeting, MeetingState
from apps.meetings.queries_directives import ToConvey, to_convey
from apps.members.models import CorrectionRequest, Member
from apps.members.queries_corrections import OpenRequest, open_requests
from apps.rules.cadences import Override, cadences_since
from apps.rules.duties import Duty, duties, looks_back_to
from apps.rules.facts import OrgFacts
from apps.rules.hints import Hint, hints
from apps.rules.kinds import DutyState, Period, TaskKind
from apps.rules.periods import add_months
from apps.tasks.models import Task, TaskState

#: A duty is "for today" from this many days before its last day on.
PRESSING_DAYS = 7
SOON_DAYS = 31
#: So long an answer to a request stands on the member's first page.
TOLD_DAYS = 30


class TaskLine(NamedTuple):
    pk: int
    title: str
    kind: str
    due_on: date | None
    owner: str | None


class SittingLine(NamedTuple):
    pk: int
    title: str
    state: str
    held_on: date
    group: str


@dataclass(frozen=True, kw_only=True)
class BranchPage:
    """The workbench of one branch, in the order in which it is read."""

    branch: Organization
    today: date
    overdue: list[Duty] = field(default_factory=list)
    pressing: list[Duty] = field(default_factory=list)
    this_month: list[Duty] = field(default_factory=list)
    later: list[Duty] = field(default_factory=list)
    done: list[Duty] = field(default_factory=list)
    not_asked: list[Duty] = field(default_factory=list)
    unknown: list[Duty] = field(default_factory=list)
    hints: tuple[Hint, ...] = ()
    late_tasks: list[TaskLine] = field(default_factory=list)
    tasks: list[TaskLine] = field(default_factory=list)
    #: Documents from above that are to be conveyed within days, and those for which the day has passed.
    to_convey: list[ToConvey] = field(default_factory=list)
    late_to_convey: list[ToConvey] = field(default_factory=list)
    requests: tuple[OpenRequest, ...] = ()
    sittings: list[SittingLine] = field(default_factory=list)
    facts: OrgFacts | None = None
    #: Equal as long as the lists of duties are; for parts of the page that are kept in memory.
    stamp: object = None

    @property
    def is_new(self) -> bool:
        """No roster yet: the guide comes first."""
        return self.facts is not None and not self.facts.members


def end_of_month(today: date) -> date:
    return add_months(today.replace(day=1), 1) - timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the rules say of a branch today. `stamp` is another whenever something here may be."""

    facts: OrgFacts
    duties: tuple[Duty, ...]
    hints: tuple[Hint, ...]
    #: The duties by the part of the page that they stand in.
    places: dict[str, list[Duty]]
    #: Documents from above that press or are late, and requests for correction that wait for an answer.
    papers: tuple[ToConvey, ...]
    requests: tuple[OpenRequest, ...]
    stamp: object


def judged(branch: Organization, *, today: date) -> Judged:
    """Kept in memory until the branch's records, the rules in force, or the day change."""
    revision, rules = marks_of(branch)
    return _judged(Case(branch, stamp=(branch.pk, revision or uuid.uuid4(), rules, today)))


@dataclass(frozen=True)
class Case:
    """A branch and all that its judgement hangs on; equal where that is equal."""

    branch: Organization = field(compare=False)
    _: KW_ONLY
    stamp: tuple[int, uuid.UUID, int | None, date]


@lru_cache(maxsize=512)
def _judged(case: Case) -> Judged:
    *_, today = case.stamp
    since = looks_back_to(today)
    overrides = override_facts([case.branch], since=since)[case.branch.pk]
    facts = kept_facts(case.branch, since=_records_from(overrides, since=since))
    found = duties(facts, cadences=cadences_since(since, overrides), today=today)
    return Judged(
        facts=facts,
        duties=found,
        hints=hints(facts, today=today),
        places=_sorted(found, today=today),
        papers=tuple(to_convey(case.branch, until=today + timedelta(days=PRESSING_DAYS))),
        requests=tuple(open_requests(case.branch.pk)),
        stamp=case.stamp,
    )


def _records_from(overrides: Iterable[Override], *, since: date) -> date:
    """The round of the year before is judged, too; a rule for each term counts all its years."""
    by_term = any(override.period == Period.TERM for override in overrides)
    return date.min if by_term else date(since.year - 1, 1, 1)


def branch_page(branch: Organization, *, today: date) -> BranchPage:
    """Everything on the secretary's first page, in a fixed number of queries."""
    judgement = judged(branch, today=today)
    open_tasks = _open_tasks(branch)
    late = [task for task in open_tasks if task.due_on and task.due_on < today]
    papers = judgement.papers
    return BranchPage(
        branch=branch,
        today=today,
        hints=judgement.hints,
        late_tasks=late,
        tasks=[task for task in open_tasks if task not in late][:10],
        to_convey=[paper for paper in papers if paper.convey_by >= today],
        late_to_convey=[paper for paper in papers if paper.convey_by < today],
        requests=judgement.requests,
        sittings=_coming(branch, facts=judgement.facts),
        facts=judgement.facts,
        stamp=judgement.stamp,
        **judgement.places,
    )


def _sorted(found: Iterable[Duty], *, today: date) -> dict[str, list[Duty]]:
    places: dict[str, list[Duty]] = {}
    for duty in found:
        places.setdefault(_place(duty, today=today), []).append(duty)
    places.get("done", []).sort(key=lambda duty: duty.due_on, reverse=True)
    seen: dict[tuple[str, int | None], Duty] = {}
    for duty in places.get("not_asked", []):
        seen[duty.code, duty.group_id] = duty
    if seen:
        places["not_asked"] = list(seen.values())
    return places


def _place(duty: Duty, *, today: date) -> str:
    fixed = {
        DutyState.DONE: "done",
        DutyState.OVERDUE: "overdue",
        DutyState.UNKNOWN: "unknown",
        DutyState.NOT_APPLICABLE: "not_asked",
        DutyState.EXCUSED: "not_asked",
    }
    if duty.state in fixed:
        return fixed[duty.state]
    if duty.due_on <= today + timedelta(days=PRESSING_DAYS):
        return "pressing"
    return "this_month" if duty.due_on <= end_of_month(today) else "later"


def _open_tasks(branch: Organization) -> list[TaskLine]:
    rows = Task.objects.filter(organization_id=branch.pk, state=TaskState.OPEN).order_by("due_on", "pk")
    shown = rows.values_list("pk", "title", "kind", "due_on", "owner__name")[:50]
    return [
        TaskLine(pk, title, TaskKind(kind).label, due_on, owner) for pk, title, kind, due_on, owner in shown
    ]


def _coming(branch: Organization, *, facts: OrgFacts) -> list[SittingLine]:
    """Planned sittings and those still being recorded, of the branch and its groups."""
    unfinished = Meeting.objects.filter(
        branch_id=branch.pk, state__in=[MeetingState.PLANNED, MeetingState.OPEN]
    )
    shown = unfinished.order_by("held_on", "pk").values_list("pk", "title", "state", "held_on", "group_id")[
        :10
    ]
    names = {group.id: group.name for group in facts.groups}
    return [
        SittingLine(pk, title, state, held_on, names.get(group_id or 0, ""))
        for pk, title, state, held_on, group_id in shown
    ]


@dataclass(frozen=True, kw_only=True)
class MemberPage:
    member: Member | None
    meetings: list[Meeting]
    tasks: list[Task]
    #: Correction requests answered of late: here the member is told.
    answered: list[CorrectionRequest]
    #: Secret ballots that still wait for this member's vote.
    polls: list[Poll]
    #: And those that he counts.
    counts: list[PollLine]


def member_page(user: User, *, visible: QuerySet[Meeting], today: date) -> MemberPage:
    """A member's first page: my meetings, tasks and record. `visible` is what he may see of sittings."""
    member = Member.objects.select_related("branch", "group").filter(person=user).first()
    coming = visible.filter(held_on__gte=today - timedelta(days=60)).exclude(state=MeetingState.CANCELLED)
    tasks = Task.objects.filter(owner=user, state=TaskState.OPEN).order_by("due_on", "pk")
    lately = today - timedelta(days=TOLD_DAYS)
    answered = CorrectionRequest.objects.filter(member__person=user, answered_on__gte=lately)
    return MemberPage(
        member=member,
        meetings=list(coming.select_related("branch", "group").order_by("-held_on", "-pk")[:10]),
        tasks=list(tasks[:20]),
        answered=list(answered.only("pk", "field", "state", "answered_on").order_by("-answered_on", "-pk")),
        polls=waiting_for(user, today=today),
        counts=at_hand(told_by(user), user=user, today=today),
    )
