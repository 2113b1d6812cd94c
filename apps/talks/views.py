"""Reading: one's own talks, the facts of a branch, one talk, its paper, and numbers for those above."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from apps.accounts.middleware import must_confirm, to_confirm
from apps.accounts.models import User
from apps.branches.models import Organization
from apps.talks import facts_map, policies, queries
from apps.talks.filters import CountFilter, MustFilter, TalkFilter
from apps.talks.models import WORDS, MustState, MustTalk, Talk, TalkContent
from apps.talks.services_words import ENDED, Opened, read_content
from apps.tasks.policies import can_create as can_register
from apps.ui import clock
from apps.ui.lists import Action, Column, link_to, list_page
from apps.ui.policy import chosen, require, year_in

LABELS = {name: str(TalkContent._meta.get_field(name).verbose_name) for name in WORDS}
ORDER = ("-day", "-pk")


def names_of(talk: Talk) -> str:
    return " — ".join(one.member.person.name for one in policies.people_of(talk))


def state_badge(talk: Talk) -> tuple[str, str]:
    return queries.badge_of(talk, today=clock.today())


COLUMNS = (
    Column("双方", names_of, url=link_to("talks:detail"), primary=True),
    Column("日期", lambda row: row.day, kind="date"),
    Column("类别", lambda row: row.get_occasion_display()),
    Column("谈话双方", lambda row: row.get_pair_display(), hide_on_phone=True),
    Column("状态", state_badge, kind="badge"),
)


def actions_for(request: HttpRequest) -> list[Action]:
    user = request.user
    log, plan = reverse("talks:log"), reverse("talks:plan")
    offered = [
        (policies.can_log(user), Action("记一次谈话", log, icon="pencil-square")),
        (policies.can_log(user), Action("约一次谈话", plan, tone="secondary", icon="calendar-plus")),
        (
            policies.can_list(user),
            Action("谁和谁谈过", reverse("talks:map"), tone="secondary", icon="grid-3x3"),
        ),
        (policies.can_list(user), Action("本支部的谈话", reverse("talks:list"), tone="secondary")),
        (policies.can_log(user), Action("导出我的谈话", reverse("talks:export_mine"), tone="quiet")),
        (policies.can_see_counts(user), Action("各支部情况", reverse("talks:counts"), tone="secondary")),
    ]
    return [action for allowed, action in offered if allowed]


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    rows = queries.for_list(policies.own_talks(request.user))
    return list_page(
        request,
        filterset=TalkFilter(request.GET, queryset=rows),
        columns=COLUMNS,
        title="我的谈话",
        order=ORDER,
        actions=actions_for(request),
        empty="这里是您参加过的谈心谈话。谈完就可以在手机上记一笔，两分钟以内。",
        intro="内容只有谈话双方（和在场的记录人）能看到。",
        complete=queries.with_people,
        template="talks/mine.html",
        extra=own_extra(request),
    )


def own_extra(request: HttpRequest) -> dict[str, Any]:
    """What waits for oneself; nothing for somebody who is on no roster."""
    today, own = clock.today(), policies.own_place(request.user)
    musts = queries.for_must_list(queries.open_musts(policies.visible_musts(request.user)))
    waiting = queries.waiting(queries.for_list(policies.own_talks(request.user)), today=today)
    talks = queries.with_people(list(waiting[:10]))
    extra: dict[str, Any] = {
        "waiting": [(talk, names_of(talk), state_badge(talk)) for talk in talks],
        "musts": musts.order_by("due_on", "pk")[:10],
        "today": today,
    }
    if own:
        branch = policies.branches_to_log(request.user).filter(pk=own.branch_id).first()
        if branch:
            extra["stand"] = facts_map.own_stand(own.member_id, branch, today=today)
    return extra


@require_safe
@sensitive_variables()
def export_mine(request: HttpRequest) -> HttpResponse:
    """All that is kept of one's own talks, words included, as a file for oneself."""
    if must_confirm(request):
        return to_confirm(request)
    rows = queries.for_list(policies.talks_taken_part_in(request.user)).order_by("pk")
    found = [exported(talk, reader=request.user) for talk in queries.with_people(list(rows))]
    answer = JsonResponse(found, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = 'attachment; filename="my-talks.json"'
    return answer


def exported(talk: Talk, *, reader: User) -> dict[str, Any]:
    opened = read_content(talk=talk, actor=reader)
    people = [
        {"身份": one.get_role_display(), "姓名": one.member.person.name, "职务": one.post}
        for one in policies.people_of(talk)
    ]
    return {
        "日期": talk.day,
        "状态": talk.get_state_display(),
        "类别": f"{talk.get_pair_display()}、{talk.get_occasion_display()}",
        "双方": people,
        "内容": {LABELS[name]: text for name, text in opened.words.items() if text},
        "说明": opened.notice,
    }


@require_safe
def talk_list(request: HttpRequest) -> HttpResponse:
    require(policies.can_list(request.user))
    rows = queries.for_list(policies.talks_of_branch(request.user))
    return list_page(
        request,
        filterset=TalkFilter(request.GET, queryset=rows),
        columns=COLUMNS,
        title="本支部的谈话",
        order=ORDER,
        actions=actions_for(request),
        empty="本支部还没有登记过谈心谈话。",
        intro="这里只有时间、双方和类别；谈话内容只有谈话双方能看到。",
        complete=queries.with_people,
    )


@require_safe
@sensitive_variables()
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    talk = get_object_or_404(queries.for_list(policies.visible_talks(request.user)), pk=pk)
    may = policies.rights_on(request.user, talk)
    if may["read"] and must_confirm(request):
        return to_confirm(request)
    return render(request, "talks/detail.html", {"talk": talk, "may": may, **shown(request, talk, may=may)})


def shown(request: HttpRequest, talk: Talk, *, may: dict[str, bool]) -> dict[str, Any]:
    """The words for those who may read them; who has read them for those in the talk."""
    opened = read_content(talk=talk, actor=request.user) if may["read"] else Opened()
    return {
        "people": policies.people_of(talk),
        "names": names_of(talk),
        "badge": state_badge(talk),
        "opened": opened,
        "ended": ENDED if talk.content_ended_on else "",
        "rows": [(LABELS[name], opened.words[name]) for name in WORDS if opened.words.get(name)],
        "readings": queries.readings_of(talk) if may["inside"] else (),
        "may_register": can_register(request.user),
        "open_to": [one for one in policies.people_of(talk) if one.opened_at],
    }


@require_safe
@sensitive_variables()
def print_talk(request: HttpRequest, pk: int) -> HttpResponse:
    """谈心谈话记录表, for those in the talk."""
    talk = get_object_or_404(queries.for_list(policies.visible_talks(request.user)), pk=pk)
    require(policies.can_print(request.user, talk))
    if must_confirm(request):
        return to_confirm(request)
    opened = read_content(talk=talk, actor=request.user)
    words = {name: opened.words.get(name, "") for name in WORDS}
    context = {"talk": talk, "people": policies.people_of(talk), "words": words, "notice": opened.notice}
    return render(request, "talks/print.html", context)


@require_safe
def talk_map(request: HttpRequest) -> HttpResponse:
    require(policies.can_list(request.user))
    today = clock.today()
    branches = policies.branches_to_map(request.user)
    branch = chosen(branches, request.GET.get("branch"))
    year = year_in(request.GET.get("year"), usual=today.year, first=1921, last=9998)
    stand = facts_map.map_of(branch, year=year, today=today)
    wave = facts_map.wave_of(branch, today=today)
    context = {"stand": stand, "wave": wave, "years": range(today.year, today.year - 4, -1), "today": today}
    return render(request, "talks/map.html", context | map_rights(request, branch, wave=wave))


def map_rights(request: HttpRequest, branch: Organization, *, wave: Any) -> dict[str, Any]:
    set_up = policies.branches_to_set(request.user).filter(pk=branch.pk).exists()
    return {
        "may_set": set_up,
        "may_log": policies.can_log(request.user),
        "may_close_wave": bool(wave) and policies.can_close_wave(request.user, wave.wave),
    }


def quarter_column(place: int, word: str) -> Column:
    return Column(f"第{word}季度", lambda row: row.quarters[place])


COUNT_COLUMNS = (
    Column("党支部", lambda row: row.name, primary=True),
    *(quarter_column(place, word) for place, word in enumerate(queries.QUARTERS)),
)


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """For those above: how many talks in which quarter, never who; a small number is only "some"."""
    require(policies.can_see_counts(request.user))
    year = year_in(request.GET.get("year"), usual=clock.today().year, first=1921, last=9998)
    rows = policies.branches_to_count(request.user).select_related("parent")
    return list_page(
        request,
        filterset=CountFilter(request.GET, queryset=rows),
        columns=COUNT_COLUMNS,
        title=f"{year}年谈心谈话次数",
        order=("path", "pk"),
        empty="所属党组织里还没有党支部。",
        intro="只有次数，不显示谁和谁谈；不足 3 次的只显示“已开展”。提醒谈话不计入。",
        complete=lambda found: queries.counted(found, year=year),
    )


MUST_TONES = {MustState.OPEN: "info", MustState.CLEARED: "ok", MustState.WITHDRAWN: "muted"}


def must_badge(must: MustTalk) -> tuple[str, str]:
    if must.state == MustState.OPEN and must.due_on < clock.today():
        return "已过期限", "bad"
    return must.get_state_display(), MUST_TONES[MustState(must.state)]


def must_columns(request: HttpRequest) -> list[Column]:
    log = reverse("talks:log")

    def to_log(must: MustTalk) -> str:
        if must.state != MustState.OPEN:
            return ""
        return f"{log}?branch={must.branch_id}&partner={must.member_id}&occasion=must&trigger={must.trigger}"

    def to_withdraw(must: MustTalk) -> str:
        return (
            reverse("talks:must_withdraw", args=[must.pk])
            if policies.can_withdraw(request.user, must)
            else ""
        )

    return [
        Column("党员", lambda row: row.member.person.name, primary=True),
        Column("情形", lambda row: row.get_trigger_display()),
        Column("期限", lambda row: row.due_on, kind="date"),
        Column("请谁谈", lambda row: row.asked.person.name if row.asked else "书记"),
        Column("状态", must_badge, kind="badge"),
        Column("谈话", lambda row: "去登记" if to_log(row) else "", url=to_log),
        Column("处理", lambda row: "撤回" if to_withdraw(row) else "", url=to_withdraw),
    ]


@require_safe
def must_list(request: HttpRequest) -> HttpResponse:
    """Open to everybody: whoever is neither secretary nor asked sees an empty list."""
    rows = queries.for_must_list(policies.visible_musts(request.user))
    new = Action("登记必谈提示", reverse("talks:must_create"), icon="plus-lg")
    return list_page(
        request,
        filterset=MustFilter(request.GET, queryset=rows),
        columns=must_columns(request),
        title="必谈提示",
        order=("due_on", "pk"),
        actions=[new] if policies.can_set_must(request.user) else [],
        empty="没有需要您去谈的必谈提示。",
        intro="只有书记和被请去谈的委员看得到。谈过并登记为“必谈”后自动了结。",
    )
