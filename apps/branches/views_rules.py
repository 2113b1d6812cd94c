"""The page 「规则」, local rules of a committee, and excused periods."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.branches import forms, policies, services_rules
from apps.branches.views import detail_url
from apps.rules.cadences import CADENCES
from apps.rules.norms import NORMS
from apps.rules.regulations import REGULATIONS
from apps.rules.talks import TALK_RULES
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import require

CODES = [(cadence.code, cadence.title) for cadence in CADENCES]
HOURS = [(code, f"{NORMS[code].title}（最少次数填学时）") for code in ("EDU-1", "EDU-2")]
#: A committee may set its own version of these besides; of study the least number is one of hours.
OVERRIDABLE = [*CODES, *TALK_RULES, *HOURS]


def rule_list(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    context = {
        "cadences": CADENCES,
        "norms": NORMS.values(),
        "regulations": REGULATIONS,
        "overrides": policies.overrides_affecting(request.user).select_related("organization"),
        "today": today,
        "may_override": policies.is_organizer(request.user),
    }
    return render(request, "branches/rule_list.html", context)


def rule_detail(request: HttpRequest, code: str) -> HttpResponse:
    rule = next((rule for rule in (*CADENCES, *NORMS.values()) if rule.code == code), None)
    if rule is None:
        raise Http404
    overrides = policies.overrides_affecting(request.user).filter(code=code).select_related("organization")
    context = {"rule": rule, "regulation": REGULATIONS[rule.regulation], "overrides": overrides}
    return render(request, "branches/rule_detail.html", context)


def override_create(request: HttpRequest) -> HttpResponse:
    require(policies.is_organizer(request.user))
    organizations = policies.organizations_to_rule(request.user)
    initial = {"organization": organizations.first(), "valid_from": clock.today(), **request.GET.dict()}
    form = forms.OverrideForm(
        request.POST or None, organizations=organizations, codes=OVERRIDABLE, initial=initial
    )
    target = {"actor": request.user}
    if attempt(request, form, lambda: services_rules.create_override(**target, **form.cleaned_data)):
        messages.success(request, "本级规则已登记，即时适用于所属党支部。")
        return redirect("branches:rule_list")
    back = reverse("branches:rule_list")
    intro = "本级规则只能由有依据的上级要求产生，请写明文件名称或会议决定。"
    return form_page(request, form=form, title="登记本级规则", submit="保存", back_url=back, intro=intro)


def override_end(request: HttpRequest, pk: int) -> HttpResponse:
    override = get_object_or_404(policies.visible_overrides(request.user), pk=pk)
    require(policies.can_override_rules(request.user, override.organization))
    form = forms.EndOverrideForm(request.POST or None, initial={"valid_to": clock.today()})
    target = {"override": override, "actor": request.user}
    if attempt(request, form, lambda: services_rules.end_override(**target, **form.cleaned_data)):
        return redirect("branches:rule_list")
    return confirm_page(
        request,
        title="停止本级规则",
        question=f"停止“{override.organization}”对 {override.code} 的规定，恢复上级或条例的规定。",
        submit="停止执行",
        back_url=reverse("branches:rule_list"),
        form=form,
    )


def excuse_create(request: HttpRequest, pk: int) -> HttpResponse:
    branch = get_object_or_404(policies.visible_branches(request.user), pk=pk)
    require(policies.can_excuse(request.user, branch))
    form = forms.ExcuseForm(request.POST or None, codes=CODES, initial=request.GET.dict())
    target = {"organization": branch, "actor": request.user, "decided_on": clock.today()}
    if attempt(request, form, lambda: services_rules.create_excuse(**target, **form.cleaned_data)):
        messages.success(request, "免做说明已登记，支部首页会显示事由和同意人。")
        return redirect(detail_url(branch))
    title, back = f"登记“{branch}”的免做说明", detail_url(branch)
    return form_page(request, form=form, title=title, submit="保存", back_url=back)


def excuse_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    excuse = get_object_or_404(policies.visible_excuses(request.user), pk=pk)
    require(policies.can_excuse(request.user, excuse.organization))
    form = forms.WithdrawForm(request.POST or None)
    target = {"excuse": excuse, "actor": request.user}
    if attempt(request, form, lambda: services_rules.withdraw_excuse(**target, **form.cleaned_data)):
        return redirect(detail_url(excuse.organization))
    return confirm_page(
        request,
        title="撤回免做说明",
        question=f"撤回后，“{excuse.organization}”这一周期仍按规则要求。",
        submit="撤回",
        back_url=detail_url(excuse.organization),
        form=form,
    )
