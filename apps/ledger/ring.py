"""Two years of months in one number, so that an overview asks for a quarter with one bit operation.

Month m of year y has the bit `(y * 12 + m - 1) % 36`. Only the 24 months up to the last one held are kept, so
within a year of the last rewriting no old month can stand where a new one is asked for.
"""

from collections.abc import Collection
from datetime import date

RING = 36
KEPT = 24


def _index(year: int, month: int) -> int:
    return year * 12 + month - 1


def ring_of(months: Collection[tuple[int, int]]) -> int:
    """The number for these (year, month) pairs."""
    indexes = {_index(year, month) for year, month in months}
    last = max(indexes, default=0)
    return sum(1 << index % RING for index in indexes if index > last - KEPT)


def ring_mask(start: date, end: date) -> int:
    """The bits of the months from `start` up to, without, `end`."""
    first, after = _index(start.year, start.month), _index(end.year, end.month)
    return sum(1 << index % RING for index in range(first, after))


def year_mask(ring: int, year: int, *, last: date | None) -> int:
    """The twelve bits of one year, January first, as the rules read them.

    `last` is the day of the last sitting: bits outside the two years up to its month belong to other years.
    """
    if last is None:
        return 0
    latest = _index(last.year, last.month)
    kept = [month for month in range(12) if latest - KEPT < _index(year, month + 1) <= latest]
    return sum(1 << month for month in kept if ring >> (_index(year, month + 1) % RING) & 1)
