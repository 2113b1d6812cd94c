"""What reviewers and the committee wrote in the demo: last year's whole, this year's in every state."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from apps.evaluations.models import (
    BranchEvaluation,
    Cycle,
    CycleStandard,
    FinalMark,
    FrozenFigure,
    Mark,
    Objection,
    ResultProblem,
    Reviewer,
    Seat,
    VisitNote,
)
from apps.rules.branch_review import agreeing, needs_reason
from apps.rules.figures import FigureState
from apps.rules.kinds import ProblemSource, TaskKind
from apps.rules.kinds_evaluations import EvaluationState, FrozenStage, Ruling
from apps.standards.figure_words import worst
from apps.tasks.models import Rectification, Task, TaskState
from apps.workbench.services_demo_people import Settled, SettledBranch

GRADES = 4
NAMED = (
    ("党员大会有两个季度开得晚", "按季度排好日期，提前一周通知，每季度末由组织委员核对一次。"),
    ("谈心谈话没有覆盖到每名党员", "上半年分片谈一遍，谈完当周登记。"),
    ("外出党员联系不经常", "每月联系一次，参加不了活动的寄送学习材料。"),
)
REASONS = ("查了会议记录，有三次没有按时开。", "实地看了，情况比数字显示的要好。", "党员反映不一，还需观察。")
SUMMARY = "班子团结，组织生活正常，党员作用发挥较好；学习联系实际不够，个别记录不及时。"
VISIT = "看了党员活动室和会议记录，问了四名党员，都说支部有事找得到人。"
OBJECTED = "九月的党员大会因防汛推迟到十月初，上级有通知，请核实。"
ANSWER = "已核对防汛通知，情况属实，改定等次。"
#: This year's turn of the branches that have reported, by their place in the demo: who reviews, how far.
TURNS: dict[int, tuple[str, EvaluationState, str]] = {
    1: ("village", EvaluationState.REVIEW, "done"),
    2: ("village", EvaluationState.REVIEW, "half"),
    4: ("small", EvaluationState.OBJECTION, "done"),
    5: ("village", EvaluationState.REVIEW, ""),
    7: ("small", EvaluationState.DECISION, "done"),
    10: ("village", EvaluationState.DECIDED, "done"),
    11: ("organizer", EvaluationState.REVIEW, ""),
}
WAITING = {0: "village", 3: "village", 6: "small", 9: "small"}


def write_last_problems(*, settled: Settled, today: date, now: datetime) -> None:
    """The tasks that came of last year's results: most are done, one of three is late."""
    found_on = min(date(today.year, 1, 15), today)
    tasks = [
        _task(branch, settled=settled, place=place, at=at, found_on=found_on, today=today, now=now)
        for at, branch in enumerate(settled.branches)
        for place in range(2)
    ]
    Task.objects.bulk_create(tasks)
    Rectification.objects.bulk_create(
        [
            Rectification(
                task=task,
                source=ProblemSource.WORK_REVIEW,
                found_on=found_on,
                measure="列入月度计划，定到人。",
                evidence="会议记录和登记表" if task.state == TaskState.DONE else "",
            )
            for task in tasks
        ]
    )


def _task(branch: SettledBranch, *, settled: Settled, place: int, at: int, **days: Any) -> Task:
    text, demand = NAMED[(at + place) % len(NAMED)]
    due_on = days["found_on"] + timedelta(days=150)
    done = bool(place or at % 3) and due_on < days["today"]
    return Task(
        organization=branch.organization,
        path=branch.organization.path,
        kind=TaskKind.RECTIFICATION,
        title=text,
        detail=f"上年度考核反馈的问题。整改要求：{demand}",
        due_on=due_on,
        state=TaskState.DONE if done else TaskState.OPEN,
        closed_on=due_on - timedelta(days=9) if done else None,
        result="已经改到位。" if done else "",
        created_by=settled.people["organizer"],
        created_at=days["now"],
        idempotency_key=_key(branch, place=place),
    )


def _key(branch: SettledBranch, *, place: int) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"demo problem {branch.organization.name} {place}")


