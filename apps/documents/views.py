"""Papers of one sitting. A download is a deed, so it is a POST; the rights are those of the page."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from apps.documents import facts_sitting, services
from apps.documents.facts_transfer import transfer_paper
from apps.documents.queries import Paper
from apps.meetings import policies, queries
from apps.meetings.models import Meeting
from apps.members.policies import can_export_record, visible_members
from apps.ui import clock
from apps.ui.docx import document_response
from apps.ui.pdf import pdf_response
from apps.ui.policy import require


def whole_sitting(request: HttpRequest, pk: int) -> Meeting:
    return get_object_or_404(queries.whole(policies.visible_meetings(request.user)), pk=pk)


def download(request: HttpRequest, paper: Paper, *, target: Model, path: str) -> HttpResponse:
    """As Word, or as PDF where the address says so; what went wrong is told on the next page."""
    who = {"actor": request.user, "now": clock.now(), "pdf": "pdf" in request.GET}
    taken = services.export_paper(paper=paper, target=target, path=path, **who)
    for fault in taken.faults:
        messages.warning(request, fault)
    answer = pdf_response if taken.is_pdf else document_response
    return answer(paper.file_name, taken.content)


@require_POST
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = whole_sitting(request, pk)
    require(policies.can_see_minutes(request.user, meeting))
    return download(request, facts_sitting.minutes_paper(meeting), target=meeting, path=meeting.path)


@require_POST
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = whole_sitting(request, pk)
    require(policies.can_see_minutes(request.user, meeting))
    paper = facts_sitting.notice_paper(meeting, today=clock.today())
    return download(request, paper, target=meeting, path=meeting.path)


@require_POST
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = whole_sitting(request, pk)
    require(policies.can_see_minutes(request.user, meeting))
    return download(request, facts_sitting.agenda_paper(meeting), target=meeting, path=meeting.path)


@require_POST
def sign_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = whole_sitting(request, pk)
    require(policies.can_record(request.user, meeting))
    return download(request, facts_sitting.sign_in_paper(meeting), target=meeting, path=meeting.path)


@require_POST
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever may take members' records out."""
    seen = visible_members(request.user).select_related("person", "branch__parent")
    member = get_object_or_404(seen, pk=pk)
    require(can_export_record(request.user, member))
    paper = transfer_paper(member, today=clock.today())
    return download(request, paper, target=member, path=member.path)
