"""What the views of one sitting share: fetching it with the right asked for, its page, its parts for htmx."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.meetings import closing, minutes, policies, queries
from apps.meetings.forms_agenda import ItemForm
from apps.meetings.models import AgendaItem, Meeting, MeetingState
from apps.meetings.queries_roll import counts_of
from apps.meetings.queries_vote import vote_context
from apps.rules.kinds import AttendanceStatus, ConsultationKind, ItemNature
from apps.ui import clock
from apps.ui.lists import wants_part
from apps.ui.pages import form_page
from apps.ui.policy import require


@dataclass(frozen=True, slots=True)
class Card:
    """An agenda item on the page, with the form to change it where that may be done."""

    item: AgendaItem
    form: ItemForm | None


def in_reach(request: HttpRequest, pk: int) -> Meeting:
    visible = policies.visible_meetings(request.user).select_related("branch", "group")
    return get_object_or_404(visible, pk=pk)


def recordable(request: HttpRequest, pk: int) -> Meeting:
    """A sitting whose record this person keeps: 404 out of reach, 403 without the right."""
    meeting = in_reach(request, pk)
    require(policies.can_record(request.user, meeting))
    return meeting


def recordable_item(request: HttpRequest, pk: int, *, item_pk: int) -> AgendaItem:
    return get_object_or_404(recordable(request, pk).items.all(), pk=item_pk)


def posted(request: HttpRequest) -> QueryDict | None:
    """The data of a form that was sent, even where it holds nothing."""
    return request.POST if request.method == "POST" else None


def page_url(meeting: Meeting, anchor: str = "") -> str:
    url = reverse("meetings:detail", args=[meeting.pk])
    return f"{url}#{anchor}" if anchor else url


def page_context(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """Everything on the page of a sitting; `meeting` comes from `queries.whole`."""
    may = policies.rights_on(request.user, meeting)
    editable = may["record"] and meeting.state == MeetingState.OPEN
    preparing = may["record"] and meeting.state == MeetingState.PLANNED
    roll = list(meeting.roll.all())
    votes = vote_context(meeting)
    return {
        "meeting": meeting,
        "may": may,
        "editable": editable,
        "preparing": preparing,
        "roll": roll,
        "counts": counts_of(roll),
        "cards": cards_of(meeting, with_forms=editable or preparing),
        "head": minutes.head_lines(meeting),
        "roll_lines": minutes.roll_lines(meeting),
        "late": minutes.late_entry(meeting),
        "shortfall": closing.quorum_words(meeting) if roll and meeting.is_closed else "",
        "check": checked(meeting, votes) if editable else None,
        "people": queries.people_of([meeting.branch_id]) if editable or preparing else (),
        "natures": ItemNature.choices(),
        "consultation_kinds": ConsultationKind.choices(),
        "sees_directives": policies.can_see_directives(request.user, meeting),
        "leave_kinds": [kind for kind in AttendanceStatus if kind.name.endswith("_LEAVE")],
        **votes,
    }


def checked(meeting: Meeting, votes: dict[str, Any]) -> closing.ClosingCheck:
    return closing.check(meeting, today=clock.today(), stale_ids=votes["stale_ids"])


def cards_of(meeting: Meeting, *, with_forms: bool) -> list[Card]:
    return [
        Card(item, ItemForm(instance=item, meeting=meeting) if with_forms else None)
        for item in meeting.items.all()
    ]


def reloaded(request: HttpRequest, pk: int) -> dict[str, Any]:
    """The page's context after a write."""
    meeting = get_object_or_404(queries.whole(policies.visible_meetings(request.user)), pk=pk)
    return page_context(request, meeting)


def roll_part(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The roll with its figures and the state of the last step; without htmx the page itself."""
    if not wants_part(request):
        return redirect(page_url(meeting, "roll"))
    return render(request, "meetings/_roll_part.html", reloaded(request, meeting.pk))


def items_part(request: HttpRequest, meeting: Meeting, *, anchor: str = "items") -> HttpResponse:
    """The agenda and the state of the last step; without htmx the page itself."""
    if not wants_part(request):
        return redirect(page_url(meeting, anchor))
    return render(request, "meetings/_items_part.html", reloaded(request, meeting.pk))


def item_part(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """One agenda item and the state of the last step; without htmx the page itself."""
    if not wants_part(request):
        return redirect(page_url(item.meeting, f"item-{item.pk}"))
    context = reloaded(request, item.meeting_id)
    card = next(card for card in context["cards"] if card.item.pk == item.pk)
    return render(request, "meetings/_item_part.html", context | {"card": card})


def form_part(
    request: HttpRequest, *, form: BaseForm, title: str, meeting: Meeting, anchor: str, **more: Any
) -> HttpResponse:
    """A small form on a page of its own: without script, and when what was typed cannot be kept.

    htmx does not show an answer that is an error, so it is told to put this page in the place of the other.
    """
    back = page_url(meeting, anchor)
    response = form_page(request, form=form, title=title, submit="保存", back_url=back, **more)
    if wants_part(request):
        response.status_code = 200
        response["HX-Retarget"] = response["HX-Reselect"] = "#content"
        response["HX-Reswap"] = "outerHTML show:window:top"
        response["HX-Push-Url"] = request.path
    return response
