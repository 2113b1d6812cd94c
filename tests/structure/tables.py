"""What the structure rules allow, as literal tables. Every exception carries its reason."""

# The import order, bottom to top. Packages on one line stand beside each other and never import one another.
ORDER: tuple[tuple[str, ...], ...] = (
    ("rules",),
    ("ui",),
    ("vault",),
    ("audit",),  # below accounts, whose services leave a deed for every sign-in and every changed login
    ("accounts",),
    ("jobs",),
    ("branches",),
    ("members",),
    ("tasks", "ballots"),
    ("meetings", "talks", "worklog", "plans"),
    ("ledger",),
    ("standards",),
    ("evaluations",),
    ("documents",),
    ("workbench",),
    ("branchsys",),
)
LEVEL = {package: level for level, row in enumerate(ORDER) for package in row}

# What ledger uses of other apps besides their `facts`: its keys point at branches, whose changes it follows.
LEDGER_MAY_USE = {"apps.rules", "apps.ui", "apps.branches.models", "apps.branches.changes"}

# Confidential apps: a reverse accessor would be a second exit.
NO_REVERSE_ACCESSOR = {"talks", "ballots", "evaluations"}

# Inside an app, bottom to top; a module may use what stands before it, and its own family.
LAYERS = (
    "base",
    "models",
    "policies",
    "queries",
    "facts",
    "services",
    "forms",
    "filters",
    "views",
    "urls",
    "admin",
    "wiring",
)
WIRING = {"apps", "management", "templatetags"}

# Modules beyond the usual names: the layer each one stands on, and why it exists.
DOMAIN_MODULES: dict[str, tuple[str, str]] = {
    "accounts/first_run.py": ("base", "lets a higher app prepare itself at the first run, unimported"),
    "accounts/middleware.py": ("views", "stands before every page, as a view of its own"),
    "accounts/names.py": ("base", "tidies and spells names for models, services and imports alike"),
    "accounts/sessions.py": ("services", "hashed session keys; Django names a session engine by module"),
    "audit/actions.py": ("base", "the register of action words that every service module fills at import"),
    "audit/chain.py": ("policies", "the hash of a deed over the deed before it, to write and to verify"),
    "audit/changes.py": ("base", "before and after of a record as plain data, secrets left out"),
    "audit/middleware.py": ("base", "remembers where a request comes from, so services need not be told"),
    "audit/sheet.py": ("facts", "the columns of the exported trail"),
    "ballots/sealing.py": ("base", "sealing a ballot and wrapping a key: bytes only, no model"),
    "evaluations/frozen.py": ("base", "a local rule as a cycle keeps it, written and read back"),
    "branches/changes.py": ("base", "lets a higher app follow changes of a branch without being imported"),
    "documents/template_fields.py": ("base", "the fields a committee's own template may name, as plain text"),
    "documents/template_file.py": ("policies", "starts the filling process and words its outcome"),
    "documents/template_filler.py": ("base", "fills an untrusted template in a process of its own"),
    "documents/tasks.py": ("wiring", "huey looks for its tasks in this module"),
    "jobs/tasks.py": ("wiring", "huey looks for its tasks in this module"),
    "ledger/ring.py": ("base", "months as bits of one number, without any model"),
    "meetings/attached_files.py": ("base", "what may be attached, judged by name and content alone"),
    "meetings/closing.py": ("facts", "what a sitting still lacks, asked by page and service alike"),
    "meetings/drafts.py": ("queries", "plain values between a form and the service that writes them"),
    "meetings/minutes.py": ("facts", "the written record as labelled lines, for page and print"),
    "meetings/titles.py": ("base", "the words a sitting is called by, from its kinds alone"),
    "members/consistency.py": ("policies", "what dates of one record say of each other, for form and import"),
    "members/id_numbers.py": ("base", "the national identity number (GB 11643) and its check digit"),
    "members/own_page.py": ("queries", "lets a higher app add to a person's own page, unimported"),
    "members/roster_cells.py": ("queries", "reads one row of a roster into values or reasons"),
    "members/roster_changes.py": ("facts", "names the fields that a row would change"),
    "members/roster_checks.py": ("facts", "judges each row against the branch's members"),
    "members/roster_columns.py": ("base", "the columns of a roster, shared by import and export"),
    "members/roster_dates.py": ("base", "dates as offices type them, without any model"),
    "members/roster_export.py": ("facts", "rosters as workbooks, in the columns of the import"),
    "members/roster_file.py": ("policies", "starts the reading process and words its outcome"),
    "members/roster_places.py": ("facts", "branches and groups by the names people write"),
    "members/roster_rows.py": ("facts", "a judged row as the text kept of it, and back"),
    "members/roster_sheet.py": ("queries", "finds the list inside a workbook"),
    "members/sheet_reader.py": ("base", "reads an untrusted workbook in a process of its own"),
    "tasks/known_figures.py": ("base", "which page already has what is often asked for again"),
    "tasks/reminders.py": ("facts", "the words of a reminder, for page and print"),
    "standards/discretion.py": ("base", "what of the talks' figures who may see"),
    "standards/next_steps.py": ("base", "the form that mends a figure, measure by measure"),
    "standards/figure_words.py": ("base", "a figure in words, for page, print and sheet"),
    "standards/evidence.py": ("base", "evidence as words and keys, for fixture, form, sheet and page alike"),
    "standards/sheet.py": ("facts", "a checklist as a workbook: its columns, written and read back"),
    "worklog/study_cells.py": ("base", "reads one row of study hours into values or reasons"),
    "worklog/study_rows.py": ("facts", "judges each row of study hours against the branch's members"),
    "worklog/study_sheet.py": ("base", "finds the list of study hours inside a workbook"),
    "workbench/demo_world.py": ("base", "the invented town of the demo, as plain data"),
    "workbench/navigation.py": ("policies", "the menu: a context processor named by the settings"),
}
# Packages whose modules are named by what they are about, because the package is one subject.
FREE_NAMES = {
    "rules": "the regulations, one module per subject",
    "ui": "components, one module per kind",
    "vault": "keys, fields, index and masking: no views, no URLs",
    "branchsys": "Django's wiring",
}

