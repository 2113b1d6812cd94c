"""The numbers of a branch's year, for the reports on it: counted from the records, the same for every reader.

Reports are read aloud and go upwards, so of talks they tell what those above are told: numbers only.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q

from apps.documents.queries import Wanted, closed_sittings
from apps.ledger.facts_study import StudyBook, study_books
from apps.ledger.facts_talks import talks_in_year
from apps.meetings.models import Attendance, MeetingState
from apps.plans.policies import visible_items
from apps.rules.figures import Figure, FigureState, MeasureSpec
from apps.rules.kinds import AttendanceStatus, MeetingKind, Progress, TaskKind
from apps.rules.measures_specs import MEMBERS, ORG_LIFE, TEAM, TOGETHER, WORK
from apps.rules.study import NOTHING
from apps.standards.discretion import FROM_ABOVE, REMINDERS, SMALL
from apps.standards.figure_words import level_words, made_of, value_words
from apps.standards.queries import levels_for
from apps.standards.queries_record import shown_figures, standing_on
from apps.tasks.models import TaskState
from apps.tasks.policies import ledger_tasks, visible_directives

#: The five families in which a secretary reports.
FAMILIES: tuple[tuple[str, Sequence[MeasureSpec]], ...] = (
    ("组织生活", ORG_LIFE),
    ("书记和班子", TEAM),
    ("党员和岗位", MEMBERS),
    ("任务、计划和整改", WORK),
    ("共同开展", TOGETHER),
)
Line = tuple[str, str]
#: A figure for a table: what it is, its value, what it is made of and why it stands so.
FigureLine = tuple[str, str, str]


def study_of(wanted: Wanted) -> StudyBook:
    """A past year as of its end, the running one as of today."""
    as_of = standing_on(year=wanted.year, today=wanted.today)
    return study_books([wanted.branch], year=wanted.year, as_of=as_of)[wanted.branch.pk]


def numbers_of(wanted: Wanted) -> list[Line]:
    """What was done in the year, line by line."""
    return [
        *_sittings(wanted),
        _attendance(wanted),
        _study(wanted),
        _talks(wanted),
        *_from_above(wanted),
        *_own_work(wanted),
    ]


def _sittings(wanted: Wanted) -> list[Line]:
    """A sitting of two kinds counts for both, as in the record book."""
    rows = closed_sittings(wanted).values_list("purposes__kind").annotate(number=Count("pk", distinct=True))
    held = dict(rows.order_by())
    return [(kind.label, f"{held[kind]} 次") for kind in MeetingKind if held.get(kind)]


def _attendance(wanted: Wanted) -> Line:
    rows = Attendance.objects.filter(meeting__in=closed_sittings(wanted)).exclude(
        status=AttendanceStatus.EXEMPT
    )
    counts = rows.aggregate(called=Count("pk"), came=Count("pk", filter=Q(status=AttendanceStatus.PRESENT)))
    return "会议活动到会", f"应到 {counts['called']} 人次，实到 {counts['came']} 人次"


def _study(wanted: Wanted) -> Line:
    book = study_of(wanted)
    asked = book.asked
    hours = sum((account.total for account in book.accounts), start=NOTHING)
    return (
        "党员学时",
        f"共 {hours.normalize():f} 学时；有学时要求的 {len(asked)} 人，达到进度的 {book.met} 人",
    )


def _talks(wanted: Wanted) -> Line:
    number = len(talks_in_year(wanted.branch, year=wanted.year, with_reminders=False))
    few = f"已开展（不足 {SMALL} 次不写次数）" if number else "没有登记"
    return "谈心谈话", f"{number} 次（不含提醒谈话）" if number >= SMALL else few


def _from_above(wanted: Wanted) -> list[Line]:
    documents = visible_directives(wanted.reader).filter(
        organization=wanted.branch,
        received_on__gte=wanted.first,
        received_on__lt=wanted.until,
        withdrawn_on__isnull=True,
    )
    filed = Q(conveyings__meeting__state=MeetingState.CLOSED)
    counts = documents.aggregate(
        all=Count("pk", distinct=True), told=Count("pk", filter=filed, distinct=True)
    )
    return [
        ("上级来文", f"收到 {counts['all']} 件，已传达 {counts['told']} 件"),
        ("上级交办任务", _tasks(wanted, TaskKind.ASSIGNED, words="{all} 项，已完成 {done} 项")),
    ]


def _own_work(wanted: Wanted) -> list[Line]:
    plan = visible_items(wanted.reader).filter(plan__branch=wanted.branch, plan__year=wanted.year)
    counts = plan.exclude(state=Progress.CANCELLED).aggregate(
        all=Count("pk"), done=Count("pk", filter=Q(state=Progress.DONE))
    )
    return [
        ("年度计划", f"{counts['all']} 项，已完成 {counts['done']} 项"),
        ("决议落实", _tasks(wanted, TaskKind.RESOLUTION, words="{all} 项，已完成 {done} 项")),
        ("诉求办理", _tasks(wanted, TaskKind.CONCERN, words="{all} 件，已办结 {done} 件")),
        ("问题整改", _tasks(wanted, TaskKind.RECTIFICATION, words="{all} 个，已销号 {done} 个")),
    ]


def _tasks(wanted: Wanted, kind: TaskKind, *, words: str) -> str:
    """Those entered in the year, without the cancelled."""
    tasks = ledger_tasks(wanted.reader).filter(
        organization=wanted.branch,
        kind=kind,
        created_at__date__gte=wanted.first,
        created_at__date__lt=wanted.until,
    )
    counts = tasks.exclude(state=TaskState.CANCELLED).aggregate(
        all=Count("pk"), done=Count("pk", filter=Q(state=TaskState.DONE))
    )
    return words.format(**counts)


def figures_of(wanted: Wanted) -> dict[str, Figure]:
    """The measures of the year as those above may see them, without what is not asked of the branch."""
    as_of = standing_on(year=wanted.year, today=wanted.today)
    levels = levels_for([wanted.branch], on=as_of)[wanted.branch.pk]
    found = shown_figures(
        wanted.branch, year=wanted.year, today=wanted.today, levels=levels, reader=FROM_ABOVE
    )
    now = {key: by_year[wanted.year] for key, by_year in found.items() if key != REMINDERS}
    return {key: one for key, one in now.items() if one.state is not FigureState.NOT_APPLICABLE}


def lines_of(specs: Sequence[MeasureSpec], *, figures: dict[str, Figure]) -> list[FigureLine]:
    return [_line(figures[spec.key]) for spec in specs if spec.key in figures]


def _line(figure: Figure) -> FigureLine:
    value = value_words(figure)
    reasons = ("" if figure.value is None else made_of(figure), "" if figure.why == value else figure.why)
    return figure.title, value, "；".join(one for one in reasons if one)


def weak_of(figures: dict[str, Figure]) -> list[FigureLine]:
    """What falls short of its level so far, with the level."""
    weak = (one for one in figures.values() if one.state is FigureState.WARN)
    return [(one.title, value_words(one), level_words(one)) for one in weak]
