"""Correction requests: a member asks, whoever keeps the record answers."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.members import forms_corrections as forms
from apps.members import policies, queries
from apps.members import policies_corrections as rights
from apps.members import queries_corrections as reads
from apps.members import services_corrections as services
from apps.members.filters_corrections import CorrectionFilter
from apps.members.models import CORRECTABLE, CorrectionRequest, CorrectionState, Member
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Column, list_page
from apps.ui.logs import mask_personal_numbers
from apps.ui.pages import form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal

TONES = {
    CorrectionState.OPEN: "info",
    CorrectionState.ACCEPTED: "ok",
    CorrectionState.REFUSED: "warn",
    CorrectionState.WITHDRAWN: "muted",
}


def detail_url(correction: CorrectionRequest) -> str:
    return reverse("members:correction_detail", args=[correction.pk])


def badge_of(correction: CorrectionRequest, *, today: date) -> tuple[str, str]:
    if correction.state == CorrectionState.OPEN and correction.due_on < today:
        return f"超期 {(today - correction.due_on).days} 天", "bad"
    return correction.get_state_display(), TONES[CorrectionState(correction.state)]


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    require(rights.can_list_corrections(request.user))
    today = clock.today()
    rows = reads.for_list(rights.kept_corrections(request.user))
    branches = policies.branches_to_list(request.user).order_by("path")
    return list_page(
        request,
        filterset=CorrectionFilter(request.GET, queryset=rows, branches=branches, today=today),
        columns=_columns(today),
        title="更正申请",
        intro="党员认为本人档案有误而提出的申请，应在 15 个工作日内答复（以工作日粗算，不扣法定节假日）。",
        order=("due_on", "pk"),
        empty="没有符合条件的更正申请。",
    )


def _columns(today: date) -> list[Column]:
    return [
        Column("更正项目", lambda row: row.field_label, url=detail_url, primary=True),
        Column("姓名", lambda row: row.member.person.name),
        Column("党支部", lambda row: row.member.branch, hide_on_phone=True),
        Column("提出日期", lambda row: row.asked_on, kind="date"),
        Column("答复期限", lambda row: row.due_on, kind="date"),
        Column("状态", lambda row: badge_of(row, today=today), kind="badge"),
    ]


def correction_create(request: HttpRequest) -> HttpResponse:
    """First the field, then what it should say."""
    member = queries.with_names(policies.visible_members(request.user)).filter(person=request.user).first()
    if member is None:
        return render(request, "members/member_none.html")
    require(rights.can_create_correction(request.user, member))
    field = request.GET.get("field", "")
    if not field:
        sections = forms.fields_to_choose(member)
        return render(request, "members/correction_choose.html", {"member": member, "sections": sections})
    if field not in CORRECTABLE:
        raise Http404
    return _ask(request, member, field=field)


def _ask(request: HttpRequest, member: Member, *, field: str) -> HttpResponse:
    form = forms.AskForm(request.POST or None, field=field)
    written = {"member": member, "field": field, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.create_correction(**written, **form.cleaned_data)):
        messages.success(request, "申请已提交，支部会在 15 个工作日内答复，答复显示在“我的档案”页面。")
        return redirect("workbench:mine")
    return form_page(
        request,
        form=form,
        title=f"申请更正：{CorrectionRequest(field=field).field_label}",
        submit="提交申请",
        back_url=reverse("members:correction_create"),
        intro=_now_recorded(member, field),
    )


def _now_recorded(member: Member, field: str) -> str:
    if field == services.OTHER:
        return ""
    words = forms.words_of(field, forms.recorded_value(member, field), clear=True)
    return f"现登记：{words or '（空）'}"


@require_safe
@never_cache
def correction_detail(request: HttpRequest, pk: int) -> HttpResponse:
    correction = _visible(request, pk)
    may = rights.rights_on_correction(request.user, correction)
    context = {
        "correction": correction,
        "badge": badge_of(correction, today=clock.today()),
        "rows": _rows(correction, own=may["own"]),
        "may": may,
    }
    return render(request, "members/correction_detail.html", context)


def _rows(correction: CorrectionRequest, *, own: bool) -> list[tuple[str, object]]:
    """To others, numbers in what the member wrote are masked, as on the record itself."""
    field, member = correction.field, correction.member
    wrong, reason = str(correction.wrong), str(correction.reason)
    if not own:
        wrong, reason = mask_personal_numbers(wrong), mask_personal_numbers(reason)
    rows: list[tuple[str, object]] = [("姓名", member.person.name), ("更正项目", correction.field_label)]
    if field != services.OTHER:
        rows.append(("现登记", forms.words_of(field, forms.recorded_value(member, field), clear=own)))
    asked = forms.asked_words(correction, clear=own)
    rows += [
        ("应改为", asked if own or field != services.OTHER else mask_personal_numbers(asked)),
        ("哪里不对", wrong),
        ("依据", reason),
        ("提出日期", correction.asked_on),
    ]
    if correction.state == CorrectionState.OPEN:
        return [*rows, ("答复期限", f"{correction.due_on}（15 个工作日，以工作日粗算）")]
    if correction.answered_on:
        rows += [("答复人", correction.answered_by), ("答复日期", correction.answered_on)]
        rows.append(("答复", str(correction.answer) or "已按申请更正。"))
    return rows


def correction_accept(request: HttpRequest, pk: int) -> HttpResponse:
    correction = _visible(request, pk)
    require(rights.can_accept_correction(request.user, correction))
    form = forms.AnswerForm(request.POST or None, correction=correction)
    target = {"correction": correction, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.accept_correction(**target, **form.words())):
        messages.success(request, "已更正，并告知本人。")
        return redirect(detail_url(correction))
    title, back = (
        f"同意更正：{correction.member.person.name}的{correction.field_label}",
        detail_url(correction),
    )
    return form_page(request, form=form, title=title, submit="同意并更正", back_url=back)


def correction_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    correction = _visible(request, pk)
    require(rights.can_refuse_correction(request.user, correction))
    form = forms.RefusalForm(request.POST or None, initial={"version": correction.version})
    target = {"correction": correction, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.refuse_correction(**target, **form.cleaned_data)):
        messages.success(request, "已答复，本人可以看到理由。")
        return redirect(detail_url(correction))
    title, back = (
        f"不予更正：{correction.member.person.name}的{correction.field_label}",
        detail_url(correction),
    )
    return form_page(request, form=form, title=title, submit="答复本人", back_url=back)


@require_POST
def correction_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    correction = _visible(request, pk)
    require(rights.can_withdraw_correction(request.user, correction))
    try:
        services.withdraw_correction(correction=correction, actor=request.user)
        messages.success(request, "申请已撤回。")
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect(detail_url(correction))


@require_POST
@never_cache
def correction_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked for in clear, to be held against the document."""
    correction = _visible(request, pk)
    require(rights.can_reveal_correction(request.user, correction))
    if correction.field not in policies.SECRET_FIELDS:
        raise Http404
    value = services.reveal_correction(correction=correction, actor=request.user)
    context = {"correction": correction, "value": value}
    return render(request, "members/correction_reveal.html", context)


def _visible(request: HttpRequest, pk: int) -> CorrectionRequest:
    return get_object_or_404(reads.in_full(rights.visible_corrections(request.user)), pk=pk)
