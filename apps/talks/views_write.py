"""Entering talks, following them up, and a person's own decision who may read them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from apps.accounts.middleware import must_confirm, to_confirm
from apps.branches.models import Organization
from apps.rules.kinds import TalkState
from apps.talks import forms, policies, queries, services
from apps.talks.models import Talk
from apps.talks.services_words import read_content
from apps.talks.views import names_of
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, number_in, require

SEEN_BY = "内容只有谈话双方（和在场的记录人）能看到；书记、委员只看到谈过，上级只看到次数。请不要写涉密内容。"


def detail_url(talk: Talk) -> str:
    return reverse("talks:detail", args=[talk.pk])


def found(request: HttpRequest, pk: int) -> Talk:
    return get_object_or_404(queries.for_list(policies.visible_talks(request.user)), pk=pk)


def place_of(request: HttpRequest) -> Organization:
    return chosen(policies.branches_to_log(request.user), request.GET.get("branch"))


def people_for(request: HttpRequest, branch: Organization) -> dict[str, Any]:
    """Whom the form offers: everybody to talk with, and who talked where one may enter it for others."""
    people = queries.members_of(branch)
    enters = policies.can_enter_for(request.user, branch)
    if not enters:
        return {"people": people.exclude(person=request.user), "initiators": None}
    allowed = policies.people_to_enter(request.user, branch).values("pk")
    return {"people": people, "initiators": people.filter(pk__in=allowed)}


def first_values(request: HttpRequest, branch: Organization) -> dict[str, Any]:
    names = ("partner", "occasion", "trigger")
    given = {name: request.GET[name] for name in names if request.GET.get(name)}
    if "partner" in given:
        given["partner"] = number_in(given["partner"])
    own = policies.own_place(request.user)
    mine = own.member_id if own and own.branch_id == branch.pk else None
    return {"initiator": mine, "held_on": clock.today(), "planned_on": clock.today(), **given}


def initiator_of(request: HttpRequest, form: Any, *, branch: Organization) -> Any:
    """Who the form says, or the person himself."""
    if "initiator" in form.cleaned_data:
        return form.cleaned_data["initiator"]
    return queries.members_of(branch).filter(person=request.user).first()


@sensitive_post_parameters()
@sensitive_variables()
def log(request: HttpRequest) -> HttpResponse:
    require(policies.can_log(request.user))
    branch = place_of(request)
    given = {"initial": first_values(request, branch), "back_url": reverse("talks:mine")}
    form = forms.LogForm(request.POST or None, **people_for(request, branch), **given)
    made: list[Talk] = []
    if attempt(request, form, lambda: made.extend(entered(request, form, branch=branch))):
        messages.success(request, "已登记。" if len(made) == 1 else f"已登记 {len(made)} 次谈话。")
        return redirect(detail_url(made[0]) if len(made) == 1 else reverse("talks:mine"))
    return talk_form(request, form, title="记一次谈话")


def entered(request: HttpRequest, form: Any, *, branch: Organization) -> list[Talk]:
    return services.log_talks(
        branch=branch,
        initiator=initiator_of(request, form, branch=branch),
        partners=form.partners(),
        shape=form.shape(),
        partner_began=form.cleaned_data.get("partner_began", False),
        actor=request.user,
        today=clock.today(),
        now=clock.now(),
        idempotency_key=form.cleaned_data["idempotency_key"],
    )


def talk_form(
    request: HttpRequest, form: Any, *, title: str, extra: dict[str, Any] | None = None
) -> HttpResponse:
    back = getattr(form, "back_url", reverse("talks:mine"))
    return form_page(
        request,
        form=form,
        title=title,
        submit="保存",
        back_url=back,
        intro=SEEN_BY,
        template="talks/form.html",
        extra=extra,
    )


def plan(request: HttpRequest) -> HttpResponse:
    require(policies.can_log(request.user))
    branch = place_of(request)
    initial = first_values(request, branch)
    form = forms.PlanForm(request.POST or None, **people_for(request, branch), initial=initial)
    made: list[Talk] = []
    if attempt(request, form, lambda: made.extend(entered(request, form, branch=branch))):
        messages.success(request, "已约定，谈完以后在这里登记。")
        return redirect(detail_url(made[0]))
    return talk_form(request, form, title="约一次谈话")


@sensitive_post_parameters()
@sensitive_variables()
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    talk = found(request, pk)
    require(policies.can_hold(request.user, talk))
    initial = {"held_on": clock.today(), "way": talk.way, "place": talk.place}
    form = forms.HoldForm(request.POST or None, initial=initial, back_url=detail_url(talk))
    target = {"talk": talk, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.hold_talk(words=form.words(), **form.facts(), **target)):
        return redirect(detail_url(talk))
    return talk_form(request, form, title=f"登记已谈：{names_of(talk)}")


@sensitive_post_parameters()
@sensitive_variables()
def update(request: HttpRequest, pk: int) -> HttpResponse:
    talk = found(request, pk)
    require(policies.can_update(request.user, talk))
    if request.method != "POST" and must_confirm(request):
        return to_confirm(request)
    form = update_form(request, talk)
    target = {"talk": talk, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.update_talk(**changes(form, talk=talk), **target)):
        messages.success(request, "已保存。")
        return redirect(detail_url(talk))
    extra = {"conflicts": conflicts_of(request, form, talk=talk)}
    return talk_form(request, form, title=f"修改：{names_of(talk)}", extra=extra)


def conflicts_of(
    request: HttpRequest, form: forms.UpdateForm, *, talk: Talk
) -> list[tuple[str, object, object]]:
    """(label, what is recorded now, what was typed) after a stale save; saving again then overwrites."""
    stale = form.is_bound and form.data.get("version") != str(talk.version)
    if not stale or form.errors.keys() - {"__all__"} or must_confirm(request):
        return []
    form.data = form.data.copy()
    form.data["version"] = str(talk.version)
    facts = {name: getattr(talk, name) for name in form.facts() if name != "version"}
    stored = {**facts, **read_content(talk=talk, actor=request.user).words}
    typed = {**form.facts(), **form.words()}
    names = [name for name in stored if name in typed and (stored[name] or None) != (typed[name] or None)]
    return [(str(form.fields[name].label), stored[name], typed[name]) for name in names]


def update_form(request: HttpRequest, talk: Talk) -> forms.UpdateForm:
    """The words are read, and that they were is put down, only to show them for the first time."""
    initial: dict[str, Any] = {
        name: getattr(talk, name)
        for name in ("held_on", "way", "place", "follow_up_on", "recorder", "version")
    }
    if request.method != "POST":
        opened = read_content(talk=talk, actor=request.user)
        initial |= {} if opened.notice else opened.words
    takes_part = policies.own_part(request.user, talk) is not None
    recorders = queries.recorders_for(talk.branch) if takes_part else None
    options = {"recorders": recorders, "closed": talk.state == TalkState.CLOSED}
    return forms.UpdateForm(request.POST or None, initial=initial, back_url=detail_url(talk), **options)


def changes(form: forms.UpdateForm, *, talk: Talk) -> dict[str, Any]:
    return {"recorder": talk.recorder, **form.facts(), "words": form.words()}


@sensitive_post_parameters()
@sensitive_variables()
def close(request: HttpRequest, pk: int) -> HttpResponse:
    talk = found(request, pk)
    require(policies.can_close(request.user, talk))
    form = forms.CloseForm(request.POST or None, initial={"closed_on": clock.today()})
    target = {"talk": talk, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.close_talk(**target, **form.cleaned_data)):
        return redirect(detail_url(talk))
    title = f"办结：{names_of(talk)}"
    return form_page(request, form=form, title=title, submit="办结", back_url=detail_url(talk), intro=SEEN_BY)


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    talk = found(request, pk)
    require(policies.can_cancel(request.user, talk))
    form = forms.ConfirmForm(request.POST if request.method == "POST" else None)
    if attempt(request, form, lambda: services.cancel_talk(talk=talk, actor=request.user)):
        return redirect(detail_url(talk))
    page = {"submit": "取消谈话", "back_url": detail_url(talk), "form": form}
    return confirm_page(request, title=f"取消：{names_of(talk)}", question=question_for(talk), **page)


def question_for(talk: Talk) -> str:
    if talk.state == TalkState.PLANNED:
        return "取消这次约定？记录保留，不再提醒。"
    return "这次谈话是记错了？取消后不计入谈话次数。"


@require_POST
def open_to_secretary(request: HttpRequest, pk: int) -> HttpResponse:
    talk = found(request, pk)
    require(policies.can_open_to_secretary(request.user, talk))
    services.open_to_secretary(talk=talk, actor=request.user, now=clock.now())
    messages.success(request, "已向书记公开。您可以随时收回。")
    return redirect(detail_url(talk))


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    talk = found(request, pk)
    require(policies.can_take_back(request.user, talk))
    services.take_back(talk=talk, actor=request.user)
    messages.success(request, "已收回。")
    return redirect(detail_url(talk))
