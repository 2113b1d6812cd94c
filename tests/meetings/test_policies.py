"""Who sees which sitting, who keeps its record, who reads its minutes."""

import pytest

from apps.accounts.models import User
from apps.meetings import policies
from apps.meetings.models import Meeting, MeetingState
from apps.rules.kinds import AttendanceStatus, MeetingKind, MembershipState, PostKind
from tests import factories
from tests.conftest import ROLES, Cast

COMMITTEE_ROLES = {"secretary", "deputy", "organization", "publicity", "discipline"}
ABOVE_ROLES = {"organizer", "committee_secretary"}
KEEPER_ROLES = {"secretary", "deputy", "organization"}


@pytest.fixture
def sittings(cast: Cast) -> dict[str, Meeting]:
    """One sitting of each sort; the member attended the assembly and had leave from the lecture."""
    made = {
        "assembly": factories.make_meeting(cast.ours, MeetingKind.GENERAL),
        "lecture": factories.make_meeting(cast.ours, MeetingKind.LECTURE),
        "plan": factories.make_meeting(cast.ours, MeetingKind.GENERAL, state=MeetingState.PLANNED),
        "open": factories.make_meeting(cast.ours, MeetingKind.COMMITTEE, state=MeetingState.OPEN),
        "group": factories.make_meeting(cast.ours, MeetingKind.GROUP, group=cast.group),
        "group_open": factories.make_meeting(
            cast.ours, MeetingKind.GROUP, group=cast.group, state=MeetingState.OPEN
        ),
        "group_plan": factories.make_meeting(
            cast.ours, MeetingKind.GROUP, group=cast.group, state=MeetingState.PLANNED
        ),
        "called_off": factories.make_meeting(cast.ours, state=MeetingState.CANCELLED, cancel_reason="防汛"),
        "sibling": factories.make_meeting(cast.sibling),
        "elsewhere": factories.make_meeting(cast.elsewhere),
    }
    factories.make_attendance(made["assembly"], cast.members["member"])
    factories.make_attendance(made["lecture"], cast.members["member"], status=AttendanceStatus.PERSONAL_LEAVE)
    return made


OURS = {"assembly", "lecture", "plan", "open", "group", "group_open", "group_plan", "called_off"}
VISIBLE = {
    "operator": set(),
    "auditor": set(),
    "organizer": OURS | {"sibling"},
    "committee_secretary": OURS | {"sibling"},
    **dict.fromkeys(COMMITTEE_ROLES, OURS),
    "group_leader": {"plan", "group", "group_open", "group_plan"},
    "member": {"assembly", "lecture", "plan", "group_plan"},
    "former_secretary": set(),
    "stranger_secretary": {"elsewhere"},
}


def named(sittings: dict[str, Meeting], user: User) -> set[str]:
    seen = set(policies.visible_meetings(user))
    return {name for name, meeting in sittings.items() if meeting in seen}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_exactly_its_sittings(cast: Cast, sittings: dict[str, Meeting], role: str) -> None:
    assert named(sittings, cast[role]) == VISIBLE[role]


def test_a_member_of_no_group_sees_no_plans_of_groups(cast: Cast, sittings: dict[str, Meeting]) -> None:
    member = cast.members["member"]
    member.group = None
    member.save(update_fields=["group"])
    assert named(sittings, cast["member"]) == {"assembly", "lecture", "plan"}


def test_who_left_the_branch_sees_its_plans_no_more(cast: Cast, sittings: dict[str, Meeting]) -> None:
    member = cast.members["member"]
    member.state = MembershipState.LEFT
    member.save(update_fields=["state"])
    assert named(sittings, cast["member"]) == set()


def allowed(cast: Cast, sittings: dict[str, Meeting], question) -> dict[str, set[str]]:
    """Sitting → roles of whom the answer is yes."""
    return {
        name: {role for role in ROLES if question(cast[role], meeting)} for name, meeting in sittings.items()
    }


