"""What of the annual evaluation waits for a person, for the first pages: reviewers, branches, those above."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.policies import within
from apps.evaluations.models import BranchEvaluation, Objection, Seat
from apps.evaluations.policies import UNDECIDED
from apps.evaluations.policies_review import ORGANIZER, TOLD, seats_of
from apps.evaluations.queries_cycles import is_overdue
from apps.members.models import Member
from apps.rules.branch_review import LEAST_DAYS_TO_OBJECT, objection_until
from apps.rules.kinds import MembershipState
from apps.rules.kinds_ballots import PollState
from apps.rules.kinds_evaluations import CycleState, EvaluationState
from apps.rules.periods import day_words

#: So long a published result stands on the first pages of the branch and its members.
TOLD_DAYS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class EvaluationLine:
    words: str
    url: str
    beside: str = ""
    is_late: bool = False


def review_lines(user: User, *, today: date) -> list[EvaluationLine]:
    """The branches in which this person has a seat, and how many of them wait for him. One query."""
    waits = Q(evaluation__state=EvaluationState.REVIEW, handed_in_on__isnull=True)
    found = seats_of(user).aggregate(
        seats=Count("pk"),
        waiting=Count("pk", filter=waits),
        first=Min("evaluation__cycle__review_by", filter=waits),
    )
    if not found["seats"]:
        return []
    url = reverse("evaluations:desk")
    if not found["waiting"]:
        return [EvaluationLine(words=f"您评审的 {found['seats']} 个支部", url=url, beside="现在没有待评审的")]
    return [
        EvaluationLine(
            words=f"{found['waiting']} 个支部等您评审",
            url=f"{url}?state=todo",
            beside=f"最早应在{day_words(found['first'])}以前提交",
            is_late=found["first"] < today,
        )
    ]


def branch_lines(branch_id: int, *, today: date) -> list[EvaluationLine]:
    """What a branch has to do, what it was told and may answer, and its result. One query."""
    running = Q(state__in=UNDECIDED, cycle__state=CycleState.OPEN)
    published = Q(published_on__gt=today - timedelta(days=TOLD_DAYS))
    rows = BranchEvaluation.objects.filter(running | published, branch=branch_id)
    rows = rows.select_related("cycle", "members_poll").order_by("-pk")
    return [line for row in rows for line in _branch_lines(row, today=today)]


def _branch_lines(row: BranchEvaluation, *, today: date) -> Iterable[EvaluationLine]:
    if row.state == EvaluationState.REPORT:
        words = "自评被退回，请补充后再提交" if row.return_reason else "支部自评"
        yield _to_do(row, words=words, by=row.cycle.report_by, today=today)
    poll = row.members_poll
    held = poll is not None and poll.state != PollState.DESTROYED
    if row.state in (EvaluationState.REPORT, EvaluationState.REVIEW) and not held:
        yield _to_do(row, words="党员测评还没有发起", by=row.cycle.appraisal_by, today=today)
    if row.state in (EvaluationState.OBJECTION, EvaluationState.PUBLISHED):
        yield _branch_line(row, today=today)


def _to_do(row: BranchEvaluation, *, words: str, by: date, today: date) -> EvaluationLine:
    return EvaluationLine(
        words=f"{row.cycle}：{words}",
        url=reverse("evaluations:branch", args=[row.pk]),
        beside=f"{day_words(by)}以前完成",
        is_late=by < today,
    )


def _branch_line(row: BranchEvaluation, *, today: date) -> EvaluationLine:
    url = reverse("evaluations:result", args=[row.pk])
    if row.state == EvaluationState.PUBLISHED:
        return EvaluationLine(words=f"{row.cycle}结果已发布", url=url)
    until = objection_until(row.cycle.objection_by, told_on=row.told_on)
    over = until < today
    return EvaluationLine(
        words=f"{row.cycle}：初评意见已告知，请看逐条评定",
        url=url,
        beside="提出意见的时间已过，等党组织定等次" if over else f"有不同意见，{day_words(until)}以前提出",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class DueDay:
    """A last day of the branch, for the month and the calendar feed."""

    key: str
    day: date
    words: str
    url: str


def days_due(branch_ids: Collection[int], *, first: date, until: date) -> list[DueDay]:
    """The report that is still to be handed in, and the appraisal that is still to be held. One query."""
    waiting = Q(state=EvaluationState.REPORT) | Q(state=EvaluationState.REVIEW, members_poll__isnull=True)
    rows = BranchEvaluation.objects.filter(waiting, branch__in=branch_ids, cycle__state=CycleState.OPEN)
    found = [one for row in rows.select_related("cycle", "members_poll") for one in _days_of(row)]
    return sorted((one for one in found if first <= one.day < until), key=lambda one: (one.day, one.key))


def _days_of(row: BranchEvaluation) -> Iterable[DueDay]:
    url = reverse("evaluations:branch", args=[row.pk])
    if row.state == EvaluationState.REPORT:
        words = "支部自评提交截止"
        yield DueDay(key=f"report-{row.pk}", day=row.cycle.report_by, words=words, url=url)
    if row.members_poll is None or row.members_poll.state != PollState.OPENED:
        yield DueDay(key=f"appraisal-{row.pk}", day=row.cycle.appraisal_by, words="党员测评截止", url=url)


def result_lines(branch_id: int, *, today: date) -> list[EvaluationLine]:
    """The branch's published result, for its members. One query."""
    rows = BranchEvaluation.objects.filter(
        branch=branch_id,
        state=EvaluationState.PUBLISHED,
        published_on__gt=today - timedelta(days=TOLD_DAYS),
    )
    return [_branch_line(row, today=today) for row in rows.select_related("cycle").order_by("-pk")]


