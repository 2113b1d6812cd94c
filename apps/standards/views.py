"""Which standards hold where, one standard with its versions, and a committee's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from apps.branches.models import Organization
from apps.rules.kinds import Aspect, Polarity
from apps.standards import forms, policies, queries, services
from apps.standards.evidence import in_words
from apps.standards.models import Standard
from apps.standards.queries import HeldStandard
from apps.standards.services_export import export_standards
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.export import workbook_response
from apps.ui.lists import Action, Column, wants_part
from apps.ui.pages import confirm_page, form_page
from apps.ui.policy import chosen, require
from apps.ui.tables import table

FORM_COLUMNS = {"organization": 6, "code": 6, "aspect": 6, "polarity": 6, "valid_from": 6}


def detail_url(standard: Standard) -> str:
    return reverse("standards:detail", args=[standard.pk])


def place_and_form(request: HttpRequest) -> tuple[Organization, forms.ShownForm]:
    """The organization whose standards are shown: the one the address names, or the person's first."""
    require(policies.can_read(request.user))
    places = policies.places(request.user)
    place = chosen(places, request.GET.get("organization") or None)
    return place, forms.ShownForm(request.GET, place=place, offered=queries.offered_of(places))


def standard_list(request: HttpRequest) -> HttpResponse:
    place, form = place_and_form(request)
    held = queries.standards_of([place], on=form.day(today=clock.today()), with_switched_off=True)[place.pk]
    rows = shown(held, form)
    context = {
        "place": place,
        "filter_form": form,
        "filtered": any(request.GET.values()),
        "rows": rows,
        "groups": groups_of(rows),
        "counts": counts_of(held),
        "actions": actions_of(request, place),
    }
    return part_or_page(request, context)


def part_or_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    name = "standards/_standards.html" if wants_part(request) else "standards/standard_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def shown(held: Sequence[HeldStandard], form: forms.ShownForm) -> list[HeldStandard]:
    """A form with a mistake in it finds nothing, as in every list."""
    if not form.is_valid():
        return []
    aspect, state = form.cleaned_data["aspect"], form.cleaned_data["state"]
    kept = {
        "held": lambda one: one.off is None,
        "warning": lambda one: one.polarity is Polarity.WARNING,
        "local": lambda one: one.is_local,
        "off": lambda one: one.off is not None,
    }.get(state, lambda one: True)  # noqa: ARG005 - keeps all
    return [one for one in held if kept(one) and aspect in ("", one.aspect)]


def counts_of(held: Sequence[HeldStandard]) -> list[tuple[str, int]]:
    standing = [one for one in held if one.off is None]
    return [
        ("正在执行", len(standing)),
        ("其中应避免", sum(one.polarity is Polarity.WARNING for one in standing)),
        ("其中本级制定", sum(one.is_local for one in standing)),
        ("已停用", len(held) - len(standing)),
    ]


def groups_of(rows: Sequence[HeldStandard]) -> list[tuple[Aspect, Any]]:
    by_aspect = {aspect: [one for one in rows if one.aspect is aspect] for aspect in Aspect}
    return [(aspect, table(columns=COLUMNS, rows=mine)) for aspect, mine in by_aspect.items() if mine]


def origin_of(one: HeldStandard) -> str:
    """Where it comes from, who set it, and who has switched it off until when."""
    source = f"《{one.source}》{one.locator}" if one.source else one.locator
    words = [f"{one.code}　{source}"]
    if one.is_local:
        words.append(f"{one.owner_name}制定")
    if one.off:
        until = f"，{one.off.valid_to} 恢复" if one.off.valid_to else ""
        words.append(f"{one.off.by_name}自 {one.off.valid_from} 起停用{until}：{one.off.reason}")
    return "；".join(words)


def state_of(one: HeldStandard) -> tuple[str, str]:
    if one.off:
        return "已停用", "muted"
    return (one.polarity.label, "warn") if one.polarity is Polarity.WARNING else (one.polarity.label, "ok")


def evidence_words(one: HeldStandard) -> str:
    return in_words(one.evidence) + ("" if one.has_figure else "（只由人评，不显示数字）")


def url_of(one: HeldStandard) -> str:
    return reverse("standards:detail", args=[one.id])


COLUMNS = [
    Column("标准", lambda one: one.title, primary=True, url=url_of),
    Column("类型", state_of, kind="badge"),
    Column("要求", lambda one: one.requirement),
    Column("评议依据", evidence_words, hide_on_phone=True),
    Column("编号和出处", origin_of),
]


def actions_of(request: HttpRequest, place: Organization) -> list[Action]:
    export = f"{reverse('standards:export')}?organization={place.pk}"
    common = [
        Action("导出", export, tone="secondary", icon="download"),
        Action("评议线", reverse("standards:level_list"), tone="secondary", icon="sliders"),
        Action("数字说明", reverse("standards:note_list"), tone="secondary", icon="chat-left-text"),
    ]
    if not policies.can_manage(request.user):
        return common
    imported = Action("导入标准表", reverse("standards:import_start"), tone="secondary", icon="upload")
    return [Action("新本级标准", reverse("standards:create"), icon="plus-lg"), imported, *common]


