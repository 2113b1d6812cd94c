"""The standards as a workbook; whoever takes it leaves a deed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.models import Organization
from apps.standards.queries import HeldStandard
from apps.standards.sheet import export_sheets
from apps.ui.export import Sheet

register({"standard.exported": "导出评议标准"})


@transaction.atomic
def export_standards(
    *, place: Organization, held: Sequence[HeldStandard], on: date, actor: User
) -> list[Sheet]:
    words = f"{on:%Y-%m-%d} 执行的，{len(held)} 条"
    record(actor=actor, action="standard.exported", target=place, path=place.path, reason=words)
    return export_sheets(held, place=str(place), on=on)
