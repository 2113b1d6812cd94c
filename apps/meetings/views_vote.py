"""The vote desk: its page, the part that refreshes while figures are typed, and taking a vote back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import wraps

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from apps.meetings import services_vote
from apps.meetings.forms_vote import MotionForm, least_candidates, typed_so_far, values_from
from apps.meetings.models import AgendaItem, MeetingState, Motion
from apps.meetings.queries_vote import motions_of
from apps.meetings.queries_vote_desk import Desk, desk_of
from apps.meetings.queries_vote_weigh import Verdict
from apps.meetings.services_roll import WHY_NOT_OPEN
from apps.meetings.views_page import page_url, recordable, recordable_item
from apps.ui import clock
from apps.ui.pages import confirm_page, mistakes_of, refuse, status_of
from apps.ui.policy import number_in
from apps.ui.refusals import Refusal

NO_MATTER = "这次会议的类别不能作表决。确需表决的，请在会议信息里勾选“党员大会”或“支委会”。"


def back_to(item: AgendaItem) -> str:
    return page_url(item.meeting, f"item-{item.pk}")


def at_desk(view: Callable[[HttpRequest, Desk], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view its desk; send back where this sitting decides nothing, or nothing any more."""

    @wraps(view)
    def enter(request: HttpRequest, *, pk: int, item_pk: int) -> HttpResponse:
        item = recordable_item(request, pk, item_pk=item_pk)
        is_open = item.meeting.state == MeetingState.OPEN
        desk = asked_desk(item, asked=request.POST or request.GET) if is_open else None
        if desk:
            return view(request, desk)
        messages.error(request, NO_MATTER if is_open else WHY_NOT_OPEN[MeetingState(item.meeting.state)])
        return redirect(back_to(item))

    return enter


def asked_desk(item: AgendaItem, *, asked: Mapping[str, str]) -> Desk | None:
    """A vote to be put right may have been put right meanwhile: the service tells; what was typed stays."""
    motions = motions_of(item.meeting).filter(item=item)
    again, replaces = asked.get("previous"), asked.get("replaces")
    return desk_of(
        item,
        matter=asked.get("choose") or asked.get("matter", ""),
        previous=get_object_or_404(motions, idempotency_key=key_of(again)) if again else None,
        replaces=motions.filter(idempotency_key=key_of(replaces)).first() if replaces else None,
    )


def key_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadRequest("not the key of a motion") from error


@require_http_methods(["GET", "POST"])
@at_desk
def motion_add(request: HttpRequest, desk: Desk) -> HttpResponse:
    if "quick" in request.POST:
        return record_quick(request, desk)
    if request.method == "GET" or "more" in request.POST:
        return desk_page(request, shown_form(request, desk))
    form = MotionForm(request.POST, desk=desk)
    if form.is_valid() and recorded(request, form):
        return redirect(back_to(desk.item))
    return desk_page(request, form)


@require_http_methods(["GET", "POST"])
@at_desk
def motion_panel(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The desk without its page, for htmx; with `preview` only what the figures typed so far would mean."""
    if "preview" not in request.POST:
        return desk_page(request, shown_form(request, desk), template="meetings/vote/_panel.html")
    form = MotionForm(request.POST, desk=desk)
    context = {"preview": True, "verdict": verdict_on(form), "form": form}
    return render(request, "meetings/vote/_outcome.html", context)


@require_http_methods(["GET", "POST"])
def motion_remove(request: HttpRequest, *, pk: int, motion_pk: int) -> HttpResponse:
    motion = get_object_or_404(motions_of(recordable(request, pk)), pk=motion_pk)
    if request.method == "GET":
        return removal_page(request, motion)
    try:
        services_vote.remove_motion(motion=motion, actor=request.user, now=clock.now())
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect(back_to(motion.item))


def shown_form(request: HttpRequest, desk: Desk) -> MotionForm:
    """A desk that is not checked yet: fresh, with the words of a link, or with what was typed so far."""
    if request.method == "POST":
        return MotionForm(desk=desk, typed=typed_so_far(request.POST, desk=desk))
    key = number_in(request.GET.get("ballot", ""))
    taken = next((values_from(count) for count in desk.ballots if count.key == key), None) if key else None
    if taken:
        return MotionForm(desk=desk, typed=taken)
    text = request.GET.get("text", "")[:300]
    return MotionForm(desk=desk, typed={"text": text} if text else None)


def recorded(request: HttpRequest, form: MotionForm) -> bool:
    """Whether the vote was kept; the form shows why it was not."""
    key = form.cleaned_data["idempotency_key"]
    try:
        motion = services_vote.record_motion(
            item=form.desk.item, actor=request.user, data=form.entry(), now=clock.now(), idempotency_key=key
        )
    except Refusal as refusal:
        form.show(refusal)
        return False
    messages.success(request, f"已登记表决：{motion.get_state_display()}。")
    return True


def record_quick(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One button: all present in favour. The service refuses it where a ballot or a name is needed."""
    data = services_vote.unanimous(item=desk.item, matter=desk.matter)
    key = quick_key(desk, after=request.POST.get("after", ""))
    try:
        services_vote.record_motion(
            item=desk.item, actor=request.user, data=data, now=clock.now(), idempotency_key=key
        )
    except Refusal as refusal:
        refuse(request, refusal)
    return redirect(back_to(desk.item))


def quick_key(desk: Desk, *, after: str) -> uuid.UUID:
    """The key follows from the last vote the page showed, so that pressing twice records one."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"quick {desk.item.pk} {desk.matter} {after}")


def verdict_on(form: MotionForm) -> Verdict | None:
    if not form.is_valid():
        return None
    try:
        return services_vote.weigh(item=form.desk.item, data=form.entry())
    except Refusal as refusal:
        form.show(refusal)
    return None


def desk_page(
    request: HttpRequest, form: MotionForm, *, template: str = "meetings/vote/desk.html"
) -> HttpResponse:
    context = {
        "form": form,
        "desk": form.desk,
        "chosen": "matter" in request.GET or request.method == "POST",
        "item": form.desk.item,
        "meeting": form.desk.item.meeting,
        "mistakes": mistakes_of(form),
        "least_candidates": least_candidates(form) if form.desk.is_election else "",
        "back_url": back_to(form.desk.item),
    }
    return render(request, template, context, status=status_of(form))


def removal_page(request: HttpRequest, motion: Motion) -> HttpResponse:
    return confirm_page(
        request,
        title="删除这次表决",
        question="登记有误才删除；只是数字填错的，可以返回后点“重新登记”。",
        submit="删除",
        back_url=back_to(motion.item),
        details=[("表决内容", motion.text), ("结果", motion.explanation)],
    )
