"""What a form says of a sitting, before a service has checked and written it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from apps.audit.changes import labels_of
from apps.branches.models import Organization
from apps.meetings.models import Meeting, Minutes
from apps.meetings.queries import kinds_of
from apps.meetings.titles import words_of
from apps.members.models import Member
from apps.rules.kinds import ActivityForm, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One sitting as entered. `group` is set for a sitting of a group; `agenda` counts for a new one."""

    branch: Organization
    kinds: Collection[str]
    held_on: date
    group: Organization | None = None
    title: str = ""
    for_year: int | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    chair: Member | None = None
    recorder: Member | None = None
    form: str = ""
    class_hours: Decimal | None = None
    lecturer: Member | None = None
    lecturer_name: str = ""
    lecture_title: str = ""
    public_participants: int = 0
    notice: str = ""
    summary: str = ""
    invitees: str = ""
    topics: Collection[str] = ()
    #: Pairs of (kind, name).
    partners: Sequence[tuple[str, str]] = ()
    agenda: Sequence[str] = ()


#: What is kept on the meeting itself, word for word.
COLUMNS = (
    "starts_at",
    "ends_at",
    "place",
    "chair",
    "recorder",
    "form",
    "class_hours",
    "lecturer",
    "lecturer_name",
    "lecture_title",
    "public_participants",
)
#: Long text, kept in the minutes.
TEXTS = ("notice", "summary", "invitees")
PEOPLE = ("chair", "recorder", "lecturer")
#: Column → the Chinese word on the form.
LABELS = {
    "kinds": "类别",
    **labels_of(Meeting, ("title", "held_on", "for_year", *COLUMNS)),
    "topics": "主题",
    "partners": "共建单位",
    **labels_of(Minutes, TEXTS),
}


def as_entered(meeting: Meeting) -> dict[str, str]:
    """What is stored of a sitting, in words (for the audit trail, and to compare with a draft)."""
    values = {name: _words(getattr(meeting, name)) for name in ("title", "held_on", "for_year", *COLUMNS)}
    return values | {
        "form": meeting.get_form_display(),
        "kinds": words_of(kinds_of(meeting)),
        "topics": "、".join(topic.get_topic_display() for topic in meeting.topics.all()),
        "partners": "、".join(partner.name for partner in meeting.partners.all()),
        **{name: getattr(meeting.minutes, name) for name in TEXTS},
    }


def as_drafted(draft: Draft) -> dict[str, str]:
    """What a draft says, in the same words."""
    values = {
        name: _words(getattr(draft, name)) for name in ("title", "held_on", "for_year", *COLUMNS, *TEXTS)
    }
    return values | {
        "form": ActivityForm(draft.form).label if draft.form else "",
        "kinds": words_of(draft.kinds),
        "topics": "、".join(Topic(topic).label for topic in draft.topics),
        "partners": "、".join(name for _, name in draft.partners),
    }


def differences(meeting: Meeting, draft: Draft) -> list[dict[str, str]]:
    """Where a draft and what is stored meanwhile differ: {label, stored, yours}."""
    stored, yours = as_entered(meeting), as_drafted(draft)
    return [
        {"label": label, "stored": stored[name], "yours": yours[name]}
        for name, label in LABELS.items()
        if stored[name] != yours[name]
    ]


def _words(value: object) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)
