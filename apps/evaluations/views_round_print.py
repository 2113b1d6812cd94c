"""The forms of a round on paper (documents.md 6 and 7)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from apps.evaluations import policies_round as policies
from apps.evaluations import queries_roll as queries
from apps.evaluations.queries_round import stand_of
from apps.evaluations.views_round import round_of, round_url
from apps.evaluations.views_round_people import evaluation_of, member_url
from apps.rules.kinds_evaluations import MemberGrade
from apps.ui import clock
from apps.ui.policy import require

PROBLEMS = ("序号", "问题", "具体表现", "原因", "整改措施", "责任人", "整改期限")
RECTIFIED = ("序号", "问题", "整改措施", "责任人", "整改期限", "进展", "销号日期")
OPINIONS = ("序号", "来自", "关于", "意见建议", "收到日期")
GRADES = tuple(grade.label for grade in MemberGrade)
#: Address → title, heads of columns; whoever may open the round may print these.
PAPERS = {
    "opinions": ("征求意见汇总表", OPINIONS, queries.opinion_lines),
    "problems": ("支部班子问题清单", PROBLEMS, queries.problem_lines),
    "rectification": ("整改清单", RECTIFIED, queries.rectification_lines),
}


def round_print(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    row = round_of(request, pk)
    if paper not in PAPERS:
        raise Http404
    title, heads, lines = PAPERS[paper]
    context = {"row": row, "title": title, "heads": heads, "lines": lines(row), "back_url": round_url(row)}
    context["paper"] = paper
    return render(request, "evaluations/rounds/round_print.html", context)


def sheet_print(request: HttpRequest, pk: int) -> HttpResponse:
    """民主测评表, empty, to be filled in by hand."""
    row = round_of(request, pk)
    context = {"row": row, "grades": GRADES, "lines": queries.sheet_lines(row), "back_url": round_url(row)}
    return render(request, "evaluations/rounds/sheet_print.html", context)


def summary_print(request: HttpRequest, pk: int) -> HttpResponse:
    row = round_of(request, pk)
    require(
        policies.can_read_people(request.user, row),
        "汇总表有每人的等次，由支部书记、副书记、组织委员和纪检委员看。",
    )
    ballot = queries.ballot_of(row.poll, reader=request.user)
    lines = queries.summary_lines(row, ballot=ballot)
    heads = ("序号", "姓名", *(f"{label}票" for label in GRADES), "评定等次")
    context = {"row": row, "title": "民主评议党员汇总表", "heads": heads, "lines": lines}
    context |= {"back_url": round_url(row), "result": ballot.result, "paper": "summary"}
    return render(request, "evaluations/rounds/round_print.html", context)


def report_print(request: HttpRequest, pk: int) -> HttpResponse:
    """情况报告: the numbers of the round, and what the branch adds."""
    row = round_of(request, pk)
    stand = stand_of(row, today=clock.today())
    lines = queries.report_lines(stand, ballot=queries.ballot_of(row.poll))
    context = {"row": row, "lines": lines, "missing": stand.missing, "back_url": round_url(row)}
    return render(request, "evaluations/rounds/report_print.html", context)


def register_print(request: HttpRequest, pk: int) -> HttpResponse:
    """民主评议登记表 of one member, with what the reader may see of it."""
    evaluation = evaluation_of(request, pk)
    may = policies.rights_in(request.user, evaluation)
    lines = queries.register_lines(evaluation, today=clock.today())
    facts = [(*one, *other) for one, other in zip(lines[::2], lines[1::2], strict=True)]
    context = {"one": evaluation, "row": evaluation.round, "facts": facts, "may": may}
    context["back_url"] = member_url(evaluation)
    return render(request, "evaluations/rounds/register_print.html", context)
