"""Appointing somebody from the roster to a post of the branch or of a group."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from apps.branches.policies import appointable, visible_organizations
from apps.branches.services_posts import create_post
from apps.members.forms_posts import AppointForm
from apps.members.queries import electable_in
from apps.rules.kinds import OrgKind
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import form_page
from apps.ui.policy import require


def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    places = visible_organizations(request.user).filter(kind__in=[OrgKind.BRANCH, OrgKind.GROUP])
    organization = get_object_or_404(places, pk=pk)
    kinds = appointable(request.user, organization)
    require(bool(kinds))
    members, initial = electable_in(organization), {"starts_on": clock.today()}
    form = AppointForm(request.POST or None, members=members, kinds=kinds, initial=initial)
    target = {"organization": organization, "actor": request.user}
    back = reverse("branches:organization_detail", args=[organization.pk])
    if attempt(request, form, lambda: create_post(**target, **form.appointment())):
        messages.success(request, "任职已登记。本人需要登录的，请系统操作员开通账号。")
        return redirect(back)
    title = f"从花名册选人担任“{organization}”职务"
    return form_page(request, form=form, title=title, submit="保存", back_url=back)
