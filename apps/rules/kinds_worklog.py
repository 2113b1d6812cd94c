"""The closed lists of the work log (工作纪实) and of its two registers."""

from __future__ import annotations

from apps.rules.kinds import Kind


class EntrySort(Kind):
    STUDY = "study", "学时"
    CARE = "care", "走访关怀"
    RECOGNITION = "recognition", "鼓励表彰"
    PLACEMENT = "placement", "培养锻炼"
    CONSULTATION = "consultation", "民主协商"


class StudyCategory(Kind):
    THEORY = "theory", "理论"
    PROFESSIONAL = "professional", "专业"
    AUXILIARY = "auxiliary", "辅助"


class CareForm(Kind):
    VISIT = "visit", "走访"
    COMFORT = "comfort", "慰问"
    HELP = "help", "帮扶"


class RecognitionKind(Kind):
    COMMENDATION = "commendation", "表彰"
    ENCOURAGEMENT = "encouragement", "鼓励"
    CLARIFICATION = "clarification", "澄清正名"


class PlacementKind(Kind):
    TRAINING = "training", "培训"
    POSTING = "posting", "挂职"
    ROTATION = "rotation", "轮岗"
    SECONDMENT = "secondment", "跟班学习"
    OTHER = "other", "其他锻炼"


class PostArea(Kind):
    """What a key post (重点岗位) is in charge of."""

    PEOPLE = "people", "管人"
    MONEY = "money", "管财"
    PROPERTY = "property", "管物"


class UnitKind(Kind):
    ENTERPRISE = "enterprise", "非公有制企业"
    SOCIAL = "social", "社会组织"
    NEW_EMPLOYMENT = "new_employment", "新业态新就业群体"
    COOPERATIVE = "cooperative", "合作社、产业链"
    OTHER = "other", "其他单位"


class Coverage(Kind):
    """How Party organization reaches a unit."""

    SINGLE = "single", "单独组建"
    JOINT = "joint", "联合组建"
    TRADE = "trade", "行业（区域）统建"
    INSTRUCTOR = "instructor", "派党建指导员"
    NONE = "none", "未覆盖"


#: What the measure of covered units counts; an instructor prepares coverage and is none yet.
COVERED = frozenset({Coverage.SINGLE, Coverage.JOINT, Coverage.TRADE})
