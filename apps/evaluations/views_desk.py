"""The reviewer's desk: his branches, and one branch standard by standard."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.evaluations import forms_review as forms
from apps.evaluations import policies_review as policies
from apps.evaluations import queries_review as queries
from apps.evaluations import services_review
from apps.evaluations.filters_desk import DeskFilter
from apps.evaluations.models import Seat
from apps.evaluations.queries_review import Review, StandardLine
from apps.rules.figures import FigureState
from apps.rules.kinds import Aspect
from apps.rules.kinds_evaluations import EvaluationState
from apps.standards.figure_words import STATES, level_words, made_of, value_words
from apps.standards.views_record import badge_of
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Column, link_to, list_page
from apps.ui.pages import confirm_page, form_page, mistakes_of, status_of
from apps.ui.policy import require

NOT_NOW = "现在不能评定：支部还没有提交自评，或者这份评审已经提交、由组织员录入。请到“我的评审”看进度。"
HAND_IN = "提交以后不能再改。安排了两名评审人的，两人都提交以后才互相看到对方的评定。"


def desk(request: HttpRequest) -> HttpResponse:
    """All branches in which the person has a seat, over all cycles under way."""
    seats = policies.seats_of(request.user)
    require(policies.can_review(request.user), "这一页是给评审人用的。您现在没有评审任务。")
    cycles = queries.cycles_of(seats)
    filterset = DeskFilter(request.GET, queryset=queries.for_desk(seats), cycles=cycles)
    return list_page(
        request,
        filterset=filterset,
        columns=DESK_COLUMNS,
        title="评审",
        intro="只列出安排给您的支部，按名称排列。",
        order=("branch_name", "pk"),
        empty="没有符合条件的支部。",
    )


def progress_words(seat: Seat) -> str:
    return f"{seat.graded} / {seat.asked} 条"


def seat_badge(seat: Seat) -> tuple[str, str]:
    if seat.handed_in_on is not None:
        return "已提交", "ok"
    if seat.evaluation.state == EvaluationState.REPORT:
        return "等支部自评", "muted"
    if seat.evaluation.state != EvaluationState.REVIEW:
        return "评审已结束", "muted"
    late = seat.evaluation.cycle.review_by < clock.today()
    return ("已过评审截止日期", "bad") if late else ("待评审", "warn")


DESK_COLUMNS = [
    Column("党支部", lambda seat: seat.branch_name, url=link_to("evaluations:seat"), primary=True),
    Column("进度", seat_badge, kind="badge"),
    Column("已评定", progress_words),
    Column("评审截止", lambda seat: seat.evaluation.cycle.review_by, kind="date"),
    Column("考核", lambda seat: seat.evaluation.cycle.title, hide_on_phone=True),
]


def seat_of(request: HttpRequest, pk: int) -> Seat:
    rows = policies.visible_seats(request.user)
    related = ("reviewer__person", "evaluation__branch", "evaluation__cycle__organization")
    polls = ("evaluation__members_poll", "evaluation__committee_poll")
    return get_object_or_404(rows.select_related(*related, *polls), pk=pk)


def to_seat(seat: Seat) -> str:
    return reverse("evaluations:seat", args=[seat.pk])


def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """One branch at a glance: what it said, last year, how far the marks have come, the visits."""
    seat = seat_of(request, pk)
    review = queries.review_of(seat, user=request.user, today=clock.today())
    context = {
        "seat": seat,
        "evaluation": seat.evaluation,
        "review": review,
        "parts": [aspect_line(part, seat=seat) for part in review.aspects],
        "visits": queries.visits_of(seat.evaluation, seat=seat),
        "may": policies.rights_on_seat(request.user, seat),
        "badge": seat_badge(seat),
        "suggested": review.grades.get(seat.suggested_grade, "") if seat.suggested_grade is not None else "",
        "is_own": policies.is_own(request.user, seat),
    }
    return render(request, "evaluations/seat.html", context)


def aspect_line(part: tuple[Aspect, list[StandardLine], int], *, seat: Seat) -> dict[str, Any]:
    aspect, lines, done = part
    return {
        "aspect": aspect,
        "url": reverse("evaluations:seat_marks", args=[seat.pk, aspect.value]),
        "count": len(lines),
        "done": done,
        "weak": sum(line.state in (FigureState.WARN, FigureState.FAIR) for line in lines),
    }


def seat_marks(request: HttpRequest, pk: int, aspect: str) -> HttpResponse:
    """The standards of one aspect with all that is there to judge them by; saved together."""
    seat = seat_of(request, pk)
    review = queries.review_of(seat, user=request.user, today=clock.today())
    lines = lines_of(review, aspect=aspect)
    form = marks_form(request, review=review, lines=lines)
    if request.method == "POST":
        require(policies.can_mark(request.user, seat), NOT_NOW)
    target = {"seat": seat, "states": review.states, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_review.save_marks(**target, **marks_given(form))):
        messages.success(request, f"已保存：{Aspect(aspect).label}。")
        return redirect(after_saving(request, review=review, aspect=aspect))
    context = marks_context(request, review=review, lines=lines, form=form)
    return render(request, "evaluations/seat_marks.html", context, status=status_of(form))


def lines_of(review: Review, *, aspect: str) -> list[StandardLine]:
    found = [line for line in review.lines if line.row.aspect == aspect]
    if not found:
        raise Http404
    return found


def marks_form(request: HttpRequest, *, review: Review, lines: list[StandardLine]) -> forms.ReviewForm:
    return forms.ReviewForm(
        request.POST if request.method == "POST" else None,
        standards={line.row.pk: str(line.row) for line in lines},
        grades=review.grades,
        given={line.row.pk: (line.mark.grade, line.mark.reason) for line in lines if line.mark},
        version=review.seat.version,
        states=review.states,
    )


def marks_given(form: forms.MarksForm) -> dict[str, Any]:
    return {"marks": form.marks(), "version": form.cleaned_data["version"]}


def after_saving(request: HttpRequest, *, review: Review, aspect: str) -> str:
    """The next aspect where that is asked for, otherwise the branch's page."""
    names = [one.value for one, _, _ in review.aspects]
    following = names[names.index(aspect) + 1 :]
    if "next" in request.POST and following:
        return reverse("evaluations:seat_marks", args=[review.seat.pk, following[0]])
    return to_seat(review.seat)


