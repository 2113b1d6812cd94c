"""Parts of the year book that tell of what was done: plan, sittings, talks, praise, presence, inspections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from apps.branches.policies import ABOVE, holds
from apps.documents import facts_books, facts_papers, facts_sitting, facts_yearly, policies
from apps.documents.facts_numbers import closed_sittings, study_of
from apps.documents.facts_papers import dotted
from apps.documents.queries import NothingThere, NotShown, Wanted, or_dash
from apps.ledger.facts_talks import talks_in_year
from apps.meetings import minutes
from apps.meetings.models import Meeting
from apps.meetings.policies import can_see_minutes
from apps.meetings.queries import kinds_of, whole
from apps.meetings.queries_roll import counts_of
from apps.meetings.titles import words_of
from apps.plans.policies import visible_plans
from apps.rules.kinds import SELF_FOUND, PlanState, TaskKind
from apps.rules.kinds_worklog import EntrySort
from apps.rules.study import StudyAccount
from apps.rules.talks import SMALLEST_COUNT
from apps.tasks.policies import ledger_tasks
from apps.tasks.queries import for_ledger
from apps.ui.docx import Block, Grid, Text
from apps.ui.docx_book import Chapter
from apps.ui.export import Sheet
from apps.worklog.policies import visible_entries

#: So many sittings are in memory with all their parts at a time.
BATCH = 20
#: Number and name, in the shares of a table across the paper.
BEFORE_MONTHS = (6, 13)


def plan(wanted: Wanted) -> Iterator[Block]:
    rows = visible_plans(wanted.reader).filter(branch=wanted.branch, year=wanted.year, state=PlanState.FILED)
    found = rows.select_related("branch").first()
    if found is None:
        raise NothingThere
    yield from facts_papers.plan_paper(found).blocks


def sittings(wanted: Wanted) -> Iterator[Block]:
    """A list of all that are filed, then the full record of each on a page of its own."""
    seen = closed_sittings(wanted)
    keys = list(seen.order_by("held_on", "pk").values_list("pk", flat=True))
    if not keys:
        raise NothingThere
    lines: list[Sequence[Any]] = []
    records: list[Block] = []
    for start in range(0, len(keys), BATCH):
        batch = whole(seen.filter(pk__in=keys[start : start + BATCH])).order_by("held_on", "pk")
        for meeting in batch:
            lines.append((len(lines) + 1, *_line(meeting)))
            records += _record(wanted, meeting)
    header = ("序号", "日期", "类别", "名称", "应到", "实到")
    yield Grid(lines, header=header, widths=(3, 6, 9, 15, 3, 3), dense=True)
    yield Text(f"共 {len(lines)} 次，只列已归档的会议活动；各次记录附后。", style="Note")
    yield from records


def _line(meeting: Meeting) -> Sequence[Any]:
    counts = counts_of(meeting.roll.all())
    kinds = words_of(kinds_of(meeting), form=meeting.form)
    return dotted(meeting.held_on), kinds, meeting.title, counts.expected, counts.present


def _record(wanted: Wanted, meeting: Meeting) -> Iterator[Block]:
    if not can_see_minutes(wanted.reader, meeting):
        return
    _, *record = facts_sitting.minutes_paper(meeting).blocks
    yield Chapter(f"{meeting.title}（{meeting.held_on.month}月{meeting.held_on.day}日）", level=2)
    yield Text(minutes.heading(kinds_of(meeting)), style="Subtitle")
    yield from record


def talks(wanted: Wanted) -> Iterator[Block]:
    """Facts for those who may know them, numbers for those above, nothing for the others."""
    if policies.can_take_talks(wanted.reader, wanted.branch):
        yield from _from_sheet(facts_books.talk_book(wanted).sheets[0], widths=(3, 6, 9, 8, 6, 6, 6))
    elif holds(wanted.reader, ABOVE, wanted.branch.path):
        yield from _counted_talks(wanted)
    else:
        raise NotShown


def _counted_talks(wanted: Wanted) -> Iterator[Block]:
    """As on the page of counts: a small number is only "some"."""
    found = talks_in_year(wanted.branch, year=wanted.year, with_reminders=False)
    if not found:
        raise NothingThere
    quarters = Counter((talk.held_on.month + 2) // 3 for talk in found)
    rows = [(f"第{'一二三四'[number - 1]}季度", _number(quarters[number])) for number in range(1, 5)]
    yield Grid(rows, header=("季度", "开展次数"), widths=(1, 2))
    yield Text(f"上级只看次数；不足 {SMALLEST_COUNT} 次的只写“已开展”，提醒谈话不计入。", style="Note")


def _number(count: int) -> str:
    if not count:
        return "—"
    return f"{count} 次" if count >= SMALLEST_COUNT else "已开展"


def recognitions(wanted: Wanted) -> Iterator[Block]:
    rows = visible_entries(wanted.reader).filter(
        branch=wanted.branch,
        sort=EntrySort.RECOGNITION,
        withdrawn_on=None,
        held_on__gte=wanted.first,
        held_on__lt=wanted.until,
    )
    found = list(rows.prefetch_related("people__member__person").order_by("held_on", "pk"))
    if not found:
        raise NothingThere
    lines = [
        (
            dotted(entry.held_on),
            minutes.joined(one.member for one in entry.people.all()) or "—",
            entry.get_recognition_display(),
            entry.title,
            or_dash(entry.by_name),
        )
        for entry in found
    ]
    header = ("日期", "党员", "形式", "内容", "由谁")
    yield Grid(lines, header=header, widths=(4, 5, 3, 8, 5), dense=True)
    yield Text("只列表彰、鼓励等；党纪处分材料按规定另行保管。", style="Note")


def presence(wanted: Wanted) -> Iterator[Block]:
    """Months of presence and months of study; a year that has neither has nothing to add up."""
    try:
        sheet = facts_books.attendance_book(wanted).sheets[0]
    except NothingThere:
        attended = []
    else:
        totals = len(sheet.header) - len(BEFORE_MONTHS) - len(facts_books.MONTHS)
        widths = (*BEFORE_MONTHS, *[9] * len(facts_books.MONTHS), *[7] * totals)
        attended = list(_from_sheet(sheet, widths=widths))
    studied = list(_study(wanted))
    if not attended and not studied:
        raise NothingThere
    if attended:
        yield Text("考勤", style="Subtitle")
        yield from attended
    if studied:
        yield Text("学时", style="Subtitle")
        yield from studied


def _study(wanted: Wanted) -> Iterator[Block]:
    book = study_of(wanted)
    if not any(account.total for account in book.accounts):
        return
    rows = [(number, *_account(one)) for number, one in enumerate(book.accounts, start=1)]
    header = ("序号", "姓名", *(f"{month}月" for month in facts_books.MONTHS), "合计", "全年要求")
    yield Grid(rows, header=header, widths=(4, 6, *[4] * 12, 4, 7), dense=True)
    yield Text(f"截至{dotted(book.as_of)}，会议记录和工作纪实里的学时合并计算。", style="Note")


def summary(wanted: Wanted) -> Iterator[Block]:
    """The numbers of the year, with the places at which the branch writes the rest."""
    yield from facts_yearly.summary_paper(wanted).blocks


def _account(account: StudyAccount) -> Iterator[str]:
    yield account.learner.name
    for hours in account.months:
        yield f"{hours.normalize():f}" if hours else "—"
    yield f"{account.total.normalize():f}"
    yield "不作要求" if account.exempt else f"{account.hours_of_year.normalize():f}"


def inspections(wanted: Wanted) -> Iterator[Block]:
    """Problems that somebody from outside pointed out in the year."""
    seen = for_ledger(ledger_tasks(wanted.reader), kind=TaskKind.RECTIFICATION).filter(
        organization=wanted.branch,
        rectification__found_on__gte=wanted.first,
        rectification__found_on__lt=wanted.until,
    )
    told = seen.exclude(rectification__source__in=SELF_FOUND).order_by("rectification__found_on", "pk")
    rows = [
        (
            dotted(task.rectification.found_on),
            task.rectification.get_source_display(),
            task.title,
            task.rectification.measure,
            dotted(task.closed_on) or task.get_state_display(),
        )
        for task in facts_papers.few(told)
    ]
    if not rows:
        raise NothingThere
    yield Grid(
        rows,
        header=("日期", "来源", "指出的问题", "整改措施", "销号日期"),
        widths=(4, 4, 7, 8, 4),
        dense=True,
    )
    yield Text("检查人签字：　　　　　　　　　　　　年　　月　　日", style="Flush")


def _from_sheet(sheet: Sheet, *, widths: Sequence[int]) -> Iterator[Block]:
    """The table of a workbook on paper; nothing of it stays empty."""
    rows = [[or_dash(dotted(cell) if hasattr(cell, "year") else cell) for cell in row] for row in sheet.rows]
    yield Grid(rows, header=sheet.header, widths=widths, dense=True)
    yield Text(sheet.note.partition("　")[2], style="Note")
