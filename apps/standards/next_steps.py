"""What to do next about a figure: the words on the button and the address of the right form."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse


class Step(NamedTuple):
    label: str
    url: str


MEETING = ("记一次会议活动", "meetings:log", "")
VOTE = ("打开会议记录", "meetings:list", "")
TASKS = ("看任务", "tasks:list", "")
#: Measure → words, address, what the address is asked.
STEPS: dict[str, tuple[str, str, str]] = {
    "org_life_overall": ("看缺哪一次", "workbench:branch_detail", "branch"),
    "procedure_valid": VOTE,
    "decisions_voted": VOTE,
    "deliberation_breadth": VOTE,
    "consulted_before_decision": VOTE,
    "consultation_kinds": VOTE,
    "party_agenda_share": MEETING,
    "first_topic_study": MEETING,
    "central_work_share": MEETING,
    "activity_variety": ("策划一次不同形式的活动", "meetings:plan", ""),
    "record_substance": VOTE,
    "participation": ("看出席情况", "meetings:list", ""),
    "secretary_engagement": MEETING,
    "lectures_by_secretary": ("安排书记讲一次党课", "meetings:plan", ""),
    "talks_coverage": ("看还有谁没谈", "talks:map", ""),
    "talks_by_secretary": ("记一次谈心谈话", "talks:log", ""),
    "reminders_followed_up": ("看谈心谈话", "talks:list", ""),
    "concerns_registered": ("登记诉求", "tasks:create", "kind=concern"),
    "concerns_resolved": TASKS,
    "directives_conveyed": TASKS,
    "directives_implemented": TASKS,
    "tasks_on_time": TASKS,
    "plan_progress": ("看年度计划", "plans:list", ""),
    "committee_complete": ("看任期和任职", "branches:organization_detail", "branch"),
    "study_hours_members": ("记学时", "worklog:list", ""),
    "study_hours_secretary": ("记学时", "worklog:list", ""),
    "study_breadth": ("记学时", "worklog:list", ""),
    "member_records_fresh": ("核实党员信息", "members:list", ""),
    "members_enrolled": ("看党员编组", "members:list", ""),
    "units_covered": ("看覆盖情况", "worklog:list", ""),
    "key_posts_reviewed": ("登记检查", "worklog:list", ""),
    "recognitions": ("记一笔", "worklog:list", ""),
    "development_placements": ("记一笔", "worklog:list", ""),
    "care_coverage": ("记一次走访关怀", "worklog:list", ""),
    "feature_project_progress": ("写特色项目进展", "plans:list", ""),
    "joint_with_organizations": ("策划一次联建活动", "meetings:plan", ""),
    "joint_with_mass_orgs": ("策划一次共建活动", "meetings:plan", ""),
    "community_consultations": ("记一次民主协商", "worklog:list", ""),
    "public_participants": MEETING,
    "governance_activities": ("策划一次活动", "meetings:plan", ""),
    "self_found_share": ("登记自查发现的问题", "tasks:create", "kind=rectification"),
    "rectified_on_time": TASKS,
}


def step_for(measure: str, *, branch_id: int) -> Step | None:
    """None where the step has no page of its own."""
    label, name, asked = STEPS[measure]
    try:
        url = reverse(name, args=[branch_id] if asked == "branch" else [])
    except NoReverseMatch:
        return None
    return Step(label, f"{url}?{asked}" if "=" in asked else url)
