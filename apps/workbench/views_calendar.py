"""The calendar link of a person: the page that makes and revokes it, and the feed that it opens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.plans import policies, services_feeds
from apps.ui import clock
from apps.ui.policy import require
from apps.workbench.queries_feed import as_calendar, events_of

NOT_FOR_YOU = "系统操作员和审计员没有日历可订阅。"


def calendar(request: HttpRequest) -> HttpResponse:
    """The link itself stands in the answer to the POST that makes it, and is stored nowhere."""
    require(policies.can_subscribe(request.user), NOT_FOR_YOU)
    url = ""
    if request.method == "POST":
        token = services_feeds.create_feed(actor=request.user, now=clock.now())
        url = request.build_absolute_uri(reverse("workbench:calendar_feed", args=[token]))
    context = {"feed": policies.feed_in_force(request.user), "url": url}
    return render(request, "workbench/calendar.html", context)


@require_POST
def calendar_revoke(request: HttpRequest) -> HttpResponse:
    require(policies.can_subscribe(request.user), NOT_FOR_YOU)
    if services_feeds.revoke_feed(actor=request.user, now=clock.now()):
        messages.success(request, "链接已撤销，用它的日历不再更新。")
    return redirect("workbench:calendar")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Rights are asked anew at every reading: a post that has ended ends what the feed holds."""
    person = services_feeds.person_behind(token=token, today=clock.today())
    if person is None or not policies.can_subscribe(person):
        raise Http404
    root = request.build_absolute_uri("/").rstrip("/")
    entries = events_of(person, today=clock.today())
    body = as_calendar(entries, root=root, host=request.get_host(), now=clock.now())
    headers = {"Cache-Control": "private", "Content-Disposition": 'inline; filename="branch.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
