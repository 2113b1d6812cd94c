"""A branch's word to one of its figures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.rules.measure_names import MEASURE_NAMES
from apps.standards import filters, forms, policies, queries, services_notes
from apps.standards.models import FigureNote
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, link_to, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import require

INTRO = "支部对自己的某个数字说一句话，跟着数字走，上级看数字时一并看到。"


def name_of(note: FigureNote) -> str:
    return MEASURE_NAMES.get(note.measure, note.measure)


def note_url(note: FigureNote) -> str:
    return reverse("standards:note_detail", args=[note.pk])


COLUMNS = [
    Column("指标", name_of, primary=True, url=link_to("standards:note_detail")),
    Column("年度", lambda row: str(row.year), kind="date"),
    Column("说明", lambda row: row.text),
    Column("党支部", lambda row: row.organization),
    Column("写的人", lambda row: row.written_by),
    Column("时间", lambda row: row.written_at, kind="date", hide_on_phone=True),
]


def note_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_read(request.user))
    rows = queries.notes_with_names(policies.visible_notes(request.user))
    new = Action("写说明", reverse("standards:note_create"), icon="plus-lg")
    return list_page(
        request,
        filterset=filters.NoteFilter(request.GET, queryset=rows),
        columns=COLUMNS,
        title="数字说明",
        order=("-written_at", "-pk"),
        actions=[new] if policies.can_note(request.user) else [],
        empty="还没有数字说明。数字看起来不对、但有缘由的，由支部书记写一句说明。",
        intro=INTRO,
    )


def note_detail(request: HttpRequest, pk: int) -> HttpResponse:
    note = visible(request, pk)
    context = {
        "note": note,
        "name": name_of(note),
        "earlier": note.earlier.select_related("written_by").order_by("-written_at", "-pk"),
        "may_change": policies.can_change_note(request.user, note),
    }
    return render(request, "standards/note_detail.html", context)


def visible(request: HttpRequest, pk: int) -> FigureNote:
    return get_object_or_404(queries.notes_with_names(policies.visible_notes(request.user)), pk=pk)


def note_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_note(request.user))
    branches = policies.branches_to_note(request.user)
    asked = {name: request.GET[name] for name in ("organization", "year", "measure") if name in request.GET}
    initial = {"organization": branches.first(), "year": clock.today().year, **asked}
    form = forms.NoteForm(request.POST or None, organizations=branches, initial=initial)
    target = {"actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_notes.write_note(**target, **form.cleaned_data)):
        messages.success(request, "说明已保存，跟着这个数字显示。")
        return redirect("standards:note_list")
    words = {"title": "写数字说明", "submit": "保存", "intro": INTRO}
    return form_page(request, form=form, **words, back_url=reverse("standards:note_list"))


def note_update(request: HttpRequest, pk: int) -> HttpResponse:
    note = visible(request, pk)
    require(policies.can_change_note(request.user, note))
    initial = {"text": note.text, "version": note.version}
    form = forms.NoteUpdateForm(request.POST or None, initial=initial)
    target = {"note": note, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_notes.change_note(**target, **form.cleaned_data)):
        return redirect(note_url(note))
    words = {"title": f"修改说明：{name_of(note)}", "submit": "保存", "intro": "原来的说明保留，可以查看。"}
    return form_page(request, form=form, **words, back_url=note_url(note))


def note_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    note = visible(request, pk)
    require(policies.can_change_note(request.user, note))
    form = forms.WithdrawForm(request.POST or None)
    target = {"note": note, "actor": request.user, "now": clock.now()}
    if attempt(request, form, lambda: services_notes.withdraw_note(**target, **form.cleaned_data)):
        messages.success(request, "说明已撤回，不再跟着数字显示。")
        return redirect(note_url(note))
    question = "撤回后这句话不再跟着数字显示，文字和撤回原因保留。"
    words = {"title": f"撤回说明：{name_of(note)}", "question": question, "submit": "撤回"}
    return confirm_page(request, **words, back_url=note_url(note), form=form)
