"""One row of a roster as values: each cell is read by its column; one that cannot be read says why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.accounts.names import tidy_name
from apps.members.consistency import DATE_FIELDS
from apps.members.id_numbers import IdNumber, WrongIdNumber, read_id_number
from apps.members.models import Sex
from apps.members.roster_columns import BY_KEY, COMBINED_PLACE, heading
from apps.members.roster_dates import Cell, RosterDate, UnreadableDate, read_date
from apps.members.roster_sheet import RawRow
from apps.members.sheet_reader import INVISIBLE, NOT_COMPUTED
from apps.rules.kinds import MembershipState, MemberStatus

#: What offices write where there is nothing ("不得留空" is a habit of the national form).
NOTHING = frozenset({"无", "没有", "—", "——", "-", "--", "/", "\\", "暂无", "空"})
FULL_WIDTH = {
    code: code - 0xFEE0 for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]
}
FULL_WIDTH[0x3000] = 0x20
SEXES = {"男": Sex.MALE, "男性": Sex.MALE, "女": Sex.FEMALE, "女性": Sex.FEMALE}
STATUSES = {
    "正式党员": MemberStatus.FULL,
    "正式": MemberStatus.FULL,
    "中共正式党员": MemberStatus.FULL,
    "中共党员": MemberStatus.FULL,
    "预备党员": MemberStatus.PROBATIONARY,
    "预备": MemberStatus.PROBATIONARY,
    "中共预备党员": MemberStatus.PROBATIONARY,
    "预备期党员": MemberStatus.PROBATIONARY,
}
STATES = {kind.label: kind for kind in MembershipState} | {
    "正常党籍": MembershipState.ACTIVE,
    "在册": MembershipState.ACTIVE,
}
YES = frozenset({"是", "流动", "流动党员", "流出", "外出", "√", "Y", "y", "有"})
NO = frozenset({"否", "不是", "非流动", "正常", "N", "n", "×", "未流动", "未外出", "非流动党员"})
TEXT_LIMITS = {
    "native_place": 50,
    "education": 30,
    "degree": 30,
    "work_unit": 100,
    "job_title": 50,
    "mobile_place": 100,
    "remark": 300,
    "address": 200,
    "branch": 100,
    "group": 100,
}
ZERO_IS_BLANK = {*TEXT_LIMITS, "ethnicity", "mobile_phone", "landline"}
#: Spreadsheets keep no more digits of a number than this.
EXACT_DIGITS = 15
ETHNICITY = re.compile(r"[\u3400-\u9fff]{1,18}")
MOBILE = re.compile(r"1\d{10}")
LANDLINE = re.compile(r"[\d()（）+转\-—]{5,30}")
#: What a formula shows that could not be worked out.
FAILED = frozenset(
    {"#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", NOT_COMPUTED}
)
NAME = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U000323af·]{2,50}|[A-Za-z][A-Za-z .·'-]{1,49}")
DOTS = re.compile(r"(?<=[\u3400-\u9fff])\s*[·.•‧∙⋅・●]\s*(?=[\u3400-\u9fff])")


class WrongCell(ValueError):
    """The message says what is wrong with the cell, in Chinese."""


@dataclass(slots=True)
class ReadRow:
    """What one row says. `values` holds only what was filled in; `masked` names cells that came as ****."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    masked: dict[str, str] = field(default_factory=dict)
    id_number: IdNumber | None = None

    def refuse(self, key: str, message: str) -> None:
        self.errors.append((key, message))

    def refused(self, key: str) -> bool:
        return any(wrong == key for wrong, _ in self.errors)

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))


def read_row(row: RawRow, *, since_1904: bool, headings: dict[str, str]) -> ReadRow:
    """Each cell by itself; what the cells say of each other is for `roster_checks`."""
    read = ReadRow(row.line)
    for key, cell in row.cells.items():
        if cell is None or (_is_nothing(cell) and key != "is_mobile"):
            continue
        try:
            _read_cell(read, key, cell=cell, since_1904=since_1904, headings=headings)
        except (WrongCell, UnreadableDate, WrongIdNumber) as error:
            read.refuse(key, str(error))
    if not read.name and not read.refused("name"):
        read.refuse("name", "缺少姓名")
    return read


def _read_cell(read: ReadRow, key: str, *, cell: Cell, since_1904: bool, headings: dict[str, str]) -> None:
    if isinstance(cell, str) and len(cell) > 500:
        raise WrongCell("内容过长")
    if text_of(cell) in FAILED:
        raise WrongCell(f"这一格的公式没有算出结果（{text_of(cell)}），请改成实际内容或清空")
    if key in ZERO_IS_BLANK and text_of(cell) == "0":
        read.notes.append(f"{BY_KEY[key].label}是 0（引用空单元格的公式会显示 0），按空白处理")
        return
    if key in ("id_number", "mobile_phone", "landline", "address") and "*" in text_of(cell):
        read.masked[key] = text_of(cell)
        return
    if key in DATE_FIELDS:
        read.values[key] = read_date(cell, since_1904=since_1904)
    elif key == "id_number":
        read.id_number = _id_number(cell)
        read.values[key] = read.id_number.text
        read.notes.extend(read.id_number.warnings)
    elif key == "is_mobile":
        combined = heading(headings.get(key, "")) in COMBINED_PLACE
        read.values.update(_mobile(text_of(cell), place_allowed=combined))
    elif key in READERS:
        read.values[key] = READERS[key](cell)
    else:
        read.values[key] = _text(cell, TEXT_LIMITS[key])


