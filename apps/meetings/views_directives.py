"""Documents from above: the ledger, the page of one, and at which sitting it is conveyed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.branches.policies import oversees, visible_organizations
from apps.meetings import policies, queries_directives, services_directives
from apps.meetings.filters_directives import DirectiveFilter
from apps.meetings.forms_directives import ConveyedForm, ConveyForm
from apps.meetings.models import DirectiveConveyed
from apps.meetings.views_page import in_reach, page_url, posted
from apps.rules.kinds import OrgKind
from apps.tasks import policies as task_policies
from apps.tasks.queries import for_list
from apps.tasks.views import state_badge
from apps.tasks.views_directives import directive_url
from apps.tasks.views_directives import in_reach as directive_in_reach
from apps.tasks.views_ledgers import Ledger, cell, ledger_export, ledger_page, ledger_print
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column
from apps.ui.pages import form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal


def conveyed_badge(row: Any) -> tuple[str, str]:
    """`row` comes from `with_progress`. A sitting that is not filed does not count yet."""
    if row.withdrawn_on:
        return "已作废", "muted"
    if row.conveyed_on:
        late = row.convey_by and row.conveyed_on > row.convey_by
        return (f"逾期传达 {row.conveyed_on}", "warn") if late else (f"已传达 {row.conveyed_on}", "ok")
    if row.pending:
        return "待归档", "warn"
    if not row.convey_by:
        return "不要求传达", "muted"
    days = (clock.today() - row.convey_by).days
    return (f"传达已逾期 {days} 天", "bad") if days > 0 else ("待传达", "info")


def done_badge(row: Any) -> tuple[str, str] | None:
    if not row.asks_action or row.withdrawn_on:
        return None
    if row.done_on:
        return f"已落实 {row.done_on}", "ok"
    if row.do_by and row.do_by < clock.today():
        return f"落实已逾期 {(clock.today() - row.do_by).days} 天", "bad"
    return ("落实中", "info") if row.task_count else ("未安排任务", "warn")


def done_words(row: Any) -> str:
    if not row.asks_action:
        return "不要求"
    return (done_badge(row) or ("已作废", ""))[0]


DIRECTIVES = Ledger(
    name="meetings:directive",
    title="上级来文台账",
    columns=(
        Column("文件", str, url=directive_url, primary=True),
        Column("传达", conveyed_badge, kind="badge"),
        Column("落实", done_badge, kind="badge"),
        Column("传达期限", lambda row: row.convey_by, kind="date"),
        Column("落实期限", lambda row: row.do_by, kind="date"),
        Column("收文", lambda row: row.received_on, kind="date", hide_on_phone=True),
        Column("党组织", lambda row: row.organization),
    ),
    cells=(
        cell("收文党组织", lambda row: str(row.organization), width=18),
        cell("收文日期", lambda row: row.received_on, width=12),
        cell("文件标题", str, width=34),
        cell("文号", lambda row: row.number, width=18),
        cell("发文单位", lambda row: row.issuer, width=16),
        cell("要求", lambda row: row.requirement, width=30),
        cell("传达期限", lambda row: row.convey_by, width=12),
        cell("传达情况", lambda row: conveyed_badge(row)[0], width=18),
        cell("传达的会议", lambda row: row.conveyed_title, width=20),
        cell("落实期限", lambda row: row.do_by, width=12),
        cell("落实情况", done_words, width=18),
    ),
    order=("-received_on", "-pk"),
    empty="还没有登记上级来文。收到文件登记一条，写明传达期限；要求落实的，再派成任务。",
    entry=("登记来文", "tasks:directive_create", ""),
)


def directives(request: HttpRequest) -> DirectiveFilter:
    require(task_policies.can_see_ledgers(request.user))
    rows = queries_directives.with_progress(task_policies.visible_directives(request.user))
    organizations = visible_organizations(request.user).exclude(kind=OrgKind.GROUP).order_by("path")
    return DirectiveFilter(request.GET, queryset=rows, organizations=organizations, today=clock.today())


@require_safe
def directive_list(request: HttpRequest) -> HttpResponse:
    filterset = directives(request)
    send = Action("转发给支部", reverse("tasks:circular_send"), tone="secondary", icon="send")
    more = [send] if task_policies.can_assign(request.user) else []
    return ledger_page(request, DIRECTIVES, filterset=filterset, actions=more)


@require_safe
def directive_print(request: HttpRequest) -> HttpResponse:
    return ledger_print(request, DIRECTIVES, filterset=directives(request))


@require_POST
def directive_export(request: HttpRequest) -> HttpResponse:
    return ledger_export(request, DIRECTIVES, filterset=directives(request))


@require_safe
def directive_detail(request: HttpRequest, pk: int) -> HttpResponse:
    visible = queries_directives.with_progress(task_policies.visible_directives(request.user))
    directive, today = get_object_or_404(visible, pk=pk), clock.today()
    tasks = for_list(directive.tasks.all()).order_by("pk")
    context = {
        "directive": directive,
        "conveyed": conveyed_badge(directive),
        "done": done_badge(directive),
        "conveyings": queries_directives.conveyings_of(directive),
        "tasks": [(task, state_badge(task, today=today)) for task in tasks],
        "may": task_policies.directive_rights(request.user, directive),
        "may_convey": policies.can_convey(request.user, directive),
        "sees_all_copies": directive.circular and oversees(request.user, directive.circular.path),
    }
    return render(request, "meetings/directive_detail.html", context)


@require_http_methods(["GET", "POST"])
def directive_convey(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the sitting that is there already."""
    directive = directive_in_reach(request, pk)
    require(policies.can_convey(request.user, directive))
    offered = queries_directives.sittings_for(directive, today=clock.today())
    form = ConveyForm(posted(request), meetings=offered)
    if attempt(request, form, lambda: convey(request, directive, meeting=form.cleaned_data["meeting"])):
        return redirect(directive_url(directive))
    intro = "选传达这份文件的会议。会议归档后才算已传达；还没有登记的会，请返回后点“记一次”或“计划会议”。"
    page = {"title": f"传达：{directive}", "submit": "保存", "intro": intro}
    return form_page(request, form=form, back_url=directive_url(directive), **page)


