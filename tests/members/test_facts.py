from datetime import date

import pytest

from apps.members.facts import member_facts, voter_facts, voting_words
from apps.rules.facts import MemberFacts
from apps.rules.kinds import ElectionExclusion, Matter, MembershipState, MemberStatus, VoteException
from apps.rules.quorum import electorate
from tests import factories
from tests.conftest import TODAY, Cast


def test_members_become_values(cast: Cast) -> None:
    branch = factories.make_organization(parent=cast.committee, name="值支部")
    full = factories.make_member(branch)
    new = factories.make_member(branch, status=MemberStatus.PROBATIONARY, joined_on=None)
    left = factories.make_member(branch, state=MembershipState.LEFT, state_since=date(2026, 5, 1))
    undated = factories.make_member(branch, full_since=None)
    facts = {fact.id: fact for fact in member_facts([branch.pk])[branch.pk]}
    assert facts[full.pk] == MemberFacts(
        id=full.pk,
        joined_on=date(2015, 7, 1),
        admitted_on=date(2010, 6, 20),
        full_since=date(2011, 6, 20),
    )
    assert facts[new.pk].full_on(TODAY) is False
    assert facts[new.pk].here_on(date(2000, 1, 1))
    assert (facts[left.pk].here_on(date(2026, 4, 30)), facts[left.pk].here_on(date(2026, 5, 1))) == (
        True,
        False,
    )
    assert facts[undated.pk].full_on(TODAY)


@pytest.mark.parametrize("state", [kind for kind in MembershipState if kind != MembershipState.ACTIVE])
def test_whoever_is_not_active_no_longer_counts(cast: Cast, state: str) -> None:
    branch = factories.make_organization(parent=cast.committee, name="值支部")
    factories.make_member(branch, state=state, state_since=date(2026, 5, 1))
    (fact,) = member_facts([branch.pk])[branch.pk]
    assert fact.left_on == date(2026, 5, 1)


def test_three_branches_cost_what_one_costs(cast: Cast, django_assert_num_queries) -> None:
    ids = [cast.ours.pk, cast.sibling.pk, cast.elsewhere.pk]
    for wanted in (ids[:1], ids):
        with django_assert_num_queries(2):
            member_facts(wanted)
            voter_facts(wanted)


def test_voters_are_those_on_the_roster(cast: Cast) -> None:
    factories.make_member(cast.ours, name="走了", state=MembershipState.LEFT, state_since=date(2026, 5, 1))
    factories.make_member(cast.ours, name="停了", state=MembershipState.SUSPENDED)
    names = {voter.name for voter in voter_facts([cast.ours.pk])[cast.ours.pk]}
    assert names == {"吴向前", "郑明", "王小兰", "冯刚", "陈静", "褚红", "卫青松", "停了"}


def test_an_exclusion_takes_effect_with_both_consents_only(cast: Cast) -> None:
    member = cast.members["member"]
    member.election_exclusion = ElectionExclusion.INFIRM
    member.exclusion_approved_on = date(2026, 11, 1)
    member.save()
    voters = voter_facts([cast.ours.pk])[cast.ours.pk]
    assert electorate(voters, matter=Matter.ELECTION, on=TODAY).size == 7
    member.exclusion_passed_on = date(2026, 11, 10)
    member.save()
    voters = voter_facts([cast.ours.pk])[cast.ours.pk]
    assert electorate(voters, matter=Matter.ELECTION, on=TODAY).size == 6
    assert electorate(voters, matter=Matter.ORDINARY, on=TODAY).size == 7


def test_the_right_to_vote_is_put_in_words(cast: Cast) -> None:
    member = cast.members["member"]
    assert voting_words(member, today=TODAY) == [
        ("表决权：有表决权", True, "正式党员，没有例外情形"),
        ("选举时：计入应到会人数", True, "正式党员，没有例外情形"),
    ]
    member.vote_exception = VoteException.PROBATION_IN_PARTY
    member.vote_exception_from = date(2026, 1, 1)
    assert [(has, why) for _, has, why in voting_words(member, today=TODAY)] == [(False, "留党察看期间")] * 2
    member.vote_exception_to = TODAY
    assert [has for _, has, _ in voting_words(member, today=TODAY)] == [True, True]