def standard_export(request: HttpRequest) -> HttpResponse:
    place, form = place_and_form(request)
    day = form.day(today=clock.today())
    held = queries.standards_of([place], on=day, with_switched_off=True)[place.pk]
    sheets = export_standards(place=place, held=held, on=day, actor=request.user)
    who = {"author": request.user.name, "at": clock.now()}
    return workbook_response(f"评议标准-{place}-{day:%Y%m%d}", sheets, **who)


def standard_detail(request: HttpRequest, pk: int) -> HttpResponse:
    standard, today = visible(request, pk), clock.today()
    versions = queries.versions_of(standard)
    switches = queries.switches_of(policies.visible_switches(request.user), standard)
    may = policies.rights_on(request.user, standard)
    context = {
        "standard": standard,
        "versions": [(one, queries.evidence_of(one), period_of(one, today=today)) for one in versions],
        "current": current_of(versions, today=today),
        "switches": [
            (one, off_badge(one, today=today), policies.can_switch_on(request.user, one)) for one in switches
        ],
        "may": may | {"change": may["change"] and is_open(versions)},
    }
    return render(request, "standards/standard_detail.html", context)


def is_open(versions: Sequence[Any]) -> bool:
    return versions[0].valid_to is None


def current_of(versions: Sequence[Any], *, today: Any) -> HeldStandard:
    """The version in force, or the latest where none is."""
    now = [one for one in versions if period_of(one, today=today)[1] == "ok"]
    return queries.held((now or versions)[0])


def period_of(row: Any, *, today: Any) -> tuple[str, str]:
    """Whether dates are to come, run, or are over."""
    if row.valid_from > today:
        return "将要执行", "info"
    return ("已结束", "muted") if row.valid_to and row.valid_to <= today else ("执行中", "ok")


def off_badge(switch: Any, *, today: Any) -> tuple[str, str]:
    words = {"info": "将要停用", "ok": "停用中", "muted": "已恢复"}
    tone = period_of(switch, today=today)[1]
    return words[tone], "warn" if tone == "ok" else tone


def visible(request: HttpRequest, pk: int) -> Standard:
    return get_object_or_404(queries.for_detail(policies.visible_standards(request.user)), pk=pk)


def standard_create(request: HttpRequest) -> HttpResponse:
    require(policies.can_manage(request.user))
    organizations = policies.organizations_to_manage(request.user)
    initial = {"organization": organizations.first(), "valid_from": clock.today()}
    form = forms.StandardForm(request.POST or None, organizations=organizations, initial=initial)
    target = {"actor": request.user}
    if attempt(request, form, lambda: services.create_standard(**target, **form.standard())):
        messages.success(request, "本级标准已登记，所属党支部都能看到。")
        return redirect("standards:list")
    return standard_form(request, form, title="新本级标准", back=reverse("standards:list"))


def standard_form(request: HttpRequest, form: Any, *, title: str, back: str) -> HttpResponse:
    intro = "本级标准只对本级和下级执行；系统自带的标准不受影响。"
    return form_page(
        request,
        form=form,
        title=title,
        submit="保存",
        back_url=back,
        intro=intro,
        columns=FORM_COLUMNS,
        template="standards/standard_form.html",
    )


def standard_update(request: HttpRequest, pk: int) -> HttpResponse:
    standard = visible(request, pk)
    require(policies.can_change(request.user, standard), services.NotOurs.default)
    text = queries.text_of(queries.versions_of(standard)[0])
    initial = {**forms.initial_of(text), "valid_from": clock.today(), "version": standard.version}
    form = forms.StandardUpdateForm(request.POST or None, initial=initial)
    target = {"standard": standard, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.update_standard(**target, **form.change())):
        messages.success(request, "已保存为新的一版，以前的文字保留。")
        return redirect(detail_url(standard))
    return standard_form(request, form, title=f"修改标准 {standard}", back=detail_url(standard))


def standard_end(request: HttpRequest, pk: int) -> HttpResponse:
    standard = visible(request, pk)
    require(policies.can_change(request.user, standard), services.NotOurs.default)
    initial = {"valid_to": clock.today(), "version": standard.version}
    form = forms.EndStandardForm(request.POST or None, initial=initial)
    target = {"standard": standard, "actor": request.user, "today": clock.today()}
    if attempt(request, form, lambda: services.end_standard(**target, **form.cleaned_data)):
        return redirect(detail_url(standard))
    question = "停止后不再按这条评议；以前的评议和文字都保留。"
    words = {"title": f"停止标准 {standard}", "question": question, "submit": "停止执行"}
    return confirm_page(request, **words, back_url=detail_url(standard), form=form)
