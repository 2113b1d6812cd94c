"""One line of the access table."""

from dataclasses import dataclass, field
from typing import Any

EVERYBODY = "op au or cs se de og pu di gl me fo st"


@dataclass(frozen=True)
class Row:
    name: str
    thing: str
    methods: str
    own: str = ""
    sibling: str = ""
    elsewhere: str = ""
    anywhere: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
