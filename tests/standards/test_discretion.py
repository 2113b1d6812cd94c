"""Figures about talks: names for those who may know them, numbers for the others, nothing of reminders."""

from dataclasses import replace
from fractions import Fraction

import pytest

from apps.rules.figures import Figure, FigureState, Left, Ref, Unit
from apps.standards.discretion import FROM_ABOVE, KEPT, Reader, for_reader
from apps.standards.figure_words import value_words
from apps.standards.policies import reader_of
from tests.conftest import Cast

LEFT_OUT = Left(ref=Ref(kind="member", id=7), reason="今年还没有谈过。")


def figure(key: str, *, talked: int = 4, members: int = 8) -> Figure:
    return Figure(
        key=key,
        title="谈心谈话覆盖率",
        unit=Unit.RATIO,
        numerator=Fraction(talked),
        denominator=Fraction(members),
        value=Fraction(talked, members),
        state=FigureState.WARN,
        target=Fraction(1),
        good=Fraction(1),
        warn=Fraction(1, 2),
        formula="",
        counted=(Ref(kind="member", id=6),),
        missed=(LEFT_OUT,),
    )


def test_who_may_know_the_pairs_sees_the_figure_whole() -> None:
    whole = figure("talks_coverage")
    assert for_reader(whole, reader=Reader(talks=True)) == whole


def test_those_above_see_the_number_and_nobodys_name() -> None:
    seen = for_reader(figure("talks_coverage"), reader=FROM_ABOVE)
    assert (seen.counted, seen.missed, value_words(seen)) == ((), (), "50%")


@pytest.mark.parametrize(("talked", "words"), [(0, "未开展"), (1, "已开展"), (2, "已开展")])
def test_those_above_do_not_see_numbers_below_three(talked: int, words: str) -> None:
    seen = for_reader(figure("talks_by_secretary", talked=talked), reader=FROM_ABOVE)
    assert seen.value is None
    assert value_words(seen) == f"{words}（不足 3 人次不显示数字）"


def test_that_there_were_reminder_talks_stays_with_the_secretary_and_the_discipline_member() -> None:
    asked = figure("reminders_followed_up")
    hidden = for_reader(asked, reader=Reader(talks=True))
    assert (hidden.value, hidden.state, hidden.why) == (None, FigureState.NOT_APPLICABLE, KEPT)
    none_held = replace(asked, value=None, state=FigureState.NOT_APPLICABLE, why="", denominator=Fraction(0))
    assert (
        for_reader(none_held, reader=FROM_ABOVE)
        == for_reader(asked, reader=FROM_ABOVE)
        == replace(hidden, numerator=Fraction(0))
    )
    assert for_reader(asked, reader=Reader(talks=True, reminders=True)) == asked


def test_other_figures_pass_as_they_are() -> None:
    other = figure("participation", talked=1)
    assert for_reader(other, reader=FROM_ABOVE) == other


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "talks", "reminders"),
    [
        ("secretary", True, True),
        ("discipline", True, True),
        ("deputy", True, False),
        ("organization", True, False),
        ("publicity", False, False),
        ("organizer", False, False),
        ("committee_secretary", False, False),
        ("stranger_secretary", False, False),
    ],
)
def test_the_post_decides(cast: Cast, role: str, talks: bool, reminders: bool) -> None:
    reader = reader_of(cast[role], cast.ours)
    assert (reader.talks, reader.reminders) == (talks, reminders)
