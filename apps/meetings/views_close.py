"""The last steps: filing, calling off, correcting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from apps.meetings import policies, queries, services_close
from apps.meetings.closing import ClosingCheck
from apps.meetings.forms_agenda import AddendumForm, CancelForm, CloseForm
from apps.meetings.models import Meeting, MeetingState
from apps.meetings.queries_copies import near_copy_of, texts_side_by_side
from apps.meetings.queries_vote import vote_context
from apps.meetings.services_roll import WHY_NOT_OPEN
from apps.meetings.views_page import checked, in_reach, page_url, posted
from apps.rules.periods import day_words
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import require


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = in_reach(request, pk)
    require(policies.can_close(request.user, meeting))
    form, now = CloseForm(posted(request)), clock.now()

    def save() -> None:
        services_close.close_meeting(meeting=meeting, actor=request.user, now=now, **form.cleaned_data)

    if attempt(request, form, save):
        messages.success(request, "记录已归档。")
        return redirect(page_url(meeting))
    if meeting.state != MeetingState.OPEN:
        messages.error(request, WHY_NOT_OPEN[MeetingState(meeting.state)])
        return redirect(page_url(meeting))
    return close_page(request, form=form, meeting=meeting)


def close_page(request: HttpRequest, *, form: CloseForm, meeting: Meeting) -> HttpResponse:
    whole = get_object_or_404(queries.whole(policies.visible_meetings(request.user)), pk=meeting.pk)
    found = checked(whole, vote_context(whole))
    if not (found.doubts or form.errors):
        del form.fields["confirmed"]
    return confirm_page(
        request,
        title=f"归档“{meeting}”",
        question=QUESTION,
        submit="归档",
        back_url=page_url(meeting),
        tone="primary",
        details=[*closing_lines(found), *copy_lines(whole)],
        form=form,
    )


QUESTION = "归档后，名单、表决和记录不再改动；如有差错，用“更正”说明。"


def closing_lines(found: ClosingCheck) -> list[tuple[str, str]]:
    parts = (("还须补上", found.missing), ("请确认", found.doubts), ("可以补充", found.advice))
    return [(label, "\n".join(words)) for label, words in parts if words]


def copy_lines(meeting: Meeting) -> list[tuple[str, str]]:
    """Said kindly and before filing: the recorder decides, nothing is refused."""
    other = near_copy_of(meeting)
    if other is None:
        return []
    words = format_html(
        COPY_WORDS + ' <a href="{}">两次记录对照着看</a>',
        other.title,
        day_words(other.held_on),
        reverse("meetings:compare", args=[meeting.pk]),
    )
    return [("请看一看", words)]


COPY_WORDS = (
    "这次写的内容与“{}”（{}）基本相同。如果是照着上次改的，请把这一次实际讲了什么、定了什么补进去；"
    "如果两次确实一样，照此归档即可。"
)


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """The record and the earlier one that it nearly repeats, beside one another."""
    meeting = in_reach(request, pk)
    require(policies.can_close(request.user, meeting))
    other = near_copy_of(meeting)
    if other is None:
        messages.info(request, "没有与这次基本相同的记录。")
        return redirect(page_url(meeting))
    mine, theirs = texts_side_by_side(meeting, other=other)
    sides = [("这一次", meeting, mine), ("此前的记录", other, theirs)]
    return render(request, "meetings/meeting_compare.html", {"meeting": meeting, "sides": sides})


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = in_reach(request, pk)
    require(policies.can_cancel(request.user, meeting))
    form = CancelForm(posted(request))

    def save() -> None:
        services_close.cancel_meeting(meeting=meeting, actor=request.user, **form.cleaned_data)

    if attempt(request, form, save):
        return redirect(page_url(meeting))
    question = "会议没有开，或者记录建错了，就取消它。已写的内容仍可查看，但不再计入组织生活。"
    title, back = f"取消“{meeting}”", page_url(meeting)
    return confirm_page(
        request, title=title, question=question, submit="取消这次会议", back_url=back, form=form
    )


@require_http_methods(["GET", "POST"])
def addendum_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = in_reach(request, pk)
    require(policies.can_add_addendum(request.user, meeting))
    form = AddendumForm(posted(request))

    def save() -> None:
        services_close.add_addendum(meeting=meeting, actor=request.user, now=clock.now(), **form.cleaned_data)

    if attempt(request, form, save):
        return redirect(page_url(meeting, "addenda"))
    intro = "原记录不改动，更正附在后面，注明更正人和时间。"
    title, back = f"更正“{meeting}”", page_url(meeting)
    return form_page(request, form=form, title=title, submit="保存更正", back_url=back, intro=intro)
