"""The people in a round: the roll, the committee's table of grades, and the lines of the printed forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from apps.accounts.models import User
from apps.ballots.models import Poll, Result
from apps.ballots.queries import counted_in, result_of
from apps.branches.models import Post
from apps.evaluations.models import (
    MemberEvaluation,
    OwnProblem,
    PeerOpinion,
    Round,
)
from apps.evaluations.queries_round import RoundStand, grade_words, opinions_of, problems_of
from apps.meetings.models import Attendance
from apps.members.models import Member
from apps.rules.kinds import AttendanceStatus, MembershipState, MemberStatus
from apps.rules.kinds_evaluations import MemberGrade, RoundPart, RoundState
from apps.rules.member_evaluation import leading_grade
from apps.rules.periods import day_words


@dataclass(frozen=True, kw_only=True)
class RollRow:
    """One member on the round's page: what he has handed in, never a word of it."""

    evaluation: MemberEvaluation
    problems: int
    opinions: int

    @property
    def pk(self) -> int:
        return self.evaluation.pk

    @property
    def name(self) -> str:
        return str(self.evaluation.member)

    @property
    def is_gone(self) -> bool:
        return not is_asked(self.evaluation)


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """The ballot's totals by member, as far as they may be shown (security.md 6.4)."""

    result: Result | None = None
    votes: dict[int, list[int]] = field(default_factory=dict)
    #: Members whose votes stay hidden, as too few voted.
    hidden: frozenset[int] = frozenset()
    #: Whose votes stay hidden from this reader: they are his own.
    own: frozenset[int] = frozenset()

    def leading(self, member_id: int) -> MemberGrade | None:
        return leading_grade(self.votes.get(member_id, []))

    def words(self, member_id: int) -> str:
        if member_id in self.own:
            return "本人的票数不向本人显示"
        if member_id in self.hidden:
            return "票数太少，不显示"
        votes = self.votes.get(member_id)
        if votes is None:
            return "—"
        return "，".join(f"{grade.label} {number}" for grade, number in zip(MemberGrade, votes, strict=True))


def is_asked(evaluation: MemberEvaluation) -> bool:
    """Nothing is asked of whoever died, left or is of another branch now."""
    member = evaluation.member
    return member.state == MembershipState.ACTIVE and member.branch_id == evaluation.round.branch_id


def with_people(rows: QuerySet[MemberEvaluation]) -> QuerySet[MemberEvaluation]:
    return rows.select_related("member__person", "member__branch", "round__branch", "round__poll")


def on_roll(row: Round) -> list[MemberEvaluation]:
    rows = MemberEvaluation.objects.filter(round=row)
    return list(with_people(rows).order_by("member__person__pinyin", "member_id"))


def roll_rows(row: Round) -> list[RollRow]:
    """Three queries."""
    own = Counter(OwnProblem.objects.filter(round=row).values_list("member_id", flat=True))
    peers = PeerOpinion.objects.filter(evaluation__round=row).values_list("evaluation_id", flat=True)
    said = Counter(peers)
    return [
        RollRow(evaluation=one, problems=own[one.member_id], opinions=said[one.pk]) for one in on_roll(row)
    ]


def not_on_roll(row: Round) -> QuerySet[Member]:
    """Active members of the branch who came after the roll was made."""
    known = MemberEvaluation.objects.filter(round=row).values("member")
    return Member.objects.active().filter(branch=row.branch_id).exclude(pk__in=known)


def people_in(row: Round) -> QuerySet[Member]:
    """Whoever is on the roll and still here, for a list to choose from."""
    enrolled = MemberEvaluation.objects.filter(round=row).values("member")
    here = Member.objects.active().filter(pk__in=enrolled, branch=row.branch_id)
    return here.order_by("person__pinyin", "pk")


def ballot_of(poll: Poll | None, *, reader: User | None = None) -> Ballot:
    """Whoever is graded learns the verdict, not the votes, whatever post he holds (security.md 6.4)."""
    result = result_of(poll) if poll else None
    if poll is None or result is None:
        return Ballot()
    votes, hidden, own = {}, set(), set()
    for one in counted_in(poll, result=result):
        subject = one.question.subject
        if subject is None:
            continue
        if reader and subject.person_id == reader.pk:
            own.add(subject.pk)
        elif one.shown:
            votes[subject.pk] = [number for _, number in one.votes]
        else:
            hidden.add(subject.pk)
    return Ballot(result=result, votes=votes, hidden=frozenset(hidden), own=frozenset(own))


