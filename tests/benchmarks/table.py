"""The figures of all scales as one Markdown table, with what each should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Found = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Line:
    """`limit` is the largest ratio that meets the target; None where there is none."""

    key: str
    words: str
    against: str
    target: str = "–"
    limit: float | None = None


LINES = (
    Line("bare", "bare page: session, user, menu, base template", "itself"),
    Line("workbench", "secretary's workbench", "bare page", "T1 ≤ 1.9", 1.9),
    Line("workbench_changed", "the same, right after the branch's records changed", "bare page"),
    Line("board", "organizer's board, all branches in reach", "bare page", "T3 ≤ 3", 3.0),
    Line("own_list", "meeting list, secretary", "bare page", "T2 ≤ 2.5", 2.5),
    Line("own_list_last", "its last page", "its first page", "T2 ≤ 1.3", 1.3),
    Line("all_list", "meeting list, organizer, all branches in reach", "bare page", "T2 ≤ 2.5", 2.5),
    Line("all_list_deep", "its middle page", "its first page", "T2 ≤ 1.3", 1.3),
    Line("all_list_last", "its last page", "its first page", "T2 ≤ 1.3", 1.3),
    Line("admin_list", "naive twin: plain Django admin, 25 meetings a page", "bare page"),
    Line("admin_list_last", "its last page", "bare page"),
    Line("closing", "filing a sitting of 20, with tallies", "without tallies", "T5", None),
)
FILING_LIMIT = {"PostgreSQL": 1.3, "SQLite": 1.7}
GROWTH_LIMIT = 1.5


def markdown(found: Found, *, rows: dict[int, int], command: str, machine: str) -> str:
    engine = next(iter(found.values()))["engine"]
    parts = [f"`{command}` — {engine}, {machine}.", "", *_pages(found, engine=engine)]
    if len(found) > 1:
        parts += ["", _growth(found)]
    return "\n".join([*parts, "", *_imports(found, rows=rows)])


def _by_key(one: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {figure["key"]: figure for figure in one["figures"]}


def _pages(found: Found, *, engine: str) -> Iterator[str]:
    heads = [f"{branches:,} branches | queries" for branches in found]
    yield f"| what | against | target | {' | '.join(heads)} |"
    yield "| --- | --- | --- |" + " --- | --- |" * len(found)
    for line in LINES:
        limit, target = line.limit, line.target
        if line.key == "closing":
            limit = FILING_LIMIT[engine.split(maxsplit=1)[0]]
            target = f"T5 ≤ {limit}"
        cells = []
        for one in found.values():
            figure = _by_key(one)[line.key]
            cells += [_cell(figure, limit=limit), str(figure["queries"])]
        yield f"| {line.words} | {line.against} | {target} | {' | '.join(cells)} |"


def _cell(figure: dict[str, Any], *, limit: float | None) -> str:
    """Wall time as a multiple, milliseconds, and the multiple of process time in brackets."""
    missed = " **missed**" if limit is not None and figure["ratio"] > limit else ""
    times = f"{figure['milliseconds']:.1f} ms; process {figure['cpu_ratio']:.2f}×"
    return f"{figure['ratio']:.2f}× ({times}){missed}"


def _growth(found: Found) -> str:
    smallest, largest = min(found), max(found)
    grown = _by_key(found[largest])["board"]["ratio"] / _by_key(found[smallest])["board"]["ratio"]
    missed = " **missed**" if grown > GROWTH_LIMIT else ""
    return (
        f"The board grows by {grown:.2f}× from {smallest:,} to {largest:,} branches "
        f"(T3 ≤ {GROWTH_LIMIT}×){missed}."
    )


def _imports(found: Found, *, rows: dict[int, int]) -> Iterator[str]:
    yield "| roster import | rows | seconds | rows/s | of the rate of a bare `bulk_create` |"
    yield "| --- | --- | --- | --- | --- |"
    for branches, one in found.items():
        figures, count = _by_key(one), rows[branches]
        floor = figures["bare_insert"]["milliseconds"] / 1000
        preview, confirm = (figures[key]["milliseconds"] / 1000 for key in ("preview", "confirm"))
        for words, seconds in (
            ("preview", preview),
            ("confirm", confirm),
            ("both", preview + confirm),
        ):
            yield (
                f"| {words}, {branches:,} branches | {count:,} | {seconds:.1f} | {count / seconds:,.0f} "
                f"| {floor / seconds:.0%} |"
            )
