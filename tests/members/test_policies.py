"""Who reaches which member, and how far; seeing one means being in the set."""

from __future__ import annotations

import pytest

from apps.branches.policies import held_posts
from apps.members import policies
from apps.members.models import Member
from tests.conftest import ROLES, Cast

OURS = {"吴向前", "郑明", "王小兰", "冯刚", "陈静", "褚红", "卫青松"}
GROUP = {"褚红", "卫青松"}
SEEN = {
    "operator": set(),
    "auditor": set(),
    "organizer": OURS | {"蒋立"},
    "committee_secretary": OURS | {"蒋立"},
    "secretary": OURS,
    "deputy": OURS,
    "organization": OURS,
    "publicity": OURS,
    "discipline": OURS,
    "group_leader": GROUP,
    "member": {"卫青松"},
    "former_secretary": set(),
    "stranger_secretary": {"沈川", "杨邻"},
}
ALL = frozenset(policies.SECRET_FIELDS)
PHONE = frozenset({"mobile_phone"})
#: What each role may do with the ordinary member of our branch.
ON_MEMBER = {
    "organizer": (ALL, {"change", "state", "exemption", "voting", "verify", "reveal", "history", "export"}),
    "committee_secretary": (ALL, {"history", "export"}),
    "secretary": (ALL, {"change", "state", "exemption", "voting", "verify", "reveal", "history", "export"}),
    "deputy": (ALL, {"change", "exemption", "verify", "history"}),
    "organization": (
        ALL,
        {"change", "state", "exemption", "voting", "verify", "reveal", "history", "export"},
    ),
    "publicity": (frozenset(), set()),
    "discipline": (frozenset(), set()),
    "group_leader": (PHONE, set()),
    "member": (ALL, {"reveal", "history", "own"}),
}
GENERAL = {
    "organizer": {"list", "create", "import", "export", "export_clear", "assign_groups"},
    "committee_secretary": {"list", "export"},
    "secretary": {"list", "create", "import", "export", "export_clear", "assign_groups"},
    "deputy": {"list", "assign_groups"},
    "organization": {"list", "create", "import", "export", "export_clear", "assign_groups"},
    "publicity": {"list"},
    "discipline": {"list"},
    "group_leader": {"list"},
    "stranger_secretary": {"list", "create", "import", "export", "export_clear", "assign_groups"},
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_exactly_its_members(cast: Cast, role: str) -> None:
    seen = policies.visible_members(cast[role]).values_list("person__name", flat=True)
    assert sorted(seen) == sorted(SEEN[role])


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_exactly_its_part_with_a_member(cast: Cast, role: str) -> None:
    member = cast.members["member"]
    secrets, rights = ON_MEMBER.get(role, (frozenset(), set()))
    assert policies.shown_secrets(cast[role], member) == secrets
    assert {name for name, may in policies.rights_on(cast[role], member).items() if may} == rights


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_exactly_its_part_in_general(cast: Cast, role: str) -> None:
    answers = {
        "list": policies.can_list,
        "create": policies.can_create,
        "import": policies.can_import,
        "export": policies.can_export,
        "export_clear": policies.can_export_clear,
        "assign_groups": policies.can_assign_groups,
    }
    assert {name for name, may in answers.items() if may(cast[role])} == GENERAL.get(role, set())


@pytest.mark.parametrize("role", ROLES)
def test_whoever_may_act_on_a_member_also_sees_him(cast: Cast, role: str) -> None:
    user = cast[role]
    visible = set(policies.visible_members(user))
    for member in Member.objects.select_related("branch"):
        if any(policies.rights_on(user, member).values()) or policies.shown_secrets(user, member):
            assert member in visible


@pytest.mark.parametrize("role", ["secretary", "organizer", "group_leader"])
def test_a_sibling_or_stranger_is_out_of_every_right(cast: Cast, role: str) -> None:
    foreign = cast.members["elsewhere_member"]
    assert not any(policies.rights_on(cast[role], foreign).values())


def test_exporting_reaches_no_further_than_the_post(cast: Cast) -> None:
    assert policies.exportable_members(cast["committee_secretary"]).count() == 8
    assert policies.clear_members(cast["committee_secretary"]).count() == 0
    assert policies.exportable_members(cast["group_leader"]).count() == 0
    assert policies.searchable_by_number(cast["publicity"]).count() == 0
    assert policies.searchable_by_number(cast["deputy"]).count() == 7


def test_a_post_that_ended_yesterday_reaches_nothing(cast: Cast) -> None:
    assert held_posts(cast["former_secretary"]) == ()
    assert list(policies.organizations_to_import(cast["former_secretary"])) == []
    assert list(policies.organizations_to_import(cast["organizer"])) == [
        cast.committee,
        cast.ours,
        cast.sibling,
    ]
    assert list(policies.branches_to_keep(cast["secretary"])) == [cast.ours]
