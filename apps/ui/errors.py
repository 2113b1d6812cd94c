"""Error pages in words: what happened, and what to do now. The root URLconf names them as its handlers."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

#: What the database raises when it is busy, full or away: trying again may help.
DATABASE_AWAY = (OperationalError, InterfaceError)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return HttpResponse(render_to_string("400.html"), status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    context = {"base_template": base_template(request), "message": str(exception)}
    return render(request, "403.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "404.html", {"base_template": base_template(request)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a crash: it reads nothing from the database, which may be what crashed."""
    if isinstance(sys.exc_info()[1], DATABASE_AWAY):
        return database_away(request)
    return HttpResponse(render_to_string("500.html"), status=500)


def database_away(request: HttpRequest) -> HttpResponse:
    writing = request.method not in ("GET", "HEAD", "OPTIONS")
    page = render_to_string("503.html", {"writing": writing})
    return HttpResponse(page, status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    return HttpResponse(render_to_string("ui/csrf.html"), status=403)


def base_template(request: HttpRequest) -> str:
    """With the menu for a reader who is signed in; a request that failed early has no user yet."""
    user = getattr(request, "user", None)
    return "base.html" if user is not None and user.is_authenticated else "base_open.html"
