"""On paper: the minutes, a sign-in sheet with the names on it, and a blank form to write on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from apps.meetings import closing, minutes, policies, queries
from apps.meetings.queries import called_to
from apps.meetings.views_page import in_reach, page_url
from apps.rules.kinds import MeetingKind
from apps.ui.policy import require

#: Spare lines below the names of a sign-in sheet.
SPARE_LINES = 5


@require_GET
def print_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(queries.whole(policies.visible_meetings(request.user)), pk=pk)
    require(policies.can_see_minutes(request.user, meeting))
    kinds = queries.kinds_of(meeting)
    context = {
        "meeting": meeting,
        "heading": minutes.heading(kinds),
        "head": minutes.head_lines(meeting) + minutes.roll_lines(meeting),
        "summary_label": minutes.summary_label(kinds),
        "records": minutes.item_records(meeting),
        "late": minutes.late_entry(meeting),
        "shortfall": closing.quorum_words(meeting),
        "back_url": page_url(meeting),
    }
    return render(request, "meetings/meeting_print.html", context)


@require_GET
def sign_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = in_reach(request, pk)
    require(policies.can_record(request.user, meeting))
    expected = called_to(meeting)
    context = {
        "meeting": meeting,
        "when": minutes.when(meeting),
        "expected": expected,
        "called": sum(not one.exempt for one in expected),
        "spare": range(len(expected) + 1, len(expected) + SPARE_LINES + 1),
        "back_url": page_url(meeting),
    }
    return render(request, "meetings/sign_in_sheet.html", context)


@require_GET
def blank_form(request: HttpRequest) -> HttpResponse:
    """For writing by hand; `?kind=` names the sort of sitting."""
    kind = request.GET.get("kind", MeetingKind.GENERAL)
    chosen = MeetingKind(kind) if kind in list(MeetingKind) else MeetingKind.GENERAL
    context = {
        "kind": chosen,
        "kinds": list(MeetingKind),
        "heading": minutes.heading([chosen]),
        "labels": minutes.blank_labels(chosen),
        "items": range(1, 4),
    }
    return render(request, "meetings/blank_form.html", context)
