"""Members as the measures are told of them."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.members.facts_year import record_facts
from apps.members.models import Member
from apps.rules.facts_records import MemberRecordFacts
from apps.rules.kinds import ExemptReason
from tests import factories
from tests.conftest import Cast

FILLED = {
    "sex": "female",
    "ethnicity": "汉族",
    "born_on": date(1980, 2, 29),
    "id_index": "a" * 64,
    "education": "大学",
    "admitted_on": date(2010, 7, 1),
    "full_since": date(2011, 7, 1),
}


def told(member: Member) -> MemberRecordFacts:
    rows = record_facts([member.branch_id])[member.branch_id]
    return next(row for row in rows if row.member_id == member.pk)


@pytest.mark.django_db
def test_a_record_with_everything_needed_is_complete(cast: Cast) -> None:
    member = factories.make_member(cast.ours, **FILLED)
    assert told(member).complete is True
    assert told(member).person_id == member.person_id


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in FILLED if name != "full_since"])
def test_a_record_that_lacks_one_of_them_is_not(cast: Cast, name: str) -> None:
    empty = "" if isinstance(FILLED[name], str) and name != "id_index" else None
    assert told(factories.make_member(cast.ours, **FILLED | {name: empty})).complete is False


@pytest.mark.django_db
def test_an_exemption_that_was_lifted_is_not_told(cast: Cast) -> None:
    decided = {"exempt_decided_on": date(2026, 3, 1)}
    lifted = factories.make_member(cast.ours, **decided)
    exempt = factories.make_member(cast.ours, exempt_reason=ExemptReason.AGE, **decided)
    assert (told(lifted).exempt_since, told(exempt).exempt_since) == (None, date(2026, 3, 1))


@pytest.mark.django_db
@pytest.mark.parametrize("members", [1, 3])
def test_many_members_cost_one_query(
    cast: Cast, members: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(members):
        factories.make_member(cast.sibling)
    with django_assert_num_queries(1):
        record_facts([cast.ours.pk, cast.sibling.pk])
