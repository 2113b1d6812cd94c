"""From the marks side by side to what the branch is told, its objections, and the answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.evaluations import forms_review as forms
from apps.evaluations import policies_review as policies
from apps.evaluations import queries_review, queries_settle, services_review, services_settle
from apps.evaluations.models import BranchEvaluation, CycleStandard, Objection
from apps.evaluations.queries_cycles import for_pages, grade_names
from apps.evaluations.queries_evidence import standards_of
from apps.evaluations.queries_settle import SettleLine, Settlement
from apps.rules.branch_review import objection_until
from apps.rules.kinds_evaluations import Ruling
from apps.rules.periods import day_words
from apps.standards.views_record import badge_of
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, form_page, mistakes_of, refuse, status_of
from apps.ui.policy import require
from apps.ui.refusals import Refusal

NO_OBJECTION = "初评意见还没有告知支部，或者支部已经表示没有意见、等次已经定了，不能再提出意见。"


class SettleForm(forms.MarksForm):
    """Where the reviewers differ the committee says why it chose as it did."""

    wanting = "评审人意见不同的，请写明这样定的理由。"


def review_in_reach(request: HttpRequest, pk: int) -> BranchEvaluation:
    return get_object_or_404(for_pages(policies.reviews_to_settle(request.user)), pk=pk)


def to_settle(evaluation: BranchEvaluation) -> str:
    return reverse("evaluations:settle", args=[evaluation.pk])


def to_result(evaluation: BranchEvaluation) -> str:
    return reverse("evaluations:result", args=[evaluation.pk])


def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviewers' marks beside each other; the committee chooses where they differ."""
    evaluation = review_in_reach(request, pk)
    require(policies.organizes(request.user, evaluation), "评审意见由组织考核的组织员研究。")
    found = queries_settle.settlement_of(evaluation, today=clock.today())
    form = settle_form(request, found)
    target = {"evaluation": evaluation, "actor": request.user}
    if attempt(request, form, lambda: services_settle.settle_marks(**target, **settled(form))):
        messages.success(request, "已保存。")
        return redirect(to_settle(evaluation))
    context = settle_context(request, found, form=form)
    return render(request, "evaluations/settle.html", context, status=status_of(form))


def settled(form: SettleForm) -> dict[str, Any]:
    return {"chosen": form.marks(), "version": form.cleaned_data["version"]}


def settle_form(request: HttpRequest, found: Settlement) -> SettleForm:
    return SettleForm(
        request.POST if request.method == "POST" else None,
        standards={line.row.pk: str(line.row) for line in found.differing},
        grades=found.grades,
        given={line.row.pk: (line.final.grade, line.final.reason) for line in found.differing if line.final},
        version=found.evaluation.version,
    )


def settle_context(request: HttpRequest, found: Settlement, *, form: SettleForm) -> dict[str, Any]:
    evaluation = found.evaluation
    return {
        "evaluation": evaluation,
        "found": found,
        "form": form,
        "differing": [settle_line(line, form=form) for line in found.differing],
        "alike": [settle_line(line) for line in found.alike],
        "visits": queries_review.visits_of(evaluation),
        "suggested": [(seat, found.grades.get(seat.suggested_grade, "")) for seat in found.seats],
        "may": policies.rights_on_result(request.user, evaluation),
        "opens": queries_settle.keys_in(policies.visible_seats(request.user), evaluation=evaluation),
        "takes": queries_settle.keys_in(policies.seats_to_take(request.user), evaluation=evaluation),
        "mistakes": mistakes_of(form),
    }


def settle_line(line: SettleLine, *, form: SettleForm | None = None) -> dict[str, Any]:
    grade, reason = form.pair(line.row.pk) if form else (None, None)
    badge = badge_of(line.evidence.judged)
    return {"line": line, "badge": badge, "grade": grade, "reason": reason}


def seat_return(request: HttpRequest, pk: int) -> HttpResponse:
    """A review that was handed in goes back to the reviewer."""
    rows = policies.seats_to_return(request.user).select_related("evaluation__branch", "reviewer__person")
    seat = get_object_or_404(rows, pk=pk)
    form = forms.ReturnForm(request.POST if request.method == "POST" else None)
    target = {"seat": seat, "actor": request.user}
    if attempt(request, form, lambda: services_review.return_review(**target, **form.cleaned_data)):
        messages.success(request, f"已退回，请{seat.reviewer.person.name}改好以后再提交。")
        return redirect(to_settle(seat.evaluation))
    who, branch = seat.reviewer.person.name, seat.evaluation.branch
    question = f"{who}逐条评定的内容都保留，由他修改。已经研究采用的意见作废，等他重新提交以后再研究。"
    words = {"title": f"退回评审：{branch}", "submit": "退回", "question": question}
    return confirm_page(request, form=form, back_url=to_settle(seat.evaluation), **words)


