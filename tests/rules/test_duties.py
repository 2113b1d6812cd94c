"""What is done, due, overdue, not asked, excused or unknown, in one branch over time."""

from datetime import date, timedelta

import pytest

from apps.rules.duties import looks_back_to
from apps.rules.facts import ExcuseFacts
from apps.rules.kinds import DutyState, MeetingKind, OrgKind, Strength
from tests.rules.makers import TODAY, all_duties, duty_of, find, make_org, sitting, state_of, with_sittings

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
Q3, Q4, Y2025, Y2026 = date(2026, 7, 1), date(2026, 10, 1), date(2025, 1, 1), date(2026, 1, 1)
GENERAL, THEMED = MeetingKind.GENERAL, MeetingKind.THEMED_DAY
LIFE, LECTURE = MeetingKind.ORG_LIFE_MEETING, MeetingKind.LECTURE


def test_an_open_period_is_due_and_a_past_one_overdue() -> None:
    org = make_org()
    assert state_of(org, "MTG-1", Q4) is DutyState.DUE
    assert state_of(org, "MTG-1", Q3) is DutyState.OVERDUE
    assert state_of(org, "MTG-2", NOVEMBER) is DutyState.DUE
    assert state_of(org, "MTG-2", OCTOBER) is DutyState.OVERDUE


@pytest.mark.parametrize(
    ("code", "start", "last_day"),
    [
        ("MTG-1", Q4, date(2026, 12, 31)),
        ("MTG-1", Q3, date(2026, 9, 30)),
        ("MTG-5", date(2026, 2, 1), date(2026, 2, 28)),
        ("MTG-5", date(2026, 12, 1), date(2026, 12, 31)),
        ("OL-1", Y2026, date(2027, 3, 31)),
        ("EV-1", Y2025, date(2026, 3, 31)),
    ],
)
def test_a_duty_is_due_through_its_last_day_and_overdue_the_day_after(
    code: str, start: date, last_day: date
) -> None:
    org = make_org()
    assert duty_of(org, code, start, today=last_day).due_on == last_day
    assert state_of(org, code, start, today=last_day) is DutyState.DUE
    assert state_of(org, code, start, today=last_day + timedelta(days=1)) is DutyState.OVERDUE


def test_a_closed_sitting_makes_the_duty_done_on_the_first_and_on_the_last_day_of_the_period() -> None:
    for day in (Q3, date(2026, 9, 30)):
        held = duty_of(with_sittings(make_org(), sitting(day, GENERAL, id=7)), "MTG-1", Q3, today=TODAY)
        assert (held.state, held.count, held.sitting_ids) == (DutyState.DONE, 1, (7,))
    for day in (date(2026, 6, 30), date(2026, 10, 1)):
        assert state_of(with_sittings(make_org(), sitting(day, GENERAL)), "MTG-1", Q3) is DutyState.OVERDUE


def test_one_sitting_serves_every_purpose_it_names() -> None:
    org = with_sittings(make_org(), sitting(date(2026, 11, 6), GENERAL, THEMED, LECTURE, id=5))
    found = all_duties(org, TODAY)
    assert find(found, "MTG-1", Q4).sitting_ids == (5,)
    assert find(found, "MTG-5", NOVEMBER).sitting_ids == (5,)
    assert find(found, "MTG-4", Y2026).sitting_ids == (5,)
    assert find(found, "MTG-2", NOVEMBER).count == 0


def test_a_sitting_not_yet_closed_is_planned_but_does_not_count() -> None:
    org = with_sittings(make_org(), sitting(date(2026, 11, 27), GENERAL, closed=False))
    found = duty_of(org, "MTG-1", Q4, today=TODAY)
    assert (found.state, found.count, found.planned_on) == (DutyState.DUE, 0, date(2026, 11, 27))


def test_a_sitting_that_was_held_but_not_closed_leaves_its_period_overdue() -> None:
    org = with_sittings(make_org(), sitting(date(2026, 8, 5), GENERAL, closed=False))
    assert state_of(org, "MTG-1", Q3) is DutyState.OVERDUE


