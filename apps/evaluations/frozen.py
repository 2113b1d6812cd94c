"""A committee's local rule as a cycle keeps it: written whole at the opening, read back whole ever after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from apps.rules.cadences import Override
from apps.rules.kinds import Period, Strength

DAYS = ("valid_from", "valid_to")


def kept(rule: Override) -> dict[str, Any]:
    values = asdict(rule)
    for name in DAYS:
        values[name] = values[name].isoformat() if values[name] else None
    return values


def restored(values: Mapping[str, Any]) -> Override:
    days = {name: date.fromisoformat(values[name]) if values[name] else None for name in DAYS}
    kinds = {
        "period": Period(values["period"]) if values["period"] else None,
        "strength": Strength(values["strength"]),
    }
    return Override(**{**values, **days, **kinds})
