"""Who gets what answer at the addresses of cycles and of a branch's report: see `table`."""

from tests.access.row import EVERYBODY, Row

LED = "or | cs se de og pu di"
KEPT = {"own": "se de og | or cs pu di", "sibling": "| or cs", "elsewhere": "st"}

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("evaluations:cycle_list", "", "get", anywhere=EVERYBODY),
    Row("evaluations:cycle_create", "", "get post", anywhere="or | op au cs se de og pu di gl me fo st"),
    Row("evaluations:cycle_detail", "cycle", "get",
        own="or cs se de og pu di", sibling="or cs se de og pu di", elsewhere="st"),
    Row("evaluations:cycle_print", "cycle", "get",
        own="or cs se de og pu di", sibling="or cs se de og pu di", elsewhere="st"),
    Row("evaluations:cycle_update", "draft_cycle", "get post", own="or | cs", sibling="or | cs"),
    Row("evaluations:cycle_standards", "draft_cycle", "get post", own="or | cs", sibling="or | cs"),
    Row("evaluations:cycle_open", "draft_cycle", "get post", own="or | cs", sibling="or | cs"),
    Row("evaluations:cycle_withdraw", "cycle", "get post", own=LED, sibling=LED, elsewhere="| st"),
    Row("evaluations:reviewers", "cycle", "get post", own=LED, sibling=LED, elsewhere="| st"),
    Row("evaluations:distribute", "cycle", "get post", own=LED, sibling=LED, elsewhere="| st"),
    Row("evaluations:add_branch", "cycle", "get post", own=LED, sibling=LED, elsewhere="| st"),
    Row("evaluations:reviewer_end", "reviewer", "get post", own="or | cs", sibling="or | cs"),
    Row("evaluations:seats", "reviewer", "get post", own="or | cs", sibling="or | cs"),
    Row("evaluations:branch", "evaluation", "get",
        own="or cs se de og pu di", sibling="or cs", elsewhere="st"),
    Row("evaluations:report", "evaluation", "get post", **KEPT),
    Row("evaluations:report_submit", "evaluation", "get post", **KEPT),
    Row("evaluations:report_return", "reported", "get post",
        own=LED, sibling="or | cs", elsewhere="| st"),
    Row("evaluations:report_print", "reported", "get",
        own="or cs se de og pu di", sibling="or cs", elsewhere="st"),
    Row("evaluations:appraisal_start", "evaluation", "get post", extra={"part": "members"}, **KEPT),
    Row("evaluations:appraisal_link", "evaluation", "get post", extra={"part": "committee"}, **KEPT),
    Row("evaluations:leave_out", "evaluation", "get post", own=LED, sibling="or | cs", elsewhere="| st"),
    Row("evaluations:take_in", "left_out", "get post", own=LED, sibling="or | cs", elsewhere="| st"),
)
# fmt: on
LISTS: dict[str, str] = {
    "evaluations:cycle_list": "op 0 au 0 or 8 cs 8 se 7 de 7 og 7 pu 7 di 7 gl 0 me 1 fo 1 st 7",
}
