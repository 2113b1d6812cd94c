"""Between a branch and those who assigned a task: feedback, report, acceptance, return."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from apps.tasks import forms, policies, services_review
from apps.tasks.views import detail_url, in_reach, posted
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal


@require_http_methods(["GET", "POST"])
def feedback_add(request: HttpRequest, pk: int) -> HttpResponse:
    task = in_reach(request, pk)
    require(policies.can_give_feedback(request.user, task))
    form = forms.FeedbackForm(posted(request))
    target = {"task": task, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_review.give_feedback(**target, **form.cleaned_data)):
        messages.success(request, "已反馈，交办的党组织能看到。")
        return redirect(detail_url(task))
    intro = "系统里已有的数据、重复的要求、办不到的期限，都可以在这里说。"
    page = {"title": f"反馈：{task}", "submit": "反馈", "intro": intro}
    return form_page(request, form=form, back_url=detail_url(task), **page)


@require_http_methods(["GET", "POST"])
def task_report(request: HttpRequest, pk: int) -> HttpResponse:
    task = in_reach(request, pk)
    require(policies.can_report(request.user, task))
    form = forms.ReportForm(posted(request), initial={"reported_on": clock.today(), "result": task.result})
    target = {"task": task, "actor": request.user, "now": clock.now(), "today": clock.today()}
    if attempt(request, form, lambda: services_review.report_task(**target, **form.cleaned_data)):
        messages.success(request, "已报告办结，等交办的党组织验收。")
        return redirect(detail_url(task))
    intro = f"退回原因：{task.return_reason}" if task.return_reason else ""
    page = {"title": f"报告办结：{task}", "submit": "报告办结", "intro": intro}
    return form_page(request, form=form, back_url=detail_url(task), **page)


@require_POST
def task_accept(request: HttpRequest, pk: int) -> HttpResponse:
    task = in_reach(request, pk)
    require(policies.can_review(request.user, task))
    try:
        services_review.accept_task(task=task, actor=request.user, now=clock.now())
    except Refusal as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, "已验收。")
    return redirect(detail_url(task))


@require_http_methods(["GET", "POST"])
def task_return(request: HttpRequest, pk: int) -> HttpResponse:
    task = in_reach(request, pk)
    require(policies.can_review(request.user, task))
    form = forms.ReasonForm(posted(request))
    target = {"task": task, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_review.return_task(**target, **form.cleaned_data)):
        messages.success(request, "已退回，支部会看到原因。")
        return redirect(detail_url(task))
    page = {"title": f"退回：{task}", "submit": "退回", "intro": f"支部报告：{task.result}"}
    return form_page(request, form=form, back_url=detail_url(task), **page)
