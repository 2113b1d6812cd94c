"""Rounds of the organizational life meeting: the list, one round with its steps, its study, its end."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.branches.models import Organization
from apps.evaluations import forms_round as forms
from apps.evaluations import policies_round as policies
from apps.evaluations import queries_roll as roll
from apps.evaluations import queries_round as queries
from apps.evaluations import services_round as services
from apps.evaluations.filters_round import RoundFilter
from apps.evaluations.models import Round
from apps.rules.kinds_evaluations import RoundPart, RoundState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, link_to, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, number_in, require

round_url = link_to("evaluations:round_detail")
STATE_TONES = {RoundState.OPEN: "info", RoundState.CLOSED: "ok"}
COLUMNS = [
    Column("年度", str, url=round_url, primary=True),
    Column("党支部", lambda row: row.branch),
    Column("状态", lambda row: (row.get_state_display(), STATE_TONES[row.state]), kind="badge"),
    Column("最迟开会", lambda row: row.meeting_by, kind="date"),
    Column("完成日期", lambda row: row.closed_on, kind="date", hide_on_phone=True),
]
WIDTHS = {"year": 6, "theme": 6, "starts_on": 4, "self_by": 4, "meeting_by": 4, "cap_percent": 6}


def round_list(request: HttpRequest) -> HttpResponse:
    """The rounds of the person's branches, with his own part on top."""
    rows = queries.for_list(policies.visible_rounds(request.user))
    actions = actions_of(request)
    return list_page(
        request,
        filterset=RoundFilter(request.GET, queryset=rows, today=clock.today()),
        columns=COLUMNS,
        title="组织生活会与民主评议",
        order=("-year", "-pk"),
        actions=actions,
        empty="还没有登记。支部书记、副书记或组织委员先登记一个年度，再一步一步做。",
        template="evaluations/rounds/round_list.html",
        extra={"own": [(one, roll.waiting_words(one)) for one in roll.own_rounds(request.user.pk)]},
    )


def actions_of(request: HttpRequest) -> list[Action]:
    found = []
    if policies.can_create(request.user):
        found.append(Action("登记一个年度", reverse("evaluations:round_create"), icon="plus-lg"))
    if policies.can_oversee(request.user):
        found.append(Action("各支部开展情况", reverse("evaluations:round_overview"), icon="list-check"))
    return found


def round_go(request: HttpRequest) -> HttpResponse:
    """From a duty: to the round of this branch and year, or to the form that begins it."""
    year = number_in(request.GET.get("year", ""))
    rows = policies.visible_rounds(request.user).filter(branch=number_in(request.GET.get("branch", "")))
    row = rows.filter(year=year).first()
    if row:
        return redirect("evaluations:round_detail", pk=row.pk)
    if not policies.can_create(request.user):
        return redirect("evaluations:round_list")
    asked = urlencode({name: request.GET.get(name, "") for name in ("branch", "year")})
    return redirect(f"{reverse('evaluations:round_create')}?{asked}")


def place_of(request: HttpRequest) -> Organization:
    require(policies.can_create(request.user))
    return chosen(policies.branches_to_keep(request.user), request.GET.get("branch"))


def round_create(request: HttpRequest) -> HttpResponse:
    branch, today = place_of(request), clock.today()
    years = [today.year, today.year - 1]
    asked = number_in(request.GET.get("year", ""))
    year = asked if asked in years else queries.year_to_prepare(today)
    initial = {"year": year, **forms.usual_days(year, today=today)}
    form = forms.RoundForm(request.POST or None, years=years, initial=initial)
    made = {"branch": branch, "actor": request.user, "now": clock.now()}
    begun: list[Round] = []
    if attempt(request, form, lambda: begun.append(services.create_round(**made, **form.cleaned_data))):
        messages.success(request, "已登记，名单已经带出。按下面的步骤一项一项做。")
        return redirect("evaluations:round_detail", pk=begun[0].pk)
    title, back = f"登记组织生活会（{branch}）", reverse("evaluations:round_list")
    return form_page(request, form=form, title=title, submit="登记", back_url=back, columns=WIDTHS)


def round_of(request: HttpRequest, pk: int) -> Round:
    return get_object_or_404(queries.whole(policies.visible_rounds(request.user)), pk=pk)


def kept_round(request: HttpRequest, pk: int) -> Round:
    row = round_of(request, pk)
    require(policies.can_keep(request.user, row), "只有本支部书记、副书记、组织委员能改，完成以后不能再改。")
    return row


