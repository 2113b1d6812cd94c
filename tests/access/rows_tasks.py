"""Who gets what answer at the addresses of the task book: see `table`."""

from tests.access.row import Row

LEDGER = "or cs se de og pu di st | op au gl me fo"

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("tasks:report", "sent_task", "get post",
        own="se de og pu di | or cs", sibling="| or cs", elsewhere="st"),
    Row("tasks:feedback_add", "sent_task", "get post",
        own="se de og pu di | or cs", sibling="| or cs", elsewhere="st"),
    Row("tasks:accept", "reported_task", "post",
        own="or cs | se de og pu di", sibling="or cs", elsewhere="| st"),
    Row("tasks:return", "reported_task", "get post",
        own="or cs | se de og pu di", sibling="or cs", elsewhere="| st"),
    Row("tasks:assignment_remind", "assignment", "get", own="or cs", sibling="or cs"),
    Row("tasks:assignment_accept", "assignment", "get post", own="or cs", sibling="or cs"),
    Row("tasks:concern_list", "", "get", anywhere=LEDGER),
    Row("tasks:concern_print", "", "get", anywhere=LEDGER),
    Row("tasks:concern_export", "", "post", anywhere=LEDGER),
    Row("tasks:rectification_list", "", "get", anywhere=LEDGER),
    Row("tasks:rectification_print", "", "get", anywhere=LEDGER),
    Row("tasks:rectification_export", "", "post", anywhere=LEDGER),
    Row("tasks:directive_create", "", "get post", anywhere="or se de og pu di st | op au cs gl me fo"),
    Row("tasks:circular_send", "", "get post", anywhere="or cs | op au se de og pu di gl me fo st"),
    Row("tasks:directive_update", "directive", "get post",
        own="or se de og | cs pu di", sibling="or | cs", elsewhere="st"),
    Row("tasks:directive_withdraw", "directive", "get post",
        own="or se de og | cs pu di", sibling="or | cs", elsewhere="st"),
    Row("tasks:directive_task_add", "directive", "get post",
        own="se de og pu di | or cs", sibling="| or cs", elsewhere="st"),
    Row("meetings:directive_list", "", "get", anywhere=LEDGER),
    Row("meetings:directive_print", "", "get", anywhere=LEDGER),
    Row("meetings:directive_export", "", "post", anywhere=LEDGER),
    Row("meetings:directive_detail", "directive", "get",
        own="or cs se de og pu di", sibling="or cs", elsewhere="st"),
    Row("meetings:directive_convey", "directive", "get post",
        own="se de og pu | or cs di", sibling="| or cs", elsewhere="st"),
    Row("meetings:conveyed_add", "meeting", "get post",
        own="se de og pu | or cs di me", sibling="| or cs", elsewhere="st"),
    Row("meetings:conveyed_remove", "conveyed", "post",
        own="se de og pu | or cs di me", sibling="| or cs", elsewhere="st"),
)
# fmt: on
LISTS: dict[str, str] = {
    "tasks:concern_list": "or 2 cs 2 se 1 de 1 og 1 pu 1 di 1 st 1",
    "tasks:rectification_list": "or 2 cs 2 se 1 de 1 og 1 pu 1 di 1 st 1",
    "meetings:directive_list": "or 2 cs 2 se 1 de 1 og 1 pu 1 di 1 st 1",
}
