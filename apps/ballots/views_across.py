"""For those above: the same poll of every branch in reach, one line each, and a line for all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.ballots import policies, queries_across
from apps.ballots.filters import AcrossFilter
from apps.ballots.models import Poll
from apps.ballots.queries_across import Across, Line
from apps.rules.ballots import COMPARED
from apps.rules.kinds_ballots import PollPurpose
from apps.ui import clock
from apps.ui.lists import Column, list_page
from apps.ui.policy import require

INTRO = (
    "按支部名称排列，不作排名。票数是各项合计。有效票不足规定张数的支部只列发出、收回数，票数也不进合计。"
    "为了不让人从合计里推算出小支部的票，有时还要再隐去一个支部。"
)
WORDS = {"title": "各支部测评结果", "intro": INTRO, "empty": "这一年还没有支部出结果。"}


@require_safe
def across(request: HttpRequest) -> HttpResponse:
    require(policies.can_compare(request.user), "这一页是给上级党组织用的。")
    polls = policies.compared_polls(request.user)
    years = queries_across.years_of(polls) or [clock.today().year]
    year, purpose = chosen_year(request, years=years), chosen_purpose(request)
    rows = polls.filter(opened_on__year=year, purpose=purpose)
    found = queries_across.across(rows, purpose=purpose)
    return list_page(
        request,
        filterset=AcrossFilter(request.GET, queryset=rows, years=years),
        columns=columns_of(found),
        order=("branch__name", "pk"),
        complete=lambda page: lines_of(page, found=found),
        **WORDS,
    )


def chosen_year(request: HttpRequest, *, years: list[int]) -> int:
    asked = request.GET.get("year", "")
    return next((year for year in years if str(year) == asked), years[0])


def chosen_purpose(request: HttpRequest) -> PollPurpose:
    asked = request.GET.get("purpose", "")
    return next((purpose for purpose in COMPARED if purpose == asked), COMPARED[0])


def lines_of(page: list[Poll], *, found: Across) -> list[Line]:
    """The line of all stands first, on every page."""
    return [found.total, *(found.lines[poll.pk] for poll in page)] if page else []


def columns_of(found: Across) -> list[Column]:
    def votes(line: Line) -> str:
        pairs = zip(found.grades, line.votes, strict=False)
        return line.why or "，".join(f"{words} {number}" for words, number in pairs)

    return [
        Column("党支部", name_of, url=url_of, primary=True),
        Column("测评", lambda line: line.poll and line.poll.title, hide_on_phone=True),
        Column("发出", lambda line: line.issued, kind="number"),
        Column("收回", lambda line: line.returned, kind="number"),
        Column("有效", lambda line: line.valid, kind="number"),
        Column("票数", votes),
    ]


def name_of(line: Line) -> str:
    return str(line.poll.branch) if line.poll else "合计"


def url_of(line: Line) -> str:
    return reverse("ballots:detail", args=[line.poll.pk]) if line.poll else ""
