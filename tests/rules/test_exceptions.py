from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules.cadences import Override, cadences_in_force, cadences_since
from apps.rules.exceptions import Concern, Urgency, exceptions, help_order
from apps.rules.facts import BranchStanding
from apps.rules.kinds import BranchForm, Period
from apps.rules.regulations import REGULATIONS

TODAY = date(2026, 11, 20)
EVERY_QUARTER = 0b1001_0010_0100
RULES = cadences_in_force(TODAY)


def standing(**fields: Any) -> BranchStanding:
    """A branch in good order: assemblies in March, June, September and December."""
    given_: dict[str, Any] = {
        "id": 1,
        "name": "机关第一党支部",
        "form": BranchForm.ORDINARY,
        "year": 2026,
        "full_members": 20,
        "all_members": 21,
        "with_committee": True,
        "founded_on": date(2015, 7, 1),
        "term_ends_on": date(2028, 3, 1),
        "last_general_on": date(2026, 9, 10),
        "general_months": EVERY_QUARTER,
    }
    return BranchStanding(**(given_ | fields))


def titles(today: date = TODAY, **fields: Any) -> list[str]:
    return [concern.title for concern in exceptions(standing(**fields), cadences=RULES, today=today)]


def test_a_branch_in_good_order_needs_no_call() -> None:
    assert titles() == []
    assert titles(date(2026, 12, 31)) == []


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 12, 10), []),
        (date(2026, 12, 11), ["党员大会还没有开"]),
        (date(2026, 12, 31), ["党员大会还没有开"]),
    ],
)
def test_three_weeks_before_a_quarter_ends_without_an_assembly_a_call_is_due(
    today: date, expected: list[str]
) -> None:
    assert titles(today, general_months=0b0001_0010_0100) == expected


def test_the_call_says_how_many_days_are_left() -> None:
    [found] = exceptions(standing(general_months=0b0001_0010_0100), cadences=RULES, today=date(2026, 12, 11))
    assert found.words == "2026年第四季度还没有召开党员大会，离期末20天。"
    assert (found.code, found.regulation, found.on) == ("MTG-1", "ZB", date(2026, 12, 31))


def test_a_quarter_that_passed_without_an_assembly_is_named() -> None:
    [found] = exceptions(standing(general_months=0b1000_0010_0100), cadences=RULES, today=TODAY)
    assert (found.title, found.words) == ("上期党员大会缺开", "2026年第三季度没有召开党员大会的记录。")


@pytest.mark.parametrize(
    ("last_general_on", "expected"),
    [
        (date(2026, 9, 30), ["上期党员大会缺开"]),
        (date(2026, 10, 1), []),
        (date(2026, 12, 31), []),
        (date(2027, 1, 4), []),
    ],
)
def test_in_january_the_last_quarter_is_known_from_the_last_assembly(
    last_general_on: date, expected: list[str]
) -> None:
    """An assembly in January hides whether there was one in the quarter before; then nothing is claimed."""
    given_ = {"year": 2027, "general_months": 0, "last_general_on": last_general_on}
    assert titles(date(2027, 1, 5), **given_) == expected


def test_a_quarter_before_the_records_is_not_held_against_the_branch() -> None:
    assert titles(general_months=0, records_since=date(2026, 7, 2), last_general_on=None) == []
    assert titles(general_months=0, records_since=date(2026, 7, 1)) == ["上期党员大会缺开"]


@pytest.mark.parametrize(
    ("founded", "expected"),
    [
        (date(2026, 8, 15), ["上期党员大会缺开"]),
        (date(2026, 8, 16), []),
    ],
)
def test_a_branch_founded_in_the_second_half_of_a_quarter_is_not_asked_for_it(
    founded: date, expected: list[str]
) -> None:
    assert titles(founded_on=founded, general_months=0, last_general_on=None) == expected


def test_without_a_founding_date_and_any_assembly_no_quarter_is_called_missed() -> None:
    assert titles(founded_on=None, general_months=0, last_general_on=None) == []


def test_a_local_rule_decides_about_assemblies() -> None:
    monthly = Override(
        code="MTG-1",
        period=Period.MONTH,
        valid_from=date(2026, 1, 1),
        reason="示例",
        by_name="示例党委",
        depth=1,
    )
    waived = Override(
        code="MTG-1", applies=False, valid_from=date(2026, 1, 1), reason="示例", by_name="示例党委", depth=1
    )

    def found(rule: Override, today: date) -> list[str]:
        rules = cadences_since(date(2026, 1, 1), [rule])
        branch = standing(general_months=0b0010_0000_0000)
        return [concern.words for concern in exceptions(branch, cadences=rules, today=today)]

    assert found(monthly, date(2026, 11, 23)) == []
    assert found(monthly, date(2026, 11, 24)) == ["2026年11月还没有召开党员大会，离期末6天。"]
    assert found(monthly, date(2026, 12, 1)) == ["2026年11月没有召开党员大会的记录。"]
    assert found(waived, date(2026, 12, 20)) == []


