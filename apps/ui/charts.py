"""Small pictures of figures, drawn on the server as SVG: they print, and they can be read without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 260, 92
TOP, BOTTOM, SIDE = 22, 66, 30
TREND = '<svg class="ui-trend" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>'
LEVEL = '<line class="ui-trend-level" x1="6" x2="{}" y1="{}" y2="{}"/>'
LINE = '<polyline class="ui-trend-line" points="{}"/>'
DOT = '<circle class="ui-trend-dot" cx="{}" cy="{}" r="4"/><text x="{}" y="{}">{}</text>'
GAP = '<text class="ui-trend-gap" x="{}" y="{}">{}</text>'
NAME = '<text class="ui-trend-name" x="{}" y="{}">{}</text>'


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One figure of the row. Without a `value` the place stays empty and `words` say why, shortly."""

    name: str
    value: float | None
    words: str


def trend(points: Sequence[Point], *, level: float | None = None, label: str = "") -> SafeString:
    """A line over the points in their order, each with its words beside it; `level` is drawn dashed.

    A point without a value interrupts the line: nothing is drawn where nothing is known.
    """
    if not points:
        return format_html_join("", "{}", ())
    values = [point.value for point in points if point.value is not None]
    most = max([*values, level or 0.0, 1e-9])
    places = _places(points, most=most)
    said = "，".join(f"{point.name}：{point.words}" for point in points)
    return format_html(
        TREND,
        WIDTH,
        HEIGHT,
        f"{label}：{said}" if label else said,
        format_html(LEVEL, WIDTH - 6, _height(level, most=most), _height(level, most=most)) if level else "",
        format_html_join("", LINE, ((run,) for run in _runs(points, places=places))),
        format_html_join("", "{}", ((_mark(p, at=at),) for p, at in zip(points, places, strict=True))),
        format_html_join(
            "", NAME, ((x, HEIGHT - 6, point.name) for point, (x, _) in zip(points, places, strict=True))
        ),
    )


def _places(points: Sequence[Point], *, most: float) -> list[tuple[int, int]]:
    steps = max(1, len(points) - 1)
    wide = (WIDTH - 2 * SIDE) / steps
    first = SIDE if len(points) > 1 else WIDTH // 2
    return [(round(first + wide * at), _height(point.value, most=most)) for at, point in enumerate(points)]


def _height(value: float | None, *, most: float) -> int:
    return BOTTOM - round((BOTTOM - TOP) * (value or 0.0) / most)


def _runs(points: Sequence[Point], *, places: Sequence[tuple[int, int]]) -> list[str]:
    """The line in pieces, cut wherever a value is missing; a piece of one point needs no line."""
    runs: list[list[str]] = [[]]
    for point, (x, y) in zip(points, places, strict=True):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x},{y}")
    return [" ".join(run) for run in runs if len(run) > 1]


def _mark(point: Point, *, at: tuple[int, int]) -> SafeString:
    x, y = at
    if point.value is None:
        return format_html(GAP, x, (TOP + BOTTOM) // 2, point.words)
    return format_html(DOT, x, y, x, y - 9, point.words)
