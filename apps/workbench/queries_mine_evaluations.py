"""A person's part in the annual evaluation of branches, for his export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apps.accounts.models import User
from apps.evaluations.models import BranchEvaluation, Cycle, Reviewer
from apps.members.own_page import Part, Subject, columns


def evaluation_parts(subject: Subject) -> Iterator[Part]:
    """Only for those who had one: a member's export need not have an empty heading more."""
    rows = list(_rows(subject.person))
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
