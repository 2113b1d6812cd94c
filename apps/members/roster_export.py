"""Rosters as workbooks: the list in the columns of the import, the faulty rows, and the blank template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from apps.branches.models import Post
from apps.members.models import Member, RosterImport, RowVerdict
from apps.members.policies import SECRET_FIELDS
from apps.members.queries import batches
from apps.members.roster_changes import secret_mask
from apps.members.roster_columns import BY_KEY, COLUMNS, FORMS, RosterForm
from apps.members.roster_rows import stored_row
from apps.ui.export import Sheet

NOTE = "以星号遮盖的号码再次导入时视为不变。空白单元格不会清除系统中已有的内容。"
#: The import takes it for a blank cell.
NOTHING = "无"
TITLES = {
    RosterForm.FULL: "党员花名册",
    RosterForm.NATIONAL: "党员基本信息表",
    RosterForm.LONG: "党员花名册",
}
EXAMPLE = {
    "number": "示例",
    "name": "示例：张三",
    "sex": "男",
    "ethnicity": "汉族",
    "native_place": "某省某市",
    "born_on": "1985-03-12",
    "id_number": "（文本格式，18 位）",
    "education": "大学本科",
    "degree": "学士",
    "work_started_on": "2007.08",
    "work_unit": "某某单位",
    "job_title": "科员",
    "status": "正式党员",
    "admitted_on": "2010-06-20",
    "full_since": "2011-06-20",
    "state": "正常",
    "branch": "（党支部全称）",
    "group": "第一党小组",
    "mobile_phone": "（11 位）",
    "is_mobile": "否",
}
TEMPLATE_NOTE = (
    "一人一行。带“示例”的一行不会导入，可以删去。身份证号一列须先设为“文本”格式再填写，否则末几位会丢失。"
    "日期写成 2019-07-01 或 2019.07。不得填写国家秘密。"
)


def member_sheet(members: Iterable[Member], *, clear: bool, today: date, form: RosterForm) -> Sheet:
    """The list in columns that the import knows; numbers and addresses masked unless `clear`."""
    members = list(members)
    posts = _posts_of(members, today=today)
    lines = (
        {key: _cell(key, member, clear=clear, number=number, posts=posts) for key, _ in FORMS[form]}
        for number, member in enumerate(members, start=1)
    )
    return Sheet(
        name="党员花名册",
        title=TITLES[form],
        note=NOTE,
        header=[label for _, label in FORMS[form]],
        widths=[BY_KEY[key].width for key, _ in FORMS[form]],
        rows=(list(line.values()) if form == RosterForm.FULL else _filled_in(line) for line in lines),
    )


def _filled_in(line: dict[str, Any]) -> list[Any]:
    """The forms for those above leave no cell empty, and name who is away in their own words."""
    if "mobile_place" not in line:
        line["is_mobile"] = "流动党员" if line["is_mobile"] else "正常"
    return [NOTHING if value is None or value == "" else value for value in line.values()]


def _posts_of(members: list[Member], *, today: date) -> dict[int, str]:
    held: dict[int, list[str]] = {}
    for batch in batches([member.person_id for member in members]):
        held_by = [int(pk) for pk in batch]
        rows = Post.objects.current_on(today).filter(person__in=held_by).order_by("starts_on", "pk")
        for post in rows:
            held.setdefault(post.person_id, []).append(post.get_kind_display())
    return {person: "、".join(kinds) for person, kinds in held.items()}


def _cell(key: str, member: Member, *, clear: bool, number: int, posts: dict[int, str]) -> Any:
    if key in SECRET_FIELDS:
        value = str(getattr(member, key))
        return value if clear or not value else secret_mask(key, value)
    special = {
        "number": number,
        "name": member.person.name,
        "sex": member.get_sex_display(),
        "status": member.get_status_display(),
        "state": member.get_state_display(),
        "branch": member.branch.name,
        "group": member.group.name if member.group else "",
        "post": posts.get(member.person_id, ""),
    }
    return special[key] if key in special else getattr(member, key)


def faulty_sheet(roster: RosterImport) -> Sheet:
    """The rows that were not taken, as they stood, each with its reasons: mend and upload again."""
    rows = [stored_row(row) for row in roster.rows.filter(verdict=RowVerdict.ERROR).order_by("line")]
    lines = roster.rows.filter(verdict=RowVerdict.ERROR).order_by("line").values_list("line", flat=True)
    header = [cell.heading for cell in rows[0].cells] if rows else []
    return Sheet(
        name="有问题的行",
        title="未导入的行",
        note="按“问题”一列改正后，可以直接上传这个文件。“原行号”和“问题”两列不会导入。",
        header=["原行号", *header, "问题"],
        widths=[8, *[16] * len(header), 60],
        rows=(
            [str(line), *[cell.text for cell in row.cells], row.reasons()]
            for line, row in zip(lines, rows, strict=True)
        ),
    )


def template_sheets() -> Iterator[Sheet]:
    yield Sheet(
        name="花名册",
        title="党员花名册（导入模板）",
        note=TEMPLATE_NOTE,
        header=[column.label for column in COLUMNS],
        widths=[column.width for column in COLUMNS],
        rows=[[EXAMPLE.get(column.key, "") for column in COLUMNS], *[[""] * len(COLUMNS)] * 30],
    )
    yield Sheet(
        name="填写说明",
        header=["列名", "也可以写作", "要求"],
        widths=[16, 60, 40],
        rows=[[column.label, "、".join(column.also), column.note] for column in COLUMNS],
    )
