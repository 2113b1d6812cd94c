"""Minutes that are nearly the same as earlier ones: shingle similarity of 0.9 or more.

Digits, blanks and punctuation are left out first: whoever copies minutes changes the date and the head count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

#: Characters in one shingle.
WIDTH = 3
#: Shorter minutes are alike by nature ("the theme day was held as planned") and are not compared.
MIN_CHARACTERS = 80
LIKE = Fraction(9, 10)

_BITS = 1 << 14
_APART = (1 - LIKE) / (1 + LIKE)


@dataclass(frozen=True, slots=True)
class Shingles:
    """The set itself, and a small sketch of it that rules out most pairs without touching the sets.

    The sketch holds within one process only; keep the id of the original, never the sketch.
    """

    grams: frozenset[str]
    sketch: int


def bare(text: str) -> str:
    """Letters and characters only, full and half width alike, capitals as small ones."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalpha())


def shingles(text: str) -> Shingles | None:
    """None when the text is too short to be compared."""
    plain = bare(text)
    if len(plain) <= MIN_CHARACTERS:
        return None
    grams = frozenset(plain[at : at + WIDTH] for at in range(len(plain) - WIDTH + 1))
    marks = bytearray(_BITS // 8)
    for gram in grams:
        bit = hash(gram) % _BITS
        marks[bit >> 3] |= 1 << (bit & 7)
    return Shingles(grams, int.from_bytes(marks, "little"))


def similarity(one: Shingles, other: Shingles) -> Fraction:
    """Shared shingles over all shingles of both."""
    shared = len(one.grams & other.grams)
    return Fraction(shared, len(one.grams) + len(other.grams) - shared)


def alike(one: Shingles, other: Shingles) -> bool:
    """Exact: sketches differ in no more bits than the sets do in shingles, so a skipped pair is not alike."""
    apart = (one.sketch ^ other.sketch).bit_count()
    # Alike means shared >= LIKE * all of both, so at most this share of the two sizes is not shared.
    if apart * _APART.denominator > (len(one.grams) + len(other.grams)) * _APART.numerator:
        return False
    return similarity(one, other) >= LIKE


def near_copies(minutes: Iterable[tuple[int, str]]) -> dict[int, int]:
    """For each near-copy the earliest text that it repeats, by id. Give them in the order they were written.

    The first of two is the original and is never called a copy.
    """
    seen: list[tuple[int, Shingles]] = []
    found: dict[int, int] = {}
    for id_, text in minutes:
        own = shingles(text)
        if own is None:
            continue
        original = next((earlier for earlier, other in seen if alike(own, other)), None)
        if original is not None:
            found[id_] = original
        seen.append((id_, own))
    return found