def test_a_closed_sitting_is_not_called_planned() -> None:
    org = with_sittings(make_org(), sitting(date(2026, 11, 6), THEMED))
    assert duty_of(org, "MTG-5", NOVEMBER, today=TODAY).planned_on is None


def test_what_was_held_later_is_not_known_on_an_earlier_day() -> None:
    org = with_sittings(make_org(), sitting(date(2026, 11, 27), GENERAL))
    assert state_of(org, "MTG-1", Q4, today=date(2026, 11, 26)) is DutyState.DUE
    assert state_of(org, "MTG-1", Q4, today=date(2026, 11, 27)) is DutyState.DONE


def test_a_duty_says_why_by_which_article_and_how() -> None:
    found = duty_of(make_org(), "MTG-1", Q4, today=TODAY)
    assert found.why == (
        "《中国共产党支部工作条例（试行）》第十一条、第十四条："
        "党员大会一般每季度召开1次，全体党员参加，由书记召集并主持。"
    )
    assert (found.regulation, found.article) == ("ZB", "第十一条、第十四条")
    assert (found.strength, found.needed, found.why_not) == (Strength.GENERALLY, 1, "")
    assert len(found.how_to) == 5


def test_a_duty_from_an_unchecked_article_says_so() -> None:
    assert duty_of(make_org(), "EV-1", Y2026, today=TODAY).why.endswith("（待核对原文，以原文为准）")


def test_lectures_have_no_central_number() -> None:
    found = duty_of(make_org(), "MTG-4", Y2026, today=TODAY)
    assert (found.state, found.why_not) == (
        DutyState.NOT_APPLICABLE,
        "中央没有规定次数，上级规定后生效。",
    )


# --- the annual round --------------------------------------------------------------------------------------


@pytest.mark.parametrize("held_on", [date(2025, 12, 20), date(2026, 2, 10), date(2026, 3, 31)])
def test_a_round_held_from_december_to_march_counts_for_the_year_it_names(held_on: date) -> None:
    org = with_sittings(make_org(), sitting(held_on, LIFE, for_year=2025))
    found = all_duties(org, TODAY)
    assert find(found, "OL-1", Y2025).state is DutyState.DONE
    assert find(found, "OL-1", Y2026).state is DutyState.DUE


def test_a_round_held_in_february_without_a_year_counts_for_the_new_year() -> None:
    found = all_duties(with_sittings(make_org(), sitting(date(2026, 2, 10), LIFE)), TODAY)
    assert find(found, "OL-1", Y2025).state is DutyState.OVERDUE
    assert find(found, "OL-1", Y2026).state is DutyState.DONE


def test_a_round_for_last_year_held_in_april_is_too_late() -> None:
    org = with_sittings(make_org(), sitting(date(2026, 4, 1), LIFE, for_year=2025))
    found = all_duties(org, TODAY)
    assert find(found, "OL-1", Y2025).state is DutyState.OVERDUE
    assert find(found, "OL-1", Y2026).state is DutyState.DUE


def test_two_rounds_in_one_calendar_year_serve_two_years() -> None:
    org = with_sittings(
        make_org(),
        sitting(date(2026, 1, 20), LIFE, for_year=2025),
        sitting(date(2026, 12, 20), LIFE, for_year=2026),
    )
    found = all_duties(org, date(2026, 12, 31))
    assert [find(found, "OL-1", year).state for year in (Y2025, Y2026)] == [DutyState.DONE] * 2


def test_the_round_of_the_running_year_is_usually_taken_up_in_october() -> None:
    found = duty_of(make_org(), "OL-1", Y2026, today=TODAY)
    assert (found.usual_from, found.for_year) == (date(2026, 10, 1), 2026)


def test_the_name_of_a_year_means_nothing_to_a_monthly_duty() -> None:
    org = with_sittings(make_org(), sitting(date(2026, 11, 6), THEMED, LIFE, for_year=2025))
    assert state_of(org, "MTG-5", NOVEMBER) is DutyState.DONE


