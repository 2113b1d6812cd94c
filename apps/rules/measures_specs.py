"""Every measure's formula in words and levels. Levels are defaults; a committee may set its own."""

from __future__ import annotations

from fractions import Fraction

from apps.rules.figures import MeasureSpec, Pace, Unit
from apps.rules.measure_names import MEASURE_NAMES


def _ratio(
    key: str,
    *,
    good: int,
    warn: int,
    formula: str,
    pace: Pace = Pace.STEADY,
    allowance: int = 0,
) -> MeasureSpec:
    """Levels in per cent."""
    return MeasureSpec(
        key=key,
        title=MEASURE_NAMES[key],
        formula=formula,
        good=Fraction(good, 100),
        warn=Fraction(warn, 100),
        pace=pace,
        allowance=Fraction(allowance, 100),
    )


def _count(key: str, *, good: int, warn: int, formula: str, out_of: int | None = None) -> MeasureSpec:
    return MeasureSpec(
        key=key,
        title=MEASURE_NAMES[key],
        formula=formula,
        good=Fraction(good),
        warn=Fraction(warn),
        unit=Unit.COUNT,
        pace=Pace.TARGET,
        out_of=out_of,
    )


ORG_LIFE = (
    _ratio(
        "org_life_overall",
        good=100,
        warn=90,
        formula="今年已到期、按规定开展了的各期组织生活，除以今年已到期、应当开展的各期。",
    ),
    _ratio(
        "procedure_valid",
        good=100,
        warn=100,
        formula="到会人数达到规定的党员大会、支委会，除以今年已归档的党员大会、支委会。",
    ),
    _ratio(
        "decisions_voted",
        good=100,
        warn=95,
        formula="表决达到规定票数、或者如实记为未通过的事项，除以提交表决的事项和作出决议的重大事项。",
    ),
    _ratio(
        "deliberation_breadth",
        good=80,
        warn=60,
        formula="记录了到会人员（主持人除外）半数以上意见的决议，除以党员大会、支委会的全部决议。",
    ),
    _ratio(
        "party_agenda_share",
        good=100,
        warn=90,
        formula="至少有一个党务、政治学习或中心工作议题的党员大会、支委会，除以今年已归档的党员大会、支委会。",
    ),
    _ratio(
        "first_topic_study",
        good=100,
        warn=80,
        formula="第一个议题是政治学习的支委会，除以今年已归档的支委会。",
    ),
    _ratio(
        "central_work_share",
        good=50,
        warn=25,
        formula="议题或主题涉及中心工作的党员大会、支委会、主题党日，除以今年已归档的这三类。",
    ),
    _count(
        "activity_variety",
        good=4,
        warn=2,
        out_of=5,
        formula="近12个月主题党日、党课和其他活动用过几种形式，最多计5种；6次以上而同一种形式超过七成的，提示。",
    ),
    _ratio(
        "record_substance",
        good=95,
        warn=85,
        formula="已归档、内容完整、会后7天内录入、不与本支部以前的记录雷同的，除以今年开过的全部会议和活动。",
    ),
    _ratio(
        "participation",
        good=85,
        warn=70,
        formula="各次会议、活动的实到人次，除以应到人次；支部决定不作出席要求的不算在应到里。",
    ),
)

TEAM = (
    _ratio(
        "consulted_before_decision",
        good=100,
        warn=80,
        formula="会前同其他每一名支委都通过气的重大事项决议，除以党员大会、支委会的全部重大事项决议。",
    ),
    _count(
        "consultation_kinds",
        good=5,
        warn=3,
        out_of=5,
        formula="五种通气今年用过几种。",
    ),
    _ratio(
        "secretary_engagement",
        good=90,
        warn=70,
        formula="现任书记任内出席的会议和活动，除以任内已归档的会议和活动；不在其中的党小组的会不算。",
    ),
    _count("lectures_by_secretary", good=1, warn=1, formula="现任书记任内今年主讲的党课次数。"),
    _ratio(
        "talks_coverage",
        good=100,
        warn=100,
        pace=Pace.FILLING,
        allowance=20,
        formula="今年同支委（不设支委会的同书记）谈过的党员数，加上互相谈过的支委对数，除以党员数与支委对数之和。",
    ),
    _ratio(
        "talks_by_secretary",
        good=50,
        warn=25,
        pace=Pace.FILLING,
        formula="现任书记任内今年谈过的党员数，除以书记以外的党员数。",
    ),
    _ratio(
        "reminders_followed_up",
        good=100,
        warn=80,
        formula="已经了结的提醒谈话，除以谈过已超过30天的提醒谈话。只给数字，不列是哪一次。",
    ),
    _ratio(
        "committee_complete",
        good=100,
        warn=100,
        formula="按支部人数应有的席位里有人担任的，加上任期没有届满这一项，除以应有席位数加一。",
    ),
    _ratio(
        "study_hours_secretary",
        good=100,
        warn=80,
        formula="现任书记任内今年的学时，除以全年56学时按已过去的整月折算的数。",
    ),
    _count(
        "study_breadth",
        good=3,
        warn=2,
        out_of=3,
        formula="现任书记任内今年的学习涉及理论、专业、辅助三类知识中的几类。",
    ),
)

