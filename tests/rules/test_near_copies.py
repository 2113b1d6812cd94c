"""Near-copies among the minutes of one branch, and how fast they are found."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules.near_copies import LIKE, alike, bare, near_copies, shingles, similarity

WORDS = "学习讨论安排支部工作党员群众服务走访困难问题整改落实责任时间地点意见建议同意会议研究决定通报情况"


def minutes(length: int, *, seed: int = 1) -> str:
    chance = random.Random(seed)
    return "".join(chance.choices(WORDS, k=length))


def test_the_same_minutes_with_another_date_and_head_count_are_a_copy() -> None:
    first = f"3月5日下午，应到20人，实到18人。{minutes(200)}"
    second = f"4月9日上午，应到 20 人，实到 17 人！{minutes(200)}"
    assert near_copies([(1, first), (2, second)]) == {2: 1}


def test_the_first_of_two_is_the_original() -> None:
    assert near_copies([(9, minutes(200)), (3, minutes(200)), (5, minutes(200))]) == {3: 9, 5: 9}


def test_different_minutes_are_left_alone() -> None:
    assert near_copies((seed, minutes(300, seed=seed)) for seed in range(20)) == {}


@pytest.mark.parametrize(("length", "copied"), [(80, False), (81, True)])
def test_only_minutes_of_more_than_eighty_characters_are_compared(length: int, copied: bool) -> None:
    assert bool(near_copies([(1, minutes(length)), (2, minutes(length))])) is copied


def test_blanks_digits_and_punctuation_do_not_make_minutes_longer() -> None:
    assert shingles(minutes(80) + "。，！ 1234567890" * 10) is None
    assert bare("ＡＢ会议 3 月，") == "ab会议月"


def distinct(count: int, *, start: int = 0x4E00) -> str:
    return "".join(chr(start + number) for number in range(count))


@pytest.mark.parametrize(("more", "copied"), [(10, True), (11, False)])
def test_nine_tenths_is_the_border(more: int, copied: bool) -> None:
    """92 different characters have 90 shingles; of a text ten characters longer they are nine tenths."""
    one, longer = shingles(distinct(92)), shingles(distinct(92 + more))
    assert one is not None
    assert longer is not None
    assert (similarity(one, longer) == LIKE) is copied
    assert alike(one, longer) is copied


@given(st.integers(0, 60), st.integers(0, 60), st.integers(81, 400))
def test_the_sketch_never_hides_a_pair_that_is_alike(head: int, tail: int, length: int) -> None:
    text = minutes(length, seed=length)
    one, other = shingles(text), shingles(distinct(head) + text + distinct(tail, start=0x6E00))
    assert one is not None
    assert other is not None
    assert alike(one, other) is (similarity(one, other) >= LIKE)


def test_three_hundred_long_minutes_take_well_under_a_second() -> None:
    texts = [(seed, minutes(2000, seed=seed)) for seed in range(299)]
    texts.append((300, texts[7][1]))
    begun = time.process_time()
    assert near_copies(texts) == {300: 7}
    assert time.process_time() - begun < 1
