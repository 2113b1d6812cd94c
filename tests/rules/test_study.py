"""Hours of study against the share of the year: worked examples."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.rules.cadences import Override
from apps.rules.facts import PostFacts
from apps.rules.facts_worklog import LearnerFacts, StudyFacts
from apps.rules.kinds import PostKind
from apps.rules.kinds_worklog import StudyCategory
from apps.rules.study import StudyAccount, StudyTargets, account_of, targets_on

TARGETS = StudyTargets(members=32, committee=56)
LAST_DAY = date(2026, 12, 31)


def learner(**fields: Any) -> LearnerFacts:
    return LearnerFacts(id=1, person_id=1, name="卫青松", **fields)


def hours(number: str, held_on: date = date(2026, 3, 9), **fields: Any) -> StudyFacts:
    given: dict[str, Any] = {"category": StudyCategory.THEORY, "source_id": 1}
    return StudyFacts(member_id=1, held_on=held_on, hours=Decimal(number), **(given | fields))


def post(kind: PostKind = PostKind.SECRETARY, starts_on: date = date(2020, 1, 1), **fields: Any) -> PostFacts:
    return PostFacts(kind=kind, person_id=1, person_name="卫青松", starts_on=starts_on, **fields)


def account(
    one: LearnerFacts | None = None, *lines: StudyFacts, as_of: date = LAST_DAY, **told: Any
) -> StudyAccount:
    given: dict[str, Any] = {"posts": [], "targets": TARGETS, "year": 2026}
    return account_of(one or learner(), lines=lines, as_of=as_of, **(given | told))


@pytest.mark.parametrize(
    ("as_of", "due"),
    [
        (date(2026, 1, 30), "0"),
        (date(2026, 1, 31), "2.6"),
        (date(2026, 6, 30), "16"),
        (date(2026, 11, 20), "26.6"),
        (LAST_DAY, "32"),
        (date(2027, 5, 1), "32"),
    ],
)
def test_the_share_grows_with_every_whole_month(as_of: date, due: str) -> None:
    assert account(as_of=as_of).due_hours == Decimal(due)


@pytest.mark.parametrize(
    ("joined", "of_year"),
    [
        (date(2015, 7, 1), "32"),
        (date(2026, 7, 1), "16"),
        (date(2026, 5, 15), "18.6"),
        (date(2026, 12, 15), "0"),
    ],
)
def test_whoever_joined_in_the_year_owes_the_months_since(joined: date, of_year: str) -> None:
    assert account(learner(joined_on=joined)).hours_of_year == Decimal(of_year)


def test_the_committee_owes_more_and_only_for_its_months() -> None:
    assert account(posts=[post()]).hours_of_year == 56
    assert account(posts=[post(starts_on=date(2026, 7, 1))]).hours_of_year == (32 + 56) / 2
    assert account(posts=[post(PostKind.GROUP_LEADER)]).hours_of_year == 32
    assert account(posts=[post(ends_on=date(2026, 7, 1))]).post is None


def test_the_post_of_secretary_stands_before_any_other() -> None:
    assert account(posts=[post(PostKind.PUBLICITY), post()]).post == PostKind.SECRETARY


def test_a_third_of_an_hour_is_never_rounded_away() -> None:
    exact = account(None, hours("26.6"), as_of=date(2026, 11, 20))
    enough = account(None, hours("26.7"), as_of=date(2026, 11, 20))
    assert (exact.met, enough.met) == (False, True)


def test_hours_stand_in_their_month_and_other_years_do_not_count() -> None:
    one = account(
        None,
        hours("2", date(2026, 3, 9)),
        hours("1.5", date(2026, 3, 20), category=StudyCategory.AUXILIARY),
        hours("8", date(2025, 12, 31)),
        hours("8", date(2026, 11, 21)),
        as_of=date(2026, 11, 20),
    )
    assert (one.total, one.months[2], one.months[11]) == (Decimal("3.5"), Decimal("3.5"), 0)
    assert one.categories == {StudyCategory.THEORY, StudyCategory.AUXILIARY}


def test_an_exemption_counts_from_the_day_it_was_decided() -> None:
    old = learner(exempt_from=date(2026, 6, 1))
    assert not account(old, as_of=date(2026, 5, 31)).exempt
    assert account(old, as_of=date(2026, 6, 1)).exempt


def local(**fields: Any) -> Override:
    given: dict[str, Any] = {
        "valid_from": date(2026, 1, 1),
        "reason": "示例党发〔2026〕1号",
        "by_name": "示例党委",
        "depth": 1,
    }
    return Override(**(given | fields))


def test_a_committee_may_set_the_hours_of_its_subtree() -> None:
    rules = [
        local(code="EDU-1", min_count=40),
        local(code="EDU-1", min_count=36, depth=2),
        local(code="EDU-2", applies=False),
        local(code="EDU-2", min_count=60, valid_from=date(2027, 1, 1), depth=3),
    ]
    assert targets_on(LAST_DAY) == TARGETS
    assert targets_on(LAST_DAY, rules) == StudyTargets(members=36, committee=0)
