"""The agenda of a sitting: items, opinions, consultations, and the tasks that follow from resolutions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from apps.meetings import services_agenda
from apps.meetings.forms_agenda import ConsultationForm, ItemForm, MoveForm, OpinionForm, ResolutionTaskForm
from apps.meetings.models import AgendaItem
from apps.meetings.views_page import form_part, item_part, items_part, posted, recordable, recordable_item
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import refuse
from apps.ui.refusals import Refusal, Stale

TEXT_LABELS = (("title", "议题"), ("reporter", "汇报人"), ("discussion", "讨论情况"), ("resolution", "决议"))


@require_http_methods(["GET", "POST"])
def item_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = recordable(request, pk)
    form = ItemForm(posted(request), meeting=meeting)

    def save() -> None:
        services_agenda.add_item(meeting=meeting, actor=request.user, now=clock.now(), **form.entered())

    if attempt(request, form, save):
        return items_part(request, meeting, anchor="new-item")
    return form_part(request, form=form, title="增加议题", meeting=meeting, anchor="items")


@require_http_methods(["GET", "POST"])
def item_update(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    stored, typed = (recordable_item(request, pk, item_pk=item_pk) for _ in range(2))
    form = ItemForm(posted(request), instance=typed, meeting=stored.meeting)
    conflict: list[dict[str, Any]] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and item_changed(request, form, stored=stored, conflict=conflict)
    ):
        return item_part(request, stored)
    more = {"template": "meetings/item_form.html", "extra": {"conflict": conflict}}
    anchor = f"item-{item_pk}"
    return form_part(request, form=form, title="修改议题", meeting=stored.meeting, anchor=anchor, **more)


def item_changed(
    request: HttpRequest, form: ItemForm, *, stored: AgendaItem, conflict: list[dict[str, Any]]
) -> bool:
    """Whether the item was kept; what somebody else wrote meanwhile goes into `conflict`."""
    entered = form.entered()
    try:
        services_agenda.update_item(
            item=stored,
            seen=form.cleaned_data["seen"],
            actor=request.user,
            now=clock.now(),
            **entered,
        )
    except Stale as refusal:
        for name, label in TEXT_LABELS:
            theirs, yours = getattr(stored, name), getattr(entered["text"], name)
            if theirs != yours:
                conflict.append({"label": label, "stored": theirs, "yours": yours})
        form.reopen_on(stored)
        refuse(form, refusal)
    except Refusal as refusal:
        refuse(form, refusal)
    else:
        return True
    return False


@require_POST
def item_remove(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = recordable_item(request, pk, item_pk=item_pk)
    said(request, lambda: services_agenda.remove_item(item=item, actor=request.user))
    return items_part(request, item.meeting)


@require_POST
def item_move(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = recordable_item(request, pk, item_pk=item_pk)
    form = MoveForm(request.POST)
    if form.is_valid():
        said(request, lambda: services_agenda.move_item(item=item, actor=request.user, **form.cleaned_data))
    return items_part(request, item.meeting)


def said(request: HttpRequest, call: Callable[[], object]) -> None:
    """Make the call; a refusal becomes a message on the page."""
    try:
        call()
    except Refusal as refusal:
        refuse(request, refusal)


@require_http_methods(["GET", "POST"])
def opinion_add(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = recordable_item(request, pk, item_pk=item_pk)
    form = OpinionForm(posted(request), meeting=item.meeting)

    def save() -> None:
        services_agenda.add_opinion(item=item, actor=request.user, **form.cleaned_data)

    return part_page(request, form=form, save=save, item=item, title="记录发言")


@require_http_methods(["GET", "POST"])
def consultation_add(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = recordable_item(request, pk, item_pk=item_pk)
    form = ConsultationForm(posted(request), meeting=item.meeting)

    def save() -> None:
        services_agenda.add_consultation(item=item, actor=request.user, **form.cleaned_data)

    return part_page(request, form=form, save=save, item=item, title="登记会前通气")


@require_http_methods(["GET", "POST"])
def resolution_task_add(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = recordable_item(request, pk, item_pk=item_pk)
    initial = {"title": (item.resolution.strip() or item.title)[:100]}
    form = ResolutionTaskForm(posted(request), meeting=item.meeting, initial=initial)

    def save() -> None:
        services_agenda.add_resolution_task(
            item=item, actor=request.user, now=clock.now(), **form.cleaned_data
        )

    return part_page(request, form=form, save=save, item=item, title="决议转为任务")


def part_page(
    request: HttpRequest, *, form: Any, save: Callable[[], None], item: AgendaItem, title: str
) -> HttpResponse:
    if attempt(request, form, save):
        return item_part(request, item)
    return form_part(request, form=form, title=title, meeting=item.meeting, anchor=f"item-{item.pk}")


@require_POST
def opinion_remove(request: HttpRequest, pk: int, opinion_pk: int) -> HttpResponse:
    items = recordable(request, pk).items.all()
    item = get_object_or_404(items, opinions=opinion_pk)
    opinion = item.opinions.get(pk=opinion_pk)
    said(request, lambda: services_agenda.remove_opinion(opinion=opinion, actor=request.user))
    return item_part(request, item)


@require_POST
def consultation_remove(request: HttpRequest, pk: int, consultation_pk: int) -> HttpResponse:
    items = recordable(request, pk).items.all()
    item = get_object_or_404(items, consultations=consultation_pk)
    talk = item.consultations.get(pk=consultation_pk)
    said(request, lambda: services_agenda.remove_consultation(consultation=talk, actor=request.user))
    return item_part(request, item)
