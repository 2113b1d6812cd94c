"""Lists of plans, and making, wording and filing one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.branches.models import Organization
from apps.branches.policies import visible_branches
from apps.plans import forms, policies, queries, services
from apps.plans.filters import OverviewFilter, PlanFilter
from apps.plans.models import AnnualPlan
from apps.rules.kinds import PlanState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, link_to, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, require, year_in

plan_url = link_to("workbench:plan_detail")
STATE_TONES = {PlanState.DRAFT: "warn", PlanState.FILED: "ok"}
COLUMNS = [
    Column("年度计划", lambda row: f"{row.year} 年度计划", url=plan_url, primary=True),
    Column("党支部", lambda row: row.branch),
    Column("状态", lambda row: (row.get_state_display(), STATE_TONES[row.state]), kind="badge"),
    Column("定稿日期", lambda row: row.filed_on, kind="date"),
    Column("已登记完成", lambda row: f"{row.done} / {row.wanted} 项", hide_on_phone=True),
]

FILING = "定稿后支部党员和上级可以查看；以后再改，会连同原因记为调整。"


def actions_of(request: HttpRequest) -> list[Action]:
    user = request.user
    goals = policies.branches_with_plans(user)
    offered = [
        (policies.can_write(user), Action("起草年度计划", reverse("plans:create"), icon="plus-lg")),
        (
            policies.can_oversee(user),
            Action("各支部定稿情况", reverse("plans:overview"), icon="list-check"),
        ),
        (
            goals.exists(),
            Action("任期目标和特色项目", reverse("plans:goals"), tone="secondary", icon="flag"),
        ),
        (
            policies.can_subscribe(user),
            Action("日历订阅", reverse("workbench:calendar"), tone="secondary", icon="calendar3"),
        ),
    ]
    return [action for allowed, action in offered if allowed]


def plan_list(request: HttpRequest) -> HttpResponse:
    rows = queries.with_counts(policies.visible_plans(request.user))
    branches = visible_branches(request.user).order_by("path")
    return list_page(
        request,
        filterset=PlanFilter(request.GET, queryset=rows, organizations=branches, today=clock.today()),
        columns=COLUMNS,
        title="年度计划",
        order=("-year", "-pk"),
        actions=actions_of(request),
        empty="还没有年度计划。支部书记、副书记或组织委员可以从模板起草，几分钟就能做好。",
    )


def overview(request: HttpRequest) -> HttpResponse:
    """For those above: which branches have filed their plan of the year, and which have not."""
    require(policies.can_oversee(request.user), "这一页是给上级党组织用的。")
    today = clock.today()
    year = year_in(request.GET.get("year"), usual=today.year, first=today.year - 30, last=today.year + 30)
    rows = queries.with_plan_state(policies.branches_to_oversee(request.user), year=year)
    return list_page(
        request,
        filterset=OverviewFilter(request.GET, queryset=rows, today=today),
        columns=overview_columns(year),
        title=f"{year} 年度计划定稿情况",
        order=("path", "pk"),
        empty="没有符合条件的党支部。",
        intro="年度计划应在二月底前定稿。",
    )


def overview_columns(year: int) -> list[Column]:
    branch_url = link_to("workbench:branch_detail")
    return [
        Column("党支部", str, url=branch_url, primary=True),
        Column("上级党组织", lambda row: row.parent),
        Column(f"{year} 年度计划", state_of_branch, url=filed_url, kind="badge"),
        Column("定稿日期", lambda row: row.filed_on, kind="date"),
    ]


def state_of_branch(row: Organization) -> tuple[str, str]:
    if row.plan_state:
        return PlanState(row.plan_state).label, STATE_TONES[PlanState(row.plan_state)]
    return "还没有计划", "bad"


def filed_url(row: Organization) -> str:
    return reverse("workbench:plan_detail", args=[row.plan_id]) if row.plan_id else ""


def plan_create(request: HttpRequest) -> HttpResponse:
    """One page of ticks makes the draft; the address names branch and year."""
    require(policies.can_write(request.user))
    today = clock.today()
    branch = chosen(policies.branches_to_plan_for(request.user), request.GET.get("branch"))
    usual = queries.year_to_plan(today)
    year = year_in(request.GET.get("year"), usual=usual, first=usual - 1, last=usual + 1)
    offers = queries.offers_for(branch, year=year, today=today)
    initial = queries.texts_of_last(branch, year=year)
    form = forms.PlanForm(request.POST or None, offers=offers, initial=initial)
    made: list[AnnualPlan] = []
    where = {"branch": branch, "year": year, "actor": request.user, "today": today, "now": clock.now()}
    if attempt(request, form, lambda: made.append(services.create_plan(**where, **form.plan()))):
        return redirect(plan_url(made[0]))
    return create_page(request, form=form, branch=branch, year=year)


def create_page(
    request: HttpRequest, *, form: forms.PlanForm, branch: Organization, year: int
) -> HttpResponse:
    this_year = clock.today().year
    mine = list(policies.branches_to_plan_for(request.user)[:300])
    return form_page(
        request,
        form=form,
        title=f"起草 {year} 年度计划（{branch}）",
        submit="生成计划",
        back_url=reverse("plans:list"),
        intro="不需要的去掉勾，责任人按现任职务预填；生成后还可以逐项修改。",
        template="plans/plan_form.html",
        extra={"branch": branch, "branches": mine, "year": year, "years": [this_year, this_year + 1]},
    )


def plan_of(request: HttpRequest, pk: int) -> AnnualPlan:
    """The plan, once it is certain that the person writes it."""
    plan = get_object_or_404(policies.visible_plans(request.user).select_related("branch"), pk=pk)
    require(policies.can_change(request.user, plan))
    return plan


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where it is nothing: no tick is an answer."""
    return request.POST if request.method == "POST" else None