# Signatures dictated by Django or the language: their positional arguments are not ours to choose.
DICTATED_SIGNATURES: dict[str, str] = {
    "__exit__": "context manager protocol",
    "authenticate": "authentication backend",
    "create_option": "form widget",
    "formfield_for_dbfield": "admin",
    "formfield_for_foreignkey": "admin",
    "formfield_for_manytomany": "admin",
    "from_db_value": "model field",
    "get_context": "form widget",
    "get_db_prep_save": "model field",
    "get_db_prep_value": "model field",
    "get_search_results": "admin",
    "get_form": "admin",
    "changeform_view": "admin",
    "construct_change_message": "admin",
    "add_view": "admin",
    "change_view": "admin",
    "delete_view": "admin",
    "history_view": "admin",
    "delete_model": "admin",
    "lookup_allowed": "admin",
    "log_addition": "admin",
    "log_change": "admin",
    "log_deletions": "admin",
    "pre_save": "model field",
    "render": "form widget, crispy layout",
    "render_change_form": "admin",
    "response_add": "admin",
    "response_change": "admin",
    "save_formset": "admin",
    "save_model": "admin",
    "save_related": "admin",
    "value_from_datadict": "form widget",
    "value_omitted_from_data": "form widget",
}

# A method of a FilterSet is called with the rows and then these two.
FILTER_SIGNATURE = ["name", "value"]

# check → place (a path, or path:symbol) → reason. A line that no longer excuses anything fails the test.
EXCEPTIONS: dict[str, dict[str, str]] = {
    "hidden_imports": {
        "apps/jobs/services.py:import_module": "a worker loads the URLconf, so that every service registers",
    },
    "no_write_overrides": {
        "apps/accounts/sessions.py:SessionStore.delete": "a session engine is no model: Django calls it so",
    },
    "positional_arguments": {
        "apps/branches/policies.py:holds": "reads as a sentence in every policy: holds(user, posts, path)",
        "apps/ui/attempts.py:attempt": "reads in the order of a view: this request, its form, the one call",
    },
    "talks_have_one_exit": {
        "apps/workbench/services_demo_talks.py:apps.talks.services_demo": "it puts talks in; none comes out",
    },
    "told_the_date": {
        "apps/audit/services.py": "a deed happens when it is written; no regulation counts from it",
        "apps/branches/policies.py": "visible_…(user) knows no date: access follows today's posts",
        "apps/jobs/services.py": "a heartbeat is the worker's own clock, no date of the branch",
        "apps/meetings/policies.py": "visible_…(user) knows no date: access follows today's posts",
    },
}
