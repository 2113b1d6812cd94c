"""Opening the ballots, the totals of paper ballots, and the sheet of results."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from apps.ballots import forms, policies, queries, queries_across, services_count
from apps.ballots.models import Poll
from apps.ballots.views import empty_form, poll_of, to_detail
from apps.members.models import Member
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, mistakes_of, status_of
from apps.ui.policy import require


def teller_in(request: HttpRequest, poll: Poll) -> Member:
    """Which of the two tellers this is."""
    return poll.teller_one if poll.teller_one.person_id == request.user.pk else poll.teller_two


def poll_unseal(request: HttpRequest, pk: int) -> HttpResponse:
    poll = poll_of(request, pk)
    require(policies.can_unseal(request.user, poll))
    form = forms.PassphraseForm(request.POST or None)
    target = {"poll": poll, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_count.open_ballots(**target, **form.cleaned_data)):
        messages.success(request, "已开票，选票和密钥已经销毁，只留下总数。")
        return redirect(to_detail(poll))
    question = "一次全部打开，只留下总数；单张选票和密钥随即销毁，不能再开第二次。"
    words = {"title": f"开票：{poll}", "submit": "开票", "tone": "primary"}
    return confirm_page(request, form=form, question=question, back_url=to_detail(poll), **words)


def totals_enter(request: HttpRequest, pk: int) -> HttpResponse:
    poll = poll_of(request, pk)
    require(policies.can_enter_totals(request.user, poll))
    teller = teller_in(request, poll)
    before, questions = queries.entered_by(teller, poll=poll), queries.questions_of(poll)
    form = forms.PaperForm(request.POST or None, questions=questions, initial=before)
    target = {"poll": poll, "teller": teller, "actor": request.user}
    enter = services_count.enter_paper_totals
    if attempt(request, form, lambda: enter(**target, numbers=form.numbers(), votes=form.votes())):
        messages.success(request, "已录入，请另一位计票（监票）人登录后核对确认。")
        return redirect(to_detail(poll))
    context = {"poll": poll, "form": form, "rows": form.rows(), "mistakes": mistakes_of(form)}
    context["back_url"] = to_detail(poll)
    return render(request, "ballots/totals.html", context, status=status_of(form))


def totals_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    poll = poll_of(request, pk)
    require(policies.can_confirm_totals(request.user, poll))
    form = empty_form(request)
    target = {"poll": poll, "teller": teller_in(request, poll), "actor": request.user}
    confirm = services_count.confirm_paper_totals
    if attempt(request, form, lambda: confirm(**target, today=clock.today())):
        messages.success(request, "已确认，结果已生成。")
        return redirect(to_detail(poll))
    question = "请对照计票单逐项核对。有错的，请返回重新录入。确认后不能再改。"
    given = {"form": form, "details": queries.entered_lines(poll), "back_url": to_detail(poll)}
    words = {"title": f"核对票数：{poll}", "submit": "与计票单一致，确认", "tone": "primary"}
    return confirm_page(request, question=question, **given, **words)


def result_print(request: HttpRequest, pk: int) -> HttpResponse:
    poll = poll_of(request, pk)
    result = queries.result_of(poll)
    require(result is not None, "还没有结果。")
    context = {"poll": poll, "result": result, "back_url": to_detail(poll)}
    context["counted"] = queries_across.counted_for(request.user, poll=poll, result=result)
    return render(request, "ballots/print.html", context)
