"""The page of all documents of a branch and year, and the address of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.branches.models import Organization
from apps.documents import policies, services
from apps.documents.facts import BY_NAME, IF_THERE, OFFERS, Group, Offer
from apps.documents.facts_evaluations import EvaluationOffer, RoundOffer
from apps.documents.facts_papers import plan_paper
from apps.documents.queries import Paper, Wanted, is_year
from apps.documents.views import download
from apps.documents.views_offers import evaluation_offers, round_offers
from apps.documents.views_yearbook import about_books
from apps.plans.policies import visible_plans
from apps.ui import clock
from apps.ui.export import workbook_response
from apps.ui.pages import refuse
from apps.ui.policy import chosen, require, year_in
from apps.ui.refusals import Refusal

#: More branches than this do not fit into a select.
MOST_TO_CHOOSE = 1_000
YEARS_BACK = 5
Offered = tuple[Offer | RoundOffer | EvaluationOffer, str]
WORD, EXCEL = ("下载 Word", "file-earmark-word"), ("下载 Excel", "file-earmark-excel")


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_list(request.user), "材料下载供支部委员会和上级使用。")
    today, seen = clock.today(), policies.branches_to_list(request.user)
    branch = chosen(seen, request.GET.get("branch")) if seen.exists() else None
    year = year_in(request.GET.get("year"), usual=today.year)
    context = {
        "branch": branch,
        "branches": seen[:MOST_TO_CHOOSE],
        "year": year,
        "years": sorted({*range(today.year - YEARS_BACK, today.year + 2), year}, reverse=True),
        "sections": sections_for(request, branch, year=year) if branch else [],
        "plan": visible_plans(request.user).filter(branch=branch, year=year).first(),
        **about_books(request.user, branch),
    }
    return render(request, "documents/list.html", context)


def offers_for(request: HttpRequest, branch: Organization, *, year: int) -> list[Offered]:
    return [
        (offer, reverse(f"documents:{offer.name}", args=[branch.pk, year]))
        for offer in OFFERS
        if offer.allowed(request.user, branch)
    ]


def more_offers(request: HttpRequest, branch: Organization, *, year: int) -> list[Offered]:
    """Of the round and the evaluation of the year."""
    where = {"branch": branch, "year": year}
    return [*round_offers(request, **where), *evaluation_offers(request, **where)]


def sections_for(request: HttpRequest, branch: Organization, *, year: int) -> list[tuple[Group, list[Line]]]:
    where = {"branch": branch, "year": year}
    return sections_of([*offers_for(request, **where), *more_offers(request, **where)])


@dataclass(kw_only=True)
class Line:
    """One document on the page; with a button for Word and one for Excel where there are both."""

    label: str
    purpose: str
    basis: str
    buttons: list[tuple[str, str, str]]


def sections_of(offers: Sequence[Offered]) -> list[tuple[Group, list[Line]]]:
    found: dict[Group, dict[str, Line]] = {group: {} for group in Group}
    for offer, url in offers:
        line = found[offer.group].setdefault(
            offer.label, Line(label=offer.label, purpose=offer.purpose, basis=offer.basis, buttons=[])
        )
        line.buttons.append((*(WORD if offer.is_word else EXCEL), url))
    shown = {group: list(lines.values()) for group, lines in found.items()}
    return [(group, lines) for group, lines in shown.items() if lines or group not in IF_THERE]


@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    visible = visible_plans(request.user).select_related("branch")
    row = get_object_or_404(visible, pk=pk)
    return download(request, plan_paper(row), target=row, path=row.path)


@require_POST
def take(request: HttpRequest, pk: int, year: int, name: str) -> HttpResponse:
    """One of OFFERS. What has no rows is no document: the page says why."""
    branch, offer = get_object_or_404(policies.branches_to_list(request.user), pk=pk), BY_NAME[name]
    require(offer.allowed(request.user, branch))
    if not is_year(year):
        raise Http404
    wanted = Wanted(branch=branch, year=year, reader=request.user, today=clock.today())
    try:
        return made(request, offer, wanted=wanted)
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect(f"{reverse('documents:list')}?branch={pk}&year={year}")


def made(request: HttpRequest, offer: Offer, *, wanted: Wanted) -> HttpResponse:
    document, about = offer.make(wanted), {"target": wanted.branch, "path": wanted.branch.path}
    if isinstance(document, Paper):
        return download(request, document, **about)
    sheets = services.export_book(book=document, actor=request.user, **about)
    return workbook_response(document.file_name, sheets, author=request.user.name, at=clock.now())
