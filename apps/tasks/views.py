"""Pages of tasks."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.branches.policies import visible_organizations
from apps.rules.kinds import OrgKind, TaskKind
from apps.tasks import forms, policies, queries, services
from apps.tasks.filters import TaskFilter
from apps.tasks.models import Task, TaskState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import require

#: What is entered from the tab of a kind; the others come from elsewhere.
NEW_WORDS = {"concern": "登记诉求", "rectification": "登记问题", "directive": "登记来文"}
#: What "done" is called where it is more than that.
DONE_WORDS = {
    TaskKind.ASSIGNED: "已验收",
    TaskKind.CONCERN: "已办结",
    TaskKind.RECTIFICATION: "已销号",
}


def posted(request: HttpRequest) -> QueryDict | None:
    """The data of a form that was sent, even where it holds nothing."""
    return request.POST if request.method == "POST" else None


def detail_url(task: Task) -> str:
    return reverse("tasks:detail", args=[task.pk])


TONES = {
    TaskState.OPEN: "info",
    TaskState.REPORTED: "warn",
    TaskState.DONE: "ok",
    TaskState.CANCELLED: "muted",
}


def state_badge(task: Task, *, today: date) -> tuple[str, str]:
    back = "已退回，" if task.return_reason else "已"
    if task.state == TaskState.OPEN and task.due_on and task.due_on < today:
        return f"{back}逾期 {(today - task.due_on).days} 天", "bad"
    if task.state == TaskState.OPEN and task.return_reason:
        return "已退回", "warn"
    words = DONE_WORDS.get(task.kind) if task.state == TaskState.DONE else None
    return words or task.get_state_display(), TONES[TaskState(task.state)]


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
    kind = request.GET.get("kind", "")
    label = NEW_WORDS.get(kind, "新任务")
    entry = f"{reverse('tasks:create')}?kind={kind}" if kind in NEW_WORDS else reverse("tasks:create")
    offered = [
        (policies.can_create(request.user), Action(label, entry, icon="plus-lg")),
        (policies.can_assign(request.user), Action("向下交办", reverse("tasks:assign"), icon="send")),
        (
            policies.can_assign(request.user),
            Action("交办情况", reverse("tasks:assignment_list"), tone="secondary"),
        ),
    ]
    return [action for allowed, action in offered if allowed]


@require_safe
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
        empty="没有进行中的任务。",
        template="tasks/task_list.html",
        extra={"tabs": tabs_of(request), "ledgers": policies.can_see_ledgers(request.user)},
    )


def tabs_of(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """The kinds as tabs above the list: label, address, and whether it is the one shown."""
    here, url = request.GET.get("kind", ""), reverse("tasks:list")
    kinds = [("", "全部"), *TaskKind.choices()]
    return [(label, f"{url}?kind={kind}" if kind else url, kind == here) for kind, label in kinds]


@require_safe
def task_detail(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(queries.with_details(policies.visible_tasks(request.user)), pk=pk)
    context = {
        "task": task,
        "badge": state_badge(task, today=clock.today()),
        "notes": task.notes.select_related("written_by").order_by("-written_at", "-pk"),
        "may": policies.rights_on(request.user, task),
        "sees_directive": policies.can_see_directive(request.user, task.directive),
    }
    return render(request, "tasks/task_detail.html", context)


def in_reach(request: HttpRequest, pk: int) -> Task:
    return get_object_or_404(queries.with_details(policies.visible_tasks(request.user)), pk=pk)


@require_http_methods(["GET", "POST"])
def note_add(request: HttpRequest, pk: int) -> HttpResponse:
    task = in_reach(request, pk)
    require(policies.can_note(request.user, task))
    form = forms.NoteForm(posted(request))
    target = {"task": task, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services.add_note(**target, **form.cleaned_data)):
        return redirect(detail_url(task))
    return form_page(request, form=form, title="记录进展", submit="保存", back_url=detail_url(task))


@require_http_methods(["GET", "POST"])
def task_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    task = in_reach(request, pk)
    require(policies.can_reopen(request.user, task))
    form = forms.ReasonForm(posted(request))
    target = {"task": task, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services.reopen_task(**target, **form.cleaned_data)):
        return redirect(detail_url(task))
    title = f"重新办理：{task}"
    return form_page(request, form=form, title=title, submit="重新办理", back_url=detail_url(task))


@require_http_methods(["GET", "POST"])
def task_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    task = in_reach(request, pk)
    require(policies.can_cancel(request.user, task))
    form = forms.ReasonForm(posted(request))
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
