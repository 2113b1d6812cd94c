"""What the rules and the ledger are told of sittings."""

from datetime import date

from apps.meetings.facts import generals_held, month_masks, sitting_facts
from apps.meetings.models import MeetingState
from apps.rules.facts import SittingFacts
from apps.rules.kinds import AttendanceStatus, MeetingKind
from tests import factories
from tests.conftest import Cast

K = MeetingKind
YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}
NOTHING = {
    "general_months": 0,
    "committee_months": 0,
    "group_months": 0,
    "themed_months": 0,
    "lecture_months": 0,
    "sittings": 0,
    "expected": 0,
    "present": 0,
}


def test_one_sitting_counts_for_each_of_its_purposes(cast: Cast) -> None:
    meeting = factories.make_meeting(cast.ours, K.GENERAL, K.LECTURE, held_on=date(2026, 3, 5), for_year=2025)
    assert sitting_facts([cast.ours.pk], **YEAR) == {
        cast.ours.pk: [
            SittingFacts(
                id=meeting.pk,
                held_on=date(2026, 3, 5),
                kinds=frozenset({K.GENERAL, K.LECTURE}),
                for_year=2025,
            )
        ]
    }


def test_open_and_planned_sittings_are_told_as_not_filed_and_cancelled_ones_not_at_all(cast: Cast) -> None:
    opened = factories.make_meeting(cast.ours, state=MeetingState.OPEN, group=cast.group)
    plan = factories.make_meeting(cast.ours, state=MeetingState.PLANNED)
    factories.make_meeting(cast.ours, state=MeetingState.CANCELLED, cancel_reason="雨")
    facts = sitting_facts([cast.ours.pk], **YEAR)[cast.ours.pk]
    assert [(fact.id, fact.closed, fact.group_id) for fact in facts] == [
        (opened.pk, False, cast.group.pk),
        (plan.pk, False, None),
    ]


def test_the_range_of_days_is_half_open(cast: Cast) -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    for day in days:
        factories.make_meeting(cast.ours, held_on=day)
    facts = sitting_facts([cast.ours.pk], **YEAR)[cast.ours.pk]
    assert [fact.held_on for fact in facts] == days[1:3]


def test_masks_and_figures_come_from_filed_sittings_of_the_year(cast: Cast) -> None:
    january = factories.make_meeting(cast.ours, K.GENERAL, K.THEMED_DAY, held_on=date(2026, 1, 31))
    factories.make_meeting(cast.ours, K.COMMITTEE, held_on=date(2026, 12, 1))
    factories.make_meeting(cast.ours, K.COMMITTEE, held_on=date(2026, 12, 20))
    factories.make_meeting(cast.ours, K.GROUP, held_on=date(2026, 2, 1), group=cast.group)
    factories.make_meeting(cast.ours, K.GENERAL, held_on=date(2025, 12, 31))
    factories.make_meeting(cast.ours, K.GENERAL, held_on=date(2026, 5, 1), state=MeetingState.OPEN)
    factories.make_meeting(cast.elsewhere, K.GENERAL, held_on=date(2026, 5, 1))
    for name, status in {
        "secretary": AttendanceStatus.PRESENT,
        "deputy": AttendanceStatus.SICK_LEAVE,
        "member": AttendanceStatus.EXEMPT,
    }.items():
        factories.make_attendance(january, cast.members[name], status=status)
    assert month_masks([cast.ours.pk, cast.sibling.pk], year=2026) == {
        cast.ours.pk: NOTHING
        | {
            "general_months": 0b1,
            "themed_months": 0b1,
            "committee_months": 0b1000_0000_0000,
            "group_months": 0b10,
            "sittings": 4,
            "expected": 2,
            "present": 1,
        },
        cast.sibling.pk: NOTHING,
    }


def test_the_assemblies_of_a_branch_are_the_filed_ones_in_order(cast: Cast) -> None:
    factories.make_meeting(cast.ours, K.THEMED_DAY, K.GENERAL, held_on=date(2026, 3, 1))
    factories.make_meeting(cast.ours, held_on=date(2025, 12, 31))
    factories.make_meeting(cast.ours, K.COMMITTEE, held_on=date(2026, 4, 1))
    factories.make_meeting(cast.ours, held_on=date(2026, 5, 1), state=MeetingState.OPEN)
    assert generals_held([cast.ours.pk, cast.sibling.pk]) == {
        cast.ours.pk: [date(2025, 12, 31), date(2026, 3, 1)]
    }


def test_many_branches_cost_what_one_costs(cast: Cast, django_assert_num_queries) -> None:
    branches = [cast.ours.pk, cast.sibling.pk, cast.elsewhere.pk]
    for pk, branch in zip(branches, (cast.ours, cast.sibling, cast.elsewhere), strict=True):
        factories.make_meeting(branch, K.GENERAL, K.LECTURE)
        for ids in ([pk], branches):
            with django_assert_num_queries(1):
                sitting_facts(ids, **YEAR)
            with django_assert_num_queries(2):
                month_masks(ids, year=2026)
            with django_assert_num_queries(1):
                generals_held(ids)
