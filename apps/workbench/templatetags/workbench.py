"""Words and addresses of duties."""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from apps.branches.models import Organization
from apps.rules.duties import Duty
from apps.rules.periods import DatedPeriod, words

register = template.Library()


@register.simple_tag
def duty_period(*, duty: Duty) -> str:
    """The period in the words of a secretary: 2026年11月, 2026年第四季度."""
    return words(duty.period, DatedPeriod(start=duty.period_start, end=duty.period_end))


@register.simple_tag
def duty_url(*, duty: Duty, branch: Organization) -> str:
    """The form 「记一次」 filled in for this duty."""
    query = {"branch": branch.pk, "kind": duty.meeting_kind.value}
    if duty.group_id:
        query["group"] = duty.group_id
    if duty.for_year:
        query["for_year"] = duty.for_year
    return f"{reverse('meetings:log')}?{urlencode(query)}"
