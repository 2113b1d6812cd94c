"""Putting a document from above on the agenda of a sitting, and taking it off again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.meetings.models import DirectiveConveyed, Meeting, MeetingState
from apps.tasks.models import Directive
from apps.ui.refusals import Refusal

register(
    {
        "meeting.directive_conveyed": "登记传达上级文件",
        "meeting.directive_unconveyed": "移除传达的上级文件",
    }
)


class CannotConvey(Refusal):
    default = "这次会议不能登记传达这份文件。"


@transaction.atomic
def convey_directive(
    *, meeting: Meeting, directive: Directive, actor: User, now: datetime
) -> DirectiveConveyed:
    """Say that the document is conveyed at this sitting; the same again is the same link.

    A filed sitting may be named too: the link is no part of its minutes and shows when it was made.
    Raises CannotConvey.
    """
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    _check(locked, directive=Directive.objects.select_for_update(of=("self",)).get(pk=directive.pk))
    link, is_new = DirectiveConveyed.objects.get_or_create(
        meeting=locked, directive=directive, defaults={"added_by": actor, "added_at": now}
    )
    if is_new:
        branch_changed(locked.branch_id)
        action = "meeting.directive_conveyed"
        record(actor=actor, action=action, target=locked, path=locked.path, reason=directive.title)
    return link


def _check(meeting: Meeting, *, directive: Directive) -> None:
    if meeting.state == MeetingState.CANCELLED:
        raise CannotConvey("会议已经取消。")
    if directive.withdrawn_on:
        raise CannotConvey("这份来文已经作废。")
    if meeting.branch_id != directive.organization_id or meeting.group_id:
        raise CannotConvey("只能登记在收文支部自己的会议上（党小组会只到部分党员，不算支部传达）。")
    if meeting.held_on < directive.received_on:
        raise CannotConvey(f"会议早于收文日期 {directive.received_on}，请核对。")


@transaction.atomic
def unconvey_directive(*, link: DirectiveConveyed, actor: User) -> None:
    """Take a link back: before the sitting is filed, or one that was added after. Raises CannotConvey."""
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=link.meeting_id)
    if locked.closed_at and link.added_at <= locked.closed_at:
        raise CannotConvey("会议已经归档，归档时登记的传达文件不能移除。")
    title = link.directive.title
    link.delete()
    branch_changed(locked.branch_id)
    action = "meeting.directive_unconveyed"
    record(actor=actor, action=action, target=locked, path=locked.path, reason=title)
