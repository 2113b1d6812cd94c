"""Who gets what answer at the addresses of 组织生活会 and 民主评议: see `table`.

The things of `own` are the member's; in `elsewhere` they are another member's than the secretary who asks.
"""

from tests.access.row import EVERYBODY, Row

KEPT = {"own": "se de og | pu di", "elsewhere": "st"}
DECIDED = {"own": "se og | de pu di", "elsewhere": "st"}
READ = {"own": "se de og di me", "elsewhere": "st"}

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("evaluations:round_list", "", "get", anywhere=EVERYBODY),
    Row("evaluations:round_go", "", "get", anywhere=EVERYBODY),
    Row("evaluations:round_create", "", "get post", anywhere="se de og st | op au or cs pu di gl me fo"),
    Row("evaluations:round_overview", "", "get", anywhere="or cs | op au se de og pu di gl me fo st"),
    Row("evaluations:round_detail", "round", "get", own="se de og pu di", elsewhere="st"),
    Row("evaluations:round_update", "round", "get post", **KEPT),
    Row("evaluations:roll_refresh", "round", "post", **KEPT),
    Row("evaluations:study_choose", "round", "get post", **KEPT),
    Row("evaluations:part_note", "round_part", "get post", **KEPT),
    Row("evaluations:note_remove", "round_part", "post", **KEPT),
    Row("evaluations:round_close", "round", "get post", **KEPT),
    Row("evaluations:opinion_add", "round", "get post", **KEPT),
    Row("evaluations:opinion_remove", "gathered", "post", **KEPT),
    Row("evaluations:problem_add", "round", "get post", **KEPT),
    Row("evaluations:problem_update", "branch_problem", "get post", **KEPT),
    Row("evaluations:problem_remove", "branch_problem", "post", **KEPT),
    Row("evaluations:rectify", "round", "post", **KEPT),
    Row("evaluations:poll_begin", "round", "get post", **KEPT),
    Row("evaluations:poll_link", "round", "get post", **KEPT),
    Row("evaluations:grades_decide", "round", "get post", **DECIDED),
    Row("evaluations:grades_tell", "round", "get post", **DECIDED),
    Row("evaluations:peer_list", "round", "get", own="se | de og pu di", elsewhere="st"),
    Row("evaluations:peer_add", "round", "get post", own="se de og pu di gl me", elsewhere="st"),
    Row("evaluations:peer_remove", "peer_opinion", "post", own="me | se", elsewhere="| st"),
    Row("evaluations:sheet_print", "round", "get", own="se de og pu di", elsewhere="st"),
    Row("evaluations:summary_print", "round", "get", own="se de og di | pu", elsewhere="st"),
    Row("evaluations:round_report", "round", "get", own="se de og pu di", elsewhere="st"),
    Row("evaluations:round_print", "round_paper", "get", own="se de og pu di", elsewhere="st"),
    Row("evaluations:round_member", "own_evaluation", "get", **READ),
    Row("evaluations:self_write", "own_evaluation", "get post", own="se de og me | di", elsewhere="st"),
    Row("evaluations:own_problem_add", "own_evaluation", "get post", own="se me | de og di", elsewhere="st"),
    Row("evaluations:own_problem_update", "own_problem", "get post", own="me | se", elsewhere="| st"),
    Row("evaluations:own_problem_remove", "own_problem", "post", own="me | se", elsewhere="| st"),
    Row("evaluations:grade_confirm", "told_member", "post", own="me | se de og di", elsewhere="| st"),
    Row("evaluations:grade_object", "told_member", "get post", own="me | se de og di", elsewhere="| st"),
    Row("evaluations:grade_answer", "objecting_member", "get post", own="se og | de di me", elsewhere="st"),
    Row("evaluations:ungraded_set", "own_evaluation", "get post", own="se og | de di me", elsewhere="st"),
    Row("evaluations:register_print", "own_evaluation", "get", **READ),
)
# fmt: on
LISTS: dict[str, str] = {
    "evaluations:round_list": "op 0 au 0 or 0 cs 0 se 3 de 3 og 3 pu 3 di 3 gl 0 me 0 fo 0 st 3",
    "evaluations:round_overview": "or 2 cs 2",
}
