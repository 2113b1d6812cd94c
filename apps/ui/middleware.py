"""Answers that hold somebody's data are stored nowhere, and a busy database is said in words."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.ui.errors import DATABASE_AWAY, bad_request, database_away

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]


def never_cache_private_pages(get_response: Answer) -> Answer:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response

    answer.process_exception = answer_to  # type: ignore[attr-defined]
    return answer


def answer_to(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """A number or a date beyond what can be stored or reckoned with was never offered by a page: 400."""
    if isinstance(exception, OverflowError):
        logger.warning("beyond reckoning: %s", request.path, exc_info=exception)
        return bad_request(request, exception)
    return say_when_the_database_is_away(request, exception)


def say_when_the_database_is_away(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Django's hook for an exception from a view; None leaves any other error to its usual handler."""
    if not isinstance(exception, DATABASE_AWAY):
        return None
    logger.error("database away: %s", request.path, exc_info=exception)
    return database_away(request)
