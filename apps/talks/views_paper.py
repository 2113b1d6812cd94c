"""谈心谈话记录表 as a file. A download is a deed, so it is a POST; the rights are those of the print view."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from apps.accounts.middleware import must_confirm, to_confirm
from apps.talks import policies, queries
from apps.talks.services_paper import export_talk
from apps.ui import clock
from apps.ui.docx import document_response
from apps.ui.policy import require


@require_POST
@sensitive_variables()
def word(request: HttpRequest, pk: int) -> HttpResponse:
    talk = get_object_or_404(queries.for_list(policies.visible_talks(request.user)), pk=pk)
    require(policies.can_print(request.user, talk))
    if must_confirm(request):
        return to_confirm(request)
    content = export_talk(talk=talk, actor=request.user, now=clock.now())
    return document_response(f"谈心谈话记录表{talk.held_on or ''}", content)
