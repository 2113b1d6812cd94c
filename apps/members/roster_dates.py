"""Dates as offices type them into rosters: text of many shapes, numbers, Excel's own days."""

from __future__ import annotations

import math
import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

Cell = str | int | float | bool | date | None

FULL_DATE = re.compile(r"(\d{4})[.,、·\-/年](\d{1,2})[.,、·\-/月](\d{1,2})[日号]?")
MONTH_ONLY = re.compile(r"(\d{4})[.,、·\-/年](\d{1,2})月?份?")
YEAR_ONLY = re.compile(r"(\d{4})年?")
SHORT_YEAR = re.compile(r"'?\d{2}[.\-/年]\d{1,2}([.\-/月]\d{0,2}[日号]?)?")
DAY_TIME = re.compile(r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
HAN_DIGITS = {"〇": "0", "零": "0", "○": "0"} | {han: str(n) for n, han in enumerate("一二三四五六七八九", 1)}
HAN_TENS = re.compile("([一二三]?)十([一二三四五六七八九]?)")
#: Day numbers that Excel keeps for 1910 to 2050; smaller numbers are years or mistakes.
SERIALS = range(3654, 55153)
FIRST_YEAR, LAST_YEAR = 1900, 2100
EPOCH = date(1899, 12, 30)
DAYS_TO_1904 = 1462


class UnreadableDate(ValueError):
    """Not a date, or not certainly one; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class RosterDate:
    """A day. `month_only`: the sheet named only the month, so the first stands for it."""

    day: date
    month_only: bool = False

    @property
    def latest(self) -> date:
        """The last day that may have been meant."""
        if not self.month_only:
            return self.day
        return self.day.replace(day=monthrange(self.day.year, self.day.month)[1])

    def agrees_with(self, day: date | None) -> bool:
        """Does the record say the same, as far as the sheet is exact?"""
        return day is not None and self.day <= day <= self.latest


def read_date(cell: Cell, *, since_1904: bool = False) -> RosterDate:
    """Raises UnreadableDate with the reason."""
    if isinstance(cell, date):
        return RosterDate(_plausible(cell))
    if isinstance(cell, bool) or cell is None:
        raise UnreadableDate("不是日期")
    if isinstance(cell, int | float):
        return _from_number(cell, since_1904=since_1904)
    return _from_text(cell, since_1904=since_1904)


def _from_text(cell: str, *, since_1904: bool) -> RosterDate:
    text = unicodedata.normalize("NFKC", cell).strip().replace("。", ".").replace("—", "-").replace("–", "-")
    text = DAY_TIME.sub("", text)
    text = _without_han("".join(text.split()).lstrip("'’‘").rstrip(".,-/、"))
    if match := FULL_DATE.fullmatch(text):
        return RosterDate(_day(*match.groups()))
    if match := MONTH_ONLY.fullmatch(text):
        return RosterDate(_day(match[1], match[2]), month_only=True)
    if text.isascii() and text.isdigit() and len(text) != 4:
        return _from_digits(text, since_1904=since_1904)
    if YEAR_ONLY.fullmatch(text):
        raise UnreadableDate(f"“{cell.strip()}”只有年份，请补上月份，如 2019.07")
    if SHORT_YEAR.fullmatch(text):
        raise UnreadableDate(f"“{cell.strip()}”的年份只有两位，请写成四位，如 1985.03")
    raise UnreadableDate(f"“{cell.strip()}”不是能识别的日期，请写成 2019-07-01 或 2019.07")


def _without_han(text: str) -> str:
    """二〇一九年十二月一日 as 2019年12月1日."""
    text = HAN_TENS.sub(lambda ten: HAN_DIGITS.get(ten[1], "1") + HAN_DIGITS.get(ten[2], "0"), text)
    return "".join(HAN_DIGITS.get(letter, letter) for letter in text)


def _from_digits(text: str, *, since_1904: bool) -> RosterDate:
    if len(text) == 8:
        return RosterDate(_day(text[:4], text[4:6], text[6:]))
    if len(text) == 6 and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return RosterDate(_day(text[:4], text[4:]), month_only=True)
    if len(text) == 6:
        raise UnreadableDate(f"“{text}”的年份只有两位，请写成四位，如 19850312")
    if int(text) in SERIALS and len(text) in (4, 5):
        return RosterDate(_from_serial(int(text), since_1904=since_1904))
    raise UnreadableDate(f"“{text}”不是能识别的日期，请写成 2019-07-01 或 2019.07")


def _from_number(cell: int | float, *, since_1904: bool) -> RosterDate:
    """2019.07 typed into a plain cell is a number; so are Excel's day numbers and 20190701."""
    if not math.isfinite(cell):
        raise UnreadableDate("不是日期")
    if cell == int(cell):
        whole = str(int(cell))
        if len(whole) == 4 and FIRST_YEAR <= int(whole) <= LAST_YEAR:
            raise UnreadableDate(f"“{whole}”只有年份，请补上月份，如 2019.07")
        return _from_digits(whole, since_1904=since_1904)
    if FIRST_YEAR <= cell < LAST_YEAR + 1:
        year, _, fraction = repr(float(cell)).partition(".")
        if fraction == "1":
            raise UnreadableDate(
                f"“{year}.1”可能是 1 月，也可能是 10 月（末位的 0 被表格去掉了），"
                f"请写成 {year}-01 或 {year}-10"
            )
        if len(fraction) > 2:
            raise UnreadableDate(f"“{cell}”不是能识别的日期，请写成 {year}-07-01 或 {year}.07")
        return RosterDate(_day(year, fraction), month_only=True)
    if int(cell) in SERIALS:
        return RosterDate(_from_serial(int(cell), since_1904=since_1904))
    raise UnreadableDate(f"“{cell}”不是能识别的日期，请写成 2019-07-01 或 2019.07")


def _from_serial(days: int, *, since_1904: bool) -> date:
    return EPOCH + timedelta(days=days + (DAYS_TO_1904 if since_1904 else 0))


def _day(*digits: str) -> date:
    """Year, month and, where there is one, day."""
    year, month, day = (*(int(part) for part in digits), 1)[:3]
    try:
        found = date(year, month, day)
    except ValueError:
        raise UnreadableDate(f"{year} 年 {month} 月 {day} 日不存在") from None
    return _plausible(found)


def _plausible(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UnreadableDate(f"{day.year} 年不在可信的范围内")
    return day
