"""Opinions gathered for a round, the branch's problems, and the tasks out of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from apps.evaluations import forms_round as forms
from apps.evaluations import policies_round as policies
from apps.evaluations import services_round_lists as services
from apps.evaluations.models import BranchProblem
from apps.evaluations.views_round import empty_form, kept_round, round_url
from apps.tasks.queries import people_of
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal

WIDTHS = {"source": 4, "about": 4, "received_on": 4, "owner": 6, "due_on": 6}


def opinion_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The form comes back empty, for the next one."""
    row = kept_round(request, pk)
    form = forms.OpinionForm(request.POST or None, initial={"received_on": clock.today()})
    target = {"row": row, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.add_opinion(**target, **form.cleaned_data)):
        messages.success(request, "已登记，可以接着登记下一条。")
        return redirect("evaluations:opinion_add", pk=row.pk)
    intro = "只记从哪方面来的意见，不记是谁提的。"
    words = {"title": "登记征求的意见", "submit": "保存", "intro": intro, "back_url": round_url(row)}
    return form_page(request, form=form, columns=WIDTHS, **words)


def opinion_remove(request: HttpRequest, pk: int) -> HttpResponse:
    opinion = get_object_or_404(policies.visible_opinions(request.user).select_related("round"), pk=pk)
    require(policies.can_keep(request.user, opinion.round))
    target = {"opinion": opinion, "actor": request.user}
    attempt(request, empty_form(request), lambda: services.remove_opinion(**target))
    return redirect("evaluations:round_detail", pk=opinion.round_id)


def problem_add(request: HttpRequest, pk: int) -> HttpResponse:
    row = kept_round(request, pk)
    people = people_of(row.branch, today=clock.today())
    form = forms.ProblemForm(request.POST or None, people=people)
    target = {"row": row, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.add_problem(**target, **form.cleaned_data)):
        return redirect("evaluations:round_detail", pk=row.pk)
    words = {"title": "列出支部班子问题", "submit": "保存", "back_url": round_url(row)}
    return form_page(request, form=form, columns=WIDTHS, **words)


def problem_of(request: HttpRequest, pk: int) -> BranchProblem:
    rows = policies.visible_problems(request.user).select_related("round__branch")
    problem = get_object_or_404(rows, pk=pk)
    require(policies.can_keep(request.user, problem.round))
    return problem


def problem_update(request: HttpRequest, pk: int) -> HttpResponse:
    problem = problem_of(request, pk)
    people = people_of(problem.round.branch, today=clock.today(), kept=problem.owner_id)
    form = forms.ProblemUpdateForm(request.POST or None, people=people, problem=problem)
    target = {"problem": problem, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.update_problem(**target, **form.cleaned_data)):
        return redirect("evaluations:round_detail", pk=problem.round_id)
    words = {"title": "修改支部班子问题", "submit": "保存", "back_url": round_url(problem.round)}
    return form_page(request, form=form, columns=WIDTHS, **words)


def problem_remove(request: HttpRequest, pk: int) -> HttpResponse:
    problem = problem_of(request, pk)
    if request.method == "POST":
        try:
            services.remove_problem(problem=problem, actor=request.user)
        except Refusal as refusal:
            refuse(request, refusal)
    return redirect("evaluations:round_detail", pk=problem.round_id)


def rectify(request: HttpRequest, pk: int) -> HttpResponse:
    row = kept_round(request, pk)
    if request.method == "POST":
        try:
            made = services.make_rectifications(row=row, actor=request.user, now=clock.now())
            messages.success(request, f"已建 {made} 项整改任务，责任人会在任务里看到。")
        except Refusal as refusal:
            refuse(request, refusal)
    return redirect("evaluations:round_detail", pk=row.pk)
