"""Who sees which sitting, who records it, and who reads its minutes (a draft is the committee's own)."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.branches.policies import (
    ABOVE,
    COMMITTEE,
    KEEPERS,
    RECORDERS,
    holds,
    oversees_many,
    paths_of,
    within,
)
from apps.meetings.models import Attendance, Meeting, MeetingPurpose, MeetingState
from apps.members.models import Member
from apps.rules.kinds import AttendanceStatus, MeetingKind, OrgKind, PostKind
from apps.tasks.models import Directive
from apps.ui import clock

LEADER = frozenset({PostKind.GROUP_LEADER})


class OwnRecord(NamedTuple):
    """What decides which sittings a person sees as a member."""

    member_id: int
    branch_id: int
    group_id: int | None
    path: str


def own_record(user: User) -> OwnRecord | None:
    """The person's own place on a roster, read once per request (the user object lives as long as it)."""
    if "_own_record" not in user.__dict__:
        rows = Member.objects.on_roster().filter(person_id=user.pk)
        row = next(iter(rows.values_list("pk", "branch_id", "group_id", "branch__path")), None)
        user.__dict__["_own_record"] = OwnRecord(*row) if row else None
    found: OwnRecord | None = user.__dict__["_own_record"]
    return found


def visible_meetings(user: User) -> QuerySet[Meeting]:
    """The range of one's posts; as a member, sittings on whose roll one stands, and plans of one's own."""
    return Meeting.objects.filter(_visible(user))


def meetings_to_list(user: User) -> QuerySet[Meeting]:
    """The same rows, for pages in order of date.

    SQLite would find all that are in reach by their path and sort them, however many; where many are, it is
    told to go by date and look at each path, by an expression that no index knows. PostgreSQL sees by itself.
    """
    if connection.vendor != "sqlite" or not oversees_many(user):
        return visible_meetings(user)
    meetings = Meeting.objects.alias(place_in_tree=Coalesce("path", Value("")))
    return meetings.filter(_visible(user, column="place_in_tree"))


def _visible(user: User, *, column: str = "path") -> Q:
    visible = within(user, ABOVE | COMMITTEE | LEADER, column=column)
    own = own_record(user)
    if own and not holds(user, ABOVE | COMMITTEE, own.path):
        visible = reduce(or_, [visible, *_as_member(own)])
    return visible


def _as_member(own: OwnRecord) -> list[Q]:
    attended = Attendance.objects.filter(member_id=own.member_id).values("meeting_id")
    body = Q(group__isnull=True) | Q(group_id=own.group_id)
    purposes = MeetingPurpose.objects.filter(meeting=OuterRef("pk"))
    for_members = Exists(purposes.exclude(kind=MeetingKind.COMMITTEE))
    planned = Q(branch_id=own.branch_id, state=MeetingState.PLANNED) & body & Q(for_members)
    return [Q(pk__in=attended), planned]


def recordable_organizations(user: User) -> QuerySet[Organization]:
    """Branches and groups whose sittings the person plans and records."""
    reach = within(user, RECORDERS) | within(user, LEADER)
    return (
        Organization.objects.filter(reach, kind__in=[OrgKind.BRANCH, OrgKind.GROUP])
        .open_on(clock.today())
        .select_related("parent")
        .order_by("path")
    )


def _leads_group(user: User, meeting: Meeting) -> bool:
    return meeting.group_id is not None and holds(user, LEADER, meeting.path)


def can_plan(user: User) -> bool:
    """May enter sittings somewhere; the form offers only where."""
    return bool(paths_of(user, RECORDERS | LEADER))


def can_record(user: User, meeting: Meeting) -> bool:
    return holds(user, RECORDERS, meeting.path) or _leads_group(user, meeting)


def can_close(user: User, meeting: Meeting) -> bool:
    """Filing a record, like cancelling or correcting it, is for the branch's keepers (security.md 4.2)."""
    return holds(user, KEEPERS, meeting.path) or _leads_group(user, meeting)


def can_cancel(user: User, meeting: Meeting) -> bool:
    return can_close(user, meeting)


def can_add_addendum(user: User, meeting: Meeting) -> bool:
    return can_close(user, meeting)


def can_see_minutes(user: User, meeting: Meeting) -> bool:
    """A draft is read by the committee that writes it; a filed record by those above and all who attended.

    A member who is only called to a planned sitting sees its title, time and place.
    """
    if meeting.state != MeetingState.CLOSED:
        return holds(user, COMMITTEE, meeting.path) or _leads_group(user, meeting)
    return (
        holds(user, ABOVE | COMMITTEE, meeting.path)
        or _leads_group(user, meeting)
        or _attended(user, meeting)
    )


def _attended(user: User, meeting: Meeting) -> bool:
    own = own_record(user)
    return own is not None and (
        meeting.roll.filter(member_id=own.member_id, status=AttendanceStatus.PRESENT).exists()
    )


def rights_on(user: User, meeting: Meeting) -> dict[str, bool]:
    return {
        "record": can_record(user, meeting),
        "close": can_close(user, meeting),
        "cancel": can_cancel(user, meeting),
        "addendum": can_add_addendum(user, meeting),
        "minutes": can_see_minutes(user, meeting),
    }


def can_convey(user: User, directive: Directive) -> bool:
    """Who records the branch's sittings says at which one a document was conveyed."""
    is_branch = directive.organization.kind == OrgKind.BRANCH
    return is_branch and not directive.withdrawn_on and holds(user, RECORDERS, directive.path)


def can_convey_at(user: User, meeting: Meeting) -> bool:
    """A filed sitting is added to by those who may correct it."""
    if meeting.state == MeetingState.CANCELLED:
        return False
    return can_add_addendum(user, meeting) if meeting.is_closed else can_record(user, meeting)


def can_see_directives(user: User, meeting: Meeting) -> bool:
    """Members who attended read the titles; the pages of the documents are for the committee and above."""
    return holds(user, ABOVE | COMMITTEE, meeting.path)
