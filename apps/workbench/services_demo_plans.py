"""The demo's plans in every state, goals of the term, and feature projects with their quarters."""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, timedelta

from apps.accounts.models import User
from apps.branches.models import Term
from apps.plans.models import (
    AnnualPlan,
    FeatureProgress,
    FeatureProject,
    GoalNote,
    PlanAdjustment,
    PlanItem,
    TermGoal,
)
from apps.rules.branch_year import BranchShape, bits, lines_for
from apps.rules.kinds import BranchForm, PlanState, PostKind, Progress
from apps.rules.periods import months_in
from apps.workbench.services_demo_people import Settled, SettledBranch

GUIDING = "认真学习党的创新理论，围绕本单位中心工作，把支部组织生活过实过好，服务群众办实事。"
GOALS = "按时开展三会一课和主题党日；党员集中学习人均不少于 32 学时；谈心谈话全覆盖；办成两件实事。"
SAFEGUARDS = "支委分工到人，每季度对照计划检查一次；经费从党建工作经费中列支。"
#: month, title, form; the first of them was not done last year and is carried over.
OWN_ITEMS = (
    (4, "修缮党员活动室", "为民实事"),
    (5, "参观红色教育基地", "参观见学"),
    (8, "走访慰问困难党员和老党员", "走访慰问"),
    (10, "与结对支部联合开展主题党日", "联建共建"),
)
TERM_GOALS = (
    ("建成规范的党员活动室", 0),
    ("培养两名年轻的党小组组长", 1),
    ("党员帮办服务覆盖全部村（居）民小组", 2),
)
FEATURES = (
    ("党员帮办一件事", "群众办事跑得远、材料多。由党员轮流帮办代办，一次说清、一次办好。"),
    ("红色小院讲堂", "利用现有院落，每季度请老党员讲一次身边的故事，年轻党员做记录。"),
    ("邻里互助小组", "每名党员联系三户，重点照看独居老人，有事早发现、早解决。"),
)
QUARTER_WORDS = (
    "定下分工和联系名单，走访 20 户。",
    "办成帮办事项 12 件，群众来电感谢 2 次。",
    "新增党员志愿者 3 名，活动 4 次。",
    "总结做法，在镇里交流一次。",
)
ADJUSTED = "参观红色教育基地：月份由“4月”改为“5月”"
#: Branches by their place in the list: one has no plan of the year, one is still writing it.
WITHOUT_PLAN, STILL_WRITING = 1, 2


def write_plans(*, settled: Settled, today: date, now: datetime, seed: int) -> int:
    """Returns how many plans there are."""
    rng = random.Random(seed)  # noqa: S311 - invented data, the same for the same seed
    plans = 0
    for number, branch in enumerate(settled.branches):
        undone = _year(branch, year=today.year - 1, number=number, rng=rng, today=today, now=now)
        plans += 1
        if number != WITHOUT_PLAN:
            _year(branch, year=today.year, number=number, rng=rng, today=today, now=now, carried=undone)
            plans += 1
        if number < len(FEATURES) * 2:
            _goals(branch, rng=rng, today=today, now=now)
            _feature(branch, number=number, rng=rng, today=today, now=now)
    return plans


def _keeper(branch: SettledBranch) -> User:
    return branch.posts.get(PostKind.SECRETARY, branch.members[0]).person


def _key(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128))


def _year(
    branch: SettledBranch,
    *,
    year: int,
    number: int,
    rng: random.Random,
    today: date,
    now: datetime,
    carried: PlanItem | None = None,
) -> PlanItem | None:
    """The plan of the year and its items; returns the item that was not done."""
    filed_on = date(year, 1, 12) + timedelta(days=rng.randrange(20))
    is_filed = filed_on <= today and not (number == STILL_WRITING and year == today.year)
    plan = AnnualPlan.objects.create(
        branch=branch.organization,
        path=branch.organization.path,
        year=year,
        guiding=GUIDING,
        goals=GOALS,
        safeguards=SAFEGUARDS,
        state=PlanState.FILED if is_filed else PlanState.DRAFT,
        filed_on=filed_on if is_filed else None,
        created_by=_keeper(branch),
        created_at=now,
        idempotency_key=_key(rng),
    )
    items = [*_usual(branch, plan), *_own(branch, plan, carried=carried)]
    if is_filed:
        for item in items:
            _come_on(item, year=year, today=today, rng=rng)
        if number % 3 == 0:
            _adjusted(plan, by=_keeper(branch), now=now)
    made = PlanItem.objects.bulk_create(items)
    return next((item for item in made if not item.code and item.state == Progress.NOT_STARTED), None)


