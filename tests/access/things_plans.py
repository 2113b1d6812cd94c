"""What of plans, goals and the calendar feed stands in one place."""

from typing import Any

from apps.branches.models import Organization
from apps.members.models import Member


def things(branch: Organization, *, member: Member) -> dict[str, Any]:
    return {}
