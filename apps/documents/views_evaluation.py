"""Papers of a branch's annual evaluation: the rights are those of the pages that they are made of."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.documents import facts_evaluation as facts
from apps.documents import facts_evaluation_review as facts_review
from apps.documents import services
from apps.documents.facts_evaluation_book import cycle_book
from apps.documents.queries import Paper
from apps.documents.queries_evaluations import table_of
from apps.documents.views import download
from apps.evaluations import policies_review as policies
from apps.evaluations import queries_review, views_report
from apps.evaluations.models import BranchEvaluation
from apps.evaluations.policies import reads_tables, visible_evaluations
from apps.evaluations.queries_appraisal import appraisals_of
from apps.evaluations.queries_report import last_problems
from apps.evaluations.queries_result import Outcome, outcome_of
from apps.evaluations.queries_settle import settlement_of
from apps.evaluations.views_cycles import branch_url, cycle_of
from apps.evaluations.views_desk import seat_of
from apps.evaluations.views_seats import evaluation_of
from apps.evaluations.views_settle import result_in_reach, review_in_reach, to_result, to_settle
from apps.ui import clock
from apps.ui.export import workbook_response
from apps.ui.pages import refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal


def taken(
    request: HttpRequest, make: Callable[[], Paper], *, evaluation: BranchEvaluation, back_url: str
) -> HttpResponse:
    """What has no lines is no paper: the page it belongs to says why."""
    try:
        return download(request, make(), target=evaluation, path=evaluation.path)
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect(back_url)


@require_POST
def evaluation_report(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    require(views_report.reads_report(request, evaluation), "自评还没有提交，只有本支部能看到。")
    found = views_report.evidence_for(request, evaluation)
    told = {
        "evidence": found,
        "report": views_report.report_lines(evaluation, found),
        "last": last_problems(evaluation, today=clock.today()),
    }
    where = {"evaluation": evaluation, "back_url": branch_url(evaluation)}
    return taken(request, lambda: facts.report_paper(evaluation, **told), **where)


@require_POST
def evaluation_appraisal(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = evaluation_of(request, pk)
    appraisals = appraisals_of(evaluation, user=request.user, today=clock.today())
    where = {"evaluation": evaluation, "back_url": branch_url(evaluation)}
    return taken(request, lambda: facts.appraisal_paper(evaluation, appraisals=appraisals), **where)


def outcome_for(request: HttpRequest, evaluation: BranchEvaluation) -> Outcome:
    told = evaluation.state in policies.TOLD
    with_marks = told and policies.reads_marks(request.user, evaluation)
    return outcome_of(evaluation, with_marks=with_marks, today=clock.today())


def of_result(
    request: HttpRequest, pk: int, *, make: Callable[..., Paper], with_marks: bool = False
) -> HttpResponse:
    evaluation = result_in_reach(request, pk)
    reads = policies.reads_marks(request.user, evaluation)
    require(reads or not with_marks, "逐条评定由支部委员会和上级看。")
    found = outcome_for(request, evaluation)
    where = {"evaluation": evaluation, "back_url": to_result(evaluation)}
    return taken(request, lambda: make(evaluation, found=found), **where)


@require_POST
def evaluation_letter(request: HttpRequest, pk: int) -> HttpResponse:
    return of_result(request, pk, make=facts.letter_paper)


@require_POST
def evaluation_rectification(request: HttpRequest, pk: int) -> HttpResponse:
    return of_result(request, pk, make=facts.rectification_result_paper)


@require_POST
def evaluation_objections(request: HttpRequest, pk: int) -> HttpResponse:
    return of_result(request, pk, make=facts.objections_paper, with_marks=True)


@require_POST
def evaluation_review(request: HttpRequest, pk: int) -> HttpResponse:
    """All reviewers side by side, for the committee."""
    evaluation = review_in_reach(request, pk)
    found = settlement_of(evaluation, today=clock.today())
    visits = list(queries_review.visits_of(evaluation))
    where = {"evaluation": evaluation, "back_url": to_settle(evaluation)}
    return taken(request, lambda: facts_review.review_paper(found, visits=visits), **where)


@require_POST
def seat_review(request: HttpRequest, pk: int) -> HttpResponse:
    """One reviewer's own table."""
    seat = seat_of(request, pk)
    review = queries_review.review_of(seat, user=request.user, today=clock.today())
    visits = list(queries_review.visits_of(seat.evaluation, seat=seat))
    paper = facts_review.seat_paper(review, visits=visits)
    return download(request, paper, target=seat.evaluation, path=seat.evaluation.path)


@require_POST
def cycle_tables(request: HttpRequest, pk: int) -> HttpResponse:
    """For those above: the branches of the cycle by name."""
    cycle = cycle_of(request, pk)
    require(reads_tables(request.user, cycle), "这份表由组织考核的党组织看，考核开始以后才有。")
    table = table_of(cycle, visible_evaluations(request.user))
    book = cycle_book(table, today=clock.today())
    sheets = services.export_book(book=book, target=cycle, path=cycle.path, actor=request.user)
    return workbook_response(book.file_name, sheets, author=request.user.name, at=clock.now())


BY_NAME = {
    view.__name__: view
    for view in (
        evaluation_report,
        evaluation_appraisal,
        evaluation_letter,
        evaluation_rectification,
        evaluation_objections,
        evaluation_review,
    )
}
