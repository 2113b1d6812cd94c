"""Taking a ledger (台账) out as a workbook. Each download is a deed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.ui.export import Sheet
from apps.ui.refusals import Refusal

register({"task.ledger_exported": "导出台账"})

#: A larger workbook takes longer than a page may; one branch stays far below.
MOST_ROWS = 5_000


class NothingFound(Refusal):
    default = "没有符合条件的记录，无需导出。"


class TooMany(Refusal):
    default = f"超过 {MOST_ROWS} 条，请先按党组织或状态筛选，再分次导出。"


@transaction.atomic
def export_ledger(
    *,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Sequence[float],
    actor: User,
    today: date,
) -> Sheet:
    """The sheet to download, with the deed in the trail. `rows` may stop one after MOST_ROWS."""
    kept = list(rows)
    if not kept:
        raise NothingFound
    if len(kept) > MOST_ROWS:
        raise TooMany
    record(actor=actor, action="task.ledger_exported", reason=f"{name}，{len(kept)} 条")
    note = f"导出日期：{today:%Y-%m-%d}　共 {len(kept)} 条"
    return Sheet(name=name, title=name, note=note, header=header, rows=kept, widths=widths)
