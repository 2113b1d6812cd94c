from datetime import date

import pytest

from apps.rules.facts import ExcuseFacts, GroupFacts, OrgFacts
from apps.rules.kinds import DutyState, MeetingKind
from tests.rules.makers import TODAY, all_duties, duty_of, find, make_org, sitting, with_sittings

NOVEMBER, MAY, Y2026 = date(2026, 11, 1), date(2026, 5, 1), date(2026, 1, 1)
GROUP, LIFE = MeetingKind.GROUP, MeetingKind.ORG_LIFE_MEETING
OLD = date(2020, 1, 1)
TWO_GROUPS = (
    GroupFacts(id=1, name="第一党小组", founded_on=OLD),
    GroupFacts(id=2, name="第二党小组", founded_on=OLD),
)


def group_states(org: OrgFacts, start: date) -> dict[int | None, DutyState]:
    return {
        item.group_id: item.state
        for item in all_duties(org, TODAY)
        if item.code == "MTG-3" and item.period_start == start
    }


def test_a_branch_without_groups_is_told_once_that_no_group_meetings_are_asked() -> None:
    found = duty_of(make_org(), "MTG-3", NOVEMBER, today=TODAY)
    assert (found.state, found.why_not) == (
        DutyState.NOT_APPLICABLE,
        "本支部没有划分党小组，不需要召开党小组会。",
    )


def test_each_group_has_a_duty_of_its_own() -> None:
    org = with_sittings(make_org(groups=TWO_GROUPS), sitting(date(2026, 11, 5), GROUP, group_id=1))
    assert group_states(org, NOVEMBER) == {1: DutyState.DONE, 2: DutyState.DUE}
    assert find(all_duties(org, TODAY), "MTG-3", NOVEMBER, group_id=2).group_name == "第二党小组"


def test_a_group_meeting_without_its_group_counts_for_none() -> None:
    org = with_sittings(make_org(groups=TWO_GROUPS), sitting(date(2026, 11, 5), GROUP))
    assert group_states(org, NOVEMBER) == {1: DutyState.DUE, 2: DutyState.DUE}


@pytest.mark.parametrize(
    ("founded", "state"),
    [(date(2026, 5, 16), DutyState.OVERDUE), (date(2026, 5, 17), DutyState.NOT_APPLICABLE)],
)
def test_a_group_founded_in_the_second_half_of_a_month_meets_from_the_next_month_on(
    founded: date, state: DutyState
) -> None:
    org = make_org(groups=(GroupFacts(id=1, name="第一党小组", founded_on=founded),))
    assert group_states(org, date(2026, 4, 1)) == {None: DutyState.NOT_APPLICABLE}
    assert group_states(org, MAY) == {1: state}
    assert group_states(org, date(2026, 6, 1)) == {1: DutyState.OVERDUE}


def test_a_group_closed_within_a_month_owes_no_meeting_for_it() -> None:
    org = make_org(groups=(GroupFacts(id=1, name="第一党小组", founded_on=OLD, closed_on=date(2026, 5, 25)),))
    assert group_states(org, date(2026, 4, 1)) == {1: DutyState.OVERDUE}
    may = duty_of(org, "MTG-3", MAY, today=TODAY, group_id=1)
    assert (may.state, may.why_not) == (
        DutyState.NOT_APPLICABLE,
        "第一党小组2026年5月25日撤销，本期未满，不再要求。",
    )
    assert group_states(org, date(2026, 6, 1)) == {None: DutyState.NOT_APPLICABLE}


def test_a_group_closed_on_the_first_of_a_month_is_not_there_in_that_month() -> None:
    org = make_org(groups=(GroupFacts(id=1, name="第一党小组", founded_on=OLD, closed_on=MAY),))
    assert group_states(org, date(2026, 4, 1)) == {1: DutyState.OVERDUE}
    assert group_states(org, MAY) == {None: DutyState.NOT_APPLICABLE}


def test_a_group_without_a_founding_date_is_judged_from_its_first_meeting_on() -> None:
    org = make_org(groups=(GroupFacts(id=1, name="第一党小组"),))
    assert group_states(org, MAY) == {1: DutyState.UNKNOWN}
    met = with_sittings(org, sitting(date(2026, 5, 8), GROUP, group_id=1))
    assert group_states(met, date(2026, 4, 1)) == {1: DutyState.UNKNOWN}
    assert group_states(met, MAY) == {1: DutyState.DONE}
    assert group_states(met, date(2026, 6, 1)) == {1: DutyState.OVERDUE}


def test_an_excuse_for_one_group_leaves_the_other_asked() -> None:
    one = ExcuseFacts(code="MTG-3", period_start=MAY, reason="外出施工", by_name="组织员甲", group_id=1)
    every = ExcuseFacts(code="MTG-3", period_start=MAY, reason="外出施工", by_name="组织员甲")
    assert group_states(make_org(groups=TWO_GROUPS, excuses=(one,)), MAY) == {
        1: DutyState.EXCUSED,
        2: DutyState.OVERDUE,
    }
    assert group_states(make_org(groups=TWO_GROUPS, excuses=(every,)), MAY) == {
        1: DutyState.EXCUSED,
        2: DutyState.EXCUSED,
    }


def test_a_round_held_group_by_group_is_done_once_every_group_has_held_it() -> None:
    one = with_sittings(make_org(groups=TWO_GROUPS), sitting(date(2026, 11, 5), LIFE, group_id=1, id=1))
    assert duty_of(one, "OL-1", Y2026, today=TODAY).state is DutyState.DUE
    both = with_sittings(one, sitting(date(2026, 11, 6), LIFE, group_id=2, id=2))
    found = duty_of(both, "OL-1", Y2026, today=TODAY)
    assert (found.state, found.count, found.sitting_ids) == (DutyState.DONE, 1, (1, 2))


def test_a_group_that_may_have_existed_is_waited_for() -> None:
    groups = (TWO_GROUPS[0], GroupFacts(id=2, name="第二党小组"))
    org = with_sittings(make_org(groups=groups), sitting(date(2026, 11, 5), LIFE, group_id=1))
    assert duty_of(org, "OL-1", Y2026, today=TODAY).state is DutyState.DUE


def test_a_group_closed_during_the_year_is_not_waited_for() -> None:
    groups = (TWO_GROUPS[0], GroupFacts(id=2, name="第二党小组", founded_on=OLD, closed_on=date(2026, 6, 1)))
    org = with_sittings(make_org(groups=groups), sitting(date(2026, 11, 5), LIFE, group_id=1))
    assert duty_of(org, "OL-1", Y2026, today=TODAY).state is DutyState.DONE


def test_an_assembly_cannot_be_held_by_a_group() -> None:
    org = with_sittings(
        make_org(groups=TWO_GROUPS[:1]), sitting(date(2026, 11, 5), MeetingKind.GENERAL, group_id=1)
    )
    assert duty_of(org, "MTG-1", date(2026, 10, 1), today=TODAY).state is DutyState.DUE
