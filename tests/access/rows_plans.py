"""Who gets what answer at the addresses of plans, goals and the calendar feed: see `table`."""

from tests.access.row import EVERYBODY, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("plans:list", "", "get", anywhere=EVERYBODY),
    Row("plans:overview", "", "get", anywhere="or cs | op au se de og pu di gl me fo st"),
    Row("plans:create", "", "get post", anywhere="se de og st | op au or cs pu di gl me fo"),
    Row("workbench:plan_detail", "plan", "get",
        own="or cs se de og pu di gl me", sibling="or cs", elsewhere="st"),
    Row("plans:take_over", "draft_plan", "get post", own="se de og | pu di", elsewhere="st"),
    Row("plans:update", "plan", "get post",
        own="se de og | or cs pu di gl me", sibling="| or cs", elsewhere="st"),
    Row("plans:item_update", "plan", "get post",
        own="se de og | or cs pu di gl me", sibling="| or cs", elsewhere="st"),
    Row("plans:item_report", "plan_item", "get post",
        own="se de og | or cs pu di gl me", sibling="| or cs", elsewhere="st"),
    Row("plans:file", "draft_plan", "get post", own="se de og | pu di", elsewhere="st"),
    Row("plans:print", "plan", "get", own="or cs se de og pu di gl me", sibling="or cs", elsewhere="st"),
    Row("plans:goals", "", "get", anywhere="or cs se de og pu di gl me st"),
    Row("plans:goal_create", "", "get post", anywhere="se de og st | op au or cs pu di gl me fo"),
    Row("plans:goal_update", "goal", "get post",
        own="se de og | or cs pu di gl me", sibling="| or cs", elsewhere="st"),
    Row("plans:goal_report", "goal", "get post",
        own="se de og | or cs pu di gl me", sibling="| or cs", elsewhere="st"),
    Row("plans:project_create", "", "get post", anywhere="se de og st | op au or cs pu di gl me fo"),
    Row("plans:project_update", "project", "get post",
        own="se de og | or cs pu di gl me", sibling="| or cs", elsewhere="st"),
    Row("plans:progress_add", "project", "get post",
        own="se de og | or cs pu di gl me", sibling="| or cs", elsewhere="st"),
    Row("plans:project_end", "project", "get post",
        own="se de og | or cs pu di gl me", sibling="| or cs", elsewhere="st"),
    Row("workbench:calendar", "", "get post", anywhere="or cs se de og pu di gl me fo st | op au"),
    Row("workbench:calendar_revoke", "", "post", anywhere="or cs se de og pu di gl me fo st | op au"),
    # Opens by its secret alone, so a wrong one is answered alike whoever asks.
    Row("workbench:calendar_feed", "", "get", extra={"token": "x" * 32}),
)
# fmt: on
LISTS: dict[str, str] = {
    "plans:list": "op 0 au 0 or 2 cs 2 se 2 de 2 og 2 pu 2 di 2 gl 1 me 1 fo 0 st 2",
    "plans:overview": "or 0 cs 0",
}
