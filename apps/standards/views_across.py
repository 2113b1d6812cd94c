"""One standard or measure over all branches below: who needs help, never who is better."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.jobs.models import Job
from apps.rules.figures import FigureState
from apps.rules.measure_names import MEASURE_NAMES
from apps.rules.periods import day_words
from apps.standards import filters_figures, forms, policies, queries, queries_across, services_figures
from apps.standards.figure_words import STATES
from apps.standards.queries_record import YEARS_SHOWN, standing_on
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
    Column("说明", lambda row: row.why if row.why != row.words else "", hide_on_phone=True),
    Column("数到", lambda row: row.counted_on, kind="date", hide_on_phone=True),
]


@require_safe
def across(request: HttpRequest) -> HttpResponse:
    require(policies.can_see_across(request.user))
    year = year_of(request)
    return list_page(
        request,
        filterset=filter_of(request, year=year),
        columns=COLUMNS,
        title=f"各支部评议数字（{year} 年）",
        order=("need", "path", "measure", "pk"),
        actions=[Action("重新计算", f"{reverse('standards:recount')}?year={year}", icon="arrow-repeat")],
        empty="没有需要加强或无法判断的。还没有计算过的，请点“重新计算”。",
        intro=f"{INTRO}{counted_words(request, year=year)}",
    )


def counted_words(request: HttpRequest, *, year: int) -> str:
    """How old the oldest of the figures in reach are."""
    oldest = queries_across.counted_since(policies.visible_figures(request.user), year=year)
    return f"最早的数到{day_words(oldest)}。" if oldest else ""


def filter_of(request: HttpRequest, *, year: int) -> filters_figures.FigureFilter:
    this_year = clock.today().year
    highest = policies.scopes_across(request.user)[0]
    standards = queries.standards_for(highest, on=standing_on(year=year, today=clock.today()))
    return filters_figures.FigureFilter(
        # Also without any choice: what needs no help is left out by the filter itself.
        request.GET,
        queryset=policies.visible_figures(request.user).filter(year=year).select_related("branch__parent"),
        standards=list(standards),
        places=policies.places(request.user),
        years=range(this_year, min(year - 1, this_year - YEARS_SHOWN), -1),
    )


@require_http_methods(["GET", "POST"])
def recount(request: HttpRequest) -> HttpResponse:
    require(policies.can_see_across(request.user))
    form = forms.RecountForm(request.POST or None, initial={"year": year_of(request)})
    made: list[int] = []
    if attempt(request, form, lambda: made.append(start(request, form).pk)):
        return redirect("jobs:detail", pk=made[0])
    words = {"title": "重新计算各支部的评议数字", "submit": "开始计算", "tone": "primary"}
    return confirm_page(request, question=QUESTION, back_url=reverse("standards:across"), form=form, **words)


QUESTION = "系统每天夜里计算一次。刚改过记录、想马上看到的，可以现在计算，在后台进行。"


def start(request: HttpRequest, form: forms.RecountForm) -> Job:
    scope = chosen_of(list(policies.scopes_across(request.user)), request.GET.get("organization"))
    when = {"today": clock.today(), "now": clock.now()}
    return services_figures.start_counting(scope=scope, actor=request.user, **when, **form.cleaned_data)
