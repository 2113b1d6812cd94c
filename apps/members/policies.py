"""Who sees which member, how much of him, and who keeps the record (security.md 4.2)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import (
    ABOVE,
    EVERYONE_WITH_POST,
    KEEPERS,
    holds,
    paths_of,
    within,
)
from apps.members.models import Member, RosterImport
from apps.rules.kinds import OrgKind, PostKind

#: Who answers for the roster: admits to it, strikes from it, imports it, sees numbers in clear.
ANSWERABLE = frozenset({PostKind.ORGANIZER, PostKind.SECRETARY, PostKind.ORGANIZATION})
CHANGERS = KEEPERS | {PostKind.ORGANIZER}
#: Who sees numbers and addresses masked.
CONTACTS = ABOVE | KEEPERS
#: From whom numbers and addresses may be searched and exported (masked, or in clear for ANSWERABLE).
EXPORTERS = ANSWERABLE | {PostKind.COMMITTEE_SECRETARY}
SECRET_FIELDS = ("id_number", "mobile_phone", "landline", "address")


def visible_members(user: User) -> QuerySet[Member]:
    """Everybody in the reach of a current post, and always oneself."""
    return Member.objects.filter(within(user, EVERYONE_WITH_POST) | Q(person_id=user.pk))


def managed_members(user: User) -> QuerySet[Member]:
    """Those whose records the person may change (in bulk, too)."""
    return Member.objects.filter(within(user, CHANGERS))


def searchable_by_number(user: User) -> QuerySet[Member]:
    """Those who may be found by the last digits of their ID: only where these are shown anyway."""
    return Member.objects.filter(within(user, CONTACTS))


def is_own(user: User, member: Member) -> bool:
    return member.person_id == user.pk


def can_list(user: User) -> bool:
    return bool(paths_of(user, EVERYONE_WITH_POST))


def shown_secrets(user: User, member: Member) -> frozenset[str]:
    """Which of the encrypted fields this person sees masked."""
    if is_own(user, member) or holds(user, CONTACTS, member.path):
        return frozenset(SECRET_FIELDS)
    if holds(user, {PostKind.GROUP_LEADER}, member.path):
        return frozenset({"mobile_phone"})
    return frozenset()


def can_reveal(user: User, member: Member) -> bool:
    return is_own(user, member) or holds(user, ANSWERABLE, member.path)


def can_see_history(user: User, member: Member) -> bool:
    return is_own(user, member) or holds(user, CONTACTS, member.path)


def can_create(user: User) -> bool:
    """Somewhere; the form offers only `branches_to_keep`."""
    return bool(paths_of(user, ANSWERABLE))


def can_change(user: User, member: Member) -> bool:
    return holds(user, CHANGERS, member.path)


def can_change_state(user: User, member: Member) -> bool:
    return holds(user, ANSWERABLE, member.path)


def can_set_exemption(user: User, member: Member) -> bool:
    return can_change(user, member)


def can_set_voting(user: User, member: Member) -> bool:
    return holds(user, ANSWERABLE, member.path)


def can_verify(user: User, member: Member) -> bool:
    return can_change(user, member)


def can_assign_groups(user: User) -> bool:
    return bool(paths_of(user, CHANGERS))


def branches_to_keep(user: User) -> QuerySet[Organization]:
    """Branches in which the person may add members."""
    return Organization.objects.branches().filter(within(user, ANSWERABLE), closed_on__isnull=True)


def branches_to_group(user: User) -> QuerySet[Organization]:
    return Organization.objects.branches().filter(within(user, CHANGERS), closed_on__isnull=True)


def branches_to_list(user: User) -> QuerySet[Organization]:
    """Branches by which the list may be narrowed."""
    return Organization.objects.branches().filter(within(user, EVERYONE_WITH_POST))


def groups_to_list(user: User) -> QuerySet[Organization]:
    return Organization.objects.filter(within(user, EVERYONE_WITH_POST), kind=OrgKind.GROUP)


def can_import(user: User) -> bool:
    return bool(paths_of(user, ANSWERABLE))


def organizations_to_import(user: User) -> QuerySet[Organization]:
    """Where a roster may be read into: the branch, or a whole subtree from above."""
    reach = Organization.objects.filter(within(user, ANSWERABLE), closed_on__isnull=True)
    return reach.exclude(kind=OrgKind.GROUP).order_by("path")


def visible_imports(user: User) -> QuerySet[RosterImport]:
    return RosterImport.objects.filter(within(user, ANSWERABLE))


def can_confirm_import(user: User, roster: RosterImport) -> bool:
    return holds(user, ANSWERABLE, roster.path)


def can_drop_import(user: User, roster: RosterImport) -> bool:
    return can_confirm_import(user, roster)


def can_export(user: User) -> bool:
    return bool(paths_of(user, EXPORTERS))


def exportable_members(user: User) -> QuerySet[Member]:
    return Member.objects.filter(within(user, EXPORTERS))


def can_export_record(user: User, member: Member) -> bool:
    """What a transfer needs of one member, numbers left out."""
    return holds(user, EXPORTERS, member.path)


def can_export_clear(user: User) -> bool:
    """Numbers and addresses in clear, with a reason; never for the secretary of the committee above."""
    return bool(paths_of(user, ANSWERABLE))


def clear_members(user: User) -> QuerySet[Member]:
    return Member.objects.filter(within(user, ANSWERABLE))


def rights_on(user: User, member: Member) -> dict[str, bool]:
    """All answers about one member, for the buttons of the page."""
    return {
        "change": can_change(user, member),
        "state": can_change_state(user, member),
        "exemption": can_set_exemption(user, member),
        "voting": can_set_voting(user, member),
        "verify": can_verify(user, member),
        "reveal": can_reveal(user, member),
        "history": can_see_history(user, member),
        "export": can_export_record(user, member),
        "own": is_own(user, member),
    }
