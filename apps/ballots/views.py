"""Polls from the draft to the end of the voting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.accounts.models import User
from apps.ballots import forms, policies, queries, queries_across, services
from apps.ballots.filters import PollFilter
from apps.ballots.models import Poll
from apps.rules.ballots import enough
from apps.rules.kinds_ballots import PollMode, PollPurpose, PollState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, require

TONES = {
    PollState.DRAFT: "muted",
    PollState.OPEN: "info",
    PollState.CLOSED: "warn",
    PollState.OPENED: "ok",
    PollState.DESTROYED: "muted",
}
WIDTHS = {"purpose": 6, "mode": 6, "electorate": 6, "closes_on": 6}
WIDTHS |= {"threshold": 6, "text_threshold": 6, "teller_one": 6, "teller_two": 6}


def state_badge(poll: Poll) -> tuple[str, str]:
    state = PollState(poll.state)
    paper = state == PollState.CLOSED and poll.mode == PollMode.PAPER
    return "已截止，待核对票数" if paper else state.label, TONES[state]


def link_for(user: User) -> Callable[[Poll], str]:
    """Whoever is only asked comes to the ballot, everybody else to the page of the poll."""

    def link(poll: Poll) -> str:
        if policies.can_read(user, poll):
            return reverse("ballots:detail", args=[poll.pk])
        return reverse("ballots:vote", args=[poll.pk]) if poll.mode == PollMode.SEALED else ""

    return link


def list_columns(user: User) -> list[Column]:
    return [
        Column("测评", lambda row: row.title, url=link_for(user), primary=True),
        Column("测什么", lambda row: row.get_purpose_display()),
        Column("状态", state_badge, kind="badge"),
        Column("截止", lambda row: row.closes_on, kind="date"),
        Column("方式", lambda row: row.get_mode_display(), hide_on_phone=True),
        Column("支部", lambda row: row.branch, hide_on_phone=True),
    ]


def poll_list(request: HttpRequest) -> HttpResponse:
    rows = queries.for_pages(policies.listed_polls(request.user))
    actions = actions_of(request.user)
    words = {
        "title": "测评投票",
        "intro": "无记名：系统不记录谁投了什么。",
        "empty": "还没有测评。支部发起、开始投票后，这里会列出来。",
        "empty_action": actions[0] if policies.can_create(request.user) else None,
    }
    filterset = PollFilter(request.GET, queryset=rows, request=request)
    extra = {"waiting": queries.waiting_for(request.user, today=clock.today())}
    given = {"template": "ballots/list.html", "columns": list_columns(request.user), "extra": extra}
    return list_page(request, filterset=filterset, actions=actions, **words, **given)


def actions_of(user: User) -> list[Action]:
    offered = [
        (policies.can_create(user), Action("发起测评", reverse("ballots:create"), icon="plus-lg")),
        (
            policies.can_compare(user),
            Action("各支部测评结果", reverse("ballots:across"), tone="secondary", icon="list-check"),
        ),
    ]
    return [action for allowed, action in offered if allowed]


def poll_of(request: HttpRequest, pk: int) -> Poll:
    return get_object_or_404(queries.for_pages(policies.visible_polls(request.user)), pk=pk)


def to_detail(poll: Poll) -> str:
    return reverse("ballots:detail", args=[poll.pk])


def empty_form(request: HttpRequest) -> django_forms.Form:
    """A step that asks for nothing but the step itself."""
    return django_forms.Form(request.POST if request.method == "POST" else None)


def poll_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_create(request.user))
    branch = chosen(policies.places_to_ask(request.user), request.GET.get("branch"))
    members = queries.people_at(branch)
    form = forms.PollForm(request.POST or None, members=members, instance=Poll(branch=branch))
    made: list[Poll] = []

    def create() -> None:
        when = {"today": clock.today(), "now": clock.now()}
        made.append(services.create_poll(branch=branch, actor=request.user, **when, **form.given()))

    if attempt(request, form, create):
        return redirect(to_detail(made[0]))
    return poll_form(request, form, title=f"发起测评（{branch}）", back_url=reverse("ballots:list"))


def poll_form(request: HttpRequest, form: forms.PollForm, **given: Any) -> HttpResponse:
    return form_page(request, form=form, submit="保存", columns=WIDTHS, **given)


def poll_update(request: HttpRequest, pk: int) -> HttpResponse:
    poll = poll_of(request, pk)
    require(policies.can_update(request.user, poll))
    start, members = queries.draft_words(poll), queries.people_at(poll.branch)
    form = forms.PollForm(request.POST or None, members=members, instance=poll, initial=start)
    target = {"poll": poll, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.update_poll(**target, **form.given())):
        messages.success(request, "已修改。")
        return redirect(to_detail(poll))
    return poll_form(request, form, title="修改测评", back_url=to_detail(poll))


def poll_detail(request: HttpRequest, pk: int) -> HttpResponse:
    poll = poll_of(request, pk)
    result = queries.result_of(poll)
    context = {
        "poll": poll,
        "badge": state_badge(poll),
        "may": policies.rights_on(request.user, poll),
        "result": result,
        "counted": queries_across.counted_for(request.user, poll=poll, result=result) if result else [],
        "questions": [] if result else queries.questions_of(poll),
        "voted": queries.voted_in(poll) if poll.mode == PollMode.SEALED else 0,
        "next_step": queries.next_step(poll),
        "today": clock.today(),
    }
    return render(request, "ballots/detail.html", context)


def poll_open(request: HttpRequest, pk: int) -> HttpResponse:
    """The passphrase stands in the answer to this POST and nowhere else; reloading does not bring it back."""
    poll = poll_of(request, pk)
    require(policies.can_open(request.user, poll))
    form, told = empty_form(request), []
    target = {"poll": poll, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: told.append(services.open_poll(**target))):
        context = {"poll": poll, "passphrase": told[0], "back_url": to_detail(poll)}
        return render(request, "ballots/passphrase.html", context)
    return confirm_page(request, form=form, back_url=to_detail(poll), **opening_words(poll))


def opening_words(poll: Poll) -> dict[str, Any]:
    members = queries.entitled_in(poll, today=clock.today())
    sealed = poll.mode == PollMode.SEALED
    question = "开始后，名册和项目就不能再改。"
    if sealed:
        question += (
            "\n接下来的页面会显示开票口令，只显示这一次：请当场打印或抄下，由计票人、监票人保管。"
            "口令丢了谁也开不了票，只能作废重投。"
        )
    details = [("名册人数", f"{len(members)} 人"), ("谁来投票", poll.get_electorate_display())]
    if sealed:
        details.append(("其中没有登录账号、网上投不了票的", f"{queries.without_login(members)} 人"))
    title = f"开始投票：{poll}"
    return {"title": title, "question": question, "details": details, "submit": "开始投票", "tone": "primary"}


def poll_close(request: HttpRequest, pk: int) -> HttpResponse:
    poll = poll_of(request, pk)
    require(policies.can_close(request.user, poll))
    form = empty_form(request)
    if attempt(request, form, lambda: services.close_poll(poll=poll, actor=request.user)):
        messages.success(request, "投票已截止。")
        return redirect(to_detail(poll))
    question = f"截止后不能再投票，也不能重新开始。{shortage(poll)}"
    words = {"title": f"截止投票：{poll}", "submit": "截止投票", "tone": "primary"}
    return confirm_page(request, form=form, question=question, back_url=to_detail(poll), **words)


def shortage(poll: Poll) -> str:
    """Said before the voting ends, while more may still vote."""
    voted = queries.voted_in(poll)
    if poll.mode != PollMode.SEALED or enough(
        voted, purpose=PollPurpose(poll.purpose), threshold=poll.threshold
    ):
        return ""
    return (
        f"\n现在只有 {voted} 人投票，不足 {poll.threshold} 张：截止后开不了票，只能作废。可以等投够了再截止。"
    )


def poll_destroy(request: HttpRequest, pk: int) -> HttpResponse:
    poll = poll_of(request, pk)
    require(policies.can_destroy(request.user, poll))
    form = forms.DestroyForm(request.POST or None)
    target = {"poll": poll, "actor": request.user}
    if attempt(request, form, lambda: services.destroy_poll(**target, **form.cleaned_data)):
        messages.success(request, "已作废，选票没有打开，已经销毁。")
        return redirect(to_detail(poll))
    question = "已投的票不再打开，立即销毁，不能恢复。"
    words = {"title": f"作废：{poll}", "submit": "作废"}
    return confirm_page(request, form=form, question=question, back_url=to_detail(poll), **words)
