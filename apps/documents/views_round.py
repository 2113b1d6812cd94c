"""Papers of a round and of one member in it: the rights are those of the pages that they are made of."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from apps.documents import services
from apps.documents.facts_evaluations import BY_ROUND_NAME, SUMMARIES
from apps.documents.facts_member_evaluation import register_paper
from apps.documents.facts_round import own_paper
from apps.documents.queries import Paper
from apps.documents.queries_rounds import OfRound
from apps.documents.views import download
from apps.evaluations import policies_round as policies
from apps.evaluations import queries_roll as queries
from apps.evaluations.models import MemberEvaluation
from apps.evaluations.queries_round import whole
from apps.ui import clock
from apps.ui.export import workbook_response
from apps.ui.pages import refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal


@require_POST
def round_paper(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """What has no lines is no paper: the page of the round says why."""
    of = of_round(request, pk)
    if name not in BY_ROUND_NAME:
        raise Http404
    return taken(request, name, of=of)


@require_POST
def round_summary(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """With the grade of each member."""
    of = of_round(request, pk)
    if name not in SUMMARIES:
        raise Http404
    require(
        policies.can_read_people(request.user, of.row),
        "汇总表有每人的等次，由支部书记、副书记、组织委员和纪检委员看。",
    )
    return taken(request, name, of=of)


def of_round(request: HttpRequest, pk: int) -> OfRound:
    row = get_object_or_404(whole(policies.visible_rounds(request.user)), pk=pk)
    return OfRound(row=row, reader=request.user, today=clock.today())


def taken(request: HttpRequest, name: str, *, of: OfRound) -> HttpResponse:
    offer = {**BY_ROUND_NAME, **SUMMARIES}[name]
    about = {"target": of.row, "path": of.row.path}
    try:
        document = offer.make(of)
        if isinstance(document, Paper):
            return download(request, document, **about)
        sheets = services.export_book(book=document, actor=request.user, **about)
        return workbook_response(document.file_name, sheets, author=request.user.name, at=clock.now())
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect("evaluations:round_detail", pk=of.row.pk)


def evaluation_of(request: HttpRequest, pk: int) -> MemberEvaluation:
    return get_object_or_404(queries.with_people(policies.visible_evaluations(request.user)), pk=pk)


@require_POST
def member_register(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    may = policies.rights_in(request.user, evaluation)
    about = queries.peers_about(evaluation) if may["peers"] else []
    paper = register_paper(evaluation, may=may, about=about, today=clock.today())
    return download(request, paper, target=evaluation, path=evaluation.path)


@require_POST
def member_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the person himself, and of whoever the policy of the round lets read it."""
    evaluation = evaluation_of(request, pk)
    require(policies.can_list_problems(request.user, evaluation), "个人问题清单只有本人和支部书记能看到。")
    problems = queries.own_problems_of(evaluation.round, member_id=evaluation.member_id)
    try:
        paper = own_paper(evaluation, problems=problems)
        return download(request, paper, target=evaluation, path=evaluation.path)
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect("evaluations:round_member", pk=evaluation.pk)