@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = review_in_reach(request, pk)
    require(
        policies.can_settle(request.user, evaluation),
        "支部还没有提交自评，或者初评意见已经告知支部，不能再改。",
    )
    try:
        taken = services_settle.take_over_marks(evaluation=evaluation, actor=request.user)
    except Refusal as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, f"已采用 {taken} 条一致的意见。")
    return redirect(to_settle(evaluation))


def tell(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = review_in_reach(request, pk)
    require(policies.can_settle(request.user, evaluation), "支部还没有提交自评，或者初评意见已经告知支部。")
    form = forms.TellForm(request.POST or None, initial={"told_on": clock.today()})
    target = {"evaluation": evaluation, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_settle.tell_branch(**target, **form.cleaned_data)):
        messages.success(request, "支部现在可以看到逐条评定和理由。")
        return redirect(to_result(evaluation))
    question = "告知以后，逐条评定不能再改，只有支部提出的意见被采纳才改。支部可以在截止日期以前提出意见。"
    words = {"title": f"告知初评意见：{evaluation.branch}", "submit": "告知支部", "tone": "primary"}
    return confirm_page(request, form=form, question=question, back_url=to_settle(evaluation), **words)


def result_in_reach(request: HttpRequest, pk: int) -> BranchEvaluation:
    return get_object_or_404(for_pages(policies.visible_results(request.user)), pk=pk)


def object_to(request: HttpRequest, pk: int, standard_pk: int) -> HttpResponse:
    evaluation = result_in_reach(request, pk)
    standard = get_object_or_404(standards_of(evaluation.cycle), pk=standard_pk)
    require(policies.can_object(request.user, evaluation), NO_OBJECTION)
    form = objection_form(request, evaluation)
    target = {"evaluation": evaluation, "standard": standard, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_settle.raise_objection(**target, **objection_given(form))):
        messages.success(request, "已提出，等上级党组织书面答复。")
        return redirect(to_result(evaluation))
    told = told_words(evaluation, standard=standard)
    words = {"title": f"提出意见：{standard}", "submit": "提出", "intro": f"{told}{until_words(evaluation)}"}
    return form_page(request, form=form, back_url=to_result(evaluation), **words)


def objection_form(request: HttpRequest, evaluation: BranchEvaluation) -> forms.ObjectionForm:
    """Whoever keeps the branch's records speaks for it today; the organizer enters what came on paper."""
    kept = policies.keeps(request.user, evaluation)
    made = forms.ObjectionForm if kept else forms.PaperObjectionForm
    return made(request.POST or None)


def objection_given(form: forms.ObjectionForm) -> dict[str, Any]:
    on_paper = "raised_on" in form.fields
    return {"raised_on": clock.today(), "on_paper": on_paper, **form.cleaned_data}


def told_words(evaluation: BranchEvaluation, *, standard: CycleStandard) -> str:
    """What the branch was told of this standard."""
    grade, reason = queries_settle.told_of(evaluation, standard=standard)
    return f"初评为“{grade}”，理由：{reason}。" if reason else f"初评为“{grade}”。"


def until_words(evaluation: BranchEvaluation) -> str:
    until = objection_until(evaluation.cycle.objection_by, told_on=evaluation.told_on)
    left = until - clock.today()
    gone = "，已经过了" if left < timedelta(0) else ""
    return f"提出意见的截止日期：{day_words(until)}{gone}。"


def agree(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = result_in_reach(request, pk)
    require(policies.can_agree(request.user, evaluation), NO_OBJECTION)
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    target = {"evaluation": evaluation, "actor": request.user}
    if attempt(request, form, lambda: services_settle.agree(**target)):
        messages.success(request, "已告知上级党组织。")
        return redirect(to_result(evaluation))
    question = "表示没有（更多）意见以后，不能再提出新的意见；已经提出的仍会答复。"
    words = {"title": "没有意见", "submit": "没有（更多）意见", "tone": "primary"}
    return confirm_page(request, form=form, question=question, back_url=to_result(evaluation), **words)


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    rows = policies.visible_objections(request.user).select_related("evaluation__cycle", "standard")
    objection = get_object_or_404(rows, pk=pk)
    require(policies.can_answer(request.user, objection), "这条意见已经答复，或者不归您答复。")
    form = answer_form(request, objection)
    target = {"objection": objection, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_settle.answer_objection(**target, **form.cleaned_data)):
        messages.success(request, "已答复，支部会看到。")
        return redirect(to_result(objection.evaluation))
    told = told_words(objection.evaluation, standard=objection.standard)
    words = {"title": f"答复意见：{objection.standard}", "submit": "答复"}
    words |= {"intro": f"{told}支部意见：{objection.reason}", "back_url": to_result(objection.evaluation)}
    return form_page(request, form=form, **words)


def answer_form(request: HttpRequest, objection: Objection) -> forms.AnswerForm:
    cycle = objection.evaluation.cycle_id
    return forms.AnswerForm(
        request.POST or None,
        initial={"answered_on": clock.today(), "version": objection.version},
        grades=grade_names([cycle])[cycle],
        rulings=Ruling.choices(),
    )