def convey(request: HttpRequest, directive: Any, *, meeting: Any) -> DirectiveConveyed:
    if not policies.can_convey_at(request.user, meeting):
        raise services_directives.CannotConvey("会议已经归档，请书记、副书记或组织委员补登", field="meeting")
    target = {"meeting": meeting, "directive": directive}
    return services_directives.convey_directive(**target, actor=request.user, now=clock.now())


@require_http_methods(["GET", "POST"])
def conveyed_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a document on the page of the sitting."""
    meeting = in_reach(request, pk)
    require(policies.can_convey_at(request.user, meeting))
    form = ConveyedForm(posted(request), directives=queries_directives.directives_for(meeting))
    if attempt(request, form, lambda: convey(request, form.cleaned_data["directive"], meeting=meeting)):
        return redirect(page_url(meeting, "conveyed"))
    intro = "只列出收文不晚于会议日期、要求传达、还没有传达过的文件。没有的，先到上级来文台账登记。"
    page = {"title": f"传达的上级文件：{meeting}", "submit": "保存", "intro": intro}
    return form_page(request, form=form, back_url=page_url(meeting, "conveyed"), **page)


@require_POST
def conveyed_remove(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    meeting = in_reach(request, pk)
    require(policies.can_convey_at(request.user, meeting))
    link = get_object_or_404(meeting.conveyed.select_related("directive"), pk=link_pk)
    try:
        services_directives.unconvey_directive(link=link, actor=request.user)
    except Refusal as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, "已移除。")
    return redirect(page_url(meeting, "conveyed"))
