"""Tallies follow the records in the same transaction, and the board's SQL says what the rules say."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.branches.facts import override_facts
from apps.branches.models import Organization, below
from apps.branches.services import create_organization, move_organization
from apps.branches.services_posts import create_post, end_post
from apps.branches.services_rules import create_override
from apps.ledger.facts import kept_facts, org_facts
from apps.ledger.models import BranchYear, Standing
from apps.ledger.queries import NONE, cadence_for, conditions_of, standing_facts, with_urgency
from apps.ledger.ring import ring_mask, ring_of, year_mask
from apps.ledger.services import recount, recount_all
from apps.rules.cadences import CADENCES, cadences_in_force
from apps.rules.exceptions import Urgency, exceptions
from apps.rules.kinds import BranchForm, MeetingKind, OrgKind, PostKind
from apps.tasks.services import create_task
from tests import factories
from tests.conftest import NOW, TODAY

ASSEMBLY = next(cadence for cadence in CADENCES if cadence.code == "MTG-1")


def standing_of(branch: Organization) -> Standing:
    return Standing.objects.get(branch=branch)


def is_vacant(branch: Organization, *, today: date) -> bool:
    """What the board asks of the post of secretary."""
    asked = conditions_of(versions=[("", ASSEMBLY)], today=today)
    return Standing.objects.filter(asked[Urgency.VACANT], branch=branch).exists()


def test_the_standing_holds_members_term_and_vacancy(cast) -> None:
    recount(branch_ids=[cast.ours.pk], years=[2026])
    standing = standing_of(cast.ours)
    assert (standing.full_members, standing.all_members) == (7, 7)
    assert standing.term_ends_on == date(2028, 3, 1)
    assert standing.with_committee is True
    assert not is_vacant(cast.ours, today=TODAY)


def test_ending_the_secretarys_post_tells_the_ledger_at_once(cast) -> None:
    post = cast.ours.posts.get(kind=PostKind.SECRETARY, ends_on=None)
    end_post(post=post, ends_on=TODAY, reason="调离", actor=cast["organizer"])
    assert standing_of(cast.ours).vacant_since == TODAY
    create_post(
        person=cast.members["member"].person,
        organization=cast.ours,
        kind=PostKind.SECRETARY,
        starts_on=TODAY + timedelta(days=10),
        actor=cast["organizer"],
    )
    assert is_vacant(cast.ours, today=TODAY + timedelta(days=9))
    assert not is_vacant(cast.ours, today=TODAY + timedelta(days=10))


def test_a_branch_that_never_had_a_secretary_is_vacant_since_it_was_founded(cast) -> None:
    recount(branch_ids=[cast.sibling.pk])
    assert standing_of(cast.sibling).vacant_since == date(2015, 7, 1)


def test_a_new_task_moves_the_earliest_day_due(cast) -> None:
    factories.make_task(cast.ours, due_on=date(2026, 12, 20))
    create_task(
        organization=cast.ours,
        title="报送名单",
        due_on=date(2026, 12, 5),
        actor=cast["secretary"],
        now=NOW,
        idempotency_key=factories.uuid.uuid4(),
    )
    assert standing_of(cast.ours).earliest_due_on == date(2026, 12, 5)


def test_the_year_keeps_one_bit_a_month_for_each_kind(cast) -> None:
    factories.make_meeting(cast.ours, MeetingKind.GENERAL, MeetingKind.THEMED_DAY, held_on=date(2026, 1, 15))
    factories.make_meeting(cast.ours, MeetingKind.THEMED_DAY, held_on=date(2026, 12, 1))
    factories.make_meeting(cast.ours, MeetingKind.GENERAL, held_on=date(2025, 12, 31))
    recount(branch_ids=[cast.ours.pk], years=[2026])
    year = BranchYear.objects.get(branch=cast.ours, year=2026)
    assert year.general_months == 0b000000000001
    assert year.themed_months == 0b100000000001
    assert year.sittings == 2


def test_recounting_twice_writes_the_same_rows(cast) -> None:
    recount_all(years=[2026])
    first = list(Standing.objects.order_by("pk").values_list("branch", "full_members", "path"))
    assert recount_all(years=[2026]) == 3
    assert list(Standing.objects.order_by("pk").values_list("branch", "full_members", "path")) == first
    assert BranchYear.objects.count() == 3


def test_the_ring_reads_back_the_months_that_were_put_in() -> None:
    ring = ring_of({(2026, 11), (2026, 1), (2025, 12), (2023, 5)})
    last = date(2026, 11, 3)
    assert year_mask(ring, 2026, last=last) == 0b010000000001
    assert year_mask(ring, 2025, last=last) == 0b100000000000
    assert year_mask(ring, 2028, last=last) == 0
    assert ring & ring_mask(date(2025, 10, 1), date(2026, 1, 1))
    assert not ring & ring_mask(date(2026, 4, 1), date(2026, 7, 1))


@given(st.sets(st.tuples(st.integers(2020, 2030), st.integers(1, 12)), min_size=1))
def test_the_ring_keeps_the_two_years_up_to_the_last_month(months: set[tuple[int, int]]) -> None:
    latest = max(year * 12 + month - 1 for year, month in months)
    last = date(latest // 12, latest % 12 + 1, 9)
    for back in range(24):
        year, month = divmod(latest - back, 12)
        assert bool(year_mask(ring_of(months), year, last=last) >> month & 1) == ((year, month + 1) in months)


def random_standing(rng: random.Random, branch: Organization) -> Standing:
    def day(*, none: float, back: int, ahead: int) -> date | None:
        return None if rng.random() < none else TODAY + timedelta(days=rng.randrange(-back, ahead))

    general = {(TODAY - timedelta(days=rng.randrange(0, 700))) for _ in range(rng.randrange(0, 5))}
    return Standing(
        branch=branch,
        path=branch.path,
        form=rng.choice(list(BranchForm)),
        founded_on=day(none=0.2, back=500, ahead=0),
        records_since=day(none=0.5, back=400, ahead=0),
        full_members=rng.randrange(0, 12),
        all_members=rng.randrange(0, 60),
        with_committee=rng.random() < 0.5,
        term_ends_on=day(none=0.2, back=300, ahead=700),
        vacant_since=day(none=0.5, back=200, ahead=30),
        filled_from=day(none=0.5, back=60, ahead=60),
        last_general_on=max(general, default=None),
        general_ring=ring_of({(held.year, held.month) for held in general}),
        earliest_due_on=day(none=0.4, back=30, ahead=30),
        talk_year=rng.choice([None, 2025, 2026, 2027]),
        talks_reached=rng.randrange(0, 20),
        talks_asked=rng.choice([0, rng.randrange(1, 30)]),
    )


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), offset=st.integers(0, 400))
def test_the_database_finds_what_the_rules_find(cast, seed: int, offset: int) -> None:
    """Forty random branches on a random day: the same branches, and the same first concern."""
    rng, today = random.Random(seed), TODAY + timedelta(days=offset)
    Standing.objects.all().delete()
    branches = list(Organization.objects.filter(name__startswith="随机"))
    branches += [
        factories.make_organization(parent=cast.committee, name=f"随机{n}支部")
        for n in range(len(branches), 40)
    ]
    Standing.objects.bulk_create([random_standing(rng, branch) for branch in branches])
    versions = [("", ASSEMBLY)]
    rows = list(
        with_urgency(Standing.objects.select_related("branch"), versions=versions, today=today).order_by("pk")
    )
    late = {row.branch_id: 1 for row in rows if row.earliest_due_on and row.earliest_due_on < today}
    facts = standing_facts(rows, versions=versions, overdue=late, today=today)
    for row in rows:
        found = exceptions(facts[row.branch_id], cadences=[ASSEMBLY], today=today)
        assert row.urgency == (int(found[0].urgency) if found else NONE), (facts[row.branch_id], found)


def test_a_committees_own_cadence_judges_its_subtree_only(cast) -> None:
    """Monthly assemblies asked by one committee: an assembly in October is enough elsewhere, not there."""
    create_override(
        organization=cast.committee,
        code="MTG-1",
        applies=True,
        period="month",
        min_count=1,
        reason="青组〔2026〕5号",
        valid_from=date(2026, 1, 1),
        valid_to=None,
        actor=cast["organizer"],
    )
    for branch in (cast.sibling, cast.elsewhere):
        factories.make_meeting(branch, MeetingKind.GENERAL, held_on=date(2026, 9, 3))
        recount(branch_ids=[branch.pk], years=[2026])
    overrides = override_facts([cast.sibling], since=TODAY)[cast.sibling.pk]
    own = next(item for item in cadences_in_force(TODAY, overrides) if item.code == "MTG-1")
    versions = [("", ASSEMBLY), (cast.committee.path, own)]
    assert cadence_for(cast.sibling.path, versions=versions).period == "month"
    assert cadence_for(cast.elsewhere.path, versions=versions).period == "quarter"
    facts = standing_facts(
        Standing.objects.select_related("branch"), versions=versions, overdue={}, today=TODAY
    )
    codes = {
        branch.pk: [
            concern.title
            for concern in exceptions(
                facts[branch.pk], cadences=[cadence_for(branch.path, versions=versions)], today=TODAY
            )
        ]
        for branch in (cast.sibling, cast.elsewhere)
    }
    assert "上期党员大会缺开" in codes[cast.sibling.pk]
    assert "上期党员大会缺开" not in codes[cast.elsewhere.pk]


def queries_for(branches: list[Organization]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        org_facts(branches, since=date(2025, 1, 1))
    return len(captured)


def test_facts_of_three_branches_cost_the_queries_of_one(cast) -> None:
    branches = [cast.ours, cast.sibling, cast.elsewhere]
    for branch in branches:
        factories.make_meeting(branch)
    assert queries_for(branches) == queries_for(branches[:1]) == 6


def test_kept_facts_follow_a_change(cast) -> None:
    recount(branch_ids=[cast.ours.pk])
    assert len(kept_facts(cast.ours, since=date(2025, 1, 1)).terms) == 1
    factories.make_term(cast.ours, number=4, starts_on=date(2026, 3, 1))
    recount(branch_ids=[cast.ours.pk])
    assert len(kept_facts(cast.ours, since=date(2025, 1, 1)).terms) == 2


def test_the_path_of_a_tally_moves_with_its_branch(cast) -> None:
    recount(branch_ids=[cast.ours.pk])
    general = create_organization(
        parent=cast.committee, kind=OrgKind.GENERAL_BRANCH, actor=cast["organizer"], name="机关党总支"
    )
    move_organization(organization=cast.ours, parent=general, actor=cast["organizer"])
    assert Standing.objects.filter(below(general.path)).get().branch == cast.ours