@dataclass(frozen=True, kw_only=True)
class GradeRow:
    evaluation: MemberEvaluation
    votes: str
    leading: MemberGrade | None
    is_gone: bool = False


def grade_rows(row: Round, *, ballot: Ballot) -> list[GradeRow]:
    return [
        GradeRow(
            evaluation=one,
            votes=ballot.words(one.member_id),
            leading=ballot.leading(one.member_id),
            is_gone=not is_asked(one),
        )
        for one in on_roll(row)
    ]


def rows_to_decide(row: Round, *, cap: int, reader: User) -> tuple[list[GradeRow], int]:
    """The lines of the committee's table, and how many of them may be 优秀: of a closed round those who
    object, beside the others whose grades stay."""
    rows = grade_rows(row, ballot=ballot_of(row.poll, reader=reader))
    if row.state == RoundState.OPEN:
        return rows, cap
    kept = [one for one in rows if one.evaluation.is_disputed]
    stay = [one for one in rows if not one.evaluation.is_disputed]
    return kept, max(0, cap - sum(one.evaluation.grade == MemberGrade.EXCELLENT for one in stay))


def own_problems_of(row: Round, *, member_id: int) -> list[OwnProblem]:
    rows = OwnProblem.objects.filter(round=row, member_id=member_id)
    return list(rows.select_related("member", "round").order_by("pk"))


def peers_about(evaluation: MemberEvaluation) -> list[PeerOpinion]:
    rows = PeerOpinion.objects.filter(evaluation=evaluation)
    return list(rows.select_related("author__person", "evaluation__round").order_by("pk"))


def peers_by(evaluation: MemberEvaluation) -> list[PeerOpinion]:
    """What this member said of others in the same round."""
    rows = PeerOpinion.objects.filter(evaluation__round=evaluation.round_id, author=evaluation.member_id)
    found = rows.select_related("evaluation__member__person", "evaluation__round", "author__person")
    return list(found.order_by("pk"))


def peers_in(row: Round) -> list[PeerOpinion]:
    """谁对谁: all of a round, for the secretary."""
    rows = PeerOpinion.objects.filter(evaluation__round=row)
    people = rows.select_related("author__person", "evaluation__member__person", "evaluation__round")
    return list(people.order_by("evaluation__member__person__pinyin", "pk"))


def waiting_in(person_id: int) -> list[MemberEvaluation]:
    found = waiting_for_person(person_id)
    return list(found.select_related("round", "member").order_by("-round__year"))


def waiting_for_person(person_id: int) -> QuerySet[MemberEvaluation]:
    """Rounds that wait for this person: open ones, and results that he has not answered."""
    here = Q(member__state=MembershipState.ACTIVE, member__branch=F("round__branch"))
    running = Q(round__state=RoundState.OPEN) & here
    asked = Q(objected_on__isnull=True) | Q(decided_anew=True)
    unanswered = Q(told_on__isnull=False, confirmed_on__isnull=True) & asked
    return MemberEvaluation.objects.filter(running | unanswered, member__person_id=person_id)


def own_rounds(person_id: int) -> list[MemberEvaluation]:
    rows = MemberEvaluation.objects.filter(member__person_id=person_id)
    return list(rows.select_related("round__branch", "member").order_by("-round__year"))


def waiting_words(evaluation: MemberEvaluation) -> str:
    """What waits for the member in one round; nothing where he has done his part."""
    waits = evaluation.decided_anew or not evaluation.objected_on
    if evaluation.told_on and not evaluation.confirmed_on and waits:
        return "评定意见已告知您，请看一看，同意就确认，不同意请写明"
    if evaluation.round.state == RoundState.OPEN and not evaluation.self_on and is_asked(evaluation):
        return f"请在 {evaluation.round.self_by:%Y-%m-%d} 前写好个人自评和问题清单"
    return ""


# The lines of the printed and Word forms (documents.md 6 and 7), in the order of their columns.


