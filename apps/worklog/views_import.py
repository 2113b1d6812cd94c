"""Bringing study hours in: upload, preview, confirm or drop, and the faulty rows back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.members.models import ImportState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.export import workbook_response
from apps.ui.lists import Column, list_page
from apps.ui.pages import form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal
from apps.worklog import forms, policies, queries, services_import, study_rows
from apps.worklog.filters import StudyRowFilter
from apps.worklog.models import StudyImport, StudyImportRow, StudyVerdict

TONES = {StudyVerdict.NEW: "info", StudyVerdict.KNOWN: "muted", StudyVerdict.ERROR: "bad"}
TITLES = {ImportState.READY: "学时预览", ImportState.DONE: "导入结果"}


def detail_url(study_import: StudyImport) -> str:
    return reverse("worklog:import_detail", args=[study_import.pk])


def _badge(row: StudyImportRow) -> tuple[str, str]:
    verdict = StudyVerdict(row.verdict)
    return verdict.label, TONES[verdict]


ROW_COLUMNS = [
    Column("行号", lambda row: row.line, kind="number"),
    Column("姓名", lambda row: row.name, primary=True),
    Column("结果", _badge, kind="badge"),
    Column("内容", study_rows.words_of),
]


def import_start(request: HttpRequest) -> HttpResponse:
    require(policies.can_import(request.user))
    branches = policies.branches_to_keep(request.user)
    form = forms.UploadForm(request.POST or None, request.FILES or None, branches=branches)
    made: list[StudyImport] = []
    if attempt(request, form, lambda: made.append(_start(request, form))):
        return redirect("jobs:detail", pk=made[0].job_id)
    return _ask_file(request, form)


def _ask_file(request: HttpRequest, form: forms.UploadForm) -> HttpResponse:
    return form_page(
        request,
        form=form,
        title="导入学时",
        submit="上传并预览",
        back_url=reverse("worklog:list"),
        template="worklog/import_start.html",
        extra={"recent": queries.imports_for_list(policies.visible_imports(request.user))[:5]},
    )


def _start(request: HttpRequest, form: forms.UploadForm) -> StudyImport:
    data = form.cleaned_data
    when = {"now": clock.now(), "today": clock.today()}
    return services_import.start_import(
        branch=data["branch"], upload=data["file"], actor=request.user, **when
    )


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    study_import = _visible(request, pk)
    return list_page(
        request,
        filterset=StudyRowFilter(request.GET, queryset=study_import.rows.all()),
        columns=ROW_COLUMNS,
        title=TITLES.get(ImportState(study_import.state), "导入学时"),
        order=("line",),
        empty="没有要看的行。",
        template="worklog/import_detail.html",
        extra=_summary(study_import),
    )


def _summary(study_import: StudyImport) -> dict[str, Any]:
    reading = study_import.state == ImportState.READING
    return {
        "study_import": study_import,
        "counts": [
            ("已计入" if study_import.state == ImportState.DONE else "可以计入", study_import.new_count),
            (StudyVerdict.KNOWN.label, study_import.known_count),
            (StudyVerdict.ERROR.label, study_import.error_count),
        ],
        "ready": study_import.state == ImportState.READY,
        "broken": reading and bool(study_import.job and study_import.job.finished_at),
    }


@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    study_import = _visible(request, pk)
    try:
        done = services_import.confirm_import(study_import=study_import, actor=request.user, now=clock.now())
    except Refusal as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, f"已计入 {done.new_count} 行学时。")
    return redirect(detail_url(study_import))


@require_POST
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    study_import = _visible(request, pk)
    try:
        services_import.drop_import(study_import=study_import, actor=request.user)
    except Refusal as refusal:
        refuse(request, refusal)
        return redirect(detail_url(study_import))
    messages.success(request, "已放弃这次导入，没有写入任何内容。")
    return redirect("worklog:import_start")


@require_POST
def import_errors(request: HttpRequest, pk: int) -> HttpResponse:
    study_import = _visible(request, pk)
    services_import.record_faulty_rows(study_import=study_import, actor=request.user)
    return workbook_response(
        f"未计入的学时-{study_import.pk}",
        [study_rows.faulty_sheet(study_import)],
        author=request.user.name,
        at=clock.now(),
    )


@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    require(policies.can_import(request.user))
    return workbook_response("学时导入模板", [study_rows.template_sheet()])


def _visible(request: HttpRequest, pk: int) -> StudyImport:
    return get_object_or_404(queries.imports_for_list(policies.visible_imports(request.user)), pk=pk)
