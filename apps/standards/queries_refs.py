"""The records behind a figure by name and address: one query for each sort of record, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse

from apps.meetings.models import AgendaItem, Consultation, Meeting
from apps.members.models import Member
from apps.plans.models import PlanItem, TermGoal
from apps.rules.figures import Figure, Ref
from apps.tasks.models import Directive, Task
from apps.worklog.models import CareUnit, Entry, KeyPost

Named = Mapping[Any, tuple[str, str]]


class Line(NamedTuple):
    """A record behind a figure: what it is called, where it stands, and why it counts as it does."""

    words: str
    url: str
    reason: str


def lines_of(figure: Figure) -> dict[str, list[Line]]:
    """What counted, what fell short, what was left out: each record once, named and linked."""
    parts: dict[str, list[tuple[Ref, str]]] = {
        "counted": [(ref, "") for ref in figure.counted],
        "missed": [(left.ref, left.reason) for left in figure.missed],
        "excluded": [(left.ref, left.reason) for left in figure.excluded],
    }
    names = _names(ref for refs in parts.values() for ref, _ in refs)
    return {part: [_line(ref, reason, names=names) for ref, reason in refs] for part, refs in parts.items()}


def _line(ref: Ref, /, reason: str, *, names: Mapping[str, Named]) -> Line:
    words, url = names[ref.kind].get(ref.id, ("", ""))
    return Line(words=ref.words or words or UNNAMED.get(ref.kind, "记录"), url=url, reason=reason)


def _names(refs: Iterable[Ref]) -> dict[str, Named]:
    wanted: dict[str, set[Any]] = defaultdict(set)
    for ref in refs:
        # What stands for itself (a quarter, a seat, a plan that is missing) brings its own words.
        if not ref.words:
            wanted[ref.kind].add(ref.id)
    return defaultdict(dict, {kind: FINDERS[kind](ids) for kind, ids in wanted.items() if kind in FINDERS})


def _dated(title: str, day: date | None) -> str:
    return f"{title}（{day:%Y-%m-%d}）" if day else title


def _meetings(ids: Collection[Any]) -> Named:
    rows = Meeting.objects.filter(pk__in=ids).values_list("pk", "title", "held_on")
    return {pk: (_dated(title, day), reverse("meetings:detail", args=[pk])) for pk, title, day in rows}


def _items(ids: Collection[Any]) -> Named:
    rows = AgendaItem.objects.filter(pk__in=ids).values_list("pk", "title", "meeting_id", "meeting__held_on")
    return {
        pk: (_dated(title, day), reverse("meetings:detail", args=[meeting]))
        for pk, title, meeting, day in rows
    }


def _consultations(ids: Collection[Any]) -> Named:
    rows = Consultation.objects.filter(pk__in=ids).values_list("pk", "brief", "held_on", "item__meeting_id")
    return {
        pk: (_dated(brief[:30], day), reverse("meetings:detail", args=[meeting]))
        for pk, brief, day, meeting in rows
    }


def _members(ids: Collection[Any]) -> Named:
    rows = Member.objects.filter(pk__in=ids).values_list("pk", "person__name")
    return {pk: (name, reverse("members:detail", args=[pk])) for pk, name in rows}


def _tasks(ids: Collection[Any]) -> Named:
    rows = Task.objects.filter(pk__in=ids).values_list("pk", "title", "due_on")
    return {pk: (_dated(title, day), reverse("tasks:detail", args=[pk])) for pk, title, day in rows}


def _directives(ids: Collection[Any]) -> Named:
    rows = Directive.objects.filter(pk__in=ids).values_list("pk", "title", "received_on")
    return {
        pk: (_dated(title, day), reverse("meetings:directive_detail", args=[pk])) for pk, title, day in rows
    }


def _plan_items(ids: Collection[Any]) -> Named:
    rows = PlanItem.objects.filter(pk__in=ids).values_list("pk", "title", "plan_id")
    return {pk: (title, reverse("workbench:plan_detail", args=[plan])) for pk, title, plan in rows}


def _term_goals(ids: Collection[Any]) -> Named:
    rows = TermGoal.objects.filter(pk__in=ids).values_list("pk", "title", "branch_id")
    return {pk: (title, f"{reverse('plans:goals')}?branch={branch}") for pk, title, branch in rows}


def _key_posts(ids: Collection[Any]) -> Named:
    rows = KeyPost.objects.filter(pk__in=ids).values_list("pk", "title")
    return {pk: (title, reverse("worklog:key_post_detail", args=[pk])) for pk, title in rows}


def _units(ids: Collection[Any]) -> Named:
    rows = CareUnit.objects.filter(pk__in=ids).values_list("pk", "name", "branch_id")
    return {pk: (name, f"{reverse('worklog:unit_list')}?branch={branch}") for pk, name, branch in rows}


def _entries(ids: Collection[Any]) -> Named:
    rows = Entry.objects.filter(pk__in=ids).values_list("pk", "title", "held_on")
    return {pk: (_dated(title, day), reverse("worklog:detail", args=[pk])) for pk, title, day in rows}


def _pairs(ids: Collection[Any]) -> Named:
    """Two members by name; a pair has no page of its own."""
    pairs = {pair: [int(one) for one in pair.split("-")] for pair in ids}
    people = {one for pair in pairs.values() for one in pair}
    names = dict(Member.objects.filter(pk__in=people).values_list("pk", "person__name"))
    return {pair: ("、".join(names.get(one, "") for one in both), "") for pair, both in pairs.items()}


FINDERS: dict[str, Callable[[Collection[Any]], Named]] = {
    "meeting": _meetings,
    "item": _items,
    "consultation": _consultations,
    "member": _members,
    "task": _tasks,
    "concern": _tasks,
    "rectification": _tasks,
    "directive": _directives,
    "goal": _plan_items,
    "term_goal": _term_goals,
    "key_post": _key_posts,
    "unit": _units,
    "study": _entries,
    "recognition": _entries,
    "placement": _entries,
    "public_consultation": _entries,
    "pair": _pairs,
}
#: What a record is called that has no name of its own, or none that may be shown here.
UNNAMED = {"talk": "谈心谈话"}
