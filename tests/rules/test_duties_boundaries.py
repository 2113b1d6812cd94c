"""When a branch is asked and when not: founding, closing, committees, temporary branches."""

from datetime import date

import pytest

from apps.rules.kinds import BranchForm, DutyState, MeetingKind
from tests.rules.makers import (
    TODAY,
    all_duties,
    duty_of,
    find,
    make_org,
    make_term,
    sitting,
    state_of,
    with_sittings,
)

NOVEMBER, OCTOBER, MAY = date(2026, 11, 1), date(2026, 10, 1), date(2026, 5, 1)
Q3, Q4, Y2026 = date(2026, 7, 1), date(2026, 10, 1), date(2026, 1, 1)
THEMED = MeetingKind.THEMED_DAY


@pytest.mark.parametrize(
    ("founded", "state"),
    [
        (date(2026, 5, 16), DutyState.OVERDUE),
        (date(2026, 5, 17), DutyState.NOT_APPLICABLE),
    ],
)
def test_a_branch_founded_in_the_second_half_of_a_month_is_not_asked_for_that_month(
    founded: date, state: DutyState
) -> None:
    org = make_org(founded_on=founded, terms=(make_term(founded),))
    assert state_of(org, "MTG-5", MAY) is state
    assert state_of(org, "MTG-5", date(2026, 6, 1)) is DutyState.OVERDUE


def test_the_reason_names_the_founding_day() -> None:
    found = duty_of(make_org(founded_on=date(2026, 5, 20)), "MTG-5", MAY, today=TODAY)
    assert found.why_not == "党支部2026年5月20日成立，已过本期的一半，从下一期起要求。"


def test_before_it_was_founded_a_branch_has_no_duties() -> None:
    found = all_duties(make_org(founded_on=date(2026, 5, 20)), TODAY)
    assert min(item.period_start for item in found if item.code == "MTG-5") == MAY
    assert [item.period_start for item in found if item.code == "OL-1"] == [Y2026]


def test_a_late_founded_branch_that_held_its_meeting_anyway_has_done_it() -> None:
    org = with_sittings(make_org(founded_on=date(2026, 5, 20)), sitting(date(2026, 5, 25), THEMED))
    assert state_of(org, "MTG-5", MAY) is DutyState.DONE


@pytest.mark.parametrize(
    ("founded", "state"),
    [(date(2026, 7, 2), DutyState.DUE), (date(2026, 7, 3), DutyState.NOT_APPLICABLE)],
)
def test_for_the_annual_round_the_calendar_year_has_two_halves(founded: date, state: DutyState) -> None:
    assert state_of(make_org(founded_on=founded), "EV-1", Y2026) is state


def test_without_any_date_of_its_beginning_a_branch_is_not_judged() -> None:
    org = make_org(founded_on=None, terms=(), posts=())
    found = duty_of(org, "MTG-1", Q3, today=TODAY)
    assert found.state is DutyState.UNKNOWN
    assert found.why_not == "没有登记支部成立时间，无法判断；请在支部资料里补填。"


def test_the_earliest_dated_fact_stands_in_for_a_missing_founding_date() -> None:
    org = make_org(founded_on=None, posts=(), terms=(make_term(date(2026, 4, 10)),))
    assert state_of(org, "MTG-5", date(2026, 3, 1)) is DutyState.UNKNOWN
    assert state_of(org, "MTG-5", date(2026, 4, 1)) is DutyState.OVERDUE
    assert state_of(org, "MTG-5", MAY) is DutyState.OVERDUE


def test_a_closed_branch_owes_only_what_ended_before() -> None:
    org = make_org(closed_on=date(2026, 10, 20))
    found = all_duties(org, TODAY)
    october = find(found, "MTG-5", OCTOBER)
    assert find(found, "MTG-5", date(2026, 9, 1)).state is DutyState.OVERDUE
    assert (october.state, october.why_not) == (
        DutyState.NOT_APPLICABLE,
        "党支部2026年10月20日撤销，本期未满，不再要求。",
    )
    assert [item for item in found if item.period_start == NOVEMBER] == []


def test_a_branch_closed_on_the_day_after_a_month_owes_that_month() -> None:
    found = all_duties(make_org(closed_on=NOVEMBER), TODAY)
    assert find(found, "MTG-5", OCTOBER).state is DutyState.OVERDUE
    assert [item for item in found if item.period_start == NOVEMBER] == []


