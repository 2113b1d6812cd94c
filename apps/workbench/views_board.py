"""The organizer's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.ui import clock
from apps.ui.forms import fields_only
from apps.ui.lists import wants_part
from apps.ui.paging import capped_count, page_of
from apps.ui.policy import require
from apps.workbench import policies, queries_board
from apps.workbench.filters import BoardFilter

ORDER = ("urgency", "path", "pk")
#: The whole page, and the part that htmx asks for.
TEMPLATES = {False: "workbench/board.html", True: "workbench/_board.html"}


def board(request: HttpRequest) -> HttpResponse:
    require(policies.can_see_board(request.user), "这一页是给上级党组织用的。")
    user, today = request.user, clock.today()
    versions = queries_board.assembly_versions(user, today=today)
    scope = queries_board.needing_help(user, versions=versions, today=today)
    parents = queries_board.parents_to_choose(user)
    filterset = BoardFilter(request.GET, queryset=scope, versions=versions, today=today, parents=parents)
    found = filterset.qs if filterset.form.is_valid() else scope.none()
    page = page_of(request, queryset=found, scope=scope, order=ORDER)
    rows = queries_board.explained(page.rows, versions=versions, today=today)
    context = {"page": page, "rows": rows, "count": capped_count(found), "filter_form": filterset.form}
    context |= {"filter_helper": fields_only(), "filtered": bool(request.GET)}
    return render(request, TEMPLATES[wants_part(request)], context)
