"""The demo's rounds: in the first branch last year's, complete, and this year's, midway; a few in others."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from apps.ballots.models import Poll, Question
from apps.evaluations.models import (
    BranchProblem,
    FrozenStep,
    MemberEvaluation,
    Opinion,
    OwnProblem,
    PeerOpinion,
    Round,
    RoundSitting,
)
from apps.evaluations.queries_round import stand_of
from apps.meetings.models import Meeting, MeetingState
from apps.members.models import Member
from apps.rules.kinds import MeetingKind, PostKind, ProblemSource, TaskKind
from apps.rules.kinds_ballots import PollMode, PollPurpose, PollState, Scale
from apps.rules.kinds_evaluations import (
    MemberGrade,
    OpinionAbout,
    OpinionSource,
    RoundPart,
    RoundState,
    Ungraded,
)
from apps.tasks.models import Rectification, Task, TaskState
from apps.workbench.services_demo_ballots import Desk
from apps.workbench.services_demo_people import Settled, SettledBranch

OPINIONS = (
    (OpinionSource.MASSES, OpinionAbout.WORK, "办事窗口中午没有人，希望安排轮班。"),
    (OpinionSource.MEMBERS, OpinionAbout.COMMITTEE, "支委下到党小组少，希望每季度参加一次小组会。"),
    (OpinionSource.UNIT, OpinionAbout.MEMBERS, "年轻党员独当一面还不够，多压担子。"),
    (OpinionSource.MASSES, OpinionAbout.OTHER, "志愿服务多到老旧小区来。"),
)
#: problem, how it shows, cause, measure
PROBLEMS = (
    (
        "理论学习不够深入",
        "集中学习以读文件为主，联系实际讨论少。",
        "备课不足，计划排得太满。",
        "每次学习定一个讨论题，会前两天发给大家。",
    ),
    (
        "联系群众不够经常",
        "走访集中在节日前后，平时少。",
        "没有排到人、排到月。",
        "支委分片联系，每月至少走访两户并记工作纪实。",
    ),
    (
        "对流动党员管理不够细",
        "有两名外出党员半年没有联系。",
        "联系人变动后没有及时交接。",
        "重新明确联系人，每季度联系一次并登记。",
    ),
)
SELF_TEXTS = (
    "一年来按时参加组织生活，完成了本职工作。不足：学习不够系统，遇到难事有时等一等。打算：每周读书两次，主动领一件难事。",
    "积极参加志愿服务，认真完成支部交办的事。不足：和群众谈心少，工作方法简单。打算：每月走访两户，多听少讲。",
    "坚持学习，带头参加值班。不足：批评别人顾虑多，怕伤和气。打算：有话当面讲，讲了帮着改。",
)
OWN = (
    ("学习不够系统", "碎片化看得多，整本书读得少。", "自我要求不严。", "每季度读完一本书，写一页心得。"),
    ("服务群众主动性不够", "等群众上门多，主动走访少。", "怕麻烦。", "每月走访两户联系户。"),
)
SPEECHES = (
    "工作踏实，就是开会时发言少，希望多提意见。",
    "热心助人，学习上还可以再钻一些。",
    "办事快，有时急，和群众说话要更耐心。",
)
REASON = "测评票数相近，结合平时表现，支委会讨论决定。"


@dataclass
class Writer:
    """Writes the rounds of one branch, past the services."""

    place: SettledBranch
    rng: random.Random
    today: date
    now: datetime

    def key(self) -> dict[str, uuid.UUID]:
        return {"idempotency_key": uuid.UUID(int=self.rng.getrandbits(128))}

    @property
    def keeper(self) -> Any:
        return self.place.posts.get(PostKind.SECRETARY, self.place.members[0]).person

    def begin(self, year: int, *, starts_on: date) -> Round:
        branch = self.place.organization
        row = Round.objects.create(
            branch=branch,
            path=branch.path,
            year=year,
            theme="深入学习贯彻党的创新理论，强化为民服务",
            starts_on=starts_on,
            self_by=starts_on + timedelta(days=21),
            meeting_by=date(year + 1, 3, 31),
            created_by=self.keeper,
            created_at=self.now - (self.today - starts_on),
            **self.key(),
        )
        for member in self.place.members:
            ungraded = "" if member.is_full else Ungraded.PROBATIONARY
            MemberEvaluation.objects.create(round=row, member=member, path=branch.path, ungraded=ungraded)
        return row

    def gather(self, row: Round, *, number: int) -> None:
        for source, about, text in OPINIONS[:number]:
            day = row.starts_on + timedelta(days=self.rng.randrange(1, 10))
            made = {"received_on": day, "entered_by": self.keeper, **self.key()}
            Opinion.objects.create(round=row, source=source, about=about, text=text, **made)

    def study(self, row: Round) -> None:
        """The last sitting on file before the round, or soon after it began."""
        until = min(self.today, row.starts_on + timedelta(days=30))
        sittings = Meeting.objects.filter(branch=row.branch, state=MeetingState.CLOSED, held_on__lte=until)
        found = sittings.filter(purposes__kind=MeetingKind.GENERAL).order_by("-held_on").first()
        if found:
            RoundSitting.objects.create(round=row, part=RoundPart.STUDY, meeting=found)

    def problems(self, row: Round, *, found_on: date, as_tasks: bool) -> None:
        owners = [post.person for post in self.place.posts.values()] or [self.keeper]
        for place, (text, shown_by, cause, measure) in enumerate(PROBLEMS):
            owner, due_on = owners[place % len(owners)], found_on + timedelta(days=100 + 40 * place)
            problem = BranchProblem(round=row, text=text, shown_by=shown_by, cause=cause, **self.key())
            if as_tasks or place == 0:
                problem.measure, problem.owner, problem.due_on = measure, owner, due_on
            if as_tasks:
                problem.task = self.task(problem, found_on=found_on, done=place < 2)
            problem.save()

    def task(self, problem: BranchProblem, *, found_on: date, done: bool) -> Task:
        branch = self.place.organization
        task = Task.objects.create(
            organization=branch,
            path=branch.path,
            kind=TaskKind.RECTIFICATION,
            title=problem.text,
            owner=problem.owner,
            due_on=problem.due_on,
            state=TaskState.DONE if done else TaskState.OPEN,
            closed_on=problem.due_on if done else None,
            result="按措施整改到位。" if done else "",
            created_by=self.keeper,
            created_at=self.now - (self.today - found_on),
            **self.key(),
        )
        told = {"source": ProblemSource.ORG_LIFE_MEETING, "found_on": found_on, "measure": problem.measure}
        Rectification.objects.create(task=task, evidence="查看记录和现场。" if done else "", **told)
        return task

    def write_selves(self, row: Round, *, part: float) -> None:
        """Whoever can sign in as an ordinary member has not, so that he can try it."""
        evaluations = list(MemberEvaluation.objects.filter(round=row).select_related("member__person"))
        for one in evaluations:
            if self.rng.random() >= part or (part < 1 and one.member.person.username == "member"):
                continue
            one.self_text, one.self_on = self.rng.choice(SELF_TEXTS), row.self_by - timedelta(days=3)
            one.self_on = min(one.self_on, self.today)
            one.self_grade = "" if one.ungraded else self.rng.choice(["", MemberGrade.QUALIFIED])
            one.save()
            self.own_problem(one)

    def own_problem(self, one: MemberEvaluation) -> None:
        text, shown_by, cause, measure = self.rng.choice(OWN)
        words = {"text": text, "shown_by": shown_by, "cause": cause, "measure": measure}
        person = one.member.person
        due_on = one.round.self_by + timedelta(days=120)
        made = {"entered_by": person, "due_on": due_on, **self.key()}
        OwnProblem.objects.create(round=one.round, member=one.member, **words, **made)

    def speak(self, row: Round, *, number: int) -> None:
        evaluations = list(MemberEvaluation.objects.filter(round=row).order_by("pk"))[:number]
        for place, one in enumerate(evaluations):
            author = self.place.members[(place + 1) % len(self.place.members)]
            made = {"entered_by": author.person, "entered_on": min(row.self_by, self.today), **self.key()}
            text = SPEECHES[place % len(SPEECHES)]
            PeerOpinion.objects.create(evaluation=one, author=author, text=text, **made)


def write_rounds(*, settled: Settled, rng: random.Random, today: date, now: datetime) -> int:
    """Returns how many rounds there are. The ballots of the demo are there already."""
    first, *others = settled.branches
    writer = Writer(first, rng=rng, today=today, now=now)
    _write_last_year(writer)
    _write_open(writer)
    village = settled.people["village"].pk
    for number, place in enumerate(others[:6]):
        beside = Writer(place, rng=rng, today=today, now=now)
        row = beside.begin(_open_year(today), starts_on=_begun(today))
        beside.gather(row, number=number % 4)
        beside.write_selves(row, part=number / 6)
        if beside.keeper.pk == village:
            _write_voted(beside, row)
    return Round.objects.count()


def _write_voted(writer: Writer, row: Round) -> None:
    """The ballot is counted, and the committee has decided of some."""
    writer.study(row)
    writer.speak(row, number=len(writer.place.members))
    row.poll = _count(writer, title=f"{row.year}年度民主评议党员", days=15)
    row.save(update_fields=["poll"])
    for one in MemberEvaluation.objects.filter(round=row, ungraded="").order_by("pk")[:3]:
        one.grade, one.decided_on, one.reason = MemberGrade.QUALIFIED, writer.today, REASON
        one.save()


def _open_year(today: date) -> int:
    """The year whose round is under way on this day."""
    return today.year - 1 if today.month <= 3 else today.year


def _begun(today: date) -> date:
    return max(today - timedelta(days=12), date(_open_year(today), 1, 1))


def _write_open(writer: Writer) -> None:
    row = writer.begin(_open_year(writer.today), starts_on=_begun(writer.today))
    writer.gather(row, number=3)
    writer.study(row)
    writer.problems(row, found_on=writer.today, as_tasks=False)
    writer.write_selves(row, part=0.7)
    writer.speak(row, number=4)
    drafts = Poll.objects.filter(branch=row.branch, purpose=PollPurpose.MEMBERS, state=PollState.DRAFT)
    row.poll = drafts.first()
    row.save(update_fields=["poll"])


def _write_last_year(writer: Writer) -> None:
    """With its ballot counted, the grades decided and told, one objection answered, and closed."""
    year = _open_year(writer.today) - 1
    row = writer.begin(year, starts_on=date(year, 12, 15))
    writer.gather(row, number=4)
    writer.study(row)
    met = date(year + 1, 1, 23)
    writer.problems(row, found_on=met, as_tasks=True)
    writer.write_selves(row, part=1)
    writer.speak(row, number=len(writer.place.members))
    row.poll = _count(writer, title=f"{year}年度民主评议党员", days=300)
    row.save(update_fields=["poll"])
    _decide(row, decided_on=met + timedelta(days=3), today=writer.today)
    _close(row, today=writer.today)


def _count(writer: Writer, *, title: str, days: int) -> Poll:
    place = writer.place
    tellers = (place.members[-1], place.members[-2])
    desk = Desk(place.members, tellers=tellers, rng=writer.rng, today=writer.today, now=writer.now)
    paper = {"mode": PollMode.PAPER, "purpose": PollPurpose.MEMBERS}
    poll = desk.poll(PollState.OPENED, title=title, days=days, **paper)
    questions = Question.objects.bulk_create(
        Question(poll=poll, position=number, words=one.person.name, scale=Scale.MEMBER, subject=one)
        for number, one in enumerate(_graded(place.members), start=1)
    )
    desk.count(poll, questions)
    return poll


def _graded(members: list[Member]) -> list[Member]:
    return [one for one in members if one.is_full]


def _decide(row: Round, *, decided_on: date, today: date) -> None:
    rows = list(MemberEvaluation.objects.filter(round=row, ungraded="").select_related("member__person"))
    most = max(1, stand_of(row, today=today).cap - 2)
    for place, one in enumerate(rows):
        one.grade = MemberGrade.EXCELLENT if place < most else MemberGrade.QUALIFIED
        one.reason = REASON if place % 3 == 0 else ""
        one.decided_on = one.told_on = decided_on
        one.confirmed_on = decided_on + timedelta(days=2)
    last = rows[-1]
    last.grade, last.confirmed_on = MemberGrade.BASIC, None
    last.reason = "全年三次无故缺席组织生活，书记已当面指出，由组织委员结对帮助。"
    last.objection, last.objected_on = "其中一次是家里老人住院，当时请过假。", decided_on + timedelta(days=1)
    last.answer = "已核对请假记录，一次属实；另两次仍为无故缺席，维持评定意见。"
    last.answered_on = decided_on + timedelta(days=4)
    for one in rows:
        one.save()


def _close(row: Round, *, today: date) -> None:
    stand = stand_of(row, today=today)
    steps = enumerate((*stand.parts, *stand.steps), start=1)
    FrozenStep.objects.bulk_create(
        FrozenStep(
            round=row,
            position=position,
            label=step.label,
            state=step.state,
            found=step.found,
            missing=step.missing,
        )
        for position, step in steps
    )
    row.state, row.closed_on, row.kept_cap = RoundState.CLOSED, date(row.year + 1, 2, 20), stand.cap
    row.close_reason = "外出的党员会后补谈。" if stand.missing else ""
    row.save(update_fields=["state", "closed_on", "kept_cap", "close_reason"])
