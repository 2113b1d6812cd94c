"""What a secretary sets going: talks that must be, and the round before an 组织生活会."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.services import record
from apps.branches.changes import branch_changed
from apps.branches.models import Organization
from apps.members.models import Member
from apps.rules.kinds import MembershipState
from apps.talks.models import MustState, MustTalk, TalkWave
from apps.talks.queries import seats_on
from apps.talks.services import NotTogether, Untimely, WrongState
from apps.ui.refusals import Refusal

register(
    {
        "must_talk.set": "登记必谈提示",
        "must_talk.withdrawn": "撤回必谈提示",
        "talk_wave.opened": "发起会前谈心",
        "talk_wave.closed": "结束会前谈心",
    }
)


class NotOnCommittee(Refusal):
    default = "请安排支部委员（书记）去谈。"


@transaction.atomic
def set_must(
    *,
    branch: Organization,
    member: Member,
    trigger: str,
    since: date,
    due_on: date,
    asked: Member | None,
    actor: User,
    today: date,
    idempotency_key: uuid.UUID,
) -> MustTalk:
    """Raises NotTogether, NotOnCommittee, Untimely. The deed names nobody: the trail is read by others."""
    Organization.objects.select_for_update().get(pk=branch.pk)
    known = MustTalk.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if member.branch_id != branch.pk or member.state != MembershipState.ACTIVE or asked == member:
        raise NotTogether(field="member")
    seats = seats_on(branch, people=[asked.person_id], day=today) if asked else {}
    if asked and not (asked.person_id in seats and seats[asked.person_id].on_committee):
        raise NotOnCommittee(field="asked")
    if since > today:
        raise Untimely("情形发生的日期不能晚于今天。", field="since")
    must = MustTalk(
        branch=branch,
        path=branch.path,
        member=member,
        trigger=trigger,
        since=since,
        due_on=due_on,
        asked=asked,
        set_by=actor,
        idempotency_key=idempotency_key,
    )
    must.full_clean(exclude=["path"])
    must.save()
    branch_changed(branch.pk)
    record(actor=actor, action="must_talk.set", target=must, path=must.path)
    return must


@transaction.atomic
def withdraw_must(*, must: MustTalk, reason: str, actor: User, today: date) -> MustTalk:
    """The reason is sealed in the row and never stands in the trail."""
    row = MustTalk.objects.select_for_update(of=("self",)).get(pk=must.pk)
    if row.state != MustState.OPEN:
        raise WrongState
    row.state, row.closed_on, row.withdrawn_because = MustState.WITHDRAWN, today, reason
    row.save(update_fields=["state", "closed_on", "withdrawn_because"])
    branch_changed(row.branch_id)
    record(actor=actor, action="must_talk.withdrawn", target=row, path=row.path)
    return row


@transaction.atomic
def open_wave(*, branch: Organization, opens_on: date, meeting_on: date, actor: User) -> TalkWave:
    """One round at a time (a constraint); the talks since `opens_on` count for it."""
    Organization.objects.select_for_update().get(pk=branch.pk)
    wave = TalkWave(
        branch=branch, path=branch.path, opens_on=opens_on, meeting_on=meeting_on, opened_by=actor
    )
    wave.full_clean(exclude=["path"])
    wave.save()
    branch_changed(branch.pk)
    record(actor=actor, action="talk_wave.opened", target=wave, path=wave.path)
    return wave


@transaction.atomic
def close_wave(*, wave: TalkWave, actor: User, today: date) -> TalkWave:
    row = TalkWave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
    if row.closed_on is not None:
        raise WrongState
    row.closed_on = today
    row.save(update_fields=["closed_on"])
    branch_changed(row.branch_id)
    record(actor=actor, action="talk_wave.closed", target=row, path=row.path)
    return row
