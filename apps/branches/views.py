"""Pages of the tree."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.accounts.models import User
from apps.branches import forms, policies, queries, services
from apps.branches.filters import OrganizationFilter
from apps.branches.models import Organization
from apps.rules.kinds import OrgKind
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import require


def detail_url(organization: Organization) -> str:
    return reverse("branches:organization_detail", args=[organization.pk])


COLUMNS = (
    Column("名称", str, url=detail_url, primary=True),
    Column("类别", lambda row: row.get_form_display() or row.get_kind_display()),
    Column("上级", lambda row: row.parent or "—", hide_on_phone=True),
    Column("负责人", lambda row: row.secretary_name or "—"),
    Column("届满", lambda row: row.term_extended or row.term_ends or "—", kind="date"),
    Column("成立", lambda row: row.founded_on or "—", kind="date", hide_on_phone=True),
)


def organization_list(request: HttpRequest) -> HttpResponse:
    mine = policies.visible_organizations(request.user)
    parents = mine.exclude(kind__in=[OrgKind.GROUP, OrgKind.BRANCH])
    rows = queries.with_leaders(mine, today=clock.today())
    found = Action("登记最上级党委", reverse("branches:root_create"), icon="plus-lg")
    return list_page(
        request,
        filterset=OrganizationFilter(request.GET, queryset=rows, parents=parents),
        columns=COLUMNS,
        title="组织机构",
        order=("path", "pk"),
        actions=[found] if policies.can_found(request.user) else [],
        empty="没有符合条件的党组织。",
    )


def organization_detail(request: HttpRequest, pk: int) -> HttpResponse:
    organization = get_object_or_404(policies.visible_organizations(request.user), pk=pk)
    context = {
        "organization": organization,
        "line": queries.ancestors(organization),
        "term": queries.term_of(organization, today=clock.today()),
        "children": queries.children_with_leaders(organization, today=clock.today()),
        "open_children": policies.open_children(request.user, organization),
        "excuses": organization.excuses.select_related("decided_by").order_by("-period_start"),
        "may": policies.rights_on(request.user, organization),
        "kinds_below": sorted(services.ALLOWED_CHILDREN[organization.kind], key=list(OrgKind).index),
    }
    context |= posts_of(organization, user=request.user)
    return render(request, "branches/organization_detail.html", context)


def posts_of(organization: Organization, *, user: User) -> dict[str, Any]:
    posts = list(queries.current_posts(organization, today=clock.today()))
    return {
        "posts": posts,
        "endable": {post.pk for post in posts if policies.can_end_post(user, post)},
        "past_posts": queries.past_posts(organization, today=clock.today())[:20],
    }


def root_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_found(request.user))
    form = forms.RootForm(request.POST or None)
    if attempt(request, form, lambda: services.create_root(actor=request.user, **form.cleaned_data)):
        return redirect("branches:organization_list")
    intro = "登记后，请为它指定第一位组织员；以下的总支、支部由组织员建立。"
    back = reverse("branches:organization_list")
    return form_page(request, form=form, title="登记最上级党委", submit="保存", back_url=back, intro=intro)


def organization_create(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    parent = get_object_or_404(policies.visible_organizations(request.user), pk=pk)
    require(policies.can_add_organization(request.user, parent))
    if kind not in services.ALLOWED_CHILDREN[parent.kind]:
        raise Http404
    form = forms.OrganizationForm(request.POST or None, kind=kind)
    made = {"parent": parent, "kind": kind, "actor": request.user}
    if attempt(request, form, lambda: services.create_organization(**made, **form.cleaned_data)):
        messages.success(request, f"“{form.cleaned_data['name']}”已建立。")
        return redirect(detail_url(parent))
    title = f"在“{parent}”下新建{OrgKind(kind).label}"
    return form_page(request, form=form, title=title, submit="保存", back_url=detail_url(parent))


def organization_update(request: HttpRequest, pk: int) -> HttpResponse:
    organization = get_object_or_404(policies.visible_organizations(request.user), pk=pk)
    require(policies.can_change_organization(request.user, organization))
    form = forms.OrganizationForm(request.POST or None, instance=organization, kind=organization.kind)
    target = {"organization": organization, "actor": request.user}
    if attempt(request, form, lambda: services.update_organization(**target, **form.cleaned_data)):
        return redirect(detail_url(organization))
    title, back = f"修改“{organization}”", detail_url(organization)
    return form_page(request, form=form, title=title, submit="保存", back_url=back)


CLOSING_OF_GROUP = "撤销后不再要求它开展组织生活，已有记录全部保留。党小组由支部决定撤销。"
CLOSING = "撤销后不再要求它开展组织生活，已有记录全部保留。撤销须由上级党委批准。"


def organization_close(request: HttpRequest, pk: int) -> HttpResponse:
    organization = get_object_or_404(policies.visible_organizations(request.user), pk=pk)
    require(policies.can_close_organization(request.user, organization))
    form = forms.CloseForm(request.POST or None)
    target = {"organization": organization, "actor": request.user}
    if attempt(request, form, lambda: services.close_organization(**target, **form.cleaned_data)):
        return redirect(detail_url(organization))
    return confirm_page(
        request,
        title=f"撤销“{organization}”",
        question=CLOSING_OF_GROUP if organization.kind == OrgKind.GROUP else CLOSING,
        submit="登记撤销",
        back_url=detail_url(organization),
        form=form,
    )


def organization_move(request: HttpRequest, pk: int) -> HttpResponse:
    organization = get_object_or_404(policies.visible_organizations(request.user), pk=pk)
    require(policies.can_move_organization(request.user, organization))
    form = forms.MoveForm(request.POST or None, parents=policies.possible_parents(request.user, organization))
    target = {"organization": organization, "actor": request.user}
    if attempt(request, form, lambda: services.move_organization(**target, **form.cleaned_data)):
        return redirect(detail_url(organization))
    title, back = f"调整“{organization}”的隶属关系", detail_url(organization)
    intro = "下级组织、党员和全部记录随之调整。"
    return form_page(request, form=form, title=title, submit="调整", back_url=back, intro=intro)
