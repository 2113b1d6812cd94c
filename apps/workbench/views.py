"""The first page of each role, the month, and the guide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from apps.meetings.policies import visible_meetings
from apps.ui import clock
from apps.ui.policy import chosen, require
from apps.workbench import policies, queries, queries_guide, queries_month


def home(request: HttpRequest) -> HttpResponse:
    """The secretary's workbench, the organizer's board, the operator's desk, or the member's own page."""
    if policies.sits_on_committee(request.user):
        branch = chosen(policies.own_branches(request.user), request.GET.get("branch"))
        return show_branch(request, branch=branch)
    if policies.can_see_board(request.user):
        return redirect("workbench:board")
    if request.user.is_operator or request.user.is_auditor:
        return render(request, "workbench/desk.html", {})
    visible = visible_meetings(request.user)
    page = queries.member_page(request.user, visible=visible, today=clock.today())
    return render(request, "workbench/member.html", {"page": page})


def branch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A branch's workbench as those above (and its own committee) see it."""
    branch = get_object_or_404(policies.seen_branches(request.user), pk=pk)
    return show_branch(request, branch=branch)


def show_branch(request: HttpRequest, *, branch: object) -> HttpResponse:
    page = queries.branch_page(branch, today=clock.today())
    if page.is_new and policies.can_log(request.user, branch) and request.resolver_match.url_name == "home":
        return redirect("workbench:guide")
    context = {"page": page, "branch": branch, "may_log": policies.can_log(request.user, branch)}
    return render(request, "workbench/branch.html", context)


def month(request: HttpRequest) -> HttpResponse:
    branch = chosen(policies.seen_branches(request.user).order_by("path"), request.GET.get("branch"))
    first = queries_month.first_day(request.GET.get("month", ""), today=clock.today())
    page = queries_month.month_page(branch, first=first, today=clock.today())
    may_log = policies.can_log(request.user, branch)
    return render(request, "workbench/month.html", {"page": page, "branch": branch, "may_log": may_log})


def guide(request: HttpRequest) -> HttpResponse:
    """What a new secretary does first: roster, groups, posts, the month."""
    require(policies.sits_on_committee(request.user), "这一页是给支部班子成员用的。")
    branch = chosen(policies.own_branches(request.user), request.GET.get("branch"))
    steps = queries_guide.steps_of(branch, today=clock.today())
    return render(request, "workbench/guide.html", {"branch": branch, "steps": steps})
