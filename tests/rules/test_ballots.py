"""What is hidden, what fits into a ballot, and what paper totals must add up to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules import ballots
from apps.rules.kinds_ballots import Electorate, PollPurpose, Scale

CELLS = st.dictionaries(st.sampled_from("甲乙丙丁戊己庚"), st.integers(0, 40), min_size=1)


@given(cells=CELLS, threshold=st.integers(4, 12), held_back=st.sets(st.sampled_from("甲乙丙")))
def test_no_small_part_can_be_worked_out_from_the_total(
    cells: dict[str, int], threshold: int, held_back: set[str]
) -> None:
    hidden = ballots.hidden_cells(cells, threshold=threshold, held_back=held_back)
    shown = {name: count for name, count in cells.items() if name not in hidden}
    assert all(count == 0 or (count >= threshold and name not in held_back) for name, count in shown.items())
    if hidden and any(shown.values()):
        assert len(hidden) >= 2
        assert sum(cells.values()) - sum(shown.values()) >= threshold


def test_the_next_smallest_is_hidden_along() -> None:
    assert ballots.hidden_cells({"甲": 2, "乙": 7, "丙": 9}, threshold=5) == {"甲", "乙"}
    assert ballots.hidden_cells({"甲": 1, "乙": 1, "丙": 9, "丁": 8}, threshold=5) == {"甲", "乙", "丁"}
    assert ballots.hidden_cells({"甲": 6, "乙": 7}, threshold=5) == frozenset()
    assert ballots.hidden_cells({"甲": 9, "乙": 7, "丙": 8}, threshold=5, held_back={"甲"}) == {"甲", "乙"}


@pytest.mark.parametrize(("hidden", "enough"), [([], True), ([9], False), ([2, 2], False), ([2, 3], True)])
def test_a_total_stands_beside_enough_hidden_parts_only(hidden: list[int], enough: bool) -> None:
    assert ballots.covered(hidden, threshold=5) == enough


@pytest.mark.parametrize(
    ("earlier", "valid", "alike"),
    [
        ({1, 2, 3}, 9, True),
        ({1, 2, 3, 4, 5}, 9, True),
        ({1, 2, 3, 4}, 9, False),
        ({1, 2, 3, 5}, 9, False),
        ({1, 2, 3}, 10, False),
    ],
)
def test_one_person_more_or_less_in_a_small_roll_gives_him_away(
    earlier: set[int], valid: int, alike: bool
) -> None:
    assert ballots.one_apart({1, 2, 3, 4}, earlier, valid=valid, valid_earlier=5) == alike


@pytest.mark.parametrize(
    ("valid", "threshold", "shown"),
    [(4, 5, False), (5, 5, True), (4, 1, False), (5, 1, True), (9, 10, False)],
)
def test_a_threshold_is_never_below_five(valid: int, threshold: int, shown: bool) -> None:
    assert ballots.enough(valid, purpose=PollPurpose.APPRAISAL, threshold=threshold) == shown
    assert ballots.enough(valid, purpose=PollPurpose.MOTION, threshold=threshold)


def test_the_six_nots_are_asked_of_the_committee_only() -> None:
    everybody = [one.words for one in ballots.appraisal_questions(Electorate.ALL)]
    committee = [one.words for one in ballots.appraisal_questions(Electorate.COMMITTEE)]
    assert (len(everybody), len(committee)) == (15, 6)
    assert committee[0] == "主持不把持"


def test_the_longest_ballot_fits_its_size() -> None:
    scales = [Scale.GOOD] * 15 + [Scale.TEXT] * 3
    longest = [4] * 15 + ["𠮷" * 300, '"' * 300, "\n" * 300]
    assert len(ballots.ballot_text(longest, nonce="f" * 32)) <= ballots.padded_size(scales)


@given(answers=st.lists(st.one_of(st.none(), st.integers(0, 4), st.text(max_size=50)), max_size=9))
def test_a_ballot_reads_back_as_it_was_written(answers: list) -> None:
    kept = [one.encode("utf-8", "ignore").decode() if isinstance(one, str) else one for one in answers]
    assert ballots.answers_in(ballots.ballot_text(kept, nonce="0")) == kept


def test_paper_totals_add_up() -> None:
    numbers = {"issued": 20, "returned": 19, "valid": 18, "invalid": 1, "on_roll": 20}
    assert ballots.paper_problems(**numbers, sums={"甲": 18}) == []
    assert ballots.paper_problems(**numbers | {"returned": 21, "invalid": 3}, sums={}) == [
        "收回21张，多于发出的20张，本次投票无效，应重新投票。"
    ]
    assert ballots.paper_problems(**numbers, sums={"甲": 19}) == ["“甲”合计19票，多于有效票18张。"]