def _usual(branch: SettledBranch, plan: AnnualPlan) -> list[PlanItem]:
    shape = BranchShape(
        with_committee=branch.plan.with_committee,
        with_groups=bool(branch.groups),
        temporary=branch.plan.form == BranchForm.TEMPORARY,
    )
    return [
        PlanItem(
            plan=plan,
            months=line.months,
            title=line.title,
            form=line.form,
            meeting_kind=line.meeting_kind or "",
            owner=branch.posts[line.owner].person if line.owner in branch.posts else _keeper(branch),
            code=line.code,
        )
        for line in lines_for(shape)
    ]


def _own(branch: SettledBranch, plan: AnnualPlan, *, carried: PlanItem | None) -> list[PlanItem]:
    people = [member.person for member in branch.members]
    rows = [
        PlanItem(plan=plan, months=bits(month), title=title, form=form, owner=people[place % len(people)])
        for place, (month, title, form) in enumerate(OWN_ITEMS)
    ]
    rows[0].carried_from = carried
    rows[1].due_on = date(plan.year, 5, 28)
    return rows


def _come_on(item: PlanItem, *, year: int, today: date, rng: random.Random) -> None:
    """Where the item stands today. What is met by sittings has nothing entered."""
    months = months_in(item.months)
    if item.meeting_kind or (year, months[0]) > (today.year, today.month):
        return
    if (year, months[-1]) >= (today.year, today.month):
        item.state, item.note = Progress.UNDER_WAY, "已开始。"
        return
    if item.title == OWN_ITEMS[0][1] and item.carried_from is None:
        return
    if item.title == OWN_ITEMS[3][1] and year == today.year:
        item.state, item.state_reason = Progress.POSTPONED, "对方支部正在换届，改到下月。"
        return
    if item.title == OWN_ITEMS[1][1] and rng.random() < 0.2:
        item.state, item.state_reason = Progress.CANCELLED, "防汛值守，场馆闭馆。"
        return
    item.state = Progress.DONE
    item.done_on = date(year, months[-1], rng.randrange(5, 28))


def _adjusted(plan: AnnualPlan, *, by: User, now: datetime) -> None:
    PlanAdjustment.objects.create(
        plan=plan, reason="与镇里统一安排衔接", text=ADJUSTED, made_by=by, made_at=now - timedelta(days=5)
    )


def _goals(branch: SettledBranch, *, rng: random.Random, today: date, now: datetime) -> None:
    term = Term.objects.filter(organization=branch.organization).order_by("-starts_on").first()
    if term is None:
        return
    for title, ahead in TERM_GOALS:
        is_done = ahead == 0 and rng.random() < 0.5
        goal = TermGoal.objects.create(
            branch=branch.organization,
            path=branch.organization.path,
            term=term,
            title=title,
            due_year=today.year + ahead,
            state=Progress.DONE if is_done else Progress.UNDER_WAY if ahead < 2 else Progress.NOT_STARTED,
            done_on=today - timedelta(days=10) if is_done else None,
            created_by=_keeper(branch),
            created_at=now,
            idempotency_key=_key(rng),
        )
        if ahead < 2:
            words = {"goal": goal, "state": goal.state, "written_by": _keeper(branch)}
            moment = now - timedelta(days=10)
            GoalNote.objects.create(text="已列入支委会议题，分工到人。", written_at=moment, **words)


def _feature(branch: SettledBranch, *, number: int, rng: random.Random, today: date, now: datetime) -> None:
    """Begun at the start of last year; every second branch has missed the quarter before this one."""
    title, why = FEATURES[number % len(FEATURES)]
    project = FeatureProject.objects.create(
        branch=branch.organization,
        path=branch.organization.path,
        title=title,
        why=why,
        starts_on=date(today.year - 1, 3, 1),
        created_by=_keeper(branch),
        created_at=now,
        idempotency_key=_key(rng),
    )
    this_quarter = today.year * 4 + (today.month - 1) // 3
    FeatureProgress.objects.bulk_create(
        FeatureProgress(
            project=project,
            year=count // 4,
            quarter=count % 4 + 1,
            text=QUARTER_WORDS[count % 4],
            written_by=_keeper(branch),
            written_on=min(today, date(count // 4, count % 4 * 3 + 3, 20)),
            idempotency_key=_key(rng),
        )
        for count in range((today.year - 1) * 4, this_quarter)
        if not (number % 2 and count == this_quarter - 1)
    )
