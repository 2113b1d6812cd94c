"""All measures, counted a second time by plain loops: what the fast way must agree with.

Written from the definitions (docs/measures.md), not from the code that is tested; nothing of `apps` is used.
"""

from __future__ import annotations

from fractions import Fraction

from tests.standards import slow_life, slow_people, slow_rounds, slow_work
from tests.standards.slow_base import (
    ONE_DAY,
    Answer,
    Branch,
    in_office,
    last_day,
    months,
    months_later,
    outside,
)

#: Good and warning in per cent; "fill" and a number of points: the warning is pro rata less that many points.
RATIOS: dict[str, tuple[int, int] | tuple[int, int, str, int]] = {
    "org_life_overall": (100, 90),
    "procedure_valid": (100, 100),
    "decisions_voted": (100, 95),
    "deliberation_breadth": (80, 60),
    "consulted_before_decision": (100, 80),
    "party_agenda_share": (100, 90),
    "first_topic_study": (100, 80),
    "central_work_share": (50, 25),
    "record_substance": (95, 85),
    "participation": (85, 70),
    "secretary_engagement": (90, 70),
    "talks_coverage": (100, 100, "fill", 20),
    "talks_by_secretary": (50, 25, "fill", 0),
    "reminders_followed_up": (100, 80),
    "concerns_resolved": (90, 70),
    "directives_conveyed": (100, 90),
    "directives_implemented": (95, 80),
    "tasks_on_time": (95, 80),
    "plan_progress": (90, 60),
    "committee_complete": (100, 100),
    "study_hours_members": (95, 80),
    "study_hours_secretary": (100, 80),
    "member_records_fresh": (100, 90),
    "members_enrolled": (100, 98),
    "units_covered": (100, 90),
    "key_posts_reviewed": (100, 100, "fill", 0),
    "care_coverage": (100, 80, "fill", 0),
    "feature_project_progress": (100, 50),
    "self_found_share": (50, 20),
    "rectified_on_time": (100, 80),
}
#: The yearly target, and the number below which a year is a warning.
COUNTS = {
    "consultation_kinds": (5, 3),
    "activity_variety": (4, 2),
    "lectures_by_secretary": (1, 1),
    "concerns_registered": (4, 1),
    "study_breadth": (3, 2),
    "recognitions": (2, 1),
    "development_placements": (2, 1),
    "joint_with_organizations": (2, 1),
    "joint_with_mass_orgs": (4, 1),
    "community_consultations": (2, 1),
    "public_participants": (50, 10),
    "governance_activities": (4, 1),
}
OF_THE_SECRETARY = ("lectures_by_secretary", "talks_by_secretary", "study_breadth")


def answer(key: str, b: Branch) -> Answer:
    for module in (slow_life, slow_rounds, slow_people, slow_work):
        if hasattr(module, key):
            return outside(b) or getattr(module, key)(b)
    raise KeyError(key)


def months_of(key: str, b: Branch) -> int:
    """The months that the levels of this measure follow."""
    if key in OF_THE_SECRETARY:
        who = in_office(b)
        return months(b) if isinstance(who, str) else months(b, who[1])
    if key != "activity_variety":
        return months(b)
    whole, day = 0, last_day(b) + ONE_DAY
    known = [one for one in (b["org"]["founded_on"], b["org"]["records_since"]) if one is not None]
    while whole < 12 and all(months_later(day, -whole - 1) >= one for one in known):
        whole += 1
    return whole


def state(key: str, b: Branch) -> str:
    found = answer(key, b)
    if isinstance(found, str):
        return {"n/a": "not_applicable"}.get(found, found)
    top, bottom = found
    gone = Fraction(months_of(key, b), 12)
    if key in COUNTS:
        good, warn = (Fraction(int(level * gone)) for level in COUNTS[key])
        value = top
        if value == good == 0:
            return "not_applicable"
    else:
        level = RATIOS[key]
        good, warn = Fraction(level[0], 100), Fraction(level[1], 100)
        if len(level) == 4:
            warn = warn * gone - Fraction(level[3], 100)
        value = top / bottom
    if key == "activity_variety" and slow_work.monotonous(b):
        return "warn"
    if value >= good:
        return "good"
    return "warn" if value < warn else "fair"
