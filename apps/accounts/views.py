"""Coming in and going out, one's own account, and the first run."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_cool_off
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import forms, queries, services_setup, services_signin
from apps.accounts.queries import ResetLink
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import form_page, refuse
from apps.ui.refusals import Refusal


def safe_next(request: HttpRequest) -> str:
    """The local path in `next`; the first page where it is missing or leads anywhere else."""
    target = request.GET.get("next", "")
    local = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return target if local else resolve_url("workbench:home")


@login_not_required
@never_cache
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    form = forms.SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = services_signin.sign_in(request=request, now=clock.now(), **form.cleaned_data)
            if done.notice:
                messages.warning(request, done.notice)
            return redirect(safe_next(request))
        except Refusal as refusal:
            refuse(form, refusal)
    return open_page(request, form, template="accounts/login.html", title="登录", submit="登录")


def open_page(request: HttpRequest, form: Any, *, template: str, title: str, submit: str) -> HttpResponse:
    """A form for somebody who is not signed in: no menu, and nothing to go back to."""
    return form_page(request, form=form, template=template, title=title, submit=submit, back_url="")


def locked_out(request: HttpRequest, *_given: Any) -> HttpResponse:
    """Shown instead of any answer while this login name is locked at this address (called by axes)."""
    seconds = int(get_cool_off(request).total_seconds())
    context = {"minutes": -(-seconds // 60)}
    response = render(request, "accounts/locked_out.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    services_signin.sign_out(request=request, now=clock.now())
    messages.info(request, "已退出登录。")
    return redirect("accounts:login")


@never_cache
@sensitive_post_parameters()
def password_change(request: HttpRequest) -> HttpResponse:
    form = forms.PasswordChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        try:
            services_signin.change_password(request=request, old=old, new=new, now=clock.now())
            messages.success(request, "密码已修改。您在其他电脑或手机上的登录已经退出。")
            return redirect("accounts:me")
        except Refusal as refusal:
            refuse(form, refusal)
    return password_change_page(request, form)


def password_change_page(request: HttpRequest, form: forms.PasswordChangeForm) -> HttpResponse:
    forced = request.user.must_change_password
    return form_page(
        request,
        form=form,
        title="修改密码",
        submit="保存新密码",
        back_url="" if forced else reverse("accounts:me"),
        intro="请先设置您自己的密码，然后继续使用。" if forced else "",
    )


@never_cache
@sensitive_post_parameters()
def password_confirm(request: HttpRequest) -> HttpResponse:
    """Asked before what is most private when the person was away: somebody else may sit there now."""
    form = forms.ConfirmPasswordForm(request.POST or None)
    given = {"request": request, "now": clock.now()}
    if attempt(request, form, lambda: services_signin.confirm_own_password(**given, **form.cleaned_data)):
        return redirect(safe_next(request))
    intro = "您离开了一会儿。打开谈话内容前，请再输一次密码。"
    home = reverse("workbench:home")
    return form_page(request, form=form, title="请再输一次密码", submit="继续", back_url=home, intro=intro)


@login_not_required
@never_cache
@sensitive_post_parameters()
def password_reset_link(request: HttpRequest, *, uidb64: str, token: str) -> HttpResponse:
    link, now = ResetLink(uidb64, token), clock.now()
    if queries.person_of_link(link, now=now) is None:
        return render(request, "accounts/dead_link.html", status=410)
    form = forms.NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services_signin.set_password_with_link(link=link, password=form.cleaned_data["new"], now=now)
            messages.success(request, "密码已设置，请登录。")
            return redirect("accounts:login")
        except Refusal as refusal:
            refuse(form, refusal)
    return open_page(request, form, template="accounts/open_form.html", title="设置密码", submit="保存密码")


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    person = request.user
    rows = [
        ("姓名", person.name),
        ("登录名", person.username),
        ("系统职责", forms.duty_of(person).label),
        ("上次登录", person.last_login),
        ("上次用链接重设密码", person.password_reset_at),
    ]
    return render(request, "accounts/me.html", {"rows": rows})


@login_not_required
@never_cache
@sensitive_post_parameters()
def setup(request: HttpRequest) -> HttpResponse:
    if not queries.needs_setup():
        return redirect("accounts:login")
    form = forms.SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, username, new = (form.cleaned_data[field] for field in ("name", "username", "new"))
        try:
            done = services_setup.set_up(name=name, username=username, password=new, now=clock.now())
            return render(request, "accounts/setup_done.html", {"done": done})
        except Refusal as refusal:
            refuse(form, refusal)
    title = "首次使用：建立系统操作员"
    return open_page(request, form, template="accounts/setup.html", title=title, submit="完成设置")
