"""What stands before every page: first run, session limits, and a password that has to be changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts import queries, services_signin
from apps.accounts.models import User
from apps.accounts.services_signin import WAS_AWAY
from apps.ui import clock

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
AWAY_SECONDS = 10 * 60
#: The session is written at most this often only to remember that somebody is there.
SEEN_STEP_SECONDS = 60

#: Pages that come between somebody and what he asked for; the first is the sign-in page.
GATES = ("login", "setup", "password_change", "password_confirm")

Answer = Callable[[HttpRequest], HttpResponse]


def session_limits(get_response: Answer) -> Answer:
    def answer(request: HttpRequest) -> HttpResponse:
        now = clock.now()
        if not request.user.is_authenticated:
            detour = first_run(request)
        elif is_over(request, now):
            services_signin.sign_out(request=request, now=now, action="account.session_expired")
            detour = to_sign_in(request, expired=True)
        else:
            stay_awake(request, now)
            detour = forced_password_change(request)
        return whole_page(request, detour or get_response(request))

    return answer


def first_run(request: HttpRequest) -> HttpResponse | None:
    """Until somebody can sign in, every address leads to the first-run page."""
    setup = reverse("accounts:setup")
    if request.path != setup and queries.needs_setup():
        return redirect(setup)
    return None


def is_over(request: HttpRequest, now: datetime) -> bool:
    moment = now.timestamp()
    started = request.session.get(SIGNED_IN_AT, moment)
    seen = request.session.get(SEEN_AT, moment)
    idle = moment - seen > settings.SESSION_IDLE_SECONDS
    return idle or moment - started > settings.SESSION_COOKIE_AGE


def stay_awake(request: HttpRequest, now: datetime) -> None:
    if request.path.startswith(settings.QUIET_PATHS):
        return
    moment = int(now.timestamp())
    request.session.setdefault(SIGNED_IN_AT, moment)
    if moment - request.session.get(SEEN_AT, moment) >= AWAY_SECONDS:
        request.session[WAS_AWAY] = True
    if moment - request.session.get(SEEN_AT, 0) >= SEEN_STEP_SECONDS:
        request.session[SEEN_AT] = moment


def must_confirm(request: HttpRequest) -> bool:
    """Whether the password is asked again before what is most private: the person was ten minutes away."""
    return bool(request.session.get(WAS_AWAY))


def to_confirm(request: HttpRequest) -> HttpResponse:
    """The page that asks for the password and leads back."""
    return redirect(f"{reverse('accounts:password_confirm')}?{urlencode({'next': page_of(request)})}")


def forced_password_change(request: HttpRequest) -> HttpResponse | None:
    change = reverse("accounts:password_change")
    person = request.user
    must_change = isinstance(person, User) and person.must_change_password
    if must_change and request.path not in (change, reverse("accounts:logout")):
        return redirect(change)
    return None


def to_sign_in(request: HttpRequest, *, expired: bool) -> HttpResponse:
    """The sign-in page, which leads back to the page (not to the fragment or the POST) that was asked for."""
    query = {"expired": "1"} if expired else {}
    if page := page_of(request):
        query["next"] = page
    return redirect(f"{reverse('accounts:login')}?{urlencode(query)}")


def page_of(request: HttpRequest) -> str:
    """The address in the browser's bar: a fragment and a POST name it in a header."""
    if request.method == "GET" and not is_htmx(request):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return ""
    return urlsplit(page)._replace(scheme="", netloc="", fragment="").geturl()


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Never put the sign-in page into a part of a page: htmx is told to go there instead."""
    if not is_htmx(request) or response.status_code != 302:
        return response
    target = response.headers["Location"]
    gates = [
        reverse(f"accounts:{name}") for name in ("login", "setup", "password_change", "password_confirm")
    ]
    if urlsplit(target).path not in gates:
        return response
    if urlsplit(target).path == gates[0]:
        target = to_sign_in(request, expired="expired=1" in target).headers["Location"]
    return HttpResponse(status=401, headers={"HX-Redirect": target})
