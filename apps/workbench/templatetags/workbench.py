"""Words and addresses of duties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from apps.branches.models import Organization
from apps.rules.duties import Duty
from apps.rules.exceptions import Concern, Urgency
from apps.rules.kinds import DutyState, MeetingKind
from apps.rules.periods import DatedPeriod, words
from apps.ui.lists import address_of, link_to
from apps.ui.tables import badge_of
from apps.workbench.queries_board import BoardRow

register = template.Library()
branch_url = link_to("workbench:branch_detail")
BOARD_CARD = """<section class="ui-card"><div class="ui-card-body">
<h2 class="ui-card-line"><a href="{}">{}</a></h2>
<p class="text-body-secondary">{}</p>
<ul class="ui-plain-list">{}</ul>
</div></section>"""


@register.simple_tag
def board_cards(*, rows: Iterable[BoardRow]) -> SafeString:
    """A card for each branch, built in Python as the rows of a table are."""
    return format_html_join("\n", BOARD_CARD, (card_of(row) for row in rows))


def card_of(row: BoardRow) -> tuple[Any, ...]:
    about = " · ".join(filter(None, (row.parent, row.form, f"党员 {row.members} 名", row.contact)))
    concerns = ((badge_of((c.title, tone_of(c))), c.words) for c in row.concerns)
    return branch_url(row), row.name, about, format_html_join("", "<li>{} {}</li>", concerns)


def tone_of(concern: Concern) -> str:
    return "bad" if concern.urgency <= Urgency.PERIOD_CLOSING else "warn"


@register.simple_tag
def address(*, name: str) -> str:
    """`url` without arguments, looked up once while the program runs."""
    return address_of(name)


@register.simple_tag
def duty_period(*, duty: Duty) -> str:
    """The period in the words of a secretary: 2026年11月, 2026年第四季度."""
    return words(duty.period, DatedPeriod(start=duty.period_start, end=duty.period_end))


@register.simple_tag
def duty_url(*, duty: Duty, branch: Organization) -> str:
    """「记一次」 filled in for this duty; the day of a past one is left to the person who knows it."""
    query = {"branch": branch.pk, "kind": duty.meeting_kind.value}
    if duty.group_id:
        query["group"] = duty.group_id
    if duty.for_year:
        query["for_year"] = duty.for_year
    if duty.state == DutyState.OVERDUE:
        query["late"] = 1
    return f"{address_of('meetings:log')}?{urlencode(query)}"


@register.simple_tag
def round_url(*, duty: Duty, branch: Organization) -> str:
    """Where the steps of 组织生活会 and 民主评议 are gone through; nothing for other duties."""
    if duty.meeting_kind not in (MeetingKind.ORG_LIFE_MEETING, MeetingKind.MEMBER_EVALUATION):
        return ""
    query = {"branch": branch.pk, "year": duty.for_year or duty.period_start.year}
    return f"{address_of('evaluations:round_go')}?{urlencode(query)}"
