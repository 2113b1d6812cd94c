"""Entering, changing and closing a task: each kind with its own short form and its own service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.branches.models import Organization
from apps.rules.kinds import TaskKind
from apps.tasks import forms, forms_kinds, policies, queries, services, services_kinds
from apps.tasks.models import Task
from apps.tasks.views import detail_url, in_reach, posted
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import form_page
from apps.ui.policy import chosen, require


class Wording(NamedTuple):
    """What one kind of task is called on its pages, and which forms and services it has."""

    title: str
    done: str
    intro: str
    form: type[django_forms.Form]
    enter: Callable[..., Task]
    update_form: type[django_forms.Form]
    close_form: type[django_forms.Form]
    close: Callable[..., Task]
    closing: str


OWN = Wording(
    title="新任务",
    done="任务已登记。",
    intro="",
    form=forms.TaskForm,
    enter=services.create_task,
    update_form=forms.TaskUpdateForm,
    close_form=forms.CloseForm,
    close=services.close_task,
    closing="办结",
)
KINDS = {
    TaskKind.CONCERN: Wording(
        title="登记诉求",
        done="诉求已登记。",
        intro="党员、群众提出的事，记下来、有人办、有回音。",
        form=forms_kinds.ConcernForm,
        enter=services_kinds.create_concern,
        update_form=forms_kinds.ConcernUpdateForm,
        close_form=forms_kinds.ConcernCloseForm,
        close=services_kinds.close_concern,
        closing="办结并反馈",
    ),
    TaskKind.RECTIFICATION: Wording(
        title="登记问题整改",
        done="问题整改已登记。",
        intro="一个问题一条：怎么改、谁负责、什么时候改好。",
        form=forms_kinds.RectificationForm,
        enter=services_kinds.create_rectification,
        update_form=forms_kinds.RectificationUpdateForm,
        close_form=forms_kinds.RectificationCloseForm,
        close=services_kinds.close_rectification,
        closing="销号",
    ),
}
#: The create pages, as tabs.
TABS = (("own", "自定任务"), ("concern", "诉求"), ("rectification", "问题整改"))


NOT_HERE = "上级交办的任务请报告办结；问题整改由书记、副书记或组织委员销号。"


NOT_HERE = "上级交办的任务请报告办结；问题整改由书记、副书记或组织委员销号。"


def wording_of(kind: str) -> Wording:
    return KINDS.get(kind, OWN)  # type: ignore[call-overload]


@require_http_methods(["GET", "POST"])
def task_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_create(request.user))
    if request.GET.get("kind") == TaskKind.DIRECTIVE:
        return redirect(f"{reverse('tasks:directive_create')}?{request.GET.urlencode()}")
    words, place = wording_of(request.GET.get("kind", "")), place_of(request)
    people = queries.people_of(place, today=clock.today())
    form = words.form(posted(request), people=people, initial=prefilled(request))
    made = {"organization": place, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: words.enter(**made, **form.cleaned_data)):
        messages.success(request, words.done)
        return redirect(list_url(request))
    page = {"back_url": list_url(request), "intro": words.intro, "extra": {"tabs": tabs_of(request)}}
    title, template = f"{words.title}（{place}）", "tasks/task_form.html"
    return form_page(request, form=form, title=title, submit="保存", template=template, **page)


def place_of(request: HttpRequest) -> Organization:
    places = policies.organizations_for_tasks(request.user).order_by("path")
    return chosen(places, request.GET.get("organization"))


def prefilled(request: HttpRequest) -> dict[str, Any]:
    """What the address says, on top of today for the day on which something came up."""
    today = clock.today()
    return {"raised_on": today, "found_on": today, **request.GET.dict()}


def list_url(request: HttpRequest) -> str:
    """Back to the list of the kind that is entered."""
    names = {TaskKind.CONCERN: "concern_list", TaskKind.RECTIFICATION: "rectification_list"}
    return reverse(f"tasks:{names.get(request.GET.get('kind', ''), 'list')}")  # type: ignore[call-overload]


def tabs_of(request: HttpRequest) -> list[tuple[str, str, bool]]:
    here, url = request.GET.get("kind", "own"), reverse("tasks:create")
    here = here if here in dict(TABS) else "own"
    place = request.GET.get("organization", "")
    where = f"&organization={place}" if place.isdigit() else ""
    own = [(label, f"{url}?kind={kind}{where}", kind == here) for kind, label in TABS]
    return [*own, ("上级来文", reverse("tasks:directive_create"), False)]


@require_http_methods(["GET", "POST"])
def task_update(request: HttpRequest, pk: int) -> HttpResponse:
    task = in_reach(request, pk)
    require(policies.can_change(request.user, task))
    form_class = wording_of(task.kind).update_form
    people = queries.people_of(task.organization, today=clock.today(), kept=task.owner_id)
    form = form_class(posted(request), people=people, initial=as_stored(task, form_class))
    if attempt(request, form, lambda: change(request, task, data=form.cleaned_data)):
        return redirect(detail_url(task))
    return form_page(request, form=form, title="修改任务", submit="保存", back_url=detail_url(task))


def as_stored(task: Task, form_class: Any) -> dict[str, Any]:
    """The task's own columns and those of its kind, by the names of the form."""
    detail = getattr(task, task.kind, None)
    return {
        name: getattr(task, name) if hasattr(task, name) else getattr(detail, name, None)
        for name in form_class.kept
    }


def change(request: HttpRequest, task: Task, *, data: dict[str, Any]) -> Task:
    target = {"task": task, "actor": request.user}
    if task.kind == TaskKind.CONCERN:
        return services_kinds.update_concern(**target, now=clock.now(), **data)
    if task.kind == TaskKind.RECTIFICATION:
        return services_kinds.update_rectification(**target, now=clock.now(), **data)
    return services.update_task(**target, **data)


@require_http_methods(["GET", "POST"])
def task_close(request: HttpRequest, pk: int) -> HttpResponse:
    task = in_reach(request, pk)
    require(policies.can_close(request.user, task), NOT_HERE)
    words, today = wording_of(task.kind), clock.today()
    form = words.close_form(posted(request), initial=closing_days(task, today=today))
    target = {"task": task, "actor": request.user, "today": today}
    if attempt(request, form, lambda: words.close(**target, **form.cleaned_data)):
        messages.success(request, f"已{words.closing}。")
        return redirect(detail_url(task))
    title, back = f"{words.closing}：{task}", detail_url(task)
    return form_page(request, form=form, title=title, submit=words.closing, back_url=back)


def closing_days(task: Task, *, today: date) -> dict[str, Any]:
    evidence = getattr(getattr(task, "rectification", None), "evidence", "")
    return {"closed_on": today, "told_on": today, "result": task.result, "evidence": evidence}
