"""What of the standards stands in one place: one that ships, the committee's own, and what hangs on them."""

import uuid
from datetime import date
from typing import Any

from apps.branches.models import Organization
from apps.members.models import Member
from apps.standards.models import FigureNote, LevelOverride, StandardImport, StandardSwitch
from tests.conftest import NOW
from tests.standards import makers


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    shipped = makers.shipped()
    local = makers.bare(code=f"本级-{branch.pk}", organization=branch.parent, path=branch.parent.path)
    made = {"organization": branch, "path": branch.path}
    decided = made | {"reason": "文件", "valid_from": date(2026, 1, 1), "created_by": member.person}
    switch = StandardSwitch.objects.create(standard=shipped, idempotency_key=uuid.uuid4(), **decided)
    levels = {"measure": "participation", "good": 90, "warn": 80}
    level = LevelOverride.objects.create(idempotency_key=uuid.uuid4(), **decided, **levels)
    figure = {"year": 2026, "measure": "participation", "text": "外出务工的多", "written_at": NOW}
    note = FigureNote.objects.create(written_by=member.person, idempotency_key=uuid.uuid4(), **made, **figure)
    sheet = StandardImport.objects.create(
        organization=branch.parent,
        path=branch.parent.path,
        valid_from=date(2026, 12, 1),
        uploaded_by=member.person,
        uploaded_at=NOW,
        file_name="标准.xlsx",
        idempotency_key=uuid.uuid4(),
    )
    return {
        "shipped_standard": {"pk": shipped.pk},
        "local_standard": {"pk": local.pk},
        "standard_switch": {"pk": switch.pk},
        "level_override": {"pk": level.pk},
        "figure_note": {"pk": note.pk},
        "standards_sheet": {"pk": sheet.pk},
    }
