"""Who gets what answer at the addresses of secret ballots: see `table`. In `own` the member and the secretary
are the tellers and stand on the rolls."""

from tests.access.row import EVERYBODY, Row

READERS = "or cs se de og pu di me"

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("ballots:list", "", "get", anywhere=EVERYBODY),
    Row("ballots:across", "", "get", anywhere="or cs | op au se de og pu di gl me fo st"),
    Row("ballots:create", "", "get post", anywhere="se de og st | op au or cs pu di gl me fo"),
    Row("ballots:detail", "poll", "get", own=READERS, sibling="or cs", elsewhere="st"),
    Row("ballots:update", "poll", "get post",
        own="se de og | or cs pu di me", sibling="| or cs", elsewhere="st"),
    Row("ballots:open", "poll", "get post",
        own="se me | or cs de og pu di", sibling="| or cs", elsewhere="st"),
    Row("ballots:close", "poll_open", "get post",
        own="se de og me | or cs pu di", sibling="| or cs", elsewhere="st"),
    Row("ballots:destroy", "poll_open", "get post",
        own="se de og me | or cs pu di", sibling="| or cs", elsewhere="st"),
    Row("ballots:unseal", "poll_closed", "get post",
        own="se me | or cs de og pu di", sibling="| or cs", elsewhere="st"),
    Row("ballots:enter_totals", "poll_paper", "get post",
        own="se me | or cs de og pu di", sibling="| or cs", elsewhere="st"),
    Row("ballots:confirm_totals", "poll_entered", "get post",
        own="me | or cs se de og pu di", sibling="| or cs", elsewhere="| st"),
    Row("ballots:print", "poll_result", "get", own=READERS, sibling="or cs", elsewhere="st"),
    Row("ballots:vote", "poll_open", "get post", own="se me", elsewhere="st"),
    Row("ballots:voted", "poll_open", "get", own="se me", elsewhere="st"),
)
# fmt: on
LISTS: dict[str, str] = {
    "ballots:list": "op 0 au 0 or 12 cs 12 se 6 de 6 og 6 pu 6 di 6 gl 0 me 6 fo 0 st 6",
}
