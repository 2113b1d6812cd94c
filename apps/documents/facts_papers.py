"""Word documents of a branch's year: annual plan, what is put right, what was asked from above, basics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from apps.documents.queries import NONE, TO_SIGN, NothingThere, Paper, Wanted
from apps.documents.queries_branch import basics_of, day_words
from apps.documents.template_fields import TemplateKind
from apps.meetings.queries_directives import with_progress
from apps.plans.models import AnnualPlan, PlanItem
from apps.plans.queries import by_month, items_of
from apps.rules.kinds import PlanState, Progress, TaskKind
from apps.tasks.models import Task
from apps.tasks.policies import ledger_tasks, visible_directives
from apps.tasks.queries import for_ledger, for_list
from apps.ui.docx import Block, Grid, Heading, Text, prose
from apps.ui.refusals import Refusal

#: A document of more rows than this is no list that somebody reads on paper.
MOST_ROWS = 1_000
Row = TypeVar("Row", bound=Model)


class TooMany(Refusal):
    default = f"超过 {MOST_ROWS} 条，请到“台账”页面筛选后导出 Excel。"


def dotted(day: date | None) -> str:
    """2026.05.18: in a narrow column a program would break a date at its hyphens."""
    return f"{day:%Y.%m.%d}" if day else ""


def plan_paper(plan: AnnualPlan) -> Paper:
    """The annual plan (documents.md 8)."""
    return Paper(
        label="年度工作计划",
        title=f"{plan.branch.name}{plan.year}年度工作计划",
        blocks=_plan(plan),
        file_name=f"{plan.branch.name}{plan.year}年度工作计划",
        form=TemplateKind.PLAN,
        source=plan,
    )


def _plan(plan: AnnualPlan) -> Iterator[Block]:
    if plan.state == PlanState.DRAFT:
        yield Text("（起草中，尚未定稿）", style="Subtitle")
    yield Heading("一、指导思想")
    yield from prose(plan.guiding or NONE)
    yield Heading("二、工作目标")
    yield from prose(plan.goals or NONE)
    yield Heading("三、月度安排")
    rows = [_item(label, item) for label, items in by_month(items_of(plan)) for item in items]
    if rows:
        yield Grid(rows, header=("月份", "事项", "形式", "责任人"), widths=(3, 8, 4, 3))
    else:
        yield Text(NONE, style="BodyText")
    yield Heading("四、保障措施")
    yield from prose(plan.safeguards or NONE)
    yield Text(plan.branch.name, style="Signature")
    yield Text(day_words(plan.filed_on) or TO_SIGN, style="Signature")


def _item(label: str, item: PlanItem) -> Sequence[Any]:
    carried = "（上年结转）" if item.carried_from else ""
    cancelled = f"（已取消：{item.state_reason}）" if item.state == Progress.CANCELLED else ""
    month = item.month_words if label == "全年" else label
    return month, f"{item.title}{carried}{cancelled}", item.form, item.owner.name if item.owner else ""


def basics_paper(wanted: Wanted) -> Paper:
    """How the branch stands today (documents.md 14), whatever year is looked at."""
    lines = basics_of(wanted.branch, today=wanted.today)
    return Paper(
        label="支部基本情况表",
        title="党支部基本情况表",
        blocks=[
            Grid([(label, value or NONE) for label, value in lines], widths=(2, 5)),
            Text(f"截至{day_words(wanted.today)}", style="Flush"),
            Text("填表人：　　　　　　支部书记（签字）：", style="Flush"),
        ],
        file_name=f"{wanted.branch.name}基本情况表",
        form=TemplateKind.BASICS,
        source=wanted,
    )


def rectifications_in(wanted: Wanted) -> list[Task]:
    """Problems found up to the end of the year that were not put right before it (documents.md 6 and 13)."""
    tasks = for_ledger(ledger_tasks(wanted.reader), kind=TaskKind.RECTIFICATION)
    found = tasks.filter(organization=wanted.branch, rectification__found_on__lt=wanted.until)
    open_in_year = found.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=wanted.first))
    rows = few(open_in_year.order_by("rectification__found_on", "pk"))
    if not rows:
        raise NothingThere(f"{wanted.year} 年没有登记过需要整改的问题。")
    return rows


def rectification_paper(wanted: Wanted) -> Paper:
    rows = [
        (
            number,
            task.title,
            task.rectification.measure,
            str(task.owner or "支部书记"),
            dotted(task.due_on) or "未定",
            task.result or getattr(task, "latest", "") or "",
            dotted(task.closed_on) or task.get_state_display(),
        )
        for number, task in enumerate(rectifications_in(wanted), start=1)
    ]
    header = ("序号", "问题", "整改措施", "责任人", "时限", "进展", "销号日期")
    grid = Grid(rows, header=header, widths=(8, 15, 17, 11, 18, 13, 18))
    paper = _list(wanted, label="整改清单", blocks=[grid], title=f"{wanted.year}年问题整改清单")
    return replace(paper, form=TemplateKind.RECTIFICATION, source=wanted)


def from_above_paper(wanted: Wanted) -> Paper:
    """Documents received and tasks given from above in the year (documents.md 13)."""
    documents, tasks = from_above(wanted)
    blocks: list[Block] = [Heading("一、上级来文")]
    header = ("序号", "文件", "收文日期", "要求", "传达", "落实")
    blocks.append(_grid_or_none(documents, header=header, widths=(8, 22, 18, 16, 18, 18)))
    blocks.append(Heading("二、上级交办的任务"))
    header = ("序号", "事项", "要求", "责任人", "期限", "完成情况")
    blocks.append(_grid_or_none(tasks, header=header, widths=(8, 23, 20, 11, 18, 20)))
    return _list(wanted, label="上级任务台账", blocks=blocks, title=f"{wanted.year}年上级任务台账")


def from_above(wanted: Wanted) -> tuple[list[Sequence[Any]], list[Sequence[Any]]]:
    """The lines of documents received and of tasks given."""
    documents, tasks = list(_directives(wanted)), list(_assigned(wanted))
    if not documents and not tasks:
        raise NothingThere(f"{wanted.year} 年没有登记过上级来文，也没有上级交办的任务。")
    return documents, tasks


def _directives(wanted: Wanted) -> Iterator[Sequence[Any]]:
    seen = with_progress(visible_directives(wanted.reader))
    rows = seen.filter(
        organization=wanted.branch, received_on__gte=wanted.first, received_on__lt=wanted.until
    )
    for number, row in enumerate(few(rows.order_by("received_on", "pk")), start=1):
        title = f"{row.title}（{row.number}）" if row.number else row.title
        yield number, title, dotted(row.received_on), row.requirement, _conveyed(row), _carried_out(row)


def _conveyed(row: Any) -> str:
    if row.withdrawn_on:
        return "已作废"
    if row.conveyed_on:
        return f"{dotted(row.conveyed_on)} {row.conveyed_title}"
    return f"{dotted(row.convey_by)} 前" if row.convey_by else "不要求"


def _carried_out(row: Any) -> str:
    if row.withdrawn_on or not row.asks_action:
        return "不要求"
    if row.done_on:
        return f"{dotted(row.done_on)} 完成"
    return f"{dotted(row.do_by)} 前" if row.do_by else "落实中"


def _assigned(wanted: Wanted) -> Iterator[Sequence[Any]]:
    tasks = for_list(ledger_tasks(wanted.reader)).filter(
        organization=wanted.branch,
        kind=TaskKind.ASSIGNED,
        created_at__date__gte=wanted.first,
        created_at__date__lt=wanted.until,
    )
    for number, task in enumerate(few(tasks.order_by("created_at", "pk")), start=1):
        owner = str(task.owner or "支部书记")
        yield number, task.title, task.detail, owner, dotted(task.due_on) or "未定", _outcome(task)


def _outcome(task: Task) -> str:
    closed = f"{dotted(task.closed_on)} " if task.closed_on else ""
    return f"{closed}{task.result or task.get_state_display()}"


def _grid_or_none(
    rows: Sequence[Sequence[Any]], *, header: Sequence[str], widths: Sequence[int]
) -> Grid | Text:
    return Grid(rows, header=header, widths=widths) if rows else Text(NONE, style="BodyText")


def few(rows: QuerySet[Row]) -> list[Row]:
    """All of them, or none: a list that was cut without a word would be taken for the whole."""
    found = list(rows[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        raise TooMany
    return found


def _list(wanted: Wanted, *, label: str, title: str, blocks: Iterable[Block]) -> Paper:
    head = Text(wanted.branch.name, style="Subtitle")
    return Paper(
        label=f"{wanted.year} 年{label}",
        title=title,
        blocks=[head, *blocks, Text(f"截至{day_words(wanted.today)}", style="Flush")],
        file_name=f"{wanted.branch.name}{title}",
    )
