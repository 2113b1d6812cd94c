"""Rows of study hours against the branch's roster and what the log already has; and as they are kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from apps.members.models import Member
from apps.rules.kinds_worklog import StudyCategory
from apps.ui.export import Sheet
from apps.worklog.models import StudyImport, StudyImportRow, StudyVerdict
from apps.worklog.queries import recorded_study
from apps.worklog.study_cells import MOST_HOURS, ReadStudy
from apps.worklog.study_sheet import LABELS

#: Member, day, content, hours: the same again is the same study.
Same = tuple[int, date, str, Decimal]


@dataclass(slots=True)
class Surroundings:
    """The branch's members by name, and what the log has of them on the days of the file."""

    by_name: dict[str, list[Member]] = field(default_factory=lambda: defaultdict(list))
    recorded: set[Same] = field(default_factory=set)
    of_day: dict[tuple[int, date], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    in_file: dict[Same, int] = field(default_factory=dict)


@dataclass(slots=True)
class JudgedStudy:
    read: ReadStudy
    verdict: StudyVerdict
    member: Member | None = None
    note: str = ""


def surroundings_of(branch_id: int, reads: Iterable[ReadStudy]) -> Surroundings:
    """Two queries."""
    around = Surroundings()
    members = Member.objects.active().filter(branch_id=branch_id).select_related("person")
    for member in members.defer("landline", "address"):
        around.by_name[member.person.name].append(member)
    days = {read.held_on for read in reads if read.held_on}
    if not days:
        return around
    for pk, day, title, hours in recorded_study(branch_id, first=min(days), last=max(days)):
        around.recorded.add((pk, day, title, hours))
        around.of_day[pk, day] += hours
    return around


def judge(read: ReadStudy, around: Surroundings) -> JudgedStudy:
    member = _member_of(read, around) if read.name else None
    if read.errors or member is None or read.held_on is None or read.hours is None:
        return JudgedStudy(read, StudyVerdict.ERROR)
    same: Same = (member.pk, read.held_on, read.title, read.hours)
    if same in around.recorded:
        return JudgedStudy(read, StudyVerdict.KNOWN, note="工作纪实里已经有这条学时，不再计")
    if same in around.in_file:
        return JudgedStudy(read, StudyVerdict.KNOWN, note=f"与第 {around.in_file[same]} 行重复，只计一次")
    if around.of_day[member.pk, read.held_on] + read.hours > MOST_HOURS:
        read.errors.append((LABELS["hours"], f"{read.held_on} 这一天合计超过 24 学时，请核对"))
        return JudgedStudy(read, StudyVerdict.ERROR)
    around.in_file[same] = read.line
    around.of_day[member.pk, read.held_on] += read.hours
    return JudgedStudy(read, StudyVerdict.NEW, member=member)


def _member_of(read: ReadStudy, around: Surroundings) -> Member | None:
    """Adds the reason to the row where nobody, or more than one, is meant."""
    named = around.by_name.get(read.name, [])
    if not named:
        words = f"本支部名册里没有“{read.name}”，请核对姓名；刚转来的先在党员名单里登记"
        read.errors.append((LABELS["name"], words))
        return None
    if not read.digits:
        if len(named) == 1:
            return named[0]
        words = f"本支部有 {len(named)} 名党员叫“{read.name}”，请写身份证号后四位或手机"
        read.errors.append((LABELS["digits"], words))
        return None
    fitting = [member for member in named if _fits(member, read.digits)]
    if len(fitting) == 1:
        return fitting[0]
    words = "和名册里的对不上，请核对" if not fitting else "同名的人后四位也相同，请写完整的手机号"
    read.errors.append((LABELS["digits"], words))
    return None


def _fits(member: Member, digits: str) -> bool:
    """The whole number, or its last four; a member of whom neither is known is not refused."""
    known = [str(number).upper() for number in (member.id_number, member.mobile_phone) if number]
    return not known or any(number.endswith(digits) for number in known)


def content_of(judged: JudgedStudy) -> str:
    """The JSON text for `StudyImportRow.content`."""
    read = judged.read
    content: dict[str, Any] = {"cells": read.texts, "errors": read.errors, "note": judged.note}
    if judged.member and read.held_on and read.category:
        content |= {
            "member": judged.member.pk,
            "held_on": read.held_on.isoformat(),
            "category": read.category,
            "hours": str(read.hours),
            "title": read.title,
        }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptStudy:
    """What a row would write."""

    member_id: int
    held_on: date
    category: StudyCategory
    hours: Decimal
    title: str


def kept_study(row: StudyImportRow) -> KeptStudy:
    content = json.loads(str(row.content))
    return KeptStudy(
        member_id=content["member"],
        held_on=date.fromisoformat(content["held_on"]),
        category=StudyCategory(content["category"]),
        hours=Decimal(content["hours"]),
        title=content["title"],
    )


def words_of(row: StudyImportRow) -> str:
    """What would happen, or why nothing does."""
    content = json.loads(str(row.content))
    if row.verdict == StudyVerdict.ERROR:
        return "；".join(f"{heading}：{words}" for heading, words in content["errors"])
    if row.verdict == StudyVerdict.KNOWN:
        return str(content["note"])
    study = kept_study(row)
    return f"{study.held_on} {study.category.label} {study.hours.normalize():f} 学时 {study.title}"


def refused(row: StudyImportRow, *, words: str) -> str:
    """The content of a row that what happened since the preview forbids."""
    content = json.loads(str(row.content))
    return json.dumps(
        {"cells": content["cells"], "errors": [[LABELS["name"], words]], "note": ""}, ensure_ascii=False
    )


def faulty_sheet(study_import: StudyImport) -> Sheet:
    """The rows that were not taken, as they stood, each with its reasons: mend and upload again."""
    rows = list(study_import.rows.filter(verdict=StudyVerdict.ERROR).order_by("line"))
    return Sheet(
        name="有问题的行",
        title="未计入的学时",
        note="按“问题”一列改正后，可以直接上传这个文件。",
        header=["原行号", *LABELS.values(), "问题"],
        widths=[8, 12, 22, 14, 10, 8, 30, 60],
        rows=[
            [str(row.line), *[text for _, text in json.loads(str(row.content))["cells"]], words_of(row)]
            for row in rows
        ],
    )


def template_sheet() -> Sheet:
    return Sheet(
        name="学时",
        title="党员学时登记表（导入模板）",
        note="一行一人一次。类别写理论、专业或辅助；同名的人才写身份证号后四位或手机。开会、党课的学时不用写。",
        header=list(LABELS.values()),
        widths=[12, 22, 14, 10, 8, 40],
        rows=[["示例：张三", "", "2026-05-03", "理论", "2", "党章专题网上课程"], *[[""] * len(LABELS)] * 30],
    )
