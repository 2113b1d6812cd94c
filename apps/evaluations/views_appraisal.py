"""The polls of a branch's appraisal: set up in one step, or named where they were held already."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.ballots.models import Poll
from apps.evaluations import forms_report as forms
from apps.evaluations import policies, queries_appraisal
from apps.evaluations import services_appraisal as services
from apps.evaluations.queries_appraisal import Part
from apps.evaluations.views_cycles import branch_url
from apps.evaluations.views_seats import evaluation_of
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import form_page
from apps.ui.policy import require


def part_named(word: str) -> Part:
    parts = {"members": Part.MEMBERS, "committee": Part.COMMITTEE}
    if word not in parts:
        raise Http404
    return parts[word]


def appraisal_start(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    evaluation, which = evaluation_of(request, pk), part_named(part)
    require(policies.can_appraise(request.user, evaluation), "测评由支部在考核期间安排。")
    today = clock.today()
    people = queries_appraisal.tellers_for(evaluation.branch, today=today)
    closes_on = max(today, evaluation.cycle.appraisal_by)
    form = forms.AppraisalForm(request.POST or None, people=people, closes_on=closes_on)
    target = {"evaluation": evaluation, "part": which, "actor": request.user, "today": today}
    made: list[Poll] = []
    if attempt(request, form, lambda: made.append(start(target, form))):
        return redirect("ballots:detail", made[0].pk)
    words = {"submit": "建立测评", "back_url": branch_url(evaluation)}
    intro = queries_appraisal.ASKED[which]
    return form_page(request, form=form, title=f"发起{which.label}", intro=intro, **words)


def start(target: dict[str, Any], form: forms.AppraisalForm) -> Poll:
    values = dict(form.cleaned_data)
    key = values.pop("idempotency_key")
    return services.start_appraisal(**target, values=values, now=clock.now(), idempotency_key=key)


def appraisal_link(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    evaluation, which = evaluation_of(request, pk), part_named(part)
    require(policies.can_appraise(request.user, evaluation), "测评由支部在考核期间安排。")
    polls = queries_appraisal.polls_to_link(evaluation, which)
    form = forms.LinkForm(request.POST or None, polls=polls)
    target = {"evaluation": evaluation, "part": which, "actor": request.user}
    if attempt(request, form, lambda: services.link_appraisal(**target, **form.cleaned_data)):
        return redirect(branch_url(evaluation))
    words = {"submit": "关联", "back_url": branch_url(evaluation)}
    intro = "今年已经做过同样的测评的，选那一次，不用再做。"
    return form_page(request, form=form, title=f"关联已有的{which.label}", intro=intro, **words)
