"""A judged row as the text that its ImportRow keeps encrypted, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.members.consistency import DATE_FIELDS
from apps.members.models import ImportRow, RowVerdict
from apps.members.roster_cells import EXACT_DIGITS, text_of
from apps.members.roster_changes import FIELDS, SECRET_MASKS, plain_value, secret_mask, shown_value
from apps.members.roster_checks import JudgedRow, index_of
from apps.members.roster_columns import BY_KEY
from apps.members.roster_dates import Cell, read_date
from apps.members.roster_sheet import RawRow, RosterSheet, shown_cells

EXACT = 10**EXACT_DIGITS


@dataclass(frozen=True, slots=True)
class StoredCell:
    """One cell of the file: the column, its heading there, and the text as it stood."""

    key: str
    heading: str
    text: str


@dataclass(slots=True)
class StoredRow:
    """What `ImportRow.content` says. `values` are those of the model, dates as text."""

    cells: list[StoredCell]
    errors: list[tuple[str, str]]
    notes: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[dict[str, str]] = field(default_factory=list)
    branch: int | None = None
    group: int | None = None
    member: int | None = None
    version: int = 0
    person: int | None = None
    index: str = ""

    def model_values(self) -> dict[str, Any]:
        return {
            key: date.fromisoformat(value) if key in DATE_FIELDS else value
            for key, value in self.values.items()
        }

    def preview_cells(self) -> list[tuple[str, str, str]]:
        """(heading, text with secrets masked, what is wrong with it)."""
        wrong = dict(self.errors)
        shown = [(cell.heading, masked(cell.key, cell.text), wrong.pop(cell.key, "")) for cell in self.cells]
        return shown + [(BY_KEY[key].label, "", words) for key, words in wrong.items()]

    def shown_values(self) -> list[tuple[str, str]]:
        """(label, value with secrets masked) of a new member."""
        return [
            (BY_KEY[key].label, shown_value(key, value))
            for key, value in self.model_values().items()
            if key in BY_KEY
        ]

    def reasons(self) -> str:
        return "；".join(f"{BY_KEY[key].label}：{words}" for key, words in self.errors)


def masked(key: str, text: str) -> str:
    return secret_mask(key, text) if key in SECRET_MASKS and "E+" not in text else text


def original_text(cell: Cell) -> str:
    """The cell as typed, as far as the file still knows; a rounded number must not look like a whole one."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int | float) and abs(cell) >= EXACT:
        return f"{cell:.5E}"
    return "" if cell is None else text_of(cell)


def text_to_mend(cell: Cell) -> str:
    """A refused number gets a question mark: as bare text it could pass, unmended, at the next upload."""
    text = original_text(cell)
    return f"{text}？" if isinstance(cell, float) and not cell.is_integer() else text


def _kept_text(key: str, cell: Cell, *, wrong: bool, sheet: RosterSheet) -> str:
    """A day counted from 1904 would be another one in the file with the faulty rows."""
    if sheet.since_1904 and key in DATE_FIELDS and isinstance(cell, int | float) and not wrong:
        found = read_date(cell, since_1904=True)
        return original_text(cell) if found.month_only else found.day.isoformat()
    return text_to_mend(cell) if wrong else original_text(cell)


def content_of(judged: JudgedRow, raw: RawRow, *, sheet: RosterSheet) -> str:
    """The JSON text for `ImportRow.content`. Nothing but the cells is kept of an unchanged row."""
    wrong = {key for key, _ in judged.read.errors}
    cells = [
        (key, heading, _kept_text(key, cell, wrong=key in wrong, sheet=sheet))
        for key, heading, cell in shown_cells(raw, sheet)
    ]
    content: dict[str, Any] = {"cells": cells, "errors": judged.read.errors, "notes": judged.read.notes}
    if judged.verdict in (RowVerdict.NEW, RowVerdict.CHANGED):
        content |= _to_write(judged)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _to_write(judged: JudgedRow) -> dict[str, Any]:
    read = judged.read
    named = {change.field for change in judged.changes}
    keep = [key for key in FIELDS if key in read.values and (judged.member is None or key in named)]
    values = {key: plain_value(read.values[key]) for key in keep}
    return {
        "values": {
            key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()
        },
        "changes": [change.as_dict() for change in judged.changes],
        "branch": judged.branch.pk if judged.branch else None,
        "group": judged.group.pk if judged.group else None,
        "member": judged.member.pk if judged.member else None,
        "version": judged.member.version if judged.member else 0,
        "person": judged.person.pk if judged.person else None,
        "index": index_of(read.id_number) if read.id_number and "id_number" in keep else "",
    }


def stored_row(row: ImportRow) -> StoredRow:
    content = json.loads(str(row.content))
    cells = [StoredCell(*cell) for cell in content.pop("cells")]
    errors = [(key, words) for key, words in content.pop("errors")]
    return StoredRow(cells=cells, errors=errors, **content)


def content_with_error(row: ImportRow, *, key: str, words: str) -> str:
    """The same row, refused after the preview."""
    content = json.loads(str(row.content))
    kept = {name: content[name] for name in ("cells", "notes")}
    return json.dumps(kept | {"errors": [[key, words]]}, ensure_ascii=False, separators=(",", ":"))
