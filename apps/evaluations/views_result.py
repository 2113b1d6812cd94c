"""The decision on a branch, its publication, the result as the branch reads it, and the letter."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.evaluations import forms_result as forms
from apps.evaluations import policies_review as policies
from apps.evaluations import queries_result, services_result
from apps.evaluations.models import BranchEvaluation
from apps.evaluations.policies import visible_cycles
from apps.evaluations.queries_cycles import grade_names
from apps.evaluations.views_settle import result_in_reach, to_result, until_words
from apps.rules.kinds_evaluations import EvaluationState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, mistakes_of, status_of
from apps.ui.policy import require

TONES = {
    EvaluationState.REPORT: "muted",
    EvaluationState.REVIEW: "info",
    EvaluationState.OBJECTION: "warn",
    EvaluationState.DECISION: "info",
    EvaluationState.DECIDED: "info",
    EvaluationState.PUBLISHED: "ok",
}


NOT_TO_DECIDE = "初评意见还没有告知支部，或者等次已经定了。要改没有发布的等次，请先在结果页点“重新研究”。"


def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks, objections, the grade: each as far as the reader may know it by now."""
    evaluation = result_in_reach(request, pk)
    may = policies.rights_on_result(request.user, evaluation)
    told = evaluation.state in policies.TOLD
    found = queries_result.outcome_of(evaluation, with_marks=may["marks"] and told, today=clock.today())
    context = {
        "evaluation": evaluation,
        "found": found,
        "may": may,
        "told": told,
        "state": (evaluation.get_state_display(), TONES[EvaluationState(evaluation.state)]),
        "may_object": may["object"] and policies.is_open_to_objections(evaluation, today=clock.today()),
        "until": until_words(evaluation) if evaluation.state == EvaluationState.OBJECTION else "",
    }
    return render(request, "evaluations/result.html", context)


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The feedback letter, on paper."""
    evaluation = result_in_reach(request, pk)
    require(evaluation.state == EvaluationState.PUBLISHED, "结果还没有发布。")
    with_marks = policies.reads_marks(request.user, evaluation)
    found = queries_result.outcome_of(evaluation, with_marks=with_marks, today=clock.today())
    context = {"evaluation": evaluation, "found": found, "back_url": to_result(evaluation)}
    return render(request, "evaluations/letter.html", context)


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = result_in_reach(request, pk)
    require(policies.can_decide(request.user, evaluation), NOT_TO_DECIDE)
    grades = grade_names([evaluation.cycle_id])[evaluation.cycle_id]
    form = decide_form(request, evaluation, grades=grades)
    target = {"evaluation": evaluation, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_result.decide(**target, **form.decision())):
        messages.success(request, "已登记。发布以前支部看不到等次。")
        return redirect(to_result(evaluation))
    context = decide_context(evaluation, form=form, grades=grades)
    return render(request, "evaluations/decide.html", context, status=status_of(form))


def decide_form(
    request: HttpRequest, evaluation: BranchEvaluation, *, grades: dict[int, str]
) -> forms.DecideForm:
    names = ("grade_reason", "feedback", "version")
    return forms.DecideForm(
        request.POST if request.method == "POST" else None,
        grades=grades,
        problems=queries_result.named_problems(evaluation),
        initial={name: getattr(evaluation, name) for name in names},
    )


def decide_context(
    evaluation: BranchEvaluation, *, form: forms.DecideForm, grades: dict[int, str]
) -> dict[str, Any]:
    own = evaluation.own_grade
    return {
        "evaluation": evaluation,
        "form": form,
        "own_grade": "" if own is None else grades[own],
        "suggested": queries_result.suggested_in(evaluation, grades=grades),
        "found": queries_result.outcome_of(evaluation, with_marks=True, today=clock.today()),
        "mistakes": mistakes_of(form),
        "back_url": to_result(evaluation),
    }


def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = result_in_reach(request, pk)
    require(policies.can_reopen(request.user, evaluation), "还没有定等次，或者已经发布。")
    form = forms.ReopenForm(request.POST or None)
    target = {"evaluation": evaluation, "actor": request.user}
    if attempt(request, form, lambda: services_result.reopen(**target, **form.cleaned_data)):
        return redirect(to_result(evaluation))
    question = "等次取消，由党组织重新研究；已写的理由、反馈意见和问题保留，可以修改。"
    words = {"title": f"重新研究：{evaluation.branch}", "submit": "重新研究"}
    return confirm_page(request, form=form, question=question, back_url=to_result(evaluation), **words)


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = result_in_reach(request, pk)
    require(policies.can_publish(request.user, evaluation), "还没有定等次，或者已经发布。")
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    target = {"evaluation": evaluation, "actor": request.user, "today": clock.today(), "now": clock.now()}
    if attempt(request, form, lambda: services_result.publish_branch(**target)):
        messages.success(request, "已发布。支部能看到结果，问题已列入支部的整改任务。")
        return redirect(to_result(evaluation))
    words = {"title": f"发布结果：{evaluation.branch}", "submit": "发布", "tone": "primary"}
    return confirm_page(request, form=form, question=PUBLISH, back_url=to_result(evaluation), **words)


PUBLISH = (
    "发布以后等次不能再改，当天的数字同时留存；支部班子和有登录账号的党员能看到等次、理由和反馈意见，"
    "反馈的问题列入支部的整改任务。"
)


def cycle_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """All branches whose grade is decided; the others stand on the page by name."""
    cycle = get_object_or_404(visible_cycles(request.user), pk=pk)
    require(policies.can_publish_cycle(request.user, cycle), "这次考核不在进行中，或者不归您发布。")
    form = forms.PublishForm(request.POST if request.method == "POST" else None)
    target = {"cycle": cycle, "actor": request.user, "today": clock.today(), "now": clock.now()}
    if attempt(request, form, lambda: services_result.publish_cycle(**target, **form.cleaned_data)):
        messages.success(request, "已发布。")
        return redirect("evaluations:cycle_detail", cycle.pk)
    back = reverse("evaluations:cycle_detail", args=[cycle.pk])
    words = {"title": f"发布结果：{cycle}", "submit": "发布", "tone": "primary", "back_url": back}
    details = queries_result.standing_of(cycle)
    return confirm_page(request, form=form, question=PUBLISH, details=details, **words)
