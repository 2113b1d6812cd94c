"""Looking at members: the list, one record, its history, one's own; and a number in clear."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.audit.queries import history_of
from apps.members import forms, policies, queries, services
from apps.members.facts import voting_words
from apps.members.filters import MemberFilter
from apps.members.models import Member
from apps.members.policies_corrections import can_list_corrections
from apps.members.roster_changes import secret_mask
from apps.rules.kinds import MembershipState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page
from apps.ui.policy import require

STATE_TONES = {
    MembershipState.ACTIVE: "ok",
    MembershipState.SUSPENDED: "warn",
    MembershipState.REMOVED: "bad",
    MembershipState.LEFT: "muted",
    MembershipState.DIED: "muted",
}


def detail_url(member: Member) -> str:
    return reverse("members:detail", args=[member.pk])


def _marks(member: Member) -> tuple[str, str] | None:
    """What a secretary should have in mind about this person, in one badge."""
    words = [
        word
        for word, holds in (
            ("流动", member.is_mobile),
            ("不作出席要求", bool(member.exempt_reason)),
            ("需要关怀", member.needs_care),
        )
        if holds
    ]
    return ("、".join(words), "info") if words else None


def _state(member: Member) -> tuple[str, str]:
    state = MembershipState(member.state)
    return state.label, STATE_TONES[state]


def _columns(request: HttpRequest) -> list[Column]:
    def phone(member: Member) -> str:
        shown = "mobile_phone" in policies.shown_secrets(request.user, member)
        return secret_mask("mobile_phone", str(member.mobile_phone)) if shown else ""

    return [
        Column("姓名", lambda member: member.person.name, url=detail_url, primary=True),
        Column("人员类别", lambda member: member.get_status_display()),
        Column("党支部", lambda member: member.branch, hide_on_phone=True),
        Column("党小组", lambda member: member.group.name if member.group else ""),
        Column("入党日期", lambda member: member.admitted_on, kind="date"),
        Column("手机", phone),
        Column("状态", _state, kind="badge"),
        Column("提示", _marks, kind="badge"),
    ]


def _actions(request: HttpRequest) -> list[Action]:
    user, found = request.user, []
    if policies.can_create(user):
        found.append(Action("登记党员", reverse("members:create"), icon="person-plus"))
    if policies.can_import(user):
        url = reverse("members:import_start")
        found.append(Action("导入花名册", url, tone="secondary", icon="file-earmark-arrow-up"))
    if policies.can_assign_groups(user):
        found.append(Action("编党小组", reverse("members:assign_group"), tone="secondary", icon="people"))
    if can_list_corrections(user):
        url = reverse("members:correction_list")
        found.append(Action("更正申请", url, tone="secondary", icon="pencil"))
    if policies.can_export(user):
        url = f"{reverse('members:export')}?{request.GET.urlencode()}"
        found.append(Action("导出", url, tone="secondary", icon="download"))
    return found


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_list(request.user))
    members = queries.for_list(policies.visible_members(request.user))
    first = Action("导入花名册", reverse("members:import_start"))
    return list_page(
        request,
        filterset=MemberFilter(request.GET, queryset=members, user=request.user, today=clock.today()),
        columns=_columns(request),
        title="党员",
        order=("person__pinyin", "pk"),
        actions=_actions(request),
        empty="这里还没有党员。可以从现有的花名册（Excel）一次导入。",
        empty_action=first if policies.can_import(request.user) else None,
    )


@require_safe
def member_detail(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(queries.with_names(policies.visible_members(request.user)), pk=pk)
    return render(request, "members/member_detail.html", _record(request, member))


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """One's own record in full; it is changed by the branch."""
    own = queries.with_names(policies.visible_members(request.user)).filter(person=request.user).first()
    if own is None:
        return render(request, "members/member_none.html")
    return render(request, "members/member_me.html", _record(request, own, in_full=True))


def _record(request: HttpRequest, member: Member, *, in_full: bool = False) -> dict[str, Any]:
    return {
        "member": member,
        "state": _state(member),
        "secrets": _secrets(request, member, in_full=in_full),
        "voting": voting_words(member, today=clock.today()),
        "may": policies.rights_on(request.user, member),
        "verified_late": queries.is_unverified(member, today=clock.today()),
    }


def _secrets(request: HttpRequest, member: Member, *, in_full: bool) -> list[dict[str, str]]:
    """Label, shown text and, where there is something to show in clear, its address."""
    may_reveal = policies.can_reveal(request.user, member)
    found = []
    for name in policies.SECRET_FIELDS:
        if name not in policies.shown_secrets(request.user, member):
            continue
        value = str(getattr(member, name))
        url = (
            reverse("members:reveal", args=[member.pk, name]) if value and may_reveal and not in_full else ""
        )
        text = value if in_full or not value else secret_mask(name, value)
        found.append({"label": services.LABELS[name], "text": text, "url": url})
    return found


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(queries.with_names(policies.visible_members(request.user)), pk=pk)
    require(policies.can_see_history(request.user, member))
    deeds = history_of(member)[: queries.SHOWN_DEEDS]
    return render(request, "members/member_history.html", {"member": member, "deeds": deeds})


def reveal(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    member = get_object_or_404(queries.with_names(policies.visible_members(request.user)), pk=pk)
    require(policies.can_reveal(request.user, member))
    if field not in policies.SECRET_FIELDS:
        raise Http404
    form = forms.ReasonForm(request.POST or None, own=policies.is_own(request.user, member))
    shown: list[str] = []
    if attempt(request, form, lambda: shown.append(_revealed(request, member, field=field, form=form))):
        context = {"member": member, "label": services.LABELS[field], "value": shown[0]}
        return render(request, "members/member_reveal.html", context)
    return _ask_reason(request, member, field=field, form=form)


def _revealed(request: HttpRequest, member: Member, *, field: str, form: forms.ReasonForm) -> str:
    reason = form.cleaned_data["reason"]
    return services.reveal_field(member=member, field=field, reason=reason, actor=request.user)


def _ask_reason(request: HttpRequest, member: Member, *, field: str, form: forms.ReasonForm) -> HttpResponse:
    return confirm_page(
        request,
        title=f"查看{member.person.name}的{services.LABELS[field]}",
        question="内容只显示一次。查看人、时间和事由记入操作记录，本人可以看到。",
        submit="查看",
        back_url=detail_url(member),
        tone="primary",
        form=form,
    )


@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(policies.visible_members(request.user), pk=pk)
    require(policies.can_verify(request.user, member))
    services.verify(member=member, actor=request.user, today=clock.today())
    messages.success(request, "已记为今天核实。")
    return redirect(detail_url(member))
