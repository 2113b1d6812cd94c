"""One standard or measure over all branches below: who needs help, never who is better."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.rules.figures import FigureState
from apps.rules.measure_names import MEASURE_NAMES
from apps.standards import filters_figures, forms, policies, queries, services_figures
from apps.standards.figure_words import STATES
from apps.standards.queries_record import standing_on
from apps.standards.views_record import year_of
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page
from apps.ui.policy import chosen_of, require

INTRO = (
    "只列需要帮助的：先是需要加强的，再是尚无法判断的，同类按党组织顺序排列，不作排名。"
    "点支部名称看它的评议档案。"
)
COLUMNS = [
    Column(
        "党支部",
        lambda row: row.branch,
        primary=True,
        url=lambda row: f"{reverse('standards:record', args=[row.branch_id])}?year={row.year}",
    ),
    Column(
        "指标",
        lambda row: MEASURE_NAMES.get(row.measure, row.measure),
        url=lambda row: f"{reverse('standards:figure', args=[row.branch_id, row.measure])}?year={row.year}",
    ),
    Column("数字", lambda row: row.words),
    Column("状态", lambda row: STATES[FigureState(row.state)][:2], kind="badge"),
    Column("说明", lambda row: row.why, hide_on_phone=True),
    Column("数到", lambda row: row.counted_on, kind="date", hide_on_phone=True),
]


@require_safe
def across(request: HttpRequest) -> HttpResponse:
    require(policies.can_see_across(request.user))
    year, scopes = year_of(request), list(policies.scopes_across(request.user))
    standards = queries.standards_for(scopes[0], on=standing_on(year=year, today=clock.today()))
    rows = policies.visible_figures(request.user).filter(year=year).select_related("branch__parent")
    chosen = filters_figures.FigureFilter(
        request.GET or None, queryset=rows, standards=list(standards), places=policies.places(request.user)
    )
    recount = Action("重新计算", f"{reverse('standards:recount')}?year={year}", icon="arrow-repeat")
    return list_page(
        request,
        filterset=chosen,
        columns=COLUMNS,
        title=f"各支部评议数字（{year} 年）",
        order=("need", "path", "measure", "pk"),
        actions=[recount],
        empty="没有需要加强或无法判断的。还没有计算过的，请点“重新计算”。",
        intro=INTRO,
    )


@require_http_methods(["GET", "POST"])
def recount(request: HttpRequest) -> HttpResponse:
    require(policies.can_see_across(request.user))
    scopes, year = list(policies.scopes_across(request.user)), year_of(request)
    form = forms.RecountForm(request.POST or None, initial={"year": year})
    made: list[int] = []

    def start() -> None:
        scope = chosen_of(scopes, request.GET.get("organization"))
        job = services_figures.start_counting(
            scope=scope, actor=request.user, today=clock.today(), now=clock.now(), **form.cleaned_data
        )
        made.append(job.pk)

    if attempt(request, form, start):
        return redirect("jobs:detail", pk=made[0])
    words = {"title": "重新计算各支部的评议数字", "submit": "开始计算", "tone": "primary"}
    question = "系统每天夜里计算一次。刚改过记录、想马上看到的，可以现在计算，在后台进行。"
    return confirm_page(request, question=question, back_url=reverse("standards:across"), form=form, **words)
