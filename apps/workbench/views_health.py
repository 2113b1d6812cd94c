"""For the operator: an address for his monitoring, and a page with the state and the settings in force."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from apps.ui import clock
from apps.ui.policy import require
from apps.vault import keys
from apps.workbench import policies
from apps.workbench.queries_system import LOW_DISK_BYTES, free_bytes, settings_in_force, state_of_system


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - signature given by Django
    checks = {
        "database": _database_answers(),
        "disk": free_bytes() > LOW_DISK_BYTES,
        "keys": not keys.status().locked,
    }
    return JsonResponse({"ok": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return connection.is_usable()


def system(request: HttpRequest) -> HttpResponse:
    require(policies.can_see_system(request.user), "这一页是给系统操作员用的。")
    context = {"state": state_of_system(now=clock.now()), "settings": settings_in_force()}
    return render(request, "workbench/system.html", context)