# --- how far back ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "since"),
    [
        (date(2026, 11, 20), date(2026, 1, 1)),
        (date(2026, 4, 1), date(2026, 1, 1)),
        (date(2026, 3, 31), date(2025, 10, 1)),
        (date(2026, 1, 1), date(2025, 10, 1)),
    ],
)
def test_duties_look_back_over_this_year_and_in_its_first_quarter_over_the_last_one(
    today: date, since: date
) -> None:
    assert looks_back_to(today) == since


def test_on_new_years_day_last_december_and_last_quarter_have_become_overdue() -> None:
    found = all_duties(make_org(), date(2027, 1, 1))
    assert find(found, "MTG-5", date(2026, 12, 1)).state is DutyState.OVERDUE
    assert find(found, "MTG-1", Q4).state is DutyState.OVERDUE
    assert find(found, "MTG-5", date(2027, 1, 1)).state is DutyState.DUE
    assert find(found, "OL-1", Y2026).state is DutyState.DUE


@pytest.mark.parametrize(("since", "years"), [(date(2026, 3, 31), [2025, 2026]), (date(2026, 4, 1), [2026])])
def test_a_round_is_listed_as_long_as_its_last_day_is_not_past(since: date, years: list[int]) -> None:
    found = all_duties(make_org(), TODAY, since=since)
    assert [item.for_year for item in found if item.code == "OL-1"] == years


def test_duties_come_in_the_order_of_their_last_day() -> None:
    days = [item.due_on for item in all_duties(make_org(), TODAY)]
    assert days == sorted(days)
    assert all(day >= date(2026, 1, 1) for day in days)


def test_every_duty_has_a_key_of_its_own() -> None:
    keys = [item.key for item in all_duties(make_org(), TODAY)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("kind", [OrgKind.COMMITTEE, OrgKind.GENERAL_BRANCH, OrgKind.GROUP])
def test_only_branches_have_these_duties(kind: OrgKind) -> None:
    assert all_duties(make_org(kind=kind, form=None), TODAY) == ()


# --- excuses and records -----------------------------------------------------------------------------------


def test_an_excuse_sets_one_period_aside_with_reason_and_name() -> None:
    excuse = ExcuseFacts(code="MTG-1", period_start=Q3, reason="防汛抢险", by_name="组织员甲")
    org = make_org(excuses=(excuse,))
    found = duty_of(org, "MTG-1", Q3, today=TODAY)
    assert (found.state, found.why_not, found.excused_by) == (DutyState.EXCUSED, "防汛抢险", "组织员甲")
    assert state_of(org, "MTG-1", Q4) is DutyState.DUE


def test_what_was_done_needs_no_excuse() -> None:
    excuse = ExcuseFacts(code="MTG-1", period_start=Q3, reason="防汛抢险", by_name="组织员甲")
    org = with_sittings(make_org(excuses=(excuse,)), sitting(date(2026, 8, 1), GENERAL))
    found = duty_of(org, "MTG-1", Q3, today=TODAY)
    assert (found.state, found.excused_by) == (DutyState.DONE, "")


@pytest.mark.parametrize(
    ("since", "state"),
    [
        (date(2026, 7, 1), DutyState.OVERDUE),
        (date(2026, 7, 2), DutyState.UNKNOWN),
        (date(2026, 10, 1), DutyState.UNKNOWN),
    ],
)
def test_a_period_that_began_before_the_records_is_unknown_not_overdue(since: date, state: DutyState) -> None:
    assert state_of(make_org(records_since=since), "MTG-1", Q3) is state


def test_what_was_entered_from_before_the_records_still_counts() -> None:
    org = with_sittings(make_org(records_since=TODAY), sitting(date(2026, 8, 1), GENERAL))
    assert state_of(org, "MTG-1", Q3) is DutyState.DONE


def test_an_open_period_stays_due_when_the_records_begin_inside_it_and_asks_for_what_was_held() -> None:
    found = duty_of(make_org(records_since=date(2026, 11, 10)), "MTG-1", Q4, today=TODAY)
    assert found.state is DutyState.DUE
    assert found.why.endswith("系统从2026年11月10日起记录，此前如已开过，请补记。")
