"""The first page of each role, the month, and the guide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from apps.ballots.queries_at_hand import at_branch, at_hand
from apps.branches.models import Organization
from apps.branches.policies import COMMITTEE, holds
from apps.ledger.facts import talk_stand
from apps.meetings.policies import visible_meetings
from apps.members.policies_corrections import can_list_corrections
from apps.members.queries_corrections import waiting_for
from apps.plans.policies import visible_plans
from apps.ui import clock
from apps.ui.policy import chosen, chosen_of, require
from apps.workbench import (
    policies,
    queries,
    queries_evaluations,
    queries_guide,
    queries_month,
    queries_rounds,
)
from apps.workbench.queries_pending import with_pending

#: Whoever looks after more branches comes to a month from the list of branches.
MOST_TO_CHOOSE = 300


def home(request: HttpRequest) -> HttpResponse:
    """The secretary's workbench, the organizer's board, the operator's desk, or the member's own page."""
    if policies.sits_on_committee(request.user):
        return show_own(request)
    if policies.can_see_board(request.user):
        return redirect("workbench:board")
    if request.user.is_operator or request.user.is_auditor:
        return render(request, "workbench/desk.html", {})
    visible = visible_meetings(request.user)
    page = queries.member_page(request.user, visible=visible, today=clock.today())
    lines = queries_evaluations.member_lines(request.user, member=page.member, today=clock.today())
    own = queries_rounds.own_lines(request.user)
    context = {"page": page, "evaluation_lines": lines, "own_lines": own}
    return render(request, "workbench/member.html", context)


def show_own(request: HttpRequest) -> HttpResponse:
    rows = policies.own_branches(request.user)
    own = list(with_pending(rows, user=request.user, today=clock.today()))
    return show_branch(request, branch=chosen_of(own, request.GET.get("branch")), others=own)


def branch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A branch's workbench as those above (and its own committee) see it."""
    seen = with_pending(policies.seen_branches(request.user), user=request.user, today=clock.today())
    return show_branch(request, branch=get_object_or_404(seen, pk=pk))


def show_branch(request: HttpRequest, *, branch: Any, others: Sequence[Organization] = ()) -> HttpResponse:
    """`branch` comes `with_pending`."""
    page = queries.branch_page(branch, today=clock.today())
    if page.is_new and policies.can_log(request.user, branch) and is_home(request):
        return redirect("workbench:guide")
    context = {"page": page, "branch": branch, "may_log": policies.can_log(request.user, branch)}
    if can_list_corrections(request.user):
        context["corrections"] = waiting_for(page.requests, user=request.user)
    if branch.has_polls:
        context["polls"] = at_hand(at_branch(branch.pk), user=request.user, today=clock.today())
    context |= talks_of(request, branch) | rounds_of(request, branch)
    context["evaluation_lines"] = evaluation_lines(request, branch)
    return render(request, "workbench/branch.html", context | {"branches": others})


def evaluation_lines(request: HttpRequest, branch: Any) -> list[queries_evaluations.EvaluationLine]:
    """The branch's, for its committee; on one's own first page what one has to review besides."""
    today, user = clock.today(), request.user
    reviews = branch.has_seats and is_home(request)
    own = queries_evaluations.review_lines(user, today=today) if reviews else []
    seated = branch.has_evaluations and holds(user, COMMITTEE, branch.path)
    return [*own, *(queries_evaluations.branch_lines(branch.pk, today=today) if seated else [])]


def is_home(request: HttpRequest) -> bool:
    return request.resolver_match.url_name == "home"


def rounds_of(request: HttpRequest, branch: Any) -> dict[str, object]:
    """The open round of the branch, for its committee, and the reader's own part in it."""
    if not policies.sits_in(request.user, branch):
        return {}
    lines = queries_rounds.round_lines(branch, today=clock.today()) if branch.has_rounds else []
    own = queries_rounds.own_lines(request.user) if branch.has_own_rounds else []
    return {"round_lines": lines, "own_lines": own}


def talks_of(request: HttpRequest, branch: Organization) -> dict[str, object]:
    """The card of talks, for those who may know who talked with whom."""
    if not policies.can_see_talks(request.user, branch):
        return {}
    stand = talk_stand(branch, today=clock.today())
    return {"talks": stand, "see_musts": policies.can_see_must_talks(request.user, branch)}


def month(request: HttpRequest) -> HttpResponse:
    seen = policies.seen_branches(request.user).order_by("path")
    branch = chosen(seen, request.GET.get("branch"))
    first = queries_month.first_day(request.GET.get("month", ""), today=clock.today())
    shown = queries_month.sorts_in(request.GET.getlist("show"))
    plans = visible_plans(request.user)
    page = queries_month.month_page(branch, first=first, today=clock.today(), plans=plans, shown=shown)
    may_log = policies.can_log(request.user, branch)
    context = {"page": page, "branch": branch, "may_log": may_log, "branches": seen[:MOST_TO_CHOOSE]}
    context |= {"sorts": queries_month.SORTS.items(), "kept": kept_words(request)}
    return render(request, "workbench/month.html", context)


def kept_words(request: HttpRequest) -> str:
    """What the links to other months carry on, to stand after their own words."""
    shown = queries_month.sorts_in(request.GET.getlist("show"))
    words = urlencode({"show": shown}, doseq=True)
    return f"&{words}" if len(shown) < len(queries_month.SORTS) else ""


def guide(request: HttpRequest) -> HttpResponse:
    """What a new secretary does first: roster, groups, posts, the month."""
    require(policies.sits_on_committee(request.user), "这一页是给支部班子成员用的。")
    branch = chosen(policies.own_branches(request.user), request.GET.get("branch"))
    steps = queries_guide.steps_of(branch, today=clock.today())
    return render(request, "workbench/guide.html", {"branch": branch, "steps": steps})