def test_the_record_is_kept_by_recorders_and_in_a_group_by_its_leader(cast: Cast, sittings) -> None:
    recorders = KEEPER_ROLES | {"publicity"}
    answer = allowed(cast, sittings, policies.can_record)
    assert answer["open"] == answer["plan"] == recorders
    assert answer["group_open"] == recorders | {"group_leader"}
    assert (answer["sibling"], answer["elsewhere"]) == (set(), {"stranger_secretary"})


@pytest.mark.parametrize("question", [policies.can_close, policies.can_cancel, policies.can_add_addendum])
def test_filing_calling_off_and_correcting_is_for_keepers(cast: Cast, sittings, question) -> None:
    answer = allowed(cast, sittings, question)
    assert answer["open"] == answer["assembly"] == KEEPER_ROLES
    assert answer["group"] == KEEPER_ROLES | {"group_leader"}
    assert answer["sibling"] == set()


def test_minutes_of_filed_sittings_are_read_above_in_the_committee_and_by_those_who_came(
    cast: Cast, sittings
) -> None:
    answer = allowed(cast, sittings, policies.can_see_minutes)
    assert answer["assembly"] == ABOVE_ROLES | COMMITTEE_ROLES | {"member"}
    assert answer["lecture"] == ABOVE_ROLES | COMMITTEE_ROLES
    assert answer["group"] == ABOVE_ROLES | COMMITTEE_ROLES | {"group_leader"}
    assert answer["sibling"] == ABOVE_ROLES


def test_drafts_are_the_committees_own(cast: Cast, sittings) -> None:
    answer = allowed(cast, sittings, policies.can_see_minutes)
    assert answer["open"] == answer["plan"] == answer["called_off"] == COMMITTEE_ROLES
    assert answer["group_open"] == COMMITTEE_ROLES | {"group_leader"}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_act_on_a_sitting_also_sees_it(cast: Cast, sittings, role: str) -> None:
    visible = named(sittings, cast[role])
    for name, meeting in sittings.items():
        rights = policies.rights_on(cast[role], meeting)
        assert name in visible or not any(rights.values()), (role, name, rights)


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("secretary", {"机关一支部", "第一小组"}),
        ("publicity", {"机关一支部", "第一小组"}),
        ("group_leader", {"第一小组"}),
        ("discipline", set()),
        ("organizer", set()),
        ("member", set()),
    ],
)
def test_sittings_are_entered_for_ones_own_body(cast: Cast, role: str, names: set[str]) -> None:
    assert {str(one) for one in policies.recordable_organizations(cast[role])} == names
    assert policies.can_plan(cast[role]) == bool(names)


def test_an_organizer_who_is_a_member_below_sees_each_sitting_once(cast: Cast, sittings) -> None:
    factories.make_member(cast.elsewhere, person=cast["organizer"])
    factories.make_attendance(sittings["elsewhere"], cast["organizer"].member)
    seen = list(policies.visible_meetings(User.objects.get(pk=cast["organizer"].pk)))
    assert len(seen) == len(set(seen)) == len(OURS) + 2


def test_a_post_that_ended_yesterday_reaches_nothing(cast: Cast, sittings) -> None:
    cast["discipline"].posts.filter(kind=PostKind.DISCIPLINE).update(ends_on="2026-11-20")
    assert named(sittings, User.objects.get(pk=cast["discipline"].pk)) == {"plan"}


def test_plans_of_the_committee_are_not_shown_to_every_member(cast: Cast) -> None:
    committee = factories.make_meeting(cast.ours, MeetingKind.COMMITTEE, state=MeetingState.PLANNED)
    both = factories.make_meeting(
        cast.ours, MeetingKind.COMMITTEE, MeetingKind.THEMED_DAY, state=MeetingState.PLANNED
    )
    assert set(policies.visible_meetings(cast["member"])) == {both}
    assert set(policies.visible_meetings(cast["discipline"])) == {committee, both}
