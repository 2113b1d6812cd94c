"""The review record of a branch, and one figure with everything behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.branches.models import Organization
from apps.rules.figures import Figure, FigureState
from apps.rules.measures import MEASURES
from apps.standards import figure_words, policies, queries_record, queries_refs
from apps.standards.discretion import Reader
from apps.standards.next_steps import step_for
from apps.standards.queries import levels_for, notes_for
from apps.standards.queries_record import AspectPart, Judged, Record
from apps.ui import clock
from apps.ui.policy import require, year_in

PEOPLE = ("由人评议", "muted", "人")
LIT = ("亮灯提示", "bad", "▲")
NOT_LIT = ("没有亮灯", "ok", "●")


def year_of(request: HttpRequest) -> int:
    """The year of the address; this year for anything else, or a year still to come."""
    this_year = clock.today().year
    return year_in(request.GET.get("year"), usual=this_year, last=this_year)


@require_safe
def record_start(request: HttpRequest) -> HttpResponse:
    """Straight to the record of the only branch in reach; otherwise one is chosen."""
    require(policies.can_see_records(request.user))
    branches = list(policies.branches_with_record(request.user)[: MOST_CHOICES + 1])
    if len(branches) == 1:
        return redirect("standards:record", branches[0].pk)
    context = {"branches": branches[:MOST_CHOICES], "more": len(branches) > MOST_CHOICES}
    return render(request, "standards/record_start.html", context)


MOST_CHOICES = 200


@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    branch = get_object_or_404(policies.branches_with_record(request.user), pk=pk)
    year = year_of(request)
    reader = policies.reader_of(request.user, branch)
    found = queries_record.record_of(branch, year=year, today=clock.today(), reader=reader)
    context = {
        "record": found,
        "parts": [part_lines(part, record=found) for part in found.aspects],
        "lit": [standard_line(one, record=found) for one in found.lit],
        "weak": [standard_line(one, record=found) for one in found.weak],
        "years": years_to_choose(branch, year=year),
    }
    return render(request, "standards/record.html", context)


def years_to_choose(branch: Organization, *, year: int) -> list[tuple[int, bool]]:
    this_year = clock.today().year
    begun = branch.records_since.year if branch.records_since else this_year - 2
    first = min(max(begun, this_year - 4), year)
    return [(one, one == year) for one in range(this_year, first - 1, -1)]


def part_lines(part: AspectPart, *, record: Record) -> dict[str, Any]:
    lines = [standard_line(one, record=record) for one in part.standards]
    counts = [
        (figure_words.STATES[state] if state else PEOPLE, count)
        for state, count in sorted(part.counts.items(), key=lambda pair: ORDER.index(pair[0]))
    ]
    return {"aspect": part.aspect, "lines": lines, "counts": counts}


ORDER: list[FigureState | None] = [*figure_words.STATES, None]


def standard_line(one: Judged, *, record: Record) -> dict[str, Any]:
    """One standard as the page shows it."""
    figures = [figure_line(by_year, record=record) for by_year in one.figures.values()]
    steps = {line["step"].label: line["step"] for line in figures if line["step"] and line["warned"]}
    return {
        "standard": one.standard,
        "anchor": f"standard-{one.standard.id}",
        "badge": badge_of(one),
        "open": one.state in (FigureState.WARN, FigureState.FAIR),
        "figures": figures,
        "people": people_words(one),
        "why": "；".join(why_of(figure) for figure in one.warned_of),
        "steps": list(steps.values()),
    }


def badge_of(one: Judged) -> tuple[str, str, str]:
    if one.state is None:
        return PEOPLE
    warning = one.standard.polarity.value == "warning"
    if warning and one.state in (FigureState.WARN, FigureState.FAIR, FigureState.GOOD):
        return LIT if one.lights else NOT_LIT
    return figure_words.STATES[one.state]


def why_of(figure: Figure) -> str:
    words = f"{figure.title} {figure_words.value_words(figure)}，{figure_words.level_words(figure)}"
    return f"{words}。{figure.why}" if figure.why else words


def people_words(one: Judged) -> str:
    """Who will be asked, and when: what is said of a person is said by persons."""
    asked = one.asked_of_people
    if not asked and not one.reviewed:
        return ""
    words = []
    if asked:
        who = "支部委员" if one.standard.code.startswith("J2.1b") else "全体党员"
        words.append(f"年度考核时由{who}无记名测评：{'、'.join(asked)}")
    if one.reviewed:
        words.append("上级评审组逐条评定并写明理由")
    return "；".join(words) + "。系统不推算、不打分。"


def figure_line(by_year: dict[int, Figure], *, record: Record) -> dict[str, Any]:
    figure = by_year[record.year]
    label, tone, sign = figure_words.STATES[figure.state]
    url = reverse("standards:figure", args=[record.branch.pk, figure.key])
    return {
        "figure": figure,
        "value": figure_words.value_words(figure),
        "made_of": figure_words.made_of(figure),
        "level": figure_words.level_words(figure),
        "badge": (label, tone, sign),
        "weak": figure.state in (FigureState.WARN, FigureState.FAIR),
        "warned": figure.state is FigureState.WARN,
        "step": step_for(figure.key, branch_id=record.branch.pk) if record.reader.acts else None,
        "url": f"{url}?year={record.year}",
        "note": record.notes.get(figure.key),
        "own_level": record.levels.get(figure.key),
        "over_years": over_years(by_year),
    }


def over_years(by_year: dict[int, Figure]) -> list[tuple[int, str]]:
    return [(year, figure_words.value_words(figure)) for year, figure in sorted(by_year.items())]


@require_safe
def figure(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One figure: how it is counted, what counted, what fell short, what was left out, and since when."""
    branch = get_object_or_404(policies.branches_with_record(request.user), pk=pk)
    if key not in MEASURES:
        raise Http404
    year = year_of(request)
    context = figure_context(branch, key=key, year=year, reader=policies.reader_of(request.user, branch))
    context["may_note"] = policies.may_note_for(request.user, branch) and context["note"] is None
    return render(request, "standards/figure.html", context)


