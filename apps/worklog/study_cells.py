"""One row of study hours as values, or as reasons that say how to mend it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from apps.members.roster_dates import Cell, UnreadableDate, read_date
from apps.rules.kinds_worklog import StudyCategory
from apps.worklog.study_sheet import LABELS, StudyRow

HOURS = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)个?(?:学时|课时|小时|时|h)?", re.IGNORECASE)
MINUTES = re.compile(r"\d+(?:\.\d+)?(?:分钟|分|min)", re.IGNORECASE)
MOST_HOURS = Decimal(24)
TENTH = Decimal("0.1")
FIRST_YEAR = 2000
TITLE_LENGTH, NAME_LENGTH = 100, 50
CATEGORIES: dict[StudyCategory, tuple[str, ...]] = {
    StudyCategory.THEORY: ("理论", "政治理论", "理论学习", "政治", "思想政治", "党的理论", "党性教育"),
    StudyCategory.PROFESSIONAL: ("专业", "业务", "专业学习", "业务学习", "专业知识", "业务知识", "业务培训"),
    StudyCategory.AUXILIARY: ("辅助", "其他", "辅助学习", "综合", "辅助知识", "综合知识"),
}
CATEGORY_WORDS = {word: kind for kind, words in CATEGORIES.items() for word in words}


class WrongStudyCell(ValueError):
    """Carries the Chinese reason."""


@dataclass(slots=True)
class ReadStudy:
    """What a row says, as far as it could be read; `errors` are (heading, reason)."""

    line: int
    texts: list[tuple[str, str]]
    errors: list[tuple[str, str]] = field(default_factory=list)
    name: str = ""
    digits: str = ""
    held_on: date | None = None
    category: StudyCategory | None = None
    hours: Decimal | None = None
    title: str = ""


def read_study(row: StudyRow, *, since_1904: bool, today: date) -> ReadStudy:
    found = ReadStudy(row.line, texts=[(key, _text(row.cells.get(key))) for key in LABELS])
    readers: dict[str, Callable[[Cell], Any]] = {
        "name": _name,
        "digits": _digits,
        "held_on": lambda cell: _day(cell, since_1904=since_1904, today=today),
        "category": _category,
        "hours": _hours,
        "title": _title,
    }
    for key, read in readers.items():
        try:
            setattr(found, key, read(row.cells.get(key)))
        except WrongStudyCell as error:
            found.errors.append((LABELS[key], str(error)))
    return found


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _plain(cell: Cell) -> str:
    return "".join(unicodedata.normalize("NFKC", _text(cell)).split())


def _name(cell: Cell) -> str:
    name = _plain(cell)
    if not name:
        raise WrongStudyCell("没有姓名，请补上")
    if len(name) > NAME_LENGTH or any(mark in name for mark in "、,;/"):
        raise WrongStudyCell("一行只写一个人，请把几个人分成几行")
    return name


def _digits(cell: Cell) -> str:
    """The last four of an ID number or of a mobile; zeros in front that a number lost come back."""
    digits = _plain(cell).upper()
    if isinstance(cell, int | float) and len(digits) < 4:
        digits = digits.rjust(4, "0")
    if digits and not re.fullmatch(r"\d{3}[\dX]|\d{11}|\d{17}[\dX]", digits):
        raise WrongStudyCell("请写身份证号后四位，或 11 位手机号")
    return digits


def _day(cell: Cell, *, since_1904: bool, today: date) -> date:
    if cell is None:
        raise WrongStudyCell("没有日期，请补上，如 2026-05-03")
    try:
        found = read_date(cell, since_1904=since_1904)
    except UnreadableDate as error:
        raise WrongStudyCell(str(error).replace("2019-07-01 或 2019.07", "2026-05-03")) from None
    if found.month_only:
        raise WrongStudyCell("只写了年和月，请写到日，如 2026-05-03")
    if found.day > today:
        raise WrongStudyCell(f"{found.day} 还没有到，请检查年份和月份")
    if found.day.year < FIRST_YEAR:
        raise WrongStudyCell(f"{found.day} 太早，请检查年份")
    return found.day


def _category(cell: Cell) -> StudyCategory:
    word = _plain(cell)
    kind = CATEGORY_WORDS.get(word) or CATEGORY_WORDS.get(word.removesuffix("类"))
    if kind is None:
        start = f"“{word[:20]}”不在类别里" if word else "没有类别"
        raise WrongStudyCell(f"{start}，请写理论、专业或辅助")
    return kind


def _hours(cell: Cell) -> Decimal:
    text = _plain(cell)
    if not text or isinstance(cell, bool):
        raise WrongStudyCell("没有学时，请补上，如 2 或 1.5")
    if MINUTES.fullmatch(text):
        raise WrongStudyCell("请换算成学时：45 分钟算 1 学时")
    if text.startswith("-"):
        raise WrongStudyCell("学时不能是负数")
    match = HOURS.fullmatch(text)
    if not match or isinstance(cell, date):
        raise WrongStudyCell(f"“{text[:20]}”不是学时数，请只写数字，如 2 或 1.5")
    hours = Decimal(match[1])
    if hours != hours.quantize(TENTH):
        raise WrongStudyCell("学时最多一位小数")
    if not 0 < hours <= MOST_HOURS:
        raise WrongStudyCell("一天的学时应大于 0、不超过 24；多天的培训请分成几行")
    return hours.quantize(TENTH)


def _title(cell: Cell) -> str:
    title = " ".join(_text(cell).split())
    if not title:
        raise WrongStudyCell("没有内容，请写学了什么")
    if len(title) > TITLE_LENGTH:
        raise WrongStudyCell("内容太长，请精简到 100 字以内")
    return title
