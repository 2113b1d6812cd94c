"""The workbooks beside two Word ledgers: what is put right, and what was asked from above."""

from __future__ import annotations

from apps.documents.facts_papers import from_above, rectifications_in
from apps.documents.queries import Book, Wanted, book_of, sheet_of


def rectification_book(wanted: Wanted) -> Book:
    rows = [
        (
            number,
            task.title,
            task.rectification.get_source_display(),
            task.rectification.found_on,
            task.rectification.measure,
            str(task.owner or "支部书记"),
            task.due_on or "未定",
            task.result or getattr(task, "latest", "") or "",
            task.closed_on or task.get_state_display(),
            task.rectification.evidence,
        )
        for number, task in enumerate(rectifications_in(wanted), start=1)
    ]
    return book_of(
        wanted,
        label="整改清单",
        columns=[
            ("序号", 6), ("问题", 30), ("问题来源", 14), ("发现日期", 12), ("整改措施", 30), ("责任人", 10),
            ("时限", 12), ("进展", 30), ("销号日期", 12), ("销号依据", 24),
        ],
        rows=rows,
        note=f"共 {len(rows)} 条，含以前年度没有改完的。",
    )  # fmt: skip


def from_above_book(wanted: Wanted) -> Book:
    documents, tasks = from_above(wanted)
    return Book(
        label=f"{wanted.year} 年上级任务台账",
        sheets=[
            sheet_of(
                wanted,
                label="上级来文",
                columns=[
                    ("序号", 6),
                    ("文件", 36),
                    ("收文日期", 12),
                    ("要求", 36),
                    ("传达", 26),
                    ("落实", 26),
                ],
                rows=documents,
                note=f"共 {len(documents)} 件。",
            ),
            sheet_of(
                wanted,
                label="上级交办的任务",
                columns=[
                    ("序号", 6),
                    ("事项", 32),
                    ("要求", 40),
                    ("责任人", 10),
                    ("期限", 12),
                    ("完成情况", 36),
                ],
                rows=tasks,
                note=f"共 {len(tasks)} 项。",
            ),
        ],
        file_name=f"{wanted.name}上级任务台账",
    )
