"""The resident identity number (GB 11643): what it says of itself, and whether that can be true."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
#: First two digits in use. Codes below them come and go with counties, so they are never judged.
PROVINCES = frozenset(
    str(code)
    for region in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
    for code in region
) | {"71", "81", "82", "83"}
OLDEST_YEAR = 1900
#: Also what cannot be seen and comes along when a number is copied from a chat.
SEPARATORS = re.compile(r"[\s'’‘`\-\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


class WrongIdNumber(ValueError):
    """The text cannot be an identity number; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number that passes its own check. `standard` is the 18-digit form also of a 15-digit one."""

    text: str
    standard: str
    born_on: date
    sex: str
    warnings: tuple[str, ...] = ()


def normalized(text: str) -> str:
    """Half-width, without spaces and dashes, with a capital X."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_digit(first17: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


def read_id_number(text: str) -> IdNumber:
    """Raises WrongIdNumber with the reason."""
    number = normalized(text)
    warnings = []
    if len(number) == 15 and _is_digits(number):
        standard = number[:6] + "19" + number[6:]
        standard += check_digit(standard)
        warnings.append("这是 15 位的旧身份证号，请核对后改填 18 位")
    elif len(number) == 18:
        standard = number
    else:
        raise WrongIdNumber(f"身份证号应为 18 位，现为 {len(number)} 位")
    if not _is_digits(standard[:17]) or standard[17] not in "0123456789X":
        raise WrongIdNumber("身份证号只能由数字组成，最后一位可以是 X")
    born_on = _born_on(standard)
    if check_digit(standard[:17]) != standard[17]:
        raise WrongIdNumber("身份证号的校验位不对，请检查有没有输错数字")
    if standard[:2] not in PROVINCES:
        warnings.append("身份证号前两位不是国内的地区代码，请核对")
    sex = "male" if int(standard[16]) % 2 else "female"
    return IdNumber(number, standard, born_on, sex, tuple(warnings))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _born_on(standard: str) -> date:
    try:
        born_on = date(int(standard[6:10]), int(standard[10:12]), int(standard[12:14]))
    except ValueError:
        raise WrongIdNumber(f"身份证号中的出生日期 {standard[6:14]} 不存在") from None
    if born_on.year < OLDEST_YEAR:
        raise WrongIdNumber(f"身份证号中的出生年份 {born_on.year} 不可信")
    return born_on
