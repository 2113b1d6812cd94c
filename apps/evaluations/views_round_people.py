"""One member in a round: what he writes, what was said of him, his grade and his answer to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from apps.evaluations import forms_round as forms
from apps.evaluations import policies_round as policies
from apps.evaluations import queries_roll as queries
from apps.evaluations import services_round_grades
from apps.evaluations import services_round_own as services
from apps.evaluations.models import MemberEvaluation, OwnProblem, Round
from apps.evaluations.views_round import empty_form, round_of, round_url
from apps.members.models import Member
from apps.members.queries import with_names
from apps.rules.kinds_evaluations import RoundState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import link_to
from apps.ui.pages import form_page
from apps.ui.policy import require

OWN_WORDS = "本人自己列的问题，只有本人能改、能删；支部书记只改按纸质稿录入的。"
member_url = link_to("evaluations:round_member")


def evaluation_of(request: HttpRequest, pk: int) -> MemberEvaluation:
    return get_object_or_404(queries.with_people(policies.visible_evaluations(request.user)), pk=pk)


def to_member(evaluation: MemberEvaluation) -> HttpResponse:
    return redirect("evaluations:round_member", pk=evaluation.pk)


def round_member(request: HttpRequest, pk: int) -> HttpResponse:
    """The member's own page of the round; of the keepers' view it shows what their posts let them read."""
    evaluation = evaluation_of(request, pk)
    may = policies.rights_in(request.user, evaluation)
    context: dict[str, Any] = {"one": evaluation, "row": evaluation.round, "may": may, "today": clock.today()}
    if may["problems"]:
        problems = queries.own_problems_of(evaluation.round, member_id=evaluation.member_id)
        mine = [one.pk for one in problems if policies.can_change_own_problem(request.user, one)]
        context |= {"problems": problems, "mine": mine, "about": queries.peers_about(evaluation)}
    if may["own"]:
        context["said"] = queries.peers_by(evaluation)
    return render(request, "evaluations/rounds/member.html", context)


def self_write(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    why = "评定或完成以后自评不能再改；本人自己写的，只有本人能改。"
    require(policies.can_write_self(request.user, evaluation), why)
    form = forms.SelfForm(request.POST or None, evaluation=evaluation, today=clock.today())
    target = {"evaluation": evaluation, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.write_self(**target, **form.cleaned_data)):
        messages.success(request, "自评已保存，评定以前都可以再改。")
        return to_member(evaluation)
    own = policies.is_own(request.user, evaluation)
    title = "我的个人自评" if own else f"录入纸质自评：{evaluation.member}"
    intro = "本支部书记、副书记、组织委员和纪检委员能看到，别的党员和上级看不到。"
    words = {"title": title, "submit": "保存", "back_url": member_url(evaluation), "intro": intro}
    return form_page(request, form=form, **words)


def own_problem_add(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    require(
        policies.can_write_problems(request.user, evaluation),
        "个人问题清单由本人填写，纸质的由支部书记录入。",
    )
    form = forms.OwnProblemForm(request.POST or None)
    target = {"evaluation": evaluation, "actor": request.user}
    if attempt(request, form, lambda: services.add_own_problem(**target, **form.cleaned_data)):
        return to_member(evaluation)
    intro = "一个问题填一次。只有本人和支部书记能看到。"
    title = f"列出个人问题（{evaluation.member}）"
    words = {"title": title, "submit": "保存", "back_url": member_url(evaluation), "intro": intro}
    return form_page(request, form=form, **words)


def own_problem_of(request: HttpRequest, pk: int) -> tuple[OwnProblem, MemberEvaluation]:
    rows = policies.visible_own_problems(request.user).select_related("round", "member")
    problem = get_object_or_404(rows, pk=pk)
    seen = policies.visible_evaluations(request.user)
    return problem, get_object_or_404(seen, round=problem.round_id, member=problem.member_id)


def own_problem_update(request: HttpRequest, pk: int) -> HttpResponse:
    problem, evaluation = own_problem_of(request, pk)
    require(policies.can_change_own_problem(request.user, problem), OWN_WORDS)
    is_open = problem.round.state == RoundState.OPEN
    kind = forms.OwnProblemUpdateForm if is_open else forms.OwnProblemDoneForm
    initial = {name: getattr(problem, name) for name in forms.OWN_PROBLEM}
    form = kind(request.POST or None, initial=initial)
    target = {"problem": problem, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.update_own_problem(**target, **form.cleaned_data)):
        return to_member(evaluation)
    back = member_url(evaluation)
    return form_page(request, form=form, title="修改个人问题", submit="保存", back_url=back)


def own_problem_remove(request: HttpRequest, pk: int) -> HttpResponse:
    problem, evaluation = own_problem_of(request, pk)
    require(policies.can_remove_own_problem(request.user, problem), OWN_WORDS)
    target = {"problem": problem, "actor": request.user}
    attempt(request, empty_form(request), lambda: services.remove_own_problem(**target))
    return to_member(evaluation)


def peer_add(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(policies.rounds_to_speak_in(request.user).select_related("branch"), pk=pk)
    require(policies.can_speak(request.user, row), "这一轮评议已经完成，或者不评议党员。")
    own = policies.own_evaluations(request.user).filter(round=row).select_related("member").first()
    form = peer_form(request, row, own=own)
    target = {"row": row, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.speak_of(**target, **speech(form, own=own))):
        messages.success(request, "已登记，可以接着登记下一条。")
        return redirect("evaluations:peer_add", pk=row.pk)
    intro = "写优点，更写不足。被评的党员、提意见的人和支部书记能看到。"
    back = member_url(own) if own else round_url(row)
    words = {"title": "登记互评意见", "submit": "保存", "back_url": back, "intro": intro}
    return form_page(request, form=form, columns={"author": 6, "member": 6}, **words)


def peer_form(request: HttpRequest, row: Round, *, own: MemberEvaluation | None) -> forms.PeerForm:
    people = with_names(queries.people_in(row))
    keeper = policies.can_keep(request.user, row)
    return forms.PeerForm(request.POST or None, people=people, own=own.member if own else None, keeper=keeper)


def speech(form: forms.PeerForm, *, own: MemberEvaluation | None) -> dict[str, Any]:
    """An opinion of one's own names no author: it is the person himself."""
    author: Member | None = own.member if own else None
    return {"author": author, **form.cleaned_data}


