"""What of the corrections of members' records and the member's own page stands in one place."""

import uuid
from datetime import date
from typing import Any

from apps.branches.models import Organization
from apps.members.models import CorrectionRequest, Member


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    """A request about the phone number."""
    correction = CorrectionRequest.objects.create(
        member=member,
        field="mobile_phone",
        asked="19900001111",
        reason="换号",
        asked_on=date(2026, 11, 18),
        due_on=date(2026, 12, 9),
        idempotency_key=uuid.uuid4(),
    )
    return {"correction": {"pk": correction.pk}}
