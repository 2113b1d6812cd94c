"""How a higher app makes ready what it brings along when a system is set up, without being imported."""

from datetime import date
from typing import Protocol


class Preparation(Protocol):
    def __call__(self, *, today: date) -> object: ...


_preparations: list[Preparation] = []


def prepare(preparation: Preparation) -> None:
    if preparation not in _preparations:
        _preparations.append(preparation)


def run_preparations(*, today: date) -> None:
    """Called once, in the transaction of the first run."""
    for preparation in _preparations:
        preparation(today=today)
