"""A row of figures as a picture: every value in words, no line over a gap, nothing unescaped."""

import re

from apps.ui.charts import Point, trend

YEARS = [
    Point(name="2024", value=0.5, words="50%"),
    Point(name="2025", value=None, words="未记录"),
    Point(name="2026", value=1.0, words="100%"),
]


def test_every_point_stands_there_in_words() -> None:
    drawn = trend(YEARS, label="参加率")
    assert re.findall(r"<text[^>]*>([^<]*)</text>", drawn) == [
        "50%",
        "未记录",
        "100%",
        "2024",
        "2025",
        "2026",
    ]
    assert re.search(r'aria-label="([^"]*)"', drawn)[1] == "参加率：2024：50%，2025：未记录，2026：100%"


def test_the_line_is_interrupted_where_nothing_is_known() -> None:
    assert "polyline" not in trend(YEARS)
    assert trend([YEARS[0], YEARS[2]]).count("<polyline") == 1


def test_a_higher_value_stands_higher() -> None:
    low, high = re.findall(r'cy="(\d+)"', trend([YEARS[0], YEARS[2]]))
    assert int(low) > int(high)


def test_the_level_is_a_dashed_line_across() -> None:
    assert "ui-trend-level" in trend(YEARS, level=0.9)
    assert "ui-trend-level" not in trend(YEARS)


def test_no_points_draw_nothing_and_one_stands_in_the_middle() -> None:
    assert trend([]) == ""
    assert 'cx="130"' in trend(YEARS[:1])


def test_words_are_escaped() -> None:
    assert "<b>" not in trend([Point(name="<b>", value=0.0, words="<b>&")], label='"<b>')
