"""Rounds with what of them is there and what is missing: of one for its page, of many for those above."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from apps.ballots.models import Poll, Result
from apps.branches.models import Organization
from apps.evaluations.models import (
    BranchProblem,
    FrozenStep,
    MemberEvaluation,
    Opinion,
    OwnProblem,
    PartNote,
    PeerOpinion,
    Round,
    RoundSitting,
)
from apps.ledger.facts_talks import talks_before
from apps.meetings.models import Meeting, MeetingState
from apps.rules.cadences import ANNUAL_ROUND
from apps.rules.kinds import BranchForm, MeetingKind, MembershipState, MemberStatus, ProblemSource, TaskKind
from apps.rules.kinds_ballots import PollPurpose, PollState
from apps.rules.kinds_evaluations import MemberGrade, RoundPart, RoundState, StepState
from apps.rules.member_evaluation import (
    LEAST_TO_COUNT,
    EvaluationFacts,
    Noted,
    RoundFacts,
    Stand,
    evaluation_steps,
    most_excellent,
    next_step,
    round_parts,
)
from apps.tasks.models import Task, TaskState

ANNUAL = (MeetingKind.ORG_LIFE_MEETING, MeetingKind.MEMBER_EVALUATION)
#: Sittings offered as study before the meeting go back so far.
STUDY_DAYS = 120


class OnRoll(NamedTuple):
    """A row of the roll as far as counting needs it: nothing sealed is read."""

    pk: int
    member_id: int
    ungraded: str
    self_on: date | None
    grade: str
    told_on: date | None
    objected_on: date | None
    answered_on: date | None
    #: A full member of the branch: counts for the cap.
    is_here: bool
    #: Died, left, or is of another branch now: nothing is asked of him any more.
    is_gone: bool


@dataclass(frozen=True, kw_only=True)
class RoundStand:
    """A round with its parts and the steps of 民主评议. Closed ones show what was kept on closing."""

    round: Round
    parts: tuple[Stand, ...]
    steps: tuple[Stand, ...]
    roll: tuple[OnRoll, ...] = ()
    frozen: tuple[FrozenStep, ...] = ()
    met: tuple[Meeting, ...] = ()

    @property
    def missing(self) -> list[str]:
        if self.frozen:
            return [step.label for step in self.frozen if step.state == StepState.MISSING]
        return [stand.label for stand in (*self.parts, *self.steps) if stand.is_missing]

    @property
    def next(self) -> Stand | None:
        return next_step((*self.parts, *self.steps))

    @property
    def excellent(self) -> int:
        return sum(row.grade == MemberGrade.EXCELLENT for row in self.roll)

    @property
    def graded(self) -> int:
        return sum(bool(row.grade) for row in self.roll)

    @property
    def cap(self) -> int:
        if self.round.kept_cap is not None:
            return self.round.kept_cap
        full = sum(row.is_here for row in self.roll)
        return most_excellent(full, percent=self.round.cap_percent)


@dataclass(kw_only=True)
class _Read:
    """The rows behind many rounds, each list by round."""

    roll: dict[int, list[OnRoll]]
    sittings: dict[int, list[date]]
    met: dict[int, list[Meeting]]
    evaluated: set[int]
    opinions: Counter[int]
    problems: dict[int, list[tuple[Any, ...]]]
    handed_in: dict[int, set[int]]
    notes: dict[int, dict[RoundPart, Noted]]
    spoken_of: dict[int, set[int]]
    counted: set[int] = field(default_factory=set)


def for_list(rounds: QuerySet[Round]) -> QuerySet[Round]:
    return rounds.select_related("branch")


def whole(rounds: QuerySet[Round]) -> QuerySet[Round]:
    return rounds.select_related("branch", "poll")


def stand_of(row: Round, *, today: date) -> RoundStand:
    return stands_of([row], today=today)[row.pk]


def stands_of(rounds: Sequence[Round], *, today: date) -> dict[int, RoundStand]:
    """A fixed number of queries, however many rounds; of each branch at most one round."""
    read = _read(rounds)
    talks = talks_before({row.branch_id: row.starts_on for row in rounds}, today=today)
    frozen = _frozen(rounds)
    found = {}
    for row in rounds:
        cover = talks[row.branch_id]
        facts = _facts(row, read=read, talks=(cover.asked, cover.done))
        steps = evaluation_steps(_evaluated(row, read=read)) if row.with_grades else ()
        found[row.pk] = RoundStand(
            round=row,
            parts=round_parts(facts),
            steps=steps,
            roll=tuple(read.roll[row.pk]),
            frozen=tuple(frozen[row.pk]),
            met=tuple(read.met[row.pk]),
        )
    return found


def _frozen(rounds: Sequence[Round]) -> dict[int, list[FrozenStep]]:
    found = defaultdict(list)
    for step in FrozenStep.objects.filter(round__in=rounds).order_by("round", "position"):
        found[step.round_id].append(step)
    return found


def _read(rounds: Sequence[Round]) -> _Read:
    met, evaluated = _met(rounds)
    studies = RoundSitting.objects.filter(round__in=rounds, part=RoundPart.STUDY)
    sittings = _grouped(studies.filter(meeting__state=MeetingState.CLOSED), "meeting__held_on")
    problems = BranchProblem.objects.filter(round__in=rounds)
    rows = problems.values_list("round_id", "measure", "owner_id", "due_on", "task_id", "task__state")
    kept: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for round_id, *rest in rows:
        kept[round_id].append(tuple(rest))
    notes: dict[int, dict[RoundPart, Noted]] = defaultdict(dict)
    for note in PartNote.objects.filter(round__in=rounds):
        notes[note.round_id][RoundPart(note.part)] = Noted(done_on=note.done_on, text=note.text)
    own = OwnProblem.objects.filter(round__in=rounds)
    peers = PeerOpinion.objects.filter(evaluation__round__in=rounds)
    polls = Result.objects.filter(poll__in=[row.poll_id for row in rounds if row.poll_id])
    return _Read(
        roll=_roll(rounds),
        sittings=sittings,
        met=met,
        evaluated=evaluated,
        opinions=Counter(Opinion.objects.filter(round__in=rounds).values_list("round_id", flat=True)),
        problems=kept,
        handed_in={pk: set(found) for pk, found in _grouped(own, "member_id").items()},
        notes=notes,
        spoken_of={
            pk: set(found)
            for pk, found in _grouped(peers, "evaluation__member_id", by="evaluation__round_id").items()
        },
        counted=set(polls.values_list("poll_id", flat=True)),
    )


def _grouped(rows: QuerySet, column: str, *, by: str = "round_id") -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, value in rows.values_list(by, column):
        found[key].append(value)
    return found


def cap_of(row: Round) -> int:
    """How many of an open round may be 优秀 today."""
    full = sum(one.is_here for one in _roll([row])[row.pk])
    return most_excellent(full, percent=row.cap_percent)


def _roll(rounds: Sequence[Round]) -> dict[int, list[OnRoll]]:
    names = ("pk", "member_id", "ungraded", "self_on", "grade", "told_on", "objected_on", "answered_on")
    of_member = ("member__status", "member__state", "member__branch_id", "round__branch_id")
    rows = MemberEvaluation.objects.filter(round__in=rounds).order_by("pk")
    found: dict[int, list[OnRoll]] = defaultdict(list)
    for round_id, *rest in rows.values_list("round_id", *names, *of_member):
        *own, status, state, branch_id, round_branch_id = rest
        here = state == MembershipState.ACTIVE and branch_id == round_branch_id
        found[round_id].append(OnRoll._make([*own, here and status == MemberStatus.FULL, not here]))
    return found


def _met(rounds: Sequence[Round]) -> tuple[dict[int, list[Meeting]], set[int]]:
    """The sittings on file that are the meeting of a round, and the rounds whose evaluation is on file."""
    of_branch = {(row.branch_id, row.year): row.pk for row in rounds}
    first = min((row.year for row in rounds), default=2000)
    rows = Meeting.objects.filter(
        branch_id__in=[row.branch_id for row in rounds],
        state=MeetingState.CLOSED,
        purposes__kind__in=ANNUAL,
        held_on__gte=date(first, 1, 1),
    )
    met: dict[int, list[Meeting]] = defaultdict(list)
    evaluated = set()
    named = rows.values_list("pk", "purposes__kind").order_by("held_on", "pk")
    kinds = defaultdict(set)
    for pk, kind in named:
        kinds[pk].add(kind)
    for row in rows.distinct().order_by("held_on", "pk"):
        year = ANNUAL_ROUND.year_of(held_on=row.held_on, for_year=row.for_year)
        found = of_branch.get((row.branch_id, year or 0))
        if found and MeetingKind.ORG_LIFE_MEETING in kinds[row.pk]:
            met[found].append(row)
        if found and MeetingKind.MEMBER_EVALUATION in kinds[row.pk]:
            evaluated.add(found)
    return met, evaluated


def _facts(row: Round, *, read: _Read, talks: tuple[int, int]) -> RoundFacts:
    problems = read.problems[row.pk]
    asked = {one.member_id for one in read.roll[row.pk] if not one.is_gone}
    return RoundFacts(
        studied_on=tuple(sorted(read.sittings[row.pk])),
        talks_asked=talks[0],
        talks_done=talks[1],
        opinions=read.opinions[row.pk],
        problems=len(problems),
        with_measure=sum(all(problem[:3]) for problem in problems),
        with_task=sum(problem[3] is not None for problem in problems),
        tasks_done=sum(problem[4] == TaskState.DONE for problem in problems),
        members=len(asked),
        handed_in=len(asked & read.handed_in.get(row.pk, set())),
        met_on=tuple(sitting.held_on for sitting in read.met[row.pk]),
        notes=read.notes[row.pk],
    )


def _evaluated(row: Round, *, read: _Read) -> EvaluationFacts:
    everybody = read.roll[row.pk]
    roll = [one for one in everybody if not one.is_gone]
    asked = {one.member_id for one in roll}
    graded = [one for one in roll if not one.ungraded]
    return EvaluationFacts(
        members=len(roll),
        self_written=sum(one.self_on is not None for one in roll),
        spoken_of=len(asked & read.spoken_of.get(row.pk, set())),
        sat=row.pk in read.evaluated,
        has_poll=row.poll is not None and row.poll.state != PollState.DESTROYED,
        counted=row.poll_id in read.counted,
        graded=len(graded),
        decided=sum(bool(one.grade) for one in graded),
        told=sum(one.told_on is not None for one in graded),
        unanswered=sum(one.objected_on is not None and one.answered_on is None for one in everybody),
    )


def open_rounds(branch: Organization) -> list[Round]:
    rows = Round.objects.filter(branch=branch, state=RoundState.OPEN)
    return list(rows.select_related("branch", "poll").order_by("-year"))


def notes_of(row: Round) -> dict[str, PartNote]:
    return {note.part: note for note in PartNote.objects.filter(round=row)}


def studies_of(row: Round) -> list[Meeting]:
    chosen = RoundSitting.objects.filter(round=row, part=RoundPart.STUDY).values("meeting")
    return list(Meeting.objects.filter(pk__in=chosen).order_by("held_on", "pk"))


def studies_to_choose(row: Round, *, today: date) -> list[Meeting]:
    """Sittings on file since some months before the round, the newest first, and those chosen already."""
    chosen = RoundSitting.objects.filter(round=row, part=RoundPart.STUDY).values("meeting")
    since = date.fromordinal(row.starts_on.toordinal() - STUDY_DAYS)
    recent = Q(state=MeetingState.CLOSED, held_on__gte=since, held_on__lte=today)
    rows = Meeting.objects.filter(branch_id=row.branch_id).filter(recent | Q(pk__in=chosen))
    return list(rows.order_by("-held_on", "-pk")[:100])


def opinions_of(row: Round) -> list[Opinion]:
    return list(Opinion.objects.filter(round=row).order_by("received_on", "pk"))


def problems_of(row: Round) -> list[BranchProblem]:
    return list(BranchProblem.objects.filter(round=row).select_related("owner", "task").order_by("pk"))


def reported_from_last_year(row: Round) -> list[Task]:
    """What the round before set out to put right: its state is told at this meeting (OL-3)."""
    last = Round.objects.filter(branch=row.branch_id, year=row.year - 1).first()
    if last:
        of_last = BranchProblem.objects.filter(round=last, task__isnull=False).values("task")
        return list(
            Task.objects.filter(pk__in=of_last).select_related("rectification", "owner").order_by("pk")
        )
    rows = Task.objects.filter(
        organization_id=row.branch_id,
        kind=TaskKind.RECTIFICATION,
        rectification__source=ProblemSource.ORG_LIFE_MEETING,
        rectification__found_on__lt=row.starts_on,
        rectification__found_on__gte=date(row.year - 1, 10, 1),
    )
    return list(
        rows.exclude(state=TaskState.CANCELLED).select_related("rectification", "owner").order_by("pk")
    )


def polls_to_link(row: Round) -> list[Poll]:
    """Polls of this branch on its members that no round has yet."""
    taken = Round.objects.filter(poll__isnull=False).exclude(pk=row.pk).values("poll")
    rows = Poll.objects.filter(branch_id=row.branch_id, purpose=PollPurpose.MEMBERS).exclude(pk__in=taken)
    return list(rows.exclude(state=PollState.DESTROYED).order_by("-pk"))


def year_to_prepare(today: date) -> int:
    """Until the end of March the past year's round is still the one to hold."""
    window = ANNUAL_ROUND
    return today.year - 1 if today <= window.closes_on(today.year - 1) else today.year


