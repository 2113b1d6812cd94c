"""Bringing a committee's checklist in: upload, preview, confirm or drop."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.rules.kinds import Aspect
from apps.standards import filters, forms, policies, queries, services_import, sheet
from apps.standards.evidence import in_words, read_words
from apps.standards.models import ImportLine, LineVerdict, SheetState, StandardImport
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.export import workbook_response
from apps.ui.lists import Column, list_page
from apps.ui.pages import form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal

TONES = {
    LineVerdict.NEW: "info",
    LineVerdict.CHANGED: "warn",
    LineVerdict.UNCHANGED: "muted",
    LineVerdict.ERROR: "bad",
}
TITLES = {SheetState.READY: "导入预览", SheetState.DONE: "导入结果", SheetState.DROPPED: "已放弃的导入"}


def detail_url(imported: StandardImport) -> str:
    return reverse("standards:import_detail", args=[imported.pk])


def import_start(request: HttpRequest) -> HttpResponse:
    require(policies.can_manage(request.user))
    places = policies.organizations_to_manage(request.user)
    initial = {"organization": places.first(), "valid_from": clock.today()}
    form = forms.UploadForm(
        request.POST or None, request.FILES or None, organizations=places, initial=initial
    )
    made: list[StandardImport] = []
    target = {"actor": request.user, "now": clock.now(), "today": clock.today()}
    upload = services_import.upload_standards
    if attempt(request, form, lambda: made.append(upload(**target, **form.cleaned_data))):
        return redirect(detail_url(made[0]))
    return _ask_file(request, form)


def _ask_file(request: HttpRequest, form: forms.UploadForm) -> HttpResponse:
    return form_page(
        request,
        form=form,
        title="导入标准表",
        submit="上传并预览",
        back_url=reverse("standards:list"),
        template="standards/import_start.html",
        extra={"recent": queries.imports_with_names(policies.visible_imports(request.user))[:5]},
    )


def _badge(line: ImportLine) -> tuple[str, str]:
    verdict = LineVerdict(line.verdict)
    return verdict.label, TONES[verdict]


def _judged_by(line: ImportLine) -> str:
    found, unknown = read_words(line.evidence)
    aspect = f"{Aspect(line.aspect).label}，{line.get_polarity_display()}" if line.aspect else ""
    return "；".join(filter(None, [aspect, in_words(found), "、".join(unknown)]))


COLUMNS = [
    Column("标题", lambda line: line.title or f"第 {line.line} 行", primary=True),
    Column("行号", lambda line: line.line, kind="number"),
    Column("编号", lambda line: line.code, kind="date"),
    Column("结果", _badge, kind="badge"),
    Column("说明", lambda line: line.words),
    Column("要求", lambda line: line.requirement),
    Column("方面和依据", _judged_by),
]


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    imported = _visible(request, pk)
    return list_page(
        request,
        filterset=filters.LineFilter(request.GET, queryset=queries.lines_of(imported)),
        columns=COLUMNS,
        title=TITLES[SheetState(imported.state)],
        order=("line",),
        empty="没有符合条件的行。",
        template="standards/import_detail.html",
        extra=_summary(imported),
    )


def _summary(imported: StandardImport) -> dict[str, Any]:
    counts = queries.verdicts_of(imported)
    return {
        "imported": imported,
        "counts": [(verdict, counts.get(verdict, 0)) for verdict in LineVerdict],
        "to_write": counts.get(LineVerdict.NEW, 0) + counts.get(LineVerdict.CHANGED, 0),
        "faulty": counts.get(LineVerdict.ERROR, 0),
        "ready": imported.state == SheetState.READY,
    }


@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    imported = _visible(request, pk)
    require(policies.can_confirm_import(request.user, imported))
    target = {"sheet": imported, "actor": request.user, "today": clock.today()}
    try:
        new, changed = services_import.confirm_import(**target)
    except Refusal as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, f"已导入：新增 {new} 条，改为新的一版 {changed} 条。")
    return redirect(detail_url(imported))


@require_POST
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    imported = _visible(request, pk)
    require(policies.can_confirm_import(request.user, imported))
    try:
        services_import.drop_import(sheet=imported, actor=request.user)
    except Refusal as refusal:
        refuse(request, refusal)
        return redirect(detail_url(imported))
    messages.success(request, "已放弃这次导入，没有写入任何内容。")
    return redirect("standards:import_start")


@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    require(policies.can_manage(request.user))
    return workbook_response("本级评议标准导入模板", sheet.template_sheets())


def _visible(request: HttpRequest, pk: int) -> StandardImport:
    return get_object_or_404(queries.imports_with_names(policies.visible_imports(request.user)), pk=pk)
