"""The uploaded workbook as plain rows: starts the reading process and words whatever comes of it."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.members.roster_dates import Cell
from apps.ui.refusals import Refusal

logger = logging.getLogger(__name__)

WALL_SECONDS = 30
#: Nothing else of the server's environment (secrets, database address) reaches the reading process.
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG")


class UnreadableFile(Refusal):
    default = "文件无法读取：内容异常或已损坏。请把花名册复制到新的工作簿中，另存为 .xlsx 再上传。"


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged area, by row and column index from 0, last ones included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class RawSheet:
    """The cells that hold something. Row indexes count from 0, as in the file."""

    name: str
    merged: list[Merged] = field(default_factory=list)
    since_1904: bool = False
    hidden: frozenset[int] = frozenset()
    rows: dict[int, list[Cell]] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> Cell:
        cells = self.rows.get(row, [])
        return cells[column] if column < len(cells) else None


def read_workbook(path: Path) -> list[RawSheet]:
    """Raises UnreadableFile with one sentence, whatever the file does."""
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and a path that we made
            [sys.executable, "-s", "-m", "apps.members.sheet_reader", str(path)],
            cwd=settings.BASE_DIR,
            env={**environment, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile("文件读取超过 30 秒，已停止。请把花名册复制到新的工作簿中再上传。") from None
    if done.returncode:
        logger.warning("the reader of an uploaded roster ended with code %s", done.returncode)
    lines = [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else []
    if not lines:
        raise UnreadableFile
    if isinstance(lines[-1], dict) and "error" in lines[-1]:
        raise UnreadableFile(lines[-1]["error"])
    return _sheets_of(lines)


def _sheets_of(lines: list[Any]) -> list[RawSheet]:
    sheets: list[RawSheet] = []
    for line in lines:
        if isinstance(line, dict):
            areas = [Merged(*corners) for corners in line["merged"]]
            hidden = frozenset(line["hidden"])
            sheets.append(RawSheet(line["sheet"], areas, line["since_1904"], hidden))
        else:
            index, cells = line
            sheets[-1].rows[index] = [_cell(cell) for cell in cells]
    return sheets


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return date.fromisoformat(value["d"])
    return value
