"""Filing a sitting, calling one off, and correcting a filed record by an addendum."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.meetings import closing
from apps.meetings.minutes import task_words
from apps.meetings.models import Addendum, Meeting, MeetingState, ResolutionTask
from apps.meetings.queries import whole
from apps.meetings.queries_copies import near_copy_of
from apps.meetings.queries_vote import stale_motions
from apps.meetings.services_roll import NotOpen, locked_in, locked_open
from apps.ui.refusals import Refusal

register(
    {
        "meeting.closed": "归档会议记录",
        "meeting.cancelled": "取消会议活动",
        "meeting.addendum_added": "更正会议记录",
    }
)


class Incomplete(Refusal):
    default = "记录还不完整，不能归档。"


class Doubtful(Refusal):
    """The record may be filed as it is, but somebody has to say so."""


class NotFiled(Refusal):
    default = "记录还没有归档，直接修改即可，不用写更正。"


@transaction.atomic
def close_meeting(*, meeting: Meeting, actor: User, now: datetime, confirmed: bool = False) -> Meeting:
    """File the record: its roll, its figures and its text no longer change.

    Raises NotOpen, Incomplete, and Doubtful (too few came) unless `confirmed`. A sitting without a quorum was
    still held; its record says plainly that it could decide nothing.
    """
    locked = locked_open(meeting)
    found = closing.check(
        whole(Meeting.objects.all()).get(pk=locked.pk),
        today=timezone.localtime(now).date(),
        stale_ids={motion.pk for motion in stale_motions(locked)},
    )
    if found.missing:
        raise Incomplete(f"还不能归档：{'；'.join(found.missing)}。")
    if found.doubts and not confirmed:
        raise Doubtful(f"{''.join(found.doubts)}可以如实归档，请确认。", field="confirmed")
    locked.state = MeetingState.CLOSED
    locked.closed_at, locked.closed_by = now, actor
    locked.near_copy_of = near_copy_of(locked)
    locked.version += 1
    locked.save(update_fields=["state", "closed_at", "closed_by", "near_copy_of", "version"])
    _keep_tasks(locked)
    branch_changed(locked.branch_id, years={locked.held_on.year, locked.for_year or locked.held_on.year})
    record(
        actor=actor,
        action="meeting.closed",
        target=locked,
        path=locked.path,
        reason="".join(found.doubts),
    )
    return locked


def _keep_tasks(meeting: Meeting) -> None:
    """Who carries the resolutions out by when, as the record says it; the tasks themselves may change."""
    links = list(ResolutionTask.objects.filter(item__meeting=meeting).select_related("task__owner"))
    for link in links:
        link.filed_as = task_words(link.task)
    ResolutionTask.objects.bulk_update(links, ["filed_as"])


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, actor: User) -> Meeting:
    """Call a sitting off, or drop a record begun by mistake; its text stays readable. Raises NotOpen."""
    locked = locked_in(meeting, MeetingState.PLANNED, MeetingState.OPEN)
    locked.state, locked.cancel_reason = MeetingState.CANCELLED, reason
    locked.version += 1
    locked.save(update_fields=["state", "cancel_reason", "version"])
    branch_changed(locked.branch_id, years={locked.held_on.year})
    record(actor=actor, action="meeting.cancelled", target=locked, path=locked.path, reason=reason)
    return locked


@transaction.atomic
def add_addendum(*, meeting: Meeting, text: str, reason: str, actor: User, now: datetime) -> Addendum:
    """Put a filed record right. The same words by the same person again are the same addendum."""
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.state == MeetingState.CANCELLED:
        raise NotOpen("会议已经取消，不能写更正。")
    if locked.state != MeetingState.CLOSED:
        raise NotFiled
    addendum, is_new = Addendum.objects.get_or_create(
        meeting=locked, text=text, reason=reason, written_by=actor, defaults={"written_at": now}
    )
    if is_new:
        record(
            actor=actor,
            action="meeting.addendum_added",
            target=locked,
            path=locked.path,
            reason=reason,
        )
    return addendum
