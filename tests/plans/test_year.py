"""The template of the branch's year, and months as people write them."""

import pytest

from apps.rules.branch_year import (
    BRANCH_YEAR,
    EVERY_MONTH,
    QUARTER_ENDS,
    BranchShape,
    bits,
    lines_for,
    month_words,
    read_months,
)


def codes(**shape: bool) -> set[str]:
    return {line.code for line in lines_for(BranchShape(**shape))}


def test_a_branch_with_committee_and_groups_gets_every_line() -> None:
    assert codes(with_committee=True, with_groups=True) == {line.code for line in BRANCH_YEAR}


def test_what_a_branch_has_not_is_not_planned() -> None:
    everything = codes(with_committee=True, with_groups=True)
    assert everything - codes(with_committee=False, with_groups=True) == {"committee"}
    assert everything - codes(with_committee=True, with_groups=False) == {"group"}


def test_a_temporary_branch_has_no_dues_admissions_terms_or_evaluations() -> None:
    everything = codes(with_committee=False, with_groups=False)
    assert everything - codes(with_committee=False, with_groups=False, temporary=True) == {
        "member_evaluation",
        "activists",
        "dues",
        "dues_published",
        "term_check",
        "secretary_review",
    }


def test_every_line_names_its_source_once() -> None:
    assert len({line.code for line in BRANCH_YEAR}) == len(BRANCH_YEAR)
    sources = {line.code: line.source for line in BRANCH_YEAR}
    assert sources["general"] == "《中国共产党支部工作条例（试行）》第十一条"
    assert sources["summary"] == "工作惯例，以上级通知为准"


def test_the_lines_come_in_the_order_of_the_year() -> None:
    firsts = [
        line.months & -line.months for line in lines_for(BranchShape(with_committee=True, with_groups=True))
    ]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("5", bits(5)),
        ("5月", bits(5)),
        (" 5 月份 ", bits(5)),
        ("3-6", bits(3, 4, 5, 6)),
        ("3至6月", bits(3, 4, 5, 6)),
        ("3、6，9,12", bits(3, 6, 9, 12)),
        ("1、4-6", bits(1, 4, 5, 6)),
        ("每月", EVERY_MONTH),
        ("每季度", QUARTER_ENDS),
    ],
)
def test_months_are_read_as_people_write_them(text: str, mask: int) -> None:
    assert read_months(text) == mask


@pytest.mark.parametrize("text", ["", "0", "13", "6-3", "五月", "²", "1-13", "年底", "-", "3、", "999999999"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no months"):
        read_months(text)


def test_the_words_of_months_read_back_as_the_same_months() -> None:
    assert month_words(bits(1, 2, 4, 5, 6)) == "1、2、4—6月"
    assert [mask for mask in range(1, 1 << 12) if read_months(month_words(mask)) != mask] == []
