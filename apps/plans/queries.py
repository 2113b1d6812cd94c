"""Reads of plans that pages share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.branches.models import Organization, Post
from apps.plans.models import AnnualPlan, FeatureProject, PlanItem, TermGoal
from apps.rules.branch_year import BranchShape, YearLine, lines_for
from apps.rules.kinds import BranchForm, OrgKind, PlanState, PostKind, Progress
from apps.rules.periods import months_in

FINISHED = (Progress.DONE, Progress.CANCELLED)
#: From this month on the next plan is written.
NEXT_YEAR_FROM = 11


def with_counts(plans: QuerySet[AnnualPlan]) -> QuerySet[AnnualPlan]:
    """Each plan with how many items it has and how many are done; the cancelled ones are left out."""
    standing = ~Q(items__state=Progress.CANCELLED)
    return plans.select_related("branch").annotate(
        wanted=Count("items", filter=standing),
        done=Count("items", filter=Q(items__state=Progress.DONE)),
    )


def items_of(plan: AnnualPlan) -> list[PlanItem]:
    """In the order of the year."""
    rows = plan.items.select_related("owner", "carried_from__plan")
    return sorted(rows, key=lambda item: (months_in(item.months)[0], item.pk))


def by_month(items: Iterable[PlanItem]) -> list[tuple[str, list[PlanItem]]]:
    """First what runs through the year, then month by month; a month without anything is left out."""
    items = list(items)
    throughout = [item for item in items if len(months_in(item.months)) > 2]
    once = [item for item in items if item not in throughout]
    parts = [("全年", throughout)]
    parts += [(f"{n} 月", [item for item in once if n in months_in(item.months)]) for n in range(1, 13)]
    return [(label, found) for label, found in parts if found]


def shape_of(branch: Organization, *, today: date) -> BranchShape:
    term = branch.terms.filter(starts_on__lte=today).order_by("-starts_on").first()
    groups = Organization.objects.filter(parent=branch, kind=OrgKind.GROUP).open_on(today)
    return BranchShape(
        with_committee=term is not None and term.with_committee,
        with_groups=groups.exists(),
        temporary=branch.form == BranchForm.TEMPORARY,
    )


def owners_by_post(branch: Organization, *, today: date) -> dict[str, User]:
    rows = Post.objects.current_on(today).filter(organization=branch).select_related("person")
    return {post.kind: post.person for post in rows.order_by("-starts_on", "-pk")}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A line of the template, and who would look after it."""

    line: YearLine
    owner: User | None


@dataclass(frozen=True, kw_only=True)
class Offers:
    """All that can be taken over into a plan by a tick."""

    lines: list[Offer] = field(default_factory=list)
    unfinished: list[PlanItem] = field(default_factory=list)
    goals: list[TermGoal] = field(default_factory=list)


def offers_for(branch: Organization, *, year: int, today: date, plan: AnnualPlan | None = None) -> Offers:
    """The template's lines, last year's unfinished items and the goals due; not what the plan already has."""
    taken = list(plan.items.values_list("code", "carried_from_id", "title")) if plan else []
    codes, carried, titles = ({row[n] for row in taken} for n in range(3))
    posts = owners_by_post(branch, today=today)
    secretary = posts.get(PostKind.SECRETARY)
    lines = [
        Offer(line=line, owner=posts.get(line.owner, secretary))
        for line in lines_for(shape_of(branch, today=today))
        if line.code not in codes
    ]
    unfinished = unfinished_items(branch, year=year - 1).exclude(pk__in=carried - {None})
    goals = goals_due(branch, year=year)
    return Offers(
        lines=lines,
        unfinished=list(unfinished),
        goals=[goal for goal in goals if goal.title[:100] not in titles],
    )


def unfinished_items(branch: Organization, *, year: int) -> QuerySet[PlanItem]:
    """What the branch's filed plan of that year still owes, leaving out what comes again by the template."""
    rows = PlanItem.objects.filter(plan__branch=branch, plan__year=year, plan__state=PlanState.FILED, code="")
    return rows.exclude(state__in=FINISHED).select_related("owner", "plan").order_by("pk")


def goals_due(branch: Organization, *, year: int) -> QuerySet[TermGoal]:
    rows = TermGoal.objects.filter(branch=branch, due_year__lte=year)
    return rows.exclude(state__in=FINISHED).order_by("due_year", "pk")


def year_to_plan(today: date) -> int:
    return today.year + (today.month >= NEXT_YEAR_FROM)


def texts_of_last(branch: Organization, *, year: int) -> dict[str, str]:
    """The wording of the year before, to be gone over instead of typed again."""
    last = AnnualPlan.objects.filter(branch=branch, year__lt=year).order_by("-year").first()
    return {name: getattr(last, name) if last else "" for name in ("guiding", "goals", "safeguards")}


def with_plan_state(branches: QuerySet[Organization], *, year: int) -> QuerySet[Organization]:
    """Each branch with the plan it has for the year: its key once filed, its state, and the day of filing."""
    plans = AnnualPlan.objects.filter(branch=OuterRef("pk"), year=year)
    filed = plans.filter(state=PlanState.FILED)
    return branches.annotate(
        plan_id=Subquery(filed.values("pk")[:1]),
        plan_state=Coalesce(Subquery(plans.values("state")[:1]), Value("")),
        filed_on=Subquery(filed.values("filed_on")[:1]),
    )


def goals_of(branch: Organization, *, visible: QuerySet[TermGoal]) -> list[TermGoal]:
    """Open ones first, by the year they are due."""
    last = Case(When(state__in=FINISHED, then=1), default=0)
    rows = visible.filter(branch=branch).select_related("term").prefetch_related("notes__written_by")
    return list(rows.order_by(last, "due_year", "pk"))


@dataclass(frozen=True, kw_only=True)
class ProjectPage:
    project: FeatureProject
    quarters: list[tuple[str, list[str]]]


def project_pages(
    branch: Organization, *, visible: QuerySet[FeatureProject], today: date
) -> list[ProjectPage]:
    """Each project with its quarters up to now, the empty ones included; the newest first."""
    rows = visible.filter(branch=branch).prefetch_related("progress").order_by("-starts_on", "-pk")
    return [ProjectPage(project=row, quarters=quarters_of(row, today=today)) for row in rows]


def quarters_to_report(project: FeatureProject, *, today: date) -> list[tuple[int, int]]:
    """The quarters of the project that have begun, the newest first."""
    until = max(project.starts_on, min(today, project.ends_on or today))
    last, first = (day.year * 4 + (day.month - 1) // 3 for day in (until, project.starts_on))
    return [(n // 4, n % 4 + 1) for n in range(last, first - 1, -1)]


def quarters_of(project: FeatureProject, *, today: date) -> list[tuple[str, list[str]]]:
    words: dict[tuple[int, int], list[str]] = {}
    for row in sorted(project.progress.all(), key=lambda row: row.pk):
        words.setdefault((row.year, row.quarter), []).append(row.text)
    spelt = {*quarters_to_report(project, today=today), *words}
    return [
        (f"{year} 年第{'一二三四'[quarter - 1]}季度", words.get((year, quarter), []))
        for year, quarter in sorted(spelt, reverse=True)
    ]
