"""Entering documents from above, and what is to be done about them. (Lists and conveying: `meetings`.)"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.tasks import forms, forms_kinds, policies, queries, services_directives
from apps.tasks.models import Directive
from apps.tasks.views import posted
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, require


def directive_url(directive: Directive) -> str:
    """Its page stands in the app of sittings, which knows where it was conveyed."""
    return reverse("meetings:directive_detail", args=[directive.pk])


def in_reach(request: HttpRequest, pk: int) -> Directive:
    visible = queries.for_directives(policies.visible_directives(request.user))
    return get_object_or_404(visible, pk=pk)


@require_http_methods(["GET", "POST"])
def directive_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_create(request.user))
    places = policies.organizations_for_tasks(request.user).order_by("path")
    place = chosen(places, request.GET.get("organization"))
    initial = {"received_on": clock.today(), "title": request.GET.get("title", "")[:200]}
    form = forms_kinds.DirectiveForm(posted(request), initial=initial)
    made = {"organization": place, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_directives.create_directive(**made, **form.cleaned_data)):
        messages.success(request, "上级来文已登记。要求传达的，请在来文页面选会议。")
        return redirect("meetings:directive_list")
    page = {"title": f"登记上级来文（{place}）", "back_url": reverse("meetings:directive_list")}
    return form_page(request, form=form, submit="保存", **page)


@require_http_methods(["GET", "POST"])
def directive_update(request: HttpRequest, pk: int) -> HttpResponse:
    directive = in_reach(request, pk)
    require(policies.can_change_directive(request.user, directive))
    names = (*services_directives.FIELDS, "version")
    initial = {name: getattr(directive, name) for name in names}
    form = forms_kinds.DirectiveUpdateForm(posted(request), initial=initial)
    target = {"directive": directive, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_directives.update_directive(**target, **form.cleaned_data)):
        return redirect(directive_url(directive))
    back = directive_url(directive)
    return form_page(request, form=form, title="修改上级来文", submit="保存", back_url=back)


@require_http_methods(["GET", "POST"])
def directive_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    directive = in_reach(request, pk)
    require(policies.can_withdraw_directive(request.user, directive))
    form = forms.ReasonForm(posted(request))
    target = {"directive": directive, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_directives.withdraw_directive(**target, **form.cleaned_data)):
        return redirect(directive_url(directive))
    question = "登记错了才作废。作废后不再提醒，也不计入统计，记录保留。"
    page = {"title": f"作废：{directive}", "question": question, "submit": "作废"}
    return confirm_page(request, form=form, back_url=directive_url(directive), **page)


@require_http_methods(["GET", "POST"])
def directive_task_add(request: HttpRequest, pk: int) -> HttpResponse:
    directive = in_reach(request, pk)
    require(policies.can_implement(request.user, directive))
    people = queries.people_of(directive.organization, today=clock.today())
    initial = {"title": f"落实《{directive.title}》"[:100], "due_on": directive.do_by}
    form = forms.TaskForm(posted(request), people=people, initial=initial)
    target = {"directive": directive, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_directives.add_directive_task(**target, **form.cleaned_data)):
        messages.success(request, "落实任务已登记。")
        return redirect(directive_url(directive))
    back = directive_url(directive)
    return form_page(request, form=form, title="落实任务", submit="保存", back_url=back)


@require_http_methods(["GET", "POST"])
def circular_send(request: HttpRequest) -> HttpResponse:
    """Entered once by those above; each branch gets its own copy."""
    require(policies.can_assign(request.user))
    source = chosen(policies.organizations_to_assign_from(request.user), request.GET.get("from"))
    below = {"branches": queries.branches_below(source), "parents": queries.bodies_below(source)}
    form = forms_kinds.CircularForm(posted(request), initial={"issuer": str(source)}, **below)
    made = {"organization": source, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_directives.send_circular(**made, **form.circular())):
        messages.success(request, "已转发，各支部的上级来文里都有了，不必再登记。")
        return redirect("meetings:directive_list")
    intro = "登记一次，选中的支部各有一份，自行传达、落实，不用重复录入。"
    page = {"title": f"{source}转发文件", "intro": intro, "back_url": reverse("meetings:directive_list")}
    return form_page(request, form=form, submit="转发", **page)
