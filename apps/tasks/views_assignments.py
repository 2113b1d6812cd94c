"""How far the things assigned to branches are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from apps.branches.policies import visible_organizations
from apps.rules.kinds import OrgKind
from apps.tasks import policies, queries
from apps.tasks.filters import AssignmentFilter, TaskFilter
from apps.tasks.models import Assignment
from apps.tasks.views import columns
from apps.ui import clock
from apps.ui.lists import Action, Column, list_page
from apps.ui.policy import require

COLUMNS = (
    Column("事项", str, url=lambda row: reverse("tasks:assignment_detail", args=[row.pk]), primary=True),
    Column("期限", lambda row: row.due_on, kind="date"),
    Column("交办", lambda row: f"{row.sent} 个支部", kind="text"),
    Column("已办结", lambda row: row.done, kind="number"),
    Column("已逾期", lambda row: row.late, kind="number"),
    Column("交办党组织", lambda row: row.organization, hide_on_phone=True),
)


def assignment_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_assign(request.user))
    rows = queries.with_progress(policies.visible_assignments(request.user), today=clock.today())
    return list_page(
        request,
        filterset=AssignmentFilter(request.GET, queryset=rows),
        columns=COLUMNS,
        title="交办情况",
        order=("-created_at", "-pk"),
        actions=[Action("向下交办", reverse("tasks:assign"), icon="send")],
        empty="还没有向下交办过任务。",
    )


def assignment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    assignment: Assignment = get_object_or_404(policies.visible_assignments(request.user), pk=pk)
    rows = queries.for_list(policies.visible_tasks(request.user).filter(assignment=assignment))
    organizations = visible_organizations(request.user).exclude(kind=OrgKind.GROUP).order_by("path")
    today = clock.today()
    data = request.GET if request.GET else {"state": "all"}
    return list_page(
        request,
        filterset=TaskFilter(data, queryset=rows, organizations=organizations, today=today),
        columns=columns(today),
        title=f"交办：{assignment}",
        order=("path", "pk"),
        intro=f"完成期限 {assignment.due_on}。{assignment.detail}",
    )
