"""The records behind a figure by name and address: one query for each sort of record, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse

from apps.meetings.models import AgendaItem, Consultation, Meeting
from apps.members.models import Member
from apps.rules.figures import Figure, Ref
from apps.tasks.models import Task

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


FINDERS: dict[str, Callable[[Collection[Any]], Named]] = {
    "meeting": _meetings,
    "item": _items,
    "consultation": _consultations,
    "member": _members,
    "task": _tasks,
}
#: What a record is called that has no name of its own, or none that may be shown here.
UNNAMED = {"talk": "谈心谈话", "pair": "两名支委", "duty": "一期组织生活", "seat": "职数", "quarter": "季度"}
