"""Bringing the shipped standards into the database, by their codes and as often as one likes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.audit.actions import register
from apps.audit.services import record
from apps.standards.evidence import BY_CODE, StandardText
from apps.standards.models import Source, Standard, StandardEvidence, StandardVersion
from apps.standards.queries import in_order, text_of
from apps.standards.services import add_version
from apps.ui.refusals import Refusal

register({"standards.loaded": "载入系统自带的标准"})
FILE = Path(settings.BASE_DIR) / "fixtures" / "standards" / "standards.toml"
DAY = timedelta(days=1)


class UnknownEvidence(Refusal):
    default = "标准文件中有不认识的依据："


@dataclass(kw_only=True)
class Loaded:
    """How many standards came, got a new version, or ended."""

    new: int = 0
    changed: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True)
class Shipped:
    code: str
    source: Source
    order: int
    text: StandardText


def load_at_first_run(*, today: date) -> Loaded:
    return load_standards(today=today)


@transaction.atomic
def load_standards(*, today: date, file: Path = FILE) -> Loaded:
    """What is new is added, a changed text becomes a version from today on, what is gone ends today."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    sources = _sources(content["sources"])
    shipped = [_shipped(row, sources=sources, order=n) for n, row in enumerate(content["standards"], 1)]
    known = {row.code: row for row in Standard.objects.select_for_update().filter(organization__isnull=True)}
    latest = _latest(known.values())
    done = Loaded()
    done.new = _add([one for one in shipped if one.code not in known], since=content["since"])
    for one in (one for one in shipped if one.code in known):
        _place(known[one.code], one)
        done.changed += _renew(known[one.code], one, latest=latest[one.code], today=today)
    gone = set(known) - {one.code for one in shipped}
    done.ended = sum(_end(latest[code], today=today) for code in sorted(gone))
    if done != Loaded():
        words = f"新增 {done.new} 条，改为新的一版 {done.changed} 条，停止 {done.ended} 条"
        record(actor=None, action="standards.loaded", reason=words)
    return done


def _sources(rows: Iterable[dict[str, str]]) -> dict[str, Source]:
    found = {}
    for row in rows:
        texts = {"title": row["title"], "theme": row["theme"]}
        found[row["key"]] = Source.objects.update_or_create(key=row["key"], defaults=texts)[0]
    return found


def _shipped(row: dict[str, Any], *, sources: dict[str, Source], order: int) -> Shipped:
    unknown = [code for code in row["evidence"] if code not in BY_CODE]
    if unknown:
        raise UnknownEvidence(f"{UnknownEvidence.default}{row['code']} {'、'.join(unknown)}")
    names = ("title", "requirement", "aspect", "polarity", "locator")
    evidence = tuple(BY_CODE[code] for code in row["evidence"])
    text = StandardText(**{name: row[name] for name in names}, evidence=evidence)
    return Shipped(row["code"], sources[row["source"]], order, text)


def _latest(standards: Iterable[Standard]) -> dict[str, StandardVersion]:
    """By code; of several versions the last one stays."""
    rows = StandardVersion.objects.filter(standard__in=list(standards)).select_related("standard")
    return {row.standard.code: row for row in rows.prefetch_related(in_order()).order_by("number")}


def _add(shipped: list[Shipped], *, since: date) -> int:
    rows = [Standard(code=one.code, source=one.source, order=one.order) for one in shipped]
    standards = Standard.objects.bulk_create(rows)
    versions = StandardVersion.objects.bulk_create(
        [_first_version(standard, one, since=since) for standard, one in zip(standards, shipped, strict=True)]
    )
    StandardEvidence.objects.bulk_create(
        [
            StandardEvidence(version=version, sort=item.sort, key=item.key, order=order)
            for version, one in zip(versions, shipped, strict=True)
            for order, item in enumerate(one.text.evidence)
        ]
    )
    return len(rows)


def _first_version(standard: Standard, one: Shipped, *, since: date) -> StandardVersion:
    text = one.text
    version = StandardVersion(
        standard=standard,
        number=1,
        title=text.title,
        requirement=text.requirement,
        aspect=text.aspect,
        polarity=text.polarity,
        locator=text.locator,
        valid_from=since,
    )
    version.clean_fields(exclude=["standard", "created_by"])
    return version


def _place(standard: Standard, one: Shipped) -> None:
    if (standard.source_id, standard.order) != (one.source.pk, one.order):
        standard.source, standard.order = one.source, one.order
        standard.save(update_fields=["source", "order"])


def _renew(standard: Standard, one: Shipped, *, latest: StandardVersion, today: date) -> bool:
    """Whether the text needed a new version. One that began today is replaced: no day has passed under it."""
    ended = latest.valid_to is not None
    if text_of(latest) == one.text and not ended:
        return False
    number, begins = latest.number + 1, max(today, latest.valid_to or today)
    if latest.valid_from >= today:
        number, begins = latest.number, latest.valid_from
        latest.delete()
    elif not ended:
        StandardVersion.objects.filter(pk=latest.pk).update(valid_to=today)
    add_version(standard=standard, text=one.text, number=number, valid_from=begins, actor=None)
    standard.version += 1
    standard.save(update_fields=["version"])
    return True


def _end(latest: StandardVersion, *, today: date) -> bool:
    if latest.valid_to is not None:
        return False
    latest.valid_to = max(today, latest.valid_from + DAY)
    latest.save(update_fields=["valid_to"])
    return True
