"""What to do next about a figure: the words on the button and the address of the right form."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse


class Step(NamedTuple):
    label: str
    url: str


LOG = "meetings:log"
PLAN = "meetings:plan"
LOOK = "meetings:list"
VOTE = ("打开会议记录", LOOK, "branch={}")
GENERAL = ("看党员大会", LOOK, "branch={}&kind=general")
COMMITTEE = ("看支委会", LOOK, "branch={}&kind=committee")
STUDY = ("看学时台账", "workbench:study", "branch={}")
#: Measure → words, address, and what the address is asked; `{}` stands for the branch, "/" for its own page.
STEPS: dict[str, tuple[str, str, str]] = {
    "org_life_overall": ("看缺哪一次", "workbench:branch_detail", "/"),
    "procedure_valid": VOTE,
    "decisions_voted": VOTE,
    "deliberation_breadth": VOTE,
    "consulted_before_decision": VOTE,
    "consultation_kinds": COMMITTEE,
    "party_agenda_share": GENERAL,
    "first_topic_study": COMMITTEE,
    "central_work_share": VOTE,
    "activity_variety": ("策划一次不同形式的活动", PLAN, "branch={}&kind=themed_day"),
    "record_substance": ("看没有归档的", LOOK, "branch={}&state=open"),
    "participation": ("看出席情况", LOOK, "branch={}"),
    "secretary_engagement": ("看会议和活动", LOOK, "branch={}"),
    "lectures_by_secretary": ("安排书记讲一次党课", PLAN, "branch={}&kind=lecture"),
    "talks_coverage": ("看还有谁没谈", "talks:map", "branch={}"),
    "talks_by_secretary": ("记一次谈心谈话", "talks:log", "branch={}"),
    "reminders_followed_up": ("看谈心谈话", "talks:list", ""),
    "concerns_registered": ("登记诉求", "tasks:create", "kind=concern&organization={}"),
    "concerns_resolved": ("看诉求台账", "tasks:concern_list", "under={}"),
    "directives_conveyed": ("看上级来文", "meetings:directive_list", "under={}"),
    "directives_implemented": ("看上级来文", "meetings:directive_list", "under={}"),
    "tasks_on_time": ("看任务", "tasks:list", "under={}"),
    "plan_progress": ("看年度计划", "plans:list", ""),
    "committee_complete": ("看任期和任职", "branches:organization_detail", "/"),
    "study_hours_members": STUDY,
    "study_hours_secretary": STUDY,
    "study_breadth": ("记学时", "worklog:create", "study"),
    "member_records_fresh": ("核实党员信息", "members:list", "branch={}&verified=old"),
    "members_enrolled": ("看党员编组", "members:list", "branch={}"),
    "units_covered": ("看联系单位", "worklog:unit_list", "branch={}"),
    "key_posts_reviewed": ("登记检查", "worklog:key_post_list", "branch={}"),
    "recognitions": ("记一次鼓励表彰", "worklog:create", "recognition"),
    "development_placements": ("记一次培养锻炼", "worklog:create", "placement"),
    "care_coverage": ("记一次走访关怀", "worklog:create", "care"),
    "feature_project_progress": ("写特色项目进展", "plans:goals", "branch={}"),
    "joint_with_organizations": ("策划一次联建活动", PLAN, "branch={}&kind=themed_day"),
    "joint_with_mass_orgs": ("策划一次共建活动", PLAN, "branch={}&kind=themed_day"),
    "community_consultations": ("记一次民主协商", "worklog:create", "consultation"),
    "public_participants": ("记一次会议活动", LOG, "branch={}"),
    "governance_activities": ("策划一次活动", PLAN, "branch={}&kind=themed_day"),
    "self_found_share": ("登记自查发现的问题", "tasks:create", "kind=rectification&organization={}"),
    "rectified_on_time": ("看整改台账", "tasks:rectification_list", "under={}"),
}


def step_for(measure: str, *, branch_id: int) -> Step:
    label, name, asked = STEPS[measure]
    if asked == "/":
        return Step(label, reverse(name, args=[branch_id]))
    if asked and "=" not in asked:
        return Step(label, f"{reverse(name, args=[asked])}?place={branch_id}")
    query = asked.format(branch_id)
    return Step(label, f"{reverse(name)}?{query}" if query else reverse(name))
