"""The roll of an open sitting and who sat in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from apps.meetings import services_roll
from apps.meetings.forms_agenda import MarkForm, ObserverForm, RollForm
from apps.meetings.queries_roll import roll_of
from apps.meetings.views_page import form_part, page_url, posted, recordable, roll_part
from apps.ui.attempts import attempt
from apps.ui.pages import form_page, refuse
from apps.ui.refusals import Refusal


@require_http_methods(["GET", "POST"])
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole roll on one page, for many changes at once and for work without script."""
    meeting = recordable(request, pk)
    form = RollForm(posted(request), roll=roll_of(meeting))

    def save() -> None:
        services_roll.mark_many(meeting=meeting, marks=form.marks(), actor=request.user)

    if attempt(request, form, save):
        return redirect(page_url(meeting, "roll"))
    back, template = page_url(meeting, "roll"), "meetings/meeting_roll.html"
    return form_page(request, form=form, title="出席情况", submit="保存", back_url=back, template=template)


@require_POST
def roll_mark(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    meeting = recordable(request, pk)
    row = get_object_or_404(meeting.roll.all(), pk=row_pk)
    form = MarkForm(request.POST)
    if form.is_valid():
        try:
            services_roll.mark_attendance(attendance=row, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(request, refusal)
    return roll_part(request, meeting)


@require_POST
def roll_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = recordable(request, pk)
    try:
        services_roll.refresh_roll(meeting=meeting, actor=request.user)
    except Refusal as refusal:
        refuse(request, refusal)
    return roll_part(request, meeting)


@require_http_methods(["GET", "POST"])
def observer_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = recordable(request, pk)
    form = ObserverForm(posted(request))

    def save() -> None:
        services_roll.add_observer(meeting=meeting, actor=request.user, **form.cleaned_data)

    if attempt(request, form, save):
        return roll_part(request, meeting)
    return form_part(request, form=form, title="登记列席人员", meeting=meeting, anchor="roll")


@require_POST
def observer_remove(request: HttpRequest, pk: int, observer_pk: int) -> HttpResponse:
    meeting = recordable(request, pk)
    observer = get_object_or_404(meeting.observers.all(), pk=observer_pk)
    try:
        services_roll.remove_observer(observer=observer, actor=request.user)
    except Refusal as refusal:
        refuse(request, refusal)
    return roll_part(request, meeting)