def write_desk(*, settled: Settled, today: date) -> None:
    """After the cycles: `services_demo_cycle`."""
    last = Cycle.objects.get(organization=settled.committee, year=today.year - 1)
    this = Cycle.objects.get(organization=settled.committee, year=today.year)
    _write_last_year(last, settled=settled)
    _write_this_year(this, settled=settled, today=today)


def _write_last_year(cycle: Cycle, *, settled: Settled) -> None:
    evaluations = _evaluations(cycle)
    states = _states(cycle, stage=FrozenStage.RESULT)
    reviewers = _reviewers(cycle)
    problems, seats, finals = [], [], []
    for at, branch in enumerate(settled.branches):
        evaluation = evaluations[branch.organization.pk]
        who = "small" if branch.organization == settled.branches[4].organization else "village"
        seats.append(_seat(evaluation, reviewers[settled.people[who].pk], on=cycle.review_by, at=at))
        finals += _finals(evaluation, states.get(evaluation.pk, {}), at=at)
        problems += _problems(evaluation, branch, at=at)
    marks = _as_marks(Seat.objects.bulk_create(seats), finals)
    Mark.objects.bulk_create(marks, batch_size=1000)
    FinalMark.objects.bulk_create(finals, batch_size=1000)
    ResultProblem.objects.bulk_create(problems)


def _problems(evaluation: BranchEvaluation, branch: SettledBranch, *, at: int) -> list[ResultProblem]:
    keys = [_key(branch, place=place) for place in range(2)]
    tasks = {task.idempotency_key: task for task in Task.objects.filter(idempotency_key__in=keys)}
    return [
        ResultProblem(
            evaluation=evaluation,
            position=place,
            text=NAMED[(at + place) % len(NAMED)][0],
            demand=NAMED[(at + place) % len(NAMED)][1],
            due_on=tasks[key].due_on or evaluation.cycle.publish_by,
            task=tasks[key],
        )
        for place, key in enumerate(keys)
    ]


def _write_this_year(cycle: Cycle, *, settled: Settled, today: date) -> None:
    evaluations = _evaluations(cycle)
    states = _states(cycle, stage=FrozenStage.REPORT)
    reviewers = _reviewers(cycle)
    for at, branch in enumerate(settled.branches):
        evaluation = evaluations[branch.organization.pk]
        if at in WAITING and evaluation.state == EvaluationState.REPORT:
            _seat(evaluation, reviewers[settled.people[WAITING[at]].pk], on=None, at=at).save()
        if at in TURNS and evaluation.state == EvaluationState.REVIEW:
            reviewer = reviewers[settled.people[TURNS[at][0]].pk]
            _review(evaluation, reviewer, states=states.get(evaluation.pk, {}), at=at, today=today)


