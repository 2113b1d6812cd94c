"""Field by field: what a row of the roster would change in a member's record."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from apps.branches.models import Organization
from apps.members.id_numbers import WrongIdNumber, read_id_number
from apps.members.models import Member, Sex
from apps.members.roster_cells import ReadRow
from apps.members.roster_columns import BY_KEY
from apps.members.roster_dates import RosterDate
from apps.rules.kinds import MemberStatus
from apps.vault.masking import mask_address, mask_id, mask_phone

#: Written by the import, in the order in which they are shown. A blank cell never erases anything.
FIELDS = (
    "sex",
    "ethnicity",
    "native_place",
    "born_on",
    "id_number",
    "education",
    "degree",
    "work_started_on",
    "work_unit",
    "job_title",
    "status",
    "admitted_on",
    "full_since",
    "mobile_phone",
    "landline",
    "address",
    "is_mobile",
    "mobile_place",
    "remark",
)
SECRET_MASKS = {
    "id_number": mask_id,
    "mobile_phone": mask_phone,
    "landline": mask_phone,
    "address": mask_address,
}
WORDS = {"sex": dict(Sex.choices()), "status": dict(MemberStatus.choices())}


@dataclass(frozen=True, slots=True)
class Change:
    """One field, with both texts as a reader may see them (secrets masked)."""

    field: str
    label: str
    before: str
    after: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def secret_mask(key: str, value: str) -> str:
    return str(SECRET_MASKS[key](value))


def shown_value(key: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if key in SECRET_MASKS:
        return secret_mask(key, str(value))
    return str(WORDS.get(key, {}).get(value, value))


def plain_value(value: Any) -> Any:
    """A read value as the model takes it."""
    return value.day if isinstance(value, RosterDate) else value


def changes_of(row: ReadRow, member: Member, *, group: Organization | None) -> list[Change]:
    found = []
    for key in FIELDS:
        if key not in row.values:
            continue
        before, after = getattr(member, key), row.values[key]
        if not _same(key, before=before, after=after):
            label = BY_KEY[key].label
            found.append(Change(key, label, shown_value(key, before), shown_value(key, plain_value(after))))
    if group and group.pk != member.group_id:
        before = member.group.name if member.group else ""
        found.append(Change("group", BY_KEY["group"].label, before, group.name))
    return found


def _same(key: str, *, before: Any, after: Any) -> bool:
    if isinstance(after, RosterDate):
        return after.agrees_with(before)
    if key == "id_number":
        return str(before) == after or _outdated(str(before), after)
    return bool(before == after)


def _outdated(recorded: str, written: str) -> bool:
    """The record holds 18 digits and the sheet still the old 15 of the same person."""
    if len(written) != 15 or len(recorded) != 18:
        return False
    try:
        return read_id_number(written).standard == recorded
    except WrongIdNumber:
        return False
