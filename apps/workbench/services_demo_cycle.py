"""The demo's annual evaluations: last year's is published, this year's is under way in every step."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from apps.ballots.models import Poll
from apps.branches.models import Organization
from apps.evaluations.models import (
    BranchEvaluation,
    Cycle,
    CycleGrade,
    FrozenFigure,
    Reviewer,
    SelfAnswer,
)
from apps.evaluations.queries_cycles import usual_reason
from apps.evaluations.queries_evidence import BranchEvidence, evidence_of
from apps.evaluations.services_cycles import create_cycle, freeze_terms
from apps.evaluations.services_freeze import kept_of
from apps.rules.evaluation_steps import usual_calendar
from apps.rules.figures import RULE_VERSION
from apps.rules.kinds import OrgKind
from apps.rules.kinds_ballots import PollPurpose, PollState
from apps.rules.kinds_evaluations import CycleState, EvaluationState, FrozenStage
from apps.standards.discretion import FROM_ABOVE
from apps.standards.queries import standards_for
from apps.workbench.services_demo_people import Settled, SettledBranch

GRADES = ("好", "较好", "一般", "差")
NOTICE = "请各支部对照标准实事求是自评，不搞材料评比。考核不打分、不排名次，重在找准问题、改到位。"
REASONS = (
    "组织生活经常，党员作用发挥明显，问题整改到位。",
    "各项工作正常开展，个别组织生活没有按时召开。",
    "工作有起色，但党员大会和党课次数不够，记录不及时。",
)
PROBLEMS = (
    "一是党员学习偏重读文件，联系实际讨论不够；二是外出党员参加活动少，联系不经常。原因是年初计划排得粗。",
    "一是有两个季度党员大会开得晚；二是谈心谈话没有覆盖到每名党员。原因是书记兼职多，没有及早分工。",
    "一是会议记录归档不及时；二是群众反映的问题办结慢。原因是责任没有落实到人。",
)
STEPS = (
    "一是按月排好学习和会议，提前一周通知；二是支委分片联系党员，上半年谈一遍；三是问题整改定到人、定到日。"
)
STRENGTHS = "开展“党员帮办”，为老人跑腿代办，群众认可。"
LAST_YEAR = "上年度反馈的问题已列入任务，逐项整改，到期的都已办结。"
#: This year's state of each branch in turn; whoever is behind is late already.
TURNS = (EvaluationState.REPORT, EvaluationState.REVIEW, EvaluationState.REVIEW)


def write_cycles(*, settled: Settled, today: date, now: datetime) -> None:
    last = _cycle(settled, year=today.year - 1, today=min(date(today.year, 1, 15), today), now=now)
    _write_last_year(last, settled=settled)
    this = _cycle(settled, year=today.year, today=today, now=now)
    _write_this_year(this, settled=settled, today=today)
    _write_draft(settled, today=today, now=now)


def _write_draft(settled: Settled, *, today: date, now: datetime) -> None:
    """Of the committee between: nobody below sees it yet."""
    year = today.year
    create_cycle(
        organization=Organization.objects.get(kind=OrgKind.GENERAL_BRANCH),
        year=year,
        values={
            "title": f"{year} 年度涉农支部考核（草稿）",
            "notice": "",
            "reviewers_needed": 2,
            "weighted": True,
            **usual_calendar(today),
        },
        grades=GRADES,
        actor=settled.people["organizer"],
        today=today,
        now=now,
        idempotency_key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo draft {year}"),
    )


def _cycle(settled: Settled, *, year: int, today: date, now: datetime) -> Cycle:
    """As it stands on `today`; published where its year is over."""
    over = year < today.year
    begun = today - timedelta(days=56 if over else 17)
    days = (14, 20, 28, 35, 56)
    names = ("report_by", "appraisal_by", "review_by", "objection_by", "publish_by")
    cycle = Cycle.objects.create(
        organization=settled.committee,
        path=settled.committee.path,
        year=year,
        title=f"{year} 年度党支部书记述职评议考核",
        notice=NOTICE,
        state=CycleState.PUBLISHED if over else CycleState.OPEN,
        opened_on=begun,
        published_on=today if over else None,
        rule_version=RULE_VERSION,
        created_by=settled.people["organizer"],
        created_at=now,
        idempotency_key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo cycle {year}"),
        **{name: begun + timedelta(days=after) for name, after in zip(names, days, strict=True)},
    )
    CycleGrade.objects.bulk_create(
        [CycleGrade(cycle=cycle, position=place, name=name) for place, name in enumerate(GRADES)]
    )
    held = {one.id: None for one in standards_for(settled.committee, on=begun)}
    freeze_terms(cycle=cycle, chosen=held, today=begun)
    roles = ("organizer", "village", "small")
    by = settled.people["organizer"]
    Reviewer.objects.bulk_create(
        [Reviewer(cycle=cycle, person=settled.people[role], named_by=by) for role in roles]
    )
    return cycle


def _write_last_year(cycle: Cycle, *, settled: Settled) -> None:
    decided = {
        "state": EvaluationState.PUBLISHED,
        "decided_on": cycle.published_on,
        "decided_by": settled.people["organizer"],
        "published_on": cycle.published_on,
        "told_on": cycle.review_by,
    }
    rows = []
    for number, branch in enumerate(settled.branches):
        grade = number % len(REASONS)
        given = {"grade": grade, "grade_reason": REASONS[grade], "feedback": f"{REASONS[grade]}望再接再厉。"}
        rows.append(_evaluation(cycle, branch, **decided, **given, **_report(cycle, branch, number=number)))
    made = BranchEvaluation.objects.bulk_create(rows)
    found = evidence_of(made, today=date(cycle.year, 12, 31), reader=FROM_ABOVE)
    _keep(list(found.values()), stages=(FrozenStage.REPORT, FrozenStage.RESULT))


def _write_this_year(cycle: Cycle, *, settled: Settled, today: date) -> None:
    rows = []
    for number, branch in enumerate(settled.branches):
        state = TURNS[number % len(TURNS)]
        reason = usual_reason(branch.organization, year=cycle.year)
        if reason:
            rows.append(_evaluation(cycle, branch, state=EvaluationState.LEFT_OUT, left_out_reason=reason))
        elif state == EvaluationState.REVIEW:
            rows.append(_evaluation(cycle, branch, state=state, **_report(cycle, branch, number=number)))
        else:
            rows.append(_evaluation(cycle, branch, state=state, strengths=STRENGTHS if number == 0 else ""))
    made = BranchEvaluation.objects.bulk_create(rows)
    reported = [one for one in made if one.state == EvaluationState.REVIEW]
    found = evidence_of(reported, today=today, reader=FROM_ABOVE)
    _keep(list(found.values()), stages=(FrozenStage.REPORT,))
    _answer(list(found.values()))
    _link_poll(made[0], year=cycle.year)


def _evaluation(cycle: Cycle, branch: SettledBranch, **fields: Any) -> BranchEvaluation:
    place = branch.organization
    return BranchEvaluation(cycle=cycle, branch=place, path=place.path, rules_path=place.path, **fields)


def _report(cycle: Cycle, branch: SettledBranch, *, number: int) -> dict[str, Any]:
    return {
        "last_year": LAST_YEAR,
        "strengths": STRENGTHS if number % 2 else "",
        "problems": PROBLEMS[number % len(PROBLEMS)],
        "next_steps": STEPS,
        "own_grade": number % 2,
        "reported_on": cycle.report_by - timedelta(days=2 + number % 3),
        "reported_by": branch.members[0].person,
        "report_on_paper": number % 4 == 3,
    }


def _keep(found: Sequence[BranchEvidence], *, stages: Sequence[FrozenStage]) -> None:
    rows = [row for stage in stages for one in found for row in kept_of(one, stage=stage)]
    FrozenFigure.objects.bulk_create(rows, batch_size=1000)


def _answer(found: Sequence[BranchEvidence]) -> None:
    """A word where a standard is not met, and a grade of one's own for some."""
    SelfAnswer.objects.bulk_create(
        [
            SelfAnswer(
                evaluation=one.evaluation,
                standard=line.standard,
                grade=1 + at % 2,
                comment="书记兼职多，上半年安排少，下半年已补上。" if at % 2 else "已列入整改，定到人。",
            )
            for one in found
            for at, line in enumerate(line for line in one.standards if line.wants_words)
        ]
    )


def _link_poll(evaluation: BranchEvaluation, *, year: int) -> None:
    """The poll that is open in the branch whose people can sign in."""
    polls = Poll.objects.filter(branch=evaluation.branch, purpose=PollPurpose.APPRAISAL, state=PollState.OPEN)
    evaluation.members_poll = polls.filter(title__startswith=str(year)).first()
    evaluation.save(update_fields=["members_poll"])
