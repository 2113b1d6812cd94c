from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.members.roster_dates import RosterDate, UnreadableDate, read_date


@pytest.mark.parametrize(
    "cell",
    [
        "1985-03-12",
        "1985/3/12",
        "1985.3.12",
        "1985.03.12.",
        "1985年3月12日",
        "1985年03月12号",
        "１９８５．０３．１２",
        " 1985 - 03 - 12 ",
        "1985-03-12 00:00:00",
        "1985-03-12T00:00:00",
        "19850312",
        19850312,
        19850312.0,
        31118,
        31118.0,
        31118.5,
        "31118",
        date(1985, 3, 12),
        "1985,3,12",
        "1985、3、12",
        "1985·3·12",
        "'1985-03-12",
        "1985-03-12 08:30:00",
        "一九八五年三月十二日",
    ],
)
def test_a_day_in_any_of_its_shapes(cell: object) -> None:
    assert read_date(cell) == RosterDate(date(1985, 3, 12))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell",
    [
        "2019.07",
        "2019.7",
        "2019-07",
        "2019/7",
        "2019年7月",
        "2019年07月份",
        "201907",
        201907,
        2019.07,
        2019.7,
        "二〇一九年七月",
        "二零一九年七月份",
        "2019年七月",
    ],
)
def test_a_month_stands_for_its_first_day(cell: object) -> None:
    read = read_date(cell)  # type: ignore[arg-type]
    assert (read, read.latest) == (RosterDate(date(2019, 7, 1), month_only=True), date(2019, 7, 31))


def test_october_and_january_as_text_are_told_apart() -> None:
    assert (read_date("2019.10").day, read_date("2019.1").day) == (date(2019, 10, 1), date(2019, 1, 1))


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("85.03.12", "“85.03.12”的年份只有两位，请写成四位，如 1985.03"),
        ("85年3月", "“85年3月”的年份只有两位，请写成四位，如 1985.03"),
        ("850312", "“850312”的年份只有两位，请写成四位，如 19850312"),
        ("2019", "“2019”只有年份，请补上月份，如 2019.07"),
        ("2019年", "“2019年”只有年份，请补上月份，如 2019.07"),
        (2019, "“2019”只有年份，请补上月份，如 2019.07"),
        ("2019-02-30", "2019 年 2 月 30 日不存在"),
        ("2019.13", "2019 年 13 月 1 日不存在"),
        ("1820-01-01", "1820 年不在可信的范围内"),
        ("2019-06-30T16:00:00Z", "“2019-06-30T16:00:00Z”不是能识别的日期，请写成 2019-07-01 或 2019.07"),
        ("不详", "“不详”不是能识别的日期，请写成 2019-07-01 或 2019.07"),
        (True, "不是日期"),
        (float("nan"), "不是日期"),
        (float("inf"), "不是日期"),
        (3.5, "“3.5”不是能识别的日期，请写成 2019-07-01 或 2019.07"),
        (123456789012, "“123456789012”不是能识别的日期，请写成 2019-07-01 或 2019.07"),
        (2019.123, "“2019.123”不是能识别的日期，请写成 2019-07-01 或 2019.07"),
    ],
)
def test_what_is_not_certainly_a_date_says_why(cell: object, words: str) -> None:
    with pytest.raises(UnreadableDate) as refused:
        read_date(cell)  # type: ignore[arg-type]
    assert str(refused.value) == words


def test_a_number_that_lost_its_zero_is_refused() -> None:
    with pytest.raises(UnreadableDate, match="可能是 1 月，也可能是 10 月"):
        read_date(2019.10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇一〇年十月十日", date(2010, 10, 10)),
        ("二〇一〇年十一月二十日", date(2010, 11, 20)),
        ("二〇二〇年十二月三十一日", date(2020, 12, 31)),
    ],
)
def test_a_day_in_chinese_figures(text: str, day: date) -> None:
    assert read_date(text).day == day


def test_days_since_1904_are_counted_from_there() -> None:
    assert read_date(31118 - 1462, since_1904=True).day == date(1985, 3, 12)


def test_agreement_is_as_exact_as_the_sheet() -> None:
    month = read_date("2019.02")
    assert [month.agrees_with(day) for day in (date(2019, 2, 28), date(2019, 3, 1), None)] == [
        True,
        False,
        False,
    ]
    assert read_date("2020.02").latest == date(2020, 2, 29)


@given(st.dates(date(1911, 1, 1), date(2049, 12, 31)))
def test_every_day_survives_every_shape(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    shapes = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
    ]
    assert {read_date(shape).day for shape in shapes} == {day}
    if not 1900 <= serial <= 2100:
        assert read_date(serial).day == day


@given(st.text(max_size=25) | st.floats() | st.integers() | st.booleans() | st.none())
def test_any_cell_is_read_or_refused(cell: object) -> None:
    try:
        day = read_date(cell).day  # type: ignore[arg-type]
    except UnreadableDate:
        return
    assert 1900 <= day.year <= 2100


def test_a_datetime_loses_its_time() -> None:
    from apps.members.roster_file import _cell

    assert _cell({"d": "2006-06-20"}) == date(2006, 6, 20)
    assert not isinstance(_cell({"d": "2006-06-20"}), datetime)
