"""The organizer's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.ui import clock
from apps.ui.lists import found, wants_part
from apps.ui.policy import require
from apps.workbench import policies, queries_board, queries_evaluations
from apps.workbench.filters import BoardFilter

ORDER = ("urgency", "path", "pk")
#: The whole page, and the part that htmx asks for.
TEMPLATES = {False: "workbench/board.html", True: "workbench/_board.html"}


def board(request: HttpRequest) -> HttpResponse:
    require(policies.can_see_board(request.user), "这一页是给上级党组织用的。")
    user, today = request.user, clock.today()
    versions = queries_board.assembly_versions(user, today=today)
    under = {"versions": versions, "today": today}
    scope = queries_board.standings_in_reach(user, **under)
    filterset = BoardFilter(request.GET, queryset=scope, parents=queries_board.parents_above(user), **under)
    pick = queries_board.needing_help(user, **under)
    shown = found(request, filterset=filterset, order=ORDER, pick=pick)
    shown["rows"] = queries_board.explained([row["pk"] for row in shown["page"].rows], **under)
    if not wants_part(request):
        shown["evaluation_lines"] = queries_evaluations.lines_above(user, today=today)
    return render(request, TEMPLATES[wants_part(request)], shown)
