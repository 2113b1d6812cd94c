"""Who gets what answer at the addresses of the work log: see `table`."""

from tests.access.row import Row

# fmt: off
ROWS: tuple[Row, ...] = (
)
# fmt: on
LISTS: dict[str, str] = {}
