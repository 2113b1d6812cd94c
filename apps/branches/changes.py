"""How a lower app tells a higher one that a branch's records changed, without importing it.

`ledger` subscribes when it is loaded and rewrites its tallies inside the same transaction. Services of
members, tasks, meetings and branches call `branch_changed` as their last step but the audit entry.
"""

from collections.abc import Collection
from typing import Protocol


class Listener(Protocol):
    def __call__(self, *, branch_ids: Collection[int], years: Collection[int]) -> None: ...


_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def branch_changed(*branch_ids: int, years: Collection[int] = ()) -> None:
    """Tell that what is known of these branches changed; `years` where sittings of a year did."""
    for listener in _listeners:
        listener(branch_ids=branch_ids, years=years)
