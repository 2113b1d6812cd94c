"""The registers: key posts with their yearly check, and units in the branch's care."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.accounts.models import User
from apps.rules.kinds_worklog import COVERED, Coverage
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, link_to, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, require
from apps.worklog import forms_registers as forms
from apps.worklog import policies, queries, services_registers
from apps.worklog.filters import KeyPostFilter, UnitFilter
from apps.worklog.forms import ReasonForm
from apps.worklog.models import CareUnit, KeyPost, KeyPostCheck, Noted
from apps.worklog.views import tabs_for

#: From this month on a key post without a check is called to mind.
LATE_FROM = 10
WIDTHS = {"area": 6, "holder": 6, "holder_name": 6, "since": 6, "until": 6, "checked_on": 4, "by_name": 8}
WIDTHS |= {"kind": 6, "coverage": 6, "covered_since": 4}


def check_badge(post: Any, *, today: date) -> tuple[str, str]:
    """`post` comes from `key_posts_with_checks`."""
    if post.until and post.until <= today:
        return "不再列入", "muted"
    if post.checked_this_year:
        return "今年已检查", "ok"
    return ("今年还没检查", "warn") if today.month >= LATE_FROM else ("今年待检查", "info")


def unit_badge(unit: CareUnit, *, today: date) -> tuple[str, str]:
    if unit.until and unit.until <= today:
        return "不再联系", "muted"
    tone = "ok" if unit.coverage in COVERED else "warn" if unit.coverage == Coverage.NONE else "info"
    return unit.get_coverage_display(), tone


def check_link(user: User) -> Callable[[KeyPost], str]:
    return lambda post: (
        reverse("worklog:key_post_check", args=[post.pk]) if policies.can_check(user, post) else ""
    )


def key_post_columns(user: User, *, today: date) -> list[Column]:
    link = check_link(user)
    return [
        Column("岗位", lambda row: row.title, url=link_to("worklog:key_post_detail"), primary=True),
        Column("管什么", lambda row: row.get_area_display()),
        Column("在岗人员", lambda row: row.holder or row.holder_name),
        Column("今年检查", lambda row: check_badge(row, today=today), kind="badge"),
        Column("最近一次", lambda row: row.last_checked_on or "—", kind="date"),
        Column("支部", lambda row: row.branch, hide_on_phone=True),
        Column("办理", lambda row: "登记检查" if link(row) else "", url=link),
    ]


def unit_columns(user: User, *, today: date) -> list[Column]:
    address = link_to("worklog:unit_update")

    def link(unit: CareUnit) -> str:
        return address(unit) if policies.can_change_register(user, unit) else ""

    return [
        Column("单位", lambda row: row.name, url=link, primary=True),
        Column("类别", lambda row: row.get_kind_display()),
        Column("覆盖", lambda row: unit_badge(row, today=today), kind="badge"),
        Column("覆盖日期", lambda row: row.covered_since or "—", kind="date"),
        Column("联系日期", lambda row: row.since, kind="date", hide_on_phone=True),
        Column("支部", lambda row: row.branch, hide_on_phone=True),
    ]


def key_post_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_read_registers(request.user))
    today = clock.today()
    rows = queries.key_posts_with_checks(policies.visible_key_posts(request.user), today=today)
    filterset = KeyPostFilter(request.GET, queryset=rows.filter(withdrawn_on=None), request=request)
    columns = key_post_columns(request.user, today=today)
    words = {"title": "重点岗位", "add": "worklog:key_post_create", "here": "key_posts"}
    return _register(request, filterset=filterset, columns=columns, **words)


def unit_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_read_registers(request.user))
    rows = queries.units_for_list(policies.visible_units(request.user)).filter(withdrawn_on=None)
    filterset = UnitFilter(request.GET, queryset=rows, request=request)
    columns = unit_columns(request.user, today=clock.today())
    words = {"title": "联系单位", "add": "worklog:unit_create", "here": "units"}
    return _register(request, filterset=filterset, columns=columns, **words)


def _register(request: HttpRequest, *, title: str, add: str, here: str, **given: Any) -> HttpResponse:
    keeps = policies.can_keep(request.user)
    actions = [Action(f"登记{title}", reverse(add), icon="plus-lg")] if keeps else []
    return list_page(
        request,
        title=title,
        order=("path", "pk"),
        actions=actions,
        empty=f"还没有登记{title}。登记一次，以后每年只看状态。",
        empty_action=actions[0] if actions else None,
        template="worklog/register_list.html",
        extra={**tabs_for(request), "here": here},
        **given,
    )


def _back(row: Noted) -> str:
    """Where one returns to from a form about this row."""
    if isinstance(row, CareUnit):
        return reverse("worklog:unit_list")
    post_id = row.key_post_id if isinstance(row, KeyPostCheck) else row.pk
    return reverse("worklog:key_post_detail", args=[post_id])


def _made(request: HttpRequest, form: forms.RegisterForm) -> dict[str, Any]:
    when = {"now": clock.now(), "today": clock.today()}
    key = {"idempotency_key": form.cleaned_data["idempotency_key"]}
    return {"values": form.values(), "actor": request.user, **when, **key}


def key_post_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_keep(request.user))
    branch = chosen(policies.branches_to_keep(request.user), request.GET.get("branch"))
    members, start = queries.people_at(branch), {"since": clock.today()}
    form = forms.KeyPostForm(
        request.POST or None, members=members, instance=KeyPost(branch=branch), initial=start
    )
    create = services_registers.create_key_post
    if attempt(request, form, lambda: create(branch=branch, **_made(request, form))):
        messages.success(request, "已登记重点岗位。")
        return redirect("worklog:key_post_list")
    return _form(request, form, title=f"登记重点岗位（{branch}）", back_url=reverse("worklog:key_post_list"))


def unit_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_keep(request.user))
    branch = chosen(policies.branches_to_keep(request.user), request.GET.get("branch"))
    start = {"since": clock.today()}
    form = forms.CareUnitForm(request.POST or None, instance=CareUnit(branch=branch), initial=start)
    create = services_registers.create_unit
    if attempt(request, form, lambda: create(branch=branch, **_made(request, form))):
        messages.success(request, "已登记联系单位。")
        return redirect("worklog:unit_list")
    return _form(request, form, title=f"登记联系单位（{branch}）", back_url=reverse("worklog:unit_list"))


def _form(request: HttpRequest, form: django_forms.BaseForm, **given: Any) -> HttpResponse:
    return form_page(request, form=form, submit="保存", columns=WIDTHS, **given)


def key_post_of(request: HttpRequest, pk: int) -> KeyPost:
    visible = policies.visible_key_posts(request.user)
    return get_object_or_404(queries.key_posts_with_checks(visible, today=clock.today()), pk=pk)


def key_post_detail(request: HttpRequest, pk: int) -> HttpResponse:
    post = key_post_of(request, pk)
    checks = [(check, policies.can_change_check(request.user, check)) for check in queries.checks_of(post)]
    context = {
        "post": post,
        "badge": check_badge(post, today=clock.today()),
        "checks": checks,
        "may_check": policies.can_check(request.user, post),
        "may_change": policies.can_change_register(request.user, post),
    }
    return render(request, "worklog/key_post_detail.html", context)


def key_post_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The quick 「登记检查」."""
    post = key_post_of(request, pk)
    require(policies.can_check(request.user, post))
    start = {"checked_on": clock.today(), "by_name": request.user.name, "finding": "未发现问题。"}
    form = forms.CheckForm(request.POST or None, initial=start)
    check = services_registers.check_key_post
    if attempt(request, form, lambda: check(key_post=post, **_made(request, form))):
        messages.success(request, "检查已登记。")
        return redirect("worklog:key_post_list")
    return _form(request, form, title=f"登记检查：{post}", back_url=_back(post))


