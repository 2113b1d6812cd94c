"""Pages of tasks."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.branches.policies import visible_organizations
from apps.rules.kinds import OrgKind
from apps.tasks import forms, policies, queries, services
from apps.tasks.filters import TaskFilter
from apps.tasks.models import Task, TaskState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, require


def detail_url(task: Task) -> str:
    return reverse("tasks:detail", args=[task.pk])


def state_badge(task: Task, *, today: date) -> tuple[str, str]:
    if task.state == TaskState.OPEN and task.due_on and task.due_on < today:
        return f"已逾期 {(today - task.due_on).days} 天", "bad"
    tone = {TaskState.OPEN: "info", TaskState.DONE: "ok", TaskState.CANCELLED: "muted"}[TaskState(task.state)]
    return task.get_state_display(), tone


def columns(today: date) -> list[Column]:
    return [
        Column("事项", str, url=detail_url, primary=True),
        Column("状态", lambda row: state_badge(row, today=today), kind="badge"),
        Column("期限", lambda row: row.due_on or "未定", kind="date"),
        Column("责任人", lambda row: row.owner or "支部书记"),
        Column("党组织", lambda row: row.organization),
        Column("来源", lambda row: row.get_kind_display(), hide_on_phone=True),
    ]


def actions_of(request: HttpRequest) -> list[Action]:
    offered = [
        (policies.can_create(request.user), Action("新任务", reverse("tasks:create"), icon="plus-lg")),
        (policies.can_assign(request.user), Action("向下交办", reverse("tasks:assign"), icon="send")),
        (
            policies.can_assign(request.user),
            Action("交办情况", reverse("tasks:assignment_list"), tone="secondary"),
        ),
    ]
    return [action for allowed, action in offered if allowed]


def task_list(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    organizations = visible_organizations(request.user).exclude(kind=OrgKind.GROUP).order_by("path")
    rows = queries.for_list(policies.visible_tasks(request.user))
    return list_page(
        request,
        filterset=TaskFilter(request.GET, queryset=rows, organizations=organizations, today=today),
        columns=columns(today),
        title="任务",
        order=("-created_at", "-pk"),
        actions=actions_of(request),
        empty="没有符合条件的任务。",
    )


def task_detail(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(queries.for_list(policies.visible_tasks(request.user)), pk=pk)
    context = {
        "task": task,
        "badge": state_badge(task, today=clock.today()),
        "notes": task.notes.select_related("written_by").order_by("-written_at", "-pk"),
        "may": policies.rights_on(request.user, task),
        "note_form": forms.NoteForm(),
    }
    return render(request, "tasks/task_detail.html", context)


def task_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_create(request.user))
    places = policies.organizations_for_tasks(request.user).order_by("path")
    place = chosen(places, request.GET.get("organization"))
    people = queries.people_of(place, today=clock.today())
    form = forms.TaskForm(request.POST or None, people=people, initial=request.GET.dict())
    made = {"organization": place, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services.create_task(**made, **form.cleaned_data)):
        messages.success(request, "任务已登记。")
        return redirect("tasks:list")
    title, back = f"新任务（{place}）", reverse("tasks:list")
    return form_page(request, form=form, title=title, submit="保存", back_url=back)


def task_assign(request: HttpRequest) -> HttpResponse:
    require(policies.can_assign(request.user))
    sources = policies.organizations_to_assign_from(request.user)
    source = chosen(sources, request.GET.get("from"))
    below = {"branches": queries.branches_below(source), "parents": queries.bodies_below(source)}
    form = forms.AssignForm(request.POST or None, **below)
    made = {"organization": source, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services.assign_tasks(**made, **form.assignment())):
        messages.success(request, "已交办，各支部首页会显示这项任务和期限。")
        return redirect("tasks:assignment_list")
    intro = "同一件事只交办一次；系统里已有的数据（花名册、会议、任务）请直接查看，不必再让支部填报。"
    back = reverse("tasks:list")
    return form_page(request, form=form, title=f"{source}向下交办", submit="交办", back_url=back, intro=intro)


def task_update(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(queries.for_list(policies.visible_tasks(request.user)), pk=pk)
    require(policies.can_change(request.user, task))
    initial = {name: getattr(task, name) for name in ("title", "detail", "owner", "due_on", "version")}
    people = queries.people_of(task.organization, today=clock.today(), kept=task.owner_id)
    form = forms.TaskUpdateForm(request.POST or None, people=people, initial=initial)
    target = {"task": task, "actor": request.user}
    if attempt(request, form, lambda: services.update_task(**target, **form.cleaned_data)):
        return redirect(detail_url(task))
    return form_page(request, form=form, title="修改任务", submit="保存", back_url=detail_url(task))


def note_add(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(queries.for_list(policies.visible_tasks(request.user)), pk=pk)
    require(policies.can_note(request.user, task))
    form = forms.NoteForm(request.POST or None)
    target = {"task": task, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services.add_note(**target, **form.cleaned_data)):
        return redirect(detail_url(task))
    return form_page(request, form=form, title="记录进展", submit="保存", back_url=detail_url(task))


def task_close(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(queries.for_list(policies.visible_tasks(request.user)), pk=pk)
    require(policies.can_close(request.user, task))
    form = forms.CloseForm(request.POST or None, initial={"closed_on": clock.today()})
    target = {"task": task, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.close_task(**target, **form.cleaned_data)):
        return redirect(detail_url(task))
    return form_page(request, form=form, title=f"办结：{task}", submit="办结", back_url=detail_url(task))


def task_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(queries.for_list(policies.visible_tasks(request.user)), pk=pk)
    require(policies.can_reopen(request.user, task))
    form = forms.ReasonForm(request.POST or None)
    target = {"task": task, "actor": request.user}
    if attempt(request, form, lambda: services.reopen_task(**target, **form.cleaned_data)):
        return redirect(detail_url(task))
    title = f"重新办理：{task}"
    return form_page(request, form=form, title=title, submit="重新办理", back_url=detail_url(task))


def task_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(queries.for_list(policies.visible_tasks(request.user)), pk=pk)
    require(policies.can_cancel(request.user, task))
    form = forms.ReasonForm(request.POST or None)
    target = {"task": task, "actor": request.user}
    if attempt(request, form, lambda: services.cancel_task(**target, **form.cleaned_data)):
        return redirect(detail_url(task))
    return confirm_page(
        request,
        title=f"取消：{task}",
        question="取消后不再提醒，记录保留。",
        submit="取消任务",
        back_url=detail_url(task),
        form=form,
    )
