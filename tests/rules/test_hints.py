from datetime import date

import pytest

from apps.rules.facts import MemberFacts, OrgFacts
from apps.rules.hints import Hint, full_count_since, hints, vacant_since
from apps.rules.kinds import BranchForm, OrgKind, PostKind
from tests.rules.makers import COMMITTEE, TODAY, make_members, make_org, make_post, make_term

NO_COMMITTEE = (make_term(with_committee=False),)


def titles(org: OrgFacts, today: date = TODAY) -> list[str]:
    return [hint.title for hint in hints(org, today=today)]


def the_hint(org: OrgFacts, today: date = TODAY) -> Hint:
    [found] = hints(org, today=today)
    return found


def test_a_branch_in_good_order_gets_no_hints() -> None:
    assert titles(make_org()) == []


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 8, 31), []),
        (date(2027, 9, 1), ["半年内届满，准备换届"]),
        (date(2028, 2, 29), ["半年内届满，准备换届"]),
        (date(2028, 3, 1), ["任期已届满"]),
    ],
)
def test_the_end_of_a_term_is_announced_six_months_before(today: date, expected: list[str]) -> None:
    assert titles(make_org(), today) == expected


def test_an_approved_delay_moves_the_end_of_the_term() -> None:
    org = make_org(terms=(make_term(date(2023, 6, 1), extended_to=date(2027, 6, 1)),))
    assert titles(org, date(2026, 11, 30)) == []
    late = the_hint(org, date(2026, 12, 1))
    assert (late.code, late.since) == ("EL-2", date(2026, 12, 1))


def test_an_expired_term_says_since_when() -> None:
    late = the_hint(make_org(terms=(make_term(date(2023, 11, 8)),)))
    assert (late.code, late.since, late.regulation) == ("EL-1", date(2026, 11, 8), "ZB")
    assert late.reason.startswith(
        "第1届2026年11月8日届满，已过12天。《中国共产党支部工作条例（试行）》第二十一条："
    )


def test_a_missing_term_is_asked_for() -> None:
    assert titles(make_org(terms=())) == ["还没有登记届次"]


def test_a_vacant_secretarys_post_says_since_when() -> None:
    gone = make_post(PostKind.SECRETARY, ends_on=date(2026, 9, 1))
    others = (*COMMITTEE[1:], make_post(PostKind.DISCIPLINE, person_id=4))
    vacant = the_hint(make_org(posts=(gone, *others)))
    assert (vacant.code, vacant.title, vacant.since) == ("EL-4", "书记空缺", date(2026, 9, 1))


def test_a_secretary_who_leaves_today_has_left() -> None:
    gone = make_post(PostKind.SECRETARY, ends_on=TODAY)
    assert vacant_since(make_org(posts=(gone,)), today=TODAY) == TODAY
    assert vacant_since(make_org(posts=(gone,)), today=date(2026, 11, 19)) is None


def test_a_successor_ends_the_vacancy() -> None:
    posts = (make_post(ends_on=date(2026, 9, 1)), make_post(person_id=2, starts_on=date(2026, 10, 1)))
    assert vacant_since(make_org(posts=posts), today=TODAY) is None
    assert vacant_since(make_org(posts=posts), today=date(2026, 9, 15)) == date(2026, 9, 1)


def test_where_no_secretary_is_recorded_the_day_is_not_guessed() -> None:
    org = make_org(posts=(), terms=NO_COMMITTEE, members=make_members(5))
    assert the_hint(org).since is None
    assert the_hint(org).reason.startswith("没有登记在任的书记。")


@pytest.mark.parametrize(("full", "expected"), [(2, ["正式党员不足3名"]), (3, [])])
def test_fewer_than_three_full_members_are_pointed_out(full: int, expected: list[str]) -> None:
    assert titles(make_org(members=make_members(full, probationary=3), terms=NO_COMMITTEE)) == expected


@pytest.mark.parametrize(("everyone", "expected"), [(50, []), (51, ["党员超过50名"])])
def test_more_than_fifty_members_are_pointed_out(everyone: int, expected: list[str]) -> None:
    assert titles(make_org(members=make_members(everyone - 5, probationary=5))) == expected


@pytest.mark.parametrize(("full", "expected"), [(6, []), (7, ["应设支部委员会"])])
def test_seven_full_members_without_a_committee_are_pointed_out(full: int, expected: list[str]) -> None:
    assert titles(make_org(members=make_members(full, probationary=3), terms=NO_COMMITTEE)) == expected


def test_the_seventh_full_member_is_dated() -> None:
    seventh = MemberFacts(id=7, full_since=date(2026, 11, 11))
    org = make_org(members=(*make_members(6), seventh), terms=NO_COMMITTEE)
    assert titles(org, date(2026, 11, 10)) == []
    found = the_hint(org, date(2026, 11, 11))
    assert (found.code, found.since) == ("SET-8", date(2026, 11, 11))
    assert found.reason.startswith("2026年11月11日起，正式党员达到7名，还没有设支部委员会。")
    assert len(found.how_to) == 5


def test_a_break_in_the_count_begins_it_anew() -> None:
    left = MemberFacts(id=7, full_since=date(2020, 1, 1), left_on=date(2026, 3, 1))
    came = MemberFacts(id=8, full_since=date(2020, 1, 1), joined_on=date(2026, 5, 1))
    org = make_org(members=(*make_members(6), left, came))
    assert full_count_since(org, at_least=7, today=TODAY) == date(2026, 5, 1)
    assert full_count_since(org, at_least=6, today=TODAY) == date(2010, 7, 1)
    assert full_count_since(org, at_least=8, today=TODAY) is None


def test_a_committee_short_of_members_is_pointed_out() -> None:
    short = the_hint(make_org(posts=COMMITTEE[:2]))
    assert (short.code, short.title) == ("SET-8", "支部委员不足")
    assert short.reason.startswith("在任委员2名，至少还差1名。")


def test_one_person_with_two_posts_fills_one_seat() -> None:
    posts = (*COMMITTEE[:2], make_post(PostKind.PUBLICITY, person_id=2))
    assert titles(make_org(posts=posts)) == ["支部委员不足"]


def test_before_the_roster_is_in_nothing_is_said_about_numbers() -> None:
    assert titles(make_org(members=(), posts=COMMITTEE[:1])) == []


def test_a_temporary_branch_is_spared_terms_and_committees() -> None:
    org = make_org(form=BranchForm.TEMPORARY, terms=(), members=make_members(9))
    assert titles(org) == []


def test_a_closed_branch_and_other_organizations_get_no_hints() -> None:
    assert titles(make_org(terms=(), posts=(), closed_on=TODAY)) == []
    assert titles(make_org(terms=(), posts=(), kind=OrgKind.COMMITTEE)) == []
