from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.members.id_numbers import WrongIdNumber, check_digit, read_id_number
from tests.members.rosters import id_number


def test_a_number_tells_birth_date_and_sex() -> None:
    man, woman = read_id_number(id_number(order=1)), read_id_number(id_number(order=2))
    assert (man.born_on, man.sex, man.warnings) == (date(1985, 3, 12), "male", ())
    assert (woman.born_on, woman.sex) == (date(1985, 3, 12), "female")


def test_the_worked_example_of_the_standard_holds() -> None:
    """GB 11643 computes the check digit of 11010519491231002 as X."""
    assert check_digit("11010519491231002") == "X"


@pytest.mark.parametrize(
    "typed",
    [
        "１１９９９９１９８５０３１２００１{}",
        " 119999 19850312 001{}",
        "119999-19850312-001{}",
        "'11999919850312001{}",
    ],
)
def test_spaces_dashes_and_full_width_digits_are_tidied(typed: str) -> None:
    last = id_number()[-1]
    assert read_id_number(typed.format(last)).text == id_number()


def test_a_small_x_is_an_x() -> None:
    numbers = (id_number(order=order) for order in range(1, 99))
    ending = next(number for number in numbers if number.endswith("X"))
    assert read_id_number(ending.lower()).text == ending


def test_an_old_number_is_read_and_flagged() -> None:
    new = id_number()
    old = read_id_number(new[:6] + new[8:17])
    assert (old.standard, old.born_on, old.sex) == (new, date(1985, 3, 12), "male")
    assert old.warnings == ("这是 15 位的旧身份证号，请核对后改填 18 位",)


def test_an_unknown_province_is_only_a_warning() -> None:
    first = "99999919850312001"
    assert read_id_number(first + check_digit(first)).warnings == (
        "身份证号前两位不是国内的地区代码，请核对",
    )


@pytest.mark.parametrize("area", ["500112", "440305", "320502", "460300", "810000", "830000"])
def test_real_areas_of_any_age_are_accepted(area: str) -> None:
    first = f"{area}19800101001"
    assert read_id_number(first + check_digit(first)).warnings == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("11999919850312001", "身份证号应为 18 位，现为 17 位"),
        ("", "身份证号应为 18 位，现为 0 位"),
        ("1199991985031200AB", "身份证号只能由数字组成，最后一位可以是 X"),
        ("119999198502300011", "身份证号中的出生日期 19850230 不存在"),
        ("119999188003120011", "身份证号中的出生年份 1880 不可信"),
        ("²" * 18, "身份证号中的出生日期 22222222 不存在"),
        ("一" * 18, "身份证号只能由数字组成，最后一位可以是 X"),
    ],
)
def test_what_cannot_be_a_number_says_why(typed: str, words: str) -> None:
    with pytest.raises(WrongIdNumber, match=f"^{words}$"):
        read_id_number(typed)


@given(
    st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9)
)
def test_one_wrong_digit_never_passes(born: date, order: int, place: int, off: int) -> None:
    number = id_number(born, order)
    digit = number[place]
    wrong = str(off) if digit == "X" else str((int(digit) + off) % 10)
    with pytest.raises(WrongIdNumber):
        read_id_number(number[:place] + wrong + number[place + 1 :])


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        sex = read_id_number(text).sex
    except WrongIdNumber:
        return
    assert sex in ("male", "female")
