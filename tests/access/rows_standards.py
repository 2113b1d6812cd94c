"""Who gets what answer at the addresses of the standards: see `table`."""

from tests.access.row import Row

WITH_POST = "or cs se de og pu di gl st | op au me fo"
SETTING = "or | op au cs se de og pu di gl me fo st"

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("standards:list", "", "get", anywhere=WITH_POST),
    Row("standards:export", "", "get", anywhere=WITH_POST),
    Row("standards:create", "", "get post", anywhere=SETTING),
    Row("standards:detail", "shipped_standard", "get",
        own="or cs se de og pu di gl st", sibling="or cs se de og pu di gl st",
        elsewhere="or cs se de og pu di gl st"),
    Row("standards:update", "local_standard", "get post",
        own="or | cs se de og pu di gl", sibling="or | cs se de og pu di gl", elsewhere="| st"),
    Row("standards:end", "local_standard", "get post",
        own="or | cs se de og pu di gl", sibling="or | cs se de og pu di gl", elsewhere="| st"),
    Row("standards:switch_off", "local_standard", "get post",
        own="or | cs se de og pu di gl", sibling="or | cs se de og pu di gl", elsewhere="| st"),
    Row("standards:switch_on", "standard_switch", "get post",
        own="or | cs se de og pu di gl", sibling="or | cs", elsewhere="| st"),
    Row("standards:level_list", "", "get", anywhere=WITH_POST),
    Row("standards:override_create", "", "get post", anywhere=SETTING),
    Row("standards:override_end", "level_override", "get post",
        own="or | cs se de og pu di gl", sibling="or | cs", elsewhere="| st"),
    Row("standards:note_list", "", "get", anywhere=WITH_POST),
    Row("standards:note_create", "", "get post", anywhere="se de st | op au or cs og pu di gl me fo"),
    Row("standards:note_detail", "figure_note", "get",
        own="or cs se de og pu di", sibling="or cs", elsewhere="st"),
    Row("standards:note_update", "figure_note", "get post",
        own="se de | or cs og pu di", sibling="| or cs", elsewhere="st"),
    Row("standards:note_withdraw", "figure_note", "get post",
        own="se de | or cs og pu di", sibling="| or cs", elsewhere="st"),
    Row("standards:record_start", "", "get", anywhere="or cs se de og pu di st | op au gl me fo"),
    Row("standards:record", "branch", "get",
        own="or cs se de og pu di", sibling="or cs", elsewhere="st"),
    Row("standards:figure", "branch", "get", extra={"key": "participation"},
        own="or cs se de og pu di", sibling="or cs", elsewhere="st"),
    Row("standards:across", "", "get", anywhere="or cs | op au se de og pu di gl me fo st"),
    Row("standards:recount", "", "get post", anywhere="or cs | op au se de og pu di gl me fo st"),
    Row("standards:import_start", "", "get post", anywhere=SETTING),
    Row("standards:import_template", "", "get", anywhere=SETTING),
    Row("standards:import_detail", "standards_sheet", "get", own="or", sibling="or"),
    Row("standards:import_confirm", "standards_sheet", "post", own="or", sibling="or"),
    Row("standards:import_drop", "standards_sheet", "post", own="or", sibling="or"),
)
# fmt: on
LISTS: dict[str, str] = {
    "standards:list": "or 3 cs 3 se 3 de 3 og 3 pu 3 di 3 gl 3 st 2",
    "standards:level_list": "or 2 cs 2 se 1 de 1 og 1 pu 1 di 1 gl 1 st 1",
    "standards:note_list": "or 2 cs 2 se 1 de 1 og 1 pu 1 di 1 gl 0 st 1",
}