def peer_list(request: HttpRequest, pk: int) -> HttpResponse:
    """谁对谁, for the secretary."""
    row = round_of(request, pk)
    require(policies.rights_on(request.user, row)["peers"], "互评意见只有支部书记和当事人能看。")
    context = {"row": row, "opinions": queries.peers_in(row), "user_id": request.user.pk}
    return render(request, "evaluations/rounds/peers.html", context)


def peer_remove(request: HttpRequest, pk: int) -> HttpResponse:
    rows = policies.visible_peer_opinions(request.user)
    opinion = get_object_or_404(rows.select_related("author", "evaluation__round"), pk=pk)
    require(policies.can_remove_peer(request.user, opinion), "只有登记的人能撤回，评定以后不能撤回。")
    target = {"opinion": opinion, "actor": request.user}
    attempt(request, empty_form(request), lambda: services.take_back_speech(**target))
    own = policies.own_evaluations(request.user).filter(round=opinion.evaluation.round_id).first()
    return to_member(own) if own else redirect("evaluations:round_detail", pk=opinion.evaluation.round_id)


def grade_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    if policies.is_own(request.user, evaluation) and evaluation.confirmed_on:
        return to_member(evaluation)
    require(policies.can_respond(request.user, evaluation), "只有本人在告知以后确认一次。")
    target = {"evaluation": evaluation, "actor": request.user, "today": clock.today()}
    if attempt(request, empty_form(request), lambda: services.confirm_grade(**target)):
        messages.success(request, "已确认。")
    return to_member(evaluation)


def grade_object(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    if policies.is_own(request.user, evaluation) and evaluation.is_disputed:
        return to_member(evaluation)
    require(policies.can_object(request.user, evaluation), "只有本人在告知以后、确认以前提出一次。")
    form = forms.ObjectionForm(request.POST or None)
    target = {"evaluation": evaluation, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.object_to_grade(**target, **form.cleaned_data)):
        messages.success(request, "已提出，支部会书面答复您。")
        return to_member(evaluation)
    intro = "本支部书记、副书记、组织委员和纪检委员能看到，别的党员和上级看不到。"
    words = {"title": "提出不同意见", "submit": "提出", "back_url": member_url(evaluation), "intro": intro}
    return form_page(request, form=form, **words)


def grade_answer(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    require(
        policies.can_answer(request.user, evaluation),
        "由支部书记或组织委员答复；不能答复自己的，请另一位答复。",
    )
    initial = {"answer": evaluation.answer, "answered_on": evaluation.answered_on or clock.today()}
    form = forms.AnswerForm(request.POST or None, initial=initial)
    target = {"evaluation": evaluation, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.answer_objection(**target, **form.cleaned_data)):
        return to_member(evaluation)
    intro = "采纳的，先在“评定等次”里改，再在这里说明。"
    title, back = f"答复不同意见（{evaluation.member}）", member_url(evaluation)
    return form_page(request, form=form, title=title, submit="保存", back_url=back, intro=intro)


def ungraded_set(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    require(policies.can_set_ungraded(request.user, evaluation), "由支部书记或组织委员在评定以前标明。")
    form = forms.UngradedForm(request.POST or None, evaluation=evaluation)
    target = {"evaluation": evaluation, "actor": request.user}
    if attempt(request, form, lambda: services_round_grades.set_ungraded(**target, **form.cleaned_data)):
        return redirect("evaluations:round_detail", pk=evaluation.round_id)
    title, back = f"不定等次（{evaluation.member}）", member_url(evaluation)
    return form_page(request, form=form, title=title, submit="保存", back_url=back)
