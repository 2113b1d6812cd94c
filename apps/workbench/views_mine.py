"""A member's own page: what is stored about him, who looked at it, and all of it to take home."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_safe

from apps.meetings.models import Attendance, MeetingState
from apps.members.own_page import Subject
from apps.rules.kinds import AttendanceStatus
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.docx import CONTENT_TYPE
from apps.ui.html import shown
from apps.ui.lists import Column, list_page
from apps.ui.pages import form_page
from apps.workbench import queries_mine, services_mine
from apps.workbench.filters_mine import LookFilter, OwnAttendanceFilter
from apps.workbench.forms_mine import OwnExportForm
from apps.workbench.queries_mine_life import attendance_of, hours_words
from apps.workbench.queries_mine_trail import looks_at, with_posts
from apps.workbench.services_mine import Export, Form

TONES = {AttendanceStatus.PRESENT: "ok", AttendanceStatus.ABSENT: "warn"}
MEDIA_TYPES = {Form.DOCUMENT: CONTENT_TYPE, Form.DATA: "application/json", Form.BOTH: "application/zip"}


def subject_of(request: HttpRequest) -> Subject:
    return queries_mine.subject_of(request.user, today=clock.today())


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    subject = subject_of(request)
    cards = queries_mine.cards_of(subject)
    return render(request, "workbench/mine.html", {"subject": subject, "cards": cards})


@require_safe
@never_cache
def mine_attendance(request: HttpRequest) -> HttpResponse:
    subject = subject_of(request)
    return list_page(
        request,
        filterset=OwnAttendanceFilter(request.GET, queryset=attendance_of(subject)),
        columns=_attendance_columns(subject),
        title="我的出席和学时",
        intro="归档以后，出席情况不再改动；记得不一致的，请在“我的”页面申请更正。",
        order=("-meeting__held_on", "-pk"),
        empty="没有符合条件的会议活动。",
    )


def _attendance_columns(subject: Subject) -> list[Column]:
    def url(row: Attendance) -> str:
        return reverse("meetings:detail", args=[row.meeting_id]) if subject.on_roster else ""

    return [
        Column("会议活动", lambda row: row.meeting.title, url=url, primary=True),
        Column("日期", lambda row: row.meeting.held_on, kind="date"),
        Column("出席情况", _status, kind="badge"),
        Column("事由", lambda row: row.reason),
        Column("学时", _hours),
        Column("记录", lambda row: MeetingState(row.meeting.state).label, hide_on_phone=True),
    ]


def _status(row: Attendance) -> tuple[str, str]:
    status = AttendanceStatus(row.status)
    return status.label, TONES.get(status, "muted")


def _hours(row: Attendance) -> str:
    """Of a sitting that is filed and was attended; before, the hours may still change."""
    counted = row.meeting.state == MeetingState.CLOSED and row.status == AttendanceStatus.PRESENT
    return hours_words(row.meeting.class_hours) if counted and row.meeting.class_hours else ""


@require_safe
@never_cache
def mine_looks(request: HttpRequest) -> HttpResponse:
    subject = subject_of(request)
    return list_page(
        request,
        filterset=LookFilter(request.GET, queryset=looks_at(subject), today=clock.today()),
        columns=LOOK_COLUMNS,
        title="谁看过我的身份证号、电话、住址和谈话",
        intro="每一次查看全文、导出全文、阅读谈话内容都有记录，任何人都不能删改。"
        "页面上以星号遮盖显示的，不算查看；您看自己的谈话不列在这里。",
        complete=lambda deeds: with_posts(deeds, own_id=request.user.pk),
        empty="没有符合条件的记录。",
    )


LOOK_COLUMNS: list[Column] = [
    Column("查看人", lambda look: look.who, primary=True),
    Column("时间", lambda look: shown(look.deed.at)),
    Column("做了什么", lambda look: look.deed.action_label),
    Column("内容", lambda look: look.what),
    Column("事由", lambda look: look.deed.reason),
]


@never_cache
@sensitive_post_parameters("password")
@sensitive_variables()
def mine_export(request: HttpRequest) -> HttpResponse:
    form = OwnExportForm(request.POST or None)
    made: list[Export] = []
    given = {"request": request, "now": clock.now()}
    if attempt(request, form, lambda: made.append(services_mine.export_mine(**given, **form.cleaned_data))):
        return _download(made[0], form=Form(form.cleaned_data["form"]))
    return _ask_export(request, form)


def _ask_export(request: HttpRequest, form: OwnExportForm) -> HttpResponse:
    intro = (
        "包括档案、任职、出席、发言、学习、任务、计划、谈话、申请和操作记录，谈话含双方都能看的内容。"
        "不含选票，也不含别人写的其他内容。导出会记入操作记录，其中的谈话各记一次阅读，对方看得到。"
    )
    title, back = "导出我的全部信息", reverse("workbench:mine")
    return form_page(
        request,
        form=form,
        title=title,
        submit="导出",
        back_url=back,
        intro=intro,
    )


def _download(export: Export, *, form: Form) -> HttpResponse:
    content: Any = {
        Form.DOCUMENT: services_mine.as_document,
        Form.DATA: services_mine.as_data,
        Form.BOTH: services_mine.as_archive,
    }[form](export)
    name = f"{export.file_name}.{form}"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content, content_type=MEDIA_TYPES[form], headers={"Content-Disposition": str(disposition)}
    )
