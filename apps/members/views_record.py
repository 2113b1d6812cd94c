"""Keeping the record: entering, changing, and the decisions about a member."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from apps.branches.models import Organization
from apps.members import forms, policies, queries, services, services_state
from apps.members.models import Member
from apps.members.views import detail_url
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import form_page
from apps.ui.policy import number_in, require


def member_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_create(request.user))
    form = _create_form(request)
    made: list[Member] = []
    if attempt(request, form, lambda: made.append(_create(request, form))):
        messages.success(request, f"已登记{made[0].person.name}。")
        return redirect(detail_url(made[0]))
    back = reverse("members:list")
    intro = "只登记本支部的党员。多人请用“导入花名册”。"
    return form_page(request, form=form, title="登记党员", submit="保存", back_url=back, intro=intro)


def _create_form(request: HttpRequest) -> forms.CreateForm:
    """Groups are offered where there is only one branch to choose them from."""
    branches = policies.branches_to_keep(request.user)
    named = list(branches.filter(pk=number_in(request.GET.get("branch", ""))))
    only = named or list(branches[:2])
    groups = queries.groups_of(only[0]) if len(only) == 1 else None
    initial = {"branch": only[0]} if len(only) == 1 else {}
    return forms.CreateForm(request.POST or None, branches=branches, groups=groups, initial=initial)


def _create(request: HttpRequest, form: forms.CreateForm) -> Member:
    return services.create_member(actor=request.user, today=clock.today(), **form.record())


def member_update(request: HttpRequest, pk: int) -> HttpResponse:
    member = _visible(request, pk)
    require(policies.can_change(request.user, member))
    form = forms.UpdateForm(request.POST or None, member=member, groups=queries.groups_of(member.branch))
    written = {"member": member, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.update_member(**written, **form.record())):
        return redirect(detail_url(member))
    return _ask_changes(request, form, member=member)


def _ask_changes(request: HttpRequest, form: forms.UpdateForm, *, member: Member) -> HttpResponse:
    return form_page(
        request,
        form=form,
        title=f"修改{member.person.name}的信息",
        submit="保存修改",
        back_url=detail_url(member),
        template="members/member_form.html",
        extra={"conflicts": form.conflicts()},
    )


def change_state(request: HttpRequest, pk: int) -> HttpResponse:
    member = _visible(request, pk)
    require(policies.can_change_state(request.user, member))
    form = forms.StateForm(request.POST or None, member=member)
    written = {"member": member, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_state.change_state(**written, **form.cleaned_data)):
        return redirect(detail_url(member))
    intro = f"现为“{member.get_state_display()}”。系统从不自动改变党籍状态，这里登记支部和上级的决定。"
    title = f"{member.person.name}：调整党籍状态"
    return form_page(request, form=form, title=title, submit="保存", back_url=detail_url(member), intro=intro)


def set_exemption(request: HttpRequest, pk: int) -> HttpResponse:
    member = _visible(request, pk)
    require(policies.can_set_exemption(request.user, member))
    form = forms.ExemptionForm(request.POST or None, member=member)
    written = {"member": member, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_state.set_exemption(**written, **form.cleaned_data)):
        return redirect(detail_url(member))
    intro = "年老体弱、长期患病或行动不便的党员，不要求出席，可送学上门（党员教育管理工作条例第二十三条）。"
    title, back = f"{member.person.name}：出席要求与关怀", detail_url(member)
    return form_page(request, form=form, title=title, submit="保存", back_url=back, intro=intro)


def set_vote_exception(request: HttpRequest, pk: int) -> HttpResponse:
    member = _visible(request, pk)
    require(policies.can_set_voting(request.user, member))
    form = forms.VoteExceptionForm(request.POST or None, member=member)
    written = {"member": member, "actor": request.user}
    if attempt(request, form, lambda: services_state.set_vote_exception(**written, **form.cleaned_data)):
        return redirect(detail_url(member))
    intro = "留党察看期间没有表决权、选举权和被选举权；被留置、逮捕的，权利暂停。预备党员不必登记。"
    title, back = f"{member.person.name}：表决权", detail_url(member)
    return form_page(request, form=form, title=title, submit="保存", back_url=back, intro=intro)


def set_election_exclusion(request: HttpRequest, pk: int) -> HttpResponse:
    member = _visible(request, pk)
    require(policies.can_set_voting(request.user, member))
    form = forms.ExclusionForm(request.POST or None, member=member)
    written = {"member": member, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services_state.set_election_exclusion(**written, **form.cleaned_data)):
        return redirect(detail_url(member))
    intro = "只在选举时不计入应到会人数，须报上级党组织同意，并经党员大会通过。平时开会照常计入。"
    title, back = f"{member.person.name}：选举时不计入应到会", detail_url(member)
    return form_page(request, form=form, title=title, submit="保存", back_url=back, intro=intro)


def assign_group(request: HttpRequest) -> HttpResponse:
    """First the branch, where there are several; then ticks and a group."""
    require(policies.can_assign_groups(request.user))
    branch = _branch_to_group(request)
    if branch is None:
        return _ask_branch(request)
    members = queries.with_names(policies.managed_members(request.user)).filter(branch=branch)
    here = members.on_roster().order_by("group__path", "person__pinyin", "pk")
    form = forms.GroupForm(request.POST or None, members=here, groups=queries.groups_of(branch))
    moved: list[int] = []
    if attempt(request, form, lambda: moved.append(_assign(request, form, branch=branch))):
        messages.success(request, f"已调整 {moved[0]} 人的党小组。")
        return redirect(request.get_full_path())
    return _ask_groups(request, form, branch=branch)


def _branch_to_group(request: HttpRequest) -> Organization | None:
    branches = policies.branches_to_group(request.user)
    if "branch" in request.GET:
        return get_object_or_404(branches, pk=number_in(request.GET["branch"]))
    found = list(branches[:2])
    return found[0] if len(found) == 1 else None


def _ask_branch(request: HttpRequest) -> HttpResponse:
    form = forms.BranchForm(branches=policies.branches_to_group(request.user))
    return form_page(request, form=form, title="编党小组", submit="下一步", back_url=reverse("members:list"))


def _assign(request: HttpRequest, form: forms.GroupForm, *, branch: Organization) -> int:
    return services.assign_group(branch=branch, actor=request.user, **form.cleaned_data)


def _ask_groups(request: HttpRequest, form: forms.GroupForm, *, branch: Organization) -> HttpResponse:
    return form_page(
        request,
        form=form,
        title=f"{branch}：编党小组",
        submit="保存",
        back_url=reverse("members:list"),
        intro="勾选党员，再选择编入的党小组。党小组在“组织机构”页面建立。",
    )


def _visible(request: HttpRequest, pk: int) -> Member:
    return get_object_or_404(queries.with_names(policies.visible_members(request.user)), pk=pk)
