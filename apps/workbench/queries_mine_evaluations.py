"""A person's part in the annual evaluation of branches, for his export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apps.accounts.models import User
from apps.evaluations.models import (
    BranchEvaluation,
    Cycle,
    Mark,
    Objection,
    Reviewer,
    Seat,
    VisitNote,
)
from apps.members.own_page import Part, Subject, columns


def evaluation_parts(subject: Subject) -> Iterator[Part]:
    """Only for those who had one: a member's export need not have an empty heading more."""
    person = subject.person
    rows = [*_rows(person), *_reviewed(person), *_settled(person)]
    if rows:
        named = columns("year 年度", "kind 类别", "organization 党组织", "what 内容", "on 日期")
        yield Part(key="evaluations", title="本人参与的支部年度考核", columns=named, rows=rows)


def _rows(person: User) -> Iterator[tuple[Any, ...]]:
    for cycle in Cycle.objects.filter(created_by=person).select_related("organization").order_by("pk"):
        yield cycle.year, "起草考核", cycle.organization.name, cycle.title, cycle.created_at
    named = Reviewer.objects.filter(named_by=person).select_related("cycle__organization", "person")
    for one in named.order_by("pk"):
        yield one.cycle.year, "确定评审人", one.cycle.organization.name, one.person.name, ""
    own = Reviewer.objects.filter(person=person).select_related("cycle__organization").order_by("pk")
    for one in own:
        yield one.cycle.year, "担任评审人", one.cycle.organization.name, one.cycle.title, one.ended_on or ""
    reports = BranchEvaluation.objects.filter(reported_by=person).select_related("cycle", "branch")
    for report in reports.order_by("pk"):
        yield report.cycle.year, "提交支部自评", report.branch.name, report.cycle.title, report.reported_on


def _reviewed(person: User) -> Iterator[tuple[Any, ...]]:
    """What he wrote as a reviewer, and what he entered for one from paper."""
    place = ("evaluation__cycle", "evaluation__branch")
    seats = Seat.objects.filter(reviewer__person=person).select_related(*place)
    for seat in seats.order_by("pk"):
        words = seat.recusal_reason or seat.summary
        kind = "回避" if seat.recused_on else "评审"
        yield *_at(seat.evaluation, kind=kind), words, seat.handed_in_on or ""
    marks = Mark.objects.filter(seat__reviewer__person=person).order_by("seat", "standard__position")
    for mark in marks.select_related("standard", "seat__evaluation__cycle", "seat__evaluation__branch"):
        words = f"{mark.standard}：第 {mark.grade + 1} 等。{mark.reason}"
        yield *_at(mark.seat.evaluation, kind="逐条评审"), words, ""
    for seat in Seat.objects.filter(entered_by=person).select_related(*place).order_by("pk"):
        yield *_at(seat.evaluation, kind="录入纸质评审"), "", seat.handed_in_on or ""
    for note in VisitNote.objects.filter(written_by=person).select_related(*place).order_by("pk"):
        yield *_at(note.evaluation, kind="实地了解"), note.text, note.visited_on


def _settled(person: User) -> Iterator[tuple[Any, ...]]:
    rows = Objection.objects.select_related("evaluation__cycle", "evaluation__branch", "standard")
    for one in rows.filter(raised_by=person).order_by("pk"):
        yield *_at(one.evaluation, kind="提出意见"), f"{one.standard}：{one.reason}", one.raised_on
    for one in rows.filter(answered_by=person).order_by("pk"):
        yield *_at(one.evaluation, kind="答复意见"), f"{one.standard}：{one.answer}", one.answered_on
    decided = BranchEvaluation.objects.filter(decided_by=person).select_related("cycle", "branch")
    for row in decided.order_by("pk"):
        yield *_at(row, kind="登记等次"), row.grade_reason, row.decided_on or ""


def _at(evaluation: BranchEvaluation, *, kind: str) -> tuple[Any, ...]:
    return evaluation.cycle.year, kind, evaluation.branch.name
