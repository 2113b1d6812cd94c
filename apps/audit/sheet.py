"""Deeds as a workbook."""

from collections.abc import Iterable

from apps.audit.models import Deed
from apps.ui.export import Sheet

HEADER = ("序号", "时间", "操作人", "操作", "对象类别", "对象", "事由", "变更内容", "来源地址", "校验值")
WIDTHS = (8, 18, 12, 18, 14, 30, 40, 50, 16, 20)


def deed_sheet(deeds: Iterable[Deed]) -> Sheet:
    rows = (
        (
            deed.number,
            deed.at,
            deed.actor_name,
            deed.action_label,
            deed.object_type_label,
            deed.object_label,
            deed.reason,
            "\n".join(f"{c['label']}：{c['before']} → {c['after']}" for c in deed.changes),
            deed.ip,
            deed.hash,
        )
        for deed in deeds
    )
    return Sheet("操作记录", HEADER, rows, title="操作记录", widths=WIDTHS)
