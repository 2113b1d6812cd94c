"""The demo's task book: concerns, rectifications, documents from above, and an assignment in every state."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from apps.meetings.models import DirectiveConveyed, Meeting, MeetingState
from apps.rules.kinds import ConcernSource, MeetingKind, NoteKind, ProblemSource, TaskKind
from apps.tasks.models import (
    Assignment,
    Circular,
    Concern,
    Directive,
    Rectification,
    Task,
    TaskNote,
    TaskState,
)
from apps.workbench.services_demo_people import Settled, SettledBranch

#: title, who raised it, raised and due (days from today), closed and told (days after it was raised) or None,
#: what came of it
CONCERNS = (
    ("楼道灯不亮，晚上老人出入不便", ConcernSource.PUBLIC, -75, -60, (6, 7), "已报物业更换，共换三处。"),
    ("希望学习材料提前发，方便上夜班的同志", ConcernSource.MEMBER, -50, -30, (4, 4), "改为提前三天发群。"),
    ("路口积水，雨天不好走", ConcernSource.PUBLIC, -40, -12, (31, 32), "已协调疏通，比答复期限晚了三天。"),
    ("活动室门槛高，轮椅进不来", ConcernSource.MEMBER, -20, 8, None, ""),
    ("老旧小区停车难，想有人牵头商量", ConcernSource.PUBLIC, -35, -5, None, ""),
)
#: title, source, measure, found and due (days from today), struck off (days after) or None, evidence
PROBLEMS = (
    (
        "会议记录补记多，当天记得少",
        ProblemSource.SELF_CHECK,
        "会后当天由记录人录入，组织委员每月底核一次。",
        -120,
        -60,
        45,
        "查阅近两个月会议记录，均在会后两天内录入。",
    ),
    (
        "谈心谈话偏少，与流动党员联系不够",
        ProblemSource.ORG_LIFE_MEETING,
        "支委分片联系，每季度至少联系一次外出党员。",
        -100,
        20,
        None,
        "",
    ),
    (
        "党费公示不及时",
        ProblemSource.INSPECTION,
        "每季度首月十日前在公开栏公示。",
        -70,
        -15,
        None,
        "",
    ),
    (
        "志愿服务形式单一",
        ProblemSource.OPINIONS,
        "与社区、学校各联合开展一次。",
        -90,
        -30,
        50,
        "查看两次活动记录，参加人员名单齐全。",
    ),
)
#: title, number, received, convey by, do by (days from today; None where not asked), what becomes of it
PAPERS = (
    ("关于认真学习贯彻全会精神的通知", "青委发〔{y}〕18 号", -40, -15, None, "conveyed"),
    ("关于做好今冬明春安全生产工作的通知", "青委办〔{y}〕31 号", -30, -10, 15, "conveyed"),
    ("关于开展困难党员走访慰问的通知", "青组〔{y}〕9 号", -12, 4, 25, "waiting"),
    ("关于规范会议记录的提示", "青组函〔{y}〕6 号", -25, -4, None, "waiting"),
    ("关于做好年度组织生活会准备工作的通知", "青组〔{y}〕11 号", -6, 10, 40, "pending"),
    ("关于报刊征订的函", "", -18, None, None, "waiting"),
)
ASKED = ("梳理冬季走访帮扶对象", "已在系统里登记过的不用再报，只补新增的。", 40)
ANSWERS = (
    (TaskState.DONE, "", NoteKind.FEEDBACK, "没有新增对象。"),
    (TaskState.REPORTED, "", NoteKind.KNOWN, "名单在工作日志的走访记录里，请直接查看。"),
    (TaskState.OPEN, "缺两位党员的走访时间，请补上。", NoteKind.QUESTION, "走访时间要精确到几点吗？"),
    (TaskState.OPEN, "", None, ""),
)


@dataclass
class Book:
    """Rows to be written in bulk, in the order in which they point at one another."""

    rng: random.Random
    today: date
    now: datetime
    directives: list[Directive] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)
    rectifications: list[Rectification] = field(default_factory=list)
    notes: list[TaskNote] = field(default_factory=list)
    links: list[DirectiveConveyed] = field(default_factory=list)

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def moment(self, days: int) -> datetime:
        return self.now + timedelta(days=days)

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128))

    def task(self, branch: SettledBranch, **fields: Any) -> Task:
        row = Task(
            organization=branch.organization,
            path=branch.organization.path,
            idempotency_key=self.key(),
            **fields,
        )
        self.tasks.append(row)
        return row

    def note(self, task: Task, *, kind: str, text: str, days: int, by: Any = None) -> None:
        author, moment = by or task.created_by, self.moment(days)
        self.notes.append(TaskNote(task=task, kind=kind, text=text, written_by=author, written_at=moment))

    def save(self) -> int:
        Directive.objects.bulk_create(self.directives, batch_size=400)
        Task.objects.bulk_create(self.tasks, batch_size=400)
        Concern.objects.bulk_create(self.concerns, batch_size=400)
        Rectification.objects.bulk_create(self.rectifications, batch_size=400)
        TaskNote.objects.bulk_create(self.notes, batch_size=400)
        DirectiveConveyed.objects.bulk_create(self.links, batch_size=400)
        return len(self.tasks)


def write_task_book(*, settled: Settled, rng: random.Random, today: date, now: datetime) -> int:
    """Returns how many tasks there are. The first branch has every state of everything."""
    book = Book(rng, today, now)
    sent = _circular(settled, book=book)
    sittings = _sittings(today=today)
    for number, branch in enumerate(settled.branches):
        _concerns(branch, book=book, count=len(CONCERNS) if number == 0 else rng.randrange(1, 4))
        _problems(branch, book=book, count=len(PROBLEMS) if number == 0 else rng.randrange(1, 4))
        _papers(branch, book=book, circular=sent, sittings=sittings.get(branch.organization.pk, []))
    _assigned(settled, book=book)
    return book.save()


def _keeper(branch: SettledBranch) -> Any:
    return branch.members[0].person


def _concerns(branch: SettledBranch, *, book: Book, count: int) -> None:
    for title, raised_by, raised, due, closed, result in CONCERNS[:count]:
        raised_on = book.day(raised)
        task = book.task(
            branch,
            kind=TaskKind.CONCERN,
            title=title,
            owner=book.rng.choice(branch.members[:6]).person,
            due_on=book.day(due),
            state=TaskState.DONE if closed else TaskState.OPEN,
            closed_on=raised_on + timedelta(days=closed[0]) if closed else None,
            result=result,
            created_by=_keeper(branch),
            created_at=book.moment(raised),
        )
        told_on = raised_on + timedelta(days=closed[1]) if closed else None
        book.concerns.append(Concern(task=task, raised_by=raised_by, raised_on=raised_on, told_on=told_on))
        if not closed:
            book.note(task, kind=NoteKind.PROGRESS, text="已实地看过，正在联系有关单位。", days=raised + 3)


def _problems(branch: SettledBranch, *, book: Book, count: int) -> None:
    for title, source, measure, found, due, closed, evidence in PROBLEMS[:count]:
        found_on = book.day(found)
        task = book.task(
            branch,
            kind=TaskKind.RECTIFICATION,
            title=title,
            owner=book.rng.choice(branch.members[:5]).person,
            due_on=book.day(due),
            state=TaskState.DONE if closed else TaskState.OPEN,
            closed_on=found_on + timedelta(days=closed) if closed else None,
            result="已改好。" if closed else "",
            reopened_on=book.day(-10) if source == ProblemSource.INSPECTION else None,
            created_by=_keeper(branch),
            created_at=book.moment(found),
        )
        detail = {"source": source, "found_on": found_on, "measure": measure, "evidence": evidence}
        book.rectifications.append(Rectification(task=task, **detail))
        if task.reopened_on:
            book.note(task, kind=NoteKind.REOPENED, text="第三季度又晚了五天，重新整改。", days=-10)
        elif not closed:
            book.note(task, kind=NoteKind.PROGRESS, text="已分片，联系了两位外出党员。", days=-20)


def _circular(settled: Settled, *, book: Book) -> Circular:
    """The first of the papers, entered once by the committee for all branches."""
    title, number, received, convey, _, _ = PAPERS[0]
    return Circular.objects.create(
        organization=settled.committee,
        path=settled.committee.path,
        title=title,
        number=number.format(y=book.today.year),
        issuer=settled.committee.name,
        convey_by=book.day(convey),
        created_by=settled.people["organizer"],
        created_at=book.moment(received),
        idempotency_key=book.key(),
    )


def _sittings(*, today: date) -> dict[int, list[Meeting]]:
    """Sittings of whole branches of the last two months and to come, the latest first. One query."""
    found: dict[int, list[Meeting]] = {}
    rows = Meeting.objects.filter(
        held_on__gte=today - timedelta(days=45),
        group=None,
        purposes__kind__in=[MeetingKind.GENERAL, MeetingKind.COMMITTEE, MeetingKind.THEMED_DAY],
    )
    for meeting in rows.exclude(state=MeetingState.CANCELLED).distinct().order_by("-held_on", "-pk"):
        found.setdefault(meeting.branch_id, []).append(meeting)
    return found


def _papers(branch: SettledBranch, *, book: Book, circular: Circular, sittings: list[Meeting]) -> None:
    for place, (title, number, received, convey, do, fate) in enumerate(PAPERS):
        paper = Directive(
            organization=branch.organization,
            path=branch.organization.path,
            title=title,
            number=number.format(y=book.today.year),
            issuer=circular.issuer,
            received_on=book.day(received),
            convey_by=book.day(convey) if convey is not None else None,
            do_by=book.day(do) if do is not None else None,
            asks_action=do is not None,
            requirement="组织党员学习，结合本支部实际抓好落实。" if do else "",
            circular=circular if place == 0 else None,
            created_by=circular.created_by if place == 0 else _keeper(branch),
            created_at=book.moment(received),
            idempotency_key=book.key(),
        )
        if title.startswith("关于报刊"):
            paper.withdrawn_on, paper.withdrawn_reason = book.day(-17), "与支部无关，登记错了。"
        book.directives.append(paper)
        _convey(paper, fate=fate, book=book, sittings=sittings)
        if do is not None and fate != "pending":
            _carry_out(paper, branch=branch, book=book, done=fate == "conveyed")


def _convey(paper: Directive, *, fate: str, book: Book, sittings: list[Meeting]) -> None:
    closed = fate == "conveyed"
    fitting = [one for one in sittings if one.held_on >= paper.received_on and one.is_closed == closed]
    if fate == "waiting" or not fitting:
        return
    meeting = fitting[-1]
    moment = min(meeting.closed_at or book.now, book.now)
    book.links.append(
        DirectiveConveyed(meeting=meeting, directive=paper, added_by=paper.created_by, added_at=moment)
    )


def _carry_out(paper: Directive, *, branch: SettledBranch, book: Book, done: bool) -> None:
    book.task(
        branch,
        kind=TaskKind.DIRECTIVE,
        directive=paper,
        title=f"落实《{paper.title}》",
        owner=book.rng.choice(branch.members[:5]).person,
        due_on=paper.do_by,
        state=TaskState.DONE if done else TaskState.OPEN,
        closed_on=book.day(-3) if done else None,
        result="已逐户排查，隐患当场整改。" if done else "",
        created_by=_keeper(branch),
        created_at=paper.created_at,
    )


def _assigned(settled: Settled, *, book: Book) -> None:
    """One demand of the committee that branches have accepted, reported, been given back, and left undone."""
    title, detail, minutes = ASKED
    assignment = Assignment.objects.create(
        organization=settled.committee,
        path=settled.committee.path,
        title=title,
        detail=detail,
        due_on=book.day(-2),
        minutes=minutes,
        created_by=settled.people["organizer"],
        created_at=book.moment(-12),
        idempotency_key=book.key(),
    )
    for number, branch in enumerate(settled.branches):
        _answer(branch, book=book, assignment=assignment, place=(number + 2) % len(ANSWERS))


def _answer(branch: SettledBranch, *, book: Book, assignment: Assignment, place: int) -> None:
    state, returned, kind, words = ANSWERS[place]
    reported_on = None if state == TaskState.OPEN else book.day(-4)
    task = book.task(
        branch,
        kind=TaskKind.ASSIGNED,
        assignment=assignment,
        title=assignment.title,
        detail=assignment.detail,
        due_on=assignment.due_on,
        state=state,
        reported_on=reported_on,
        closed_on=reported_on if state == TaskState.DONE else None,
        return_reason=returned,
        result="已逐户核对，名单见走访记录。" if reported_on or returned else "",
        created_by=assignment.created_by,
        created_at=assignment.created_at,
    )
    if kind:
        book.note(task, kind=kind, text=words, days=-6, by=_keeper(branch))
    if reported_on or returned:
        book.note(task, kind=NoteKind.REPORTED, text=task.result, days=-4, by=_keeper(branch))
    if returned:
        book.note(task, kind=NoteKind.RETURNED, text=returned, days=-3)
    if state == TaskState.DONE:
        book.note(task, kind=NoteKind.ACCEPTED, text="", days=-3)