def figure_context(branch: Organization, *, key: str, year: int, reader: Reader) -> dict[str, Any]:
    today = clock.today()
    levels = levels_for([branch], on=queries_record.standing_on(year=year, today=today))[branch.pk]
    told = {"year": year, "today": today, "levels": levels, "reader": reader}
    by_year = queries_record.shown_figures(branch, **told)[key]
    now = by_year[year]
    lines = queries_refs.lines_of(now)
    label, tone, _ = figure_words.STATES[now.state]
    return {
        "branch": branch,
        "year": year,
        "figure": now,
        "value": figure_words.value_words(now),
        "made_of": figure_words.made_of(now),
        "level": figure_words.level_words(now),
        "badge": (label, tone),
        "lists": named_lists(lines),
        "trend": figure_words.trend_of(by_year),
        "over_years": over_years(by_year),
        "own_level": levels.get(key),
        "note": notes_for([branch], year=year)[branch.pk].get(key),
        "step": step_for(key, branch_id=branch.pk) if reader.acts else None,
        "back": f"{reverse('standards:record', args=[branch.pk])}?year={year}",
        "years": years_to_choose(branch, year=year),
    }


def named_lists(lines: dict[str, list[queries_refs.Line]]) -> Iterable[tuple[str, str, list]]:
    """What falls short comes first: it is what somebody can still do something about."""
    return [
        (title, nothing, lines[part])
        for part, (title, nothing) in LISTS.items()
        if lines[part] or part == "counted"
    ]


LISTS = {
    "missed": ("该有而没有算上的", ""),
    "counted": ("计入的", "这一年还没有计入的记录。"),
    "excluded": ("不算在内的", ""),
}