@dataclass(frozen=True, kw_only=True)
class BranchRow:
    """A branch for those above: its round of a year, and counts of grades without names."""

    branch: Organization
    stand: RoundStand | None
    today: date

    @property
    def pk(self) -> int:
        return self.branch.pk

    @property
    def is_temporary(self) -> bool:
        return self.branch.form == BranchForm.TEMPORARY


def branch_rows(branches: Iterable[Organization], *, year: int, today: date) -> list[BranchRow]:
    kept = list(branches)
    rounds = list(whole(Round.objects.filter(branch__in=kept, year=year)))
    stands = stands_of(rounds, today=today)
    of_branch = {row.branch_id: stands[row.pk] for row in rounds}
    return [BranchRow(branch=one, stand=of_branch.get(one.pk), today=today) for one in kept]


def grade_counts(stand: RoundStand) -> list[tuple[str, int]]:
    """How many of each grade."""
    counts = Counter(row.grade for row in stand.roll if row.grade)
    return [(grade.label, counts[grade]) for grade in MemberGrade]


def grade_words(stand: RoundStand) -> str:
    """The counts for whoever may not read the grades of each; in a small branch they would tell them."""
    if not stand.graded:
        return ""
    if stand.graded < LEAST_TO_COUNT:
        return f"不足 {LEAST_TO_COUNT} 人，不显示"
    return "，".join(f"{label} {number}" for label, number in grade_counts(stand))
