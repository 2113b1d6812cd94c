"""Bringing a roster in: upload, preview, confirm or drop, and the faulty rows back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.members import forms, policies, queries, services_confirm, services_export, services_import
from apps.members.filters import ImportRowFilter
from apps.members.models import ImportRow, ImportState, RosterImport, RowVerdict
from apps.members.roster_export import faulty_sheet, template_sheets
from apps.members.roster_rows import stored_row
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.export import workbook_response
from apps.ui.lists import Column, list_page
from apps.ui.pages import form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal

VERDICT_TONES = {
    RowVerdict.NEW: "info",
    RowVerdict.CHANGED: "warn",
    RowVerdict.UNCHANGED: "muted",
    RowVerdict.ERROR: "bad",
}


def detail_url(roster: RosterImport) -> str:
    return reverse("members:import_detail", args=[roster.pk])


def import_start(request: HttpRequest) -> HttpResponse:
    require(policies.can_import(request.user))
    places = policies.organizations_to_import(request.user)
    form = forms.UploadForm(request.POST or None, request.FILES or None, organizations=places)
    made: list[RosterImport] = []
    if attempt(request, form, lambda: made.append(_start(request, form))):
        return redirect("jobs:detail", pk=made[0].job_id)
    return _ask_file(request, form)


def _ask_file(request: HttpRequest, form: forms.UploadForm) -> HttpResponse:
    return form_page(
        request,
        form=form,
        title="导入花名册",
        submit="上传并预览",
        back_url=reverse("members:list"),
        template="members/import_start.html",
        extra={"recent": queries.recent_imports(policies.visible_imports(request.user))[:5]},
    )


def _start(request: HttpRequest, form: forms.UploadForm) -> RosterImport:
    data = form.cleaned_data
    return services_import.start_import(
        organization=data["organization"],
        upload=data["file"],
        actor=request.user,
        now=clock.now(),
        today=clock.today(),
    )


def _badge(row: ImportRow) -> tuple[str, str]:
    verdict = RowVerdict(row.verdict)
    return verdict.label, VERDICT_TONES[verdict]


def _what(row: ImportRow) -> str:
    """What would happen, or why nothing does."""
    kept = stored_row(row)
    if row.verdict == RowVerdict.ERROR:
        return "；".join(f"{heading}“{text}”：{why}" for heading, text, why in kept.preview_cells() if why)
    lines = [f"{c['label']}：{c['before'] or '（空）'} → {c['after']}" for c in kept.changes]
    if row.verdict == RowVerdict.NEW:
        lines = ["，".join(f"{label} {value}" for label, value in kept.shown_values() if value)]
    return "；".join([*lines, *(f"提示：{note}" for note in kept.notes)])


ROW_COLUMNS = [
    Column("行号", lambda row: row.line, kind="number"),
    Column("姓名", lambda row: row.name, primary=True),
    Column("结果", _badge, kind="badge"),
    Column("内容", _what),
]


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    roster = _visible(request, pk)
    return list_page(
        request,
        filterset=ImportRowFilter(request.GET, queryset=queries.rows_of(roster)),
        columns=ROW_COLUMNS,
        title=_title(roster),
        order=("line",),
        empty=_nothing(roster),
        template="members/import_detail.html",
        extra=_summary(roster),
    )


def _nothing(roster: RosterImport) -> str:
    """Rows that were written are not kept here a second time; only the faulty ones stay for download."""
    if roster.state == ImportState.DONE and not roster.error_count:
        return "全部写入，没有留下有问题的行。名单请到“党员”页面查看。"
    if roster.state == ImportState.DROPPED:
        return "这次导入已放弃，没有写入任何内容。"
    return "没有符合条件的行。"


def _title(roster: RosterImport) -> str:
    words = {ImportState.READY: "导入预览", ImportState.DONE: "导入结果"}
    return words.get(ImportState(roster.state), "导入花名册")


def _summary(roster: RosterImport) -> dict[str, Any]:
    return {
        "roster": roster,
        "counts": [
            (RowVerdict.NEW, roster.new_count),
            (RowVerdict.CHANGED, roster.changed_count),
            (RowVerdict.UNCHANGED, roster.unchanged_count),
            (RowVerdict.ERROR, roster.error_count),
        ],
        "to_write": roster.new_count + roster.changed_count,
        "ready": roster.state == ImportState.READY,
        "broken": roster.state == ImportState.READING and bool(roster.job and roster.job.finished_at),
    }


@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    roster = _visible(request, pk)
    require(policies.can_confirm_import(request.user, roster))
    try:
        done = services_confirm.confirm_import(roster=roster, actor=request.user, now=clock.now())
    except Refusal as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, f"已导入：新增 {done.new_count} 人，变更 {done.changed_count} 人。")
    return redirect(detail_url(roster))


@require_POST
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    roster = _visible(request, pk)
    require(policies.can_drop_import(request.user, roster))
    try:
        services_import.drop_import(roster=roster, actor=request.user)
    except Refusal as refusal:
        refuse(request, refusal)
        return redirect(detail_url(roster))
    messages.success(request, "已放弃这次导入，没有写入任何内容。")
    return redirect("members:import_start")


@require_POST
def import_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """A download with numbers in clear is a deed, so it is a POST."""
    roster = _visible(request, pk)
    services_export.record_faulty_rows(roster=roster, actor=request.user)
    return workbook_response(
        f"未导入的行-{roster.pk}", [faulty_sheet(roster)], author=request.user.name, at=clock.now()
    )


@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    require(policies.can_import(request.user))
    return workbook_response("党员花名册导入模板", template_sheets())


def _visible(request: HttpRequest, pk: int) -> RosterImport:
    return get_object_or_404(queries.recent_imports(policies.visible_imports(request.user)), pk=pk)
