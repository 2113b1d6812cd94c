"""Short ways to enter a sitting through the services, as the pages do."""

import re
import uuid
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from apps.accounts.models import User
from apps.meetings.drafts import Draft
from apps.meetings.models import Attendance, Meeting
from apps.meetings.services import log_meeting, plan_meeting
from apps.meetings.services_agenda import ItemText, add_item
from apps.rules.kinds import MeetingKind
from tests.conftest import NOW, TODAY, Cast

COMMITTEE = {MeetingKind.COMMITTEE}


def draft(cast: Cast, **fields: Any) -> Draft:
    """Our committee's sitting of today, where nothing else is named."""
    return Draft(**({"branch": cast.ours, "kinds": COMMITTEE, "held_on": TODAY} | fields))


def planned(cast: Cast, *, actor: User | None = None, now: datetime = NOW, **fields: Any) -> Meeting:
    return plan_meeting(
        draft=draft(cast, **fields),
        actor=actor or cast["secretary"],
        now=now,
        idempotency_key=uuid.uuid4(),
    )


def logged(cast: Cast, *, actor: User | None = None, now: datetime = NOW, **fields: Any) -> Meeting:
    return log_meeting(
        draft=draft(cast, **fields),
        actor=actor or cast["secretary"],
        now=now,
        idempotency_key=uuid.uuid4(),
    )


def with_item(meeting: Meeting, actor: User, **fields: Any) -> Meeting:
    """The sitting with one item on its agenda."""
    text = ItemText(**({"title": "研究年度计划", "resolution": "同意年度计划"} | fields))
    add_item(meeting=meeting, text=text, actor=actor, now=NOW)
    return meeting


def line(meeting: Meeting, name: str) -> Attendance:
    """The line of the roll on which this name stands."""
    return meeting.roll.get(member__person__name=name)


def roll(meeting: Meeting) -> dict[str, str]:
    """Name → attendance, for everybody on the roll."""
    return dict(meeting.roll.values_list("member__person__name", "status"))


HTMX = {"HX-Request": "true"}


def url(name: str, *args: object) -> str:
    return reverse(f"meetings:{name}", args=args)


def text_of(response: HttpResponse) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
