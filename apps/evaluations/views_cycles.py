"""The committee's cycles: the list, the draft, the opening, and the page on which one follows them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.evaluations import (
    forms_cycles,
    policies,
    policies_review,
    queries_cycles,
    queries_reviewers,
    services_cycles,
)
from apps.evaluations.filters import BranchFilter, CycleFilter
from apps.evaluations.models import BranchEvaluation, Cycle
from apps.rules.evaluation_steps import CALENDAR, USUAL_DAYS
from apps.rules.kinds_evaluations import CycleState, EvaluationState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, link_to, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import require

cycle_url = link_to("evaluations:cycle_detail")
branch_url = link_to("evaluations:branch")
CYCLE_TONES = {
    CycleState.DRAFT: "muted",
    CycleState.OPEN: "info",
    CycleState.PUBLISHED: "ok",
    CycleState.WITHDRAWN: "muted",
}
STATE_TONES = {
    EvaluationState.REPORT: "info",
    EvaluationState.REVIEW: "info",
    EvaluationState.OBJECTION: "info",
    EvaluationState.DECISION: "info",
    EvaluationState.DECIDED: "ok",
    EvaluationState.PUBLISHED: "ok",
    EvaluationState.LEFT_OUT: "muted",
}
COLUMNS = [
    Column("考核", lambda row: row.title, url=cycle_url, primary=True),
    Column("年度", lambda row: str(row.year)),
    Column("组织考核的党组织", lambda row: row.organization),
    Column("状态", lambda row: (row.get_state_display(), CYCLE_TONES[row.state]), kind="badge"),
    Column("自评截止", lambda row: row.report_by, kind="date", hide_on_phone=True),
    Column("发布截止", lambda row: row.publish_by, kind="date", hide_on_phone=True),
]
WIDTHS = {"organization": 8, "year": 4, **dict.fromkeys(USUAL_DAYS, 6), "reviewers_needed": 6}


@require_safe
def cycle_list(request: HttpRequest) -> HttpResponse:
    rows = queries_cycles.cycles_for_pages(policies.visible_cycles(request.user))
    this_year = clock.today().year
    return list_page(
        request,
        filterset=CycleFilter(request.GET, queryset=rows, years=range(this_year, this_year - 5, -1)),
        columns=COLUMNS,
        title="年度考核",
        order=("-year", "-pk"),
        actions=list_actions(request),
        empty="还没有年度考核。党委、党总支的组织员起草，确定标准、日期和评审人后开始。",
        intro="党支部书记述职评议考核，每年一次。",
    )


def list_actions(request: HttpRequest) -> list[Action]:
    """To the desk for those who review, to a new draft for organizers."""
    actions = []
    if policies_review.can_review(request.user):
        actions.append(Action("我的评审", reverse("evaluations:desk"), icon="clipboard-check"))
    if policies.can_create(request.user):
        actions.append(Action("起草年度考核", reverse("evaluations:cycle_create"), icon="plus-lg"))
    return actions


def cycle_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_create(request.user), "年度考核由上级组织员组织。")
    today = clock.today()
    places = policies.places_to_evaluate(request.user)
    form = forms_cycles.CycleForm(request.POST or None, places=places, today=today)
    who = {"actor": request.user, "today": today, "now": clock.now()}
    made: list[Cycle] = []
    if attempt(request, form, lambda: made.append(services_cycles.create_cycle(**who, **form.cycle()))):
        return redirect(cycle_url(made[0]))
    words = {"submit": "保存草稿", "back_url": reverse("evaluations:cycle_list"), "intro": DRAFTING}
    return form_page(request, form=form, title="起草年度考核", columns=WIDTHS, **words)


DRAFTING = "先存草稿，再选标准、定评审人，最后点“开始考核”。开始以前支部看不到。"


def cycle_of(request: HttpRequest, pk: int) -> Cycle:
    rows = queries_cycles.cycles_for_pages(policies.visible_cycles(request.user))
    cycle: Cycle = get_object_or_404(rows, pk=pk)
    return cycle


def cycle_update(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_of(request, pk)
    require(policies.can_update(request.user, cycle), STARTED)
    names = queries_cycles.grade_names([cycle.pk])[cycle.pk].values()
    form = forms_cycles.CycleUpdateForm(request.POST or None, cycle=cycle, grades=list(names))
    target = {"cycle": cycle, "actor": request.user}
    if attempt(request, form, lambda: services_cycles.update_cycle(**target, **form.changes())):
        return redirect(cycle_url(cycle))
    words = {"submit": "保存", "back_url": cycle_url(cycle), "columns": WIDTHS}
    return form_page(request, form=form, title=f"修改（{cycle.title}）", **words)


STARTED = "考核已经开始，标准、等次和日期不能再改；确需改动的，请撤回后重新起草。"


def cycle_standards(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_of(request, pk)
    require(policies.can_update(request.user, cycle), STARTED)
    today = clock.today()
    offered = queries_cycles.standards_to_choose(cycle, today=today)
    form = forms_cycles.StandardsForm(posted(request), cycle=cycle, offered=offered)
    target = {"cycle": cycle, "actor": request.user, "today": today}
    call = services_cycles.choose_standards
    if attempt(
        request, form, lambda: call(version=form.cleaned_data["version"], chosen=form.chosen(), **target)
    ):
        return redirect(cycle_url(cycle))
    words = {"submit": "保存", "back_url": cycle_url(cycle), "template": "evaluations/standards_form.html"}
    return form_page(request, form=form, title="选定考核标准", intro=cycle.title, **words)


def posted(request: HttpRequest) -> Any:
    """What was sent, also where it is nothing: no tick is an answer."""
    return request.POST if request.method == "POST" else None


def cycle_open(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_of(request, pk)
    require(policies.can_open(request.user, cycle), STARTED)
    usual = queries_cycles.usually_left_out(cycle, today=clock.today())
    form = forms_cycles.OpenForm(posted(request), cycle=cycle, usual=usual)
    if attempt(request, form, lambda: start(request, cycle, form=form)):
        messages.success(request, "考核已经开始，各支部的工作台上可以看到。请安排评审人的支部。")
        return redirect(cycle_url(cycle))
    words = {"submit": "开始考核", "back_url": cycle_url(cycle), "template": "evaluations/open_form.html"}
    extra = {"cycle": cycle, "summary": summary(cycle)}
    return form_page(request, form=form, title="开始年度考核", extra=extra, intro=cycle.title, **words)


def start(request: HttpRequest, cycle: Cycle, *, form: forms_cycles.OpenForm) -> None:
    services_cycles.open_cycle(
        cycle=cycle,
        version=form.cleaned_data["version"],
        left_out=form.reasons(),
        actor=request.user,
        today=clock.today(),
    )


def cycle_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_of(request, pk)
    require(policies.can_withdraw(request.user, cycle), "已经发布或者已经撤回的考核不能撤回。")
    form = forms_cycles.WithdrawForm(request.POST or None)
    target = {"cycle": cycle, "actor": request.user}
    if attempt(request, form, lambda: services_cycles.withdraw_cycle(**target, **form.cleaned_data)):
        return redirect(cycle_url(cycle))
    title, question = (
        f"撤回{cycle.title}",
        "撤回后支部和评审人不再看到，写过的内容上级仍可查看。撤回不能恢复。",
    )
    back = cycle_url(cycle)
    return confirm_page(request, title=title, question=question, submit="撤回", back_url=back, form=form)


def summary(cycle: Cycle) -> list[tuple[str, Any]]:
    """What the cycle goes by, in words."""
    count = queries_cycles.standards_count(cycle)
    grades = "、".join(queries_cycles.grade_names([cycle.pk])[cycle.pk].values())
    weights = "分权重（只列各等次占比，不算总分）" if cycle.weighted else "不分权重"
    return [
        ("考核标准", f"{count} 条，{weights}"),
        ("等次", grades),
        ("每个支部的评审人", f"{cycle.reviewers_needed} 名"),
    ]


def calendar_of(cycle: Cycle) -> list[dict[str, Any]]:
    """Who does what until when, in the order of time."""
    today = clock.today()
    running = cycle.state == CycleState.OPEN
    lines = [{"step": step, "due_on": getattr(cycle, step.by)} for step in CALENDAR]
    return [line | {"passed": running and line["due_on"] < today} for line in lines]


@require_safe
def cycle_detail(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_of(request, pk)
    context = {"cycle": cycle, "calendar": calendar_of(cycle), "summary": summary(cycle)}
    context |= {
        "may": rights_on(request, cycle),
        "badge": (cycle.get_state_display(), CYCLE_TONES[cycle.state]),
    }
    if cycle.state == CycleState.DRAFT:
        context["loads"] = queries_reviewers.loads_of(cycle)
        context["standards_count"] = queries_cycles.standards_count(cycle)
        return render(request, "evaluations/draft.html", context)
    return branches_page(request, cycle, context=context)


def branches_page(request: HttpRequest, cycle: Cycle, *, context: dict[str, Any]) -> HttpResponse:
    """The branches in the order of their names, never of their grades."""
    rows = queries_cycles.by_name(policies.visible_evaluations(request.user).filter(cycle=cycle))
    reviewers = list(queries_cycles.reviewers_of(cycle))
    return list_page(
        request,
        filterset=BranchFilter(request.GET, queryset=rows, reviewers=reviewers, today=clock.today()),
        columns=BRANCH_COLUMNS,
        title=cycle.title,
        order=("branch_name", "pk"),
        empty="这里没有您可以看的支部。",
        complete=with_seats,
        template="evaluations/cycle.html",
        extra={**context, "counts": queries_cycles.state_counts(rows)},
    )


def with_seats(rows: list[BranchEvaluation]) -> list[BranchEvaluation]:
    seats = queries_cycles.seats_of([row.pk for row in rows])
    for row in rows:
        row.__dict__["seats"] = seats[row.pk]
    return rows


def seats_words(row: BranchEvaluation) -> str:
    names = [
        f"{seat.reviewer.person}（已交）" if seat.handed_in_on else str(seat.reviewer.person)
        for seat in row.__dict__["seats"]
    ]
    return "、".join(names)


def due_badge(row: BranchEvaluation) -> tuple[str, str] | None:
    """Until when, red once it has passed."""
    due = queries_cycles.due_on(row, today=clock.today())
    if due is None:
        return None
    late = queries_cycles.is_late(row, today=clock.today())
    return (f"{due:%Y-%m-%d}{' 已过' if late else ''}", "bad" if late else "muted")


def who(row: BranchEvaluation) -> str:
    step = queries_cycles.step_of(row, today=clock.today())
    if step and row.branch.closed_on and row.branch.closed_on <= clock.today():
        return "支部已撤销，请组织考核的党组织办理“本年度不参加”"
    return step.who if step else row.left_out_reason


BRANCH_COLUMNS = [
    Column("党支部", lambda row: row.branch, url=branch_url, primary=True),
    Column(
        "步骤",
        lambda row: (row.get_state_display(), STATE_TONES[EvaluationState(row.state)]),
        kind="badge",
    ),
    Column("该谁办", who),
    Column("最迟", due_badge, kind="badge"),
    Column("评审人", seats_words),
]


def rights_on(request: HttpRequest, cycle: Cycle) -> dict[str, bool]:
    """What the page of a cycle offers this person; each view asks again."""
    return {
        "update": policies.can_update(request.user, cycle),
        "open": policies.can_open(request.user, cycle),
        "withdraw": policies.can_withdraw(request.user, cycle),
        "name": policies.can_name(request.user, cycle),
        "seat": policies.can_seat(request.user, cycle),
        "publish": policies_review.can_publish_cycle(request.user, cycle),
        "tables": policies.reads_tables(request.user, cycle),
    }


@require_safe
def cycle_print(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_of(request, pk)
    rows = queries_cycles.by_name(policies.visible_evaluations(request.user).filter(cycle=cycle))
    context = {
        "cycle": cycle,
        "calendar": calendar_of(cycle),
        "summary": summary(cycle),
        "standards": queries_cycles.standards_by_aspect(cycle),
        "rows": [(row, seats_words(row)) for row in with_seats(list(rows))],
        "back_url": cycle_url(cycle),
    }
    return render(request, "evaluations/cycle_print.html", context)
