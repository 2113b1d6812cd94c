"""Who gets what answer at the addresses of documents: the same as on the pages they are made of."""

from tests.access.row import Row

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("documents:minutes", "closed", "post",
        own="or cs se de og pu di me", sibling="or cs", elsewhere="st"),
    Row("documents:notice", "closed", "post",
        own="or cs se de og pu di me", sibling="or cs", elsewhere="st"),
    Row("documents:agenda", "closed", "post",
        own="or cs se de og pu di me", sibling="or cs", elsewhere="st"),
    Row("documents:sign_in_sheet", "meeting", "post",
        own="se de og pu | or cs di me", sibling="| or cs", elsewhere="st"),
)
# fmt: on
LISTS: dict[str, str] = {}