def test_a_rule_of_november_does_not_judge_october() -> None:
    monthly = Override(
        code="MTG-1",
        period=Period.MONTH,
        valid_from=date(2026, 11, 1),
        reason="示例",
        by_name="示例党委",
        depth=1,
    )
    rules = cadences_since(date(2026, 1, 1), [monthly])
    assert exceptions(standing(), cadences=rules, today=TODAY) == ()


@pytest.mark.parametrize(
    ("since", "urgency"),
    [
        (date(2026, 8, 19), Urgency.LONG_VACANT),
        (date(2026, 8, 20), Urgency.VACANT),
        (TODAY, Urgency.VACANT),
    ],
)
def test_a_vacancy_weighs_more_after_three_months(since: date, urgency: Urgency) -> None:
    [found] = exceptions(standing(secretary_since_vacant=since), cadences=RULES, today=TODAY)
    assert (found.code, found.urgency, found.on) == ("EL-4", urgency, since)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (date(2027, 5, 21), []),
        (date(2027, 5, 20), ["半年内届满"]),
        (date(2026, 11, 21), ["半年内届满"]),
        (date(2026, 11, 20), ["任期已届满"]),
        (None, []),
    ],
)
def test_a_term_that_ends_within_six_months_or_is_over_is_listed(
    ends: date | None, expected: list[str]
) -> None:
    assert titles(term_ends_on=ends) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"full_members": 3, "all_members": 3, "with_committee": False}, []),
        ({"full_members": 2, "all_members": 9, "with_committee": False}, ["正式党员不足3名"]),
        ({"full_members": 6, "with_committee": False}, []),
        ({"full_members": 7, "with_committee": False}, ["应设支委会而未设"]),
        ({"all_members": 50}, []),
        ({"all_members": 51}, ["党员超过50名"]),
        ({"overdue_tasks": 2}, ["任务逾期"]),
    ],
)
def test_the_limits_of_numbers_are_those_of_the_regulations(
    fields: dict[str, Any], expected: list[str]
) -> None:
    assert titles(**fields) == expected


def test_an_empty_roster_is_not_taken_for_a_small_branch() -> None:
    [found] = exceptions(
        standing(full_members=0, all_members=0, with_committee=False), cadences=RULES, today=TODAY
    )
    assert found.words == "系统里还没有党员，请先导入花名册。"


def test_a_temporary_branch_is_spared_terms_and_committees() -> None:
    fields = {"term_ends_on": date(2026, 1, 1), "with_committee": False, "form": BranchForm.TEMPORARY}
    assert titles(**fields) == []


def test_what_needs_help_first_comes_first() -> None:
    assert titles(
        date(2026, 12, 20),
        overdue_tasks=1,
        all_members=51,
        term_ends_on=date(2026, 12, 1),
        secretary_since_vacant=date(2026, 1, 1),
        general_months=0,
    ) == [
        "书记空缺超过3个月",
        "任期已届满",
        "党员大会还没有开",
        "上期党员大会缺开",
        "党员超过50名",
        "任务逾期",
    ]


def concern(urgency: Urgency) -> Concern:
    return Concern(code="", title="", words="", regulation="", article="", urgency=urgency)


def test_branches_are_ordered_by_their_most_urgent_concern_then_by_the_next() -> None:
    vacant = [concern(Urgency.LONG_VACANT)]
    both = [concern(Urgency.TASKS_OVERDUE), concern(Urgency.LONG_VACANT)]
    tasks = [concern(Urgency.TASKS_OVERDUE)]
    assert sorted([tasks, vacant, both], key=help_order) == [both, vacant, tasks]


@given(
    full=st.integers(0, 70),
    more=st.integers(0, 5),
    months=st.integers(0, 4095),
    tasks=st.integers(0, 3),
    day=st.dates(date(2025, 1, 1), date(2028, 12, 31)),
    vacant=st.none() | st.dates(date(2025, 1, 1), date(2028, 12, 31)),
)
def test_every_concern_names_a_known_text_and_comes_in_order(
    full: int, more: int, months: int, tasks: int, day: date, vacant: date | None
) -> None:
    branch = standing(
        full_members=full,
        all_members=full + more,
        general_months=months,
        overdue_tasks=tasks,
        secretary_since_vacant=vacant,
    )
    found = exceptions(branch, cadences=RULES, today=day)
    assert all(item.regulation in REGULATIONS and item.article and item.words for item in found)
    assert [item.urgency for item in found] == sorted(item.urgency for item in found)
