"""Who gets what answer at the addresses of documents: the same as on the pages they are made of."""

from tests.access.row import Row

YEAR = {"year": 2026}
AS_ROSTER = {"own": "or cs se og | de pu di", "sibling": "or cs", "elsewhere": "st"}
TEMPLATES = "or | op au cs se de og pu di gl me fo st"
KIND = {"kind": "minutes"}
SEEN = {"own": "or cs se de og pu di", "sibling": "or cs", "elsewhere": "st"}

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("documents:minutes", "closed", "post",
        own="or cs se de og pu di me", sibling="or cs", elsewhere="st"),
    Row("documents:notice", "closed", "post",
        own="or cs se de og pu di me", sibling="or cs", elsewhere="st"),
    Row("documents:agenda", "closed", "post",
        own="or cs se de og pu di me", sibling="or cs", elsewhere="st"),
    Row("documents:sign_in_sheet", "meeting", "post",
        own="se de og pu | or cs di me", sibling="| or cs", elsewhere="st"),
    Row("documents:list", "", "get", anywhere="or cs se de og pu di st | op au gl me fo"),
    Row("documents:plan", "plan", "post", own="or cs se de og pu di gl me", sibling="or cs", elsewhere="st"),
    Row("documents:meeting_book", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:attendance_book", "branch", "post", extra=YEAR, **SEEN),
    # Those above have numbers of talks only; whoever is on the committee without a need for them, nothing.
    Row("documents:talk_book", "branch", "post", extra=YEAR,
        own="se de og di | or cs pu", sibling="| or cs", elsewhere="st"),
    Row("documents:mobile_book", "branch", "post", extra=YEAR, **AS_ROSTER),
    Row("documents:rectification_paper", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:from_above_paper", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:basics_paper", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:basics_book", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:rectification_book", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:from_above_book", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:duty_paper", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:summary_paper", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:election_request", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:election_nominations", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:election_candidates", "branch", "post", extra=YEAR, **SEEN),
    # Why somebody has no vote may be an illness or a sanction: as the export of the roster.
    Row("documents:election_electorate", "branch", "post", extra=YEAR, **AS_ROSTER),
    Row("documents:election_exclusions", "branch", "post", extra=YEAR, **AS_ROSTER),
    Row("documents:election_rules", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:election_agenda", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:election_tellers", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:election_ballot", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:election_count", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:election_result", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:election_posts", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:election_handover", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:transfer", "member", "post", own="or cs se og | de pu di gl me",
        sibling="or cs", elsewhere="st"),
    Row("documents:year_book", "branch", "post", extra=YEAR, **SEEN),
    Row("documents:year_books", "", "get post", anywhere="or cs | op au se de og pu di gl me fo st"),
    # Whoever had a file made takes it, and nobody else.
    Row("documents:made_file", "made_file", "get", own="se", elsewhere="st"),
    Row("documents:take_file", "made_file", "post", own="se", elsewhere="st"),
    Row("documents:template_list", "", "get", anywhere=TEMPLATES),
    Row("documents:template_upload", "", "get post", anywhere=TEMPLATES),
    Row("documents:template_fields", "", "get", extra=KIND, anywhere=TEMPLATES),
    Row("documents:template_sample", "", "get", extra=KIND, anywhere=TEMPLATES),
    Row("documents:template_file", "unit_template", "get", own="or", sibling="or"),
    Row("documents:template_use", "unit_template", "post", own="or", sibling="or"),
    Row("documents:template_withdraw", "unit_template", "post", own="or", sibling="or"),
    # Of rounds and evaluations: as their pages.
    Row("documents:round_paper", "round", "post", extra={"name": "plan"},
        own="se de og pu di", elsewhere="st"),
    Row("documents:round_summary", "round", "post", extra={"name": "summary"},
        own="se de og di | pu", elsewhere="st"),
    Row("documents:member_register", "own_evaluation", "post", own="se de og di me", elsewhere="st"),
    Row("documents:member_problems", "own_evaluation", "post", own="se me | de og di", elsewhere="st"),
    Row("documents:evaluation_report", "reported", "post",
        own="or cs se de og pu di", sibling="or cs", elsewhere="st"),
    Row("documents:evaluation_appraisal", "reported", "post",
        own="or cs se de og pu di", sibling="or cs", elsewhere="st"),
    Row("documents:evaluation_letter", "published", "post",
        own="or cs se de og pu di gl me", sibling="or cs", elsewhere="st"),
    Row("documents:evaluation_rectification", "published", "post",
        own="or cs se de og pu di gl me", sibling="or cs", elsewhere="st"),
    Row("documents:evaluation_objections", "published", "post",
        own="or cs se de og pu di | gl me", sibling="or cs", elsewhere="st"),
    Row("documents:evaluation_review", "in_review", "post", own="or cs", sibling="or cs"),
    Row("documents:seat_review", "seat", "post", own="fo", sibling="me"),
    Row("documents:cycle_tables", "cycle", "post",
        own="or cs | se de og pu di", sibling="or cs | se de og pu di", elsewhere="| st"),
)
# fmt: on
LISTS: dict[str, str] = {}
