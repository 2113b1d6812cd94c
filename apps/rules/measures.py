"""All 42 measures by key: what each says of one branch and year. docs/measures.md says it for secretaries."""

from __future__ import annotations

from collections.abc import Mapping

from apps.rules import measures_members, measures_org_life, measures_team, measures_work
from apps.rules.facts_year import BranchYearFacts
from apps.rules.figures import Count, Figure, MeasureSpec, figure_of
from apps.rules.measures_specs import SPECS

MEASURES: dict[str, MeasureSpec] = {spec.key: spec for spec in SPECS}

COUNTS: dict[str, Count] = {
    "org_life_overall": measures_org_life.org_life_overall,
    "procedure_valid": measures_org_life.procedure_valid,
    "decisions_voted": measures_org_life.decisions_voted,
    "deliberation_breadth": measures_org_life.deliberation_breadth,
    "party_agenda_share": measures_org_life.party_agenda_share,
    "first_topic_study": measures_org_life.first_topic_study,
    "central_work_share": measures_org_life.central_work_share,
    "activity_variety": measures_work.activity_variety,
    "record_substance": measures_org_life.record_substance,
    "participation": measures_org_life.participation,
    "consulted_before_decision": measures_team.consulted_before_decision,
    "consultation_kinds": measures_team.consultation_kinds,
    "secretary_engagement": measures_team.secretary_engagement,
    "lectures_by_secretary": measures_team.lectures_by_secretary,
    "talks_coverage": measures_team.talks_coverage,
    "talks_by_secretary": measures_team.talks_by_secretary,
    "reminders_followed_up": measures_team.reminders_followed_up,
    "committee_complete": measures_team.committee_complete,
    "study_hours_secretary": measures_team.study_hours_secretary,
    "study_breadth": measures_team.study_breadth,
    "study_hours_members": measures_members.study_hours_members,
    "member_records_fresh": measures_members.member_records_fresh,
    "members_enrolled": measures_members.members_enrolled,
    "care_coverage": measures_members.care_coverage,
    "recognitions": measures_members.recognitions,
    "development_placements": measures_members.development_placements,
    "key_posts_reviewed": measures_members.key_posts_reviewed,
    "units_covered": measures_members.units_covered,
    "tasks_on_time": measures_work.tasks_on_time,
    "concerns_registered": measures_work.concerns_registered,
    "concerns_resolved": measures_work.concerns_resolved,
    "directives_conveyed": measures_work.directives_conveyed,
    "directives_implemented": measures_work.directives_implemented,
    "plan_progress": measures_work.plan_progress,
    "feature_project_progress": measures_work.feature_project_progress,
    "self_found_share": measures_work.self_found_share,
    "rectified_on_time": measures_work.rectified_on_time,
    "joint_with_organizations": measures_work.joint_with_organizations,
    "joint_with_mass_orgs": measures_work.joint_with_mass_orgs,
    "community_consultations": measures_work.community_consultations,
    "public_participants": measures_work.public_participants,
    "governance_activities": measures_work.governance_activities,
}


def figure(key: str, facts: BranchYearFacts, *, specs: Mapping[str, MeasureSpec] = MEASURES) -> Figure:
    """One figure. `specs` brings levels that a committee has set (`dataclasses.replace` of a default)."""
    return figure_of(specs[key], count=COUNTS[key], facts=facts)


def figures(facts: BranchYearFacts, *, specs: Mapping[str, MeasureSpec] = MEASURES) -> dict[str, Figure]:
    return {key: figure(key, facts, specs=specs) for key in specs}
