"""Who reads and who keeps the work log: the branch's keepers and the publicity member write, the committee
and those above read, a group leader keeps his group's study and visits, a member sees what is about him."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import ABOVE, COMMITTEE, EVERYONE_WITH_POST, RECORDERS, holds, paths_of, within
from apps.rules.kinds import OrgKind, PostKind
from apps.rules.kinds_worklog import EntrySort
from apps.worklog.models import CareUnit, Entry, EntryMember, KeyPost, KeyPostCheck, StudyImport

LEADER = frozenset({PostKind.GROUP_LEADER})
#: What a group leader records of his own group.
OF_GROUPS = frozenset({EntrySort.STUDY, EntrySort.CARE})
CHECKERS = RECORDERS | {PostKind.DISCIPLINE}
READERS = ABOVE | COMMITTEE


def visible_entries(user: User) -> QuerySet[Entry]:
    """Those in the reach of a current post, and everybody's own."""
    own = EntryMember.objects.filter(member__person_id=user.pk, entry__withdrawn_on=None).values("entry")
    return Entry.objects.filter(within(user, EVERYONE_WITH_POST) | Q(pk__in=own))


def sees_everybody(user: User, entry: Entry) -> bool:
    """Whoever sees an entry only because it is about him reads no other name in it."""
    return holds(user, EVERYONE_WITH_POST, entry.path)


def visible_key_posts(user: User) -> QuerySet[KeyPost]:
    return KeyPost.objects.filter(within(user, READERS))


def visible_checks(user: User) -> QuerySet[KeyPostCheck]:
    return KeyPostCheck.objects.filter(within(user, READERS))


def visible_units(user: User) -> QuerySet[CareUnit]:
    return CareUnit.objects.filter(within(user, READERS))


def can_record(user: User) -> bool:
    """Somewhere; the pages offer only `places_to_record`."""
    return bool(paths_of(user, RECORDERS | LEADER))


def sorts_for(user: User) -> list[EntrySort]:
    """The sorts of entry that the person may write somewhere."""
    if paths_of(user, RECORDERS):
        return list(EntrySort)
    return [sort for sort in EntrySort if sort in OF_GROUPS and paths_of(user, LEADER)]


def places_to_record(user: User, sort: EntrySort) -> QuerySet[Organization]:
    """The branch, or for its leader the group."""
    reach = within(user, RECORDERS) & Q(kind=OrgKind.BRANCH)
    if sort in OF_GROUPS:
        reach |= within(user, LEADER) & Q(kind=OrgKind.GROUP)
    return (
        Organization.objects.filter(reach, closed_on__isnull=True).select_related("parent").order_by("path")
    )


def branches_to_keep(user: User) -> QuerySet[Organization]:
    """Where the person keeps the registers and reads in study hours."""
    mine = Organization.objects.branches().filter(within(user, RECORDERS), closed_on__isnull=True)
    return mine.order_by("path")


def can_keep(user: User) -> bool:
    return bool(paths_of(user, RECORDERS))


def can_import(user: User) -> bool:
    return can_keep(user)


def visible_imports(user: User) -> QuerySet[StudyImport]:
    return StudyImport.objects.filter(within(user, RECORDERS))


def can_change(user: User, entry: Entry) -> bool:
    if entry.withdrawn_on:
        return False
    leads = entry.sort in OF_GROUPS and entry.group_id is not None and holds(user, LEADER, entry.path)
    return leads or holds(user, RECORDERS, entry.path)


def can_withdraw(user: User, entry: Entry) -> bool:
    return can_change(user, entry)


def can_read_registers(user: User) -> bool:
    return bool(paths_of(user, READERS))


def can_change_register(user: User, row: KeyPost | CareUnit) -> bool:
    return row.withdrawn_on is None and holds(user, RECORDERS, row.path)


def can_check(user: User, key_post: KeyPost) -> bool:
    """The discipline member checks, and whoever keeps the records may note it for him."""
    return key_post.withdrawn_on is None and key_post.until is None and holds(user, CHECKERS, key_post.path)


def can_change_check(user: User, check: KeyPostCheck) -> bool:
    return check.withdrawn_on is None and holds(user, CHECKERS, check.path)


def rights_on(user: User, entry: Entry) -> dict[str, bool]:
    return {"change": can_change(user, entry), "withdraw": can_withdraw(user, entry)}