def _is_nothing(cell: Cell) -> bool:
    return unicodedata.normalize("NFKC", text_of(cell)) in NOTHING


def text_of(cell: Cell) -> str:
    """The cell as a person reads it, half-width letters and digits, single spaces."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join(INVISIBLE.sub("", str(cell)).translate(FULL_WIDTH).split())


def _text(cell: Cell, limit: int) -> str:
    text = text_of(cell)
    if len(text) > limit:
        raise WrongCell(f"内容过长（最多 {limit} 个字）")
    return text


def _name(cell: Cell) -> str:
    if not isinstance(cell, str):
        raise WrongCell("姓名不能是数字或日期")
    name = DOTS.sub("·", tidy_name(text_of(cell)))
    if not NAME.fullmatch(name):
        raise WrongCell(f"姓名“{name[:20]}”中有不应出现的字符，或长度不对")
    return name


def _id_number(cell: Cell) -> IdNumber:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < 10**EXACT_DIGITS:
        return read_id_number(text_of(cell))
    if not isinstance(cell, str):
        raise WrongCell(
            "身份证号被表格存成了数字，末几位已经丢失，无法恢复。请把这一列的单元格格式设为“文本”，再重新输入号码"
        )
    if re.fullmatch(r"\s*\d(\.\d+)?[eE]\+?\d+\s*", cell):
        raise WrongCell(
            "身份证号成了科学计数（如 1.1E+17），末几位已经丢失。请把这一列设为“文本”格式，再重新输入号码"
        )
    return read_id_number(cell)


def _sex(cell: Cell) -> str:
    return _one_of(cell, SEXES, words="性别只能填“男”或“女”")


def _status(cell: Cell) -> str:
    return _one_of(cell, STATUSES, words="人员类别只能填“正式党员”或“预备党员”")


def _state(cell: Cell) -> str:
    known = "、".join(kind.label for kind in MembershipState)
    return _one_of(cell, STATES, words=f"党籍状态只能填：{known}")


def _one_of(cell: Cell, known: dict[str, Any], *, words: str) -> str:
    text = "".join(text_of(cell).split())
    if text not in known:
        raise WrongCell(f"“{text[:20]}”不能识别：{words}")
    return str(known[text])


def _ethnicity(cell: Cell) -> str:
    text = "".join(text_of(cell).split())
    if not ETHNICITY.fullmatch(text):
        raise WrongCell(f"“{text[:20]}”不是民族名称")
    return text if text.endswith(("族", "人", "其他")) or len(text) > 6 else text + "族"


def _mobile_phone(cell: Cell) -> str:
    text = re.sub(r"[\s\-—]", "", unicodedata.normalize("NFKC", text_of(cell)))
    text = text.rstrip(";,、。").removeprefix("+86").removeprefix("0086")
    if text.startswith("86") and len(text) == 13:
        text = text[2:]
    if not MOBILE.fullmatch(text):
        raise WrongCell("手机号应为 11 位数字，只填一个；固定电话请填在“固定电话”一列")
    return text


def _landline(cell: Cell) -> str:
    text = "".join(unicodedata.normalize("NFKC", text_of(cell)).split())
    if not LANDLINE.fullmatch(text):
        raise WrongCell("固定电话只填号码，如 010-12345678")
    return text


def _mobile(text: str, *, place_allowed: bool) -> dict[str, Any]:
    if text in YES:
        return {"is_mobile": True}
    if text in NO or text in NOTHING:
        return {"is_mobile": False}
    if "失联" in text or "失去联系" in text:
        raise WrongCell("失去联系须由支部按规定程序认定，不从花名册导入；这里只填“是”或“否”")
    if place_allowed:
        return {"is_mobile": True, "mobile_place": text[: TEXT_LIMITS["mobile_place"]]}
    raise WrongCell(f"“{text[:20]}”不能识别：是否流动只能填“是”或“否”，地点请填在“外出地点”一列")


READERS: dict[str, Callable[[Cell], str]] = {
    "name": _name,
    "sex": _sex,
    "status": _status,
    "state": _state,
    "ethnicity": _ethnicity,
    "mobile_phone": _mobile_phone,
    "landline": _landline,
}


def day_of(value: RosterDate | None) -> date | None:
    return value.day if value else None
