"""What a committee decides for its subtree: standards switched off and on, levels changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from apps.rules.measure_names import MEASURE_NAMES, unit_of
from apps.standards import filters, forms, policies, queries, services_local
from apps.standards.models import LevelOverride
from apps.standards.views import detail_url, period_of, visible
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import require

LEVELS_INTRO = "良好线：达到或高于为良好；提示线：低于时提示。没有列出的指标按系统默认。"


def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    standard = visible(request, pk)
    require(policies.can_switch_off(request.user, standard))
    organizations = policies.organizations_to_switch_off(request.user, standard)
    initial = {"organization": organizations.first(), "valid_from": clock.today()}
    form = forms.SwitchOffForm(request.POST or None, organizations=organizations, initial=initial)
    target = {"standard": standard, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_local.switch_off(**target, **form.cleaned_data)):
        messages.success(request, "已停用，所属党支部会看到理由。")
        return redirect(detail_url(standard))
    words = {"title": f"停用标准 {standard}", "submit": "停用", "intro": queries.title_of(standard)}
    return form_page(request, form=form, **words, back_url=detail_url(standard), columns=DATES)


DATES = {"valid_from": 6, "valid_to": 6, "good": 6, "warn": 6}


def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    switch = get_object_or_404(policies.visible_switches(request.user).select_related("standard"), pk=pk)
    require(policies.can_switch_on(request.user, switch))
    form = forms.EndForm(request.POST or None, initial={"valid_to": clock.today()})
    target = {"switch": switch, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_local.switch_on(**target, **form.cleaned_data)):
        messages.success(request, "已恢复，所属党支部重新按这条评议。")
        return redirect(detail_url(switch.standard))
    question = f"“{switch.organization}”和下级从这一天起重新按标准 {switch.standard} 评议。"
    words = {"title": f"恢复标准 {switch.standard}", "question": question, "submit": "恢复"}
    return confirm_page(request, **words, tone="primary", back_url=detail_url(switch.standard), form=form)


def dates_of(row: LevelOverride) -> str:
    return f"{row.valid_from} 起" + (f"，{row.valid_to} 停止" if row.valid_to else "")


def level_columns(request: HttpRequest, *, today: date) -> list[Column]:
    def may_end(row: LevelOverride) -> bool:
        over = row.valid_to is not None and row.valid_to <= today
        return not over and policies.can_end_override(request.user, row)

    def end_url(row: LevelOverride) -> str:
        return reverse("standards:override_end", args=[row.pk]) if may_end(row) else ""

    return [
        Column("指标", lambda row: MEASURE_NAMES.get(row.measure, row.measure), primary=True),
        Column("状态", lambda row: period_of(row, today=today), kind="badge"),
        Column("良好线", lambda row: f"{row.good}{unit_of(row.measure)}", kind="date"),
        Column("提示线", lambda row: f"{row.warn}{unit_of(row.measure)}", kind="date"),
        Column("适用于", lambda row: f"{row.organization}及下级"),
        Column("理由", lambda row: row.reason),
        Column("执行时间", dates_of),
        Column("办理", lambda row: "停止" if may_end(row) else "", url=end_url),
    ]


def level_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_read(request.user))
    today = clock.today()
    rows = policies.visible_overrides(request.user).select_related("organization")
    new = Action("调整评议线", reverse("standards:override_create"), icon="plus-lg")
    return list_page(
        request,
        filterset=filters.LevelFilter(request.GET, queryset=rows, today=today),
        columns=level_columns(request, today=today),
        title="评议线",
        order=("measure", "path", "-valid_from", "pk"),
        actions=[new] if policies.can_manage(request.user) else [],
        empty="上级没有调整过评议线，都按系统默认。",
        intro=LEVELS_INTRO,
    )


def override_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_manage(request.user))
    organizations = policies.organizations_to_manage(request.user)
    initial: dict[str, Any] = {"organization": organizations.first(), "valid_from": clock.today()}
    initial |= {name: request.GET[name] for name in ("measure",) if name in request.GET}
    form = forms.LevelForm(request.POST or None, organizations=organizations, initial=initial)
    target = {"actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_local.override_levels(**target, **form.cleaned_data)):
        messages.success(request, "评议线已调整，所属党支部都按它执行。")
        return redirect("standards:level_list")
    words = {"title": "调整评议线", "submit": "保存", "intro": LEVELS_INTRO}
    return form_page(request, form=form, **words, back_url=reverse("standards:level_list"), columns=DATES)


def override_end(request: HttpRequest, pk: int) -> HttpResponse:
    override = get_object_or_404(
        policies.visible_overrides(request.user).select_related("organization"), pk=pk
    )
    require(policies.can_end_override(request.user, override))
    form = forms.EndForm(request.POST or None, initial={"valid_to": clock.today()})
    target = {"override": override, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_local.end_override(**target, **form.cleaned_data)):
        return redirect("standards:level_list")
    name = MEASURE_NAMES.get(override.measure, override.measure)
    question = f"从这一天起，“{override.organization}”和下级的{name}恢复按上级或系统默认的评议线。"
    words = {"title": f"停止调整：{name}", "question": question, "submit": "停止"}
    return confirm_page(request, **words, back_url=reverse("standards:level_list"), form=form)
