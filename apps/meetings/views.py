"""The list of sittings, entering one, its page, and changing what was entered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.meetings import forms, policies, queries, services
from apps.meetings.drafts import differences
from apps.meetings.filters import MeetingFilter
from apps.meetings.models import Meeting, MeetingState
from apps.meetings.services_directives import convey_directive
from apps.meetings.titles import late_words, words_of
from apps.meetings.views_page import in_reach, page_context, page_url, posted, recordable
from apps.tasks.policies import visible_directives
from apps.ui import clock
from apps.ui.lists import Action, Column, address_of, link_to, list_page
from apps.ui.pages import form_page, refuse
from apps.ui.policy import number_in, require
from apps.ui.refusals import Refusal, Stale

STATE_TONES = {
    MeetingState.PLANNED: "info",
    MeetingState.OPEN: "warn",
    MeetingState.CLOSED: "ok",
    MeetingState.CANCELLED: "muted",
}


def state_badge(meeting: queries.Listed) -> tuple[str, str]:
    return meeting.state.label, STATE_TONES[meeting.state]


def late_entry(meeting: queries.Listed) -> str:
    return late_words(held_on=meeting.held_on, recorded_at=meeting.recorded_at)


COLUMNS = (
    Column("日期", lambda meeting: meeting.held_on, kind="date"),
    Column("名称", lambda meeting: meeting.title, url=link_to("meetings:detail"), primary=True),
    Column("类别", lambda meeting: words_of(meeting.kinds, form=meeting.form)),
    Column("召开单位", lambda meeting: meeting.held_by),
    Column("状态", state_badge, kind="badge"),
    Column("登记", late_entry, hide_on_phone=True),
)


def meeting_list(request: HttpRequest) -> HttpResponse:
    rows = queries.for_list(policies.meetings_to_list(request.user))
    actions = entry_actions(request)
    return list_page(
        request,
        filterset=MeetingFilter(request.GET, queryset=rows, request=request),
        columns=COLUMNS,
        title="组织生活",
        order=("-held_on", "-pk"),
        complete=queries.listed,
        actions=actions,
        empty="还没有会议和活动的记录。",
        empty_action=actions[0] if actions else None,
    )


def entry_actions(request: HttpRequest) -> list[Action]:
    if not policies.can_plan(request.user):
        return []
    return [
        Action("记一次", address_of("meetings:log"), icon="pencil-square"),
        Action("计划会议", address_of("meetings:plan"), tone="secondary", icon="calendar-plus"),
        Action("空白记录表", address_of("meetings:blank_form"), tone="secondary", icon="printer"),
    ]


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    return enter(request, logging=False)


@require_http_methods(["GET", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    return enter(request, logging=True)


def enter(request: HttpRequest, *, logging: bool) -> HttpResponse:
    require(policies.can_plan(request.user))
    form = new_form(request, logging=logging)
    if request.method == "POST" and form.is_valid():
        url = entered(request, form, logging=logging)
        if url:
            return redirect(url)
    words = LOG_WORDS if logging else PLAN_WORDS
    return meeting_form_page(request, form=form, extra={"duplicate": form.duplicate}, **words)


def meeting_form_page(request: HttpRequest, *, form: forms.MeetingForm, **words: Any) -> HttpResponse:
    template = "meetings/meeting_form.html"
    return form_page(
        request, form=form, submit=form.submit, back_url=form.back_url, template=template, **words
    )


LOG_WORDS = {
    "title": "记一次会议活动",
    "intro": "已经开过的会、搞过的活动。保存后直接进入记录：应到名单已列好，默认全部出席。",
}
PLAN_WORDS = {"title": "计划会议活动", "intro": "先定时间和议题，开会那天点“开始记录”。"}


LATE_DAY = "补记以前开过的会：请填写当时实际召开的日期。没有开的，不要补写。"


def new_form(request: HttpRequest, *, logging: bool) -> forms.NewMeetingForm:
    options: dict[str, Any] = {
        "user": request.user,
        "logging": logging,
        "back_url": reverse("meetings:list"),
    }
    if request.method == "POST":
        return forms.NewMeetingForm(request.POST, **options)
    initial = forms.prefill(request.GET, user=request.user, today=clock.today(), logging=logging)
    form = forms.NewMeetingForm(initial=initial, **options)
    if "late" in request.GET:
        form.fields["held_on"].help_text = LATE_DAY
    return form


def entered(request: HttpRequest, form: forms.NewMeetingForm, *, logging: bool) -> str:
    """The address of the sitting that was entered; empty when it was refused (the words are on the form)."""
    enter_meeting = services.log_meeting if logging else services.plan_meeting
    try:
        meeting = enter_meeting(
            draft=form.draft(),
            actor=request.user,
            now=clock.now(),
            idempotency_key=form.cleaned_data["idempotency_key"],
            another=form.cleaned_data["another"],
        )
    except services.AlreadyRecorded as refusal:
        form.ask_about(refusal)
        refuse(form, refusal)
    except Refusal as refusal:
        refuse(form, refusal)
    else:
        convey_named(request, meeting)
        return page_url(meeting)
    return ""


def convey_named(request: HttpRequest, meeting: Meeting) -> None:
    """Where the address names a document from above, the sitting was entered to convey it."""
    visible = visible_directives(request.user).select_related("organization")
    directive = visible.filter(pk=number_in(request.GET.get("directive", ""))).first()
    if directive is None or not policies.can_convey(request.user, directive):
        return
    try:
        convey_directive(meeting=meeting, directive=directive, actor=request.user, now=clock.now())
    except Refusal as refusal:
        refuse(request, refusal)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(queries.whole(policies.visible_meetings(request.user)), pk=pk)
    if policies.can_see_minutes(request.user, meeting):
        return render(request, "meetings/meeting_detail.html", page_context(request, meeting))
    own = policies.own_record(request.user)
    lines = [row for row in meeting.roll.all() if own and row.member_id == own.member_id]
    context = {
        "meeting": meeting,
        "kinds": words_of(queries.kinds_of(meeting), form=meeting.form),
        "own": lines,
    }
    return render(request, "meetings/meeting_outline.html", context)


@require_http_methods(["GET", "POST"])
def update(request: HttpRequest, pk: int) -> HttpResponse:
    require(policies.can_record(request.user, in_reach(request, pk)))
    meeting = get_object_or_404(queries.whole(policies.visible_meetings(request.user)), pk=pk)
    form = forms.ChangeMeetingForm(posted(request), meeting=meeting, back_url=page_url(meeting))
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid() and changed(request, form, conflict=conflict):
        return redirect(page_url(meeting))
    return meeting_form_page(request, form=form, title="修改会议信息", extra={"conflict": conflict})


def changed(request: HttpRequest, form: forms.ChangeMeetingForm, *, conflict: list[dict[str, Any]]) -> bool:
    """Whether the change was kept; what somebody else wrote meanwhile goes into `conflict`."""
    try:
        services.update_meeting(
            meeting=form.meeting,
            version=form.cleaned_data["version"],
            draft=form.draft(),
            actor=request.user,
            now=clock.now(),
        )
    except Stale as refusal:
        stored = in_reach(request, form.meeting.pk)
        conflict.extend(differences(stored, form.draft()))
        form.reopen_on(stored)
        refuse(form, refusal)
    except Refusal as refusal:
        refuse(form, refusal)
    else:
        return True
    return False


@require_POST
def open_record(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = recordable(request, pk)
    try:
        services.open_meeting(meeting=meeting, actor=request.user, now=clock.now())
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect(page_url(meeting))