def _review(
    evaluation: BranchEvaluation,
    reviewer: Reviewer,
    *,
    states: Mapping[int, FigureState | None],
    at: int,
    today: date,
) -> None:
    _, state, far = TURNS[at]
    day = today - timedelta(days=3)
    seat = _seat(evaluation, reviewer, on=day if far == "done" else None, at=at)
    seat.save()
    if not far:
        return
    finals = _finals(evaluation, states, at=at)
    half = finals[: len(finals) // 2] if far == "half" else finals
    Mark.objects.bulk_create(_as_marks([seat], half))
    _visit(evaluation, reviewer, day=day - timedelta(days=1))
    if state != EvaluationState.REVIEW:
        FinalMark.objects.bulk_create(finals)
        _told(evaluation, finals, state=state, today=today)


def _told(
    evaluation: BranchEvaluation, finals: Sequence[FinalMark], *, state: EvaluationState, today: date
) -> None:
    evaluation.state, evaluation.told_on = state, today - timedelta(days=2)
    if state == EvaluationState.DECIDED:
        evaluation.grade, evaluation.grade_reason = 1, "组织生活经常，个别记录不及时。"
        evaluation.feedback = SUMMARY
        evaluation.decided_on, evaluation.decided_by_id = today, evaluation.cycle.created_by_id
        text, demand = NAMED[2]
        due_on = today + timedelta(days=150)
        ResultProblem.objects.create(evaluation=evaluation, text=text, demand=demand, due_on=due_on)
    else:
        answered = state == EvaluationState.DECISION
        final = next((one for one in finals if one.grade == 2), finals[0])
        _object(final, answered=answered, today=today)
    evaluation.save()


def _object(final: FinalMark, *, answered: bool, today: date) -> None:
    by = final.evaluation.reported_by
    given: dict[str, Any] = {"reason": OBJECTED, "raised_on": today - timedelta(days=1), "raised_by": by}
    if answered:
        given |= {"ruling": Ruling.UPHELD, "answer": ANSWER, "answered_on": today}
        given["answered_by"] = final.evaluation.cycle.created_by
        final.first_grade, final.grade = final.grade, max(0, final.grade - 1)
        final.save(update_fields=["first_grade", "grade"])
    Objection.objects.create(evaluation=final.evaluation, standard=final.standard, **given)


def _visit(evaluation: BranchEvaluation, reviewer: Reviewer, *, day: date) -> None:
    VisitNote.objects.create(
        evaluation=evaluation,
        written_by=reviewer.person,
        visited_on=day,
        text=VISIT,
        idempotency_key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo visit {evaluation.pk}"),
    )


def _evaluations(cycle: Cycle) -> dict[int, BranchEvaluation]:
    rows = BranchEvaluation.objects.filter(cycle=cycle).select_related("cycle__created_by", "reported_by")
    return {row.branch_id: row for row in rows}


def _reviewers(cycle: Cycle) -> dict[int, Reviewer]:
    rows = Reviewer.objects.filter(cycle=cycle).select_related("person")
    return {row.person_id: row for row in rows}


def _states(cycle: Cycle, *, stage: FrozenStage) -> dict[int, dict[int, FigureState | None]]:
    """By evaluation and standard, what the figures kept at that step say."""
    kept: dict[int, dict[str, FigureState]] = {}
    for row in FrozenFigure.objects.filter(evaluation__cycle=cycle, stage=stage):
        kept.setdefault(row.evaluation_id, {})[row.measure] = FigureState(row.state)
    measures = {row.pk: _measures(row) for row in CycleStandard.objects.filter(cycle=cycle)}
    return {
        pk: {
            standard: worst([found[key] for key in keys]) if keys else None
            for standard, keys in measures.items()
        }
        for pk, found in kept.items()
    }


def _measures(standard: CycleStandard) -> list[str]:
    sorts = (code.partition(":") for code in standard.evidence.split())
    return [key for sort, _, key in sorts if sort == "measure"]


def _seat(evaluation: BranchEvaluation, reviewer: Reviewer, *, on: date | None, at: int) -> Seat:
    """`on`: handed in on that day."""
    return Seat(
        evaluation=evaluation,
        reviewer=reviewer,
        handed_in_on=on,
        summary=SUMMARY if on else "",
        suggested_grade=at % 2 if on else None,
    )


def _finals(
    evaluation: BranchEvaluation, states: Mapping[int, FigureState | None], *, at: int
) -> list[FinalMark]:
    """One in nine differs from the evidence, with a reason; nobody gets the lowest grade."""
    standards = CycleStandard.objects.filter(cycle=evaluation.cycle_id).order_by("position")
    rows = []
    for place, standard in enumerate(standards):
        state = states.get(standard.pk)
        free = [grade for grade in agreeing(state, grades=GRADES) if grade < GRADES - 1]
        grade = 1 if (place + at) % 9 == 0 else free[(place + at) % len(free)] if state else place % 2
        wants = needs_reason(grade, grades=GRADES, state=state)
        reason = REASONS[place % len(REASONS)] if wants else ""
        rows.append(FinalMark(evaluation=evaluation, standard=standard, grade=grade, reason=reason))
    return rows


def _as_marks(seats: Iterable[Seat], finals: Iterable[FinalMark]) -> list[Mark]:
    by_evaluation = {seat.evaluation_id: seat for seat in seats}
    return [
        Mark(
            seat=by_evaluation[final.evaluation_id],
            standard=final.standard,
            grade=final.grade,
            reason=final.reason,
        )
        for final in finals
    ]
