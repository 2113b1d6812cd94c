"""Files of a sitting: kept, handed out as downloads only, dropped while the record is open."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.meetings import policies, services_files
from apps.meetings.forms_agenda import AttachmentForm
from apps.meetings.views_page import form_part, in_reach, page_url, posted, recordable
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import refuse
from apps.ui.policy import require
from apps.ui.refusals import Refusal


@require_http_methods(["GET", "POST"])
def attachment_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = recordable(request, pk)
    form = AttachmentForm(posted(request), request.FILES or None)

    def save() -> None:
        file = form.cleaned_data["file"]
        services_files.add_attachment(
            meeting=meeting, name=file.name, file=file, actor=request.user, now=clock.now()
        )

    if attempt(request, form, save):
        return redirect(page_url(meeting, "files"))
    return form_part(request, form=form, title="上传附件", meeting=meeting, anchor="files")


@require_GET
def attachment_download(request: HttpRequest, pk: int, attachment_pk: int) -> FileResponse:
    """Never shown inside a page: a download, of a fixed type, in a sandbox that may run nothing (T07)."""
    meeting = in_reach(request, pk)
    require(policies.can_see_minutes(request.user, meeting))
    attachment = get_object_or_404(meeting.attachments.all(), pk=attachment_pk)
    file = services_files.path_of(attachment).open("rb")
    response = FileResponse(
        file, as_attachment=True, filename=attachment.name, content_type=attachment.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_POST
def attachment_remove(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponse:
    meeting = recordable(request, pk)
    attachment = get_object_or_404(meeting.attachments.all(), pk=attachment_pk)
    try:
        services_files.remove_attachment(attachment=attachment, actor=request.user)
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect(page_url(meeting, "files"))
