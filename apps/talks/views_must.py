"""What the secretary sets going: must-talks, and the round before an 组织生活会."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from apps.branches.models import Organization
from apps.talks import forms, policies, queries, services_must
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, number_in, require

USUAL_DAYS = 14


@sensitive_post_parameters()
def must_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_set_must(request.user))
    branch = chosen(policies.branches_to_set(request.user), request.GET.get("branch"))
    form = must_form(request, branch)
    made = {"branch": branch, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_must.set_must(**made, **form.cleaned_data)):
        messages.success(request, "已登记，谈过以后自动了结。")
        return redirect("talks:must_list")
    intro = "只有您和被请去谈的委员看得到，不进入操作记录的文字，也不进入上级的页面。"
    title, back = f"登记必谈提示（{branch}）", reverse("talks:must_list")
    return form_page(request, form=form, title=title, submit="保存", back_url=back, intro=intro)


def must_form(request: HttpRequest, branch: Organization) -> forms.MustForm:
    today, people = clock.today(), queries.members_of(branch)
    initial: dict[str, Any] = {"since": today, "due_on": today + timedelta(days=USUAL_DAYS)}
    initial["member"] = number_in(request.GET.get("member", "")) or None
    committee = queries.committee_of(branch, today=today)
    return forms.MustForm(request.POST or None, people=people, committee=committee, initial=initial)


@sensitive_post_parameters()
def must_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    must = get_object_or_404(queries.for_must_list(policies.visible_musts(request.user)), pk=pk)
    require(policies.can_withdraw(request.user, must))
    form = forms.WithdrawForm(request.POST or None)
    target = {"must": must, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_must.withdraw_must(**target, **form.cleaned_data)):
        return redirect("talks:must_list")
    return confirm_page(
        request,
        title=f"撤回必谈提示：{must.member.person.name}",
        question="撤回后不再提醒。原因加密保存，不进入操作记录。",
        submit="撤回",
        back_url=reverse("talks:must_list"),
        form=form,
    )


def wave_open(request: HttpRequest) -> HttpResponse:
    require(policies.can_open_wave(request.user))
    branch = chosen(policies.branches_to_set(request.user), request.GET.get("branch"))
    today = clock.today()
    initial = {"opens_on": today, "meeting_on": today + timedelta(days=USUAL_DAYS)}
    form = forms.WaveForm(request.POST or None, initial=initial)
    made = {"branch": branch, "actor": request.user}
    if attempt(request, form, lambda: services_must.open_wave(**made, **form.cleaned_data)):
        messages.success(request, "已发起，大家在“我的谈话”里能看到还要和谁谈。")
        return redirect(f"{reverse('talks:map')}?branch={branch.pk}")
    title, back = f"发起会前谈心（{branch}）", reverse("talks:map")
    intro = "组织生活会前，委员之间必谈，委员和党员广泛谈，提倡党员之间互相谈。"
    return form_page(request, form=form, title=title, submit="发起", back_url=back, intro=intro)


def wave_close(request: HttpRequest, pk: int) -> HttpResponse:
    wave = get_object_or_404(policies.visible_waves(request.user), pk=pk)
    require(policies.can_close_wave(request.user, wave))
    form = forms.ConfirmForm(request.POST if request.method == "POST" else None)
    target = {"wave": wave, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_must.close_wave(**target)):
        return redirect("talks:map")
    page = {"submit": "结束", "tone": "primary", "back_url": reverse("talks:map"), "form": form}
    question = "组织生活会开过以后结束。已登记的谈话都保留。"
    return confirm_page(request, title="结束这一轮会前谈心", question=question, **page)
