"""Who gets what answer at the addresses of talks: see `table`.

`talk`, `planned_talk` and `open_talk` are between the member and another of the branch (the group leader in
our own, the secretary elsewhere). Refused (403) are those who may know of a talk and are not in it.
"""

from tests.access.row import EVERYBODY, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("talks:mine", "", "get", anywhere=EVERYBODY),
    Row("talks:export_mine", "", "get", anywhere=EVERYBODY),
    Row("talks:list", "", "get", anywhere="se de og di st | op au or cs pu gl me fo"),
    Row("talks:map", "", "get", anywhere="se de og di st | op au or cs pu gl me fo"),
    Row("talks:counts", "", "get", anywhere="or cs | op au se de og pu di gl me fo st"),
    Row("talks:log", "", "get post", anywhere="se de og pu di gl me st | op au or cs fo"),
    Row("talks:plan", "", "get post", anywhere="se de og pu di gl me st | op au or cs fo"),
    Row("talks:must_list", "", "get", anywhere=EVERYBODY),
    Row("talks:must_create", "", "get post", anywhere="se st | op au or cs de og pu di gl me fo"),
    Row("talks:must_withdraw", "must", "get post", own="se", elsewhere="st"),
    Row("talks:wave_open", "", "get post", anywhere="se st | op au or cs de og pu di gl me fo"),
    Row("talks:wave_close", "wave", "get post", own="se | de og di", elsewhere="st"),
    Row("talks:detail", "talk", "get", own="se de og di gl me", elsewhere="st"),
    Row("talks:print", "talk", "get", own="gl me | se de og di", elsewhere="st"),
    Row("talks:word", "talk", "post", own="gl me | se de og di", elsewhere="st"),
    Row("talks:update", "talk", "get post", own="gl me | se de og di", elsewhere="st"),
    Row("talks:close", "talk", "get post", own="gl me | se de og di", elsewhere="st"),
    Row("talks:cancel", "talk", "get post", own="gl me | se de og di", elsewhere="st"),
    Row("talks:open", "talk", "post", own="gl me | se de og di", elsewhere="st"),
    Row("talks:take_back", "open_talk", "post", own="me | se de og di gl", elsewhere="| st"),
    Row("talks:hold", "planned_talk", "get post", own="gl me | se de og di", elsewhere="st"),
)
# fmt: on
LISTS: dict[str, str] = {
    "talks:mine": "op 0 au 0 or 0 cs 0 se 0 de 0 og 0 pu 0 di 0 gl 4 me 4 fo 0 st 4",
    "talks:list": "se 4 de 3 og 3 di 4 st 4",
    "talks:counts": "or 2 cs 2",
    "talks:must_list": "op 0 au 0 or 0 cs 0 se 1 de 0 og 0 pu 0 di 0 gl 0 me 0 fo 0 st 1",
}
