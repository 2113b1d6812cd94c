"""Every main page of every role: silent, on this machine only, and no wider than the screen."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page

from tests.access.world import things_in
from tests.journeys.conftest import HEIGHTS, PHONE, SCREEN

pytestmark = pytest.mark.journey
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: An address by its name, and the thing in the branch that it shows (see `tests.access.world`).
PAGES = {
    "secretary": """
        workbench:home workbench:month workbench:guide branches:organization_list
        branches:organization_detail/branch branches:organization_update/branch branches:term_create/branch
        branches:post_create/branch branches:post_list branches:rule_list tasks:list tasks:detail/task
        tasks:create members:list members:detail/member members:update/member members:history/member
        members:create members:import_start members:import_detail/roster members:assign_group
        members:appoint/branch meetings:list meetings:plan meetings:log meetings:detail/meeting
        meetings:detail/planned meetings:detail/closed meetings:update/meeting meetings:roll/meeting
        meetings:motion_add/item meetings:close/meeting meetings:print/closed meetings:sign_in_sheet/meeting
        meetings:blank_form audit:mine jobs:job_list accounts:me accounts:password_change
    """,
    "organizer": """
        workbench:board workbench:branch_detail/branch branches:organization_list
        branches:organization_detail/committee branches:override_create tasks:assign tasks:assignment_list
        tasks:assignment_detail/assignment meetings:list meetings:detail/closed members:list members:export
        admin:index
    """,
    "member": """
        workbench:home workbench:mine workbench:mine_attendance workbench:mine_looks workbench:mine_export
        members:me members:correction_create members:correction_detail/correction meetings:list
        meetings:detail/closed meetings:detail/planned tasks:list
        branches:rule_list
    """,
    "operator": """
        workbench:home branches:organization_list branches:root_create accounts:person_list
        accounts:person_create accounts:person_update/person accounts:person_issue_link/person admin:index
    """,
    "auditor": "workbench:home audit:deed_list audit:deed_detail/deed audit:deed_export admin:index",
}


@pytest.mark.parametrize("role", PAGES)
def test_every_page_is_silent_and_fits_a_screen_and_a_phone(role, cast, visit, requests):
    with transaction.atomic():
        things = things_in(cast.ours, cast=cast, member=cast.members["member"])
    page = visit(cast[role])
    too_wide = []
    for name in PAGES[role].split():
        page.set_viewport_size({"width": SCREEN, "height": HEIGHTS[SCREEN]})
        assert page.goto(address_of(name, things.rows)).status == 200, name
        too_wide += [(name, width) for width in (SCREEN, PHONE) if is_too_wide(page, width)]

    assert too_wide == []
    assert len(requests) > len(PAGES[role].split())


def address_of(name: str, rows: dict[str, dict[str, int]]) -> str:
    name, _, thing = name.partition("/")
    return reverse(name, kwargs=rows[thing] if thing else None)


def is_too_wide(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    return page.evaluate(TOO_WIDE) > 0
