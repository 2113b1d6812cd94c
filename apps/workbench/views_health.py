"""A page for the operator's monitoring: is the database there, is the disk full, are the keys right."""

import shutil

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from apps.vault import keys

#: Below this the product should be stopped from taking uploads (security.md T22b).
LOW_DISK_BYTES = 1_000_000_000


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - signature given by Django
    checks = {
        "database": _database_answers(),
        "disk": shutil.disk_usage(settings.VAR_DIR).free > LOW_DISK_BYTES,
        "keys": not keys.status().locked,
    }
    return JsonResponse({"ok": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return connection.is_usable()
