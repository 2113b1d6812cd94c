"""Reads of cycles, their branches and their reviewers that pages and services share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from apps.branches.models import PATH_STEP, Organization, Post, below
from apps.evaluations.models import BranchEvaluation, Cycle, CycleGrade, CycleStandard, Reviewer, Seat
from apps.members.models import Member
from apps.rules.branch_review import objection_until
from apps.rules.evaluation_steps import STEPS, Step
from apps.rules.kinds import Aspect, BranchForm
from apps.rules.kinds_evaluations import CycleState, EvaluationState
from apps.rules.periods import day_words
from apps.standards.queries import HeldStandard, standards_for

#: A branch that has existed for less than half of the year is usually left out.
HALF_YEAR = (7, 1)


def for_pages(evaluations: QuerySet[BranchEvaluation]) -> QuerySet[BranchEvaluation]:
    return evaluations.select_related("cycle__organization", "branch")


def by_name(evaluations: QuerySet[BranchEvaluation]) -> QuerySet[BranchEvaluation]:
    """In the order of the names by which pages call the branches."""
    short = NullIf("branch__short_name", Value(""))
    named = for_pages(evaluations).annotate(branch_name=Coalesce(short, "branch__name"))
    return named.order_by("branch_name", "pk")


def cycles_for_pages(cycles: QuerySet[Cycle]) -> QuerySet[Cycle]:
    return cycles.select_related("organization")


def grade_names(cycles: Collection[int]) -> dict[int, dict[int, str]]:
    """By cycle: position → name, the best first. One query."""
    found: dict[int, dict[int, str]] = {pk: {} for pk in cycles}
    for row in CycleGrade.objects.filter(cycle__in=found).order_by("position"):
        found[row.cycle_id][row.position] = row.name
    return found


def branches_of(organization: Organization, *, today: date) -> QuerySet[Organization]:
    """The branches of the subtree that are open today, in the order of the tree."""
    return Organization.objects.branches().under(organization.path).open_on(today).order_by("path")


def usual_reason(branch: Organization, *, year: int) -> str:
    """Why a branch is usually left out; the committee decides."""
    if branch.form == BranchForm.TEMPORARY:
        return "临时党支部"
    if branch.founded_on is not None and branch.founded_on >= date(year, *HALF_YEAR):
        return f"{day_words(branch.founded_on)}成立，不满半年"
    return ""


def usually_left_out(cycle: Cycle, *, today: date) -> list[tuple[Organization, str]]:
    """Those of its branches for which there is a usual reason."""
    branches = branches_of(cycle.organization, today=today)
    elsewhere = _evaluated_elsewhere(cycle)
    found = [(one, usual_reason(one, year=cycle.year) or elsewhere.get(one.pk, "")) for one in branches]
    return [(one, reason) for one, reason in found if reason]


def _evaluated_elsewhere(cycle: Cycle) -> dict[int, str]:
    """Branches that take part this year where a committee above or below this one evaluates them."""
    rows = BranchEvaluation.objects.filter(
        below(cycle.path), cycle__year=cycle.year, cycle__state__in=(CycleState.OPEN, CycleState.PUBLISHED)
    )
    rows = rows.exclude(cycle=cycle).exclude(state=EvaluationState.LEFT_OUT)
    return {
        row.branch_id: f"已参加{row.cycle.organization}组织的本年度考核"
        for row in rows.select_related("cycle__organization")
    }


def reviewers_of(cycle: Cycle) -> QuerySet[Reviewer]:
    """Those who still review, by name."""
    rows = Reviewer.objects.filter(cycle=cycle, ended_on__isnull=True).select_related("person", "cycle")
    return rows.order_by("person__pinyin", "pk")


def seats_of(evaluations: Collection[int]) -> dict[int, list[Seat]]:
    """By evaluation, the seats that are not recused. One query."""
    found: dict[int, list[Seat]] = {pk: [] for pk in evaluations}
    rows = Seat.objects.filter(evaluation__in=found, recused_on__isnull=True)
    for seat in rows.select_related("reviewer__person").order_by("reviewer__person__pinyin", "pk"):
        found[seat.evaluation_id].append(seat)
    return found


Conflicts = Mapping[tuple[int, int], str]


def conflicts_of(
    people: Collection[int], branches: Sequence[Organization], *, year: int, today: date
) -> Conflicts:
    """By person and branch: why the one may not review the other. Two queries.

    Members of the branch, and those who held a post in it (or in one of its groups) in the year or since.
    """
    keys = {branch.pk for branch in branches}
    found: dict[tuple[int, int], str] = {}
    members = Member.objects.on_roster().filter(person__in=people, branch__in=keys)
    for person_id, branch_id, name in members.values_list("person_id", "branch_id", "person__name"):
        found[person_id, branch_id] = f"{name}是本支部党员，应当回避。"
    paths = {branch.path: branch.pk for branch in branches}
    for post in _posts_since(date(year, 1, 1), people=people, today=today):
        path = post.organization.path
        at = paths.get(path) or paths.get(path[:-PATH_STEP])
        if at:
            holds = "担任过" if post.ends_on is not None and post.ends_on <= today else "现任"
            words = f"{post.person.name}{holds}本支部{post.get_kind_display()}，应当回避。"
            found.setdefault((post.person_id, at), words)
    return found


def _posts_since(day: date, *, people: Collection[int], today: date) -> QuerySet[Post]:
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    rows = Post.objects.filter(lasting, person__in=people, starts_on__lte=today)
    return rows.select_related("person", "organization").order_by("-starts_on")


@dataclass(frozen=True, slots=True)
class WeightShare:
    name: str
    per_cent: int


def weight_shares(
    marks: Mapping[int, int], *, standards: Sequence[CycleStandard], grades: Mapping[int, str]
) -> list[WeightShare]:
    """How the weights of one branch's standards fall upon the grades: never added up to a score.

    `marks`: cycle standard → grade. Standards without a mark count for nothing.
    """
    by_grade: dict[int, int] = defaultdict(int)
    for standard in standards:
        if standard.pk in marks:
            by_grade[marks[standard.pk]] += standard.weight or 0
    whole = sum(by_grade.values())
    if not whole:
        return []
    return [
        WeightShare(name, round(100 * by_grade[grade] / whole))
        for grade, name in grades.items()
        if by_grade[grade]
    ]


def share_words(shares: Sequence[WeightShare]) -> str:
    """「按权重：好占 62、较好占 30」."""
    return "按权重：" + "、".join(f"{one.name}占 {one.per_cent}%" for one in shares) if shares else ""


def is_overdue(today: date) -> Q:
    """Evaluations whose step should have been done by now, in cycles under way."""
    # A branch that lets the days for objections pass owes nothing: the committee may decide then.
    by = {state: step.by for state, step in STEPS.items()}
    by[EvaluationState.OBJECTION] = by[EvaluationState.DECISION]
    passed = [Q(state=state, **{f"cycle__{day}__lt": today}) for state, day in by.items()]
    return reduce(or_, passed) & Q(cycle__state=CycleState.OPEN)


def is_late(evaluation: BranchEvaluation, *, today: date) -> bool:
    due = due_on(evaluation, today=today)
    return due is not None and due < today and evaluation.cycle.state == CycleState.OPEN


def step_of(evaluation: BranchEvaluation, *, today: date) -> Step | None:
    """What is waited for; None once nothing is. After the last day for objections it is the decision."""
    state = EvaluationState(evaluation.state)
    until = objection_until(evaluation.cycle.objection_by, told_on=evaluation.told_on)
    if state is EvaluationState.OBJECTION and until < today:
        state = EvaluationState.DECISION
    return STEPS.get(state)


def due_on(evaluation: BranchEvaluation, *, today: date) -> date | None:
    """By the calendar; a branch that is told late has its days to object nevertheless."""
    step = step_of(evaluation, today=today)
    if step is STEPS[EvaluationState.OBJECTION]:
        return objection_until(evaluation.cycle.objection_by, told_on=evaluation.told_on)
    return getattr(evaluation.cycle, step.by) if step else None


def seated(evaluations: QuerySet[BranchEvaluation], reviewer_id: int | None) -> QuerySet[BranchEvaluation]:
    """Where this reviewer has a seat; without one, where nobody has."""
    seats = Seat.objects.filter(evaluation=OuterRef("pk"), recused_on__isnull=True)
    if reviewer_id is None:
        return evaluations.filter(~Exists(seats)).exclude(state=EvaluationState.LEFT_OUT)
    return evaluations.filter(Exists(seats.filter(reviewer=reviewer_id)))


def standards_to_choose(cycle: Cycle, *, today: date) -> list[tuple[HeldStandard, CycleStandard | None]]:
    """What holds at the committee today, each with the row of the draft where it is ticked."""
    ticked = {row.standard_id: row for row in CycleStandard.objects.filter(cycle=cycle)}
    held = standards_for(cycle.organization, on=today)
    return [(one, ticked.get(one.id)) for one in held]


def state_counts(evaluations: QuerySet[BranchEvaluation]) -> list[tuple[EvaluationState, int]]:
    """How many branches stand at which step, in the order of the steps."""
    rows = dict(evaluations.order_by().values_list("state").annotate(count=Count("pk")))
    return [(state, rows[state]) for state in EvaluationState if rows.get(state)]


def not_taken_in(cycle: Cycle, *, today: date) -> QuerySet[Organization]:
    """Open branches of the subtree that came into being, or moved here, after the opening."""
    known = BranchEvaluation.objects.filter(cycle=cycle).values("branch")
    return branches_of(cycle.organization, today=today).exclude(pk__in=known)


def standards_count(cycle: Cycle) -> int:
    return CycleStandard.objects.filter(cycle=cycle).count()


def standards_by_aspect(cycle: Cycle) -> list[tuple[Aspect, list[CycleStandard]]]:
    rows = list(CycleStandard.objects.filter(cycle=cycle).order_by("position"))
    parts = [(aspect, [row for row in rows if row.aspect == aspect]) for aspect in Aspect]
    return [(aspect, found) for aspect, found in parts if found]
