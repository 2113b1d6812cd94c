"""Ledgers (台账): a list with a filter, the same on A4 across, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_filters import FilterSet

from apps.branches.policies import visible_organizations
from apps.rules.kinds import OrgKind, TaskKind
from apps.tasks import policies, queries
from apps.tasks.filters import ConcernFilter, RectificationFilter
from apps.tasks.models import Task
from apps.tasks.services_ledgers import MOST_ROWS, export_ledger
from apps.tasks.views import detail_url, state_badge
from apps.ui import clock
from apps.ui.export import workbook_response
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal

#: More lines than this are no ledger to print; the page says so and asks for a filter.
MOST_PRINTED = 500
LEDGERS = (
    ("tasks:concern", "诉求台账"),
    ("tasks:rectification", "整改台账"),
    ("meetings:directive", "上级来文台账"),
)
#: Words that stay on one line of the paper.
SHORT = 5


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """One ledger: `columns` on the screen, `cells` (label, value, width) on paper and in the workbook."""

    name: str
    title: str
    columns: Sequence[Column]
    cells: Sequence[tuple[str, Callable[[Any], Any], int]]
    order: Sequence[str]
    empty: str
    #: The label of the button that enters a line, the name of its address, and the kind that it asks for.
    entry: tuple[str, str, str]

    def words(self) -> dict[str, Any]:
        names = ("title", "columns", "order", "empty")
        return {name: getattr(self, name) for name in names}

    def url(self, which: str, request: HttpRequest) -> str:
        query = request.GET.urlencode()
        return f"{reverse(f'{self.name}_{which}')}{'?' if query else ''}{query}"


def ledger_page(
    request: HttpRequest, ledger: Ledger, *, filterset: FilterSet, actions: Sequence[Action] = ()
) -> HttpResponse:
    entry = entry_of(request, ledger)
    paper = Action("打印", ledger.url("print", request), tone="secondary", icon="printer")
    return list_page(
        request,
        filterset=filterset,
        actions=[*entry, *actions, paper],
        empty_action=entry[0] if entry else None,
        template="tasks/ledger_list.html",
        extra={"export_url": ledger.url("export", request), "tabs": tabs_of(ledger)},
        **ledger.words(),
    )


def tabs_of(ledger: Ledger) -> list[tuple[str, str, bool]]:
    """The ledgers beside this one."""
    return [(label, reverse(f"{name}_list"), name == ledger.name) for name, label in LEDGERS]


def entry_of(request: HttpRequest, ledger: Ledger) -> list[Action]:
    label, name, kind = ledger.entry
    url = f"{reverse(name)}{f'?kind={kind}' if kind else ''}"
    return [Action(label, url, icon="plus-lg")] if policies.can_create(request.user) else []


def ledger_print(request: HttpRequest, ledger: Ledger, *, filterset: FilterSet) -> HttpResponse:
    rows = list(found(filterset, ledger)[: MOST_PRINTED + 1])
    context = {
        "title": ledger.title,
        "labels": [label for label, _, _ in ledger.cells],
        "rows": [[on_paper(value(row)) for _, value, _ in ledger.cells] for row in rows[:MOST_PRINTED]],
        "cut": MOST_PRINTED if len(rows) > MOST_PRINTED else 0,
        "today": clock.today(),
        "back_url": ledger.url("list", request),
    }
    return render(request, "tasks/ledger_print.html", context)


def on_paper(value: Any) -> tuple[Any, bool]:
    """The value, and whether it is too short to be broken: a date, a name, a state."""
    return value, isinstance(value, date) or len(str(value)) < SHORT


def ledger_export(request: HttpRequest, ledger: Ledger, *, filterset: FilterSet) -> HttpResponse:
    today, user = clock.today(), request.user
    try:
        sheet = export_ledger(name=ledger.title, actor=user, today=today, **cells_of(ledger, filterset))
    except Refusal as refusal:
        refuse(request, refusal)
        return redirect(ledger.url("list", request))
    name = f"{ledger.title}-{today:%Y%m%d}"
    return workbook_response(name, [sheet], author=user.name, at=clock.now())


def cells_of(ledger: Ledger, filterset: FilterSet) -> dict[str, Any]:
    rows = found(filterset, ledger)[: MOST_ROWS + 1]
    return {
        "header": [label for label, _, _ in ledger.cells],
        "rows": ([value(row) for _, value, _ in ledger.cells] for row in rows),
        "widths": [width for _, _, width in ledger.cells],
    }


def found(filterset: FilterSet, ledger: Ledger) -> QuerySet:
    """What the list shows; a filter with a mistake in it finds nothing."""
    usable = not filterset.is_bound or filterset.form.is_valid()
    rows: QuerySet = filterset.qs if usable else filterset.queryset.none()
    return rows.order_by(*ledger.order)


def or_dash(value: Any) -> Any:
    """Offices leave no cell of a ledger empty."""
    return "—" if value is None or value == "" else value


def cell(name: str, read: Callable[[Any], Any], *, width: int) -> tuple[str, Callable[[Any], Any], int]:
    return name, lambda row: or_dash(read(row)), width


def badge(task: Task) -> tuple[str, str]:
    return state_badge(task, today=clock.today())


def owner(task: Task) -> str:
    return str(task.owner or "支部书记")


def outcome(task: Task) -> str:
    """What came of it so far: the result, or the latest line of progress."""
    return task.result or getattr(task, "latest", "") or ""


CONCERNS = Ledger(
    name="tasks:concern",
    title="诉求台账",
    columns=(
        Column("诉求", str, url=detail_url, primary=True),
        Column("状态", badge, kind="badge"),
        Column("提出", lambda task: f"{task.concern.get_raised_by_display()} {task.concern.raised_on}"),
        Column("期限", lambda task: task.due_on or "未定", kind="date"),
        Column("反馈日期", lambda task: task.concern.told_on, kind="date"),
        Column("责任人", owner),
        Column("党组织", lambda task: task.organization, hide_on_phone=True),
    ),
    cells=(
        cell("党组织", lambda task: str(task.organization), width=18),
        cell("诉求", str, width=30),
        cell("提出人", lambda task: task.concern.get_raised_by_display(), width=8),
        cell("提出日期", lambda task: task.concern.raised_on, width=12),
        cell("责任人", owner, width=10),
        cell("期限", lambda task: task.due_on, width=12),
        cell("状态", lambda task: badge(task)[0], width=12),
        cell("办理情况", outcome, width=36),
        cell("办结日期", lambda task: task.closed_on, width=12),
        cell("反馈日期", lambda task: task.concern.told_on, width=12),
    ),
    order=("-created_at", "-pk"),
    empty="还没有登记诉求。党员、群众提出的事，用一句中性的话记下来，定好谁办、什么时候答复。",
    entry=("登记诉求", "tasks:create", TaskKind.CONCERN),
)
RECTIFICATIONS = Ledger(
    name="tasks:rectification",
    title="整改台账",
    columns=(
        Column("问题", str, url=detail_url, primary=True),
        Column("状态", badge, kind="badge"),
        Column("来源", lambda task: task.rectification.get_source_display()),
        Column("时限", lambda task: task.due_on or "未定", kind="date"),
        Column("责任人", owner),
        Column("销号日期", lambda task: task.closed_on, kind="date"),
        Column("党组织", lambda task: task.organization, hide_on_phone=True),
    ),
    cells=(
        cell("党组织", lambda task: str(task.organization), width=16),
        cell("问题", str, width=26),
        cell("来源", lambda task: task.rectification.get_source_display(), width=12),
        cell("发现日期", lambda task: task.rectification.found_on, width=12),
        cell("整改措施", lambda task: task.rectification.measure, width=30),
        cell("责任人", owner, width=10),
        cell("时限", lambda task: task.due_on, width=12),
        cell("进展", outcome, width=30),
        cell("状态", lambda task: badge(task)[0], width=12),
        cell("销号日期", lambda task: task.closed_on, width=12),
        cell("销号依据", lambda task: task.rectification.evidence, width=28),
    ),
    order=("-created_at", "-pk"),
    empty="还没有登记问题整改。组织生活会查摆的、上级检查指出的、自己发现的，一个问题登记一条。",
    entry=("登记问题", "tasks:create", TaskKind.RECTIFICATION),
)


def concerns(request: HttpRequest) -> FilterSet:
    return filtered(request, ConcernFilter, kind=TaskKind.CONCERN)


def rectifications(request: HttpRequest) -> FilterSet:
    return filtered(request, RectificationFilter, kind=TaskKind.RECTIFICATION)


def filtered(request: HttpRequest, filter_class: type[FilterSet], *, kind: TaskKind) -> FilterSet:
    require(policies.can_see_ledgers(request.user))
    rows = queries.for_ledger(policies.ledger_tasks(request.user), kind=kind)
    organizations = visible_organizations(request.user).exclude(kind=OrgKind.GROUP).order_by("path")
    return filter_class(request.GET, queryset=rows, organizations=organizations, today=clock.today())


@require_safe
def concern_list(request: HttpRequest) -> HttpResponse:
    return ledger_page(request, CONCERNS, filterset=concerns(request))


@require_safe
def concern_print(request: HttpRequest) -> HttpResponse:
    return ledger_print(request, CONCERNS, filterset=concerns(request))


@require_POST
def concern_export(request: HttpRequest) -> HttpResponse:
    return ledger_export(request, CONCERNS, filterset=concerns(request))


@require_safe
def rectification_list(request: HttpRequest) -> HttpResponse:
    return ledger_page(request, RECTIFICATIONS, filterset=rectifications(request))


@require_safe
def rectification_print(request: HttpRequest) -> HttpResponse:
    return ledger_print(request, RECTIFICATIONS, filterset=rectifications(request))


@require_POST
def rectification_export(request: HttpRequest) -> HttpResponse:
    return ledger_export(request, RECTIFICATIONS, filterset=rectifications(request))
