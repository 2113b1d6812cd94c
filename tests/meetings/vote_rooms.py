"""Rooms for the vote desk: an open sitting with so many entitled and so many of them there."""

import uuid
from typing import Any

from django.urls import reverse

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.meetings.models import AgendaItem, Attendance, Meeting, MeetingState, Motion
from apps.meetings.queries_vote_weigh import VoteEntry
from apps.meetings.services_vote import record_motion
from apps.members.models import Member
from apps.rules.elections import Tally
from apps.rules.kinds import AttendanceStatus, Matter, MeetingKind, MemberStatus, VoteMethod
from apps.rules.voting import Ballots, Votes
from tests import factories
from tests.conftest import NOW

PERSON = "沈小满"


def make_item(meeting: Meeting, *, title: str = "审议年度计划", position: int = 0) -> AgendaItem:
    position = position or meeting.items.count() + 1
    return AgendaItem.objects.create(meeting=meeting, position=position, title=title)


def make_room(
    branch: Organization, *kinds: str, entitled: int = 5, present: int | None = None, **fields: Any
) -> AgendaItem:
    """An item of an open sitting; the first `present` of the entitled have come, the others are ill."""
    meeting = factories.make_meeting(branch, *kinds, state=MeetingState.OPEN, **fields)
    for number in range(entitled):
        here = present is None or number < present
        add_to_roll(meeting, status=AttendanceStatus.PRESENT if here else AttendanceStatus.SICK_LEAVE)
    return make_item(meeting)


def add_to_roll(
    meeting: Meeting, *, name: str = "", member: Member | None = None, **flags: Any
) -> Attendance:
    """A line of the roll; on the committee where the sitting is the committee's."""
    of_committee = meeting.purposes.filter(kind=MeetingKind.COMMITTEE).exists()
    standing = flags.pop("standing", MemberStatus.FULL)
    member = member or factories.make_member(meeting.branch, name=name, status=standing)
    flags.setdefault("on_committee", of_committee)
    return factories.make_attendance(meeting, member, **flags)


def simple(votes_for: int, against: int = 0, abstain: int = 0, **fields: Any) -> VoteEntry:
    """An ordinary vote by show of hands."""
    fields.setdefault("matter", Matter.ORDINARY)
    fields.setdefault("text", "同意年度计划")
    return VoteEntry(votes=Votes(votes_for=votes_for, against=against, abstain=abstain), **fields)


def secret(votes: Votes, *, issued: int, returned: int | None = None, **fields: Any) -> VoteEntry:
    """A vote on one person by secret ballot."""
    returned = issued if returned is None else returned
    fields.setdefault("matter", Matter.ADMISSION)
    fields.setdefault("text", "同意接收为预备党员")
    fields.setdefault("subject_name", PERSON)
    fields.setdefault("scrutineers", "甲监票")
    fields.setdefault("tellers", "乙计票")
    invalid = fields.pop("invalid", 0)
    return VoteEntry(
        votes=votes,
        method=VoteMethod.SECRET_BALLOT,
        ballots=Ballots(issued=issued, returned=returned, invalid=invalid),
        **fields,
    )


def election(seats: int, result: dict[str, int], *, issued: int, **fields: Any) -> VoteEntry:
    """An election in which everybody's ballot came back; what is not for a candidate is an abstention."""
    returned = fields.pop("returned", issued)
    tallies = tuple(
        Tally(key=name, name=name, votes_for=count, abstain=max(0, returned - count))
        for name, count in result.items()
    )
    fields.setdefault("text", "选举支部委员会委员")
    fields.setdefault("scrutineers", "甲监票")
    fields.setdefault("tellers", "乙计票")
    return VoteEntry(
        matter=Matter.ELECTION,
        method=VoteMethod.SECRET_BALLOT,
        seats=seats,
        candidates=tallies,
        ballots=Ballots(issued=issued, returned=returned, invalid=fields.pop("invalid", 0)),
        **fields,
    )


def take(item: AgendaItem, data: VoteEntry, *, actor: User | None = None, key: Any = None) -> Motion:
    return record_motion(
        item=item,
        actor=actor or item.meeting.recorded_by,
        data=data,
        now=NOW,
        idempotency_key=key or uuid.uuid4(),
    )


def add_url(item: AgendaItem) -> str:
    return reverse("meetings:motion_add", args=[item.meeting_id, item.pk])


def panel_url(item: AgendaItem) -> str:
    return reverse("meetings:motion_panel", args=[item.meeting_id, item.pk])


def remove_url(motion: Motion) -> str:
    return reverse("meetings:motion_remove", args=[motion.item.meeting_id, motion.pk])


def card_url(item: AgendaItem) -> str:
    return reverse("meetings:detail", args=[item.meeting_id]) + f"#item-{item.pk}"
