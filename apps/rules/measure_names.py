"""What the measures are called, and in what they are counted. How they are worked out: `measures`."""

from __future__ import annotations

#: Key → what a secretary reads.
MEASURE_NAMES: dict[str, str] = {
    "org_life_overall": "组织生活落实率",
    "procedure_valid": "会议程序合规率",
    "decisions_voted": "议决合规率",
    "deliberation_breadth": "讨论充分度",
    "consulted_before_decision": "决策前通气率",
    "consultation_kinds": "五个通气覆盖",
    "party_agenda_share": "党务议题占比",
    "first_topic_study": "第一议题落实率",
    "central_work_share": "围绕中心工作占比",
    "activity_variety": "活动形式多样性",
    "record_substance": "记录真实性",
    "participation": "组织生活参加率",
    "secretary_engagement": "书记参与度",
    "lectures_by_secretary": "书记讲党课",
    "talks_coverage": "谈心谈话覆盖率",
    "talks_by_secretary": "书记谈心",
    "reminders_followed_up": "提醒谈话跟踪率",
    "concerns_registered": "诉求登记",
    "concerns_resolved": "诉求办结率",
    "directives_conveyed": "上级精神传达及时率",
    "directives_implemented": "上级部署落实率",
    "tasks_on_time": "任务按时完成率",
    "plan_progress": "计划推进",
    "committee_complete": "班子健全",
    "study_hours_members": "党员学时达标率",
    "study_hours_secretary": "书记学时",
    "study_breadth": "学习广度",
    "member_records_fresh": "党员信息核实率",
    "members_enrolled": "党员编组率",
    "units_covered": "组织覆盖率",
    "key_posts_reviewed": "重点岗位检查率",
    "recognitions": "鼓励表彰",
    "development_placements": "培养锻炼",
    "care_coverage": "关怀覆盖率",
    "feature_project_progress": "特色项目推进",
    "joint_with_organizations": "联建共建",
    "joint_with_mass_orgs": "群团共建",
    "community_consultations": "民主协商",
    "public_participants": "群众参与",
    "governance_activities": "融入治理",
    "self_found_share": "自查发现占比",
    "rectified_on_time": "整改销号率",
}

#: Measures that count, with their unit; the others are shares in per cent.
COUNTED_IN: dict[str, str] = {
    "consultation_kinds": "种",
    "activity_variety": "种",
    "lectures_by_secretary": "次",
    "concerns_registered": "件",
    "study_breadth": "类",
    "recognitions": "次",
    "development_placements": "人次",
    "joint_with_organizations": "次",
    "joint_with_mass_orgs": "次",
    "community_consultations": "次",
    "public_participants": "人次",
    "governance_activities": "次",
}
PER_CENT = "%"
MOST_COUNTED = 9999


def unit_of(measure: str) -> str:
    return COUNTED_IN.get(measure, PER_CENT)


def highest(measure: str) -> int:
    """The highest level that makes sense: nobody has more than all."""
    return MOST_COUNTED if measure in COUNTED_IN else 100
