"""Who gets what answer at the addresses of the work log: see `table`."""

from tests.access.row import EVERYBODY, Row

KEEPERS = "se de og pu st | op au or cs di gl me fo"
READERS = "or cs se de og pu di st | op au gl me fo"

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("workbench:study", "", "get", anywhere="or cs se de og pu di st"),
    Row("workbench:study_print", "", "get", anywhere="or cs se de og pu di st"),
    Row("workbench:study_export", "", "post", anywhere="or cs se de og pu di st"),
    Row("workbench:fed", "", "get", anywhere="or cs se de og pu di st"),
    Row("worklog:list", "", "get", anywhere=EVERYBODY),
    Row("worklog:choose", "", "get", anywhere="se de og pu gl st | op au or cs di me fo"),
    Row("worklog:create", "", "get post", extra={"sort": "study"},
        anywhere="se de og pu gl st | op au or cs di me fo"),
    Row("worklog:detail", "entry", "get", own="or cs se de og pu di me", sibling="or cs", elsewhere="st"),
    Row("worklog:update", "entry", "get post",
        own="se de og pu | or cs di me", sibling="| or cs", elsewhere="st"),
    Row("worklog:withdraw", "entry", "get post",
        own="se de og pu | or cs di me", sibling="| or cs", elsewhere="st"),
    Row("worklog:import_start", "", "get post", anywhere=KEEPERS),
    Row("worklog:import_template", "", "get", anywhere=KEEPERS),
    Row("worklog:import_detail", "study_import", "get", own="se de og pu", elsewhere="st"),
    Row("worklog:import_confirm", "study_import", "post", own="se de og pu", elsewhere="st"),
    Row("worklog:import_drop", "study_import", "post", own="se de og pu", elsewhere="st"),
    Row("worklog:import_errors", "study_import", "post", own="se de og pu", elsewhere="st"),
    Row("worklog:key_post_list", "", "get", anywhere=READERS),
    Row("worklog:key_post_create", "", "get post", anywhere=KEEPERS),
    Row("worklog:key_post_detail", "key_post", "get",
        own="or cs se de og pu di", sibling="or cs", elsewhere="st"),
    Row("worklog:key_post_check", "key_post", "get post",
        own="se de og pu di | or cs", sibling="| or cs", elsewhere="st"),
    Row("worklog:key_post_update", "key_post", "get post",
        own="se de og pu | or cs di", sibling="| or cs", elsewhere="st"),
    Row("worklog:key_post_withdraw", "key_post", "get post",
        own="se de og pu | or cs di", sibling="| or cs", elsewhere="st"),
    Row("worklog:check_update", "key_post_check", "get post",
        own="se de og pu di | or cs", sibling="| or cs", elsewhere="st"),
    Row("worklog:check_withdraw", "key_post_check", "get post",
        own="se de og pu di | or cs", sibling="| or cs", elsewhere="st"),
    Row("worklog:unit_list", "", "get", anywhere=READERS),
    Row("worklog:unit_create", "", "get post", anywhere=KEEPERS),
    Row("worklog:unit_update", "care_unit", "get post",
        own="se de og pu | or cs di", sibling="| or cs", elsewhere="st"),
    Row("worklog:unit_withdraw", "care_unit", "get post",
        own="se de og pu | or cs di", sibling="| or cs", elsewhere="st"),
)
# fmt: on
LISTS: dict[str, str] = {
    "worklog:list": "op 0 au 0 or 2 cs 2 se 1 de 1 og 1 pu 1 di 1 gl 0 me 1 fo 0 st 1",
    "worklog:key_post_list": "or 2 cs 2 se 1 de 1 og 1 pu 1 di 1 st 1",
    "worklog:unit_list": "or 2 cs 2 se 1 de 1 og 1 pu 1 di 1 st 1",
}