def sheet_lines(row: Round) -> list[tuple[int, str, str]]:
    """民主测评表 (7a): number, name, and why no grade is asked for."""
    return [
        (number, str(one.member), one.get_ungraded_display() if one.ungraded else "")
        for number, one in enumerate(on_roll(row), start=1)
    ]


def summary_lines(row: Round, *, ballot: Ballot) -> list[tuple[Any, ...]]:
    """民主评议汇总表 (7b): number, name, the votes of each grade, the grade decided."""
    lines: list[tuple[Any, ...]] = []
    for number, one in enumerate(on_roll(row), start=1):
        votes: Sequence[Any] = ballot.votes.get(one.member_id, ["—"] * len(MemberGrade))
        verdict = one.get_ungraded_display() if one.ungraded else one.get_grade_display()
        lines.append((number, str(one.member), *votes, verdict))
    return lines


def register_lines(evaluation: MemberEvaluation, *, today: date) -> list[tuple[str, Any]]:
    """民主评议登记表 (7c): label and value. The national number and the phone are not on it."""
    member = evaluation.member
    posts = Post.objects.current_on(today).filter(person=member.person_id, organization=member.branch_id)
    held = "、".join(post.get_kind_display() for post in posts.order_by("pk"))
    job = " ".join(word for word in (member.work_unit, member.job_title) if word)
    return [
        ("姓名", member.person.name),
        ("性别", member.get_sex_display()),
        ("出生年月", member.born_on.strftime("%Y.%m") if member.born_on else ""),
        ("民族", member.ethnicity),
        ("籍贯", member.native_place),
        ("学历", member.education),
        ("现任职务", "；".join(word for word in (held, job) if word)),
        ("入党时间", member.admitted_on),
        ("转正时间", member.full_since if member.status == MemberStatus.FULL else "预备党员"),
        ("参加工作时间", member.work_started_on),
    ]


def opinion_lines(row: Round) -> list[tuple[Any, ...]]:
    """征求意见汇总: number, from which side, about what, the words, the day."""
    return [
        (number, one.get_source_display(), one.get_about_display(), one.text, one.received_on)
        for number, one in enumerate(opinions_of(row), start=1)
    ]


def problem_lines(row: Round) -> list[tuple[Any, ...]]:
    """支部班子问题清单: number, problem, how it shows, cause, measure, who, until when."""
    return [
        (number, one.text, one.shown_by, one.cause, one.measure, str(one.owner or ""), one.due_on)
        for number, one in enumerate(problems_of(row), start=1)
    ]


def rectification_lines(row: Round) -> list[tuple[Any, ...]]:
    """整改清单: number, problem, measure, who, until when, how far, struck off on."""
    return [
        (
            number,
            one.text,
            one.measure,
            str(one.owner or ""),
            one.due_on,
            one.task.get_state_display() if one.task else "未建任务",
            one.task.closed_on if one.task else None,
        )
        for number, one in enumerate(problems_of(row), start=1)
    ]


def report_lines(stand: RoundStand, *, ballot: Ballot) -> list[tuple[str, str]]:
    """情况报告: label and value, numbers only; what the branch adds in words stands in `Round.report`."""
    row = stand.round
    days = "、".join(day_words(sitting.held_on) for sitting in stand.met)
    lines = [("主题", row.theme), ("开会日期", days), ("到会情况", _attended(stand))]
    parts = (stand.frozen or stand.parts)[: len(RoundPart)]
    lines += [(part.label, part.found) for part in parts if part.label != RoundPart.MEETING.label]
    if row.with_grades:
        said = PeerOpinion.objects.filter(evaluation__round=row).count()
        lines.append(("互评意见", f"{said} 条"))
    if ballot.result:
        result = ballot.result
        counted = f"发出 {result.issued} 张，收回 {result.returned} 张，有效 {result.valid} 张"
        lines.append(("民主测评", counted))
    if stand.graded:
        lines.append(("评定等次", grade_words(stand)))
    return [(label, value) for label, value in lines if value]


def _attended(stand: RoundStand) -> str:
    """At the first sitting that was the meeting of this round."""
    if not stand.met:
        return ""
    marks = Attendance.objects.filter(meeting=stand.met[0])
    present = marks.filter(status=AttendanceStatus.PRESENT).count()
    return f"应到 {marks.count()} 人，实到 {present} 人"
