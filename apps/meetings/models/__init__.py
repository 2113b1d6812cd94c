"""Sittings and what they dealt with; import from here."""

from apps.meetings.models.agenda import (
    AgendaItem,
    Candidate,
    Consultation,
    Motion,
    MotionState,
    Opinion,
    ResolutionTask,
)
from apps.meetings.models.conveying import DirectiveConveyed
from apps.meetings.models.sitting import (
    Addendum,
    Attachment,
    Attendance,
    Meeting,
    MeetingPurpose,
    MeetingState,
    MeetingTopic,
    Minutes,
    Observer,
    Partner,
)

__all__ = [
    "Addendum",
    "AgendaItem",
    "Attachment",
    "Attendance",
    "Candidate",
    "Consultation",
    "DirectiveConveyed",
    "Meeting",
    "MeetingPurpose",
    "MeetingState",
    "MeetingTopic",
    "Minutes",
    "Motion",
    "MotionState",
    "Observer",
    "Opinion",
    "Partner",
    "ResolutionTask",
]
