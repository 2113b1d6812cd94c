"""Rules of committees above the branch, and what holds of all duties whatever the branch."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from apps.rules.cadences import Override, cadences_in_force
from apps.rules.duties import duties
from apps.rules.facts import OrgFacts, SittingFacts
from apps.rules.kinds import BranchForm, DutyState, MeetingKind, Period
from tests.rules.makers import TODAY, all_duties, find, make_org, make_term, sitting, with_sittings

NOVEMBER = date(2026, 11, 1)
Q3, Q4 = date(2026, 7, 1), date(2026, 10, 1)
THEMED, LECTURE = MeetingKind.THEMED_DAY, MeetingKind.LECTURE


def local_rule(code: str, **fields: object) -> Override:
    given_: dict[str, object] = {
        "valid_from": date(2026, 7, 1),
        "reason": "示例党发〔2026〕1号",
        "by_name": "示例党委",
        "depth": 1,
    }
    return Override(code=code, **(given_ | fields))  # type: ignore[arg-type]


def test_a_local_rule_of_july_does_not_judge_january() -> None:
    found = all_duties(make_org(), TODAY, local_rule("MTG-4", period=Period.QUARTER, min_count=1))
    lectures = {item.period_start: item.state for item in found if item.code == "MTG-4"}
    assert lectures == {Q3: DutyState.OVERDUE, Q4: DutyState.DUE}


def test_assemblies_may_be_asked_for_monthly_from_a_day_on() -> None:
    found = all_duties(make_org(), TODAY, local_rule("MTG-1", period=Period.MONTH))
    assert [(item.period_start, item.period) for item in found if item.code == "MTG-1"] == [
        (date(2026, 1, 1), Period.QUARTER),
        (date(2026, 4, 1), Period.QUARTER),
        *((date(2026, month, 1), Period.MONTH) for month in range(7, 12)),
    ]


def test_a_higher_count_needs_that_many_sittings() -> None:
    org = with_sittings(make_org(), sitting(date(2026, 11, 5), THEMED))
    rule = local_rule("MTG-5", min_count=2)
    found = find(all_duties(org, TODAY, rule), "MTG-5", NOVEMBER)
    assert (found.state, found.count, found.needed) == (DutyState.DUE, 1, 2)
    again = with_sittings(org, sitting(date(2026, 11, 12), THEMED))
    assert find(all_duties(again, TODAY, rule), "MTG-5", NOVEMBER).state is DutyState.DONE


def test_a_waived_duty_says_who_waived_it_and_why() -> None:
    found = find(all_duties(make_org(), TODAY, local_rule("MTG-5", applies=False)), "MTG-5", NOVEMBER)
    assert (found.state, found.why_not) == (
        DutyState.NOT_APPLICABLE,
        "示例党委规定不作要求：示例党发〔2026〕1号。",
    )


def test_a_rule_may_count_over_a_term() -> None:
    rule = local_rule("MTG-4", period=Period.TERM, min_count=2)
    org = with_sittings(make_org(), sitting(date(2025, 4, 1), LECTURE), sitting(date(2026, 4, 1), LECTURE))
    found = find(all_duties(org, TODAY, rule), "MTG-4", date(2025, 3, 1))
    assert (found.state, found.due_on) == (DutyState.DONE, date(2028, 2, 29))


def test_the_rules_of_one_day_may_be_used_as_they_are() -> None:
    found = duties(make_org(), cadences=cadences_in_force(TODAY), today=TODAY)
    assert found == all_duties(make_org(), TODAY)


DAYS = st.dates(date(2025, 6, 1), TODAY)
SITTINGS = st.builds(
    SittingFacts,
    id=st.integers(1, 10_000),
    held_on=DAYS,
    kinds=st.frozensets(st.sampled_from(list(MeetingKind)), min_size=1),
    for_year=st.none() | st.sampled_from([2025, 2026]),
    closed=st.booleans(),
)
BRANCHES = st.builds(
    make_org,
    founded_on=st.none() | DAYS,
    records_since=st.none() | DAYS,
    closed_on=st.none() | st.dates(date(2026, 8, 1), date(2027, 1, 1)),
    form=st.sampled_from(list(BranchForm)),
    terms=st.sampled_from([(), (make_term(),), (make_term(with_committee=False),), (make_term(number=4),)]),
    sittings=st.lists(SITTINGS, max_size=8).map(tuple),
)


@given(org=BRANCHES, extra=SITTINGS)
def test_one_more_sitting_never_undoes_what_is_done(org: OrgFacts, extra: SittingFacts) -> None:
    before = {item.key for item in all_duties(org, TODAY) if item.state is DutyState.DONE}
    after = {
        item.key for item in all_duties(with_sittings(org, extra), TODAY) if item.state is DutyState.DONE
    }
    assert before <= after


@given(org=BRANCHES)
def test_every_duty_that_is_not_asked_says_why_and_no_other_does(org: OrgFacts) -> None:
    silent = {DutyState.DONE, DutyState.DUE, DutyState.OVERDUE}
    assert all(bool(item.why_not) == (item.state not in silent) for item in all_duties(org, TODAY))


@given(org=BRANCHES)
def test_only_what_is_past_is_overdue_and_only_what_is_open_is_due(org: OrgFacts) -> None:
    for item in all_duties(org, TODAY):
        if item.state is DutyState.OVERDUE:
            assert item.due_on < TODAY
        if item.state is DutyState.DUE:
            assert item.period_start <= TODAY <= item.due_on


@given(org=BRANCHES, since=st.dates(date(2025, 6, 1), TODAY))
def test_nothing_is_overdue_that_began_before_the_records(org: OrgFacts, since: date) -> None:
    found = all_duties(replace(org, records_since=since), TODAY)
    assert all(item.period_start >= since for item in found if item.state is DutyState.OVERDUE)
