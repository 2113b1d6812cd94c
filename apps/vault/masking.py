"""What lists show of a personal number."""

from apps.vault.fields import Locked


def mask_id(value: str) -> str:
    """110101********7777: the region and the last four."""
    return _masked(value, head=6, tail=4)


def mask_phone(value: str) -> str:
    """138****5678; a short landline keeps its last two."""
    return _masked(value, head=3, tail=4) if len(value) >= 9 else _masked(value, head=0, tail=2)


def mask_address(value: str) -> str:
    """The first six characters (about the district), never the house."""
    if isinstance(value, Locked) or not value:
        return str(value)
    return value[: min(6, len(value) // 2)] + "****"


def _masked(value: str, *, head: int, tail: int) -> str:
    if isinstance(value, Locked) or not value:
        return str(value)
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]
