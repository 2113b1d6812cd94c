"""The work log as plain values; many branches cost what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from apps.rules.facts_worklog import (
    CareFacts,
    CareUnitFacts,
    KeyPostFacts,
    PlacementFacts,
    PublicConsultationFacts,
    RecognitionFacts,
    StudyFacts,
    WorklogFacts,
)
from apps.rules.kinds_worklog import (
    CareForm,
    Coverage,
    EntrySort,
    PlacementKind,
    PostArea,
    RecognitionKind,
    StudyCategory,
)
from apps.worklog.models import CareUnit, Entry, EntryMember, KeyPost, KeyPostCheck


def study_lines(branch_ids: Collection[int], *, since: date, until: date) -> dict[int, list[StudyFacts]]:
    """Hours from the log, held from `since` up to, without, `until`, under the branch where the member is
    today: hours go with the person. One query."""
    rows = EntryMember.objects.filter(
        member__branch_id__in=branch_ids,
        entry__sort=EntrySort.STUDY,
        entry__withdrawn_on=None,
        entry__held_on__gte=since,
        entry__held_on__lt=until,
    ).order_by("entry__held_on", "pk")
    columns = (
        "member__branch_id",
        "member_id",
        "entry_id",
        "entry__held_on",
        "entry__category",
        "entry__hours",
    )
    found: dict[int, list[StudyFacts]] = defaultdict(list)
    for branch_id, member_id, entry_id, held_on, category, hours in rows.values_list(*columns):
        found[branch_id].append(
            StudyFacts(
                member_id=member_id,
                held_on=held_on,
                category=StudyCategory(category),
                hours=hours,
                source_id=entry_id,
            )
        )
    return found


def worklog_facts(branch_ids: Collection[int], *, since: date, until: date) -> dict[int, WorklogFacts]:
    """Entries from `since` up to, without, `until`; the registers whole. Five queries."""
    entries = _entries(branch_ids, since=since, until=until)
    posts, units = _key_posts(branch_ids), _units(branch_ids)
    return {
        pk: WorklogFacts(
            **{name: tuple(rows) for name, rows in entries[pk].items()},
            key_posts=tuple(posts[pk]),
            units=tuple(units[pk]),
        )
        for pk in branch_ids
    }


def _entries(branch_ids: Collection[int], *, since: date, until: date) -> dict[int, dict[str, list[Any]]]:
    wanted = Entry.objects.standing().filter(branch_id__in=branch_ids, held_on__gte=since, held_on__lt=until)
    wanted = wanted.exclude(sort=EntrySort.STUDY)
    people: dict[int, set[int]] = defaultdict(set)
    for entry_id, member_id in EntryMember.objects.filter(entry__in=wanted).values_list("entry", "member"):
        people[entry_id].add(member_id)
    found: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for entry in wanted.order_by("held_on", "pk"):
        name, fact = _fact_of(entry, member_ids=frozenset(people[entry.pk]))
        found[entry.branch_id][name].append(fact)
    return found


def _fact_of(entry: Entry, *, member_ids: frozenset[int]) -> tuple[str, Any]:
    """Under which name of `WorklogFacts` the entry stands, and its value."""
    common: dict[str, Any] = {"id": entry.pk, "held_on": entry.held_on}
    if entry.sort == EntrySort.CARE:
        return "cares", CareFacts(**common, form=CareForm(entry.care_form), member_ids=member_ids)
    if entry.sort == EntrySort.RECOGNITION:
        kind = RecognitionKind(entry.recognition)
        return "recognitions", RecognitionFacts(**common, kind=kind, member_ids=member_ids)
    if entry.sort == EntrySort.PLACEMENT:
        placed = PlacementKind(entry.placement)
        fact = PlacementFacts(**common, kind=placed, until=entry.until, member_ids=member_ids)
        return "placements", fact
    told: dict[str, Any] = {"participants": entry.participants or 0, "has_result": bool(entry.result)}
    return "consultations", PublicConsultationFacts(**common, **told)


def _key_posts(branch_ids: Collection[int]) -> dict[int, list[KeyPostFacts]]:
    checks: dict[int, list[date]] = defaultdict(list)
    done = KeyPostCheck.objects.filter(branch_id__in=branch_ids, withdrawn_on=None).order_by("checked_on")
    for post_id, checked_on in done.values_list("key_post", "checked_on"):
        checks[post_id].append(checked_on)
    found: dict[int, list[KeyPostFacts]] = defaultdict(list)
    for post in KeyPost.objects.filter(branch_id__in=branch_ids, withdrawn_on=None).order_by("pk"):
        found[post.branch_id].append(
            KeyPostFacts(
                id=post.pk,
                area=PostArea(post.area),
                since=post.since,
                until=post.until,
                checked_on=tuple(checks[post.pk]),
            )
        )
    return found


def _units(branch_ids: Collection[int]) -> dict[int, list[CareUnitFacts]]:
    found: dict[int, list[CareUnitFacts]] = defaultdict(list)
    for unit in CareUnit.objects.filter(branch_id__in=branch_ids, withdrawn_on=None).order_by("pk"):
        found[unit.branch_id].append(
            CareUnitFacts(
                id=unit.pk,
                coverage=Coverage(unit.coverage),
                since=unit.since,
                until=unit.until,
                covered_since=unit.covered_since,
            )
        )
    return found
