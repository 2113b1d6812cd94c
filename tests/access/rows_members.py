"""Who gets what answer at the addresses of a member's own page and corrections: see `table`."""

from tests.access.row import EVERYBODY, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("workbench:mine", "", "get", anywhere=EVERYBODY),
    Row("workbench:mine_attendance", "", "get", anywhere=EVERYBODY),
    Row("workbench:mine_looks", "", "get", anywhere=EVERYBODY),
    Row("workbench:mine_export", "", "get post", anywhere=EVERYBODY),
    Row("members:correction_list", "", "get", anywhere="or se de og st | op au cs pu di gl me fo"),
    Row("members:correction_create", "", "get post", anywhere=EVERYBODY),
    Row("members:correction_detail", "correction", "get", own="or se de og me", sibling="or", elsewhere="st"),
    Row("members:correction_accept", "correction", "get post",
        own="or se og | de me", sibling="or", elsewhere="st"),
    Row("members:correction_refuse", "correction", "get post",
        own="or se de og | me", sibling="or", elsewhere="st"),
    Row("members:correction_withdraw", "correction", "post",
        own="me | or se de og", sibling="| or", elsewhere="| st"),
    Row("members:correction_reveal", "correction", "post",
        own="or se og | de me", sibling="or", elsewhere="st"),
)
# fmt: on
LISTS: dict[str, str] = {
    "members:correction_list": "or 2 se 1 de 1 og 1 st 1",
    "workbench:mine_attendance": "op 0 au 0 or 0 cs 0 se 0 de 0 og 0 pu 0 di 0 gl 0 me 2 fo 0 st 0",
    "workbench:mine_looks": "op 0 au 0 or 0 cs 0 se 0 de 0 og 0 pu 0 di 0 gl 0 me 0 fo 0 st 0",
}
