"""A round from its beginning to its end: dates, roll, study, parts done on paper, closing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import register
from apps.audit.changes import changed_fields, labels_of, snapshot
from apps.audit.services import record
from apps.branches.models import Organization
from apps.evaluations.models import FrozenStep, MemberEvaluation, PartNote, Round, RoundSitting
from apps.evaluations.queries_roll import not_on_roll
from apps.evaluations.queries_round import cap_of, stand_of, studies_to_choose
from apps.members.models import Member
from apps.rules.cadences import ANNUAL_ROUND
from apps.rules.kinds import MemberStatus
from apps.rules.kinds_evaluations import MemberGrade, RoundPart, RoundState, Ungraded
from apps.rules.member_evaluation import ALWAYS_ASKED
from apps.ui.refusals import Refusal, Stale

register(
    {
        "round.created": "登记组织生活会和民主评议",
        "round.updated": "修改组织生活会安排",
        "round.roll_refreshed": "补齐参加评议的名单",
        "round.studied": "选定会前学习",
        "round.noted": "登记环节的纸面完成情况",
        "round.note_removed": "撤回环节说明",
        "round.closed": "完成组织生活会和民主评议",
    }
)
FIELDS = ("theme", "starts_on", "self_by", "meeting_by", "cap_percent", "with_grades", "report")


class Closed(Refusal):
    default = "这一年度的组织生活会已经完成，不能再改。"


class BadDays(Refusal):
    default = "日期先后不对，请检查。"


class AlwaysAsked(Refusal):
    default = "这一环节每个支部都要有，请填写完成日期。"


class GradesGiven(Refusal):
    """What the grades that are decided already do not allow."""


class Untold(Refusal):
    """Grades that nobody told the people of."""


class NotYet(Refusal):
    default = "日期不能晚于今天。"


class ReasonMissing(Refusal):
    default = "还有缺项，请写明原因。"


def locked_round(row: Round, *, version: int | None = None) -> Round:
    """Raises Closed, Stale."""
    locked = Round.objects.select_for_update().get(pk=row.pk)
    if locked.state != RoundState.OPEN:
        raise Closed
    if version is not None and locked.version != version:
        raise Stale
    return locked


@transaction.atomic
def create_round(
    *,
    branch: Organization,
    year: int,
    actor: User,
    now: datetime,
    idempotency_key: uuid.UUID,
    **fields: Any,
) -> Round:
    """The round with the roll of all active members; those on probation get no grade (EV-4)."""
    locked = Organization.objects.select_for_update().get(pk=branch.pk)
    known = Round.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    made = {"created_by": actor, "created_at": now, "idempotency_key": idempotency_key}
    row = Round(branch=locked, path=locked.path, year=year, **made, **fields)
    _check_days(row)
    row.full_clean(exclude=["path"])
    row.save()
    _enroll(row)
    record(actor=actor, action="round.created", target=row, path=row.path)
    return row


def _check_days(row: Round) -> None:
    if not date(row.year, 1, 1) <= row.starts_on <= ANNUAL_ROUND.closes_on(row.year):
        raise BadDays(f"{row.year} 年度的要在当年到次年 3 月底之间。", field="starts_on")
    if row.self_by < row.starts_on:
        raise BadDays("不能早于开始准备的日期。", field="self_by")
    if row.meeting_by < row.self_by:
        raise BadDays("不能早于自评截止的日期。", field="meeting_by")
    if row.meeting_by > ANNUAL_ROUND.closes_on(row.year):
        raise BadDays(f"{row.year} 年度的最迟到次年 3 月底。", field="meeting_by")


def _enroll(row: Round) -> int:
    """Whoever is not yet on the roll; returns how many."""
    members = list(not_on_roll(row))
    MemberEvaluation.objects.bulk_create([_entry(row, member) for member in members])
    return len(members)


def _entry(row: Round, member: Member) -> MemberEvaluation:
    on_probation = member.status == MemberStatus.PROBATIONARY
    ungraded = Ungraded.PROBATIONARY if on_probation else ""
    return MemberEvaluation(round=row, member=member, path=row.path, ungraded=ungraded)


@transaction.atomic
def update_round(*, row: Round, version: int, actor: User, **fields: Any) -> Round:
    locked = locked_round(row, version=version)
    before, percent = snapshot(locked, FIELDS), locked.cap_percent
    for name, value in fields.items():
        setattr(locked, name, value)
    _check_days(locked)
    _check_grades(locked, percent=percent)
    locked.version += 1
    locked.full_clean(exclude=["path"])
    locked.save()
    changes = changed_fields(before, snapshot(locked, FIELDS), labels=labels_of(Round, FIELDS))
    record(actor=actor, action="round.updated", target=locked, path=locked.path, changes=changes)
    return locked


def _check_grades(row: Round, *, percent: int | None) -> None:
    """A lower cap, or no grades at all, only while the grades given fit. Raises GradesGiven."""
    given = Counter(
        MemberEvaluation.objects.filter(round=row).exclude(grade="").values_list("grade", flat=True)
    )
    if given and not row.with_grades:
        raise GradesGiven(
            f"已经给 {given.total()} 人定了等次。确实不评议党员的，先在“评定等次”里都改回“未定”。",
            field="with_grades",
        )
    excellent, cap = given[MemberGrade.EXCELLENT], cap_of(row)
    if row.cap_percent != percent and excellent > cap:
        raise GradesGiven(
            f"按这个比例优秀最多 {cap} 人，已经评了 {excellent} 人。请先在“评定等次”里调整。",
            field="cap_percent",
        )


@transaction.atomic
def refresh_roll(*, row: Round, actor: User) -> int:
    """Members who came since the round began; returns how many."""
    locked = locked_round(row)
    added = _enroll(locked)
    if added:
        record(actor=actor, action="round.roll_refreshed", target=locked, path=locked.path)
    return added


@transaction.atomic
def choose_studies(*, row: Round, meetings: Collection[int], actor: User, today: date) -> None:
    """Sittings on file that were the study before the meeting; recorded once, they count here, too."""
    locked = locked_round(row)
    offered = {sitting.pk for sitting in studies_to_choose(locked, today=today)}
    RoundSitting.objects.filter(round=locked, part=RoundPart.STUDY).delete()
    chosen = sorted(offered & set(meetings))
    RoundSitting.objects.bulk_create(
        [RoundSitting(round=locked, part=RoundPart.STUDY, meeting_id=pk) for pk in chosen]
    )
    record(actor=actor, action="round.studied", target=locked, path=locked.path)


@transaction.atomic
def note_part(
    *, row: Round, part: RoundPart, text: str, actor: User, today: date, done_on: date | None = None
) -> PartNote:
    """A part done on paper with its day; without one, why it is not asked for. Raises AlwaysAsked, NotYet."""
    locked = locked_round(row)
    if done_on is None and part in ALWAYS_ASKED:
        raise AlwaysAsked(field="done_on")
    if done_on and done_on > today:
        raise NotYet(field="done_on")
    kept = {"done_on": done_on, "text": text, "written_by": actor}
    note, _ = PartNote.objects.update_or_create(round=locked, part=part, defaults=kept)
    record(actor=actor, action="round.noted", target=locked, path=locked.path)
    return note


@transaction.atomic
def remove_note(*, row: Round, part: RoundPart, actor: User) -> None:
    locked = locked_round(row)
    PartNote.objects.filter(round=locked, part=part).delete()
    record(actor=actor, action="round.note_removed", target=locked, path=locked.path)


@transaction.atomic
def close_round(*, row: Round, version: int, reason: str, actor: User, today: date) -> Round:
    """Keep every step as it stands. What is missing is named, and needs a reason. Raises Untold, too."""
    locked = locked_round(row, version=version)
    stand = stand_of(locked, today=today)
    untold = sum(bool(one.grade) and one.told_on is None and not one.is_gone for one in stand.roll)
    if untold:
        raise Untold(f"还有 {untold} 人的评定意见没有告知本人。请先返回，点“告知本人”，再来完成。")
    if stand.missing and not reason:
        raise ReasonMissing(field="reason")
    FrozenStep.objects.bulk_create(
        [
            FrozenStep(
                round=locked,
                position=position,
                label=step.label,
                state=step.state,
                found=step.found,
                missing=step.missing,
            )
            for position, step in enumerate((*stand.parts, *stand.steps), start=1)
        ]
    )
    locked.kept_cap = stand.cap
    locked.state, locked.closed_on, locked.close_reason = RoundState.CLOSED, today, reason
    locked.version += 1
    locked.save(update_fields=["kept_cap", "state", "closed_on", "close_reason", "version"])
    record(actor=actor, action="round.closed", target=locked, path=locked.path)
    return locked
