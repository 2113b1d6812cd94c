"""Which branches take part, who reviews, and which branches each reviewer has."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from apps.branches.policies import people_with_login
from apps.evaluations import forms_cycles, policies, queries_cycles, queries_reviewers, services_seats
from apps.evaluations.models import BranchEvaluation, Cycle, Reviewer
from apps.evaluations.views_cycles import branch_url, cycle_of, cycle_url, posted
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import require

NOT_NOW = "考核没有开始，或者已经结束。"


def reviewers(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who reviews, with how many branches he has; a form to name one more."""
    cycle = cycle_of(request, pk)
    require(policies.can_name(request.user, cycle), NOT_NOW)
    form = reviewer_form(request, cycle)
    name = {"cycle": cycle, "actor": request.user}
    call = services_seats.name_reviewer
    if attempt(request, form, lambda: call(**name, person=form.cleaned_data["found"])):
        return redirect("evaluations:reviewers", cycle.pk)
    loads, gaps = queries_reviewers.loads_of(cycle), queries_reviewers.gaps_of(cycle)
    extra = {"cycle": cycle, "loads": loads, "gaps": gaps}
    words = {"submit": "加入", "back_url": cycle_url(cycle), "template": "evaluations/reviewers.html"}
    return form_page(request, form=form, title="评审人", intro=cycle.title, extra=extra, **words)


def reviewer_form(request: HttpRequest, cycle: Cycle) -> forms_cycles.ReviewerForm:
    offered = queries_reviewers.people_to_name(cycle.organization, today=clock.today())
    return forms_cycles.ReviewerForm(posted(request), offered=offered, people=people_with_login())


def reviewer_of(request: HttpRequest, pk: int) -> Reviewer:
    rows = policies.visible_reviewers(request.user).select_related("cycle__organization", "person")
    reviewer: Reviewer = get_object_or_404(rows, pk=pk)
    return reviewer


def reviewer_end(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer = reviewer_of(request, pk)
    require(policies.can_name(request.user, reviewer.cycle), NOT_NOW)
    form, back = (
        forms_cycles.NothingForm(posted(request)),
        reverse("evaluations:reviewers", args=[reviewer.cycle_id]),
    )
    target = {"reviewer": reviewer, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_seats.end_reviewer(**target)):
        return redirect(back)
    title = f"{reviewer.person}不再担任评审人"
    question = "他还没有提交的评审（写了一部分的也算）不再使用，这些支部要重新安排；已经提交的评审保留。"
    return confirm_page(request, title=title, question=question, submit="确定", back_url=back, form=form)


def seats(request: HttpRequest, pk: int) -> HttpResponse:
    """The branches of one reviewer: one tick each."""
    reviewer = reviewer_of(request, pk)
    require(policies.can_seat(request.user, reviewer.cycle), NOT_NOW)
    today = clock.today()
    offer = queries_reviewers.seats_to_offer(reviewer, today=today)
    form = forms_cycles.SeatsForm(posted(request), reviewer=reviewer, **offer)
    target = {"reviewer": reviewer, "actor": request.user, "today": today}
    back = reverse("evaluations:reviewers", args=[reviewer.cycle_id])
    if attempt(request, form, lambda: services_seats.seat_at(**target, chosen=form.chosen())):
        return redirect(back)
    words = {"submit": "保存", "template": "evaluations/seats_form.html", "intro": reviewer.cycle.title}
    return form_page(request, form=form, back_url=back, title=f"{reviewer.person}评审哪些支部", **words)


def distribute(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_of(request, pk)
    require(policies.can_seat(request.user, cycle), NOT_NOW)
    form, back = forms_cycles.NothingForm(posted(request)), reverse("evaluations:reviewers", args=[cycle.pk])
    target = {"cycle": cycle, "actor": request.user, "today": clock.today()}
    missing: list[int] = []
    if attempt(request, form, lambda: missing.append(services_seats.distribute_seats(**target))):
        words = (
            f"还有 {missing[0]} 个位置没人可排，请再确定评审人。" if missing[0] else "每个支部都有评审人了。"
        )
        messages.success(request, f"已平均分配。{words}")
        return redirect(back)
    question = "还缺评审人的支部平均分给各评审人，自动避开应当回避的人。已经安排的不动。"
    words = {"title": "平均分配评审支部", "submit": "平均分配", "tone": "primary"}
    return confirm_page(request, question=question, back_url=back, form=form, **words)


def evaluation_of(request: HttpRequest, pk: int) -> BranchEvaluation:
    rows = queries_cycles.for_pages(policies.visible_evaluations(request.user))
    evaluation: BranchEvaluation = get_object_or_404(rows, pk=pk)
    return evaluation


def leave_out(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    require(policies.can_leave_out(request.user, evaluation), NOT_NOW)
    form = forms_cycles.LeaveOutForm(request.POST or None)
    target = {"evaluation": evaluation, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_seats.leave_out_branch(**target, **form.cleaned_data)):
        return redirect(branch_url(evaluation))
    title, back = f"{evaluation.branch}本年度不参加", branch_url(evaluation)
    question = "已经写的自评保留；以后可以重新参加。"
    return confirm_page(request, title=title, question=question, submit="不参加", back_url=back, form=form)


def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    require(policies.can_take_in(request.user, evaluation), NOT_NOW)
    form, back = forms_cycles.NothingForm(posted(request)), branch_url(evaluation)
    target = {"evaluation": evaluation, "actor": request.user}
    if attempt(request, form, lambda: services_seats.take_in_branch(**target)):
        return redirect(back)
    title, question = f"{evaluation.branch}参加考核", "从支部自评开始；已经提交过自评的，从评审开始。"
    words = {"submit": "参加", "tone": "primary", "back_url": back}
    return confirm_page(request, title=title, question=question, form=form, **words)


def add_branch(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = cycle_of(request, pk)
    require(policies.can_seat(request.user, cycle), NOT_NOW)
    today = clock.today()
    branches = queries_cycles.not_taken_in(cycle, today=today)
    form = forms_cycles.AddBranchForm(request.POST or None, branches=branches)
    target = {"cycle": cycle, "actor": request.user, "today": today}
    if attempt(request, form, lambda: services_seats.add_branch(**target, **form.cleaned_data)):
        return redirect(cycle_url(cycle))
    intro = (
        "考核开始以后新成立或者新转来的党支部。" if branches.exists() else "范围内的党支部都已经在里面了。"
    )
    words = {"submit": "加入", "back_url": cycle_url(cycle), "intro": intro}
    return form_page(request, form=form, title=f"增加支部（{cycle.title}）", **words)
