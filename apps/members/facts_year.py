"""What the measures are told of members beyond `MemberFacts`; many branches cost what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from apps.members.models import Member
from apps.rules.facts_records import MemberRecordFacts
from apps.rules.kinds import MemberStatus

#: Without these a record is not complete. A phone or an address is not among them: not everybody has one.
NEEDED = ("sex", "ethnicity", "born_on", "id_index", "education", "admitted_on")


def record_facts(branch_ids: Collection[int]) -> dict[int, tuple[MemberRecordFacts, ...]]:
    """Everybody ever on the roster of these branches. One query, which opens nothing that is sealed."""
    columns = (
        *("branch_id", "pk", "person_id", "group_id", "status", "full_since", "verified_on", "is_mobile"),
        *("contact_until", "exempt_decided_on", "exempt_reason", "needs_care"),
        *NEEDED,
    )
    found: dict[int, list[MemberRecordFacts]] = defaultdict(list)
    for row in Member.objects.filter(branch_id__in=list(branch_ids)).order_by("pk").values(*columns):
        found[row["branch_id"]].append(
            MemberRecordFacts(
                member_id=row["pk"],
                person_id=row["person_id"],
                group_id=row["group_id"],
                complete=_complete(row),
                verified_on=row["verified_on"],
                is_mobile=row["is_mobile"],
                contact_until=row["contact_until"],
                exempt_since=row["exempt_decided_on"] if row["exempt_reason"] else None,
                needs_care=row["needs_care"],
            )
        )
    return {branch_id: tuple(records) for branch_id, records in found.items()}


def _complete(row: dict[str, Any]) -> bool:
    dated = row["status"] == MemberStatus.PROBATIONARY or row["full_since"] is not None
    return dated and all(row[name] for name in NEEDED)