MEMBERS = (
    _ratio(
        "study_hours_members",
        good=95,
        warn=80,
        formula="学时达到全年32学时按整月折算数的党员，除以没有免除要求的党员。",
    ),
    _ratio(
        "member_records_fresh",
        good=100,
        warn=90,
        formula="基本信息完整、近12个月内核实过的党员，除以在册党员。",
    ),
    _ratio(
        "members_enrolled",
        good=100,
        warn=98,
        formula="编入党小组（划分党小组的支部）、并且没有失去联系满6个月的党员，除以在册党员。",
    ),
    _ratio(
        "care_coverage",
        good=100,
        warn=80,
        pace=Pace.FILLING,
        formula="标明需要关怀、今年走访或帮扶过的党员，除以标明需要关怀的党员。",
    ),
    _count("recognitions", good=2, warn=1, formula="今年登记的鼓励、表彰、澄清支持的次数。"),
    _count("development_placements", good=2, warn=1, formula="今年送去培训或实践锻炼的党员人数。"),
    _ratio(
        "key_posts_reviewed",
        good=100,
        warn=100,
        pace=Pace.FILLING,
        formula="今年检查提醒过的管人、管财、管物岗位，除以登记在册的这类岗位。",
    ),
    _ratio(
        "units_covered",
        good=100,
        warn=90,
        formula="已单独、联合或按行业组建覆盖的单位，除以本支部联系的单位。",
    ),
)

WORK = (
    _ratio(
        "tasks_on_time",
        good=95,
        warn=80,
        formula="在期限以内办结的任务，除以今年到期的任务。",
    ),
    _count("concerns_registered", good=4, warn=1, formula="今年登记的党员、群众诉求件数。"),
    _ratio(
        "concerns_resolved",
        good=90,
        warn=70,
        formula="在期限以内办结的诉求，除以今年到期的诉求。",
    ),
    _ratio(
        "directives_conveyed",
        good=100,
        warn=90,
        formula="在传达期限以内上会传达的上级来文，除以今年到传达期限的上级来文。",
    ),
    _ratio(
        "directives_implemented",
        good=95,
        warn=80,
        formula="落实任务在期限以内全部办结的上级来文，除以今年到期、要求落实的上级来文。",
    ),
    _ratio(
        "plan_progress",
        good=90,
        warn=60,
        formula="没有落后的目标，除以年度计划和今年到期的任期目标总数；二月底以后还没有计划的，按0计。",
    ),
    _ratio(
        "feature_project_progress",
        good=100,
        warn=50,
        formula="登记了特色项目进展的季度，除以今年已过去的完整季度；没有特色项目的，按0计。",
    ),
    _ratio(
        "self_found_share",
        good=50,
        warn=20,
        formula="支部自己发现的整改问题，除以今年登记的全部整改问题。",
    ),
    _ratio(
        "rectified_on_time",
        good=100,
        warn=80,
        formula="在期限以内销号的整改问题，除以今年到期的整改问题。",
    ),
)

TOGETHER = (
    _count(
        "joint_with_organizations",
        good=2,
        warn=1,
        formula="今年同其他支部、单位、党建智库、党建工作代表大会一起开展的会议和活动次数。",
    ),
    _count(
        "joint_with_mass_orgs",
        good=4,
        warn=1,
        formula="今年同行政、工会、共青团、妇联、社会组织一起开展的会议和活动次数。",
    ),
    _count(
        "community_consultations",
        good=2,
        warn=1,
        formula="今年同群众协商、并且登记了结果的次数。",
    ),
    _count(
        "public_participants",
        good=50,
        warn=10,
        formula="今年参加支部会议、活动和民主协商的群众人次。",
    ),
    _count(
        "governance_activities",
        good=4,
        warn=1,
        formula="今年主题是基层治理（环境、文明、生态、平安、邻里）的会议和活动次数。",
    ),
)

SPECS: tuple[MeasureSpec, ...] = (*ORG_LIFE, *TEAM, *MEMBERS, *WORK, *TOGETHER)
