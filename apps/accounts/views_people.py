"""The operators' pages: who has an account, and what it may do. Names and account data only."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts import filters, forms, policies, services
from apps.accounts.filters import AccountState, PersonFilter
from apps.accounts.models import User
from apps.ui import clock
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page, form_page, refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal

STATE_TONES = {AccountState.ACTIVE: "ok", AccountState.DISABLED: "bad", AccountState.NO_LOGIN: "muted"}


def person_url(person: User) -> str:
    return reverse("accounts:person_update", args=[person.pk])


def state_badge(person: User) -> tuple[str, str]:
    state = filters.state_of(person)
    return state.label, STATE_TONES[state]


def duty_words(person: User) -> str:
    return "系统操作员" if person.is_operator else "审计员" if person.is_auditor else "—"


COLUMNS = [
    Column("姓名", lambda person: person.name, url=person_url, primary=True),
    Column("登录名", lambda person: person.username or "—"),
    Column("状态", state_badge, kind="badge"),
    Column("系统职责", duty_words, hide_on_phone=True),
    Column("上次登录", lambda person: person.last_login, kind="date", hide_on_phone=True),
]


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_manage_accounts(request.user))
    return list_page(
        request,
        filterset=PersonFilter(request.GET, queryset=policies.visible_people(request.user)),
        columns=COLUMNS,
        title="人员与账号",
        order=("pinyin", "pk"),
        actions=[Action("登记人员", reverse("accounts:person_create"), icon="person-plus")],
        empty="没有符合条件的人员。",
        intro="党员由支部导入花名册时自动登记；这里管理谁可以登录。",
    )


def person_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_create(request.user))
    form = forms.PersonCreateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.create_person(actor=request.user, **form.cleaned_data)
            return redirect(person_url(person))
        except Refusal as refusal:
            refuse(form, refusal)
    back_url = reverse("accounts:person_list")
    return form_page(request, form=form, title="登记人员", submit="保存", back_url=back_url)


def person_update(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(policies.visible_people(request.user), pk=pk)
    require(policies.can_update(request.user, person))
    opened = {"name": person.name, "version": person.version}
    form = forms.PersonUpdateForm(request.POST or None, initial=opened)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_person(person=person, actor=request.user, **form.cleaned_data)
            messages.success(request, "已保存。")
            return redirect(person_url(person))
        except Refusal as refusal:
            refuse(form, refusal)
    return person_page(request, person, form=form)


def person_page(request: HttpRequest, person: User, *, form: forms.PersonUpdateForm) -> HttpResponse:
    return form_page(
        request,
        form=form,
        title=person.name,
        submit="保存姓名",
        back_url=reverse("accounts:person_list"),
        template="accounts/person_form.html",
        extra={"person": person, "rows": facts_of(person), "may": policies.rights_on(request.user, person)},
    )


def facts_of(person: User) -> list[tuple[str, object]]:
    return [
        ("登录名", person.username),
        ("状态", state_badge(person)[0]),
        ("系统职责", duty_words(person)),
        ("上次登录", person.last_login),
        ("最近签发重设链接", person.reset_issued_at),
    ]


def person_grant_login(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(policies.visible_people(request.user), pk=pk)
    require(policies.can_grant_login(request.user, person), "此人已经开通登录。")
    form = forms.LoginNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.grant_login(person=person, actor=request.user, **form.cleaned_data)
            return redirect("accounts:person_issue_link", pk=pk)
        except Refusal as refusal:
            refuse(form, refusal)
    title = f"为“{person}”开通登录"
    return form_page(request, form=form, title=title, submit="下一步：签发链接", back_url=person_url(person))


def person_disable(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(policies.visible_people(request.user), pk=pk)
    require(policies.can_disable(request.user, person))
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.disable(person=person, actor=request.user, **form.cleaned_data)
            return redirect(person_url(person))
        except Refusal as refusal:
            refuse(form, refusal)
    question = "停用后此人立即退出登录，也不能再登录。已有记录不受影响，以后可以恢复。"
    return ask(request, person, submit="停用账号", question=question, form=form)


def ask(
    request: HttpRequest, person: User, *, submit: str, question: str, form: Form | None = None
) -> HttpResponse:
    return confirm_page(
        request,
        title=f"{person}：{submit}",
        question=question,
        submit=submit,
        back_url=person_url(person),
        tone="danger" if form else "primary",
        form=form,
    )


def person_enable(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(policies.visible_people(request.user), pk=pk)
    require(policies.can_enable(request.user, person))
    if request.method == "POST":
        try:
            services.enable(person=person, actor=request.user)
        except Refusal as refusal:
            refuse(request, refusal)
        return redirect(person_url(person))
    return ask(request, person, submit="恢复账号", question="恢复后此人可以用原来的密码登录。")


@never_cache
def person_issue_link(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(policies.visible_people(request.user), pk=pk)
    require(policies.can_issue_link(request.user, person))
    if request.method == "POST":
        return issued_link_page(request, person)
    question = "链接只显示一次，只能用一次，24 小时内有效；此前签发的链接作废。请当面交给本人。"
    return ask(request, person, submit="签发设置密码的链接", question=question)


def issued_link_page(request: HttpRequest, person: User) -> HttpResponse:
    """The link stands in the answer to the POST and nowhere else."""
    try:
        link = services.issue_reset_link(person=person, actor=request.user, now=clock.now())
    except Refusal as refusal:
        refuse(request, refusal)
        return redirect(person_url(person))
    url = request.build_absolute_uri(reverse("accounts:password_reset_link", args=link))
    return render(request, "accounts/reset_link.html", {"person": person, "url": url})


def person_set_duty(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(policies.visible_people(request.user), pk=pk)
    require(policies.can_set_duty(request.user, person))
    form = forms.DutyForm(request.POST or None, initial={"duty": forms.duty_of(person)})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_duty(person=person, actor=request.user, **form.flags())
            return redirect(person_url(person))
        except Refusal as refusal:
            refuse(form, refusal)
    title = f"“{person}”的系统职责"
    return form_page(request, form=form, title=title, submit="保存", back_url=person_url(person))
