"""Which standards and levels hold for branches on a day. Many branches cost the queries of one.

What comes back are plain frozen values, so that a review can keep them as they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from apps.branches.models import PATH_STEP, Organization
from apps.branches.queries import choices_for
from apps.rules.kinds import Aspect, EvidenceSort, OrgKind, Polarity
from apps.standards.evidence import Evidence, StandardText
from apps.standards.models import (
    FigureNote,
    ImportLine,
    LevelOverride,
    Standard,
    StandardEvidence,
    StandardImport,
    StandardSwitch,
    StandardVersion,
)


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    switch_id: int
    by_id: int
    by_name: str
    reason: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class HeldStandard:
    """A standard as it holds for one branch on one day; `off` where a committee has switched it off."""

    id: int
    code: str
    aspect: Aspect
    polarity: Polarity
    title: str
    requirement: str
    source: str
    locator: str
    owner_id: int | None
    owner_name: str
    version_id: int
    number: int
    valid_from: date
    valid_to: date | None
    evidence: tuple[Evidence, ...]
    off: SwitchedOff | None = None

    @property
    def is_local(self) -> bool:
        return self.owner_id is not None

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.evidence if item.sort is EvidenceSort.MEASURE)

    @property
    def has_figure(self) -> bool:
        """Where people alone judge (character, loyalty) there is no figure, and none is ever derived."""
        return bool(self.measures)


@dataclass(frozen=True, slots=True)
class Levels:
    """A committee's own levels of one measure, in place of the product's."""

    measure: str
    good: int
    warn: int
    override_id: int
    by_id: int
    by_name: str
    reason: str
    valid_from: date
    valid_to: date | None


def in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def lineage(paths: Iterable[str]) -> set[str]:
    """These paths and all above them."""
    return {path[:end] for path in paths for end in range(PATH_STEP, len(path) + 1, PATH_STEP)}


def standards_for(branch: Organization, *, on: date) -> tuple[HeldStandard, ...]:
    """What holds for one branch (or committee) on that day, without what is switched off."""
    return standards_of([branch], on=on)[branch.pk]


def standards_of(
    branches: Iterable[Organization], *, on: date, with_switched_off: bool = False
) -> dict[int, tuple[HeldStandard, ...]]:
    """By branch: the shipped standards and those of the committees above, in order. Three queries."""
    branches = list(branches)
    paths = lineage(branch.path for branch in branches)
    standards = _held(paths, on=on)
    switches = _switches(paths, on=on)
    shared: dict[tuple[str, ...], tuple[HeldStandard, ...]] = {}
    found = {}
    for branch in branches:
        bearing = tuple(path for path in _steps(branch.path) if path in standards or path in switches)
        if bearing not in shared:
            shared[bearing] = _composed(bearing, standards=standards, switches=switches)
        held = shared[bearing]
        found[branch.pk] = held if with_switched_off else tuple(one for one in held if one.off is None)
    return found


def _steps(path: str) -> list[str]:
    return [path[:end] for end in range(PATH_STEP, len(path) + 1, PATH_STEP)]


def _composed(
    bearing: tuple[str, ...],
    *,
    standards: dict[str, list[HeldStandard]],
    switches: dict[str, dict[int, SwitchedOff]],
) -> tuple[HeldStandard, ...]:
    """The highest switch is the one named: whoever stands above decides."""
    off: dict[int, SwitchedOff] = {}
    for path in reversed(bearing):
        off |= switches.get(path, {})
    held = [one for path in ("", *bearing) for one in standards.get(path, [])]
    return tuple(replace(one, off=off[one.id]) if one.id in off else one for one in held)


def _held(paths: Collection[str], *, on: date) -> dict[str, list[HeldStandard]]:
    """The versions in force by the path of their owner ("" for the shipped ones)."""
    versions = (
        StandardVersion.objects.filter(in_force(on))
        .filter(Q(standard__organization__isnull=True) | Q(standard__path__in=paths))
        .select_related("standard__source", "standard__organization")
        .prefetch_related(in_order())
        .order_by("standard__path", "standard__order", "standard__code", "standard_id")
    )
    found: dict[str, list[HeldStandard]] = defaultdict(list)
    for version in versions:
        found[version.standard.path].append(held(version))
    return found


def in_order() -> Prefetch:
    return Prefetch("evidence", queryset=StandardEvidence.objects.order_by("order", "pk"))


def held(version: StandardVersion) -> HeldStandard:
    standard = version.standard
    return HeldStandard(
        id=standard.pk,
        code=standard.code,
        aspect=Aspect(version.aspect),
        polarity=Polarity(version.polarity),
        title=version.title,
        requirement=version.requirement,
        source=standard.source.title if standard.source else "",
        locator=version.locator,
        owner_id=standard.organization_id,
        owner_name=str(standard.organization or ""),
        version_id=version.pk,
        number=version.number,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        evidence=evidence_of(version),
    )


def evidence_of(version: StandardVersion) -> tuple[Evidence, ...]:
    """Of a version whose evidence was read `in_order`."""
    return tuple(Evidence(EvidenceSort(row.sort), row.key) for row in version.evidence.all())


def text_of(version: StandardVersion) -> StandardText:
    return StandardText(
        title=version.title,
        requirement=version.requirement,
        aspect=version.aspect,
        polarity=version.polarity,
        locator=version.locator,
        evidence=evidence_of(version),
    )


def _switches(paths: Collection[str], *, on: date) -> dict[str, dict[int, SwitchedOff]]:
    rows = StandardSwitch.objects.filter(in_force(on), path__in=paths).select_related("organization")
    found: dict[str, dict[int, SwitchedOff]] = defaultdict(dict)
    for row in rows:
        found[row.path][row.standard_id] = SwitchedOff(
            switch_id=row.pk,
            by_id=row.organization_id,
            by_name=str(row.organization),
            reason=row.reason,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
    return found


def levels_for(branches: Iterable[Organization], *, on: date) -> dict[int, dict[str, Levels]]:
    """By branch and measure, where a committee above (the nearest one counts) or the branch's own set of
    levels differs from the product's. One query."""
    branches = list(branches)
    rows = (
        LevelOverride.objects.filter(in_force(on), path__in=lineage(branch.path for branch in branches))
        .select_related("organization")
        .order_by("path", "pk")
    )
    by_path: dict[str, dict[str, Levels]] = defaultdict(dict)
    for row in rows:
        by_path[row.path][row.measure] = Levels(
            measure=row.measure,
            good=row.good,
            warn=row.warn,
            override_id=row.pk,
            by_id=row.organization_id,
            by_name=str(row.organization),
            reason=row.reason,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
    found: dict[int, dict[str, Levels]] = {}
    for branch in branches:
        found[branch.pk] = {}
        for path in _steps(branch.path):
            found[branch.pk] |= by_path.get(path, {})
    return found


@dataclass(frozen=True, slots=True)
class Note:
    """A branch's word to one of its figures."""

    id: int
    measure: str
    text: str
    by_name: str
    at: datetime


def notes_for(branches: Iterable[Organization], *, year: int) -> dict[int, dict[str, Note]]:
    """By branch and measure, the notes to the figures of a year that stand. One query."""
    keys = [branch.pk for branch in branches]
    rows = FigureNote.objects.filter(organization_id__in=keys, year=year, withdrawn_at__isnull=True)
    found: dict[int, dict[str, Note]] = {pk: {} for pk in keys}
    for row in rows.select_related("written_by"):
        found[row.organization_id][row.measure] = Note(
            row.pk, row.measure, row.text, row.written_by.name, row.written_at
        )
    return found


def offered_of(places: QuerySet[Organization]) -> list[tuple[int, str]]:
    """The places for a select; where there are too many, those above branches only."""
    above = places.exclude(kind=OrgKind.BRANCH)
    return choices_for(places) or choices_for(above) or []


def versions_of(standard: Standard) -> Sequence[StandardVersion]:
    """The latest first, with their evidence."""
    rows = standard.versions.select_related("created_by", "standard").prefetch_related(in_order())
    return list(rows.order_by("-number"))


def switches_of(switches: QuerySet[StandardSwitch], standard: Standard) -> QuerySet[StandardSwitch]:
    rows = switches.filter(standard=standard).select_related("organization", "created_by")
    return rows.order_by("-valid_from", "-pk")


def title_of(standard: Standard) -> str:
    """As the latest version has it."""
    return standard.versions.order_by("-number").values_list("title", flat=True)[0]


def for_detail(standards: QuerySet[Standard]) -> QuerySet[Standard]:
    return standards.select_related("organization", "source")


def notes_with_names(notes: QuerySet[FigureNote]) -> QuerySet[FigureNote]:
    return notes.select_related("organization", "written_by")


def imports_with_names(imports: QuerySet[StandardImport]) -> QuerySet[StandardImport]:
    return imports.select_related("organization", "uploaded_by").order_by("-pk")


def lines_of(sheet: StandardImport) -> QuerySet[ImportLine]:
    return ImportLine.objects.filter(sheet=sheet)


def verdicts_of(sheet: StandardImport) -> dict[str, int]:
    """How many rows of the sheet came to which end."""
    rows = lines_of(sheet).order_by().values_list("verdict").annotate(count=Count("pk"))
    return dict(rows)
