"""Taking the book of study hours out: a download is a deed."""

from __future__ import annotations

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.models import Organization
from apps.ledger.facts_study import StudyBook
from apps.ui.export import Sheet
from apps.workbench.queries_study import state_of

register({"study.exported": "导出学时台账"})

HEADER = (
    "序号",
    "姓名",
    "职务",
    *(f"{month}月" for month in range(1, 13)),
    "合计",
    "应达到",
    "全年要求",
    "结果",
)
WIDTHS = (6, 12, 12, *([7] * 12), 8, 8, 10, 16)


@transaction.atomic
def export_study(*, branch: Organization, book: StudyBook, actor: User) -> Sheet:
    """The sheet to download, with the deed in the trail."""
    words = f"{book.year} 年，{len(book.accounts)} 人"
    record(actor=actor, action="study.exported", target=branch, path=branch.path, reason=words)
    rows = [
        (
            number,
            account.learner.name,
            account.post.label if account.post else "",
            *(month or "" for month in account.months),
            account.total,
            "" if account.exempt else account.due_hours,
            "" if account.exempt else account.hours_of_year,
            state_of(account)[0],
        )
        for number, account in enumerate(book.accounts, start=1)
    ]
    title = f"{branch.name}{book.year}年学时台账"
    note = f"截至 {book.as_of}；应达到的学时按已过的整月折算。"
    return Sheet("学时台账", header=HEADER, rows=rows, title=title, note=note, widths=WIDTHS)
