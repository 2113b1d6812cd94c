"""Assigning to branches: the question before sending, how far they are, and words to remind them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.branches.models import Organization
from apps.rules.kinds import NoteKind
from apps.tasks import policies, queries, services, services_review
from apps.tasks.filters import PROGRESS, AssignmentFilter, SentFilter
from apps.tasks.forms_assign import AssignForm
from apps.tasks.known_figures import known_in, workload
from apps.tasks.models import Assignment, Task, TaskState
from apps.tasks.reminders import reminders_of
from apps.tasks.views import detail_url, posted, state_badge
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, require

COLUMNS = (
    Column("事项", str, url=lambda row: reverse("tasks:assignment_detail", args=[row.pk]), primary=True),
    Column("期限", lambda row: row.due_on, kind="date"),
    Column("交办", lambda row: f"{row.sent} 个支部", kind="text"),
    Column("待验收", lambda row: (f"{row.reported} 个", "warn") if row.reported else None, kind="badge"),
    Column("已验收", lambda row: row.done, kind="number"),
    Column("已逾期", lambda row: row.late, kind="number"),
    Column("交办党组织", lambda row: row.organization, hide_on_phone=True),
)
INTRO = "同一件事只交办一次；系统里已有的数据（花名册、会议、任务）请直接查看，不必再让支部填报。"


@require_http_methods(["GET", "POST"])
def task_assign(request: HttpRequest) -> HttpResponse:
    """Three steps on one address: the form, the question with the estimate, sending."""
    require(policies.can_assign(request.user))
    source = chosen(policies.organizations_to_assign_from(request.user), request.GET.get("from"))
    below = {"branches": queries.branches_below(source), "parents": queries.bodies_below(source)}
    form = AssignForm(posted(request), **below)
    step = request.POST.get("step", "ask")
    if step == "ask" and request.method == "POST" and form.is_valid():
        return ask_before_sending(request, form, source=source)
    if step == "send" and attempt(request, form, lambda: send(request, form, source=source)):
        messages.success(request, "已交办，各支部首页会显示这项任务和期限。")
        return redirect("tasks:assignment_list")
    back, title = reverse("tasks:assignment_list"), f"{source}向下交办"
    return form_page(request, form=form, title=title, submit="下一步：核对", back_url=back, intro=INTRO)


def send(request: HttpRequest, form: AssignForm, *, source: Organization) -> Assignment:
    made = {"organization": source, "actor": request.user, "now": clock.now()}
    return services.assign_tasks(**made, **form.assignment())


def ask_before_sending(request: HttpRequest, form: AssignForm, *, source: Organization) -> HttpResponse:
    """What it costs the branches, and what the system has already."""
    data = form.assignment()
    known = known_in(f"{data['title']} {data['detail']}")
    context = {"source": source, "form": form, "details": details_of(data), "known": known}
    return render(request, "tasks/assign_confirm.html", context)


def details_of(data: dict[str, Any]) -> list[tuple[str, Any]]:
    branches = data["branches"]
    names = "、".join(str(branch) for branch in branches[:SHOWN_NAMES])
    more = f"等 {len(branches)} 个党支部" if len(branches) > SHOWN_NAMES else f"（{len(branches)} 个）"
    return [
        ("事项", data["title"]),
        ("要求", data["detail"]),
        ("完成期限", data["due_on"]),
        ("交办给", f"{names}{more}"),
        ("预计占用时间", workload(minutes=data["minutes"], branches=len(branches))),
    ]


ACCEPT_ALL = "下面各支部都已报告办结。全部验收后计为办结；有不合要求的，请先返回，在该支部的任务里退回。"
#: So many branches are named on the page that asks for all of them.
MOST_NAMED = 200
#: So many branches are named one by one on the page that asks.
SHOWN_NAMES = 20


@require_safe
def assignment_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_assign(request.user))
    rows = queries.with_progress(policies.visible_assignments(request.user), today=clock.today())
    assign = Action("向下交办", reverse("tasks:assign"), icon="send")
    return list_page(
        request,
        filterset=AssignmentFilter(request.GET, queryset=rows),
        columns=COLUMNS,
        title="交办情况",
        order=("-created_at", "-pk"),
        actions=[assign],
        empty="还没有向下交办过任务。",
        empty_action=assign,
    )


@require_safe
def assignment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = in_reach(request, pk)
    tasks, today = policies.visible_tasks(request.user).filter(assignment=assignment), clock.today()
    return list_page(
        request,
        filterset=SentFilter(request.GET, queryset=queries.with_feedback(tasks), today=today),
        columns=SENT_COLUMNS,
        title=f"交办：{assignment}",
        order=("path", "pk"),
        empty="没有交办给任何支部。",
        intro=f"{assignment.organization}交办，完成期限 {assignment.due_on}。{assignment.detail}",
        actions=actions_on(request, assignment),
        template="tasks/assignment_detail.html",
        extra=how_far(assignment, tasks=tasks),
    )


def in_reach(request: HttpRequest, pk: int) -> Assignment:
    visible = policies.visible_assignments(request.user).select_related("organization")
    return get_object_or_404(visible, pk=pk)


def how_far(assignment: Assignment, *, tasks: Any) -> dict[str, Any]:
    """The counts above the list, each an address that shows its branches."""
    counts = queries.progress_counts(tasks, today=clock.today())
    tabs = [("", "全部", counts["all"]), *((key, label, counts[key]) for key, label in PROGRESS)]
    cost = workload(minutes=assignment.minutes, branches=counts["all"]) if assignment.minutes else ""
    return {"progress": tabs, "cost": cost}


def feedback_of(task: Task) -> str:
    kind: str = getattr(task, "feedback_kind", "") or ""
    words: str = getattr(task, "feedback", "") or ""
    return f"{NoteKind(kind).label}：{words}" if kind else ""


def progress_badge(task: Task) -> tuple[str, str]:
    return state_badge(task, today=clock.today())


SENT_COLUMNS = (
    Column("党支部", lambda row: row.organization, url=detail_url, primary=True),
    Column("进度", progress_badge, kind="badge"),
    Column("完成日期", lambda row: row.reported_on or row.closed_on, kind="date"),
    Column("办理结果", lambda row: row.result, hide_on_phone=True),
    Column("支部反馈", feedback_of),
)


@require_safe
def assignment_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Words to copy or to print; nothing is sent from here."""
    assignment = in_reach(request, pk)
    tasks = policies.visible_tasks(request.user).filter(assignment=assignment).open()
    rows = tasks.select_related("organization", "assignment").order_by("path", "pk")
    found = reminders_of(rows, assignment=assignment, today=clock.today())
    context = {"assignment": assignment, "reminders": found, "back_url": assignment_url(assignment)}
    return render(request, "tasks/assignment_remind.html", context)