def marks_context(
    request: HttpRequest, *, review: Review, lines: list[StandardLine], form: forms.MarksForm
) -> dict[str, Any]:
    seat, here = review.seat, lines[0].row.aspect
    return {
        "seat": seat,
        "evaluation": seat.evaluation,
        "aspect": Aspect(here),
        "form": form,
        "lines": [shown_line(line, form=form) for line in lines],
        "parts": [aspect_line(part, seat=seat) for part in review.aspects],
        "is_last": here == review.aspects[-1][0],
        "may": policies.rights_on_seat(request.user, seat),
        "mistakes": mistakes_of(form),
        "year": seat.evaluation.cycle.year,
        "back_url": to_seat(seat),
    }


def shown_line(line: StandardLine, *, form: forms.MarksForm) -> dict[str, Any]:
    """One standard as the page shows it, with its two fields."""
    grade, reason = form.pair(line.row.pk)
    return {
        "line": line,
        "badge": badge_of(line.evidence.judged),
        "figures": [shown_figure(one) for one in line.figures],
        "grade": grade,
        "reason": reason,
        "hint": f"选{'、'.join(line.wanting)}的，写明理由。" if line.wanting else "",
    }


def shown_figure(one: queries.FigureLine) -> dict[str, Any]:
    figure = one.figure
    return {
        "title": figure.title,
        "value": value_words(figure),
        "then": one.then,
        "badge": STATES[figure.state],
        "made_of": made_of(figure),
        "why": figure.why if figure.value is not None else "",
        "level": level_words(figure),
        "formula": figure.formula,
    }


