"""The closed lists of looks. A word that is not in its list is a mistake and raises at once."""

from collections.abc import Iterable

BADGE_TONES = ("ok", "warn", "bad", "info", "muted")
BUTTON_TONES = ("primary", "secondary", "danger", "quiet")


def known(word: str, allowed: Iterable[str]) -> str:
    if word not in allowed:
        raise ValueError(f"{word!r} is none of {', '.join(allowed)}")
    return word