@require_http_methods(["GET", "POST"])
def assignment_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """All that wait, at once; one that is not right is returned on its own page first."""
    assignment = in_reach(request, pk)
    require(policies.can_review_all(request.user, assignment))
    waiting = assignment.tasks.filter(state=TaskState.REPORTED).select_related("organization")
    names = [str(task.organization) for task in waiting.order_by("path")[:MOST_NAMED]]
    form, target = Form(posted(request)), {"assignment": assignment, "now": clock.now()}
    if attempt(request, form, lambda: services_review.accept_reported(**target, actor=request.user)):
        messages.success(request, "已全部验收。")
        return redirect(assignment_url(assignment))
    page = {"question": ACCEPT_ALL, "submit": "全部验收", "tone": "primary"}
    details, title = [("待验收", "、".join(names) or "无")], f"验收：{assignment}"
    back = assignment_url(assignment)
    return confirm_page(request, title=title, details=details, form=form, back_url=back, **page)


def actions_on(request: HttpRequest, assignment: Assignment) -> list[Action]:
    remind, accept = (
        reverse(f"tasks:{name}", args=[assignment.pk]) for name in ("assignment_remind", "assignment_accept")
    )
    waiting = assignment.tasks.filter(state=TaskState.REPORTED).exists()
    able = waiting and policies.can_review_all(request.user, assignment)
    return [
        *([Action("全部验收", accept, icon="check-all")] if able else []),
        Action("提醒未报告的支部", remind, tone="secondary", icon="bell"),
    ]


def assignment_url(assignment: Assignment) -> str:
    return reverse("tasks:assignment_detail", args=[assignment.pk])