def member_lines(user: User, *, member: Member | None, today: date) -> list[EvaluationLine]:
    """For those without a post; whoever reviews need not stand on any roster here."""
    here = member is not None and member.state in (MembershipState.ACTIVE, MembershipState.SUSPENDED)
    mine = result_lines(member.branch_id, today=today) if member and here else []
    return [*review_lines(user, today=today), *mine]


def counted(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.values("n")), 0)


def above_lines(user: User, *, today: date) -> list[EvaluationLine]:
    """By cycle, what waits for its organizers. One query, however many branches there are."""
    seats = Seat.objects.filter(evaluation=OuterRef("pk"), recused_on__isnull=True).order_by()
    taken = seats.values("evaluation").annotate(n=Count("pk"))
    handed_in = taken.filter(handed_in_on__isnull=False)
    unanswered = Exists(Objection.objects.filter(evaluation=OuterRef("pk"), ruling=""))
    rows = (
        BranchEvaluation.objects.filter(
            within(user, ORGANIZER, column="cycle__path"), cycle__state=CycleState.OPEN
        )
        .annotate(done=counted(handed_in), seated=counted(taken), unanswered=unanswered)
        .values("cycle", "cycle__title")
        .annotate(**_counts(today))
        .order_by("cycle")
    )
    return [line for row in rows for line in _above(row)]


def _counts(today: date) -> dict[str, Count]:
    told = {"told_on__lt": today - timedelta(days=LEAST_DAYS_TO_OBJECT)}
    over = Q(cycle__objection_by__lt=today, state=EvaluationState.OBJECTION, **told)
    ready = Q(unanswered=False) & (over | Q(state=EvaluationState.DECISION))
    waiting = {
        "be_late": is_overdue(today),
        "seat": Q(
            state__in=(EvaluationState.REPORT, EvaluationState.REVIEW),
            seated__lt=F("cycle__reviewers_needed"),
        ),
        "settle": Q(state=EvaluationState.REVIEW, done__gte=F("cycle__reviewers_needed")),
        "answer": Q(state__in=TOLD[:2], unanswered=True),
        "decide": ready,
        "publish": Q(state=EvaluationState.DECIDED),
    }
    return {f"to_{name}": Count("pk", filter=those) for name, those in waiting.items()}


def lines_above(user: User, *, today: date) -> list[EvaluationLine]:
    return [*review_lines(user, today=today), *above_lines(user, today=today)]


LATE = "to_be_late"
WORDS = {
    LATE: "{} 个支部没有按期完成",
    "to_seat": "{} 个支部还缺评审人，请安排",
    "to_settle": "{} 个支部评审完毕，请研究评审意见",
    "to_answer": "{} 个支部提出的意见待答复",
    "to_decide": "{} 个支部待定等次",
    "to_publish": "{} 个支部已定等次，待发布",
}


#: Where one filter of the cycle's page shows just these branches.
NARROWED = {LATE: "?late=late", "to_settle": "?state=review", "to_publish": "?state=decided"}


def _above(row: Mapping[str, object]) -> Iterable[EvaluationLine]:
    url = reverse("evaluations:cycle_detail", args=[row["cycle"]])
    title = str(row["cycle__title"])
    return [
        EvaluationLine(
            words=words.format(row[key]),
            url=url + NARROWED.get(key, ""),
            beside=title,
            is_late=key == LATE,
        )
        for key, words in WORDS.items()
        if row[key]
    ]
