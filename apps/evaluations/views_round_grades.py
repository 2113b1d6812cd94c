"""The ballot of a round, the committee's table of grades, and telling the people."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from apps.ballots.queries import people_at
from apps.evaluations import forms_round as forms
from apps.evaluations import policies_round as policies
from apps.evaluations import queries_roll as roll
from apps.evaluations import queries_round as queries
from apps.evaluations import services_round_grades as services
from apps.evaluations.models import Round
from apps.evaluations.views_round import kept_round, round_of, round_url
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import UNPROCESSABLE, form_page, mistakes_of
from apps.ui.policy import require

WIDTHS = {"mode": 6, "closes_on": 6, "teller_one": 6, "teller_two": 6}


def polled_round(request: HttpRequest, pk: int) -> Round:
    row = kept_round(request, pk)
    require(policies.can_begin_poll(request.user, row), "这一年度不评议党员，不用测评。")
    return row


def poll_begin(request: HttpRequest, pk: int) -> HttpResponse:
    row = polled_round(request, pk)
    initial = {"closes_on": max(row.meeting_by, clock.today())}
    form = forms.PollForm(request.POST or None, members=people_at(row.branch), initial=initial)
    when = {"row": row, "actor": request.user, "today": clock.today(), "now": clock.now()}
    if attempt(request, form, lambda: services.begin_poll(values=form.cleaned_data, **when)):
        messages.success(request, "测评已起草，名单已经带出。请计票人或监票人开始投票。")
        return redirect("evaluations:round_detail", pk=row.pk)
    intro = "列出全体正式党员，四个等次；预备党员参加投票，本人不列在票上。"
    words = {"title": "发起民主测评", "submit": "起草测评", "back_url": round_url(row), "intro": intro}
    return form_page(request, form=form, columns=WIDTHS, **words)


def poll_link(request: HttpRequest, pk: int) -> HttpResponse:
    row = polled_round(request, pk)
    form = forms.LinkPollForm(request.POST or None, polls=queries.polls_to_link(row))
    target = {"row": row, "actor": request.user}
    if attempt(request, form, lambda: services.link_poll(**target, **form.cleaned_data)):
        return redirect("evaluations:round_detail", pk=row.pk)
    title, back = "选用已有的测评", round_url(row)
    return form_page(request, form=form, title=title, submit="选用", back_url=back)


def decided_round(request: HttpRequest, pk: int) -> Round:
    row = round_of(request, pk)
    require(
        policies.can_decide(request.user, row),
        "由支部书记或组织委员登记评定意见；完成以后，只为提出不同意见的人重新评定。",
    )
    return row


def grades_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One table of all members; saved whole or in parts."""
    row, today = decided_round(request, pk), clock.today()
    form = grades_form(request, row)
    target = {"row": row, "actor": request.user, "today": today}
    if attempt(request, form, lambda: services.decide_grades(**target, **decided(form))):
        messages.success(request, "评定意见已保存。定好以后记得告知本人。")
        return redirect("evaluations:round_detail", pk=row.pk)
    ungraded = [one for one in roll.on_roll(row) if one.ungraded]
    context = {"row": row, "form": form, "back_url": round_url(row), "mistakes": mistakes_of(form)}
    context |= {"ungraded": ungraded, "ballot": roll.ballot_of(row.poll)}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "evaluations/rounds/grades.html", context, status=status)


def grades_form(request: HttpRequest, row: Round) -> forms.GradesForm:
    cap = queries.stand_of(row, today=clock.today()).cap
    rows, cap = roll.rows_to_decide(row, cap=cap, reader=request.user)
    data = request.POST if request.method == "POST" else None
    return forms.GradesForm(data, rows=rows, cap=cap, today=clock.today())


def decided(form: forms.GradesForm) -> dict[str, object]:
    return {"decisions": form.decisions(), "decided_on": form.cleaned_data["decided_on"]}


def grades_tell(request: HttpRequest, pk: int) -> HttpResponse:
    row = round_of(request, pk)
    require(policies.can_tell(request.user, row), "由支部书记或组织委员告知本人。")
    waiting = [one for one in roll.on_roll(row) if one.is_untold]
    initial = {"told_on": clock.today()}
    form = forms.TellForm(request.POST or None, waiting=waiting, initial=initial)
    target = {"row": row, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.tell_grades(**target, **form.cleaned_data)):
        messages.success(request, "已告知。本人在自己的页面能看到等次和评定意见，可以确认或提出不同意见。")
        return redirect("evaluations:round_detail", pk=row.pk)
    intro = "告知以后，每人只看得到自己的等次和评定意见。" if waiting else services.NobodyToTell.default
    words = {"title": "告知本人", "submit": "告知", "back_url": round_url(row), "intro": intro}
    return form_page(request, form=form, **words)
