"""What a row of the roster would do: a new member, named changes, nothing, or nothing because of an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.members.consistency import (
    DATE_FIELDS,
    SEX_WORDS,
    date_problems,
    earliest_day,
    too_new_to_be_full,
    was_without_probation,
)
from apps.members.id_numbers import IdNumber
from apps.members.models import Member, RowVerdict
from apps.members.queries import members_by_index, members_in, people_without_record
from apps.members.roster_cells import ReadRow
from apps.members.roster_changes import Change, changes_of, secret_mask
from apps.members.roster_columns import BY_KEY
from apps.members.roster_dates import RosterDate
from apps.members.roster_places import Places, UnknownPlace, is_called, places_in
from apps.rules.kinds import MembershipState, MemberStatus
from apps.vault.index import blind_index

INDEX_PURPOSE = "members.id_number"
#: Where a month instead of a day matters enough to say so.
NOTED_DATES = ("admitted_on", "full_since")
ON_ROSTER = (MembershipState.ACTIVE, MembershipState.SUSPENDED)


def index_of(number: IdNumber) -> str:
    return blind_index(INDEX_PURPOSE, number.standard)


@dataclass(slots=True)
class Surroundings:
    """Everything that rows are compared with, read once."""

    today: date
    places: Places
    reach: list[str]
    by_index: dict[str, Member] = field(default_factory=dict)
    by_name: dict[tuple[int, str], list[Member]] = field(default_factory=dict)
    waiting: dict[tuple[int, str], User] = field(default_factory=dict)
    seen: dict[object, int] = field(default_factory=dict)

    def reaches(self, path: str) -> bool:
        return any(path.startswith(held) for held in self.reach)


def surroundings_of(
    target: Organization, rows: list[ReadRow], *, reach: list[str], today: date
) -> Surroundings:
    around = Surroundings(today, places_in(target), reach)
    for member in members_in(target.path):
        around.by_name.setdefault((member.branch_id, member.person.name), []).append(member)
        if member.id_index:
            around.by_index[member.id_index] = member
    unknown = {index_of(row.id_number) for row in rows if row.id_number} - around.by_index.keys()
    around.by_index.update(members_by_index(unknown))
    around.waiting = people_without_record(target.path, today=today)
    return around


@dataclass(slots=True)
class JudgedRow:
    read: ReadRow
    verdict: RowVerdict = RowVerdict.ERROR
    branch: Organization | None = None
    group: Organization | None = None
    member: Member | None = None
    person: User | None = None
    changes: list[Change] = field(default_factory=list)


def judge(row: ReadRow, around: Surroundings) -> JudgedRow:
    judged = JudgedRow(row)
    _place(judged, around)
    _check_identity(row)
    _check_repeated(judged, around)
    if judged.branch and row.name:
        judged.member = _member_of(row, judged.branch, around=around)
    _check_dates(row, judged.member, today=around.today)
    _settle_months(row, judged.member)
    _settle_status(row, judged.member, today=around.today)
    _settle_mobile(row)
    _check_masked(row, judged.member)
    if row.errors or judged.branch is None:
        return judged
    if judged.member is None:
        judged.person = around.waiting.get((judged.branch.pk, row.name))
        if judged.person:
            row.notes.append("此人已有账号和任职，导入后与之合并为同一人")
        judged.verdict = RowVerdict.NEW
        return judged
    judged.changes = changes_of(row, judged.member, group=judged.group)
    judged.verdict = RowVerdict.CHANGED if judged.changes else RowVerdict.UNCHANGED
    return judged


def _place(judged: JudgedRow, around: Surroundings) -> None:
    row = judged.read
    try:
        judged.branch = around.places.branch(str(row.values.get("branch", "")))
    except UnknownPlace as error:
        row.refuse("branch", str(error))
        return
    written = str(row.values.get("branch", ""))
    if written and not is_called(judged.branch, written):
        row.notes.append(f"党支部写作“{written}”，按“{judged.branch.name}”登记")
    if name := str(row.values.get("group", "")):
        try:
            judged.group = around.places.group(name, judged.branch)
        except UnknownPlace as error:
            row.refuse("group", str(error))


def _check_identity(row: ReadRow) -> None:
    """Birth date and sex come from the ID number; where the sheet names them too, they must agree."""
    number = row.id_number
    if number is None:
        return
    born: RosterDate | None = row.values.get("born_on")
    if born is not None and not born.agrees_with(number.born_on):
        row.refuse("born_on", f"与身份证号中的出生日期 {number.born_on} 不一致")
    sex = row.values.get("sex")
    if sex and sex != number.sex:
        row.refuse("sex", f"与身份证号不一致（身份证号表示{SEX_WORDS[number.sex]}性）")
    row.values["born_on"] = RosterDate(number.born_on)
    row.values["sex"] = number.sex


def _check_repeated(judged: JudgedRow, around: Surroundings) -> None:
    row = judged.read
    keys, conflicts = _identities(judged)
    first = next((around.seen[key] for key in conflicts if key in around.seen), None)
    for key in keys:
        around.seen.setdefault(key, row.line)
    if first is not None:
        column = "id_number" if row.id_number else "name"
        row.refuse(column, f"与第 {first} 行重复，请只保留一行")


def _identities(judged: JudgedRow) -> tuple[list[object], list[object]]:
    """What this row is remembered by, and which remembered rows would be about the same person.

    A row with neither ID number nor birth date cannot be told from any namesake of its branch.
    """
    row, branch = judged.read, judged.branch
    keys: list[object] = [row.id_number.standard] if row.id_number else []
    if not row.name or branch is None:
        return keys, keys
    name = (branch.pk, row.name)
    if born := row.values.get("born_on"):
        month = born.day.replace(day=1)
        certain = [*keys, (*name, born.day, born.month_only)]
        written, other = ("month", "day") if born.month_only else ("day", "month")
        remembered = [*certain, (written, *name, month), ("any", *name)]
        return remembered, [*certain, (other, *name, month), ("bare", *name)]
    return [("bare", *name), ("any", *name)], [("any", *name)]


def _member_of(row: ReadRow, branch: Organization, *, around: Surroundings) -> Member | None:
    """The member that this row is about; an error on the row where that cannot be told."""
    if row.id_number:
        known = around.by_index.get(index_of(row.id_number))
        if known is not None:
            return _known_by_number(row, known, branch=branch, around=around)
    namesakes = around.by_name.get((branch.pk, row.name), [])
    if not namesakes:
        return None
    return _known_by_name(row, namesakes)


def _known_by_number(
    row: ReadRow, known: Member, *, branch: Organization, around: Surroundings
) -> Member | None:
    if not around.reaches(known.path):
        row.refuse("id_number", "该身份证号已在其他党组织登记，请联系上级组织员")
    elif known.branch_id != branch.pk:
        row.refuse(
            "id_number", f"该身份证号已登记在“{known.branch}”的{known.person.name}名下，请先办理组织关系转接"
        )
    elif known.person.name != row.name:
        row.refuse("name", f"该身份证号登记的姓名是“{known.person.name}”，请核对是否填串了行")
    elif known.state not in ON_ROSTER:
        row.refuse("name", _gone(known))
    else:
        return known
    return None


def _known_by_name(row: ReadRow, namesakes: list[Member]) -> Member | None:
    born: RosterDate | None = row.values.get("born_on")
    here = [member for member in namesakes if member.state in ON_ROSTER]
    same = [member for member in namesakes if born and _may_be_born_on(member, born)]
    undated = [member for member in here if born is None or member.born_on is None]
    candidates = same or undated
    if not candidates:
        if here:
            row.notes.append("本支部另有同名党员")
        return None
    if len(candidates) > 1:
        row.refuse("name", f"本支部有 {len(candidates)} 名“{row.name}”，请补填身份证号以便区分")
        return None
    found = candidates[0]
    if found.state not in ON_ROSTER:
        row.refuse("name", _gone(found))
    elif row.id_number and found.id_index:
        row.refuse("id_number", f"本支部已有“{row.name}”，登记的身份证号与此不同，请核对")
    else:
        return found
    return None


def _may_be_born_on(member: Member, born: RosterDate) -> bool:
    """A record without an ID number that holds the first of the month may come from a sheet without days."""
    if born.agrees_with(member.born_on):
        return True
    return not member.id_index and member.born_on == born.day.replace(day=1)


def _gone(member: Member) -> str:
    since = f"（{member.state_since}）" if member.state_since else ""
    return f"此人在本支部登记为“{member.get_state_display()}”{since}，如要恢复请在党员页面办理"


def _check_dates(row: ReadRow, member: Member | None, *, today: date) -> None:
    """Against each other, with what the record holds where the row is silent."""
    dates = {key: row.values.get(key) or _recorded(member, key) for key in DATE_FIELDS}
    for wrong, words in date_problems(dates, today=today):
        told = next((key for key in (wrong, "admitted_on", "born_on") if key in row.values), None)
        if told:
            row.refuse(told, words)
    if was_without_probation(dates):
        row.notes.append("1969 年至 1977 年入党的没有预备期，转正日期可以与入党日期相同")


def _settle_months(row: ReadRow, member: Member | None) -> None:
    """A month is recorded as its first day that the rest of the record allows."""
    dates = {key: row.values.get(key) or _recorded(member, key) for key in DATE_FIELDS}
    for key in NOTED_DATES:
        found = row.values.get(key)
        if found is None or not found.month_only:
            continue
        earliest = earliest_day(key, dates)
        if earliest and found.day < earliest <= found.latest:
            row.values[key] = dates[key] = found = RosterDate(earliest, month_only=True)
        row.notes.append(f"{BY_KEY[key].label}只写到月，按 {found.day} 登记")


def _recorded(member: Member | None, name: str) -> RosterDate | None:
    day = getattr(member, name) if member else None
    return RosterDate(day) if day else None


def _settle_status(row: ReadRow, member: Member | None, *, today: date) -> None:
    """Full or probationary, as the sheet says or as its dates imply."""
    status = row.values.get("status")
    admitted = row.values.get("admitted_on") or _recorded(member, "admitted_on")
    full_since = row.values.get("full_since")
    if status == MemberStatus.PROBATIONARY and full_since:
        row.refuse("full_since", "预备党员不填转正日期")
    elif status == MemberStatus.PROBATIONARY and member and member.is_full:
        row.refuse("status", "系统中已登记为正式党员；如登记有误，请在党员页面修改")
    elif status == MemberStatus.FULL and member and not member.is_full and not full_since:
        row.refuse("full_since", "转为正式党员须填写转正日期")
    elif status == MemberStatus.FULL and not full_since and too_new_to_be_full(admitted, today=today):
        row.refuse("status", "入党不满一年，还不是正式党员，请核对人员类别或入党日期")
    elif status is None and full_since:
        row.values["status"] = MemberStatus.FULL
    elif status is None and member is None and not row.refused("status"):
        row.refuse("status", "请填写人员类别（正式党员或预备党员）")
    state = row.values.get("state")
    if state and state != (member.state if member else MembershipState.ACTIVE):
        row.refuse("state", "党籍状态与系统中不一致；停止党籍、转出等请在党员页面登记日期和原因")


def _settle_mobile(row: ReadRow) -> None:
    """Somebody with a place away from home is away, unless the sheet says otherwise."""
    if row.values.get("mobile_place") and not row.values.setdefault("is_mobile", True):
        row.notes.append("是否流动填“否”，又填了外出地点，请核对")


def _check_masked(row: ReadRow, member: Member | None) -> None:
    """A cell with asterisks came out of a masked export: it can only confirm what is recorded."""
    for key, text in row.masked.items():
        recorded = str(getattr(member, key)) if member else ""
        if not recorded or text not in (recorded, secret_mask(key, recorded)):
            row.refuse(key, "带有星号，与系统中的记录对不上，请填写完整")
