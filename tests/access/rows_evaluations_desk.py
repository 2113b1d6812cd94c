"""Who gets what answer at the reviewers' desk, at the settlement and at the result: see `table`.

The former secretary reviews in one place, the member in the other: each sees his own seats and no others.
"""

from tests.access.row import Row

SEATED = {"own": "fo", "sibling": "me"}
ABOVE = {"own": "or | cs", "sibling": "or | cs"}
BRANCH = {"own": "or se de og | cs pu di", "sibling": "or | cs", "elsewhere": "st"}
COMMITTEE = {"own": "or | cs se de og pu di", "sibling": "or | cs", "elsewhere": "| st"}
MEMBERS = {"own": "or cs se de og pu di gl me", "sibling": "or cs", "elsewhere": "st"}

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("evaluations:desk", "", "get", anywhere="me fo | op au or cs se de og pu di gl st"),
    Row("evaluations:seat", "seat", "get", **SEATED),
    Row("evaluations:seat_marks", "seat", "get post", extra={"aspect": "quality"}, **SEATED),
    Row("evaluations:seat_sum_up", "seat", "get post", **SEATED),
    Row("evaluations:seat_visit", "seat", "get post", **SEATED),
    Row("evaluations:seat_hand_in", "seat", "get post", **SEATED),
    Row("evaluations:seat_recuse", "seat", "get post", **SEATED),
    Row("evaluations:seat_take", "seat", "get post", own="or", sibling="or"),
    Row("evaluations:seat_return", "seat", "get post", own="or", sibling="or"),
    Row("evaluations:settle", "in_review", "get post", **ABOVE),
    Row("evaluations:take_over", "in_review", "post", **ABOVE),
    Row("evaluations:tell", "in_review", "get post", **ABOVE),
    Row("evaluations:object_to", "told_standard", "get post", **BRANCH),
    Row("evaluations:agree", "told", "get post", **BRANCH),
    Row("evaluations:answer", "objection", "get post", **COMMITTEE),
    Row("evaluations:result", "published", "get", **MEMBERS),
    Row("evaluations:letter", "published", "get", **MEMBERS),
    Row("evaluations:decide", "told", "get post", **COMMITTEE),
    Row("evaluations:reopen", "decided", "get post", **COMMITTEE),
    Row("evaluations:publish", "decided", "get post", **COMMITTEE),
    Row("evaluations:cycle_publish", "cycle", "get post",
        own="or | cs se de og pu di", sibling="or | cs se de og pu di", elsewhere="| st"),
)
# fmt: on
LISTS: dict[str, str] = {"evaluations:desk": "me 1 fo 1"}
