"""A branch's page in the cycle, and its report on itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.branches.policies import COMMITTEE, holds
from apps.evaluations import forms_report as forms
from apps.evaluations import policies, policies_review, queries_appraisal, queries_cycles, queries_report
from apps.evaluations import services_report as services
from apps.evaluations.models import BranchEvaluation
from apps.evaluations.queries_evidence import (
    Beside,
    BranchEvidence,
    StandardEvidence,
    evidence_of,
    frozen_beside_live,
)
from apps.evaluations.views_cycles import STATE_TONES, branch_url
from apps.evaluations.views_seats import evaluation_of
from apps.rules.evaluation_steps import APPRAISAL
from apps.rules.figures import Figure, FigureState
from apps.rules.kinds_evaluations import EvaluationState, FrozenStage
from apps.standards.figure_words import level_words, made_of, value_words
from apps.standards.policies import reader_of
from apps.standards.views_record import badge_of, people_words
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, mistakes_of, refuse, status_of
from apps.ui.policy import require
from apps.ui.refusals import Refusal, Stale

NOT_NOW = "自评已经提交，或者考核没有开始。"


@require_safe
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the branch's evaluation stands, by whom and by when; its report and its appraisal."""
    evaluation = evaluation_of(request, pk)
    found = evidence_for(request, evaluation)
    context = {
        "evaluation": evaluation,
        **standing(request, evaluation),
        **appraised(request, evaluation),
        "last": queries_report.last_problems(evaluation, today=clock.today()),
        "evidence": found,
        "report": report_lines(evaluation, found) if reads_report(request, evaluation) else None,
        "changed": changed_since(evaluation),
    }
    return render(request, "evaluations/branch.html", context)


def appraised(request: HttpRequest, evaluation: BranchEvaluation) -> dict[str, Any]:
    """Both polls, as far as this person may read their counts."""
    found = queries_appraisal.appraisals_of(evaluation, user=request.user, today=clock.today())
    counted = any(one.result for one in found)
    return {"appraisals": found, "counted": counted, "appraisal_step": APPRAISAL}


def changed_since(evaluation: BranchEvaluation) -> list[Beside]:
    """Figures that are others today than they were when the report came in."""
    if evaluation.reported_on is None:
        return []
    stage, today = FrozenStage.REPORT, clock.today()
    kept = frozen_beside_live([evaluation], stage=stage, today=today)[evaluation.pk]
    return [one for one in kept if one.changed]


def evidence_for(request: HttpRequest, evaluation: BranchEvaluation) -> BranchEvidence:
    reader = reader_of(request.user, evaluation.branch)
    return evidence_of([evaluation], today=clock.today(), reader=reader)[evaluation.pk]


def standing(request: HttpRequest, evaluation: BranchEvaluation) -> dict[str, Any]:
    """Which step is now, and what this person may do in it; each view asks again."""
    user, state = request.user, EvaluationState(evaluation.state)
    return {
        "badge": (state.label, STATE_TONES[state]),
        "step": queries_cycles.step_of(evaluation, today=clock.today()),
        "due_on": queries_cycles.due_on(evaluation, today=clock.today()),
        "late": queries_cycles.is_late(evaluation, today=clock.today()),
        "step_names": queries_report.STEP_NAMES,
        "step_number": queries_report.STEP_NUMBER.get(state, 0),
        "reach": policies.reads_records(user, evaluation),
        "may": {
            "report": policies.can_report(user, evaluation),
            "return": policies.can_return_report(user, evaluation),
            "appraise": policies.can_appraise(user, evaluation),
            "leave_out": policies.can_leave_out(user, evaluation),
            "take_in": policies.can_take_in(user, evaluation),
            "settle": policies_review.can_settle(user, evaluation),
        },
    }


def reads_report(request: HttpRequest, evaluation: BranchEvaluation) -> bool:
    """A report that is still being written is read in the branch alone."""
    return evaluation.reported_on is not None or holds(request.user, COMMITTEE, evaluation.path)


def report_lines(evaluation: BranchEvaluation, found: BranchEvidence) -> dict[str, Any]:
    """The report as it is read: texts, and by aspect what the records and the branch say."""
    grades = queries_cycles.grade_names([evaluation.cycle_id])[evaluation.cycle_id]
    answers = queries_report.answers_of([evaluation])[evaluation.pk]
    texts = [(forms.HELP_LABELS[name], getattr(evaluation, name)) for name in services.TEXTS]
    return {
        "texts": [(label, text) for label, text in texts if text],
        "own_grade": grades.get(evaluation.own_grade, ""),
        "parts": [
            (aspect, parted([answered(one, answers=answers, grades=grades) for one in lines]))
            for aspect, lines in found.aspects
        ],
    }


