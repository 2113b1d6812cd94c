"""The demo's standards: those that ship, the town's own, some switched off, levels shifted, two notes."""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, timedelta

from apps.branches.models import Organization
from apps.rules.kinds import Aspect, BranchForm, Polarity
from apps.rules.periods import add_months
from apps.standards.evidence import BY_CODE, StandardText
from apps.standards.models import EarlierText, FigureNote, LevelOverride, Standard, StandardSwitch
from apps.standards.services import add_version
from apps.standards.services_load import load_standards
from apps.workbench.services_demo_people import Settled

FILE = "青委发〔2026〕3 号（虚构）"
ROOM = StandardText(
    title="党员活动室每月开放",
    requirement="活动室每月至少开放四次，开放时有党员值守。",
    aspect=Aspect.FOUNDATION,
    polarity=Polarity.POSITIVE,
    locator=FILE,
    evidence=(BY_CODE["measure:activity_variety"], BY_CODE["review"]),
)
ROOM_WEEKLY = StandardText(
    title="党员活动室每周开放",
    requirement="活动室每周至少开放一次，开放时有党员值守，时间公布在门口。",
    aspect=Aspect.FOUNDATION,
    polarity=Polarity.POSITIVE,
    locator=FILE,
    evidence=(BY_CODE["measure:activity_variety"], BY_CODE["review"]),
)
FLOOD = StandardText(
    title="汛期党员不在岗",
    requirement="汛期值守点无党员在岗的，当天提示支部补上。",
    aspect=Aspect.MEMBERS,
    polarity=Polarity.WARNING,
    locator="镇防汛指挥部 2025 年通知（虚构）",
    evidence=(BY_CODE["review"],),
)
#: Branches on the move: what is switched off for them, and why.
OFF = (
    (BranchForm.TEMPORARY, "J3.0b", "项目工期内的临时党支部，不要求特色项目。"),
    (BranchForm.MOBILE, "J3.1a", "党员分散在外地，没有辖区单位。"),
)


def write_standards(*, settled: Settled, today: date, now: datetime, rng: random.Random) -> None:
    """Every state once: in force, of two versions, ended, to come; switched off, and on again."""
    load_standards(today=today)
    town = settled.committee
    _own(town, code="镇-1", texts=[(ROOM, -14), (ROOM_WEEKLY, -2)], settled=settled, today=today)
    _own(town, code="镇-2", texts=[(FLOOD, -16)], settled=settled, today=today, until=-4)
    _switch_off(settled, today=today, rng=rng)
    _shift_levels(settled, today=today, rng=rng)
    _write_notes(settled, today=today, now=now, rng=rng)


def _own(
    town: Organization,
    *,
    code: str,
    texts: list[tuple[StandardText, int]],
    settled: Settled,
    today: date,
    until: int | None = None,
) -> None:
    """A local standard whose versions begin so many months from today."""
    organizer = settled.people["organizer"]
    standard = Standard.objects.create(code=code, organization=town, path=town.path)
    for number, (text, months) in enumerate(texts, start=1):
        begins = add_months(today, months)
        standard.versions.filter(valid_to=None).update(valid_to=begins)
        add_version(standard=standard, text=text, number=number, valid_from=begins, actor=organizer)
    if until is not None:
        standard.versions.filter(valid_to=None).update(valid_to=add_months(today, until))


def _switch_off(settled: Settled, *, today: date, rng: random.Random) -> None:
    found = {branch.plan.form: branch.organization for branch in settled.branches}
    places: list[tuple[Organization, str, str, int, int | None]] = [
        (found[form], code, reason, -7, None) for form, code, reason in OFF
    ]
    places.append((settled.committee, "J3.2a", "换届期间暂停（虚构），现已恢复。", -12, -9))
    for place, code, reason, begins, ends in places:
        StandardSwitch.objects.create(
            standard=Standard.objects.get(code=code, organization=None),
            organization=place,
            path=place.path,
            reason=reason,
            valid_from=add_months(today, begins),
            valid_to=None if ends is None else add_months(today, ends),
            created_by=settled.people["organizer"],
            idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
        )


def _shift_levels(settled: Settled, *, today: date, rng: random.Random) -> None:
    mobile = next(one.organization for one in settled.branches if one.plan.form == BranchForm.MOBILE)
    town = settled.committee
    shifts = (
        (town, "public_participants", 80, 20, "镇里服务群众活动多，要求高一些。", -8, None),
        (mobile, "participation", 70, 50, "外出务工党员线上参加为主。", -6, None),
        (town, "concerns_registered", 6, 2, f"{FILE}第四条，下季度起执行。", 2, None),
        (town, "recognitions", 3, 1, "上一年度的规定，已停止。", -20, -10),
    )
    for place, measure, good, warn, reason, begins, ends in shifts:
        LevelOverride.objects.create(
            organization=place,
            path=place.path,
            measure=measure,
            good=good,
            warn=warn,
            reason=reason,
            valid_from=add_months(today, begins),
            valid_to=None if ends is None else add_months(today, ends),
            created_by=settled.people["organizer"],
            idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
        )


def _write_notes(settled: Settled, *, today: date, now: datetime, rng: random.Random) -> None:
    first = settled.branches[0]
    secretary = settled.people["secretary"]
    notes = (
        ("participation", "今年有 3 名党员驻村，按月在村里参加组织生活，未计入本支部到会。"),
        ("study_hours_members", "上半年的集中培训证书还在补录，录完后重看。"),
    )
    for measure, text in notes:
        note = FigureNote.objects.create(
            organization=first.organization,
            path=first.organization.path,
            year=today.year,
            measure=measure,
            text=text,
            written_by=secretary,
            written_at=now - timedelta(days=3),
            idempotency_key=uuid.UUID(int=rng.getrandbits(128)),
        )
    EarlierText.objects.create(
        note=note, text="学时还没录完。", written_by=secretary, written_at=now - timedelta(days=9)
    )
