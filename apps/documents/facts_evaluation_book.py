"""The committee's tables of a cycle. Sorted by name: no column ranks, none adds grades up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from apps.documents.queries import Book
from apps.documents.queries_evaluations import BranchLine, CycleTable
from apps.ui.export import Sheet

NOT_YET = "未发布"
BY_NAME = "按支部名称排列，不排名次，不算总分。"


def cycle_book(table: CycleTable, *, today: date) -> Book:
    name = f"{table.cycle.organization.name}{table.cycle.title}"
    note = f"导出日期：{today:%Y-%m-%d}　{BY_NAME}"
    return Book(
        label=f"{table.cycle.year} 年度考核情况表",
        sheets=[_branches(table, title=name, note=note), _standards(table, title=name, note=note)],
        file_name=f"{name}情况表",
    )


def _branches(table: CycleTable, *, title: str, note: str) -> Sheet:
    columns = [
        ("序号", 6), ("党支部", 26), ("进展", 16), ("提交自评", 12), ("等次", 10), ("定等次的理由", 36),
        ("定等次日期", 12), ("发布日期", 12), ("反馈的问题", 36), ("已整改销号", 12),
    ]  # fmt: skip
    if table.cycle.weighted:
        columns.append(("各等次占的权重", 30))
    columns.append(("备注", 24))
    return Sheet(
        name="各支部情况",
        title=f"{title}各支部情况",
        note=note,
        header=[label for label, _ in columns],
        widths=[width for _, width in columns],
        rows=[[number, *_line(line, table=table)] for number, line in enumerate(table.lines, start=1)],
    )


def _line(line: BranchLine, *, table: CycleTable) -> Iterator[Any]:
    one = line.evaluation
    yield from (one.branch.name, one.get_state_display(), one.reported_on)
    if line.grade:
        yield from (line.grade, one.grade_reason, one.decided_on, one.published_on)
        yield "\n".join(
            f"{number}．{problem.text}（{problem.due_on:%Y-%m-%d}前）"
            for number, problem in enumerate(line.problems, start=1)
        )
        yield f"{line.put_right} / {len(line.problems)} 项" if line.problems else ""
    else:
        yield from (NOT_YET, "", "", "", "", "")
    if table.cycle.weighted:
        yield line.shares
    yield one.left_out_reason


def _standards(table: CycleTable, *, title: str, note: str) -> Sheet:
    """Each standard a line, each branch a column, in the order of names as well."""
    names = [line.evaluation.branch.name for line in table.lines]
    return Sheet(
        name="逐条评定",
        title=f"{title}逐条评定",
        note=f"{note}已告知支部的才列出。",
        header=["序号", "标准", *names],
        widths=[6, 40, *[14] * len(names)],
        rows=[
            [number, f"{one.code} {one.title}", *(line.marks.get(one.pk, "") for line in table.lines)]
            for number, one in enumerate(table.standards, start=1)
        ],
    )