def parted(lines: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What wants to be read first: standards that are not met, and those to which the branch says a word."""
    first = [line for line in lines if line["weak"] or line["comment"]]
    return {"first": first, "rest": [line for line in lines if line not in first], "all": lines}


def answered(one: StandardEvidence, *, answers: dict[int, Any], grades: dict[int, str]) -> dict[str, Any]:
    answer = answers.get(one.standard.pk)
    line = {
        "grade": grades.get(answer.grade, "") if answer else "",
        "comment": answer.comment if answer else "",
    }
    return {**evidence_line(one), **line}


def evidence_line(one: StandardEvidence) -> dict[str, Any]:
    """One standard of the cycle with what the records say to it, as a page shows it."""
    return {
        "standard": one.standard,
        "badge": badge_of(one.judged),
        "weak": one.wants_words,
        "figures": [figure_line(figure) for figure in one.judged.now],
        "people": people_words(one.judged),
    }


def figure_line(figure: Figure) -> dict[str, Any]:
    """What it asks for stands there only where it is not met."""
    below = figure.state in (FigureState.WARN, FigureState.FAIR)
    return {
        "key": figure.key,
        "title": figure.title,
        "value": value_words(figure),
        "made_of": made_of(figure),
        "level": level_words(figure) if below else "",
        "why": figure.why if figure.value is not None else "",
    }


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One page: saved at any time, handed in when it is whole."""
    evaluation = evaluation_of(request, pk)
    require(policies.can_report(request.user, evaluation), NOT_NOW)
    found = evidence_for(request, evaluation)
    form = report_form(request, evaluation, found=found)
    conflict: list[dict[str, str]] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(request, evaluation, form=form, conflict=conflict)
    ):
        return after_saving(request, evaluation)
    context = report_context(evaluation, form=form, found=found) | {"conflict": conflict}
    return render(request, "evaluations/report.html", context, status=status_of(form))


def after_saving(request: HttpRequest, evaluation: BranchEvaluation) -> HttpResponse:
    if "submit" in request.POST:
        return redirect("evaluations:report_submit", evaluation.pk)
    messages.success(request, "草稿已保存。")
    return redirect("evaluations:report", evaluation.pk)


def report_form(
    request: HttpRequest, evaluation: BranchEvaluation, *, found: BranchEvidence
) -> forms.ReportForm:
    return forms.ReportForm(
        request.POST if request.method == "POST" else None,
        evaluation=evaluation,
        standards=[one.standard for one in found.standards],
        grades=queries_cycles.grade_names([evaluation.cycle_id])[evaluation.cycle_id],
        answers=queries_report.answers_of([evaluation])[evaluation.pk],
    )


def saved(
    request: HttpRequest,
    evaluation: BranchEvaluation,
    *,
    form: forms.ReportForm,
    conflict: list[dict[str, str]],
) -> bool:
    """Whether the draft was kept; nothing that was typed is lost where it was not."""
    try:
        services.save_report(evaluation=evaluation, actor=request.user, **form.report())
    except Stale as refusal:
        conflict.extend(form.reopen_on(evaluation_of(request, evaluation.pk)))
        refuse(form, refusal)
    except Refusal as refusal:
        refuse(form, refusal)
    else:
        return True
    return False


def report_context(
    evaluation: BranchEvaluation, *, form: forms.ReportForm, found: BranchEvidence
) -> dict[str, Any]:
    parts = [(aspect, [form_line(one, form=form) for one in lines]) for aspect, lines in found.aspects]
    return {
        "evaluation": evaluation,
        "form": form,
        "parts": parts,
        "evidence": found,
        "reach": True,
        "weak": [line for _, lines in parts for line in lines if line["weak"]],
        "last": queries_report.last_problems(evaluation, today=clock.today()),
        "mistakes": mistakes_of(form),
        "back_url": branch_url(evaluation),
    }


def form_line(one: StandardEvidence, *, form: forms.ReportForm) -> dict[str, Any]:
    grade, comment = form.parts_of(one.standard.pk)
    # Folded where the records meet the standard and nothing was written.
    wanted = one.wants_words or bool(comment.value() or comment.errors)
    return {**evidence_line(one), "grade": grade, "comment": comment, "open": wanted}


def report_submit(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    require(policies.can_report(request.user, evaluation), NOT_NOW)
    today = clock.today()
    form = forms.SubmitForm(request.POST or None, evaluation=evaluation, today=today)
    target = {"evaluation": evaluation, "actor": request.user, "today": today}
    if attempt(request, form, lambda: services.submit_report(**target, **form.cleaned_data)):
        messages.success(request, "自评已提交，提交时的数字已留存。")
        return redirect(branch_url(evaluation))
    missing = services.missing_parts(evaluation, today=today)
    question = f"还没有写：{'、'.join(missing)}。请先返回补上。" if missing else SUBMITTING
    words = {"title": "提交支部自评", "submit": "提交", "tone": "primary"}
    back = reverse("evaluations:report", args=[evaluation.pk])
    return confirm_page(request, question=question, back_url=back, form=form, **words)


SUBMITTING = "提交后不能再改；评审开始以前，上级可以退回补充。各项数字按今天的留存，以后更正记录也不变。"


def report_return(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    require(
        policies.can_return_report(request.user, evaluation),
        "支部还没有提交自评，或者初评意见已经告知支部，不能退回。",
    )
    form = forms.ReturnForm(request.POST or None)
    target = {"evaluation": evaluation, "actor": request.user}
    if attempt(request, form, lambda: services.return_report(**target, **form.cleaned_data)):
        return redirect(branch_url(evaluation))
    title, back = f"退回{evaluation.branch}的自评", branch_url(evaluation)
    question = "支部补充后再提交。评审人已经开始评定的，不能退回。"
    return confirm_page(request, title=title, question=question, submit="退回", back_url=back, form=form)


@require_safe
def report_print(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    require(reads_report(request, evaluation), "支部还没有提交自评。")
    found = evidence_for(request, evaluation)
    context = {
        "evaluation": evaluation,
        "evidence": found,
        "report": report_lines(evaluation, found),
        "last": queries_report.last_problems(evaluation, today=clock.today()),
        "back_url": branch_url(evaluation),
    }
    return render(request, "evaluations/report_print.html", context)
