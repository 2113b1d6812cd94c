"""The log: its list, 「记一笔」, one entry, mending and withdrawing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.rules.kinds_worklog import EntrySort
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.lists import Action, Column, link_to, list_page
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, require
from apps.worklog import forms, policies, queries, services
from apps.worklog.filters import EntryFilter
from apps.worklog.models import Entry

#: Sort → icon and what it is for, on the page 「记一笔」.
SORT_WORDS = {
    EntrySort.STUDY: ("book", "参加培训、自学、网上课程；会议、党课的学时不用再记"),
    EntrySort.CARE: ("heart", "走访、慰问、帮扶党员或其家属"),
    EntrySort.RECOGNITION: ("award", "表彰、鼓励，为受到不实反映的党员澄清正名"),
    EntrySort.PLACEMENT: ("signpost-split", "送党员参加培训、挂职、轮岗"),
    EntrySort.CONSULTATION: ("chat-dots", "和群众商量事情，有了结果"),
}
WRITE_ONE = "还没有记录。做了什么，随手记一行；开会、党课的学时和共建活动会自动计入。"
#: Sorts towards which sittings count by themselves.
FED = frozenset({EntrySort.STUDY, EntrySort.CONSULTATION})
TABS = [("", "全部"), *EntrySort.choices()]
TONES = {
    EntrySort.STUDY: "info",
    EntrySort.CARE: "ok",
    EntrySort.RECOGNITION: "warn",
    EntrySort.PLACEMENT: "info",
    EntrySort.CONSULTATION: "muted",
}


def sort_badge(entry: Entry) -> tuple[str, str]:
    kind = queries.kind_of(entry)
    words = f"{entry.get_sort_display()}·{kind}" if kind else entry.get_sort_display()
    return words, TONES[EntrySort(entry.sort)]


def names_for(user: User) -> Callable[[Entry], str]:
    """Names as this reader may see them, the first few."""

    def names(entry: Entry) -> str:
        people = queries.members_of(entry)
        shown = (
            people if policies.sees_everybody(user, entry) else [p for p in people if p.person_id == user.pk]
        )
        words = "、".join(str(person) for person in shown[: queries.NAMES_SHOWN])
        more = f" 等 {len(people)} 人" if len(people) > len(shown[: queries.NAMES_SHOWN]) else ""
        return words + more or ("支部集体" if entry.sort == EntrySort.RECOGNITION else "")

    return names


def columns_for(user: User) -> list[Column]:
    return [
        Column("日期", lambda row: row.held_on, kind="date"),
        Column("内容", lambda row: row.title, url=link_to("worklog:detail"), primary=True),
        Column("种类", sort_badge, kind="badge"),
        Column("人员", names_for(user)),
        Column("数量", queries.measure_of),
        Column("支部、小组", lambda row: row.group or row.branch, hide_on_phone=True),
    ]


def actions_for(user: User, sort: str) -> list[Action]:
    found = []
    if policies.can_record(user):
        known = sort in list(EntrySort) and EntrySort(sort) in policies.sorts_for(user)
        url = reverse("worklog:create", args=[sort]) if known else reverse("worklog:choose")
        found.append(Action("记一笔", url, icon="plus-lg"))
    if policies.can_keep(user) and sort in ("", EntrySort.STUDY):
        found.append(Action("导入学时", reverse("worklog:import_start"), tone="secondary", icon="upload"))
    return found


def entry_list(request: HttpRequest) -> HttpResponse:
    rows = queries.with_people(policies.visible_entries(request.user))
    actions = actions_for(request.user, request.GET.get("sort", ""))
    return list_page(
        request,
        filterset=EntryFilter(request.GET, queryset=rows, request=request),
        columns=columns_for(request.user),
        title="工作纪实",
        order=("-held_on", "-pk"),
        actions=actions,
        empty=WRITE_ONE if actions else "还没有与您有关的记录。",
        empty_action=actions[0] if actions else None,
        template="worklog/entry_list.html",
        extra=tabs_for(request),
    )


def tabs_for(request: HttpRequest) -> dict[str, Any]:
    """The ways between the parts of the log."""
    registers = policies.can_read_registers(request.user)
    return {"tabs": TABS, "sort": request.GET.get("sort", ""), "registers": registers}


def entry_choose(request: HttpRequest) -> HttpResponse:
    """「记一笔」: which sort."""
    require(policies.can_record(request.user), "这一页是给记录支部工作的人用的。")
    sorts = [(sort, *SORT_WORDS[sort]) for sort in policies.sorts_for(request.user)]
    context = {"sorts": sorts, "keeps": policies.can_keep(request.user)}
    return render(request, "worklog/choose.html", context)


def sort_in(raw: str) -> EntrySort:
    if raw not in list(EntrySort):
        raise Http404
    return EntrySort(raw)


def entry_create(request: HttpRequest, sort: str) -> HttpResponse:
    kind = sort_in(sort)
    require(kind in policies.sorts_for(request.user), "这一种记录由支部书记、委员登记。")
    places = policies.places_to_record(request.user, kind)
    place = chosen(places, request.GET.get("place"))
    initial = _start(request.user, sort=kind) | request.GET.dict()
    form = forms.FORMS[kind](request.POST or None, members=queries.people_at(place), initial=initial)
    made = {"place": place, "sort": kind, "actor": request.user, "now": clock.now(), "today": clock.today()}
    if attempt(request, form, lambda: services.create_entry(**made, **_entered(form, "idempotency_key"))):
        messages.success(request, "已记下。")
        return redirect(f"{reverse('worklog:list')}?sort={kind}")
    extra = {"places": places, "place": place, "sort": kind, **_fed(request.user, place, sort=kind)}
    return _form(
        request, form, title=f"{kind.label}（{place}）", back_url=reverse("worklog:choose"), extra=extra
    )


def _start(user: User, *, sort: EntrySort) -> dict[str, Any]:
    """Today, and a visit by whoever writes it down: the usual case."""
    return {"held_on": clock.today(), "by_name": user.name if sort == EntrySort.CARE else ""}


def _fed(user: User, place: Organization, *, sort: EntrySort) -> dict[str, Any]:
    """What stands beside the form: which sittings count already, for those who may read that page."""
    reads = sort in FED and policies.can_read_registers(user)
    return {"branch": queries.branch_of(place), "fed": sort if reads else ""}


def _form(
    request: HttpRequest, form: forms.EntryForm, *, title: str, back_url: str, extra: dict[str, Any]
) -> HttpResponse:
    """The one form page of the log."""
    return form_page(
        request,
        form=form,
        title=title,
        submit="保存",
        back_url=back_url,
        template="worklog/entry_form.html",
        columns=forms.WIDTHS,
        extra=extra,
    )


def _entered(form: forms.EntryForm, key: str) -> dict[str, Any]:
    return {"values": form.values(), "people": form.chosen_people(), key: form.cleaned_data[key]}


def entry_of(request: HttpRequest, pk: int) -> Entry:
    return get_object_or_404(queries.with_people(policies.visible_entries(request.user)), pk=pk)


def entry_detail(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_of(request, pk)
    sees = policies.sees_everybody(request.user, entry)
    own = [person for person in queries.members_of(entry) if sees or person.person_id == request.user.pk]
    context = {
        "entry": entry,
        "badge": sort_badge(entry),
        "people": own,
        "others": len(queries.members_of(entry)) - len(own),
        "measure": queries.measure_of(entry),
        "may": policies.rights_on(request.user, entry),
    }
    return render(request, "worklog/entry_detail.html", context)


def entry_update(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_of(request, pk)
    require(policies.can_change(request.user, entry))
    kept = [row.member_id for row in entry.people.all()]
    given = {"members": queries.people_at(entry.group or entry.branch, kept=kept), "entry": entry}
    form_class, initial = forms.FORMS[EntrySort(entry.sort)], forms.initial_of(entry)
    form = form_class(request.POST or None, initial=initial, **given)
    target = {"entry": entry, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.update_entry(**target, **_entered(form, "version"))):
        messages.success(request, "已修改。")
        return redirect("worklog:detail", pk=entry.pk)
    back = reverse("worklog:detail", args=[entry.pk])
    return _form(request, form, title=f"修改：{entry.title}", back_url=back, extra={"sort": entry.sort})


def entry_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_of(request, pk)
    require(policies.can_withdraw(request.user, entry))
    form = forms.ReasonForm(request.POST or None)
    target = {"entry": entry, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.withdraw_entry(**target, **form.cleaned_data)):
        messages.success(request, "已撤回，不再计入。")
        return redirect("worklog:list")
    back, question = reverse("worklog:detail", args=[entry.pk]), "撤回后不再计入，记录和原因保留。"
    given = {"title": f"撤回：{entry.title}", "question": question, "submit": "撤回", "back_url": back}
    return confirm_page(request, form=form, **given)