def _update(
    request: HttpRequest, form: forms.RegisterForm, *, row: Noted, title: str, **given: Any
) -> HttpResponse:
    target = {"row": row, "actor": request.user, "today": clock.today()}
    write = services_registers.update_register

    def call() -> object:
        return write(**target, version=form.cleaned_data["version"], values=form.values())

    if attempt(request, form, call):
        messages.success(request, "已修改。")
        return redirect(_back(row))
    return _form(request, form, title=title, back_url=_back(row), **given)


def _withdraw(request: HttpRequest, *, row: Noted) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    target = {"row": row, "actor": request.user, "today": clock.today()}
    write = services_registers.withdraw_register
    if attempt(request, form, lambda: write(**target, **form.cleaned_data)):
        messages.success(request, "已撤回。")
        return redirect(_back(row) if isinstance(row, KeyPostCheck) else _list_of(row))
    question = "只有登记错了才撤回，撤回后不再计入。岗位或单位有变动的，请修改并填写结束日期。"
    given = {"title": f"撤回：{row}", "question": question, "submit": "撤回", "back_url": _back(row)}
    return confirm_page(request, form=form, **given)


def _list_of(row: Noted) -> str:
    return reverse("worklog:unit_list" if isinstance(row, CareUnit) else "worklog:key_post_list")


def key_post_update(request: HttpRequest, pk: int) -> HttpResponse:
    post = key_post_of(request, pk)
    require(policies.can_change_register(request.user, post))
    kept = [post.holder_id] if post.holder_id else []
    members = queries.people_at(post.branch, kept=kept)
    form = forms.KeyPostForm(request.POST or None, members=members, instance=post)
    return _update(request, form, row=post, title="修改重点岗位")


def key_post_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    post = key_post_of(request, pk)
    require(policies.can_change_register(request.user, post))
    return _withdraw(request, row=post)


def check_of(request: HttpRequest, pk: int) -> KeyPostCheck:
    visible = policies.visible_checks(request.user).select_related("key_post")
    return get_object_or_404(visible, pk=pk)


def check_update(request: HttpRequest, pk: int) -> HttpResponse:
    check = check_of(request, pk)
    require(policies.can_change_check(request.user, check))
    form = forms.CheckForm(request.POST or None, instance=check)
    return _update(request, form, row=check, title=f"修改检查：{check.key_post}")


def check_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    check = check_of(request, pk)
    require(policies.can_change_check(request.user, check))
    return _withdraw(request, row=check)


def unit_of(request: HttpRequest, pk: int) -> CareUnit:
    return get_object_or_404(queries.units_for_list(policies.visible_units(request.user)), pk=pk)


def unit_update(request: HttpRequest, pk: int) -> HttpResponse:
    unit = unit_of(request, pk)
    require(policies.can_change_register(request.user, unit))
    form = forms.CareUnitForm(request.POST or None, instance=unit)
    given = {"template": "worklog/unit_form.html", "extra": {"unit": unit}}
    return _update(request, form, row=unit, title="修改联系单位", **given)


def unit_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    unit = unit_of(request, pk)
    require(policies.can_change_register(request.user, unit))
    return _withdraw(request, row=unit)