def plan_take_over(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    require(policies.can_file(request.user, plan), "计划已经定稿，请在“修改事项”里加入并写明原因。")
    today = clock.today()
    offers = queries.offers_for(plan.branch, year=plan.year, today=today, plan=plan)
    form = forms.TakeOverForm(posted(request), offers=offers)
    target = {"plan": plan, "actor": request.user, "today": today}
    if attempt(request, form, lambda: services.take_over(**target, chosen=form.chosen())):
        return redirect(plan_url(plan))
    intro = "勾选要加入的；已经在计划里的不再列出。" if form.fields else "模板里的事项都已在计划里。"
    title = f"加入常规工作（{plan.year} 年度计划）"
    return form_page(request, form=form, title=title, submit="加入", back_url=plan_url(plan), intro=intro)


def plan_update(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    form = forms.TextsForm(request.POST or None, plan=plan)
    target = {"plan": plan, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services.update_texts(**target, **form.cleaned_data)):
        return redirect(plan_url(plan))
    title = f"指导思想、目标和保障（{plan.year} 年度计划）"
    return form_page(request, form=form, title=title, submit="保存", back_url=plan_url(plan))


def plan_file(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    require(policies.can_file(request.user, plan), "这份计划已经定稿。")
    form = forms.FileForm(posted(request))
    target = {"plan": plan, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.file_plan(**target)):
        messages.success(request, "计划已标记为定稿，全体党员和上级可以看到。")
        return redirect(plan_url(plan))
    title, back = f"{plan.year} 年度计划定稿", plan_url(plan)
    return confirm_page(
        request, title=title, question=FILING, submit="标记为已定稿", tone="primary", back_url=back, form=form
    )


def plan_print(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(policies.visible_plans(request.user).select_related("branch"), pk=pk)
    rows = queries.by_month(queries.items_of(plan))
    context = {"plan": plan, "parts": rows, "back_url": plan_url(plan), "today": clock.today()}
    return render(request, "plans/plan_print.html", context)
