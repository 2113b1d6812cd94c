"""A whole random branch, written row by row: its people, its posts and two years of records."""

from __future__ import annotations

from typing import Any

from apps.branches.models import Organization
from apps.meetings.models import Consultation, Meeting, Motion, MotionState
from tests.standards.random_life import (
    draw_directives,
    draw_log,
    draw_meeting,
    draw_motion,
    draw_plans,
    draw_talk,
    draw_work,
)
from tests.standards.random_records import Draw, Place, draw_branch, draw_people, draw_posts, draw_rules


def draw_whole(draw: Draw, *, committee: Organization) -> Organization:
    place = draw_branch(draw, committee=committee)
    draw_people(draw, place)
    draw_posts(draw, place)
    draw_rules(draw, place)
    draw.write()
    draw_year(draw, place)
    return place.branch


def draw_year(draw: Draw, place: Place) -> None:
    meetings = [draw_meeting(draw, place, day=draw.day()) for _ in draw.times(60)]
    consultations, motions = draw.rows.get(Consultation, []), draw.rows.get(Motion, [])
    draw_work(draw, place)
    draw_directives(draw, place, meetings=meetings)
    draw_plans(draw, place)
    draw_log(draw, place)
    for _ in draw.times(25):
        draw_talk(draw, place)
    draw.write()
    tie(draw, meetings=meetings, consultations=consultations, motions=motions)


def tie(draw: Draw, *, meetings: list[Meeting], consultations: list[Any], motions: list[Motion]) -> None:
    """What rows of one kind say of each other: the copy of a record, a second ballot, those talked to."""
    for meeting in meetings[1:]:
        if draw.chance(0.06):
            meeting.near_copy_of = meetings[0]
    Meeting.objects.bulk_update(meetings, ["near_copy_of"])
    for motion in motions:
        if motion.state == MotionState.RUNOFF and draw.chance(0.8):
            again = draw_motion(draw, item=motion.item, number=motion.entitled)
            again.previous = motion
    draw.write()
    through = Consultation.members.through
    through.objects.bulk_create(
        through(consultation_id=one.pk, member_id=member.pk) for one in consultations for member in one.drawn
    )
