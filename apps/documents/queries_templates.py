"""Which template holds where, and all versions of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.db.models import QuerySet

from apps.branches.models import PATH_STEP, Organization
from apps.documents.models import TemplateState, UnitTemplate

Versions = list[tuple[Organization, str, list[UnitTemplate]]]


def template_for(path: str, *, kind: str) -> UnitTemplate | None:
    """The nearest committee's, from the place itself up to the root. One query."""
    steps = [path[:end] for end in range(PATH_STEP, len(path) + 1, PATH_STEP)]
    found = UnitTemplate.objects.filter(kind=kind, state=TemplateState.IN_USE, path__in=steps)
    return max(found, key=lambda one: len(one.path), default=None)


def by_form(templates: QuerySet[UnitTemplate]) -> Versions:
    """Each committee's forms, with their versions from the newest on."""
    rows: Iterable[UnitTemplate] = templates.select_related("organization", "uploaded_by").order_by(
        "path", "kind", "-number"
    )
    grouped = groupby(rows, key=lambda one: (one.organization, one.get_kind_display()))
    return [(organization, label, list(versions)) for (organization, label), versions in grouped]


def with_faults(templates: QuerySet[UnitTemplate]) -> QuerySet[UnitTemplate]:
    return templates.filter(state=TemplateState.IN_USE).exclude(fault="").select_related("organization")
