"""The demo's correction requests in each state, and looks at the numbers of the first branch's people."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.audit.services import Entry, record_all
from apps.members.models import CorrectionRequest, CorrectionState, Member
from apps.members.services import LABELS
from apps.members.services_corrections import ANSWER_DAYS
from apps.rules.kinds import PostKind
from apps.rules.periods import weekdays_after
from apps.workbench.services_demo_people import Settled


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request of the demo. `who` is a role, or a place in the first branch."""

    days_ago: int
    who: str | int
    field: str
    asked: str
    wrong: str = ""
    reason: str


ASKED = (
    Asked(
        days_ago=3,
        who="member",
        field="mobile_phone",
        asked="19900001234",
        wrong="旧号已停用。",
        reason="新号可当面拨打核对",
    ),
    Asked(
        days_ago=40,
        who="member",
        field="job_title",
        asked="副主任",
        wrong="去年已任副主任。",
        reason="任职文件",
    ),
    Asked(days_ago=90, who="member", field="work_started_on", asked="2002-07-01", reason="第一份劳动合同"),
    Asked(days_ago=200, who="member", field="education", asked="大学本科", reason="毕业证"),
    Asked(
        days_ago=28, who=12, field="address", asked="青川镇演示路 18 号", wrong="搬家了。", reason="户口簿"
    ),
    Asked(days_ago=6, who=14, field="other", asked="上月主题党日我到了，记成了事假。", reason="当天的签到表"),
    Asked(days_ago=2, who="secretary", field="degree", asked="学士", reason="学位证书"),
)
ANSWERS = {
    "job_title": (CorrectionState.ACCEPTED, "已与任职文件核对，改为副主任。"),
    "work_started_on": (
        CorrectionState.REFUSED,
        "干部档案中参加工作时间为现登记的日期，请先到人事部门核对。",
    ),
    "education": (CorrectionState.WITHDRAWN, ""),
}
#: days ago, by whom, field (none: a roster with all numbers), reason
LOOKS = (
    (9, "organization", "mobile_phone", "通知参加主题党日"),
    (65, "secretary", "id_number", "办理组织关系转接介绍信"),
    (130, "organizer", "", "核对年度统计名册"),
    (420, "secretary", "address", "春节走访慰问"),
)


def write_own_pages(*, settled: Settled, rng: random.Random, today: date, now: datetime) -> None:
    people = {member.person_id: member for member in settled.branches[0].members}
    rows = [_request(asked, settled=settled, rng=rng, today=today) for asked in ASKED]
    CorrectionRequest.objects.bulk_create(rows)
    _write_looks(people[settled.people["member"].pk], settled=settled, now=now)
    _carry_out(people[settled.people["member"].pk])


def _request(asked: Asked, *, settled: Settled, rng: random.Random, today: date) -> CorrectionRequest:
    on = today - timedelta(days=asked.days_ago)
    return CorrectionRequest(
        member=_member(asked.who, settled=settled),
        field=asked.field,
        asked=asked.asked,
        wrong=asked.wrong,
        reason=asked.reason,
        asked_on=on,
        due_on=weekdays_after(on, ANSWER_DAYS),
        idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
        **_answered(asked.field, keeper=settled.people[str(PostKind.ORGANIZATION)], on=on),
    )


def _member(who: str | int, *, settled: Settled) -> Member:
    members = settled.branches[0].members
    if isinstance(who, int):
        return members[who]
    return next(member for member in members if member.person_id == settled.people[who].pk)


def _answered(field: str, *, keeper: User, on: date) -> dict[str, Any]:
    if field not in ANSWERS:
        return {}
    state, words = ANSWERS[field]
    if state == CorrectionState.WITHDRAWN:
        return {"state": state}
    return {"state": state, "answer": words, "answered_by": keeper, "answered_on": on + timedelta(days=8)}


def _write_looks(member: Member, *, settled: Settled, now: datetime) -> None:
    for days, who, field, reason in sorted(LOOKS, reverse=True):
        names = [field] if field else ["id_number", "mobile_phone", "address"]
        shown = [{"field": name, "label": LABELS[name], "before": "", "after": ""} for name in names]
        action = "member.revealed" if field else "member.exported"
        entry = Entry(action, target=member, path=member.path, reason=reason, changes=shown)
        record_all(actor=settled.people[who], entries=[entry], at=now - timedelta(days=days, hours=2))


def _carry_out(member: Member) -> None:
    """What was accepted stands in the record."""
    member.job_title = "副主任"
    member.save(update_fields=["job_title"])
