"""Study hours of a branch by member and month, on the screen, on paper and as a workbook; and what sittings
have counted by themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from apps.branches.models import Organization
from apps.rules.norms import NORMS
from apps.ui import clock
from apps.ui.export import workbook_response
from apps.ui.policy import chosen, year_in
from apps.workbench import policies, queries_study
from apps.workbench.services_study import export_study
from apps.workbench.views import MOST_TO_CHOOSE

MONTHS = range(1, 13)
#: So many of the latest sittings stand beside a form.
FEW = 5
#: The whole page, and the part beside a form that htmx asks for.
FED_TEMPLATES = {False: "workbench/fed.html", True: "workbench/_fed.html"}


def _book(request: HttpRequest) -> tuple[Organization, dict[str, Any]]:
    """The branch and the year that the address names, with what all pages of the book show."""
    today = clock.today()
    seen = policies.seen_branches(request.user).order_by("path")
    branch = chosen(seen, request.GET.get("branch"))
    year = year_in(request.GET.get("year"), usual=today.year)
    book = queries_study.study_book(branch, year=year, today=today)
    rows = [(account, queries_study.state_of(account)) for account in book.accounts]
    context = {"branch": branch, "book": book, "rows": rows, "months": MONTHS, "this_year": today.year}
    return branch, context | {"branches": seen[:MOST_TO_CHOOSE], "year": year}


@require_GET
def study(request: HttpRequest) -> HttpResponse:
    _, context = _book(request)
    context["lacking"] = queries_study.lacking_categories(context["book"])
    context["norms"] = [NORMS[code] for code in ("EDU-1", "EDU-2", "EDU-5")]
    return render(request, "workbench/study.html", context)


@require_GET
def study_print(request: HttpRequest) -> HttpResponse:
    return render(request, "workbench/study_print.html", _book(request)[1])


@require_POST
def study_export(request: HttpRequest) -> HttpResponse:
    """A download is a deed, so it is a POST."""
    branch, context = _book(request)
    sheet = export_study(branch=branch, book=context["book"], actor=request.user)
    return workbook_response(
        f"{branch}{context['year']}年学时台账", [sheet], author=request.user.name, at=clock.now()
    )


@require_GET
def fed(request: HttpRequest) -> HttpResponse:
    """What sittings count towards by themselves: `?only=` names one sort, as a part beside a form."""
    today = clock.today()
    seen = policies.seen_branches(request.user).order_by("path")
    branch = chosen(seen, request.GET.get("branch"))
    year = year_in(request.GET.get("year"), usual=today.year)
    sorts = queries_study.fed_by_sittings(branch, year=year)
    only = [sort for sort in sorts if sort.key == request.GET.get("only")]
    context = {"branch": branch, "branches": seen[:MOST_TO_CHOOSE], "year": year, "this_year": today.year}
    context |= {"sorts": sorts, "only": only, "few": FEW}
    return render(request, FED_TEMPLATES[bool(only)], context)