def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = round_of(request, pk)
    return render(request, "evaluations/rounds/round.html", context_of(request, row))


def context_of(request: HttpRequest, row: Round) -> dict[str, Any]:
    may = policies.rights_on(request.user, row)
    ballot = roll.ballot_of(row.poll)
    own = policies.own_evaluations(request.user).filter(round=row).first()
    return {
        "row": row,
        "stand": queries.stand_of(row, today=clock.today()),
        "badge": (row.get_state_display(), STATE_TONES[RoundState(row.state)]),
        "may": may,
        "own": own,
        "notes": queries.notes_of(row),
        "studies": queries.studies_of(row),
        "opinions": queries.opinions_of(row),
        "problems": queries.problems_of(row),
        "last_year": queries.reported_from_last_year(row),
        "roll": roll.roll_rows(row),
        "newcomers": roll.not_on_roll(row).count(),
        "result": ballot.result,
        "today": clock.today(),
    }


def round_update(request: HttpRequest, pk: int) -> HttpResponse:
    row = kept_round(request, pk)
    form = forms.RoundUpdateForm(request.POST or None, row=row)
    target = {"row": row, "actor": request.user}
    if attempt(request, form, lambda: services.update_round(**target, **form.cleaned_data)):
        return redirect("evaluations:round_detail", pk=row.pk)
    back = round_url(row)
    return form_page(
        request, form=form, title=f"修改安排：{row}", submit="保存", back_url=back, columns=WIDTHS
    )


def roll_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    row = kept_round(request, pk)
    form = empty_form(request)
    if attempt(request, form, lambda: services.refresh_roll(row=row, actor=request.user)):
        messages.success(request, "名单已补齐。")
    return redirect("evaluations:round_detail", pk=row.pk)


def empty_form(request: HttpRequest) -> django_forms.Form:
    """A step that asks for nothing but the step itself."""
    return django_forms.Form(request.POST if request.method == "POST" else None)


def study_choose(request: HttpRequest, pk: int) -> HttpResponse:
    row = kept_round(request, pk)
    offered = queries.studies_to_choose(row, today=clock.today())
    form = forms.StudyForm(request.POST or None, offered=offered, chosen=queries.studies_of(row))
    target = {"row": row, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.choose_studies(**target, **form.cleaned_data)):
        return redirect("evaluations:round_detail", pk=row.pk)
    intro = "列出近几个月归档的会议活动。没有的，先去“组织生活”记一次再来选。"
    words = {"title": "选定会前学习", "submit": "保存", "intro": intro, "back_url": round_url(row)}
    return form_page(request, form=form, template="evaluations/rounds/form.html", **words)


def part_of(part: str) -> RoundPart:
    if part not in {one.value for one in RoundPart}:
        raise Http404
    return RoundPart(part)


def part_note(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """A part done on paper, or not asked for."""
    row, asked = kept_round(request, pk), part_of(part)
    form = forms.NoteForm(request.POST or None, part=asked, initial=note_words(row, asked))
    target = {"row": row, "part": asked, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.note_part(**target, **form.given())):
        return redirect("evaluations:round_detail", pk=row.pk)
    title = f"{asked.label}：在纸上完成的"
    return form_page(request, form=form, title=title, submit="保存", back_url=round_url(row))


def note_words(row: Round, part: RoundPart) -> dict[str, Any]:
    note = queries.notes_of(row).get(part)
    if note is None:
        return {}
    return {"done_on": note.done_on, "not_asked": note.done_on is None, "text": note.text}


def note_remove(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    row, asked = kept_round(request, pk), part_of(part)
    target = {"row": row, "part": asked, "actor": request.user}
    attempt(request, empty_form(request), lambda: services.remove_note(**target))
    return redirect("evaluations:round_detail", pk=row.pk)


def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    row = kept_round(request, pk)
    missing = queries.stand_of(row, today=clock.today()).missing
    form = forms.CloseForm(request.POST or None, row=row, missing=missing)
    target = {"row": row, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.close_round(**target, **form.cleaned_data)):
        messages.success(request, "已完成，各环节的情况已经固定。")
        return redirect("evaluations:round_detail", pk=row.pk)
    question = "完成以后各环节固定下来，不能再改；整改任务照常进行，党员仍可确认或提出不同意见，"
    question += "支部仍要答复，也可以为提出的人重新评定。"
    details = [("还缺", "、".join(missing) or "没有缺项")]
    page = {"submit": "完成", "tone": "primary", "back_url": round_url(row), "form": form, "details": details}
    return confirm_page(request, title=f"完成：{row}", question=question, **page)
