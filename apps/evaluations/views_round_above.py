"""For those above: how far each branch is with its round. Counts and parts, never a name, never a text."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from apps.evaluations import policies_round as policies
from apps.evaluations import queries_round as queries
from apps.evaluations.filters_round import OverviewFilter
from apps.rules.cadences import CADENCES
from apps.rules.kinds_evaluations import RoundPart
from apps.ui import clock
from apps.ui.lists import Action, Column, list_page
from apps.ui.policy import require, year_in


def state_of(row: queries.BranchRow) -> tuple[str, str]:
    if row.stand is None:
        return ("不要求", "muted") if row.is_temporary else ("尚未登记", "warn")
    if row.stand.round.closed_on:
        return "已完成", "ok"
    return "进行中", "info"


def missing_of(row: queries.BranchRow) -> str:
    if row.stand is None:
        return NOT_ASKED if row.is_temporary else "全部环节"
    return "、".join(row.stand.missing) or "没有缺项"


def met_on(row: queries.BranchRow) -> object:
    days = [sitting.held_on for sitting in row.stand.met] if row.stand else []
    return min(days, default=None)


def parts_of(row: queries.BranchRow) -> str:
    if row.stand is None:
        return ""
    whole = len(RoundPart) + len(row.stand.steps)
    return f"{whole - len(row.stand.missing)} / {whole} 项"


def grades_of(row: queries.BranchRow) -> str:
    if row.stand is None or not row.stand.round.with_grades:
        return ""
    return queries.grade_words(row.stand)


#: A temporary branch holds none (OL-1).
NOT_ASKED = next(one.not_applicable_words for one in CADENCES if one.code == "OL-1")
COLUMNS = [
    Column("党支部", lambda row: row.branch, primary=True),
    Column("上级党组织", lambda row: row.branch.parent, hide_on_phone=True),
    Column("状态", state_of, kind="badge"),
    Column("开会日期", met_on, kind="date"),
    Column("已有环节", parts_of),
    Column("还缺", missing_of),
    Column("评定等次", grades_of),
]
INTRO = "按名称排列。只有环节和人数，没有姓名，也看不到任何人写的内容。"


def round_overview(request: HttpRequest) -> HttpResponse:
    require(policies.can_oversee(request.user), "这一页是给上级党组织用的。")
    today = clock.today()
    year = year_in(request.GET.get("year"), usual=queries.year_to_prepare(today))
    rows = policies.branches_to_oversee(request.user)
    return list_page(
        request,
        filterset=OverviewFilter(request.GET, queryset=rows, today=today),
        columns=COLUMNS,
        title=f"{year} 年度组织生活会和民主评议：各支部开展情况",
        intro=INTRO,
        order=("name", "pk"),
        complete=lambda found: queries.branch_rows(found, year=year, today=today),
        actions=[Action("返回", reverse("evaluations:round_list"), tone="secondary")],
    )
