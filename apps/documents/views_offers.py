"""What the page of documents offers of a branch's round and evaluation of a year, where there are any."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from apps.branches.models import Organization
from apps.documents.facts_evaluations import EVALUATION, MEMBERS, ROUND, EvaluationOffer, RoundOffer
from apps.documents.queries_evaluations import evaluation_in, has_objections, is_counted
from apps.documents.queries_rounds import contents_of, round_in
from apps.evaluations.models import BranchEvaluation
from apps.evaluations.policies_review import reads_marks
from apps.evaluations.policies_round import can_read_people
from apps.evaluations.views_report import reads_report

RoundOffers = list[tuple[RoundOffer, str]]
EvaluationOffers = list[tuple[EvaluationOffer, str]]


def round_offers(request: HttpRequest, branch: Organization, *, year: int) -> RoundOffers:
    row = round_in(branch, year=year, reader=request.user)
    if row is None:
        return []
    asked = {"", *contents_of(row)}
    found = [
        (offer, reverse("documents:round_paper", args=[row.pk, offer.name]))
        for offer in ROUND
        if offer.asks in asked
    ]
    if can_read_people(request.user, row):
        found += [
            (offer, reverse("documents:round_summary", args=[row.pk, offer.name]))
            for offer in MEMBERS
            if offer.asks in asked
        ]
    return found


def evaluation_offers(request: HttpRequest, branch: Organization, *, year: int) -> EvaluationOffers:
    evaluation = evaluation_in(branch, year=year, reader=request.user)
    if evaluation is None:
        return []
    there = contents(request, evaluation)
    return [
        (offer, reverse(f"documents:{offer.name}", args=[evaluation.pk]))
        for offer in EVALUATION
        if evaluation.state in offer.states and there.get(offer.name, True)
    ]


def contents(request: HttpRequest, evaluation: BranchEvaluation) -> dict[str, bool]:
    return {
        "evaluation_report": reads_report(request, evaluation),
        "evaluation_objections": reads_marks(request.user, evaluation) and has_objections(evaluation),
        "evaluation_appraisal": is_counted(evaluation),
    }
