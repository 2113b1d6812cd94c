"""The demo's work log: every sort of entry, key posts and units in every state, partners of activities."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.branches.models import Organization
from apps.meetings.models import Meeting, MeetingState, Partner
from apps.members.models import Member
from apps.rules.kinds import MeetingKind, PartnerKind
from apps.rules.kinds_worklog import (
    CareForm,
    Coverage,
    EntrySort,
    PlacementKind,
    PostArea,
    RecognitionKind,
    StudyCategory,
    UnitKind,
)
from apps.workbench.services_demo_people import Settled, SettledBranch
from apps.worklog.models import CareUnit, Entry, EntryMember, KeyPost, KeyPostCheck

#: So many branches keep a log; the others show the empty pages.
BRANCHES = 4
THEORY, PROFESSIONAL, AUXILIARY = StudyCategory
#: Days ago, category, hours, content, the share of the members that took part.
STUDIES = (
    (12, AUXILIARY, "2", "急救知识网上课程", 0.4),
    (47, PROFESSIONAL, "6", "政务服务业务培训", 0.5),
    (88, THEORY, "8", "县委党校党员轮训班", 0.8),
    (130, THEORY, "3", "党章党规网上自学", 0.6),
    (205, THEORY, "4", "红色教育基地现场教学", 0.7),
    (400, PROFESSIONAL, "8", "基层治理专题培训", 0.5),
)
PARTNERS = (
    (PartnerKind.BRANCH, "镇供电所党支部"),
    (PartnerKind.UNION, "镇总工会"),
    (PartnerKind.YOUTH_LEAGUE, "镇团委"),
    (PartnerKind.UNIT, "青川镇中心小学"),
    (PartnerKind.WOMEN, "镇妇联"),
    (PartnerKind.SOCIAL, "清河志愿服务队"),
)


@dataclass
class Pen:
    """Writes the rows of one branch, each with the same small print."""

    branch: SettledBranch
    rng: random.Random
    today: date
    now: datetime

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def noted(self, *, days: int, place: Organization | None = None) -> dict[str, Any]:
        writer = next(iter(self.branch.posts.values()), self.branch.members[0]).person
        return {
            "branch": self.branch.organization,
            "path": (place or self.branch.organization).path,
            "created_by": writer,
            "created_at": self.now - timedelta(days=days),
            "idempotency_key": uuid.UUID(int=self.rng.getrandbits(128)),
        }

    def entry(self, sort: EntrySort, *, days: int, **fields: Any) -> Entry:
        noted = self.noted(days=days, place=fields.get("group"))
        return Entry(sort=sort, held_on=self.ago(days), **noted, **fields)

    def some(self, share: float) -> list[Member]:
        able = [member for member in self.branch.members if not member.exempt_reason]
        return self.rng.sample(able, max(1, round(len(able) * share)))


def write_worklog(*, settled: Settled, rng: random.Random, today: date, now: datetime) -> int:
    """Returns how many entries there are."""
    written: list[tuple[Entry, Sequence[Member]]] = []
    for number, branch in enumerate(settled.branches[:BRANCHES]):
        pen = Pen(branch, rng=rng, today=today, now=now)
        # One branch studies theory only, so that its book shows what is missing.
        written += [*_studies(pen, broad=number != 1), *_others(pen)]
        _write_posts(pen)
        CareUnit.objects.bulk_create(_units(pen, all_covered=number == 0))
        _write_partners(pen)
    Entry.objects.bulk_create([entry for entry, _ in written])
    people = [EntryMember(entry=entry, member=member) for entry, members in written for member in members]
    EntryMember.objects.bulk_create(people)
    return len(written)


def _studies(pen: Pen, *, broad: bool) -> Iterator[tuple[Entry, Sequence[Member]]]:
    for days, category, hours, title, share in STUDIES:
        if broad or category is THEORY:
            given = {"category": category, "hours": Decimal(hours), "title": title}
            yield pen.entry(EntrySort.STUDY, days=days, **given), pen.some(share)
    for group in pen.branch.groups[:1]:
        given = {"category": THEORY, "hours": Decimal("1.5"), "title": "小组送学上门"}
        mine = [member for member in pen.branch.members if member.group_id == group.pk][:4]
        yield pen.entry(EntrySort.STUDY, days=20, group=group, **given), mine
    wrong = {"withdrawn_on": pen.ago(3), "withdraw_reason": "与党课重复登记"}
    given = {"category": THEORY, "hours": Decimal(2), "title": "专题党课", **wrong}
    yield pen.entry(EntrySort.STUDY, days=5, **given), pen.some(0.5)


def _others(pen: Pen) -> Iterator[tuple[Entry, Sequence[Member]]]:
    old = [member for member in pen.branch.members if member.exempt_reason or member.needs_care]
    writer = next(iter(pen.branch.posts.values()), pen.branch.members[0])
    by = {"by_name": str(writer)}
    visits = ((9, CareForm.VISIT, "入户走访，送学上门"), (76, CareForm.COMFORT, "送慰问金 500 元"))
    for days, form, title in (*visits, (160, CareForm.HELP, "帮助联系就近就医")):
        yield (
            pen.entry(EntrySort.CARE, days=days, care_form=form, title=title, **by),
            (old or pen.some(0.1))[:2],
        )
    praise = EntrySort.RECOGNITION
    commended, encouraged, cleared = RecognitionKind
    yield pen.entry(praise, days=142, recognition=commended, title="镇先进党支部", by_name="青川镇党委"), ()
    yield pen.entry(praise, days=60, recognition=encouraged, title="防汛值守表现突出", **by), pen.some(0.1)
    given = {"title": "网上不实反映已查清", "by_name": "镇纪委"}
    yield pen.entry(praise, days=30, recognition=cleared, **given), pen.some(0.02)
    posted = {"title": "到县信访局挂职", "place": "县信访局", "until": pen.today + timedelta(days=60)}
    yield pen.entry(EntrySort.PLACEMENT, days=100, placement=PlacementKind.POSTING, **posted), pen.some(0.02)
    trained = {"title": "支部书记示范培训班", "place": "县委党校", "until": pen.ago(176)}
    yield pen.entry(EntrySort.PLACEMENT, days=180, placement=PlacementKind.TRAINING, **trained), [writer]
    agreed = {"title": "背街小巷路灯改造", "participants": 26, "result": "先改造三条巷，年底前完成。"}
    yield pen.entry(EntrySort.CONSULTATION, days=70, **agreed), ()
    yield pen.entry(EntrySort.CONSULTATION, days=6, title="河道边停车怎么管", participants=18), ()


def _write_posts(pen: Pen) -> None:
    """One checked this year, one last year, one held by somebody else, one no longer on the list."""
    holders = pen.some(0.2)
    plans: tuple[tuple[str, PostArea, Member | None, int, tuple[int, ...]], ...] = (
        ("出纳", PostArea.MONEY, holders[0], 900, (15, 380)),
        ("物资采购与保管", PostArea.PROPERTY, holders[-1], 900, (395,)),
        ("公益性岗位招聘", PostArea.PEOPLE, None, 300, ()),
        ("旧车辆管理", PostArea.PROPERTY, holders[0], 1200, (800,)),
    )
    for title, area, holder, since, checked in plans:
        fields = {"title": title, "area": area, "holder": holder, "since": pen.ago(since)}
        ended = pen.ago(120) if title == "旧车辆管理" else None
        name = "" if holder else "方文静（聘用）"
        post = KeyPost(**pen.noted(days=since), **fields, holder_name=name, until=ended)
        post.save()
        for days in checked:
            told = {"checked_on": pen.ago(days), "by_name": "纪检委员", "finding": "账实相符，未发现问题。"}
            KeyPostCheck.objects.create(key_post=post, **pen.noted(days=days), **told)


def _units(pen: Pen, *, all_covered: bool) -> Iterator[CareUnit]:
    single, joint, trade, instructor, none = Coverage
    plans = (
        ("青川物流有限公司", UnitKind.ENTERPRISE, single),
        ("清泉农产品合作社", UnitKind.COOPERATIVE, joint),
        ("镇个体私营协会", UnitKind.SOCIAL, trade),
        ("外卖骑手驿站", UnitKind.NEW_EMPLOYMENT, single if all_covered else instructor),
        ("晨光木业加工厂", UnitKind.ENTERPRISE, joint if all_covered else none),
    )
    for name, kind, coverage in plans:
        since = None if coverage is none else pen.ago(200)
        fields = {"name": name, "kind": kind, "coverage": coverage, "covered_since": since}
        yield CareUnit(since=pen.ago(500), **pen.noted(days=500), **fields)
    closed = {"name": "老街印刷厂", "kind": UnitKind.ENTERPRISE, "coverage": none, "until": pen.ago(90)}
    yield CareUnit(since=pen.ago(700), **pen.noted(days=700), **closed)


def _write_partners(pen: Pen) -> None:
    """Every third theme day was held with somebody, and people from the street came."""
    held = Meeting.objects.filter(
        branch=pen.branch.organization, state=MeetingState.CLOSED, purposes__kind=MeetingKind.THEMED_DAY
    )
    for number, meeting in enumerate(held.order_by("held_on", "pk")[::3]):
        kind, name = PARTNERS[number % len(PARTNERS)]
        Partner.objects.create(meeting=meeting, kind=kind, name=name)
        Meeting.objects.filter(pk=meeting.pk).update(public_participants=pen.rng.randrange(5, 25))
