"""Sittings, talks, work and the log of a random branch, as rows."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.meetings.models import (
    AgendaItem,
    Attendance,
    Consultation,
    DirectiveConveyed,
    Meeting,
    MeetingPurpose,
    MeetingState,
    MeetingTopic,
    Minutes,
    Motion,
    MotionState,
    Opinion,
    Partner,
)
from apps.plans.models import AnnualPlan, FeatureProgress, FeatureProject, PlanItem, TermGoal
from apps.rules.branch_year import EVERY_MONTH, QUARTER_ENDS
from apps.rules.kinds import (
    ActivityForm,
    AttendanceStatus,
    ConcernSource,
    ConsultationKind,
    ItemNature,
    Matter,
    MeetingKind,
    PartnerKind,
    PlanState,
    ProblemSource,
    Progress,
    TalkOccasion,
    TalkPair,
    TalkState,
    TaskKind,
    Topic,
)
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
from apps.talks.models import Talk, TalkPerson, TalkRole
from apps.tasks.models import Assignment, Concern, Directive, Rectification, Task, TaskState
from apps.worklog.models import CareUnit, Entry, EntryMember, KeyPost, KeyPostCheck
from tests.standards.random_records import DAY, NOON, Draw, Place, noon

STATES = [MeetingState.CLOSED] * 17 + [MeetingState.OPEN, MeetingState.PLANNED, MeetingState.CANCELLED]
KINDS = [MeetingKind.GENERAL] * 2 + [MeetingKind.COMMITTEE, MeetingKind.THEMED_DAY] * 4 + list(MeetingKind)


def draw_meeting(draw: Draw, place: Place, *, day: date) -> Meeting:
    kinds = {draw.choice(KINDS), *draw.some(MeetingKind, 1)}
    group = draw.choice(place.groups) if place.groups and draw.chance(0.3) else None
    if group is not None:
        kinds.add(MeetingKind.GROUP)
    state = draw.choice(STATES)
    people = place.members
    meeting = draw.add(
        Meeting,
        branch=place.branch,
        group=group,
        path=(group or place.branch).path,
        title="会",
        state=state,
        held_on=day,
        for_year=draw.choice([None, day.year, day.year - 1]),
        place=draw.choice(["会议室"] * 9 + [""]),
        chair=draw.choice([people[0], people[-1], *people[:1] * 5, None]),
        recorder=draw.choice([people[-1]] * 9 + [None]),
        form=draw.choice(["", *ActivityForm]),
        class_hours=draw.choice([None, Decimal("2"), Decimal("4.5"), Decimal("0")]),
        lecturer=draw.choice([None, people[0], draw.choice(people)]),
        public_participants=draw.choice([0, 0, 3, 20]),
        recorded_at=noon(day + draw.choice([0, 1, 7, 8]) * DAY),
        recorded_by=draw.writer,
        closed_at=noon(day) if state == MeetingState.CLOSED else None,
        cancel_reason="停电" if state == MeetingState.CANCELLED else "",
        idempotency_key=uuid.uuid4(),
    )
    for kind in sorted(kinds):
        draw.add(MeetingPurpose, meeting=meeting, kind=kind)
    draw_life(draw, place, meeting=meeting)
    return meeting


def draw_life(draw: Draw, place: Place, *, meeting: Meeting) -> None:
    """What a sitting was about, who came, and what it dealt with."""
    if draw.chance(0.95):
        draw.add(Minutes, meeting=meeting, summary=draw.choice(["学习了文件。", " ", ""]))
    for topic in draw.some(Topic, 2):
        draw.add(MeetingTopic, meeting=meeting, topic=topic)
    for kind in draw.some(PartnerKind, 2) if draw.chance(0.2) else ():
        draw.add(Partner, meeting=meeting, kind=kind, name="村")
    statuses = [AttendanceStatus.PRESENT] * 9 + list(AttendanceStatus)
    for at, member in enumerate(place.members):
        if draw.chance(0.9):
            draw.add(
                Attendance,
                meeting=meeting,
                member=member,
                status=draw.choice(statuses),
                standing=member.status,
                has_vote=draw.chance(0.9),
                on_committee=at < 3 and draw.chance(0.8),
            )
    for position in draw.sample(range(1, 9), draw.randint(0, 2)):
        draw_item(draw, place, meeting=meeting, position=position)


def draw_item(draw: Draw, place: Place, *, meeting: Meeting, position: int) -> None:
    item = draw.add(
        AgendaItem,
        meeting=meeting,
        position=position,
        title="议题",
        nature=draw.choice(list(ItemNature)),
        is_major=draw.chance(),
        resolution=draw.choice(["同意", " ", ""]),
    )
    for member in draw.some(place.members, 12):
        draw.add(Opinion, item=item, member=member, text="同意")
    for _ in draw.times(2):
        consultation = draw.add(
            Consultation,
            item=item,
            kind=draw.choice(list(ConsultationKind)),
            held_on=meeting.held_on + draw.randint(-5, 2) * DAY,
            brief="说过",
        )
        consultation.drawn = draw.some(place.members, 8)
    for _ in draw.times(1):
        draw_motion(draw, item=item, number=len(place.members))


def draw_motion(draw: Draw, *, item: AgendaItem, number: int) -> Motion:
    present, votes = draw.randint(number // 2, number), draw.randint(0, number)
    written = draw.choice([0, 0, 1])
    return draw.add(
        Motion,
        item=item,
        matter=draw.choice([Matter.ORDINARY, Matter.ADMISSION, Matter.ELECTION, Matter.COMMITTEE_DECISION]),
        text="同意",
        entitled=number,
        present=present,
        votes_for=votes,
        written_for=written,
        needed=number // 2 + 1,
        state=draw.choice([MotionState.PASSED] * 5 + list(MotionState)),
        rule_code="VOTE-1",
        explanation="说明",
        idempotency_key=uuid.uuid4(),
    )


def draw_talk(draw: Draw, place: Place) -> None:
    day, state = draw.day(), draw.choice([TalkState.HELD, TalkState.HELD, *TalkState])
    talk = draw.add(
        Talk,
        branch=place.branch,
        path=place.branch.path,
        pair=draw.choice(list(TalkPair)),
        occasion=draw.choice([TalkOccasion.ROUTINE] * 3 + list(TalkOccasion)),
        state=state,
        held_on=day if state in (TalkState.HELD, TalkState.CLOSED) else None,
        closed_on=day + draw.randint(0, 60) * DAY if state == TalkState.CLOSED else None,
        entered_by=draw.writer,
        created_at=NOON,
        idempotency_key=uuid.uuid4(),
    )
    size = min(len(place.members), draw.choice([2, 2, 2, 3]))
    for member in draw.sample(place.members, size):
        draw.add(TalkPerson, talk=talk, member=member, role=TalkRole.PARTNER)


def draw_task(draw: Draw, place: Place, **fields: Any) -> Task:
    """In any state that the services leave one in."""
    due, state = draw.maybe(odds=0.9), draw.choice([TaskState.DONE, TaskState.DONE, *TaskState])
    done = (due or draw.day()) + draw.randint(-20, 10) * DAY
    kind, assignment = fields.pop("kind", TaskKind.OWN), None
    if kind == TaskKind.ASSIGNED:
        assignment = draw.noted(
            Assignment, organization=place.branch, path=place.branch.path, title="报表", due_on=done
        )
    elif state == TaskState.REPORTED:
        state = TaskState.OPEN
    reported = assignment is not None and state in (TaskState.DONE, TaskState.REPORTED)
    return draw.noted(
        Task,
        organization=place.branch,
        path=place.branch.path,
        kind=kind,
        title="任务",
        due_on=due,
        state=state,
        reported_on=done if reported else None,
        closed_on=done if state == TaskState.DONE else None,
        assignment=assignment,
        **fields,
    )


def draw_work(draw: Draw, place: Place) -> None:
    for _ in draw.times():
        draw_task(draw, place, kind=draw.choice([TaskKind.OWN, TaskKind.RESOLUTION, TaskKind.ASSIGNED]))
    for _ in draw.times():
        task = draw_task(draw, place, kind=TaskKind.CONCERN)
        draw.add(Concern, task=task, raised_by=draw.choice(list(ConcernSource)), raised_on=draw.day())
    for _ in draw.times():
        task = draw_task(draw, place, kind=TaskKind.RECTIFICATION)
        source = draw.choice(list(ProblemSource))
        draw.add(Rectification, task=task, source=source, found_on=draw.day(), measure="改")


def draw_directives(draw: Draw, place: Place, *, meetings: list[Meeting]) -> None:
    for _ in draw.times():
        withdrawn = draw.maybe(odds=0.1)
        paper = draw.noted(
            Directive,
            organization=place.branch,
            path=place.branch.path,
            title="通知",
            issuer="镇党委",
            received_on=draw.day(),
            convey_by=draw.maybe(),
            do_by=draw.maybe(),
            asks_action=draw.chance(0.7),
            withdrawn_on=withdrawn,
            withdrawn_reason="重复" if withdrawn else "",
        )
        for meeting in draw.some(meetings, 2):
            draw.add(DirectiveConveyed, meeting=meeting, directive=paper, added_by=draw.writer, added_at=NOON)
        for _ in draw.times(2):
            draw_task(draw, place, kind=TaskKind.DIRECTIVE, directive=paper)


def progress(draw: Draw) -> dict[str, Any]:
    state = draw.choice([Progress.DONE, *Progress])
    reasoned = state in (Progress.POSTPONED, Progress.CANCELLED)
    return {
        "state": state,
        "state_reason": "另有安排" if reasoned else "",
        "done_on": draw.day() if state == Progress.DONE else None,
    }


def draw_plans(draw: Draw, place: Place) -> None:
    for year in (2025, 2026):
        filed = draw.maybe(date(year, 1, 1) + draw.randint(0, 120) * DAY, odds=0.8)
        if filed is None and draw.chance():
            continue
        state = PlanState.FILED if filed else PlanState.DRAFT
        plan = draw.noted(AnnualPlan, **place.common, year=year, state=state, filed_on=filed)
        for _ in draw.times():
            months = draw.choice([EVERY_MONTH, QUARTER_ENDS, *(1 << draw.randrange(12) for _ in range(9))])
            kind = draw.choice(["", "", MeetingKind.THEMED_DAY, MeetingKind.COMMITTEE, MeetingKind.GENERAL])
            due = draw.maybe(date(year, 1, 1) + draw.randint(0, 364) * DAY, odds=0.3)
            told = {"title": "事", "months": months, "meeting_kind": kind, "due_on": due}
            draw.add(PlanItem, plan=plan, **told, **progress(draw))
    for _ in draw.times(2) if place.term else ():
        year = draw.choice([2025, 2026])
        draw.noted(TermGoal, **place.common, term=place.term, title="事", due_year=year, **progress(draw))
    begins = draw.choice([date(2024, 1, 1), draw.day()])
    for _ in draw.times(2):
        ends = begins + draw.randint(30, 900) * DAY
        project = draw.noted(
            FeatureProject, **place.common, title="特色", why="好", starts_on=begins, ends_on=ends
        )
        begins = ends
        for _ in draw.times(16):
            told = {"year": draw.choice([2025, 2026]), "quarter": draw.randint(1, 4), "text": "做了"}
            by = {"written_by": draw.writer, "written_on": draw.day(), "idempotency_key": uuid.uuid4()}
            draw.add(FeatureProgress, project=project, **told, **by)


SORTS: dict[EntrySort, dict[str, Any]] = {
    EntrySort.STUDY: {},
    EntrySort.CARE: {"care_form": CareForm.VISIT},
    EntrySort.RECOGNITION: {"recognition": RecognitionKind.ENCOURAGEMENT},
    EntrySort.PLACEMENT: {"placement": PlacementKind.TRAINING},
    EntrySort.CONSULTATION: {},
}


def withdrawn(draw: Draw) -> dict[str, Any]:
    day = draw.maybe(odds=0.08)
    return {"withdrawn_on": day, "withdraw_reason": "登错了" if day else ""}


def draw_entry(draw: Draw, place: Place, *, sort: EntrySort) -> None:
    own: dict[str, Any] = dict(SORTS[sort])
    if sort == EntrySort.STUDY:
        hours = Decimal(draw.choice(["0.5", "2", "16", "40"]))
        own = {"category": draw.choice(list(StudyCategory)), "hours": hours}
    if sort == EntrySort.CONSULTATION:
        own = {"participants": draw.choice([None, 0, 7]), "result": draw.choice(["议定", "议定", ""])}
    entry = draw.noted(
        Entry, **place.common, sort=sort, held_on=draw.day(), title="事", **own, **withdrawn(draw)
    )
    if sort != EntrySort.CONSULTATION:
        for member in draw.some(place.members, 5):
            draw.add(EntryMember, entry=entry, member=member)


def draw_log(draw: Draw, place: Place) -> None:
    for sort, most in zip(EntrySort, (16, 6, 4, 4, 4), strict=True):
        for _ in draw.times(most):
            draw_entry(draw, place, sort=sort)
    for _ in draw.times(3):
        told = {"title": "出纳", "area": PostArea.MONEY, "since": draw.choice([date(2020, 1, 1), draw.day()])}
        until = draw.maybe(told["since"] + timedelta(days=draw.randint(0, 500)), odds=0.2)
        post = draw.noted(KeyPost, **place.common, **told, until=until, **withdrawn(draw))
        for _ in draw.times(2):
            check = {"key_post": post, "checked_on": draw.day(), "by_name": "纪检委员", "finding": "好"}
            draw.noted(KeyPostCheck, **place.common, **check, **withdrawn(draw))
    for at in draw.times(3):
        since = draw.choice([date(2020, 1, 1), draw.day()])
        until = draw.maybe(since + timedelta(days=draw.randint(0, 500)), odds=0.2)
        told = {"name": f"单位{at}", "kind": UnitKind.SOCIAL, "since": since, "until": until}
        covered = {"coverage": draw.choice([Coverage.SINGLE, *Coverage]), "covered_since": draw.day()}
        draw.noted(CareUnit, **place.common, **told, **covered, **withdrawn(draw))