def test_a_branch_closed_before_31_march_owes_no_round_for_the_year_before() -> None:
    org = make_org(closed_on=date(2027, 1, 10))
    assert state_of(org, "OL-1", Y2026, today=date(2027, 4, 1)) is DutyState.NOT_APPLICABLE


# --- conditions --------------------------------------------------------------------------------------------


def test_a_branch_without_a_committee_is_not_asked_for_committee_meetings() -> None:
    org = make_org(terms=(make_term(with_committee=False),))
    found = duty_of(org, "MTG-2", NOVEMBER, today=TODAY)
    assert found.state is DutyState.NOT_APPLICABLE
    assert found.why_not.startswith("本支部没有设支部委员会")


@pytest.mark.parametrize(
    ("elected", "state"),
    [(date(2026, 5, 16), DutyState.OVERDUE), (date(2026, 5, 17), DutyState.NOT_APPLICABLE)],
)
def test_a_committee_elected_in_the_second_half_of_a_month_meets_from_the_next_month_on(
    elected: date, state: DutyState
) -> None:
    org = make_org(
        terms=(make_term(with_committee=False), make_term(elected, id=2, number=2)),
    )
    assert state_of(org, "MTG-2", date(2026, 4, 1)) is DutyState.NOT_APPLICABLE
    assert state_of(org, "MTG-2", MAY) is state
    assert state_of(org, "MTG-2", date(2026, 6, 1)) is DutyState.OVERDUE


def test_the_reason_names_the_day_of_the_election() -> None:
    org = make_org(terms=(make_term(with_committee=False), make_term(date(2026, 5, 20), id=2, number=2)))
    found = duty_of(org, "MTG-2", MAY, today=TODAY)
    assert found.why_not == "支部委员会2026年5月20日选举产生，已过本期的一半，从下一期起要求。"


def test_a_committee_elected_anew_goes_on_without_a_gap() -> None:
    org = make_org(terms=(make_term(date(2023, 5, 20)), make_term(date(2026, 5, 20), id=2, number=2)))
    assert state_of(org, "MTG-2", MAY) is DutyState.OVERDUE


def test_a_committee_whose_term_is_up_still_meets_until_the_next_is_elected() -> None:
    org = make_org(terms=(make_term(date(2022, 3, 1)),))
    assert state_of(org, "MTG-2", NOVEMBER) is DutyState.DUE


def test_a_committee_given_up_within_a_month_owes_no_meeting_for_it() -> None:
    org = make_org(terms=(make_term(), make_term(date(2026, 5, 25), id=2, number=2, with_committee=False)))
    assert state_of(org, "MTG-2", date(2026, 4, 1)) is DutyState.OVERDUE
    assert state_of(org, "MTG-2", MAY) is DutyState.NOT_APPLICABLE


def test_without_a_recorded_term_nobody_knows_whether_there_is_a_committee() -> None:
    assert state_of(make_org(terms=()), "MTG-2", OCTOBER) is DutyState.UNKNOWN


def test_before_the_first_recorded_term_only_a_first_term_tells_that_there_was_none() -> None:
    later, first = (make_org(terms=(make_term(date(2026, 5, 4), number=number),)) for number in (4, 1))
    april = date(2026, 4, 1)
    assert state_of(later, "MTG-2", april) is DutyState.UNKNOWN
    assert state_of(first, "MTG-2", april) is DutyState.NOT_APPLICABLE


def test_a_temporary_branch_meets_but_holds_no_annual_round_and_no_committee() -> None:
    org = make_org(form=BranchForm.TEMPORARY, terms=())
    found = all_duties(org, TODAY)
    assert find(found, "MTG-1", Q4).state is DutyState.DUE
    assert find(found, "MTG-2", NOVEMBER).state is DutyState.NOT_APPLICABLE
    for code in ("OL-1", "EV-1"):
        assert find(found, code, Y2026).state is DutyState.NOT_APPLICABLE
        assert "组织关系所在党支部" in find(found, code, Y2026).why_not


def test_the_seventh_full_member_alone_does_not_ask_for_committee_meetings() -> None:
    org = make_org(terms=(make_term(with_committee=False),))
    assert org.full_members_on(TODAY) >= 7
    assert state_of(org, "MTG-2", NOVEMBER) is DutyState.NOT_APPLICABLE