def seat_sum_up(request: HttpRequest, pk: int) -> HttpResponse:
    seat = seat_of(request, pk)
    require(policies.can_mark(request.user, seat), NOT_NOW)
    grades = queries.grade_names([seat.evaluation.cycle_id])[seat.evaluation.cycle_id]
    start = {name: getattr(seat, name) for name in ("summary", "suggested_grade", "version")}
    form = forms.SummaryForm(request.POST or None, initial=start, grades=grades)
    target = {"seat": seat, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_review.sum_up(**target, **form.cleaned_data)):
        return redirect(to_seat(seat))
    title = f"总体评价：{seat.evaluation.branch}"
    return form_page(request, form=form, title=title, submit="保存", back_url=to_seat(seat))


def seat_visit(request: HttpRequest, pk: int) -> HttpResponse:
    seat = seat_of(request, pk)
    require(policies.can_visit(request.user, seat), "评审已经提交或者结束，不能再登记。")
    form = forms.VisitForm(request.POST or None, initial={"visited_on": clock.today()})
    target = {"seat": seat, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_review.add_visit(**target, **form.cleaned_data)):
        messages.success(request, "已登记。")
        return redirect(to_seat(seat))
    title = f"登记实地了解：{seat.evaluation.branch}"
    return form_page(request, form=form, title=title, submit="保存", back_url=to_seat(seat))


def seat_hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    seat = seat_of(request, pk)
    require(policies.can_mark(request.user, seat), NOT_NOW)
    form = forms.HandInForm(request.POST or None, on_paper=seat.on_paper, initial={"version": seat.version})
    target = {"seat": seat, "actor": request.user, "today": clock.today()}
    if attempt(
        request,
        form,
        lambda: services_review.hand_in(**target, **hand_in_given(request, seat=seat, form=form)),
    ):
        messages.success(request, "评审已提交。")
        return redirect(to_seat(seat))
    title = f"提交评审：{seat.evaluation.branch}"
    words = {"question": HAND_IN, "submit": "提交评审", "tone": "primary", "back_url": to_seat(seat)}
    return confirm_page(request, title=title, form=form, **words)


def hand_in_given(request: HttpRequest, *, seat: Seat, form: forms.HandInForm) -> dict[str, Any]:
    states = queries.review_of(seat, user=request.user, today=clock.today()).states
    return {"handed_in_on": clock.today(), "states": states, **form.cleaned_data}


def seat_recuse(request: HttpRequest, pk: int) -> HttpResponse:
    seat = seat_of(request, pk)
    require(policies.can_recuse(request.user, seat), "评审已经结束，评定已经告知支部，不能再回避。")
    form = forms.RecuseForm(request.POST or None)
    target = {"seat": seat, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_review.recuse(**target, **form.cleaned_data)):
        messages.success(request, "已回避，上级党组织会另外安排评审人。")
        return redirect("workbench:home")
    question = "回避以后就看不到这个支部的评审材料，已经评定的也不再使用。"
    words = {"title": f"申请回避：{seat.evaluation.branch}", "submit": "回避"}
    return confirm_page(request, form=form, question=question, back_url=to_seat(seat), **words)


def seat_take(request: HttpRequest, pk: int) -> HttpResponse:
    """The organizer enters what the reviewer wrote on paper."""
    rows = policies.seats_to_take(request.user).select_related("evaluation__branch", "reviewer__person")
    seat = get_object_or_404(rows, pk=pk)
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    target = {"seat": seat, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_review.start_paper(**target)):
        return redirect(to_seat(seat))
    who, branch = seat.reviewer.person.name, seat.evaluation.branch
    question = f"照{who}签字的纸质评审表逐条录入，录完后提交。录入以后，{who}本人可以看到，但不再在网上评定。"
    words = {"title": f"录入纸质评审：{branch}", "submit": "开始录入", "tone": "primary"}
    back = reverse("evaluations:settle", args=[seat.evaluation_id])
    return confirm_page(request, form=form, question=question, back_url=back, **words)
